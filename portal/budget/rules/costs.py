"""What an item of expenditure itself lacks or states that its partner may not declare."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from portal.budget.rules.amounts import Amount
from portal.budget.rules.facts import ItemFacts, LatestRate, PartnerFacts, RegisterFacts
from portal.budget.rules.masking import SALARIES
from portal.core.errors import Problem
from portal.core.money import EURO, Cents

# Nobody sends an invoice for a salary.
NO_PAYROLL: Final = Problem("no-evidence", "", {"case": "staff"})


def check_cost(item: ItemFacts, partner: PartnerFacts, register: RegisterFacts) -> Iterator[Problem]:
    """What is wrong with the item as its partner's cost, whatever else is declared.

    Source: rules of the domain 2.
    """
    if partner.is_associated:
        yield Problem("not-associated", "organisation")
    if _is_above_invoice(item):
        values = {
            "declared": Amount(item.declared, item.currency),
            "total": Amount(Cents(item.invoice_total or 0), item.currency),
        }
        yield Problem("declared-above-invoice", "declared_amount", values)
    if item.category in partner.flat:
        yield Problem("flat-rate-category", "category", {"category": item.category})
    elif partner.categories and item.category not in partner.categories:
        yield Problem("category-not-budgeted", "category", {"category": item.category})
    if not item.has_evidence:
        yield NO_PAYROLL if item.category == SALARIES else Problem("no-evidence")
    yield from _check_currency(item, partner)
    if not item.is_frozen and (missing := find_missing_rate(item.currency, register.rates, register.today)):
        yield missing


def find_missing_rate(currency: str, rates: Mapping[str, LatestRate], today: date) -> Problem | None:
    """That the rate of today's month is not known, for what is not frozen at another; `rates` are the latest ones.

    Source: rules of the domain 1.7 and 2.
    """
    return None if currency == EURO else _missing_rate(currency, rates.get(currency), f"{today:%Y-%m}")


# Thousands of items are in one of few currencies.
@lru_cache(maxsize=64)
def _missing_rate(currency: str, latest: LatestRate | None, month: str) -> Problem | None:
    known = latest.month if latest else ""
    if known == month:
        return None
    values = {"case": "month" if latest else "none", "currency": currency, "month": month, "latest": known}
    return Problem("missing-rate", "currency", values)


def _check_currency(item: ItemFacts, partner: PartnerFacts) -> Iterator[Problem]:
    if item.currency not in (EURO, partner.currency):
        allowed = list(dict.fromkeys((EURO, partner.currency)))
        yield Problem("currency", "currency", {"currency": item.currency, "allowed": allowed})


def _is_above_invoice(item: ItemFacts) -> bool:
    """Whether more is declared than was invoiced, both in the same direction; nothing invoiced has none."""
    total = item.invoice_total
    return total is not None and item.declared * total >= 0 and abs(item.declared) > abs(total)
