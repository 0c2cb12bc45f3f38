"""Where a row would be at the project's end if it went on as so far."""

from datetime import date


def at_present_pace(achieved: int | None, days: tuple[date, date], as_of: date) -> int | None:
    """What a row reaches by the last of the project's days if it goes on growing as it has, rounded down.

    A straight line: what was achieved by the end of `as_of`, times the number of the project's days, divided by the
    number of those that have passed, `as_of` included. `days` are the first and the last, both included. None outside
    of these days and for a row that is not reported.
    Source: own rule; pages call it an estimate.
    """
    first_day, last_day = days
    if achieved is None or not first_day <= as_of <= last_day:
        return None
    return achieved * _number(first_day, last_day) // _number(first_day, as_of)


def _number(first_day: date, last_day: date) -> int:
    return (last_day - first_day).days + 1
