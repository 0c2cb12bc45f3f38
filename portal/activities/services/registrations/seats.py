"""Counting the seats of an event that has a registration page; every change of who has one passes here."""

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, update
from sqlalchemy.orm import Session

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.registrations import HOLDING, SEATED
from portal.core.errors import Conflict


def take_seats(session: Session, event_id: int, number: int) -> bool:
    """Take so many seats of the event at once; return whether there were so many free (if not, none is taken)."""
    free = or_(Event.capacity.is_(None), Event.seats_taken + number <= Event.capacity)
    taking = update(Event).where(Event.id == event_id, free).values(seats_taken=Event.seats_taken + number)
    taken: CursorResult[tuple[()]] = session.execute(taking.execution_options(synchronize_session=False))  # type: ignore[assignment]  # an UPDATE gives no rows
    return taken.rowcount == 1


def leave_seats(session: Session, event_id: int, number: int) -> None:
    """Give so many seats of the event back."""
    if not number:
        return
    leaving = update(Event).where(Event.id == event_id).values(seats_taken=Event.seats_taken - number)
    session.execute(leaving.execution_options(synchronize_session=False))


def has_seat() -> ColumnElement[bool]:
    """`holds_seat` of a participation joined with its registration, if it has one (an outer join)."""
    by_page = and_(Participation.status.in_(HOLDING | SEATED), Registration.participation_id.is_not(None))
    had_one = and_(Participation.status.in_(SEATED), Participation.status_before.in_(HOLDING))
    by_others = and_(or_(Participation.status.in_(HOLDING), had_one), Registration.participation_id.is_(None))
    return and_(Registration.ended_at.is_(None), or_(by_page, by_others))


def count_seats(session: Session, event_id: int) -> int:
    """How many seats the people on the event's list take."""
    joined = (
        select(func.count())
        .select_from(Participation)
        .outerjoin(Registration, Registration.participation_id == Participation.id)
    )
    return session.scalar(joined.where(Participation.event_id == event_id, has_seat())) or 0


def recount_seats(session: Session, event: Event) -> None:
    """Count the event's seats anew after its list was changed by other ways than registration.

    Nothing is counted where the event has no registration page. The caller holds the event. Raise Conflict if more
    people have a seat than there are.
    """
    session.flush()
    if session.get(RegistrationDesk, event.id) is None:
        return
    taken = count_seats(session, event.id)
    if event.capacity is not None and taken > event.capacity:
        raise Conflict("seats-beyond-capacity", taken=taken, capacity=event.capacity)
    session.refresh(event, ["seats_taken"])
    event.seats_taken = taken
    session.flush()
