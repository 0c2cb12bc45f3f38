"""Reading all that a project keeps of one person, looked up by their e-mail."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, selectinload

from portal.activities.models import (
    AttendanceMark,
    Certificate,
    Event,
    EventSession,
    Participation,
    Registration,
    RegistrationDesk,
)
from portal.core.db import among, db


class Consent(NamedTuple):
    """What the person agreed to: the version and its text by language; no text where a later one has replaced it."""

    version: int
    text: dict[str, str]


class Answer(NamedTuple):
    """A question of the organiser by language, and what was answered: a text, or the words of a choice by language."""

    question: dict[str, str]
    answer: str | dict[str, str]


class SessionMark(NamedTuple):
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
    seen: list[SessionMark]
    certificate: Certificate | None
    companions: int


def rows_of_person(code: str, address: str) -> Sequence[Participation]:
    """The project's rows of the person with this e-mail, by the number of the event."""
    # Whoever asks again once the events are held sees what others have changed meanwhile.
    return db.session.scalars(_mine(code, address).execution_options(populate_existing=True)).all()


def list_kept(code: str, address: str) -> list[KeptPlace]:
    """All that the project keeps of the person with this e-mail, by the day of the event."""
    mine = db.session.scalars(_mine(code, address).options(contains_eager(Participation.event)))
    rows = sorted(mine, key=lambda row: (row.event.counting_date, row.id))
    ids = [row.id for row in rows]
    registrations = _by_key(Registration.participation_id, ids)
    desks = _desks([row.event_id for row in rows])
    certificates, seen, companions = _by_key(Certificate.participation_id, ids), _seen(ids), _companions(ids)
    found = []
    for row in rows:
        registration = registrations.get(row.id)
        desk = desks.get(row.event_id) if registration else None
        found.append(
            KeptPlace(
                row.event,
                row,
                registration,
                _consent(registration, desk) if registration else None,
                _answers(registration, desk) if registration else [],
                seen[row.id],
                certificates.get(row.id),
                companions.get(row.id, 0),
            )
        )
    return found


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


def _mine(code: str, address: str) -> Select[Participation]:
    mine = select(Participation).join(Participation.event).where(Event.project_code == code)
    return mine.where(Participation.participant == address).order_by(Participation.event_id, Participation.id)


def _by_key(key: InstrumentedAttribute[int], ids: Collection[int]) -> dict[int, Any]:
    """Id -> the row of the key's table that has it."""
    rows = db.session.scalars(select(key.class_).where(among(key, ids)))
    return {getattr(row, key.key): row for row in rows}


def _desks(event_ids: Collection[int]) -> dict[int, RegistrationDesk]:
    mine = select(RegistrationDesk).where(among(RegistrationDesk.event_id, event_ids))
    found = db.session.scalars(mine.options(selectinload(RegistrationDesk.questions)))
    return {desk.event_id: desk for desk in found}


def _companions(ids: Collection[int]) -> dict[int, int]:
    """Id -> how many others the person registered; no key for none."""
    others = select(Registration.leader_id, func.count()).where(
        among(Registration.leader_id, ids), Registration.participation_id != Registration.leader_id
    )
    return {row[0]: row[1] for row in db.session.execute(others.group_by(Registration.leader_id))}


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


def _seen(ids: Collection[int]) -> dict[int, list[SessionMark]]:
    """Id -> what was said of the person's presence, as it was said; empty for nothing."""
    rows = (
        select(EventSession.position, EventSession.starts_at, AttendanceMark)
        .join(EventSession, AttendanceMark.session_id == EventSession.id)
        .where(among(AttendanceMark.participation_id, ids))
        .order_by(AttendanceMark.id)
    )
    found: dict[int, list[SessionMark]] = defaultdict(list)
    for position, starts_at, mark in db.session.execute(rows):
        seen = SessionMark(position, starts_at, mark.is_present, mark.minutes, mark.marked_at)
        found[mark.participation_id].append(seen)
    return found
