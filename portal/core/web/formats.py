"""Dates, numbers and amounts as the page's language writes them. Files carry the values, not these texts."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency
from flask import Flask
from flask_babel import format_datetime, format_decimal
from flask_babel import lazy_gettext as _l

from portal.core.money import BasisPoints, Cents, RateMicros, to_decimal
from portal.core.searching import fold
from portal.core.sentences import sentence
from portal.core.web.language import current_language, text_in

NOT_REPORTED = "–"
# Only those funds whose names are translated; any other stands as the project file writes it.
FUNDS = {"ERDF": _l("ERDF"), "Justice Fund": _l("Justice Fund")}
DATES = {"en": "d MMMM y", "lt": "y-MM-dd", "pl": "dd.MM.y"}
# A page shows the same days and amounts many times, and the next page again.
TEXTS_KEPT = 10_000


def init_formats(app: Flask) -> None:
    """Offer the formats to templates as filters."""
    app.add_template_filter(show_date, "day")
    app.add_template_filter(show_month, "month")
    app.add_template_filter(show_local_time, "local_time")
    app.add_template_filter(show_times, "times")
    app.add_template_filter(show_value, "value")
    app.add_template_filter(show_number, "number")
    app.add_template_filter(show_percentage, "percentage")
    app.add_template_filter(show_amount, "amount")
    app.add_template_filter(show_rate, "rate")
    app.add_template_filter(show_country, "country")
    app.add_template_filter(show_list, "listed")
    app.add_template_filter(text_in, "text")
    app.add_template_filter(sentence, "sentence")
    app.jinja_env.globals.update(fund_name=fund_name)


def show_date(day: date | None) -> str:
    """10 March 2026, 2026-03-10 or 10.03.2026; "–" where there is none."""
    return NOT_REPORTED if day is None else _date_text(day, current_language())


def show_month(day: date) -> str:
    """Mar 2026, 2026-03 or mar 2026."""
    return str(format_skeleton("yMMM", day, locale=current_language()))


def show_long_month(day: date) -> str:
    """March 2026, 2026 m. kovas or marzec 2026."""
    return str(format_skeleton("yMMMM", day, locale=current_language()))


def show_local_time(instant: datetime, zone: str) -> str:
    """The day and the time of an instant as the clock shows it in the IANA zone `zone`."""
    local = instant.astimezone(ZoneInfo(zone))
    return str(format_datetime(local, f"{DATES[current_language()]}, HH:mm", rebase=False))


def show_times(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """10 March 2026, 10:00 – 16:00 (Europe/Vilnius); what ends on another day has two days in it."""
    starts, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    end = f"{ends:%H:%M}" if starts.date() == ends.date() else show_local_time(ends_at, zone)
    return f"{show_local_time(starts_at, zone)} – {end} ({zone})"


def show_number(number: int | Decimal | None) -> str:
    """A whole number, or one with two decimals, with the language's grouping; "–" where nothing is reported."""
    if isinstance(number, Decimal):
        return str(format_decimal(number, "#,##0.00"))
    return NOT_REPORTED if number is None else str(format_decimal(number))


def show_percentage(share: BasisPoints | None) -> str:
    """Two decimals and the per cent sign; "–" where there is none."""
    if share is None:
        return NOT_REPORTED
    return f"{format_decimal(Decimal(share).scaleb(-2), '#,##0.00')} %"


def show_amount(amount: Cents | None, currency: str) -> str:
    """The amount with its currency as the language writes it; "–" where there is none."""
    return NOT_REPORTED if amount is None else _amount_text(amount, currency, current_language())


def show_rate(rate: RateMicros | None) -> str:
    """An exchange rate with four decimals, up to six where it has them; "–" where there is none."""
    return NOT_REPORTED if rate is None else str(format_decimal(Decimal(rate).scaleb(-6), "#,##0.0000##"))


def show_country(code: str) -> str:
    """The country's name in the language of the moment; the code itself if Babel does not know it."""
    return str(Locale.parse(current_language()).territories.get(code, code))


def show_language(code: str) -> str:
    """The language's name in the language of the moment; '' if Babel does not know it."""
    return str(Locale.parse(current_language()).languages.get(code, ""))


def sorting_key(text: str) -> str:
    """The text as lists of names are sorted: capitals and diacritics make no difference."""
    return fold(text)


def show_list(texts: list[str]) -> str:
    """The texts as one phrase: "a, b and c"."""
    return str(format_list(texts, locale=current_language()))


def fund_name(fund: str) -> str:
    """The fund as the language of the moment calls it."""
    return str(FUNDS.get(fund, fund))


def show_value(value: object) -> str:
    """A value of the audit, of whatever kind it is; "–" where there is none."""
    if value is None or value == "":
        return NOT_REPORTED
    if isinstance(value, dict):
        return "; ".join(f"{key}: {show_value(each)}" for key, each in value.items())
    return ", ".join(show_value(each) for each in value) if isinstance(value, list) else str(value)


@lru_cache(TEXTS_KEPT)
def _date_text(day: date, language: str) -> str:
    return str(format_date(day, DATES[language], locale=language))


@lru_cache(TEXTS_KEPT)
def _amount_text(amount: Cents, currency: str, language: str) -> str:
    return str(format_currency(to_decimal(amount), currency, locale=language))
