"""An event's sessions: its days, written when they are first needed, and kept right when its times change."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.activities.models import Event, EventSession
from portal.activities.queries.sessions import day_problems, list_stored, lost_days, moved_spans, span_of, time_problems
from portal.activities.rules.sessions import (
    Span,
    event_days,
    matched_days,
)
from portal.core.errors import InvalidInputs


def ensure_sessions(session: Session, event: Event) -> list[EventSession]:
    """The event's sessions in the order of time; its days are written now where it has none yet.

    The caller holds the event.
    """
    rows = list_stored(event.id)
    if rows:
        return rows
    days = event_days(event.starts_at, event.ends_at, event.time_zone)
    rows = [new_session(event, number, day) for number, day in enumerate(days, start=1)]
    session.add_all(rows)
    session.flush()
    return rows


def follow_times(session: Session, event: Event, before: Span) -> None:
    """Let the sessions follow the event's new times, `before` being the old ones.

    Its days become the days of the new times. Sessions that people made move with an event that moves by whole days,
    and otherwise stay. Raise InvalidInputs, at the field, where one of those would lie outside the event, or where a
    day would go at which people have been marked. The caller holds the event.
    """
    within = Span(event.starts_at, event.ends_at)
    rows = list_stored(event.id)
    if not rows:
        return
    if not rows[0].is_own:
        follow_days(session, event, rows)
        return
    problems = time_problems(event.id, before, within, event.time_zone)
    if problems:
        raise InvalidInputs(problems)
    spans = moved_spans(rows, before, within, event.time_zone)
    for row, span in zip(rows, spans, strict=True):
        row.starts_at, row.ends_at = span
    session.flush()


def follow_days(session: Session, event: Event, rows: Sequence[EventSession]) -> None:
    """Make the rows the event's days: those that stay, those that are new, and none else.

    Raise InvalidInputs where people have been marked on a day that would go.
    """
    days = event_days(event.starts_at, event.ends_at, event.time_zone)
    same = matched_days([span_of(row) for row in rows], days, event.time_zone)
    gone = lost_days(rows, days, event.time_zone)
    problems = day_problems(gone, Span(event.starts_at, event.ends_at), event.time_zone)
    if problems:
        raise InvalidInputs(problems)
    for row in gone:
        session.delete(row)
    kept = {day: rows[number] for number, day in same.items()}
    ordered = [kept.get(number) or new_session(event, 0, day) for number, day in enumerate(days)]
    for row, day in zip(ordered, days, strict=True):
        row.starts_at, row.ends_at, row.is_own = *day, False
    session.flush()
    number_sessions(session, ordered)


def number_sessions(session: Session, rows: Sequence[EventSession]) -> None:
    """Number the rows from 1; no two have the same number on the way there."""
    for step in (-1, 1):
        for number, row in enumerate(rows, start=1):
            row.position = step * number
        session.add_all(rows)
        session.flush()


def new_session(event: Event, position: int, span: Span) -> EventSession:
    """A session of the event without a title, not stored yet, under a number that none of its sessions has had."""
    event.last_session += 1
    return EventSession(
        event_id=event.id,
        position=position,
        number=event.last_session,
        title={},
        starts_at=span.starts_at,
        ends_at=span.ends_at,
    )
