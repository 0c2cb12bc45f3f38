"""An event's sessions: its days, written when they are first needed, and kept right when its times change."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.activities.models import Event, EventSession
from portal.activities.queries.sessions import list_marked, list_stored, span_of
from portal.activities.rules.sessions import (
    Span,
    event_days,
    later_by,
    matched_days,
    moved_days,
    outside_problems,
    shown_times,
)
from portal.core.errors import InvalidInputs, Problem


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
    days = moved_days(before, within, event.time_zone)
    spans = [span_of(row) if days is None else later_by(span_of(row), days, event.time_zone) for row in rows]
    problems = outside_problems(spans, within=within, zone=event.time_zone)
    if problems:
        raise InvalidInputs(problems)
    for row, span in zip(rows, spans, strict=True):
        row.starts_at, row.ends_at = span
    session.flush()


def follow_days(session: Session, event: Event, rows: Sequence[EventSession]) -> None:
    """Make the rows the event's days: those that stay, those that are new, and none else.

    Raise InvalidInputs where people have been marked on a day that would go.
    """
    days = event_days(event.starts_at, event.ends_at, event.time_zone)
    same = matched_days([span_of(row) for row in rows], days, event.time_zone)
    gone = [row for number, row in enumerate(rows) if number not in same]
    marked = list_marked([row.id for row in gone])
    problems = [_marked_problem(event, span_of(row)) for row in gone if row.id in marked]
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


def _marked_problem(event: Event, day: Span) -> Problem:
    """That a day must stay, said at the end of the event that leaves it out."""
    where = "ends" if day.ends_at > event.ends_at else "starts"
    return Problem("day-marked", where, shown_times(day, event.time_zone))


def number_sessions(session: Session, rows: Sequence[EventSession]) -> None:
    """Number the rows from 1; no two have the same number on the way there."""
    for step in (-1, 1):
        for number, row in enumerate(rows, start=1):
            row.position = step * number
        session.add_all(rows)
        session.flush()


def new_session(event: Event, position: int, span: Span) -> EventSession:
    """A session of the event without a title, not stored yet."""
    return EventSession(event_id=event.id, position=position, title={}, starts_at=span[0], ends_at=span[1])
