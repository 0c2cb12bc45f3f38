"""Rules of sign-in sheets: who is on one, in which order, and how a person is shown where no name may be read.

The printed sheet, the page on which it is entered and the helper's page have one order, and so the same numbers.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, Protocol, TypeVar

from portal.activities.rules.participants import ParticipationStatus

# Begins the key of somebody who came without being on the list and left no e-mail; the rest of it is random.
WALK_IN: Final = "w-"

_OFF: Final = frozenset({ParticipationStatus.WAITLISTED, ParticipationStatus.CANCELLED})
_WORD: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"(\d+)")


class Signing(Protocol):
    """Somebody who signs a sheet; `participant` is the e-mail or the code, `name` is '' where none is kept."""

    @property
    def id(self) -> int:
        """The number of the row."""

    @property
    def participant(self) -> str:
        """What the person is known by."""

    @property
    def name(self) -> str:
        """The name."""


Person = TypeVar("Person", bound=Signing)


def sheet_order(people: Iterable[Person], fold: Callable[[str], str]) -> list[Person]:
    """The people as they stand on the sheet, which numbers them from 1; `fold` says what is the same to readers.

    By name, in which capitals and diacritics make no difference; then those under a code, by it; last those who came
    without being on the list, as they came: they do not change the numbers of the others.
    """
    return sorted(people, key=lambda person: _place(person, fold))


def is_on_sheet(status: str, *, ended_at: datetime | None, starts_at: datetime) -> bool:
    """Whether a person of this status is on the event's sheet; `ended_at` is when their registration ended, if it did.

    Whose seat was never confirmed loses it when the event begins; they stand on the sheet that was printed before.
    """
    if status == ParticipationStatus.EXPIRED:
        return ended_at is not None and ended_at >= starts_at
    return status not in _OFF


def initials(name: str) -> str:
    """The first letters of the name's words, such as "J. K." of Jonas Kazlauskas; '' where it has no letters."""
    return " ".join(f"{word[0].upper()}." for word in _WORD.findall(name))


def public_label(person: Signing) -> str:
    """How the person is shown where no name may be read: by initials, also of an e-mail, or by the code itself."""
    if person.name or "@" in person.participant:
        return initials(person.name or person.participant.partition("@")[0]) or "–"
    return person.participant


def _place(person: Signing, fold: Callable[[str], str]) -> tuple[int, list[tuple[int, int, str]], str, int]:
    if person.participant.startswith(WALK_IN):
        return 2, [], "", person.id
    is_coded = not person.name and "@" not in person.participant
    shown = person.name or person.participant
    return int(is_coded), _natural(fold(shown)), person.participant, person.id


def _natural(text: str) -> list[tuple[int, int, str]]:
    """The text in parts that sort its numbers as numbers: K2 before K10."""
    parts = (part for part in _DIGITS.split(text) if part)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
