"""Passing seats on: those whose time to answer is over lose theirs, and the first in the queue are offered them.

Only who holds the event comes here, so there is one order: two people cannot be offered one seat.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, contains_eager

from portal.activities import registration_mails as mails
from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import HOLDING, MOST_IN_PARTY, Waiting, answer_until, next_offers
from portal.activities.services.registrations.places import hand_over, move
from portal.activities.services.registrations.seats import leave_seats, take_seats
from portal.activities.services.registrations.telling import tell
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.projects.models import Project

# In such a project nobody answers any more.
CLOSED = "closed"
# How many places are looked at in one go.
MOST_AT_ONCE = 1_000


class Pending(NamedTuple):
    """Whether anybody's time to answer is over, and whether anybody waits for a seat."""

    overdue: bool
    queue: bool


def pass_on(
    session: Session, event: Event, desk: RegistrationDesk, *, now: datetime, pending: Pending | None = None
) -> int:
    """End what was not answered in time, offer the free seats to the first in the queue; return how many were offered.

    Nobody is offered a seat once the event has begun, nor where it is not planned any more or its project is closed, as
    nobody could take it. `pending` spares a look.
    """
    pending = pending or Pending(*session.execute(select(*pending_at(event.id, now))).one())
    if event.status == EventStatus.CANCELLED or not any(pending):
        return 0
    if pending.overdue:
        _lapse(session, event, now)
    if not pending.queue or now >= event.starts_at or event.status != EventStatus.PLANNED:
        return 0
    if session.scalar(select(Project.status).where(Project.code == event.project_code)) == CLOSED:
        return 0
    offered = 0
    while parties := _next_parties(session, event):
        for members in parties:
            _offer(session, event, desk, members, now)
        offered += len(parties)
    return offered


def pending_at(event_id: int, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What `Pending` says of the event, as parts of a query that reads no more rows at a large event than at a small.

    Whoever is overdue is found by the time, whoever waits by the status; an index over all registrations of the event
    (its number alone, hence + 0) would lead through each of them.
    """
    mine = Registration.participation_id == Participation.id, Registration.event_id + 0 == event_id
    overdue = exists().where(*mine, Registration.answer_until <= now, Participation.status.in_(HOLDING))
    listed = Participation.event_id == event_id, Participation.status == ParticipationStatus.WAITLISTED
    return overdue, exists().where(*mine, *listed)


def has_queue(session: Session, event: Event) -> bool:
    """Whether anybody waits for a seat at the event."""
    mine = Registration.participation_id == Participation.id, Registration.event_id + 0 == event.id
    listed = Participation.event_id == event.id, Participation.status == ParticipationStatus.WAITLISTED
    return bool(session.scalar(select(exists().where(*mine, *listed))))


def _lapse(session: Session, event: Event, now: datetime) -> None:
    """Take the seats back whose confirmation or answer was waited for until now."""
    waits = Registration.answer_until <= now, Registration.event_id == event.id
    rows = session.scalars(
        select(Registration)
        .join(Registration.participation)
        .where(*waits, Participation.status.in_(HOLDING))
        .order_by(Registration.place)
        .options(contains_eager(Registration.participation))
    ).all()
    for row in rows:
        move(row, ParticipationStatus.EXPIRED)
        row.answer_until, row.ended_at = None, now
        tell(session, mails.LAPSED, row, now=now)
    if rows:
        session.flush()
        leave_seats(session, event.id, len(rows))
        for row in rows:
            # Others of the party may have been confirmed by hand.
            if (leader := hand_over(session, row)) is not None:
                tell(session, mails.LINK, leader, now=now)
        record(session, "registrations_lapsed", event_subject(event), now=now, after={"people": len(rows)})


def _next_parties(session: Session, event: Event) -> list[list[Registration]]:
    """The parties whose turn it is, each with its people; none where no seat is free."""
    session.refresh(event, ["seats_taken"])
    free = None if event.capacity is None else event.capacity - event.seats_taken
    if free == 0:
        return []
    # A party that is larger than the event is passed over, so there may be many before the first that fits.
    is_small = event.capacity is not None and event.capacity < MOST_IN_PARTY
    most = MOST_AT_ONCE if free is None or is_small else min(free + MOST_IN_PARTY, MOST_AT_ONCE)
    rows = _queue(session, event, most)
    parties: dict[int, list[Registration]] = {}
    for row in rows:
        parties.setdefault(row.leader_id, []).append(row)
    if len(rows) == most > MOST_IN_PARTY:
        # Maybe not all of the last party is among them.
        parties.pop(rows[-1].leader_id)
    waiting = [Waiting(leader, members[0].place, len(members)) for leader, members in parties.items()]
    return [parties[each.leader_id] for each in next_offers(waiting, free, event.capacity)]


def _queue(session: Session, event: Event, most: int) -> Sequence[Registration]:
    return session.scalars(
        select(Registration)
        .join(Registration.participation)
        .where(Registration.event_id == event.id, Participation.status == ParticipationStatus.WAITLISTED)
        .order_by(Registration.place)
        .limit(most)
        .options(contains_eager(Registration.participation))
    ).all()


def _offer(
    session: Session, event: Event, desk: RegistrationDesk, members: Sequence[Registration], now: datetime
) -> None:
    if not take_seats(session, event.id, len(members)):
        raise RuntimeError("seats were given by someone who does not hold the event")
    until = answer_until(desk.offer_hours, starts_at=event.starts_at, now=now)
    for member in members:
        move(member, ParticipationStatus.OFFERED)
        member.answer_until = until
    session.flush()
    after = {"participation": members[0].leader_id, "people": len(members), "until": until}
    record(session, "seat_offered", event_subject(event), now=now, after=after)
    for member in members:
        tell(session, mails.OFFER, member, now=now)
