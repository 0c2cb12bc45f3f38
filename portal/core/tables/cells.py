"""Reading one cell as what its column wants.

Each reader gives None for an empty cell and raises InvalidInput with a code that has its sentence in `messages`. A day
is taken as a real date of the spreadsheet or as text like 2026-06-30, never by guessing which number is the month.
"""

import re
from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from portal.core.errors import InvalidInput
from portal.core.tables.reading import Value

MOST_SHOWN = 60
MOST_CHOICES = 12
# Spreadsheets keep fifteen digits of a number: of a longer code the last ones are lost before it comes here.
FIRST_INEXACT = 10**15

YES: Final = frozenset({"yes", "true", "1", "taip", "tak"})
NO: Final = frozenset({"no", "false", "0", "ne", "nie"})

ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
# Day and month in one order or the other, with or without a year; in Lithuanian also the year first, with dots.
OTHER_DAY = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})(?:\2([0-9]{4})?)?")
TIME = re.compile(r"(.*?)(?:[ T]+|\s)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.DOTALL)
GROUPED = re.compile(r"[+-]?(?:[0-9]{1,18}|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,5})(?:[.,]0{1,2})?")
EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
LEAP_YEAR = 2024


def as_text(value: Value, most: int) -> str | None:
    """The text, at most `most` characters; a number as it is written (17, 2.4), a day as 2026-06-30."""
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not -FIRST_INEXACT < value < FIRST_INEXACT:
        raise InvalidInput("cell-digits-lost", value=_written(value))
    text = _written(value)
    if len(text) > most:
        raise InvalidInput("cell-too-long", value=_shown(text), length=len(text), most=most)
    return text


def as_day(value: Value) -> date | None:
    """The day."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise InvalidInput("cell-day-with-time", value=_written(value))
        return value.date()
    if value is None or isinstance(value, date):
        return value
    return _day(_written(value))


def as_moment(value: Value) -> datetime | None:
    """The day and the time of a clock on the wall, without a zone; a real date of a spreadsheet is its midnight."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = _written(value)
    found = TIME.fullmatch(text)
    if not found:
        raise InvalidInput("cell-time-missing" if ISO_DAY.fullmatch(text) else "cell-not-a-moment", value=_shown(text))
    day, hour, minute, second = found.groups()
    try:
        clock = time(int(hour), int(minute), int(second or 0))
    except ValueError:
        raise InvalidInput("cell-no-such-time", value=_shown(text)) from None
    return datetime.combine(_day(day.strip()), clock)


def as_whole(value: Value, least: int, most: int) -> int | None:
    """The whole number, from `least` to `most`."""
    if value is None:
        return None
    number = _whole(value)
    if not least <= number <= most:
        raise InvalidInput("cell-out-of-range", value=_shown(_written(value)), least=least, most=most)
    return number


def as_yes_no(value: Value) -> bool | None:
    """Yes or no, in English, Lithuanian or Polish, or as 1 or 0."""
    if value is None or isinstance(value, bool):
        return value
    text = _written(value).casefold()
    if text not in YES | NO:
        raise InvalidInput("cell-not-yes-no", value=_shown(_written(value)))
    return text in YES


def as_choice(value: Value, allowed: Collection[str]) -> str | None:
    """The one of `allowed` that is meant, whatever its case."""
    if value is None:
        return None
    text = _written(value)
    if text in allowed:
        return text
    found = next((each for each in allowed if each.casefold() == text.casefold()), None)
    if found is None:
        shown = list(allowed)[:MOST_CHOICES]
        rest = ["…"] if len(allowed) > MOST_CHOICES else []
        raise InvalidInput("cell-choice", value=_shown(text), allowed=[*shown, *rest])
    return found


def as_list(value: Value) -> list[str]:
    """What the cell lists, separated by semicolons, each once and in order; nothing for an empty cell."""
    if value is None:
        return []
    parts = (part.strip() for part in _written(value).split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def _written(value: Value) -> str:
    """The value as a person would have typed it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _shown(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _day(text: str) -> date:
    if found := ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _existing(text, year, month, day)
    if found := OTHER_DAY.fullmatch(text):
        _refuse_other_day(text, int(found[1]), found[2], int(found[3]), int(found[4] or LEAP_YEAR))
    raise InvalidInput("cell-not-a-day", value=_shown(text))


def _existing(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInput("cell-no-such-day", value=_shown(text)) from None


def _refuse_other_day(text: str, first: int, sign: str, second: int, year: int) -> None:
    """Raise InvalidInput if the day may be either of two, or neither; return if it only wants another form."""
    if sign == "." or second <= 12:
        if sign != "." and first <= 12 and first != second:
            raise InvalidInput("cell-ambiguous-day", value=_shown(text))
        _existing(text, year, second, first)
    else:
        _existing(text, year, first, second)


def _whole(value: Value) -> int:
    text = _written(value).replace("−", "-")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and EITHER.fullmatch(text):
        raise InvalidInput("cell-ambiguous-number", value=text)
    if isinstance(value, bool) or not GROUPED.fullmatch(text):
        raise InvalidInput("cell-not-whole", value=_shown(text))
    return int(re.sub(r"[.,]0+$|[ \u00a0\u202f]", "", text))
