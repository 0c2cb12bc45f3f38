"""The register of expenditure as a workbook: in the columns and the order of Jems' list of expenditure, then our own.

Jems' columns for investments and cost options are left out: it shows them only where a project has such.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.budget.labels import COST_CATEGORIES, ITEM_STATES
from portal.budget.queries.register import RegisterRow
from portal.budget.rules.register import REPORTED, RegisterFilter
from portal.budget.wording import SEVERITIES, TITLES
from portal.core.money import EURO, ONE_TO_ONE, Cents, RateMicros, to_decimal
from portal.core.tables import Cell, Column, Sheet, write_xlsx
from portal.core.web.formats import show_date, show_rate
from portal.core.web.language import text_in
from portal.projects.queries import get_project

AMOUNT, RATE = "#,##0.00", "0.000000"

# What the filters of the list are called.
FILTERS = {
    "organisation": _l("Organisation"),
    "state": _l("State"),
    "category": _l("Cost category"),
    "work_package": _l("Work package"),
    "activity": _l("Activity"),
    "event": _l("Event"),
    "contract": _l("Contract"),
    "period": _l("Period"),
    "evidence": _l("Evidence"),
    "payment": _l("Payment date"),
    "severity": _l("Severity"),
    "finding": _l("Finding"),
    "q": _l("Search"),
    "first_day": _l("First day"),
    "last_day": _l("Last day"),
}
WORDS = {
    "state": {**ITEM_STATES, REPORTED: _l("Submitted or certified")},
    "category": COST_CATEGORIES,
    "severity": SEVERITIES,
    "finding": TITLES,
    "evidence": {"missing": _l("missing")},
    "payment": {"missing": _l("missing")},
}


@dataclass
class Told:
    """What the notes say of the rows, counted while they are written: so they need not be kept in memory.

    `rates` is currency, month, rate and whether it is frozen -> number of items.
    """

    number: int = 0
    hidden: int = 0
    without_rate: int = 0
    contract: str = ""
    rates: Counter[tuple[str, str, RateMicros, bool]] = field(default_factory=Counter)


def register_workbook(code: str, rows: Iterable[RegisterRow], chosen: RegisterFilter, *, as_of: date) -> bytes:
    """The XLSX workbook in the language of the moment: the rows as they come, and notes on what they are.

    `chosen` is what the rows were filtered by, `as_of` the day whose latest rates stand for those not frozen yet. The
    names of the sheets are the same in every language: other people's formulas rely on them. Raise NotFound.
    """
    told = Told()
    return write_xlsx(
        [
            Sheet("Expenditure", _columns(), _rows(rows, told)),
            Sheet("Notes", [Column(_("Note"), 110)], ([note] for note in _notes(code, chosen, as_of, told))),
        ]
    )


def _columns() -> list[Column]:
    return [
        Column(_("ID"), 7),
        Column(_("Cost category"), 22),
        Column(_("Contract"), 16),
        Column(_("Internal reference"), 16),
        Column(_("Invoice number"), 18),
        Column(_("Invoice date"), 12),
        Column(_("Payment date"), 12),
        Column(_("Description"), 40),
        Column(_("Comment"), 16),
        Column(_("Total of the invoice"), 14, AMOUNT),
        Column(_("VAT"), 12, AMOUNT),
        Column(_("Declared amount"), 14, AMOUNT),
        Column(_("Currency"), 9),
        Column(_("Conversion rate"), 11, RATE),
        Column(_("Declared amount in EUR"), 14, AMOUNT),
        Column(_("Evidence files"), 10),
        Column(_("Rate of the month"), 10),
        Column(_("Organisation"), 24),
        Column(_("Work package"), 10),
        Column(_("Activity"), 10),
        Column(_("Event"), 14),
        Column(_("Supplier"), 26),
        Column(_("Tax number"), 16),
        Column(_("State"), 16),
        Column(_("Report"), 9),
    ]


def _rows(rows: Iterable[RegisterRow], told: Told) -> Iterator[Sequence[Cell]]:
    categories = {each: str(words) for each, words in COST_CATEGORIES.items()}
    states = {each: str(words) for each, words in ITEM_STATES.items()}
    owners: dict[str, str] = {}
    for row in rows:
        _count(told, row)
        name = owners.setdefault(row.owner.key, text_in(row.owner.name) or row.owner.key)
        yield (*_as_in_jems(told.number, row, categories), *_our_own(row, name, states))


def _count(told: Told, row: RegisterRow) -> None:
    told.number += 1
    told.hidden += row.is_masked
    told.without_rate += row.eur is None
    told.contract = row.contract
    if row.rate is not None and row.currency != EURO:
        told.rates[row.currency, row.rate_month, row.rate, row.is_frozen] += 1


def _as_in_jems(number: int, row: RegisterRow, categories: dict[str, str]) -> Sequence[Cell]:
    rate = ONE_TO_ONE if row.currency == EURO else row.rate
    return (
        number,
        categories[row.category],
        row.contract,
        row.reference,
        row.invoice_number,
        row.invoice_date,
        row.payment_date,
        row.description,
        None,
        _amount(row.invoice_total),
        _amount(row.vat),
        _amount(row.declared),
        row.currency,
        None if rate is None else Decimal(rate).scaleb(-6),
        _amount(row.eur),
        row.evidence,
    )


def _our_own(row: RegisterRow, owner: str, states: dict[str, str]) -> Sequence[Cell]:
    return (
        row.rate_month,
        owner,
        row.work_package,
        row.activity,
        row.event_ref,
        row.supplier,
        row.tax_number,
        states[row.state],
        row.report_number,
    )


def _amount(cents: Cents | None) -> Cell:
    return None if cents is None else to_decimal(cents)


def _notes(code: str, chosen: RegisterFilter, as_of: date, told: Told) -> Iterator[str]:
    """What the rows are; to be asked for once they are written."""
    project = get_project(code)
    yield f"{project.code}: {text_in(project.title)}"
    yield _("Items listed: %(number)s, as of %(day)s.", number=told.number, day=show_date(as_of))
    yield from _filters(chosen, told)
    yield _(
        "The columns up to the evidence files stand in the order of the list of expenditure in Jems; the others follow."
    )
    yield from _rates(told)
    if told.without_rate:
        yield _("Items without a known rate have no amount in euro: %(number)s.", number=told.without_rate)
    if told.hidden:
        yield ngettext(
            "The description of %(num)s item of staff is left out: it is a salary detail.",
            "The descriptions of %(num)s items of staff are left out: they are salary details.",
            told.hidden,
        )


def _filters(chosen: RegisterFilter, told: Told) -> Iterator[str]:
    asked = {name: value for name, value in chosen._asdict().items() if value}
    if not asked:
        yield _("All items that you may see are listed.")
    for name, value in asked.items():
        said = told.contract if name == "contract" and told.contract else WORDS.get(name, {}).get(value, value)
        yield f"{FILTERS[name]}: {show_date(said) if isinstance(said, date) else said}"


def _rates(told: Told) -> Iterator[str]:
    """Which rates the amounts in euro rest on: those fixed by a submitted report, and those shown as a preview."""
    if told.rates:
        yield _("Amounts in euro are the declared ones divided by the rate, rounded half up to the cent.")
    for (currency, month, rate, is_frozen), number in sorted(told.rates.items()):
        values = {"currency": currency, "rate": show_rate(rate), "month": month}
        if is_frozen:
            yield ngettext(
                "%(currency)s %(rate)s for one euro, fixed for %(month)s: %(num)s item.",
                "%(currency)s %(rate)s for one euro, fixed for %(month)s: %(num)s items.",
                number,
                **values,
            )
        else:
            yield ngettext(
                "%(currency)s %(rate)s for one euro, preview at the rate of %(month)s: %(num)s item.",
                "%(currency)s %(rate)s for one euro, preview at the rate of %(month)s: %(num)s items.",
                number,
                **values,
            )
