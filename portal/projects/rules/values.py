"""Readers of single values of a project file: each returns the value, or raises InvalidInput with what is wrong."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from portal.core.errors import InvalidInput
from portal.core.money import BasisPoints, Cents, read_amount, read_percent
from portal.core.periods import FIRST_YEAR, LAST_YEAR
from portal.projects.rules.vocabulary import COUNTRIES, CURRENCIES, ZONES

NAME_LIMIT: Final = 500
TEXT_LIMIT: Final = 5_000

# Far enough for any programme, and no date arithmetic near the calendar's end.

LARGEST_COUNT: Final = 1_000_000_000
LONGEST_DAYS: Final = 3_650
LARGEST_NUMBER: Final = 999
MOST_ROWS: Final = 1_000

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_PROJECT_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
_WEBSITE: Final = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:[0-9]+)?(/\S*)?")


def read_text(stated: object, *, limit: int = NAME_LIMIT) -> str:
    """The text without the space around it; raise InvalidInput if it is none, empty, above `limit` or unprintable."""
    if not isinstance(stated, str):
        raise InvalidInput("not-text")
    text = stated.strip()
    if not text:
        raise InvalidInput("empty-text")
    if len(text) > limit:
        raise InvalidInput("text-too-long", limit=limit)
    if any(unicodedata.category(character) == "Cc" and character not in "\n\r\t" for character in text):
        raise InvalidInput("text-unprintable")
    return text


def read_word(stated: object, *, words: Collection[str]) -> str:
    """The word; raise InvalidInput if it is none of `words`."""
    word = read_text(stated)
    if word not in words:
        raise InvalidInput("unknown-value", value=word, allowed=list(words))
    return word


def read_key(stated: object) -> str:
    """The key of an organisation, an indicator or a study; raise InvalidInput if it is not built like one."""
    key = read_text(stated)
    if not _KEY.fullmatch(key):
        raise InvalidInput("key-malformed", value=key)
    return key


def read_project_code(stated: object) -> str:
    """The project's code; raise InvalidInput if it is not built like one."""
    code = read_text(stated)
    if not _PROJECT_CODE.fullmatch(code):
        raise InvalidInput("project-code-malformed", value=code)
    return code


def read_website(stated: object, *, limit: int) -> str:
    """The address as it is written, with or without https://; raise InvalidInput if it is not a web address."""
    website = read_text(stated, limit=limit)
    if not _WEBSITE.fullmatch(website):
        raise InvalidInput("website-malformed", value=website)
    return website


def read_country(stated: object) -> str:
    """The country's two-letter code; raise InvalidInput if there is no such country."""
    country = read_text(stated)
    if country not in COUNTRIES:
        raise InvalidInput("unknown-country", value=country)
    return country


def read_currency(stated: object) -> str:
    """The currency's three-letter code; raise InvalidInput if the portal does not know it."""
    currency = read_text(stated)
    if currency not in CURRENCIES:
        raise InvalidInput("unknown-currency", value=currency, allowed=sorted(CURRENCIES))
    return currency


def read_time_zone(stated: object) -> str:
    """The time zone's IANA name; raise InvalidInput if there is no such zone."""
    zone = read_text(stated)
    if zone not in ZONES:
        raise InvalidInput("unknown-time-zone", value=zone)
    return zone


def read_whole(stated: object, *, least: int, most: int) -> int:
    """The whole number; raise InvalidInput if it is anything else (true, false) or outside `least` to `most`."""
    if not isinstance(stated, int) or isinstance(stated, bool):
        raise InvalidInput("not-whole-number")
    if not least <= stated <= most:
        raise InvalidInput("number-out-of-range", least=least, most=most)
    return stated


def read_flag(stated: object) -> bool:
    """True or false; raise InvalidInput if it is anything else."""
    if not isinstance(stated, bool):
        raise InvalidInput("not-true-or-false")
    return stated


def read_day(stated: object) -> date:
    """The day; raise InvalidInput if it is no date (a time or a text is none) or outside the years the portal keeps."""
    if not isinstance(stated, date) or isinstance(stated, datetime):
        raise InvalidInput("not-a-date")
    if not FIRST_YEAR <= stated.year <= LAST_YEAR:
        raise InvalidInput("date-out-of-range", first=FIRST_YEAR, last=LAST_YEAR)
    return stated


def read_quoted_amount(stated: object) -> Cents:
    """The amount in cents; raise InvalidInput if it is not quoted, not readable as money, or below zero.

    A bare number would have been a float before anyone could look at it, so only text is taken.
    """
    if not isinstance(stated, str):
        raise InvalidInput("amount-not-quoted")
    amount = read_amount(stated)
    if amount < 0:
        raise InvalidInput("amount-negative", value=stated)
    return amount


def read_quoted_percent(stated: object) -> BasisPoints:
    """The percentage in basis points; raise InvalidInput if it is not quoted or not a percentage from 0 to 100."""
    if not isinstance(stated, str):
        raise InvalidInput("percent-not-quoted")
    return read_percent(stated)
