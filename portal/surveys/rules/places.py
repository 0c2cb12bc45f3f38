"""The places of an instrument's parts, as its file names them, and the keys that parts may have.

A row stands at its key, or at its number ("items.#3") where another row took the key before.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

from portal.core.errors import Problem
from portal.projects.rules.readers import join, label_rows

__all__ = ["join"]

LONGEST_KEY: Final = 40
CODE_ELEMENTS: Final = tuple(f"c{number}" for number in range(1, 9))
# What response files name their own columns.
RESERVED: Final = ("respondent", "language", "weight", *CODE_ELEMENTS)
# How response files write typed missing values.
MISSING_WORDS: Final = ("dk", "refused", "no answer")

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# What programs of statistics take as the name of a variable.
_COLUMN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
# The keys of several choices stand in one cell, with semicolons between them.
_CHOICE_KEY: Final = re.compile(r"[^\s;@]([^;\x00-\x1f\x7f-\x9f]{0,38}[^\s;])?")


class Keyed(Protocol):
    """Anything that is known by a key."""

    @property
    def key(self) -> str:
        """The key."""


Row = TypeVar("Row", bound=Keyed)


def placed(table: str, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Each row with its place in the table."""
    for (label, _stated), row in zip(label_rows([{"key": row.key} for row in rows]), rows, strict=True):
        yield join(table, label), row


def key_problems(places: Iterable[tuple[str, Keyed]], *, reserved: Collection[str] = ()) -> Iterator[Problem]:
    """What is wrong with the keys of these rows, which are told apart whatever their case.

    Keys with `reserved` ones among them name columns, which programs of statistics must be able to call by it.
    """
    taken: set[str] = set()
    for where, row in places:
        place, key = join(where, "key"), row.key
        if not _KEY.fullmatch(key):
            yield Problem("survey-key", place, {"key": key, "most": LONGEST_KEY})
        elif key.lower() in reserved:
            yield Problem("survey-key-reserved", place, {"key": key})
        elif key.lower() in taken:
            yield Problem("duplicate-key", place, {"key": key})
        elif reserved and not _COLUMN.fullmatch(key):
            yield Problem("survey-column-key", place, {"key": key})
        taken.add(key.lower())


def choice_problems(table: str, rows: Sequence[Keyed]) -> Iterator[Problem]:
    """What is wrong with the keys of choices or levels, of which there must be one."""
    if not rows:
        yield Problem("empty-list", table)
    taken: set[str] = set()
    for where, row in placed(table, rows):
        if not _CHOICE_KEY.fullmatch(row.key) or row.key.lower() in MISSING_WORDS:
            values = {"key": row.key, "most": LONGEST_KEY, "missing": MISSING_WORDS}
            yield Problem("choice-key", where, values)
        elif row.key.lower() in taken:
            yield Problem("duplicate-value", where, {"value": row.key})
        taken.add(row.key.lower())


def repeated(table: str, keys: Sequence[str]) -> Iterator[Problem]:
    """A problem for each key that the list names a second time."""
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield Problem("duplicate-value", join(table, f"#{index + 1}"), {"value": key})
