"""A register of any size, by plain bulk inserts: five years of invoices of four partners, one of them in PLN.

One item in ten is staff, one in twenty lacks evidence, one in a hundred is not paid; half are certified and frozen.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from portal.budget.models import ExchangeRate, ExpenditureItem, ItemEvidence
from portal.budget.rules.items import invoice_key, name_key, order_key, tax_key
from portal.core.db import db, transaction
from portal.core.files.models import StoredFile
from portal.core.money import Cents, RateMicros, convert
from portal.projects.models import Activity, Organisation
from tests.conftest import NOW
from tests.make import PROJECT, make_project

RATE = RateMicros(4_256_300)
CATEGORIES = ("travel", "external", "equipment", "external", "travel", "external", "office", "external", "travel")
FIRST_DAY, DAYS = date(2025, 1, 1), 680
SHA256 = "c" * 64
CHUNK = 5_000


def fill_register(items: int) -> None:
    """LTPL00388 with so many items of its partners."""
    make_project()
    with transaction() as session:
        partners = session.scalars(
            select(Organisation).where(Organisation.project_code == PROJECT, Organisation.role != "associated")
        ).all()
        activities = session.scalars(select(Activity.id).where(Activity.project_code == PROJECT)).all()
        session.add(StoredFile(sha256=SHA256, size_bytes=1, media_type="application/pdf", stored_at=NOW))
        rate = {"project_code": PROJECT, "currency": "PLN", "rate_micros": RATE, "source": "file", "entered_at": NOW}
        session.execute(insert(ExchangeRate), [{**rate, "month": f"2026-{month:02}"} for month in range(1, 12)])
        rows: list[dict[str, Any]] = []
        for row in _items(items, partners, activities):
            rows.append(row)
            if len(rows) == CHUNK:
                session.execute(insert(ExpenditureItem), rows)
                rows = []
        if rows:
            session.execute(insert(ExpenditureItem), rows)
        ids = session.scalars(select(ExpenditureItem.id).order_by(ExpenditureItem.id)).all()
        proof = {"kind": "invoice", "sha256": SHA256, "filename": "invoice.pdf", "added_by": 0, "added_at": NOW}
        session.execute(insert(ItemEvidence), [{"item_id": each, **proof} for each in ids if each % 20])
    db.session.remove()


def _items(number: int, partners: Any, activities: Any) -> Iterator[dict[str, Any]]:
    for place in range(number):
        partner = partners[place % len(partners)]
        is_staff = place % 10 == 9
        day = FIRST_DAY + timedelta(days=DAYS * place // number)
        paid = None if place % 100 == 50 else day + timedelta(days=14)
        reference = f"K-{place:06}"
        cents = Cents(10_00 + place % 977 * 13)
        is_frozen = place < number // 2 and paid is not None
        supplier = "" if is_staff else f"Supplier {place % 300} ltd"
        tax_number = "" if is_staff else f"LT{place % 300:09}"
        invoice = "" if is_staff else f"FV {place}/2026"
        frozen = convert(cents, RATE) if partner.currency == "PLN" else cents
        yield {
            "project_code": PROJECT,
            "organisation_id": partner.id,
            "internal_reference": reference,
            "category": "staff" if is_staff else CATEGORIES[place % len(CATEGORIES)],
            "activity_id": activities[place % len(activities)],
            "supplier": supplier,
            "supplier_tax_number": tax_number,
            "invoice_number": invoice,
            "invoice_date": None if is_staff else day,
            "payment_date": paid,
            "description": f"Salary of month {place % 12}" if is_staff else "Catering of a workshop for professionals",
            "declared_cents": cents,
            "currency": partner.currency,
            "order_key": order_key(reference, None if is_staff else day, paid),
            "tax_key": tax_key(tax_number),
            "name_key": name_key(supplier),
            "invoice_key": invoice_key(invoice),
            "state": "certified" if is_frozen else "open",
            "report_number": 1 if is_frozen else None,
            "eur_cents": frozen if is_frozen else None,
            "certified_cents": cents if is_frozen else None,
            "rate_micros": RATE if is_frozen and partner.currency == "PLN" else None,
            "rate_month": "2025-07" if is_frozen and partner.currency == "PLN" else "",
            "created_at": NOW,
            "updated_at": NOW,
        }
