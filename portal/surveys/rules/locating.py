"""Which part of a questionnaire a place names ("items.#2.choices.yes"), so that pages can say it in words."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from portal.projects.rules.readers import label_rows
from portal.surveys.rules.places import LONGEST_KEY

# The tables of a file that have rows, and what tells these apart.
IDENTITIES: Final = {
    "waves": "key",
    "groups": "key",
    "sections": "key",
    "items": "key",
    "scales": "key",
    "margins": "group",
}
# Columns with texts in parts that have numbers of their own.
NUMBERED: Final = ("levels", "choices", "labels")

_OTHERS: Final = ("study", "pairing", "mapping")
_NUMBER: Final = re.compile(r"#([0-9]{1,6})")


class Located(NamedTuple):
    """A part of a questionnaire: its table, number from 1 and key (0 and '' where there is none), what of it is meant.

    `row` is the part as the file states it, `part` the number of an answer or step in its `column`, and `rest` what of
    the path is inside that: a language, or the name of a column.
    """

    table: str
    number: int = 0
    key: str = ""
    row: Mapping[str, Any] = {}
    column: str = ""
    part: int = 0
    rest: str = ""


def locate(where: str, file: Mapping[str, Any]) -> Located:
    """What the place names in the file, which may have faults; a place in no table is one of the study's own."""
    table, _, path = where.partition(".")
    if table not in IDENTITIES and table not in _OTHERS:
        table, path = "study", where
    number, stated = 0, None
    if table in IDENTITIES:
        number, stated, path = _row_at(path, file.get(table))
    row: Mapping[str, Any] = stated if isinstance(stated, Mapping) else {}
    column, _, rest = path.partition(".")
    part = 0
    if column in NUMBERED:
        part, _stated, rest = _row_at(rest, row.get(column))
    return Located(table, number, _key_of(row.get(IDENTITIES.get(table, ""))), row, column, part, rest)


def _row_at(path: str, rows: object) -> tuple[int, object, str]:
    """The number of the row where the path begins (0: there is none), the row, and the path inside it."""
    listed = rows if isinstance(rows, list | tuple) else []
    # An answer may be stated as its key alone.
    named = [row if isinstance(row, Mapping) else {"key": row} for row in listed]
    found = [
        (len(label), number)
        for number, (label, _row) in enumerate(label_rows(named), start=1)
        if path == label or path.startswith(f"{label}.")
    ]
    length, number = max(found, default=(0, 0))
    if not number and (stated := _NUMBER.fullmatch(path.partition(".")[0])):
        length, number = stated.end(), int(stated[1])
    row = listed[number - 1] if 0 < number <= len(listed) else None
    return number, row, path[length:].removeprefix(".")


def _key_of(stated: object) -> str:
    """The key where it is short enough to be read, else ''."""
    key = stated.strip() if isinstance(stated, str) else ""
    return key if len(key) <= LONGEST_KEY else ""
