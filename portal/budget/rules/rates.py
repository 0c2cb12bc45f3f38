"""Exchange rates: what may be stored of one, and what the Commission's own files say.

A rate is units of the currency for one euro, of a month written like 2026-07.
"""

import json
import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.money import EURO, RateMicros, rate_text, read_rate
from portal.core.periods import FIRST_YEAR, LAST_YEAR

# A ten-thousandth of a unit for one euro, far below any currency. At this rate the largest item, 10^12 cents, comes
# to 10^16 euro cents, so that several hundreds of them still add up in 64 bits; what the database divides, at most
# 2 * 10^12 * 10^6 and the rate, is below 2^63 (9.2 * 10^18) at any rate.
LEAST_RATE: Final = RateMicros(100)
RATE_SOURCES: Final = ("file", "hand", "fetched")

# Of what is wrong with a file, the first of many are told.
MOST_PROBLEMS: Final = 100
MOST_SHOWN: Final = 40

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

MONTH_FORM: Final = frozenset({"isoA3Code", "value"})
HISTORY_FORM: Final = frozenset({"currencyIso", "refCurrencyIso", "amount", "dateStart", "dateEnd"})


class RateDraft(NamedTuple):
    """A rate as someone states it, on a page or in a file."""

    currency: str
    month: str
    rate: RateMicros


class ListedRate(NamedTuple):
    """A rate in the Commission's list: the place of its entry, from 1; None instead of the rate if it is not used.

    A currency that is used has no rate, and no month, where the entry is of a time before the years the portal keeps.
    """

    row: int
    currency: str
    month: str
    rate: RateMicros | None


def read_month(text: str) -> str:
    """The month, written like 2026-07; raise InvalidInput if it is none, or outside the years the portal keeps."""
    found = _MONTH.fullmatch(text.strip())
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise InvalidInput("month-unreadable", value=text[:MOST_SHOWN])
    return found[0]


