"""Repeating an event: the events of a series are made together, or none of them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.activities.models import Event, EventSeries
from portal.activities.queries.series import list_starts
from portal.activities.queries.sessions import list_stored, span_of
from portal.activities.rules.copying import LocalTimes
from portal.activities.rules.drafts import EventDraft
from portal.activities.rules.series import Occurrence, Repetition, chosen_days, list_occurrences, tell_there
from portal.activities.rules.sessions import Span, later_by, outside_problems
from portal.activities.services.events import create_event, lock_event, touch
from portal.activities.services.sessions import new_session
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction


class SeriesPlan(NamedTuple):
    """How an event is repeated, and which of the dates are left out."""

    repetition: Repetition
    left_out: Collection[date] = ()


def repeat_event(event_id: int, plan: SeriesPlan, *, version: int, now: datetime) -> int:
    """Make the further events of a series, each with the event's facts and a reference of its own; return its id.

    The event is the series' first, or goes on with the one it belongs to. Its sessions come along where people made
    them; registration, attendance and evidence do not. None is made on a day on which the series has one at that time.
    Raise InvalidInputs with what is wrong with the dates, Conflict if the event changed since `version`.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        chosen = chosen_days(occurrences_of(event, plan.repetition), plan.left_out)
        if event.series_id is None:
            step = f"{plan.repetition.every} {plan.repetition.unit}"
            series = EventSeries(project_code=event.project_code, step=step, created_at=now)
            session.add(series)
            session.flush()
            event.series_id = series.id
        refs = [_make(session, event, each.times, now) for each in chosen if each.times]
        touch(event, now)
        record(session, "event_repeated", event_subject(event), now=now, after={"series": refs})
        return event.series_id


def occurrences_of(event: Event, repetition: Repetition) -> list[Occurrence]:
    """The dates that the repetition comes to, with those marked that the event's series has already.

    Raise InvalidInputs with what is wrong with the repetition.
    """
    found = list_occurrences(local_times(event), repetition, event.time_zone)
    zone = ZoneInfo(event.time_zone)
    return tell_there(found, {each.astimezone(zone).replace(tzinfo=None) for each in list_starts(event)})


def local_times(event: Event) -> LocalTimes:
    """When the event is, as clocks at its place show it."""
    clock = ZoneInfo(event.time_zone)
    return LocalTimes(*(each.astimezone(clock).replace(tzinfo=None) for each in (event.starts_at, event.ends_at)))


def _make(session: Session, source: Event, times: LocalTimes, now: datetime) -> str:
    """Store the event at these times and return its reference."""
    made = session.get_one(Event, create_event(source.project_code, _draft(source, times), now=now))
    made.series_id = source.series_id
    _copy_sessions(session, source, made)
    return made.ref


def _draft(event: Event, times: LocalTimes) -> EventDraft:
    return EventDraft(
        title=dict(event.title),
        kind=event.kind,
        activity=event.activity.number,
        organisers=event.organiser_keys,
        country=event.country,
        starts=times.starts,
        ends=times.ends,
        time_zone=event.time_zone,
        place=event.place,
        is_public=event.is_public,
        capacity=event.capacity,
        planned_participants=event.planned_participants,
    )


def _copy_sessions(session: Session, source: Event, made: Event) -> None:
    """Let the sessions that people made or named stand at the new event too, at the same hours of the clock."""
    rows = [row for row in list_stored(source.id) if row.is_own or row.title]
    if not rows:
        return
    rows = list_stored(source.id)
    days = local_times(made).starts.date() - local_times(source).starts.date()
    spans = [later_by(span_of(row), days, source.time_zone) for row in rows]
    within = Span(made.starts_at, made.ends_at)
    is_whole = all(span.starts_at < span.ends_at for span in spans)
    if not is_whole or outside_problems(spans, within=within, zone=made.time_zone):
        # Over a change of clocks they would not fit: the new event has its days.
        return
    for number, (row, span) in enumerate(zip(rows, spans, strict=True), start=1):
        copy = new_session(made, number, span)
        copy.title, copy.is_own = dict(row.title), row.is_own
        session.add(copy)
    session.flush()
