"""Imports of expenditure with findings: how long they take and how much memory, each in a process of its own."""

import csv
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from flask import Flask

from portal.core.db import db
from portal.imports.kinds import Request
from portal.imports.queries import get_kind
from portal.imports.services.storing import import_file
from tests.benchmarks.imports import in_child, write_bare
from tests.conftest import NOW
from tests.make import PROJECT, make_project

ORGANISATION = "ols"
# The aims: seconds by number of rows, and megabytes.
AIMS = {10_000: 3.0, 100_000: 40.0}
MOST_MEGABYTES = 400
COLUMNS = (
    "internal_reference",
    "category",
    "activity",
    "supplier",
    "supplier_tax_number",
    "invoice_number",
    "invoice_date",
    "payment_date",
    "description",
    "invoice_total",
    "vat",
    "declared_amount",
    "currency",
)
CATEGORIES = ("travel", "external", "equipment", "office", "infrastructure")
ACTIVITIES = ("1.1", "1.2", "2.1", "2.4")
FIRST_DAY = date(2026, 1, 2)
# Every thousandth invoice is in the file twice: the next cost of its supplier repeats it.
SUPPLIERS, TWICE = 400, 1000


def measure_expenditure(built: Callable[[Path], Flask]) -> None:
    """Print the table of imports of expenditure; `built` makes an app on a new database in a folder."""
    print("\n| expenditure | rows | seconds | aim | peak memory, MB | aim |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for rows in AIMS:
        for ending in ("csv", "xlsx"):
            report(built, f"new {ending}", rows, ending, bring)
    report(built, "the same csv again", 100_000, "csv", bring_again)


def report(
    built: Callable[[Path], Flask], work: str, rows: int, ending: str, act: Callable[[Flask, Path], float]
) -> None:
    """Print the line of one work, which a child does on a new database."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), ending, rows)
        seconds, peak = in_child(lambda: act(prepare(built(Path(folder))), path))
        print(f"| {work} | {rows} | {seconds:.1f} | {AIMS[rows]:.0f} | {peak:.0f} | {MOST_MEGABYTES} |", flush=True)


def prepare(app: Flask) -> Flask:
    """LTPL00388 without any expenditure."""
    with app.app_context():
        make_project()
        db.session.remove()
        # A child must not share its parent's connections.
        db.engine.dispose()
    return app


def bring(app: Flask, path: Path) -> float:
    """Import the file with all checks and findings; return how long it took."""
    with app.app_context():
        request = Request(PROJECT, None, NOW, lambda rows: None, options={"organisation": ORGANISATION})
        start = time.perf_counter()
        checked = import_file(get_kind("expenditure"), request, path, only_try=False)
        seconds = time.perf_counter() - start
        if checked.plan.errors or len(checked.plan.problems) < checked.plan.rows:
            raise RuntimeError(f"the file was not imported with findings: {checked.plan.errors[:3]}")
        return seconds


def bring_again(app: Flask, path: Path) -> float:
    """Import the file; return how long it takes to find that it changes nothing any more."""
    in_child(lambda: bring(app, path))
    return bring(app, path)


def write(folder: Path, ending: str, rows: int) -> Path:
    """A file of so many invoices, of which a few stand in it twice and most exceed the partner's budget."""
    path = folder / f"costs.{ending}"
    if ending == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *_invoices(rows)])
    else:
        path.write_bytes(write_bare([COLUMNS, *_invoices(rows)]))
    return path


def _invoices(rows: int) -> Iterator[tuple[object, ...]]:
    for number in range(rows):
        day = FIRST_DAY + timedelta(days=number % 300)
        supplier = number % SUPPLIERS
        invoice = number - SUPPLIERS if number % TWICE == SUPPLIERS else number
        yield (
            f"K-{number:06}",
            CATEGORIES[number % len(CATEGORIES)],
            ACTIVITIES[number % len(ACTIVITIES)],
            f"Przykładowy dostawca {supplier}",
            f"PL {1000000000 + supplier}",
            f"FV {invoice:06}/2026",
            day.isoformat(),
            (day + timedelta(days=10)).isoformat(),
            f"Usługa nr {number}",
            "246.00",
            "46.00",
            f"{100 + number % 100}.{number % 90 + 10}",
            "PLN" if number % 2 else "EUR",
        )
