"""Reading an event's sessions: those that are stored, or its days where none are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.activities.models import AttendanceMark, Event, EventSession
from portal.activities.rules.sessions import Span, event_days
from portal.core.db import among, db
from portal.core.errors import NotFound


class SessionRow(NamedTuple):
    """A part of an event with a sheet of its own; `position` counts from 1 in the order of time.

    `title` is by language and empty for most days; `sheet_count` is None until somebody has said how many signatures
    the sheet has; `is_own` sessions were made by a person, the others are the event's days.
    """

    position: int
    title: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    minutes: int
    sheet_count: int | None
    is_own: bool


def list_sessions(event: Event) -> list[SessionRow]:
    """The event's sessions in the order of time; never none."""
    return list_sessions_of([event])[event.id]


def list_sessions_of(events: Collection[Event]) -> dict[int, list[SessionRow]]:
    """Event id -> its sessions in the order of time; never none."""
    found: dict[int, list[SessionRow]] = defaultdict(list)
    ids = [event.id for event in events]
    stored = select(EventSession).where(among(EventSession.event_id, ids))
    for row in db.session.scalars(stored.order_by(EventSession.event_id, EventSession.position)):
        span = span_of(row)
        known = SessionRow(row.position, row.title, *span, span.minutes, row.sheet_count, row.is_own)
        found[row.event_id].append(known)
    return {event.id: found[event.id] or _days(event) for event in events}


def get_session(event: Event, position: int) -> SessionRow:
    """The event's session at this position; raise NotFound."""
    for row in list_sessions(event):
        if row.position == position:
            return row
    raise NotFound("session-unknown")


def list_stored(event_id: int) -> list[EventSession]:
    """The event's sessions that are stored, in order; none where its days have not been needed yet."""
    rows = select(EventSession).where(EventSession.event_id == event_id).order_by(EventSession.position)
    return list(db.session.scalars(rows))


def span_of(row: EventSession) -> Span:
    """From when until when the session is."""
    return Span(row.starts_at, row.ends_at)


def _days(event: Event) -> list[SessionRow]:
    days = event_days(event.starts_at, event.ends_at, event.time_zone)
    return [
        SessionRow(number, {}, *day, day.minutes, sheet_count=None, is_own=False)
        for number, day in enumerate(days, start=1)
    ]


def list_marked(session_ids: Collection[int]) -> frozenset[int]:
    """Those of the sessions at which somebody has been marked, present or not."""
    marked = select(AttendanceMark.session_id).where(among(AttendanceMark.session_id, session_ids)).distinct()
    return frozenset(db.session.scalars(marked)) if session_ids else frozenset()


def marked_positions(event: Event) -> frozenset[int]:
    """The positions of the event's sessions at which somebody has been marked."""
    rows = {row.id: row.position for row in list_stored(event.id)}
    return frozenset(rows[id_] for id_ in list_marked(rows))
