"""What a copy of an event takes over, and when it is: the same hours of the clock on another day."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from portal.core.errors import InvalidInput
from portal.core.periods import FIRST_YEAR, LAST_YEAR

# Where nobody has said a day yet.
LATER = timedelta(days=7)


class LocalTimes(NamedTuple):
    """When an event starts and ends as clocks at its place show it (naive)."""

    starts: datetime
    ends: datetime


def moved_to(times: LocalTimes, day: date | None) -> LocalTimes:
    """The same hours of the clock, starting on `day` (None: a week later) and ending as many days after it.

    A night in which clocks change makes the copy an hour shorter or longer, never its hours different.
    Raise InvalidInput for a day in a year in which no event can lie.
    """
    first = day or (times.starts + LATER).date()
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise InvalidInput("copy-day", where="day", first=FIRST_YEAR, last=LAST_YEAR)
    days = first - times.starts.date()
    return LocalTimes(times.starts + days, times.ends + days)
