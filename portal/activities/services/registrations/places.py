"""Moving places from one status to another, and parties from one leader to the next."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import ENDED, Place, answer_until, check_move, fitting_place
from portal.core.db import among


def move(row: Registration, wanted: ParticipationStatus) -> None:
    """Let the place become `wanted`; raise Conflict if it cannot."""
    check_move(row.participation.status, wanted)
    row.participation.status = wanted
    # Undoing an import would give places away that are somebody else's by now.
    row.participation.import_id = None


def place_of(row: Registration) -> Place:
    """What is kept of the place beside its status."""
    return Place(row.confirmed_at, row.answer_until, row.ended_at)


def set_place(row: Registration, place: Place) -> None:
    """Keep this of the place."""
    row.confirmed_at, row.answer_until, row.ended_at = place


def members_of(session: Session, leader_id: int) -> list[Registration]:
    """The party that this person registered, in the order of its places, without those who are out of it."""
    found = session.scalars(
        select(Registration)
        .join(Registration.participation)
        .where(Registration.leader_id == leader_id, Participation.status.not_in(ENDED))
        .order_by(Registration.place)
        .options(contains_eager(Registration.participation))
    )
    return list(found)


def registrations_of(session: Session, participation_ids: Sequence[int]) -> list[Registration]:
    """The registrations of these people, of those who came by the page."""
    found = session.scalars(
        select(Registration)
        .join(Registration.participation)
        .where(among(Registration.participation_id, participation_ids))
        .options(contains_eager(Registration.participation))
    )
    return list(found)


def part_from(session: Session, rows: Iterable[Registration]) -> None:
    """Let those who are out of a party that one of these people led before be alone: they did not come back with them.

    Call it with everybody who came back together, after their rows are written.
    """
    back = {row.participation_id: row.leader_id for row in rows}
    led = select(Registration).where(among(Registration.leader_id, back))
    for other in session.scalars(led).all():
        if other.participation_id not in back:
            other.leader_id = other.participation_id


def fit_places(
    session: Session, event: Event, desk: RegistrationDesk, rows: Iterable[Registration], *, now: datetime
) -> list[Registration]:
    """Let what is kept of these places agree with statuses that were changed by other ways than registration.

    Return those whose place has ended by that.
    """
    ended = []
    for row in rows:
        status = row.participation.status
        hours = desk.offer_hours if status == ParticipationStatus.OFFERED else desk.confirm_hours
        until = answer_until(hours, starts_at=event.starts_at, now=now)
        was_out = row.ended_at is not None
        set_place(row, fitting_place(status, place_of(row), now=now, until=until))
        if was_out and row.ended_at is None:
            # Back alone: the party went without this person.
            row.leader_id = row.participation_id
            session.flush()
            part_from(session, [row])
        elif not was_out and row.ended_at is not None:
            ended.append(row)
    session.flush()
    return ended


def hand_over(session: Session, leader: Registration) -> Registration | None:
    """Let the next of the party that this person leads lead the others; return who does, None if nobody is left.

    The next one is the first with an e-mail; where none has one, mails go on going to who registered them.
    """
    others = [each for each in members_of(session, leader.participation_id) if each is not leader]
    if leader.leader_id != leader.participation_id or not others:
        return None
    following = next((each for each in others if "@" in each.participation.participant), others[0])
    own = following.participation.participant
    following.email = own if "@" in own else leader.email
    for each in others:
        each.leader_id = following.participation_id
    session.flush()
    return following
