"""What may be stated of a wave."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.surveys.rules.places import key_problems


class WaveDraft(NamedTuple):
    """A wave as somebody states it: its days in the project's zone, both included (None: opened and closed by hand)."""

    key: str
    opens_on: date | None = None
    last_day: date | None = None
    has_open_link: bool = True


def check_wave(draft: WaveDraft, *, taken: Collection[str]) -> None:
    """Raise InvalidInputs with everything that is wrong; `taken` are the keys of the survey's other waves."""
    problems = [*key_problems([("", draft)]), *_day_problems(draft)]
    if draft.key.lower() in {each.lower() for each in taken}:
        problems.append(Problem("duplicate-key", "key", {"key": draft.key}))
    if problems:
        raise InvalidInputs(problems)


def _day_problems(draft: WaveDraft) -> Iterator[Problem]:
    if draft.last_day is not None and draft.opens_on is None:
        yield Problem("wave-first-day-missing", "opens_on")
    elif draft.opens_on is not None and draft.last_day is not None and draft.last_day < draft.opens_on:
        yield Problem("wave-days", "last_day", {"first": draft.opens_on, "last": draft.last_day})
