"""A small kind of file that shows the engine alone: fruits with a colour, each of one organisation.

Its rows are kept as used keys of forms, as that table is at hand and forgets nothing within a day.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.rules import Permission
from portal.core.db import db
from portal.core.errors import Conflict, Problem
from portal.core.once import FormKey
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable
from portal.imports.kinds import FileColumn, ImportKind, Plan, Request
from portal.imports.models import ImportedChange
from portal.projects.queries import list_organisations

PREFIX = "fruit:"
COLOURS = ("green", "red", "yellow")
COLUMNS = (
    FileColumn("name", "What it is called", is_key=True, is_required=True),
    FileColumn("colour", "Its colour", is_required=True, choices=lambda code: COLOURS),
    FileColumn(
        "organisation",
        "Whose it is",
        choices=lambda code: [each.key for each in list_organisations(code)] if code else (),
    ),
)


def plan(request: Request, table: ReadTable) -> Plan:
    stored, changes, problems = list_fruits(), {}, []
    rows = unchanged = 0
    for number, cells in table.rows:
        rows += 1
        request.progress(rows)
        facts = dict.fromkeys(("name", "colour", "organisation")) | dict(zip(table.columns, cells, strict=True))
        name, wanted = str(facts["name"]), [facts["colour"], facts["organisation"] or ""]
        problem = _problem(request, wanted)
        if problem:
            problems.append(RowProblem(number, *problem))
        elif stored.get(name) == wanted:
            unchanged += 1
        else:
            changes[name] = wanted
    if "plum" in changes:
        problems.append(RowProblem(0, "name", Problem("number-unreadable", "", {"value": "plum"}), is_warning=True))
    updated = len(changes.keys() & stored.keys())
    return Plan(rows, len(changes) - updated, updated, unchanged, problems, (dict(stored), changes))


def _problem(request: Request, wanted: Sequence[Any]) -> tuple[str, Problem] | None:
    if wanted[0] not in COLOURS:
        return "colour", Problem("unknown-value", "", {"value": wanted[0], "allowed": COLOURS})
    if request.reach is not None and wanted[1] not in request.reach:
        return "organisation", Problem("not-allowed")
    return None


def store(session: Session, import_id: int, planned: Plan, now: datetime) -> None:
    before, changes = planned.changes
    for name, wanted in changes.items():
        row = session.get(FormKey, PREFIX + name, populate_existing=True)
        if (row.result[:2] if row else None) != before.get(name):
            raise Conflict("event-stale")
        if row:
            session.add(ImportedChange(import_id=import_id, row_id=0, before={name: row.result}))
            row.result = [*wanted, import_id]
        else:
            session.add(FormKey(key=PREFIX + name, result=[*wanted, import_id], used_at=now))


def undo(session: Session, import_id: int, now: datetime) -> None:
    mine = [row for row in session.scalars(_all()) if row.result[2] == import_id]
    before: dict[str, Any] = {}
    for change in session.scalars(select(ImportedChange).where(ImportedChange.import_id == import_id)):
        before |= change.before
    check_undo(session, import_id)
    for row in mine:
        name = row.key.removeprefix(PREFIX)
        if name in before:
            row.result = before[name]
        else:
            session.execute(delete(FormKey).where(FormKey.key == row.key))


def check_undo(session: Session, import_id: int) -> None:
    if any(row.result[0] == "red" for row in session.scalars(_all()) if row.result[2] == import_id):
        raise Conflict("event-stale")


def export(code: str, reach: frozenset[str] | None) -> Iterator[tuple[str, str, str]]:
    for name, (colour, organisation) in list_fruits().items():
        if reach is None or organisation in reach:
            yield name, colour, organisation


def list_fruits() -> dict[str, list[str]]:
    """Name -> colour and organisation of every fruit that is stored, by name."""
    return {row.key.removeprefix(PREFIX): row.result[:2] for row in db.session.scalars(_all())}


def _all():
    return select(FormKey).where(FormKey.key.startswith(PREFIX)).order_by(FormKey.key)


def fruits(**changes: Callable[..., Any]) -> ImportKind:
    """The kind, with the changes."""
    kind = ImportKind("fruits", "Fruits", Permission.EDIT_EVENTS, COLUMNS, plan, store, undo, check_undo, export)
    return kind._replace(**changes)
