"""What the worker does every minute for registration; an event at which it fails keeps no other one waiting."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from portal.activities import registration_mails as mails
from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import HOLDING, MOST_HOURS, reminder_at
from portal.activities.services.events import hold_event
from portal.activities.services.registrations.promoting import pass_on
from portal.activities.services.registrations.telling import tell
from portal.activities.services.registrations.throttling import forget_attempts
from portal.audit.services import PORTAL, acting_as
from portal.core import failures
from portal.core.db import db, transaction
from portal.jobs.registry import register_chore

logger = logging.getLogger("portal.activities")


def register() -> None:
    """Let the worker pass seats on and remind people."""
    register_chore("lapse_registrations", lapse_due)
    register_chore("remind_of_events", remind_due)
    register_chore("forget_registration_attempts", forget_attempts)


def lapse_due(now: datetime) -> None:
    """Pass on, at every event, the seats whose confirmation or answer is overdue."""
    overdue = (
        select(Registration.event_id)
        .join(Participation, Participation.id == Registration.participation_id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.answer_until <= now, Participation.status.in_(HOLDING))
        .where(Event.status != EventStatus.CANCELLED)
    )
    events = db.session.scalars(overdue.distinct().order_by(Registration.event_id)).all()
    _each(events, lambda session, event, desk: pass_on(session, event, desk, now=now), "pass seats on")


def remind_due(now: datetime) -> None:
    """Remind those who have confirmed a seat of each event that begins soon, once; not who confirmed it only then."""
    soon = (
        select(Event.id, Event.starts_at, RegistrationDesk.reminder_hours)
        .join(RegistrationDesk, RegistrationDesk.event_id == Event.id)
        .where(Event.status == EventStatus.PLANNED, RegistrationDesk.reminder_hours > 0)
        .where(Event.starts_at > now, Event.starts_at <= now + timedelta(hours=MOST_HOURS))
    )
    found = db.session.execute(soon.order_by(Event.id)).all()
    moments = {id_: reminder_at(hours, starts_at=starts_at) for id_, starts_at, hours in found}
    due = [id_ for id_, moment in moments.items() if moment is not None and moment <= now]
    events = [id_ for id_ in due if db.session.scalar(_unreminded(id_, moments[id_]).limit(1)) is not None]
    _each(events, lambda session, event, desk: _remind(session, event, desk, now), "remind people")


def _remind(session: Session, event: Event, desk: RegistrationDesk, now: datetime) -> None:
    moment = reminder_at(desk.reminder_hours, starts_at=event.starts_at)
    # It may have been moved, or called off, since it was found.
    if event.status != EventStatus.PLANNED or moment is None or not moment <= now < event.starts_at:
        return
    for row in session.scalars(_unreminded(event.id, moment)).all():
        row.reminded_at = now
        tell(session, mails.REMINDER, row, now=now, until=event.starts_at)


def _unreminded(event_id: int, moment: datetime | None) -> Select[Registration]:
    """Those who are to be reminded of the event: confirmed before `moment`, and not told yet."""
    return (
        select(Registration)
        .join(Registration.participation)
        .where(Registration.event_id == event_id, Registration.reminded_at.is_(None), Registration.email != "")
        .where(Participation.status == ParticipationStatus.REGISTERED, Registration.confirmed_at <= moment)
        .order_by(Registration.place)
        .options(contains_eager(Registration.participation))
    )


def _each(event_ids: Sequence[int], act: Callable[[Session, Event, RegistrationDesk], object], what: str) -> None:
    """Let `act` change each of the events, held and in a transaction of its own."""
    for event_id in event_ids:
        try:
            with acting_as(PORTAL), transaction() as session:
                # In closed projects too: what was promised there ends as anywhere.
                event = hold_event(session, event_id)
                act(session, event, session.get_one(RegistrationDesk, event_id))
        except Exception as error:  # noqa: BLE001  whatever it is, the other events are attended to, and this one again
            logger.error("event %s: could not %s: %s", event_id, what, failures.described(error))
