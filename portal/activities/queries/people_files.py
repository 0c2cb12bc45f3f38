"""Reading what goes into the workbooks of who registered for an event and of who was there."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from portal.activities.models import (
    Event,
    Headcount,
    Participation,
    Registration,
    RegistrationDesk,
    RegistrationQuestion,
)
from portal.activities.queries.marking import session_minutes
from portal.activities.queries.sessions import SessionRow, list_sessions
from portal.activities.rules.sheets import is_on_sheet, sheet_order
from portal.core.db import db
from portal.core.searching import fold


class Question(NamedTuple):
    """What the organiser asks besides, and what can be chosen, by language."""

    id: int
    text: Mapping[str, str]
    choices: list[dict[str, str]]


class ListedPerson(NamedTuple):
    """A person on the event's list; `place` and what follows is None or '' of those who did not register."""

    name: str
    participant: str
    organisation: str
    country: str
    group: str
    status: str
    place: int | None
    email: str | None
    registered_at: datetime | None
    confirmed_at: datetime | None
    answers: Mapping[str, str | int] | None


class PresentPerson(NamedTuple):
    """A person on the attendance list; `minutes` is the session's position -> how long they were at it."""

    id: int
    name: str
    participant: str
    organisation: str
    country: str
    group: str
    status: str
    minutes: Mapping[int, int]


class AttendanceList(NamedTuple):
    """An event's sessions, who is on its list, and how many people without names were counted."""

    sessions: list[SessionRow]
    people: list[PresentPerson]
    unnamed: int


def list_questions(event_id: int) -> list[Question]:
    """What the event's registration page asks besides, in order; nothing where it has none."""
    rows = (
        select(RegistrationQuestion.id, RegistrationQuestion.text, RegistrationQuestion.choices)
        .join(RegistrationDesk, RegistrationDesk.event_id == RegistrationQuestion.event_id)
        .where(RegistrationQuestion.event_id == event_id)
        .order_by(RegistrationQuestion.position)
    )
    return [Question(*row) for row in db.session.execute(rows)]


def list_participants(event_id: int) -> list[ListedPerson]:
    """Everybody on the event's list: those who registered in the order of arrival, then the others as entered."""
    facts = (getattr(Participation, name) for name in ListedPerson._fields[:6])
    stated = (getattr(Registration, name) for name in ListedPerson._fields[6:])
    rows = (
        select(*facts, *stated)
        .outerjoin(Registration, Registration.participation_id == Participation.id)
        .where(Participation.event_id == event_id)
        .order_by(Registration.place.is_(None), Registration.place, Participation.id)
    )
    return [ListedPerson(*row) for row in db.session.execute(rows)]


def read_attendance(event_id: int) -> AttendanceList:
    """The event's attendance list, its people in the order of the sign-in sheet and so with its numbers."""
    event = db.session.get_one(Event, event_id)
    sessions = list_sessions(event)
    minutes = session_minutes(event_id)
    facts = (getattr(Participation, name) for name in PresentPerson._fields[:-1])
    rows = (
        select(Registration.ended_at, *facts)
        .select_from(Participation)
        .outerjoin(Registration, Registration.participation_id == Participation.id)
        .where(Participation.event_id == event_id)
    )
    people = [
        (ended_at, PresentPerson._make([*columns, minutes.get(columns[0], {})]))
        for ended_at, *columns in db.session.execute(rows)
    ]
    listed = [each for ended, each in people if is_on_sheet(each.status, ended_at=ended, starts_at=event.starts_at)]
    return AttendanceList(sessions, sheet_order(listed, fold), _count_unnamed(event_id))


def _count_unnamed(event_id: int) -> int:
    counted = select(func.sum(Headcount.number)).where(Headcount.event_id == event_id)
    return int(db.session.scalar(counted) or 0)
