"""Reading one cell as what its column wants.

Each reader gives None for an empty cell and raises InvalidInput with a code that has its sentence in `messages`. A day
is taken as a real date of the spreadsheet or as text: with the year first, or with dots, where the day comes first.
With other signs the day or the month may come first, and which of the two is never guessed.
"""

import re
from collections.abc import Collection
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from portal.core.errors import InvalidInput
from portal.core.money import LARGEST_AMOUNT, Cents, read_amount
from portal.core.tables.reading import Value

MOST_SHOWN = 60
MOST_CHOICES = 12
# Spreadsheets keep fifteen digits of a number: of a longer code the last ones are lost before it comes here.
FIRST_INEXACT = 10**15

YES: Final = frozenset({"yes", "true", "1", "taip", "tak"})
NO: Final = frozenset({"no", "false", "0", "ne", "nie"})

YEAR_FIRST: Final = re.compile(r"([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
# Day and month in one order or the other; and with dots without the year.
EITHER_DAY: Final = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
YEARLESS: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.?")
TIME = re.compile(r"(.*?)(?:[ T]+|\s)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.DOTALL)
GROUPED = re.compile(r"[+-]?(?:[0-9]{1,18}|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,5})(?:[.,]0{1,2})?")
EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
LEAP_YEAR = 2024
# How far a number of a spreadsheet may lie from whole cents, in units of the currency: what binary fractions leave.
BINARY_NOISE = Decimal("0.000001")


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
        raise InvalidInput("cell-time-missing" if _numbers(text) else "cell-not-a-moment", value=_shown(text))
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


def as_amount(value: Value) -> Cents | None:
    """The amount: text as people type it, a number of a spreadsheet as the number it is.

    A number is rounded half away from zero to the cent only where it lies next to whole cents, as sums of binary
    fractions do; with more decimals than that it is refused. Source: rules of the domain 1.8.
    """
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= MOST_SHOWN:
        return read_amount(value)
    if isinstance(value, str | bool | date):
        raise InvalidInput("amount-unreadable", value=_shown(_written(value)))
    exact = Decimal(value)
    if abs(exact) * 100 > LARGEST_AMOUNT:
        raise InvalidInput("amount-too-large", value=_shown(_written(value)))
    cents = (exact * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if abs(exact - cents / 100) >= BINARY_NOISE:
        raise InvalidInput("amount-decimals", value=_shown(_written(value)))
    return Cents(int(cents))


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
    if numbers := _numbers(text):
        return _existing(text, *numbers)
    if found := EITHER_DAY.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        _existing(text, year, *((second, first) if second <= 12 else (first, second)))
        raise InvalidInput("cell-ambiguous-day", value=_shown(text))
    if found := YEARLESS.fullmatch(text):
        _existing(text, LEAP_YEAR, int(found[2]), int(found[1]))
    raise InvalidInput("cell-not-a-day", value=_shown(text))


def _numbers(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text that says which is which; None where it does not."""
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := DOTTED.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    return None


def _existing(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInput("cell-no-such-day", value=_shown(text)) from None


def _whole(value: Value) -> int:
    text = _written(value).replace("−", "-")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and EITHER.fullmatch(text):
        raise InvalidInput("cell-ambiguous-number", value=text)
    if isinstance(value, bool) or not GROUPED.fullmatch(text):
        raise InvalidInput("cell-not-whole", value=_shown(text))
    return int(re.sub(r"[.,]0+$|[ \u00a0\u202f]", "", text))
