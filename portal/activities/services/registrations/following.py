"""What follows for registration when an event, or the list of its people, is changed by other ways than the page.

The caller holds the event, and has written the change.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities import registration_mails as mails
from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.desks import DeskTimes, times_before
from portal.activities.rules.events import EventStatus, Shown
from portal.activities.rules.links import NONCE
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import HOLDING, answer_until
from portal.activities.services.registrations.places import fit_places, hand_over, registrations_of
from portal.activities.services.registrations.promoting import pass_on
from portal.activities.services.registrations.seats import recount_seats
from portal.activities.services.registrations.telling import tell, tell_all
from portal.core.db import among


def follow_list(session: Session, event: Event, *, now: datetime, changed: Sequence[int] = ()) -> None:
    """Count the seats of the event anew and pass on what became free; `changed` are the rows whose status may differ.

    Nothing is done where the event has no registration page. Raise Conflict if more people have a seat than there are.
    """
    session.flush()
    desk = session.get(RegistrationDesk, event.id)
    if desk is None:
        return
    rows = registrations_of(session, changed) if changed else []
    ended = fit_places(session, event, desk, rows, now=now)
    if now < event.starts_at:
        _tell_cancelled(session, ended, now)
    for row in rows:
        if row.ended_at is not None and (leader := hand_over(session, row)) is not None:
            tell(session, mails.LINK, leader, now=now)
    recount_seats(session, event)
    pass_on(session, event, desk, now=now)


def _tell_cancelled(session: Session, rows: Sequence[Registration], now: datetime) -> None:
    """Tell those of the people whose places were taken back so, and who registered them."""
    gone = [row for row in rows if row.participation.status == ParticipationStatus.CANCELLED]
    told = {row.participation_id: row for row in gone}
    told |= {row.leader_id: session.get_one(Registration, row.leader_id) for row in gone}
    for row in told.values():
        tell(session, mails.CANCELLED, row, now=now)


def follow_lists(session: Session, event_ids: Collection[int], changed: Sequence[int], *, now: datetime) -> None:
    """Do as `follow_list` at each of the events, after statements that the session has not seen."""
    session.expire_all()
    asked = select(Event).join(RegistrationDesk, RegistrationDesk.event_id == Event.id).order_by(Event.id)
    for event in session.scalars(asked.where(among(Event.id, event_ids))).all():
        mine = select(Participation.id).where(Participation.event_id == event.id, among(Participation.id, changed))
        follow_list(session, event, now=now, changed=session.scalars(mine).all())


def readdress(session: Session, participation_id: int, old: str, new: str, *, now: datetime) -> None:
    """Let mails go to the corrected address of who registered, with another link: the old one was sent elsewhere."""
    row = session.get(Registration, participation_id)
    if row is not None and old != new and row.email == old:
        row.email, row.nonce = new if "@" in new else "", secrets.token_hex(NONCE // 2)
        tell(session, mails.LINK, row, now=now)


def release(session: Session, participation_id: int, *, now: datetime) -> None:
    """Prepare that somebody's row is removed: the party that they registered goes on with its next person."""
    row = session.get(Registration, participation_id)
    if row is not None and (leader := hand_over(session, row)) is not None:
        tell(session, mails.LINK, leader, now=now)


def follow_event(session: Session, event: Event, before: Shown, *, now: datetime) -> None:
    """Let registration keep to the event as it is now, tell those on its list, and pass on seats that were added.

    Nothing is done where the event has no registration page.
    """
    session.flush()
    desk = session.get(RegistrationDesk, event.id)
    if desk is None:
        return
    if event.starts_at != before.starts_at:
        _keep_to_start(session, event, desk, later=event.starts_at > before.starts_at)
    if event.status != EventStatus.CANCELLED and not before.takes_place:
        _ask_again(session, event, desk, now)
    if now < event.starts_at and (kind := _news(event, before)):
        tell_all(session, kind, event, now=now)
    pass_on(session, event, desk, now=now)


def _news(event: Event, before: Shown) -> str:
    """Which mail those on the list get; '' where nothing changed that concerns them."""
    if event.status == EventStatus.CANCELLED:
        return mails.CALLED_OFF if before.takes_place else ""
    is_elsewhere = (event.starts_at, event.ends_at, event.time_zone, event.place, event.country) != before.whereabouts
    return mails.MOVED if is_elsewhere or not before.takes_place else ""


def _keep_to_start(session: Session, event: Event, desk: RegistrationDesk, *, later: bool) -> None:
    """Let nothing be open or waited for once the event has begun, and people be reminded of the new time."""
    desk.opens_at, desk.closes_at = times_before(event.starts_at, DeskTimes(desk.opens_at, desk.closes_at))
    for row in _registrations(session, event):
        if row.answer_until is not None:
            row.answer_until = min(row.answer_until, event.starts_at)
        if later:
            row.reminded_at = None
    session.flush()


def _ask_again(session: Session, event: Event, desk: RegistrationDesk, now: datetime) -> None:
    """Wait anew for answers that could not be given while the event was called off."""
    waiting = select(Participation.id).where(Participation.event_id == event.id, Participation.status.in_(HOLDING))
    for row in registrations_of(session, session.scalars(waiting).all()):
        if row.answer_until is not None:
            hours = desk.offer_hours if row.participation.status == "offered" else desk.confirm_hours
            row.answer_until = max(row.answer_until, answer_until(hours, starts_at=event.starts_at, now=now))
    session.flush()


def _registrations(session: Session, event: Event) -> Sequence[Registration]:
    return session.scalars(select(Registration).where(Registration.event_id == event.id)).all()
