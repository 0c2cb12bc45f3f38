"""Reading the series that an event was made in."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.activities.models import Event
from portal.activities.rules.events import EventStatus
from portal.core.db import db


class SeriesPlace(NamedTuple):
    """An event in its series, in the order of time; `number` counts from 1, the neighbours are None at the ends."""

    number: int
    total: int
    previous_id: int | None
    next_id: int | None


def series_place(event: Event) -> SeriesPlace | None:
    """Which event of its series this is; None where it belongs to none."""
    if event.series_id is None:
        return None
    members = select(Event.id).where(Event.project_code == event.project_code, Event.series_id == event.series_id)
    ids = list(db.session.scalars(members.order_by(Event.starts_at, Event.id)))
    at = ids.index(event.id)
    return SeriesPlace(at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)


def list_starts(event: Event) -> list[datetime]:
    """When the events of the event's series start, but for those that were called off; none where it has no series."""
    if event.series_id is None:
        return []
    members = select(Event.starts_at).where(
        Event.project_code == event.project_code, Event.series_id == event.series_id
    )
    return list(db.session.scalars(members.where(Event.status != EventStatus.CANCELLED).order_by(Event.starts_at)))
