"""Rows that imports write: holding what they rest on, keeping how they were, taking them back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.activities.models import Event, Headcount, Participation
from portal.activities.rules.imports import Changes
from portal.activities.services.events import lock_project
from portal.core.errors import Conflict
from portal.imports.models import Import
from portal.imports.services.changes import Before, keep_before, known_imports, later_imports, rows_before

CHUNK = 1000

Model = type[Event] | type[Participation] | type[Headcount]
Item = TypeVar("Item")


class Held(NamedTuple):
    """An event that nobody else changes until the transaction ends."""

    ref: str
    version: int


class Written(NamedTuple):
    """What an import wrote, all of it still as it was written: rows it made, and row id -> how a row was before."""

    project_code: str
    created: list[int]
    changed: dict[int, dict[str, Any]]


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items, as many at a time as one statement takes."""
    for first in range(0, len(items), CHUNK):
        yield items[first : first + CHUNK]


def hold(session: Session, project_code: str, event_ids: Collection[int]) -> dict[int, Held]:
    """Hold the events and their project against other writers; event id -> the event, of those that are there.

    The order is everyone's, so that nobody waits for each other: events by id, then the project.
    """
    held: dict[int, Held] = {}
    for some in chunks(sorted(event_ids)):
        mine = select(Event.id, Event.ref, Event.version).where(Event.project_code == project_code)
        rows = session.execute(mine.where(Event.id.in_(some)).order_by(Event.id).with_for_update())
        held |= {id_: Held(ref, version) for id_, ref, version in rows}
    lock_project(session, project_code)
    return held


def hold_as_planned(session: Session, project_code: str, versions: Mapping[int, int]) -> dict[int, Held]:
    """Hold the events of these versions; raise Conflict if one is gone or has changed since it was looked at."""
    held = hold(session, project_code, versions)
    if {id_: event.version for id_, event in held.items()} != versions:
        raise Conflict("import-stale")
    return held


def touch_events(session: Session, event_ids: Collection[int], now: datetime) -> None:
    """Count the change of each event: forms opened before it are stale."""
    for some in chunks(sorted(event_ids)):
        counted = update(Event).where(Event.id.in_(some)).values(version=Event.version + 1, updated_at=now)
        session.execute(counted.execution_options(synchronize_session=False))


def load_rows(
    session: Session, model: Model, columns: Sequence[Any], condition: ColumnElement[bool]
) -> dict[int, dict[str, Any]]:
    """Row id -> column -> value, of the rows that meet the condition."""
    rows = session.execute(select(model.id, *columns).where(condition).order_by(model.id))
    return {id_: dict(zip((each.key for each in columns), values, strict=True)) for id_, *values in rows}


def store_rows(session: Session, model: Model, import_id: int, changes: Changes, facts: Sequence[Any]) -> None:
    """Write the rows of the changes under the import's number; keep the `facts` of those that were there before."""
    for some in chunks(changes.created):
        session.execute(insert(model), [{**row._asdict(), "import_id": import_id} for row in some])
    for some in chunks(changes.updated):
        ids = [id_ for id_, _ in some]
        before = load_rows(session, model, (*facts, model.import_id), model.id.in_(ids))
        if len(before) < len(ids):
            raise Conflict("import-stale")
        keep_before(session, import_id, before)
        session.execute(update(model), [{"id": id_, **row._asdict(), "import_id": import_id} for id_, row in some])


def written_by(session: Session, model: Model, import_id: int) -> Written:
    """What the import wrote; raise Conflict if any of it has been changed or removed since.

    Call it with everything held that could change.
    """
    mine = session.get_one(Import, import_id)
    before = rows_before(session, import_id)
    bearing = list(session.scalars(select(model.id).where(model.import_id == import_id).order_by(model.id)))
    written = mine.created + mine.updated
    if len(bearing) < written:
        changed = written - len(bearing)
        if later := later_imports(session, mine):
            raise Conflict("import-rows-taken-over", imports=later, changed=changed, written=written)
        raise Conflict("import-rows-changed", changed=changed, written=written)
    return Written(mine.project_code, [id_ for id_ in bearing if id_ not in before], before)


def hold_written(session: Session, model: Any, import_id: int) -> dict[int, Held]:
    """Hold the events at which rows of the import stand; event id -> the event."""
    code = session.get_one(Import, import_id).project_code
    standing = select(model.event_id).where(model.import_id == import_id).distinct()
    return hold(session, code, list(session.scalars(standing)))


def remove_rows(session: Session, model: Model, ids: Sequence[int]) -> None:
    """Delete these rows, with what the database deletes with them."""
    for some in chunks(ids):
        session.execute(delete(model).where(model.id.in_(some)).execution_options(synchronize_session=False))


def restore_rows(session: Session, model: Model, before: Before) -> None:
    """Let these rows be as they were before an import changed them."""
    earlier = known_imports(session, {columns["import_id"] for columns in before.values()} - {None})
    rows = [
        {"id": id_, **columns, "import_id": columns["import_id"] if columns["import_id"] in earlier else None}
        for id_, columns in before.items()
    ]
    for some in chunks(rows):
        session.execute(update(model), list(some))


def count_by_event(session: Session, model: Any, event_ids: Sequence[int]) -> int:
    """How many rows of the model belong to these events."""
    parts = [
        session.scalar(select(func.count()).select_from(model).where(model.event_id.in_(some)))
        for some in chunks(event_ids)
    ]
    return sum(part or 0 for part in parts)
