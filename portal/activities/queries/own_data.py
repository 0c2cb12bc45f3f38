"""Reading all that a project keeps of one person, looked up by their e-mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from portal.activities.models import (
    AttendanceMark,
    Certificate,
    Event,
    EventSession,
    Participation,
    Registration,
    RegistrationDesk,
)
from portal.core.db import db


class Consent(NamedTuple):
    """What the person agreed to: the version and its text by language; no text where a later one has replaced it."""

    version: int
    text: dict[str, str]


class Answer(NamedTuple):
    """A question of the organiser by language, and what was answered: a text, or the words of a choice by language."""

    question: dict[str, str]
    answer: str | dict[str, str]


class Seen(NamedTuple):
    """What was said of the person's presence at a session, and when."""

    session: int
    starts_at: datetime
    is_present: bool
    minutes: int | None
    marked_at: datetime


class KeptPlace(NamedTuple):
    """All that is kept of the person at one event; `registration` and `certificate` are None where there is none.

    `companions` is how many others the person registered with them.
    """

    event: Event
    row: Participation
    registration: Registration | None
    consent: Consent | None
    answers: list[Answer]
    seen: list[Seen]
    certificate: Certificate | None
    companions: int


def rows_of(code: str, address: str) -> Sequence[Participation]:
    """The project's rows of the person with this e-mail, by the number of the event."""
    mine = select(Participation).join(Participation.event).where(Event.project_code == code)
    found = mine.where(Participation.participant == address).order_by(Participation.event_id, Participation.id)
    return db.session.scalars(found).all()


def list_kept(code: str, address: str) -> list[KeptPlace]:
    """All that the project keeps of the person with this e-mail, by the day of the event."""
    rows = sorted(rows_of(code, address), key=lambda row: (row.event.counting_date, row.id))
    return [_kept(row) for row in rows]


def count_lent(code: str, address: str) -> int:
    """At how many other people's places mails go to this address: those of people whom the person registered."""
    others = (
        select(func.count())
        .select_from(Registration)
        .join(Registration.participation)
        .join(Participation.event)
        .where(Event.project_code == code, Registration.email == address, Participation.participant != address)
    )
    return db.session.scalar(others) or 0


def _kept(row: Participation) -> KeptPlace:
    registration = db.session.get(Registration, row.id)
    desk = db.session.get(RegistrationDesk, row.event_id) if registration else None
    others = select(Registration.participation_id).where(
        Registration.leader_id == row.id, Registration.participation_id != row.id
    )
    return KeptPlace(
        row.event,
        row,
        registration,
        _consent(registration, desk) if registration else None,
        _answers(registration, desk) if registration else [],
        list(_seen(row.id)),
        db.session.scalar(select(Certificate).where(Certificate.participation_id == row.id)),
        len(db.session.scalars(others).all()),
    )


def _consent(registration: Registration, desk: RegistrationDesk | None) -> Consent:
    is_same = desk is not None and desk.consent_version == registration.consent_version
    return Consent(registration.consent_version, dict(desk.consent) if desk and is_same else {})


def _answers(registration: Registration, desk: RegistrationDesk | None) -> list[Answer]:
    found = []
    for question in desk.questions if desk else ():
        answer = registration.answers.get(str(question.id))
        if isinstance(answer, int) and answer < len(question.choices):
            found.append(Answer(dict(question.text), dict(question.choices[answer])))
        elif answer is not None:
            found.append(Answer(dict(question.text), str(answer)))
    return found


def _seen(participation_id: int) -> Iterable[Seen]:
    rows = (
        select(EventSession.position, EventSession.starts_at, AttendanceMark)
        .join(EventSession, AttendanceMark.session_id == EventSession.id)
        .where(AttendanceMark.participation_id == participation_id)
        .order_by(AttendanceMark.id)
    )
    for position, starts_at, mark in db.session.execute(rows):
        yield Seen(position, starts_at, mark.is_present, mark.minutes, mark.marked_at)
