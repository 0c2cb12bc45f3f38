"""Registers of expenditure as plain values, for tests of what is found in them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.budget.rules.facts import ContractFacts, ItemFacts, LatestRate, PartnerFacts, RegisterFacts
from portal.budget.rules.findings import judge
from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.items import invoice_key, name_key, order_key, tax_key

# The project runs for the year 2026.
FIRST_DAY, LAST_DAY, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 20)


def make_item(key: int = 1, **changes: Any) -> ItemFacts:
    """EUR 100.00 of lps for catering, invoiced on 10 March and paid ten days later, in order; or as stated.

    `number`, `supplier`, `tax_number` and `reference` are what someone writes; each item has its own unless stated.
    """
    reference = changes.pop("reference", f"K-{key}")
    number, supplier = changes.pop("number", f"FV {key}"), changes.pop("supplier", "Example caterer")
    tax_number = changes.pop("tax_number", "")
    stated: dict[str, Any] = {
        "organisation": "lps",
        "category": "external",
        "work_package": 1,
        "activity": "1.1",
        "invoice_date": date(2026, 3, 10),
        "payment_date": date(2026, 3, 20),
        "invoice_total": 100_00,
        "declared": 100_00,
        "currency": "EUR",
        "contract_id": None,
        "state": "open",
        "has_evidence": True,
        **changes,
    }
    stated.setdefault("eur", stated["declared"])
    keys = {"tax_key": tax_key(tax_number), "name_key": name_key(supplier)}
    keys["invoice_key"] = invoice_key(number)
    place = order_key(reference, stated["invoice_date"], stated["payment_date"])
    return ItemFacts(key=key, reference=reference, order_key=place, **{**keys, **stated})


def make_partner(key: str = "lps", **changes: Any) -> PartnerFacts:
    """A partner without budget lines that spends in euro and has EUR 1,000.00; or as stated."""
    stated = {"is_associated": False, "currency": "EUR", "budget": 1_000_00, "categories": {}, "flat_rates": {}}
    stated |= changes
    return PartnerFacts(key=key, flat=flat_categories(stated["flat_rates"]), **stated)


def make_register(items: Iterable[ItemFacts], *partners: PartnerFacts, **changes: Any) -> RegisterFacts:
    """The items of 2026 with a flexibility of 20 % of each category; lps, and ols in złoty, unless stated."""
    known = {each.key: each for each in (make_partner(), make_partner("ols", currency="PLN"), *partners)}
    stated: dict[str, Any] = {
        "today": TODAY,
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "grace_days": 30,
        "currency": "EUR",
        "flexibility_scope": "category",
        "flexibility": 20_00,
        "contracts": {7: ContractFacts("C-7", 1_000_00, "EUR")},
        "rates": {"PLN": LatestRate("2026-11", 4_256_300)},
    }
    return RegisterFacts(partners=known, items=list(items), **{**stated, **changes})


def codes(items: Iterable[ItemFacts], *partners: PartnerFacts, **changes: Any) -> dict[int, list[str]]:
    """Key -> the codes of what is found, worst first."""
    found = judge(make_register(items, *partners, **changes))
    return {key: [each.code for each in findings] for key, findings in found.items()}
