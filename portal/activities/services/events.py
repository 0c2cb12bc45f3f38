"""Creating, changing, holding and cancelling events."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.activities.models import Event, RegistrationDesk
from portal.activities.rules.drafts import EventDraft, EventTimes, check_draft, next_ref
from portal.activities.rules.events import EventStatus, Shown, check_move, shown
from portal.activities.rules.registrations import check_capacity
from portal.activities.rules.sessions import Span
from portal.activities.services.registrations.following import follow_event
from portal.activities.services.sessions import follow_times
from portal.activities.services.trail import event_columns, event_subject
from portal.audit.services import record
from portal.core.db import among, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.models import Activity, Organisation, Project

# In a closed project nothing is recorded any more.
CLOSED = "closed"


def create_event(project_code: str, draft: EventDraft, *, now: datetime, example: bool = False) -> int:
    """Store a planned event and return its id; a draft without a reference gets the next free one.

    Raise InvalidInputs with everything that is wrong.
    """
    with transaction() as session:
        event = Event(project_code=project_code, created_at=now, is_example=example, version=0)
        _apply(session, event, draft, now)
        session.add(event)
        session.flush()
        record(session, "event_created", event_subject(event), now=now, after=event_columns(event))
        return event.id


def update_event(event_id: int, draft: EventDraft, *, version: int, now: datetime) -> None:
    """Store what the draft says of the event.

    Raise Conflict if someone has changed it since `version`, InvalidInput for a draft that cannot be stored or that
    would put a held event into the future.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        before, was = event_columns(event), shown(event)
        check_capacity(draft.capacity, event.seats_taken)
        _apply(session, event, draft, now)
        # Someone has made it theirs.
        event.is_example, event.import_id = False, None
        if event.status == EventStatus.HELD and event.starts_at > now:
            raise InvalidInput("held-in-future", where="starts")
        follow_change(session, event, was, now=now)
        record(session, "event_changed", event_subject(event), now=now, before=before, after=event_columns(event))


def move_event(event_id: int, status: str, *, version: int, now: datetime) -> None:
    """Mark the event as held or cancelled, or as planned again.

    Raise Conflict if it changed since `version`, if its state does not allow it, or if it has not begun.
    """
    with transaction() as session:
        event = lock_event(session, event_id, version)
        check_move(event.status, status, starts_at=event.starts_at, now=now)
        was = shown(event)
        before, event.status = event.status, status
        event.import_id = None
        touch(event, now)
        follow_change(session, event, was, now=now)
        changed = {"before": {"status": before}, "after": {"status": status}}
        record(session, f"event_{status}", event_subject(event), now=now, **changed)


def remove_examples(project_code: str, *, now: datetime) -> int:
    """Delete the project's invented events with all that hangs on them; return how many there were.

    Raise Conflict if something else names one of them, such as a cost.
    """
    with transaction() as session:
        examples = session.scalars(select(Event).where(Event.project_code == project_code, Event.is_example)).all()
        for event in examples:
            record(session, "example_removed", event_subject(event), now=now, before=event_columns(event))
            session.delete(event)
        try:
            session.flush()
        except IntegrityError as error:
            # What belongs to rooms above this one is known to the database only.
            raise Conflict("examples-named") from error
        return len(examples)


def hold_event(session: Session, event_id: int) -> Event:
    """The event, held against other writers until the transaction ends, in closed projects too; raise NotFound."""
    held = select(Event).where(Event.id == event_id).with_for_update()
    # As it is now that it is held, though it may have been read before.
    event = session.scalar(held.execution_options(populate_existing=True))
    if event is None:
        raise NotFound("event-unknown")
    return event


def lock_event(session: Session, event_id: int, version: int | None = None) -> Event:
    """The event, held against other writers until the transaction ends.

    Raise NotFound, or Conflict if `version` is given and no longer the event's, or if the project is closed.
    """
    event = hold_event(session, event_id)
    if version is not None and event.version != version:
        raise Conflict("event-stale")
    if session.scalar(select(Project.status).where(Project.code == event.project_code)) == CLOSED:
        raise Conflict("project-closed")
    return event


def lock_project(session: Session, code: str) -> None:
    """Hold the project against other writers: what must be unique in it is looked up under this lock.

    Whoever holds events too holds them first. Rows that only refer to the project need not wait. Raise Conflict if
    the project is closed.
    """
    locked = select(Project.status).where(Project.code == code).with_for_update(key_share=True)
    if session.scalar(locked) == CLOSED:
        raise Conflict("project-closed")


def follow_change(session: Session, event: Event, was: Shown, *, now: datetime) -> None:
    """Let calendars, sessions and those who registered follow a change of the event, which was `was` before it.

    Raise InvalidInputs where its sessions cannot follow its times.
    """
    if shown(event) != was:
        event.calendar_sequence += 1
    if shown(event).whereabouts != was.whereabouts:
        follow_times(session, event, Span(was.starts_at, was.ends_at))
    follow_event(session, event, was, now=now)


def follow_changes(session: Session, were: Mapping[int, Shown], *, now: datetime) -> None:
    """Do as `follow_change` for many events, given by id, after statements that the session has not seen."""
    session.expire_all()
    desks = set(session.scalars(select(RegistrationDesk.event_id).where(among(RegistrationDesk.event_id, were))))
    for event in session.scalars(select(Event).where(among(Event.id, were)).order_by(Event.id)).all():
        # More seats are passed on, though calendars show nothing of them.
        if event.id in desks or shown(event) != were[event.id]:
            follow_change(session, event, were[event.id], now=now)
    session.flush()


def touch(event: Event, now: datetime) -> None:
    """Count the change: forms opened before it are stale."""
    event.version += 1
    event.updated_at = now


def _apply(session: Session, event: Event, draft: EventDraft, now: datetime) -> None:
    code = event.project_code
    lock_project(session, code)
    activities = {each.number: each for each in session.scalars(select(Activity).where(Activity.project_code == code))}
    partners = session.scalars(
        select(Organisation).where(Organisation.project_code == code).order_by(Organisation.position)
    )
    organisations = {each.key: each for each in partners}
    others = select(Event.ref).where(Event.project_code == code, Event.id != event.id if event.id else true())
    with session.no_autoflush:
        taken = set(session.scalars(others))
    times = check_draft(draft, activities=activities, organisations=organisations, taken_refs=taken)
    event.ref = draft.ref or event.ref or next_ref(taken)
    event.title = {language: text for language, text in draft.title.items() if text}
    event.kind, event.place, event.country = draft.kind, draft.place, draft.country
    event.activity = activities[draft.activity]
    event.organisers = [each for key, each in organisations.items() if key in draft.organisers]
    event.is_public = draft.is_public
    event.capacity, event.planned_participants = draft.capacity, draft.planned_participants
    _set_times(event, times)
    touch(event, now)


def _set_times(event: Event, times: EventTimes) -> None:
    event.starts_at, event.ends_at, event.time_zone = times
    event.counting_date = times.starts_at.astimezone(ZoneInfo(times.time_zone)).date()
