"""Files of expenditure, as the tests of their imports bring them. Each needs an app context."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import func, select

from portal.budget.models import ExpenditureItem
from portal.core.db import db
from portal.imports.kinds import Plan, Request
from portal.imports.models import Import
from portal.imports.queries import get_kind
from portal.imports.services.ending import undo
from portal.imports.services.storing import import_file
from tests.conftest import NOW
from tests.make import PROJECT

KIND = "expenditure"
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "money.json").read_text(encoding="utf-8"))["read_amount"]

# Nothing is wrong with it but that no file proves it.
TRAVEL = {
    "internal_reference": "K-1",
    "category": "travel",
    "activity": "1.1",
    "supplier": "Bus and Rail",
    "supplier_tax_number": "PL 525-000-00-01",
    "invoice_number": "FV 001/2026",
    "invoice_date": "2026-03-10",
    "payment_date": "2026-03-20",
    "description": "Bus to the workshop",
    "invoice_total": "1000.00",
    "vat": "80.00",
    "declared_amount": "1000.00",
    "currency": "EUR",
}
Row = dict[str, Any]


def request(organisation: str = "ols", reach: Iterable[str] | None = None) -> Request:
    """Someone's file of the organisation's items; the right reaches these organisations (None: all)."""
    reached = None if reach is None else frozenset(reach)
    return Request(PROJECT, reached, NOW, lambda done: None, options={"organisation": organisation})


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    """The rows as a CSV with semicolons; the columns are those of all rows."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Row]) -> Path:
    """The rows as a workbook: texts as texts, numbers as numbers, days as days."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for number, cells in enumerate([columns, *([row.get(name) for name in columns] for row in rows)]):
            for place, cell in enumerate(cells):
                page.write(number, place, cell)
    path.write_bytes(target.getvalue())
    return path


def check(path: Path, *, only_try: bool = False, **asked: Any) -> Plan:
    """Import the file, or only try to; return what was found."""
    return import_file(get_kind(KIND), request(**asked), path, only_try=only_try).plan


def bring(folder: Path, *rows: Row, **asked: Any) -> int:
    """Import these rows out of a CSV and return the import's id; fail if any is refused or nothing is new."""
    plan = check(write_csv(folder / "items.csv", rows), **asked)
    assert faults(plan) == []
    assert plan.created or plan.updated
    return db.session.scalar(select(func.max(Import.id))) or 0


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    """Row, column and code of every error."""
    return [(each.row, each.column, each.problem.code) for each in plan.problems if not each.is_warning]


def warnings(plan: Plan, *, but: str = "no-evidence") -> list[tuple[int, str, str]]:
    """Row, column and code of every warning, without those that every new item has."""
    found = [(each.row, each.column, each.problem.code) for each in plan.problems if each.is_warning]
    return [each for each in found if each[2] != but]


def counts(plan: Plan) -> tuple[int, int, int]:
    """How many rows are created, updated and unchanged."""
    return plan.created, plan.updated, plan.unchanged


def item(reference: str = "K-1") -> ExpenditureItem:
    """The item with the reference."""
    return db.session.scalars(select(ExpenditureItem).where(ExpenditureItem.internal_reference == reference)).one()


def references() -> list[str]:
    """The references of all items, in order."""
    return sorted(db.session.scalars(select(ExpenditureItem.internal_reference)))


def exported(reach: Iterable[str] | None = None) -> list[Row]:
    """The rows as they are exported, by column."""
    kind = get_kind(KIND)
    rows = kind.export(PROJECT, None if reach is None else frozenset(reach))
    return [dict(zip((column.name for column in kind.columns), row, strict=True)) for row in rows]


def take_back(import_id: int) -> None:
    """Undo the import."""
    undo(import_id, now=NOW)
