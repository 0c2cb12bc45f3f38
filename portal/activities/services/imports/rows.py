"""Events that imports write or rest on: held against other writers, and their versions counted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.activities.models import Event
from portal.activities.services.events import lock_project
from portal.core.errors import Conflict
from portal.imports.models import Import
from portal.imports.services.rows import chunks


class Held(NamedTuple):
    """An event that nobody else changes until the transaction ends."""

    ref: str
    version: int


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


def hold_written(session: Session, model: Any, import_id: int) -> dict[int, Held]:
    """Hold the events at which rows of the import stand; event id -> the event."""
    code = session.get_one(Import, import_id).project_code
    standing = select(model.event_id).where(model.import_id == import_id).distinct()
    return hold(session, code, list(session.scalars(standing)))


def count_by_event(session: Session, model: Any, event_ids: Sequence[int]) -> int:
    """How many rows of the model belong to these events."""
    parts = [
        session.scalar(select(func.count()).select_from(model).where(model.event_id.in_(some)))
        for some in chunks(event_ids)
    ]
    return sum(part or 0 for part in parts)
