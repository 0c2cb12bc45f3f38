"""The log of fieldwork: where forms were handed out on a day, how, and how many came back."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from portal.core.errors import InvalidInputs, Problem

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


def check_note(draft: NoteDraft, *, today: date) -> None:
    """Raise InvalidInputs with everything that is wrong with the note."""
    problems = list(_problems(draft, today))
    if problems:
        raise InvalidInputs(problems)


def _problems(draft: NoteDraft, today: date) -> Iterator[Problem]:
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
