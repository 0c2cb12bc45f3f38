"""Reading the cells of a file of expenditure, column by column."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.budget.queries.imports import Names
from portal.budget.rules.drafts import LONGEST
from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.periods import FIRST_YEAR, LAST_YEAR
from portal.core.tables.cells import as_amount, as_day, as_text, as_whole
from portal.core.tables.reading import Value
from portal.imports.rows import Reading, line, word
from portal.projects.rules.vocabulary import CURRENCIES, REAL_COST_CATEGORIES

LONGEST_NAME = 60
MOST_PACKAGES = 10_000
AMOUNTS = ("invoice_total", "vat", "declared_amount")


def readings(names: Names) -> dict[str, Reading]:
    """How each column is read in the project that knows these names: what refers to something becomes its id."""
    package, name = lambda value: as_whole(value, 1, MOST_PACKAGES), line(LONGEST_NAME)
    packages = _named(names.work_packages, package, Problem("item-work-package-unknown"))
    return {
        "internal_reference": Reading(line(LONGEST["internal_reference"]), is_required=True),
        "category": Reading(word(REAL_COST_CATEGORIES), is_required=True, is_repeated=True),
        "work_package": Reading(packages, None, is_repeated=True),
        "activity": Reading(_activity(names), None, is_repeated=True),
        "event": Reading(_named(names.events, name, Problem("item-event-unknown")), None, is_repeated=True),
        "supplier": Reading(line(LONGEST["supplier"]), is_repeated=True),
        "supplier_tax_number": Reading(line(LONGEST["supplier_tax_number"]), is_repeated=True),
        "invoice_number": Reading(line(LONGEST["invoice_number"])),
        "invoice_date": Reading(_day, None, is_repeated=True),
        "payment_date": Reading(_day, None, is_repeated=True),
        "description": Reading(line(LONGEST["description"]), is_repeated=True),
        **{each: Reading(as_amount, None, is_repeated=True) for each in AMOUNTS},
        "declared_amount": Reading(as_amount, is_required=True, is_repeated=True),
        "currency": Reading(_currency, "EUR", is_repeated=True),
        "corrects": Reading(line(LONGEST["internal_reference"])),
        "contract": Reading(_named(names.contracts, name, Problem("item-contract-unknown")), None, is_repeated=True),
    }


def _day(value: Value) -> date | None:
    day = as_day(value)
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput("date-out-of-range", first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _currency(value: Value) -> str:
    text = (as_text(value, LONGEST_NAME) or "").upper()
    if text not in CURRENCIES:
        raise InvalidInput("unknown-currency", value=text, allowed=sorted(CURRENCIES))
    return text


def _activity(names: Names) -> Callable[[Value], int]:
    """Read an activity's number; one that a spreadsheet may have shortened is refused."""

    def read(value: Value) -> int:
        text = as_text(value, LONGEST_NAME) or ""
        if not isinstance(value, str) and f"{text}0" in names.activities:
            raise InvalidInput("import-activity-number", value=text, other=f"{text}0")
        if text not in names.activities:
            raise InvalidInput("item-activity-unknown")
        return names.activities[text]

    return read


def _named(known: Mapping[Any, int], read: Callable[[Value], Any], unknown: Problem) -> Callable[[Value], int]:
    """Read the name of something that is known: its id."""

    def find(value: Value) -> int:
        name = read(value)
        if name not in known:
            raise InvalidInputs([unknown])
        return known[name]

    return find
