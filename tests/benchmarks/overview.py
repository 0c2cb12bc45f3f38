"""The budget beside what was spent: milliseconds and queries with many items, on the pages that show it."""

import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from portal.budget.models import BudgetLine, ExchangeRate, ExpenditureItem
from portal.budget.rules.items import order_key
from portal.core.db import db, transaction
from portal.core.money import convert
from portal.projects.queries import get_project
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES
from portal.reports.queries.budget import budget_table
from tests.benchmarks.databases import Database, tidy
from tests.benchmarks.pages import fetch, milliseconds
from tests.conftest import NOW
from tests.make import PROJECT, make_project, make_user, noted_queries, sign_in

SIZES = (10_000, 100_000)
PAGES = (
    ("overview", f"/projects/{PROJECT}/budget"),
    ("overview by category", f"/projects/{PROJECT}/budget?by=category"),
    ("overview by work package", f"/projects/{PROJECT}/budget?by=work_package"),
    ("overview by period", f"/projects/{PROJECT}/budget?by=period"),
    ("overview as XLSX", f"/projects/{PROJECT}/budget.xlsx"),
    ("project's home page", f"/projects/{PROJECT}/"),
)
PARTNERS = ("lps", "lpro", "ols")
RATE = 4_256_300
# Four in ten items are in one of four reports.
REPORTS, REPORTED = 4, 4


def measure_overview(databases: Iterable[Database]) -> None:
    """Print the table and every page that shows it at each size."""
    print("\nThe budget beside what was spent:\n")
    print("| database | items | page | ms | queries |")
    print("| --- | ---: | --- | ---: | ---: |")
    for database in databases:
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                _measure(database, Path(folder), size)


def fill_register(size: int) -> None:
    """LTPL00388 with so many items of three partners, in every category, activity and month of its first year."""
    make_project()
    project = get_project(PROJECT)
    owners = [each.id for each in project.organisations if each.key in PARTNERS]
    activities = [activity.id for package in project.work_packages for activity in package.activities]
    rows = [_item(number, owners[number % 3], activities[number % len(activities)]) for number in range(size)]
    rate = {"currency": "PLN", "month": "2026-07", "rate_micros": RATE, "source": "hand", "entered_at": NOW}
    lines = [
        {"organisation_id": owner, "category": category, "amount_cents": 20_000_00, "work_package": 1, "period": 1}
        for owner in owners
        for category in REAL_COST_CATEGORIES
    ]
    with transaction() as session:
        session.execute(insert(ExchangeRate), [{"project_code": PROJECT, **rate}])
        session.execute(insert(BudgetLine), lines)
        session.execute(insert(ExpenditureItem), rows)


def _item(number: int, organisation_id: int, activity_id: int) -> dict[str, Any]:
    """Every third is in PLN, and the last of them of the partner in Poland."""
    reference, day = f"K-{number:06}", date(2026, 1, 1) + timedelta(days=number % 320)
    currency, declared = ("PLN" if number % 3 == 2 else "EUR"), 100_00 + number % 997
    is_reported = number % 10 < REPORTED
    eur = convert(declared, RATE) if currency == "PLN" else declared
    return {
        "project_code": PROJECT,
        "organisation_id": organisation_id,
        "internal_reference": reference,
        "category": REAL_COST_CATEGORIES[number % len(REAL_COST_CATEGORIES)],
        "activity_id": activity_id,
        "invoice_date": day,
        "payment_date": day,
        "description": "Catering",
        "declared_cents": declared,
        "currency": currency,
        "order_key": order_key(reference, day, day),
        "state": "submitted" if is_reported else "open",
        "report_number": 1 + number % REPORTS if is_reported else None,
        "eur_cents": eur if is_reported else None,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _measure(database: Database, folder: Path, size: int) -> None:
    app = database.build(folder)
    with app.app_context():
        fill_register(size)
        tidy()
        taken = milliseconds(_read_table)
        user_id = make_user()
    print(f"| {database.name} | {size} | the table alone | {taken:.1f} | |", flush=True)
    browser = sign_in(app.test_client(), user_id)
    for name, address in PAGES:
        taken = milliseconds(lambda address=address: fetch(browser, address))
        with noted_queries(app) as queries:
            fetch(browser, address)
        print(f"| {database.name} | {size} | {name} | {taken:.1f} | {len(queries)} |", flush=True)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _read_table() -> None:
    budget_table(PROJECT)
    db.session.remove()
