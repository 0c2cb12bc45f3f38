"""What is wrong with items of expenditure: of one, of a page, and of all, in a register of any size.

Three partners declare in euro and złoty; most items are open, budgets are exceeded, so that every sum is taken. Each
figure of milliseconds is a median.
"""

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from portal.budget.models import BudgetLine, Contract, ExchangeRate, ExpenditureItem
from portal.budget.queries.findings import findings_of, load_register
from portal.budget.rules.findings import judge
from portal.budget.rules.items import invoice_key, name_key, order_key
from portal.core.db import db, transaction
from portal.projects.models import Organisation
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES
from tests.benchmarks.databases import Database, tidy
from tests.benchmarks.pages import milliseconds
from tests.conftest import NOW
from tests.make import PROJECT, make_project, noted_queries

TODAY = NOW.date()
PARTNERS = ("lps", "ols", "lpro")
STATES = ("open", "open", "open", "in_report", "submitted", "certified")
PAGE = 50


def measure_findings(databases: Iterable[Database], rows: int) -> None:
    """Print how long the findings of one item, of a page and of all take; the middle of the register is asked for."""
    print(f"\nFindings with {rows} items in the register, spread over three partners and all of one:\n")
    print("| database | partners | one item, ms | queries | page of 50, ms | all, s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for database in databases:
        for partners in (PARTNERS, PARTNERS[:1]):
            with filled_register(database, rows, partners) as app, app.app_context():
                # As a register shows them: by day.
                ids = list(db.session.scalars(select(ExpenditureItem.id).order_by(ExpenditureItem.order_key)))
                middle = ids[len(ids) // 2 :]
                one = milliseconds(lambda middle=middle: find(middle[:1]))
                page = milliseconds(lambda middle=middle: find(middle[:PAGE]))
                with noted_queries(app) as queries:
                    find(middle[:1])
                start = time.perf_counter()
                judge(load_register(PROJECT, TODAY))
                whole = time.perf_counter() - start
                figures = f"{one:.1f} | {len(queries)} | {page:.1f} | {whole:.1f}"
                print(f"| {database.name} | {len(partners)} | {figures} |", flush=True)


def find(ids: list[int]) -> None:
    """The findings of these items, read anew."""
    findings_of(PROJECT, ids, TODAY)
    db.session.remove()


@contextmanager
def filled_register(database: Database, rows: int, partners: tuple[str, ...]) -> Iterator[Flask]:
    """The app on a new database with so many items of these partners."""
    with tempfile.TemporaryDirectory() as folder:
        app = database.build(Path(folder))
        with app.app_context():
            fill_register(rows, partners)
            tidy()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def fill_register(rows: int, partners: tuple[str, ...]) -> None:
    """LTPL00388 with so many items, budget lines, a contract of each partner and a rate."""
    make_project()
    with transaction() as session:
        owners = [session.scalars(select(Organisation).where(Organisation.key == key)).one() for key in partners]
        for owner in owners:
            for category in REAL_COST_CATEGORIES:
                session.add(BudgetLine(organisation=owner, category=category, amount_cents=10_000_00))
            session.add(
                Contract(
                    organisation=owner, reference="C-1", name="Catering", amount_cents=5_000_00, currency="EUR",
                    created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
        rate = {"currency": "PLN", "month": "2026-07", "rate_micros": 4_256_300, "source": "file", "entered_at": NOW}
        session.add(ExchangeRate(project_code=PROJECT, **rate))
        session.flush()
        contracts = list(session.scalars(select(Contract.id).order_by(Contract.id)))
        ids = [owner.id for owner in owners]
        session.execute(insert(ExpenditureItem), list(_rows(rows, ids, contracts)))
    db.session.remove()


def _rows(rows: int, owners: list[int], contracts: list[int]) -> Iterator[dict[str, Any]]:
    """Items of two years in no order; one in fifty names the contract, one in a hundred an invoice there is already."""
    for number in range(rows):
        place = number % len(owners)
        day = date(2026, 1, 5) + timedelta(days=number * 7919 % 300)
        reference, state = f"K-{number}", STATES[number // 7 % len(STATES)]
        invoice = f"FV {number - 1 if number % 100 == 0 else number}/2026"
        declared = 50_00 + number * 31 % 90_000
        yield {
            "project_code": PROJECT,
            "organisation_id": owners[place],
            "internal_reference": reference,
            "category": REAL_COST_CATEGORIES[number // 3 % len(REAL_COST_CATEGORIES)],
            "contract_id": None if number % 50 else contracts[place],
            "supplier": f"Caterer {number % 200}",
            "invoice_number": invoice,
            "invoice_date": day,
            "payment_date": day + timedelta(days=10),
            "description": "Catering of a workshop with forty people, two days, as ordered",
            "invoice_total_cents": declared,
            "declared_cents": declared,
            "currency": "PLN" if number // 11 % 3 == 0 else "EUR",
            "order_key": order_key(reference, day, None),
            "name_key": name_key(f"Caterer {number % 200}"),
            "invoice_key": invoice_key(invoice),
            "state": state,
            "report_number": None if state == "open" else 1,
            "eur_cents": declared if state in ("submitted", "certified") else None,
            "created_at": NOW,
            "updated_at": NOW,
        }
