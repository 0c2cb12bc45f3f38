"""Taking places: a seat while there are any, else the next place in the queue; a party as a whole."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities import registration_mails as mails
from portal.activities.models import Event, Participation, Registration, RegistrationDesk, RegistrationQuestion
from portal.activities.rules.links import NONCE
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registering import (
    Asked,
    PersonDraft,
    RegistrationDraft,
    check_answers,
    check_people,
)
from portal.activities.rules.registrations import ENDED, DeskState, answer_until, desk_state
from portal.activities.services.events import CLOSED, hold_event
from portal.activities.services.registrations.places import part_from
from portal.activities.services.registrations.promoting import Pending, has_queue, pass_on, pending_at
from portal.activities.services.registrations.seats import take_seats
from portal.activities.services.registrations.telling import tell
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.models import Project

# Those who were on the list and are out of it, by e-mail: the row of each, and the registration if there was one.
Known = Mapping[str, tuple[Participation, Registration | None]]


class RegistrationClosed(Conflict):
    """Nobody can register at this moment; `code` says why."""


class AlreadyRegistered(Conflict):
    """One of the people has a place already."""


class Opened(NamedTuple):
    """An event that is held, its registration page, and what waits to be passed on there."""

    event: Event
    desk: RegistrationDesk
    pending: Pending


class Arrival(NamedTuple):
    """A party as it comes: its people, those of them who were there before, and what all have in common."""

    people: Sequence[PersonDraft]
    known: Known
    draft: RegistrationDraft
    answers: dict[int, str | int]
    is_seated: bool
    now: datetime

    @property
    def status(self) -> ParticipationStatus:
        """What becomes of each of them."""
        return ParticipationStatus.UNCONFIRMED if self.is_seated else ParticipationStatus.WAITLISTED


def register(event_id: int, draft: RegistrationDraft, *, now: datetime) -> str:
    """Give the people seats at the event, or places in its queue, all or none; return the first's nonce.

    Whoever registers is told by mail. Raise RegistrationClosed or AlreadyRegistered, Conflict if the consent text has
    changed since it was read, InvalidInput with what is wrong, NotFound if nobody can register for the event at all.
    """
    people = check_people(draft.people)
    with transaction() as session:
        event = hold_event(session, event_id)
        opened = _find_desk(session, event, now)
        desk = opened.desk
        _check_open(event, desk, now)
        answers = check_answers(draft.answers, [_asked(each) for each in desk.questions])
        _check_size(event, desk, len(people))
        if draft.consent_version != desk.consent_version:
            raise Conflict("consent-changed")
        known = _known(session, event, people)
        is_seated = _take(session, opened, len(people), now)
        arrival = Arrival(people, known, draft, answers, is_seated, now)
        leader = _store(session, opened, arrival)
        after = {"participation": leader.participation_id, "people": len(people), "status": str(arrival.status)}
        record(session, "registered", event_subject(event), now=now, after=after)
        _tell(session, opened, arrival, leader)
        return leader.nonce


def _find_desk(session: Session, event: Event, now: datetime) -> Opened:
    """The event's registration page and what waits to be passed on there; raise NotFound, Conflict if closed for good.

    Read once the event is held, so that nobody else changes it meanwhile.
    """
    asked = (
        select(RegistrationDesk, Project.status, *pending_at(event.id, now))
        .join(Event, Event.id == RegistrationDesk.event_id)
        .join(Project, Project.code == Event.project_code)
        .where(RegistrationDesk.event_id == event.id)
    )
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound("registration-unknown")
    desk, status, overdue, queue = row
    if status == CLOSED:
        raise Conflict("project-closed")
    return Opened(event, desk, Pending(overdue, queue))


def _check_open(event: Event, desk: RegistrationDesk, now: datetime) -> None:
    state = desk_state(
        status=event.status, opens_at=desk.opens_at, closes_at=desk.closes_at, starts_at=event.starts_at, now=now
    )
    match state:
        case DeskState.EARLY:
            raise RegistrationClosed("registration-early")
        case DeskState.OVER:
            raise RegistrationClosed("registration-over")
        case DeskState.CANCELLED:
            raise RegistrationClosed("registration-cancelled")


def _check_size(event: Event, desk: RegistrationDesk, size: int) -> None:
    if size > desk.largest_party:
        raise InvalidInput("party-too-large", where="people", most=desk.largest_party)
    if event.capacity is not None and size > event.capacity:
        raise InvalidInput("party-beyond-capacity", where="people", most=event.capacity)


def _asked(question: RegistrationQuestion) -> Asked:
    return Asked(question.id, len(question.choices), question.is_required)


def _known(session: Session, event: Event, people: Sequence[PersonDraft]) -> Known:
    """Those of the people who were on the list and are out of it; raise AlreadyRegistered if one is on it."""
    emails = [person.email for person in people if person.email]
    found = session.execute(
        select(Participation, Registration)
        .outerjoin(Registration, Registration.participation_id == Participation.id)
        .where(Participation.event_id == event.id, Participation.participant.in_(emails))
    )
    rows: list[tuple[Participation, Registration | None]] = [(row, registration) for row, registration in found]
    for row, registration in rows:
        # Somebody whom the organisers noted as waiting is in no queue yet.
        is_noted = registration is None and row.status == ParticipationStatus.WAITLISTED
        if row.status not in ENDED and not is_noted:
            if len(people) == 1:
                raise AlreadyRegistered("registered-already", where="people-0-email")
            # Which of them it is would tell about each whether they are registered.
            raise AlreadyRegistered("registered-already-together", where="people")
    return {row.participant: (row, registration) for row, registration in rows}


def _take(session: Session, opened: Opened, size: int, now: datetime) -> bool:
    """Take seats for all of the party, if nobody was there before it; return whether they are taken."""
    event, desk, pending = opened
    if any(pending):
        pass_on(session, event, desk, now=now, pending=pending)
        if has_queue(session, event):
            return False
    return take_seats(session, event.id, size)


def _tell(session: Session, opened: Opened, arrival: Arrival, leader: Registration) -> None:
    """Tell who registers the party of its seats or its place in the queue.

    Where only parties that have become larger than the event wait before it, its turn is now.
    """
    if arrival.is_seated:
        tell(session, mails.SEAT, leader, now=arrival.now)
        return
    if opened.pending.queue:
        pass_on(session, opened.event, opened.desk, now=arrival.now, pending=Pending(overdue=False, queue=True))
    if session.get_one(Participation, leader.participation_id).status == ParticipationStatus.WAITLISTED:
        tell(session, mails.QUEUE, leader, now=arrival.now)


def _store(session: Session, opened: Opened, arrival: Arrival) -> Registration:
    """Write the party's rows in the order they were stated, with the next places; return the first's registration."""
    event, desk, known = opened.event, opened.desk, arrival.known
    stored = [_person(event, desk, person, arrival) for person in arrival.people]
    session.add_all(stored)
    session.flush()
    registrations = []
    for row in stored:
        registration = known[row.participant][1] if row.participant in known else None
        registration = registration or Registration(participation_id=row.id, event_id=event.id)
        desk.last_place += 1
        registration.place, registration.leader_id = desk.last_place, stored[0].id
        _fill(registration, event, desk, arrival, email=row.participant if row is stored[0] else "")
        registrations.append(registration)
    session.add_all(registrations)
    if known:
        session.flush()
        part_from(session, registrations)
    return registrations[0]


def _person(event: Event, desk: RegistrationDesk, person: PersonDraft, arrival: Arrival) -> Participation:
    if person.email in arrival.known:
        row = arrival.known[person.email][0]
    else:
        # A person without an e-mail of their own needs a key that says nothing about them.
        key = person.email or f"p-{secrets.token_hex(6)}"
        row = Participation(event_id=event.id, participant=key, group=desk.group)
    row.name, row.organisation, row.country = person.name, person.organisation, person.country
    row.status, row.import_id = arrival.status, None
    return row


def _fill(registration: Registration, event: Event, desk: RegistrationDesk, arrival: Arrival, *, email: str) -> None:
    """Write what the party states into a registration, whether it is new or was one before; mails go to `email`."""
    registration.email, registration.nonce = email, secrets.token_hex(NONCE // 2)
    registration.language, registration.consent_version = arrival.draft.language, desk.consent_version
    registration.answers = {str(number): answer for number, answer in arrival.answers.items()} if email else {}
    registration.registered_at, registration.confirmed_at, registration.ended_at = arrival.now, None, None
    registration.reminded_at = None
    waits = answer_until(desk.confirm_hours, starts_at=event.starts_at, now=arrival.now)
    registration.answer_until = waits if arrival.is_seated else None