def month_after(month: str) -> str:
    """The next month: 2027-01 follows 2026-12."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def months_before(month: str, most: int) -> list[str]:
    """The month and those before it, `most` in all, the latest first."""
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{each // 12}-{each % 12 + 1:02}" for each in range(last, last - most, -1)]


def read_number(value: object) -> RateMicros:
    """The rate that a cell or a JSON value states: a whole or decimal number, or a text as people type it.

    Raise InvalidInput (rate-unreadable, rate-not-positive, rate-too-small) for anything else, so also for more than six
    decimals.
    """
    if isinstance(value, str):
        return _large_enough(read_rate(value))
    number = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    # A number of so many digits is none of a rate, and is not worth writing out.
    if not isinstance(number, Decimal) or not number.is_finite() or not -20 < _exponent(number) < 20:
        raise InvalidInput("rate-unreadable", value=str(value)[:MOST_SHOWN])
    return _large_enough(read_rate(f"{number:f}"))


def check_rate(draft: RateDraft, *, currencies: Collection[str]) -> None:
    """Raise InvalidInputs with everything that keeps the rate from being stored; `currencies` are those there are."""
    problems = []
    if draft.currency == EURO:
        problems.append(Problem("rate-of-euro", "currency"))
    elif draft.currency not in currencies:
        problems.append(Problem("rate-currency-unknown", "currency", {"value": draft.currency}))
    if not _MONTH.fullmatch(draft.month):
        problems.append(Problem("month-unreadable", "month", {"value": draft.month}))
    if draft.rate <= 0:
        problems.append(Problem("rate-not-positive", "rate", {"value": draft.rate}))
    elif draft.rate < LEAST_RATE:
        problems.append(Problem("rate-too-small", "rate", {"least": rate_text(LEAST_RATE)}))
    if problems:
        raise InvalidInputs(problems)


def read_inforeuro(text: str, *, month: str, currencies: Collection[str]) -> list[ListedRate]:
    """The rates in one of InforEuro's JSON files, in its order, each currency and month once.

    The form that lists countries holds one month, which is `month` ('': nobody said which); the form of a history
    names its days. A rate over several months is one for each. Currencies outside `currencies`, also what is no code of
    one, have no rate here, nor have months before the years the portal keeps.
    Raise InvalidInputs with all that is wrong, each with the place of its entry.
    Source: rules of the domain 1.7.
    """
    entries = _entries(text)
    is_history = entries[0].keys() >= HISTORY_FORM
    if not is_history and not month:
        raise InvalidInput("rates-month-missing")
    problems: list[Problem] = []
    found: dict[tuple[str, str], ListedRate] = {}
    for place, entry in enumerate(entries, start=1):
        try:
            stated = _history(place, entry, currencies) if is_history else _of_month(place, entry, month, currencies)
            _add(found, stated)
        except InvalidInput as error:
            problems += [each._replace(row=place) for each in error.problems]
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise InvalidInputs(problems)
    return list(found.values())


def _large_enough(rate: RateMicros) -> RateMicros:
    if rate < LEAST_RATE:
        raise InvalidInput("rate-too-small", least=rate_text(LEAST_RATE))
    return rate


def _exponent(number: Decimal) -> int:
    digits = number.as_tuple()
    exponent = digits.exponent
    return max(exponent, number.adjusted(), key=abs) if isinstance(exponent, int) else 99


def _entries(text: str) -> list[Mapping[str, Any]]:
    """The entries of the list, all of them of one form; raise InvalidInput if there is no such list."""
    try:
        # Never a float: a rate is kept digit by digit.
        stated = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        raise InvalidInput("rates-not-json") from None
    if not isinstance(stated, list) or not stated or not all(isinstance(each, dict) for each in stated):
        raise InvalidInput("rates-other-form")
    form = next((form for form in (HISTORY_FORM, MONTH_FORM) if stated[0].keys() >= form), None)
    if form is None or not all(each.keys() >= form for each in stated):
        raise InvalidInput("rates-other-form")
    return stated


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _of_month(place: int, entry: Mapping[str, Any], month: str, known: Collection[str]) -> list[ListedRate]:
    currency = _code(entry["isoA3Code"])
    return [ListedRate(place, currency, month, _rate(entry["value"], "value", is_used=currency in known))]


def _history(place: int, entry: Mapping[str, Any], known: Collection[str]) -> list[ListedRate]:
    currency = _code(entry["currencyIso"])
    if currency not in known:
        return [ListedRate(place, currency, "", None)]
    against = _code(entry["refCurrencyIso"])
    if not _CURRENCY.fullmatch(against):
        raise InvalidInput("rates-no-currency", where="refCurrencyIso", value=against)
    if against != EURO:
        raise InvalidInput("rates-not-of-euro", where="refCurrencyIso", value=against)
    rate = _rate(entry["amount"], "amount", is_used=True)
    first, last = _day(entry["dateStart"], "dateStart"), _day(entry["dateEnd"], "dateEnd")
    months = list(_months(first, last))
    left_out = [] if first.year >= FIRST_YEAR else [ListedRate(place, currency, "", None)]
    return [*left_out, *(ListedRate(place, currency, month, rate) for month in months)]


def _months(first: date, last: date) -> Iterator[str]:
    """The months between the days, of the years that are kept; raise InvalidInput unless they are whole ones."""
    if first > last or first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        raise InvalidInput("rates-not-whole-months", where="dateEnd", first=first, last=last)
    month, end = max(f"{first.year:04}-{first:%m}", f"{FIRST_YEAR}-01"), f"{last.year:04}-{last:%m}"
    while month <= end:
        yield month
        month = month_after(month)


def _add(found: dict[tuple[str, str], ListedRate], stated: list[ListedRate]) -> None:
    """Note the rates; countries of one currency repeat its rate, so a repeated one must be the same."""
    for each in stated:
        present = found.setdefault((each.currency, each.month), each)
        if present.rate != each.rate:
            values = {"currency": each.currency, "month": each.month, "first": present.row}
            raise InvalidInputs([Problem("rates-disagree", "rate", values)])


def _code(value: object) -> str:
    """What stands where a currency belongs, which need not be one; '' for nothing."""
    return value.strip().upper()[:MOST_SHOWN] if isinstance(value, str) else ""


def _rate(value: object, where: str, *, is_used: bool) -> RateMicros | None:
    """The rate; None for a currency that is not used, whatever its list says of it."""
    if not is_used:
        return None
    try:
        return read_number(value)
    except InvalidInput as error:
        raise InvalidInputs([each._replace(where=where) for each in error.problems]) from None


def _day(value: object, where: str) -> date:
    """The day that is written like 31/07/2026."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None or day.year > LAST_YEAR:
        raise InvalidInput("rates-no-day", where=where, value=str(value)[:MOST_SHOWN])
    return day
