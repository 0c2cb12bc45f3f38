"""Repeating an event: the days on which it takes place again, with the same hours of the clock."""

import calendar
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final, NamedTuple

from portal.activities.rules.copying import LocalTimes, moved_to
from portal.activities.rules.events import to_instant
from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.periods import FIRST_YEAR, LAST_YEAR

MOST_REPEATS: Final = 52
MOST_STEPS: Final = 366
# Two steps of the month: to the same day of it (the 15th), or the same weekday of it (the second Tuesday).
UNITS: Final = ("days", "weeks", "months", "weekdays")


class Repetition(NamedTuple):
    """Every so many days, weeks or months, so many times more or until a day (one of the two)."""

    every: int
    unit: str
    times: int | None = None
    until: date | None = None


class Occurrence(NamedTuple):
    """One date of a series as it is previewed.

    `day` is None for a month that has no such day, and `month` its first day; `problem` says why the times cannot be
    made instants on that day; `is_there` tells that the series has an event then already.
    """

    month: date
    day: date | None
    times: LocalTimes | None = None
    problem: Problem | None = None
    is_there: bool = False


def check_repetition(repetition: Repetition) -> None:
    """Raise InvalidInputs with everything that is wrong."""
    problems = []
    if not 1 <= repetition.every <= MOST_STEPS:
        problems.append(Problem("number-out-of-range", "every", {"least": 1, "most": MOST_STEPS}))
    if repetition.unit not in UNITS:
        problems.append(Problem("unknown-value", "unit", {"value": repetition.unit, "allowed": list(UNITS)}))
    if (repetition.times is None) == (repetition.until is None):
        problems.append(Problem("series-length", "times"))
    elif repetition.times is not None and not 1 <= repetition.times <= MOST_REPEATS:
        problems.append(Problem("number-out-of-range", "times", {"least": 1, "most": MOST_REPEATS}))
    if repetition.until is not None and not FIRST_YEAR <= repetition.until.year <= LAST_YEAR:
        problems.append(Problem("series-day", "until", {"first": FIRST_YEAR, "last": LAST_YEAR}))
    if problems:
        raise InvalidInputs(problems)


def list_occurrences(times: LocalTimes, repetition: Repetition, zone: str) -> list[Occurrence]:
    """The dates after the event's own, in order, with the months that have no such day among them.

    Those months count towards no number of times. Raise InvalidInputs for what is wrong with the repetition, for more
    than MOST_REPEATS events, and for none.
    """
    check_repetition(repetition)
    found: list[Occurrence] = []
    made = 0
    for each in _steps(times.starts.date(), repetition):
        last = each.day or each.month
        if repetition.until is not None and last > repetition.until:
            break
        if last.year > LAST_YEAR:
            raise InvalidInput("series-day", where="times", first=FIRST_YEAR, last=LAST_YEAR)
        made += each.day is not None
        if made > MOST_REPEATS:
            raise InvalidInput("series-too-long", where="until", most=MOST_REPEATS)
        found.append(_checked(each, times, zone))
        if made == repetition.times:
            break
    if not made:
        raise InvalidInput("series-empty", where="until")
    return found


def tell_there(occurrences: Iterable[Occurrence], starts: Collection[datetime]) -> list[Occurrence]:
    """The dates, with those marked on which the series has an event at that time; `starts` are its events' (local)."""
    return [each._replace(is_there=each.times is not None and each.times.starts in starts) for each in occurrences]


def check_remaining(occurrences: Collection[Occurrence]) -> None:
    """Raise InvalidInput where the series has an event on each of the dates already."""
    days = [each.day for each in occurrences if each.day is not None and each.is_there]
    if days and len(days) == sum(each.day is not None for each in occurrences):
        raise InvalidInput("series-there", where="until", days=days)


def chosen_days(occurrences: Collection[Occurrence], left_out: Collection[date]) -> list[Occurrence]:
    """The dates that are made into events: all but those left out and those on which the series has an event.

    Raise InvalidInputs for dates whose times are not clear, and where none remains.
    """
    check_remaining(occurrences)
    chosen = [each for each in occurrences if each.day is not None and not each.is_there and each.day not in left_out]
    unclear = [Problem("series-date", "left_out", {"day": each.day}) for each in chosen if each.problem]
    if unclear:
        raise InvalidInputs(unclear)
    if not chosen:
        raise InvalidInput("series-empty", where="until")
    return chosen


def _steps(first: date, repetition: Repetition) -> Iterator[Occurrence]:
    """The dates without end."""
    for number in count(1):
        steps = number * repetition.every
        if repetition.unit in ("days", "weeks"):
            day = first + steps * timedelta(**{repetition.unit: 1})
            yield Occurrence(day.replace(day=1), day)
            continue
        years, month = divmod(first.month - 1 + steps, 12)
        # Beyond the years in which events lie, one year is as good as another.
        begins = date(min(first.year + years, LAST_YEAR + 1), month + 1, 1)
        yield Occurrence(begins, _day_of_month(first, begins, by_weekday=repetition.unit == "weekdays"))


def _day_of_month(first: date, month: date, *, by_weekday: bool) -> date | None:
    """The day of the month that is the one `first` is of its own; None if the month has none."""
    week, until_weekday = (first.day - 1) // 7, (first.weekday() - month.weekday()) % 7
    number = 1 + until_weekday + 7 * week if by_weekday else first.day
    return month.replace(day=number) if number <= calendar.monthrange(month.year, month.month)[1] else None


def _checked(occurrence: Occurrence, times: LocalTimes, zone: str) -> Occurrence:
    if occurrence.day is None:
        return occurrence
    moved = moved_to(times, occurrence.day)
    try:
        starts, ends = (to_instant(local, zone, where="left_out") for local in moved)
    except InvalidInput as error:
        return occurrence._replace(times=moved, problem=error.problem)
    problem = None if starts < ends else Problem("ends-before-start", "left_out")
    return occurrence._replace(times=moved, problem=problem)
