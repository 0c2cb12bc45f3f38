"""Reading an event's sessions: those that are stored, or its days where none are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.activities.models import AttendanceMark, Event, EventSession
from portal.activities.rules.sessions import (
    Span,
    event_days,
    later_by,
    matched_days,
    moved_days,
    outside_problems,
    shown_times,
)
from portal.core.db import among, db
from portal.core.errors import NotFound, Problem


class SessionRow(NamedTuple):
    """A part of an event with a sheet of its own; `position` counts from 1 in the order of time.

    `title` is by language and empty for most days; `sheet_count` is None until somebody has said how many signatures
    the sheet has; `is_own` sessions were made by a person, the others are the event's days.
    `number` is its own for ever.
    """

    position: int
    title: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    minutes: int
    sheet_count: int | None
    is_own: bool
    number: int


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
        known = SessionRow(row.position, row.title, *span, span.minutes, row.sheet_count, row.is_own, row.number)
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
        SessionRow(number, {}, *day, day.minutes, sheet_count=None, is_own=False, number=number)
        for number, day in enumerate(days, start=1)
    ]


def time_problems(event_id: int, before: Span, within: Span, zone: str) -> list[Problem]:
    """What keeps the event's sessions from following it from the times `before` to those `within`; [] if nothing.

    Each problem stands at the field, "starts" or "ends", and `zone` is the one the event will be in.
    """
    rows = list_stored(event_id)
    if not rows:
        return []
    if rows[0].is_own:
        return outside_problems(moved_spans(rows, before, within, zone), within=within, zone=zone)
    return day_problems(lost_days(rows, event_days(*within, zone), zone), within, zone)


def day_problems(gone: Sequence[EventSession], within: Span, zone: str) -> list[Problem]:
    """That days must stay at which people have been marked, each said at the end of the event that leaves it out."""
    marked = list_marked([row.id for row in gone])
    return [
        Problem("day-marked", "ends" if row.ends_at > within.ends_at else "starts", shown_times(span_of(row), zone))
        for row in gone
        if row.id in marked
    ]


def moved_spans(rows: Sequence[EventSession], before: Span, within: Span, zone: str) -> list[Span]:
    """When the sessions that people made are once the event has moved: later by whole days with it, or as before."""
    days = moved_days(before, within, zone)
    return [span_of(row) if days is None else later_by(span_of(row), days, zone) for row in rows]


def lost_days(rows: Sequence[EventSession], days: Sequence[Span], zone: str) -> list[EventSession]:
    """Those of the event's stored days that are none of its new ones."""
    same = matched_days([span_of(row) for row in rows], days, zone)
    return [row for number, row in enumerate(rows) if number not in same]


def list_marked(session_ids: Collection[int]) -> frozenset[int]:
    """Those of the sessions at which somebody has been marked, present or not."""
    marked = select(AttendanceMark.session_id).where(among(AttendanceMark.session_id, session_ids)).distinct()
    return frozenset(db.session.scalars(marked)) if session_ids else frozenset()


def marked_positions(event: Event) -> frozenset[int]:
    """The positions of the event's sessions at which somebody has been marked."""
    rows = {row.id: row.position for row in list_stored(event.id)}
    return frozenset(rows[id_] for id_ in list_marked(rows))
