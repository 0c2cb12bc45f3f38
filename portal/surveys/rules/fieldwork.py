"""The log of fieldwork: where forms were handed out on a day, how, and how many came back."""

import zlib
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from portal.core.errors import Conflict, InvalidInputs, NotAllowed, Problem

LONGEST_PLACE: Final = 200
LONGEST_TEXT: Final = 5_000
MOST_FORMS: Final = 100_000


class NoteDraft(NamedTuple):
    """What is noted of a day in the field."""

    day: date
    place: str
    text: str = ""
    handed_out: int = 0
    returned: int = 0


class FieldworkSums(NamedTuple):
    """How many forms went out and came back, in all."""

    handed_out: int
    returned: int


NO_FORMS: Final = FieldworkSums(0, 0)


def version_of(note: NoteDraft) -> int:
    """A number of up to nine digits that tells what the note says from anything else, as notes count no versions."""
    return zlib.crc32(repr(tuple(note)).encode()) % 10**9


def check_author(author: str, person: str, *, changes_all: bool) -> None:
    """Raise NotAllowed for somebody else's note, unless the person `changes_all`."""
    if author != person and not changes_all:
        raise NotAllowed("fieldwork-of-others")


def check_note(
    draft: NoteDraft, *, today: date, others: FieldworkSums = NO_FORMS, before: NoteDraft | None = None
) -> None:
    """Raise InvalidInputs with everything that is wrong with the note; `others` are the sums of the wave's other notes.

    Forms that were handed out on one day may come back on another, so they are compared over the whole wave. `before`
    is what the note said until now, None for a new one.
    """
    problems = list(_problems(draft, today, others, before))
    if problems:
        raise InvalidInputs(problems)


def check_removal(note: NoteDraft, *, others: FieldworkSums) -> None:
    """Raise Conflict where without the note more forms of the wave would have come back than were handed out.

    `others` are the sums of the wave's other notes.
    """
    if _is_worse(_added(others, note), others):
        raise Conflict("fieldwork-more-returned", **others._asdict())


def _added(others: FieldworkSums, note: NoteDraft | None) -> FieldworkSums:
    """The sums of the wave with this note."""
    if note is None:
        return others
    return FieldworkSums(others.handed_out + note.handed_out, others.returned + note.returned)


def _is_worse(before: FieldworkSums, after: FieldworkSums) -> bool:
    """Whether more forms come back than went out, and by more than they did before."""
    return after.returned - after.handed_out > max(0, before.returned - before.handed_out)


def _problems(draft: NoteDraft, today: date, others: FieldworkSums, before: NoteDraft | None) -> Iterator[Problem]:
    if draft.day > today:
        yield Problem("day-to-come", "day", {"value": draft.day, "today": today})
    if not draft.place.strip():
        yield Problem("fieldwork-place-missing", "place")
    for name, text, most in (("place", draft.place, LONGEST_PLACE), ("text", draft.text, LONGEST_TEXT)):
        if len(text) > most:
            yield Problem("text-too-long", name, {"limit": most})
    for name, number in (("handed_out", draft.handed_out), ("returned", draft.returned)):
        if not 0 <= number <= MOST_FORMS:
            yield Problem("number-out-of-range", name, {"least": 0, "most": MOST_FORMS})
    sums = _added(others, draft)
    if _is_worse(_added(others, before), sums):
        where = "handed_out" if before is not None and draft.handed_out < before.handed_out else "returned"
        yield Problem("fieldwork-more-returned", where, sums._asdict())
