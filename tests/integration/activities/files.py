"""Bringing files of events, participations and headcounts, as the tests of imports do. Each needs an app context."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.tables.reading import ReadRow, ReadTable, Value
from portal.imports.kinds import ImportKind, Plan, Request, find_kind
from portal.imports.models import Import
from portal.imports.services.ending import undo
from portal.imports.services.storing import import_file
from tests.conftest import NOW
from tests.make import PROJECT


def kind(name: str) -> ImportKind:
    """The kind of file with this name."""
    found = find_kind(name)
    assert found is not None
    return found


def request(reach: Iterable[str] | None = None, project_code: str = PROJECT) -> Request:
    """Somebody's file whose right reaches these organisations (None: all)."""
    return Request(project_code, None if reach is None else frozenset(reach), NOW, lambda done: None)


def table(rows: Sequence[dict[str, Any]]) -> ReadTable:
    """The table of these rows as a file would give them, the first in row 2; what a row does not have is empty."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    cells = [tuple(_cell(row.get(column)) for column in columns) for row in rows]
    return ReadTable(columns, iter([ReadRow(at, values) for at, values in enumerate(cells, start=2)]))


def _cell(value: Value) -> Value:
    return (value.strip() or None) if isinstance(value, str) else value


def plan(name: str, *rows: dict[str, Any], reach: Iterable[str] | None = None) -> Plan:
    """What storing these rows would do."""
    return kind(name).plan(request(reach), table(rows))


def found(result: Plan) -> list[tuple[int, str, str]]:
    """Row, column and code of everything that is wrong."""
    return [(each.row, each.column, each.problem.code) for each in result.problems]


def counts(result: Plan) -> tuple[int, int, int]:
    """How many rows are created, updated and unchanged."""
    return result.created, result.updated, result.unchanged


def bring_rows(folder: Path, name: str, *rows: dict[str, Any], reach: Iterable[str] | None = None) -> int:
    """Import these rows out of a CSV and return the import's id; fail if anything is wrong with them."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return bring(path, name, reach=reach)


def bring(path: Path, name: str, *, reach: Iterable[str] | None = None) -> int:
    """Import the file and return the import's id; fail if anything is wrong with it or nothing is new."""
    checked = import_file(kind(name), request(reach), path, only_try=False)
    assert found(checked.plan) == []
    assert checked.plan.created or checked.plan.updated
    return db.session.scalar(select(func.max(Import.id))) or 0


def take_back(import_id: int) -> None:
    """Undo the import."""
    undo(import_id, now=NOW)


def exported(name: str, reach: Iterable[str] | None = None, project_code: str = PROJECT) -> list[dict[str, Any]]:
    """The rows of the kind as they are exported, by column."""
    columns = [column.name for column in kind(name).columns]
    rows = kind(name).export(project_code, None if reach is None else frozenset(reach))
    return [dict(zip(columns, row, strict=True)) for row in rows]
