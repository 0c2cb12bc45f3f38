"""Reporting periods as ranges of days: `last_day` is the period's last day, still inside it."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import NamedTuple

# No project and no event lies outside these years.
FIRST_YEAR, LAST_YEAR = 1990, 2199


class Period(NamedTuple):
    """A numbered stretch of days, from `first_day` to `last_day`, both inside it."""

    number: int
    first_day: date
    last_day: date


def find_period(day: date, periods: Iterable[Period]) -> Period | None:
    """The first of `periods`, in the given order, that holds `day`; None if no period does."""
    return next((period for period in periods if period.first_day <= day <= period.last_day), None)


def overlaps(periods: Iterable[Period]) -> list[tuple[Period, Period]]:
    """Every two of `periods` that share a day, in the given order; empty if each day belongs to one period at most."""
    return [(one, other) for one, other in combinations(periods, 2) if _share_a_day(one, other)]


def begun(periods: Iterable[Period], day: date) -> list[Period]:
    """Those of `periods` that have begun by `day` (on it, too), over or not, by number."""
    return sorted(period for period in periods if period.first_day <= day)


def _share_a_day(one: Period, other: Period) -> bool:
    return max(one.first_day, other.first_day) <= min(one.last_day, other.last_day)
