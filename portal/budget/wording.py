"""Findings in words: their titles, their sentences with values, and the rules they come from."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.budget.labels import COST_CATEGORIES
from portal.budget.rules.amounts import Amount
from portal.budget.rules.findings import Finding
from portal.core.errors import Problem
from portal.core.money import BasisPoints
from portal.core.sentences import sentence
from portal.core.web.formats import show_amount, show_date, show_long_month, show_percentage

TITLES = {
    "not-associated": _l("Cost of an associated partner"),
    "outside-window": _l("Outside the project's days"),
    "future-date": _l("Date still to come"),
    "declared-above-invoice": _l("More declared than invoiced"),
    "duplicate-invoice": _l("Invoice declared more than once"),
    "flat-rate-category": _l("Real cost in a flat-rate category"),
    "currency": _l("Currency that is not the partner's"),
    "over-partner": _l("Above the partner's budget"),
    "missing-rate": _l("No exchange rate"),
    "unpaid": _l("Not paid yet"),
    "no-evidence": _l("No evidence"),
    "paid-before-invoice": _l("Paid before the invoice"),
    "category-not-budgeted": _l("Category without budget"),
    "over-category": _l("Above the category's budget"),
    "contract-overrun": _l("Above the contract's amount"),
}

SEVERITIES = {
    "blocks": _l("Blocks the report"),
    "warns": _l("Warning"),
}
AT_SUBMISSION = _l("Warning, blocks submission")

# Values that are months, written like 2026-07.
MONTHS = ("month", "latest")

# Flexibility is said with its percentage below; the others stand as they are.
SOURCES = {
    "not-associated": _l("Rules of the project: associated partners have no budget"),
    "outside-window": _l("Rules of the project: its first and last day, and the days for payments after the end"),
    "future-date": _l("Rules of the portal: only what has happened is declared"),
    "declared-above-invoice": _l("Rules of the portal: no more is declared than was invoiced"),
    "duplicate-invoice": _l("Rules of the portal: each cost is declared once"),
    "flat-rate-category": _l("Rules of the project: the partner's flat rates"),
    "currency": _l("Regulation (EU) 2021/1059, art. 38(5): costs in euro or in the partner's currency"),
    "over-partner": _l("Rules of the project: the partner's budget"),
    "missing-rate": _l("Regulation (EU) 2021/1059, art. 38(5): the Commission's monthly accounting rate"),
    "unpaid": _l("Regulation (EU) 2021/1060, art. 63(2): costs are eligible once they are paid"),
    "no-evidence": _l("Regulation (EU) 2021/1060, art. 69(6): documents of the audit trail"),
    "paid-before-invoice": _l("Rules of the portal: invoices come before their payment"),
    "category-not-budgeted": _l("Rules of the project: the partner's budget by category"),
    "contract-overrun": _l("Rules of the project: the amount agreed in the contract"),
}


class SaidFinding(NamedTuple):
    """A finding in words: what is wrong and what to do, and which rule says so."""

    code: str
    severity: str
    message: str
    source: str
    blocks_submission: bool

    @property
    def title(self) -> str:
        """The matter in a few words."""
        return str(TITLES[self.code])

    @property
    def label(self) -> str:
        """How severe it is, in words."""
        return str(AT_SUBMISSION if self.blocks_submission else SEVERITIES[self.severity])


def said(finding: Finding, *, plain: bool = False) -> SaidFinding:
    """The finding in the language of the moment.

    Amounts, days and categories as the language writes them; `plain` as files and JSON carry them.
    """
    values = finding.values if plain else {name: _shown(name, value) for name, value in finding.values.items()}
    message = sentence(Problem(finding.code, finding.column, values))
    return SaidFinding(finding.code, finding.severity, message, _source(finding), finding.blocks_submission)


def _shown(name: str, value: object) -> object:
    if isinstance(value, Amount):
        return show_amount(value.cents, value.currency)
    if isinstance(value, date):
        return show_date(value)
    if name in MONTHS and value:
        return show_long_month(date.fromisoformat(f"{value}-01"))
    if name == "totals" and isinstance(value, tuple):
        return [_shown("", each) for each in value]
    return str(COST_CATEGORIES[str(value)]) if name == "category" else value


def _source(finding: Finding) -> str:
    found = _flexibility(finding.values) if finding.code == "over-category" else str(SOURCES[finding.code])
    return _("%(rule)s (assumed)", rule=found) if finding.values.get("assumed") else found


def _flexibility(values: Mapping[str, Any]) -> str:
    """The rule by which a category's budget may be exceeded."""
    percent = show_percentage(BasisPoints(values["percent"]))
    if values["scope"] == "category":
        return str(_("Rules of the project: flexibility of %(percent)s of the category's budget", percent=percent))
    if values["scope"] == "partner":
        return str(_("Rules of the project: flexibility of %(percent)s of the partner's budget", percent=percent))
    return str(_("Rules of the project: the partner's budget by category"))
