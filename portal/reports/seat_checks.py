"""What `portal check` looks at where people register: that seats add up, and that places and parties are whole."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import ENDED, LISTED, Place, holds_seat
from portal.core.db import db
from portal.projects.models import Project

# The invariant that does not hold, and what breaks it.
Fault = tuple[str, str]

# Who waits for something: all of a party for the same.
ANSWERING = frozenset({ParticipationStatus.UNCONFIRMED, ParticipationStatus.OFFERED})
WAITING = ANSWERING | {ParticipationStatus.WAITLISTED}


def find_seat_faults(project: Project) -> Iterator[Fault]:
    """What does not add up at the project's events where people register."""
    mine = Event.project_code == project.code
    desks = select(Event, RegistrationDesk).outerjoin(RegistrationDesk, RegistrationDesk.event_id == Event.id)
    found: Iterable[Any] = db.session.execute(desks.where(mine).order_by(Event.id))
    for event, desk in found:
        if desk is not None:
            rows = _rows(event.id)
            yield from ((invariant, event.ref) for invariant in _event_faults(event, desk, rows))
            yield from ((invariant, f"{event.ref} {subject}") for invariant, subject in _row_faults(event, rows))
        elif event.seats_taken:
            yield "seats-without-registration", event.ref
    foreign = select(func.count()).select_from(Registration).join(Participation, Registration.participation)
    if db.session.scalar(foreign.where(Registration.event_id != Participation.event_id)):
        yield "registration-elsewhere", "a registration names another event than its row"


def _rows(event_id: int) -> list[Any]:
    """The people on the event's list, in the order of their places."""
    columns = (
        Participation.id, Participation.status, Participation.status_before, Registration.place, Registration.leader_id,
        Registration.confirmed_at, Registration.answer_until, Registration.ended_at,
    )  # fmt: skip
    people = select(*columns).outerjoin(Registration, Registration.participation_id == Participation.id)
    found = people.where(Participation.event_id == event_id).order_by(Registration.place, Participation.id)
    return list(db.session.execute(found))


def _event_faults(event: Event, desk: RegistrationDesk, rows: Iterable[Any]) -> Iterator[str]:
    taken = sum(holds_seat(row.status, _place(row), row.status_before) for row in rows)
    if taken != event.seats_taken:
        yield "seats-taken"
    if event.capacity is not None and taken > event.capacity:
        yield "seats-beyond-capacity"
    if desk.closes_at > event.starts_at:
        yield "registration-after-start"
    if any(row.place is not None and not 0 < row.place <= desk.last_place for row in rows):
        yield "place-order"


def _row_faults(event: Event, rows: Iterable[Any]) -> Iterator[Fault]:
    """Places that are not what their status says, and parties that are not whole."""
    parties: dict[int, dict[int, str]] = {}
    for row in rows:
        if row.place is None:
            continue
        subject = f"participation {row.id}"
        if (row.status in ENDED and row.ended_at is None) or (row.status in LISTED and row.ended_at is not None):
            yield "place-ended", subject
        if (row.status in ANSWERING) != (row.answer_until is not None):
            yield "place-answer", subject
        if row.answer_until is not None and row.answer_until > event.starts_at:
            yield "answer-after-start", subject
        if row.status not in ENDED:
            parties.setdefault(row.leader_id, {})[row.id] = row.status
    for leader, members in parties.items():
        if len(WAITING & set(members.values())) > 1:
            yield "party-split", f"participation {leader}"
        if leader not in members and WAITING & set(members.values()):
            yield "party-without-leader", f"participation {leader}"


def _place(row: Any) -> Place | None:
    return None if row.place is None else Place(row.confirmed_at, row.answer_until, row.ended_at)
