"""How much of a project's time has passed."""

from datetime import date
from typing import NamedTuple


class Elapsed(NamedTuple):
    """The day of the project that it is today, of how many, and the days passed in whole per cent.

    `day` is 0 before the first one; 100 % are reached on the last day and not before. `is_over` after the last one.
    """

    day: int
    days: int
    percent: int
    is_over: bool


def elapsed(first_day: date, last_day: date, today: date) -> Elapsed:
    """How much of the time from the first to the last day, both included, has passed with the end of today."""
    days = (last_day - first_day).days + 1
    day = min(max((today - first_day).days + 1, 0), days)
    return Elapsed(day, days, 100 * day // days, today > last_day)
