"""How organisers divide an event into sessions of their own, and give them names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.activities.models import Event, EventSession
from portal.activities.queries.sessions import list_marked, list_stored, span_of
from portal.activities.rules.sessions import MOST_SESSIONS, SessionDraft, Span, check_session
from portal.activities.services.events import lock_event, touch
from portal.activities.services.sessions import ensure_sessions, follow_days, new_session, number_sessions
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound


def add_session(event_id: int, draft: SessionDraft, *, version: int, now: datetime) -> int:
    """Store a further session of the event and return its position; from then on its days are the organiser's own.

    Raise InvalidInputs for one outside the event's times or across another session, Conflict if the event changed
    since `version` or has as many sessions as there can be.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        rows = ensure_sessions(session, event)
        if len(rows) >= MOST_SESSIONS:
            raise Conflict("sessions-too-many", most=MOST_SESSIONS)
        row = new_session(event, len(rows) + 1, _checked(event, draft, rows))
        row.title = _title(draft)
        session.add(row)
        _take_over(session, event, [*rows, row], now)
        record(session, "session_added", event_subject(event), now=now, after=_columns(row))
        return row.position


def change_session(event_id: int, position: int, draft: SessionDraft, *, version: int, now: datetime) -> None:
    """Store what the draft says of the event's session; raise as `add_session`, and NotFound.

    A day that only gets a title stays the event's day and follows its times.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        rows = ensure_sessions(session, event)
        row = _at(rows, position)
        span = _checked(event, draft, [each for each in rows if each is not row])
        before, was = _columns(row), span_of(row)
        row.title, (row.starts_at, row.ends_at) = _title(draft), span
        if span != was:
            _take_over(session, event, rows, now)
        else:
            _count_change(event, now)
        record(session, "session_changed", event_subject(event), now=now, before=before, after=_columns(row))


def remove_session(event_id: int, position: int, *, version: int, now: datetime) -> None:
    """Take a session away from the event.

    Raise Conflict if people have been marked at it, if it is the only one, or if the event changed since `version`;
    NotFound.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        rows = ensure_sessions(session, event)
        row = _at(rows, position)
        if list_marked([row.id]):
            raise Conflict("session-marked")
        if len(rows) == 1:
            raise Conflict("session-only-one")
        record(session, "session_removed", event_subject(event), now=now, before=_columns(row))
        session.delete(row)
        session.flush()
        _take_over(session, event, [each for each in rows if each is not row], now)


def reset_sessions(event_id: int, *, version: int, now: datetime) -> None:
    """Let the event's days be its sessions again.

    Raise InvalidInputs where people have been marked at one that would go, Conflict if the event changed since
    `version`.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        rows = ensure_sessions(session, event)
        before = {"sessions": _shown(rows)}
        follow_days(session, event, rows)
        _count_change(event, now)
        after = {"sessions": _shown(list_stored(event.id))}
        record(session, "sessions_reset", event_subject(event), now=now, before=before, after=after)


def _take_over(session: Session, event: Event, rows: Sequence[EventSession], now: datetime) -> None:
    """Let the sessions be the organiser's own from now on, in the order of time."""
    for row in rows:
        row.is_own = True
    number_sessions(session, sorted(rows, key=lambda row: row.starts_at))
    _count_change(event, now)


def _count_change(event: Event, now: datetime) -> None:
    """Forms opened before the change are stale, and calendars take it over."""
    event.calendar_sequence += 1
    touch(event, now)


def _checked(event: Event, draft: SessionDraft, others: Sequence[EventSession]) -> Span:
    within = Span(event.starts_at, event.ends_at)
    return check_session(draft, within=within, others=[span_of(row) for row in others], zone=event.time_zone)


def _at(rows: Sequence[EventSession], position: int) -> EventSession:
    for row in rows:
        if row.position == position:
            return row
    raise NotFound("session-unknown")


def _title(draft: SessionDraft) -> dict[str, str]:
    return {language: text for language, text in draft.title.items() if text}


def _columns(row: EventSession) -> dict[str, Any]:
    """The session's facts as the audit compares them."""
    return {
        "session": row.position,
        "title": dict(row.title),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }


def _shown(rows: Sequence[EventSession]) -> list[str]:
    return [f"{row.starts_at:%Y-%m-%d %H:%M} – {row.ends_at:%Y-%m-%d %H:%M} UTC" for row in rows]
