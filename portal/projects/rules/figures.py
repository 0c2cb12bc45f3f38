"""Figures entered by hand: what may be entered, and when what was entered does not count."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from portal.core.errors import Conflict, InvalidInputs, Problem
from portal.projects.rules.reasons import reason_problems
from portal.projects.rules.values import LARGEST_COUNT

MANUAL: Final = "manual"
"""The kind of measure that figures are entered for."""
LARGEST_FIGURE: Final = LARGEST_COUNT


class FigureDraft(NamedTuple):
    """What is stated of a figure: the day it was achieved on, how many, and what it rests on."""

    day: date
    number: int
    reason: str


def check_figure(draft: FigureDraft, *, days: tuple[date, date], today: date) -> None:
    """Raise InvalidInputs with everything that is wrong; `days` are the project's first and last, both included.

    Source: rules of the domain 4, figures entered by hand, each with a date, a reason and evidence.
    """
    problems = [*_day_problems(draft.day, days, today), *_number_problems(draft.number)]
    problems += _reason_problems(draft.reason)
    if problems:
        raise InvalidInputs(problems)


def check_manual(measure: Mapping[str, Any]) -> None:
    """Raise Conflict if what the measure says is counted from records: then no figure is entered."""
    if measure.get("kind") != MANUAL:
        raise Conflict("figure-not-manual")


def why_not_counted(day: date, *, measure: Mapping[str, Any], days: tuple[date, date]) -> str:
    """The code of why a figure of this day does not count for an indicator with this measure; '' if it does."""
    if measure.get("kind") != MANUAL:
        return "figure-not-manual"
    return "" if days[0] <= day <= days[1] else "figure-outside-days"


def _day_problems(day: date, days: tuple[date, date], today: date) -> Iterator[Problem]:
    if not days[0] <= day <= days[1]:
        yield Problem("figure-day", "day", {"value": day, "first": days[0], "last": days[1]})
    elif day > today:
        yield Problem("day-to-come", "day", {"value": day, "today": today})


def _number_problems(number: int) -> Iterator[Problem]:
    if not 0 <= number <= LARGEST_FIGURE:
        yield Problem("number-out-of-range", "number", {"least": 0, "most": LARGEST_FIGURE})


def _reason_problems(reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield Problem("figure-reason-missing", "reason")
    yield from reason_problems(reason)
