"""Registers of any shape in the database, for tests that find the same in them by different ways."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from portal.budget.models import BudgetLine, Contract, ExchangeRate, ExpenditureItem, ItemEvidence
from portal.budget.rules.items import ITEM_STATES, REPORTED_STATES, invoice_key, name_key, order_key, tax_key
from portal.core.db import transaction
from portal.core.files.models import StoredFile
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES
from tests.conftest import NOW
from tests.make import PROJECT, get_project

SHA256 = "a" * 64
# Two partners with budgets, one of them in złoty, and one that takes part without.
PARTNERS = ("lps", "ols", "lpro")


def fill_register(random: Random, items: int) -> list[int]:
    """LTPL00388 with this many items of any kind, budgets, flat rates, contracts and rates; return their ids in order.

    Budgets are of the size of what is declared, so that some items are within and some beyond them.
    """
    with transaction() as session:
        project = get_project(PROJECT)
        partners = {each.key: each for each in project.organisations if each.key in PARTNERS}
        project.flexibility_scope = random.choice(["", "category", "partner"])
        partners["lps"].flat_rates = random.choice([{}, {"office_on_staff": 15}, {"staff": 20, "travel": 15}])
        for partner in partners.values():
            partner.budget_cents = random.randint(0, items * 12_00)
            for category in random.sample(REAL_COST_CATEGORIES, 4):
                amount = random.randint(0, items * 3_00)
                session.add(BudgetLine(organisation=partner, category=category, amount_cents=amount))
            for currency in ("EUR", "PLN", "SEK"):
                session.add(_contract(random, partner, currency, items))
        rate = random.randint(4_000_000, 4_500_000)
        session.add(
            ExchangeRate(
                project_code=PROJECT, currency="PLN", month="2026-07", rate_micros=rate, source="hand", entered_at=NOW
            )
        )
        session.add(StoredFile(sha256=SHA256, size_bytes=1, media_type="application/pdf", stored_at=NOW))
        session.flush()
        contracts = [row.id for row in session.query(Contract).all()]
        places = [None, *(activity.id for package in project.work_packages for activity in package.activities)]
        rows = [_row(random, number, partners, contracts, places) for number in range(items)]
        session.execute(insert(ExpenditureItem), rows)
        ids = [row.id for row in session.query(ExpenditureItem.id).order_by(ExpenditureItem.id)]
        _correct(random, session.query(ExpenditureItem).order_by(ExpenditureItem.id).all())
        proof = {"kind": "invoice", "sha256": SHA256, "filename": "invoice.pdf", "added_at": NOW}
        proven = [{"item_id": item_id, **proof} for item_id in ids if random.random() < 0.8]
        session.execute(insert(ItemEvidence), proven)
        return ids


def _correct(random: Random, rows: list[ExpenditureItem]) -> None:
    """Let some items correct another one of the same organisation, of the same invoice where there is one."""
    for row in random.sample(rows, len(rows) // 5):
        mine = [each for each in rows if each.organisation_id == row.organisation_id and each.id != row.id]
        same = [each for each in mine if each.invoice_key == row.invoice_key]
        if same or mine:
            row.corrects_id = random.choice(same or mine).id


def _contract(random: Random, partner: Any, currency: str, items: int) -> Contract:
    return Contract(
        organisation=partner,
        reference=f"C-{currency}",
        name="Catering",
        amount_cents=random.randint(0, items * 5_00),
        currency=currency,
        created_at=NOW,
        updated_at=NOW,
    )


def _row(random: Random, number: int, partners: Any, contracts: list[int], places: list[int | None]) -> dict[str, Any]:
    invoice = random.choice([None, date(2025, 12, 1) + timedelta(days=random.randint(0, 760))])
    payment = random.choice([None, date(2026, 1, 1) + timedelta(days=random.randint(0, 760))])
    reference, state = f"K-{number}", random.choice(ITEM_STATES)
    supplier, invoice_number = random.choice(["", "Caterer", "Printer"]), random.choice(["", *map(str, range(30))])
    declared = random.randint(-50_00, 200_00)
    frozen = state in REPORTED_STATES or (state != "open" and random.random() < 0.3)
    return {
        "project_code": PROJECT,
        "organisation_id": partners[random.choice(PARTNERS)].id,
        "internal_reference": reference,
        "category": random.choice(REAL_COST_CATEGORIES),
        "activity_id": random.choice(places),
        "contract_id": random.choice([None, *contracts]),
        "invoice_date": invoice,
        "payment_date": payment,
        "description": "Catering",
        "invoice_total_cents": random.choice([None, 100_00, 300_00]),
        "declared_cents": declared,
        "currency": random.choice(["EUR", "PLN", "PLN", "SEK"]),
        "order_key": order_key(reference, invoice, payment),
        "tax_key": tax_key(random.choice(["", "", "LT1", "LT2"])),
        "name_key": name_key(supplier),
        "invoice_key": invoice_key(invoice_number),
        "state": state,
        "report_number": None if state == "open" else random.randint(1, 3),
        "eur_cents": declared // 3 if frozen else None,
        "created_at": NOW,
        "updated_at": NOW,
    }
