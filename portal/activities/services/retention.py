"""Taking out of a project what names people: by its rule once their time is over, or at a person's own wish.

What is counted stays as it was: status, country, group, gender and age band are left alone, and all rows of one person
who attended get one and the same code, so that persons stay persons. Codes of convicted persons and family members
stay, as they name nobody. A closed project is no exception: its people's time runs out all the same.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.activities import registration_mails as mails
from portal.activities.models import Event, Participation, Registration, RetentionRule
from portal.activities.queries.own_data import rows_of_person
from portal.activities.queries.retention import ANONYMISED, WITHDRAWN, is_due, keeps_code, kept_days, list_due_projects
from portal.activities.rules.registrations import MOVES
from portal.activities.rules.retention import check_days, person_key
from portal.activities.services.anonymising import Named, Outcome, take_names_out
from portal.activities.services.registrations.answering import cancel_by_organiser
from portal.audit.services import PORTAL, Subject, acting_as, record
from portal.core import failures
from portal.core.db import among, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs.registry import register_chore
from portal.jobs.services.outbox import drop_mails_to
from portal.projects.models import Project

CHORE: Final = "retention"

logger = logging.getLogger("portal.activities")

# What may still be given up: a seat, an offer, a place in the queue.
OPEN: Final = frozenset(MOVES)


def keep_days(code: str, unattended_days: int, attended_days: int | None, *, version: int, now: datetime) -> None:
    """Decide how long the project keeps names; raise InvalidInputs, Conflict if somebody has since `version`."""
    check_days(unattended_days, attended_days)
    with transaction() as session:
        _hold_project(session, code)
        before = kept_days(code)
        if before.version != version:
            raise Conflict("retention-stale")
        row = session.get(RetentionRule, code) or RetentionRule(project_code=code, version=0)
        row.unattended_days, row.attended_days = unattended_days, attended_days
        row.version += 1
        session.add(row)
        session.flush()
        facts = [
            {"unattended_days": each.unattended_days, "attended_days": each.attended_days}
            for each in (before, kept_days(code))
        ]
        subject = Subject("project", 0, code, code)
        record(session, "retention_changed", subject, now=now, before=facts[0], after=facts[1])


def anonymise_due(code: str, *, now: datetime) -> Outcome:
    """Make anonymous everybody in the project whose time is over by its rule; raise NotFound.

    Whoever attended several events is made anonymous at all of them at once.
    """
    with transaction() as session:
        project = session.get(Project, code)
        if project is None:
            raise NotFound("project-unknown", code=code)
        due = select(Participation.event_id).join(Participation.event).where(is_due(project, kept_days(code), now))
        events = _hold_events(session, session.scalars(due.distinct()).all())
        _hold_project(session, code)
        # Read again: what was due before the events were held may have been changed.
        condition = is_due(project, kept_days(code), now), among(Participation.event_id, events)
        columns = Participation.id, Participation.event_id, Participation.participant, Participation.status
        rows = session.execute(select(*columns).join(Participation.event).where(*condition).order_by(Participation.id))
        return take_names_out(session, events, [Named(*row) for row in rows], action=ANONYMISED, now=now)


def withdraw(code: str, email: str, *, now: datetime) -> Outcome:
    """Make anonymous all that the project keeps of the person with this e-mail; the facts of what they attended stay.

    Places at events that have not begun are given up first, so that their seats pass on. Nothing is said by mail.
    Raise InvalidInput if it is no e-mail, NotFound if there is no such project.
    """
    address = person_key(email)
    with transaction() as session:
        events = _hold_events(session, {row.event_id for row in rows_of_person(code, address)})
        project = _hold_project(session, code)
        rows = [row for row in rows_of_person(code, address) if row.event_id in events]
        if project.status != "closed":
            _give_places_up(events, rows, now)
        named = [
            Named(row.id, row.event_id, row.participant, row.status, _keeps_code(session, code, row)) for row in rows
        ]
        outcome = take_names_out(session, events, named, action=WITHDRAWN, now=now)
        _forget_address(session, code, address)
        return outcome


def anonymise_daily(now: datetime) -> None:
    """Do what is due in every project, once a day in each process: it may be asked every minute.

    A project in which that fails keeps none of the others waiting, and is tried again the next day.
    """
    if current_app.extensions.get(CHORE) == now.date():
        return
    for code in list_due_projects(now):
        try:
            with acting_as(PORTAL):
                anonymise_due(code, now=now)
        except Exception as error:  # noqa: BLE001  whatever it is, the other projects' people do not wait for it
            logger.error("names in %s were not taken out: %s", code, failures.described(error))
    current_app.extensions[CHORE] = now.date()


def register() -> None:
    """Let the worker do what is due."""
    register_chore(CHORE, anonymise_daily)


def _hold_project(session: Session, code: str) -> Project:
    """The project, held against what must be unique in it; also one that is closed."""
    held = select(Project).where(Project.code == code).with_for_update(key_share=True)
    project = session.scalar(held)
    if project is None:
        raise NotFound("project-unknown", code=code)
    return project


def _hold_events(session: Session, ids: Collection[int]) -> dict[int, Event]:
    """The events, held in everybody's order; also those of a closed project."""
    held = select(Event).where(among(Event.id, ids)).order_by(Event.id).with_for_update()
    # As they are now that they are held, though they may have been read before.
    return {event.id: event for event in session.scalars(held.execution_options(populate_existing=True))}


def _keeps_code(session: Session, code: str, row: Participation) -> bool:
    return session.scalar(select(Participation.id).where(Participation.id == row.id, keeps_code(code))) is not None


def _give_places_up(events: dict[int, Event], rows: Iterable[Participation], now: datetime) -> None:
    """Cancel what of the rows is still a place at an event that has not begun, and pass the seats on."""
    for row in rows:
        if row.status in OPEN and now < events[row.event_id].starts_at:
            cancel_by_organiser(row.event_id, row.id, now=now)


def _forget_address(session: Session, code: str, address: str) -> None:
    """Take the address out of places of people whom the person registered, and all mails to it out of the outbox."""
    lent = select(Registration.participation_id).join(Registration.participation).join(Participation.event)
    ids = session.scalars(lent.where(Event.project_code == code, Registration.email == address)).all()
    session.execute(update(Registration).where(among(Registration.participation_id, ids)).values(email=""))
    drop_mails_to(session, mails.KINDS, address)
