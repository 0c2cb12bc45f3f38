"""What people do with their places: confirm a seat, take an offered one, leave; and what organisers do for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities import registration_mails as mails
from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import ENDED, HOLDING, SEATED, check_move
from portal.activities.services.events import lock_event
from portal.activities.services.registrations.places import hand_over, members_of, move, registrations_of
from portal.activities.services.registrations.promoting import pass_on
from portal.activities.services.registrations.seats import leave_seats
from portal.activities.services.registrations.telling import tell
from portal.activities.services.registrations.throttling import let_once
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound

# What a confirmation makes one's own.
WAITING_FOR_ANSWER = frozenset({ParticipationStatus.UNCONFIRMED, ParticipationStatus.OFFERED})


def confirm(event_id: int, nonce: str, *, now: datetime) -> None:
    """Make the party's seats theirs: those not confirmed yet, or those offered; confirming twice changes nothing.

    Raise NotFound if nobody has this nonce, Conflict if there is no seat to confirm, if the time for it is over, or if
    the event was called off.
    """
    with transaction() as session:
        event, members = _party(session, event_id, nonce)
        if not members:
            raise Conflict("place-ended")
        if event.status == EventStatus.CANCELLED:
            raise Conflict("registration-cancelled")
        waiting = [each for each in members if each.participation.status in WAITING_FOR_ANSWER]
        if not waiting:
            if any(each.participation.status == ParticipationStatus.WAITLISTED for each in members):
                raise Conflict("place-waits")
            return
        if any(each.answer_until is not None and each.answer_until <= now for each in waiting):
            raise Conflict("place-lapsed")
        for each in waiting:
            move(each, ParticipationStatus.REGISTERED)
            each.confirmed_at, each.answer_until = now, None
        after = {"participation": members[0].leader_id, "people": len(waiting), "status": "registered"}
        record(session, "seat_confirmed", event_subject(event), now=now, after=after)
        tell(session, mails.CONFIRMED, members[0], now=now)


def cancel(event_id: int, nonce: str, *, now: datetime, only: int | None = None) -> None:
    """Give up the places of the party, or that of `only` one of it (the id of its row), and pass the seats on.

    Leaving twice changes nothing. Who of a whole party is at the event already stays. Raise NotFound if nobody has this
    nonce, or if `only` is not of the party; Conflict once the event has begun, or where all who would leave are there.
    """
    with transaction() as session:
        event, members = _party(session, event_id, nonce)
        if only is not None:
            _check_own(session, event_id, nonce, only)
        if now >= event.starts_at:
            raise Conflict("event-begun")
        leaving = [each for each in members if only in (None, each.participation_id)]
        absent = [each for each in leaving if each.participation.status not in SEATED]
        leave(session, event, absent or leaving, now=now)


def cancel_by_organiser(event_id: int, participation_id: int, *, now: datetime) -> None:
    """Take the place of one person at the event back, and pass the seat on; who registered the person is told.

    Cancelling twice changes nothing. Raise NotFound if the event has no such row, Conflict once it has begun.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        row = session.get(Participation, participation_id)
        if row is None or row.event_id != event_id:
            raise NotFound("participation-unknown")
        if now >= event.starts_at:
            raise Conflict("event-begun")
        if row.status in ENDED:
            return
        found = registrations_of(session, [participation_id])
        if found:
            leave(session, event, found, now=now)
        else:
            _leave_unregistered(session, event, row, now)


def leave(session: Session, event: Event, members: Sequence[Registration], *, now: datetime) -> None:
    """Take these people of one party out of the event's list in the caller's transaction, and pass their seats on.

    Who registered them is told. Where the leader leaves and others stay, the next one leads them, and is told so.
    """
    if not members:
        return
    told = session.get_one(Registration, members[0].leader_id)
    seats = sum(each.participation.status in HOLDING for each in members)
    following = next((each for each in members if each is told), None)
    for each in members:
        move(each, ParticipationStatus.CANCELLED)
        each.answer_until, each.ended_at = None, now
    session.flush()
    leave_seats(session, event.id, seats)
    after = {"participation": told.participation_id, "people": len(members), "status": "cancelled"}
    record(session, "registration_cancelled", event_subject(event), now=now, after=after)
    for each in [told, *(each for each in members if each is not told)]:
        tell(session, mails.CANCELLED, each, now=now)
    if following is not None and (leader := hand_over(session, following)) is not None:
        tell(session, mails.LINK, leader, now=now)
    pass_on(session, event, session.get_one(RegistrationDesk, event.id), now=now)


def send_link_again(event_id: int, email: str, *, now: datetime) -> None:
    """Mail the person with this e-mail the link to their own place, at most once an hour; nothing if there is none."""
    with transaction() as session:
        event = lock_event(session, event_id)
        mine = select(Participation.id).where(Participation.event_id == event.id, Participation.participant == email)
        person = session.scalar(mine.where(Participation.status.not_in(ENDED)))
        found = registrations_of(session, [person]) if person is not None else []
        if not found or not let_once(session, "registration link", f"{event.id} {email}", now=now):
            return
        row = found[0]
        # Somebody else registered the person, whose address it is all the same.
        row.email = row.email or email
        tell(session, mails.LINK, row, now=now)


def _leave_unregistered(session: Session, event: Event, row: Participation, now: datetime) -> None:
    """Cancel the place of somebody whom the organisers wrote onto the list."""
    seats = int(row.status in HOLDING)
    check_move(ParticipationStatus.REGISTERED if seats else row.status, ParticipationStatus.CANCELLED)
    row.status, row.import_id = ParticipationStatus.CANCELLED, None
    session.flush()
    after = {"participation": row.id, "people": 1, "status": "cancelled"}
    record(session, "registration_cancelled", event_subject(event), now=now, after=after)
    desk = session.get(RegistrationDesk, event.id)
    if desk is not None:
        leave_seats(session, event.id, seats)
        pass_on(session, event, desk, now=now)


def _party(session: Session, event_id: int, nonce: str) -> tuple[Event, list[Registration]]:
    """The event, held, and the party of whoever has the nonce, its first person first, without those who left."""
    event = lock_event(session, event_id)
    mine = _own(session, event_id, nonce)
    members = members_of(session, mine.leader_id)
    if mine.leader_id != mine.participation_id:
        members = [each for each in members if each is mine]
    return event, members


def _own(session: Session, event_id: int, nonce: str) -> Registration:
    mine = session.scalar(select(Registration).where(Registration.nonce == nonce, Registration.event_id == event_id))
    if mine is None:
        raise NotFound("registration-unknown")
    return mine


def _check_own(session: Session, event_id: int, nonce: str, participation_id: int) -> None:
    """Raise NotFound unless the row is that of whoever has the nonce, or of somebody whom they registered."""
    mine, wanted = _own(session, event_id, nonce), session.get(Registration, participation_id)
    if wanted is None or (wanted is not mine and wanted.leader_id != mine.participation_id):
        raise NotFound("registration-unknown")
