"""Recording who was at an event: people one by one, and numbers of people without names."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Event, Headcount, Participation, RegistrationDesk
from portal.activities.rules.drafts import MOST_PEOPLE
from portal.activities.rules.participants import (
    PARTICIPATION_STATUSES,
    SENSITIVE_GROUPS,
    check_sensitive,
    issue_code,
    participant_key,
)
from portal.activities.rules.registrations import check_by_hand, kept_before
from portal.activities.services.anonymising import forget_contacts
from portal.activities.services.certificates import drop_certificates
from portal.activities.services.events import lock_event, lock_project, touch
from portal.activities.services.registrations.following import follow_list, readdress, release
from portal.activities.services.trail import event_subject, headcount_columns, participation_columns
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound, Problem
from portal.projects.rules.vocabulary import AGE_BANDS, COUNTRIES, GENDERS, GROUPS


class ParticipationDraft(NamedTuple):
    """A person at an event as stated; '' is unknown or not stated."""

    participant: str
    group: str
    name: str = ""
    organisation: str = ""
    country: str = ""
    gender: str = "unknown"
    age_band: str = "unknown"
    status: str = "attended"


class HeadcountDraft(NamedTuple):
    """A number of people without names; 0 takes the row away."""

    group: str
    number: int
    country: str = ""
    gender: str = "unknown"
    age_band: str = "unknown"


def add_participation(event_id: int, draft: ParticipationDraft, *, now: datetime) -> str:
    """Record a person at the event and return the e-mail or code they are known by.

    A person of a sensitive group without a code is given the project's next free one. Raise InvalidInput with what
    is wrong; Conflict if the event already has this participant, or no seat for them.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        lock_project(session, event.project_code)
        if draft.group in SENSITIVE_GROUPS and not draft.participant:
            draft = draft._replace(participant=issue_code(_codes(session, event)))
        checked = _check_participation(session, event, draft)
        _check_by_hand(session, event, checked.status)
        row = Participation(event_id=event.id, **checked._asdict())
        session.add(row)
        touch(event, now)
        follow_list(session, event, now=now)
        record(session, "participation_added", event_subject(event), now=now, after=participation_columns(row))
        return row.participant


def update_participation(participation_id: int, draft: ParticipationDraft, *, event_id: int, now: datetime) -> None:
    """Store what the draft says of a person at the event; raise as `add_participation`, or NotFound."""
    with transaction() as session:
        event = lock_event(session, event_id)
        lock_project(session, event.project_code)
        row = _get_row(session, event, participation_id)
        checked = _check_participation(session, event, draft, row)
        if checked.status != row.status:
            _check_by_hand(session, event, checked.status)
        before = participation_columns(row)
        address = row.participant
        readdress(session, row.id, address, checked.participant, now=now)
        change_status(row, checked.status)
        for column, value in checked._asdict().items():
            setattr(row, column, value)
        row.import_id = None
        if row.group in SENSITIVE_GROUPS:
            session.flush()
            forget_contacts(session, event.id, [row.id], address=address)
        touch(event, now)
        follow_list(session, event, now=now, changed=[row.id])
        after = participation_columns(row)
        record(session, "participation_changed", event_subject(event), now=now, before=before, after=after)


def change_status(row: Participation, wanted: str) -> None:
    """Let the person be `wanted`; what they were before somebody said whether they came is kept while that is said."""
    row.status_before = kept_before(row.status, wanted, row.status_before)
    row.status = wanted


def remove_participation(participation_id: int, *, event_id: int, now: datetime) -> None:
    """Take a person off the event; raise NotFound if the event has no such row."""
    with transaction() as session:
        event = lock_event(session, event_id)
        row = _get_row(session, event, participation_id)
        record(session, "participation_removed", event_subject(event), now=now, before=participation_columns(row))
        release(session, row.id, now=now)
        drop_certificates(session, [row.id])
        session.delete(row)
        touch(event, now)
        follow_list(session, event, now=now)


def record_headcounts(event_id: int, drafts: Iterable[HeadcountDraft], *, version: int, now: datetime) -> None:
    """Set the numbers of the rows that the drafts name and leave the others; 0 takes a row away.

    Raise InvalidInput with what is wrong, Conflict if the event changed since `version`.
    """
    stated = list(drafts)
    problems = [problem for draft in stated for problem in _headcount_problems(draft)]
    counted = Counter(draft._replace(number=0) for draft in stated)
    problems += [Problem("headcount-twice", "group") for times in counted.values() if times > 1]
    if problems:
        raise InvalidInputs(problems)
    with transaction() as session:
        event = lock_event(session, event_id, version)
        before = headcount_columns(event)
        rows = {(row.group, row.country, row.gender, row.age_band): row for row in event.headcounts}
        for draft in stated:
            _set_headcount(session, event, draft, rows.get((draft.group, draft.country, draft.gender, draft.age_band)))
        touch(event, now)
        session.flush()
        session.expire(event, ["headcounts"])
        after = headcount_columns(event)
        record(session, "headcounts_recorded", event_subject(event), now=now, before=before, after=after)


def _set_headcount(session: Session, event: Event, draft: HeadcountDraft, row: Headcount | None) -> None:
    if row is None and draft.number:
        event.headcounts.append(Headcount(**draft._asdict()))
    elif row is not None and not draft.number:
        session.delete(row)
    elif row is not None and draft.number != row.number:
        # Someone has made it theirs; the other boxes only come along.
        row.number, row.import_id = draft.number, None


def _headcount_problems(draft: HeadcountDraft) -> list[Problem]:
    problems = _fact_problems(draft.group, draft.country, draft.gender, draft.age_band)
    if not 0 <= draft.number <= MOST_PEOPLE:
        problems.append(Problem("number-out-of-range", "number", {"least": 0, "most": MOST_PEOPLE}))
    return problems


def _fact_problems(group: str, country: str, gender: str, age_band: str) -> list[Problem]:
    vocabularies = (("group", group, GROUPS), ("gender", gender, GENDERS), ("age_band", age_band, AGE_BANDS))
    problems = [
        Problem("unknown-value", where, {"value": value, "allowed": allowed})
        for where, value, allowed in vocabularies
        if value not in allowed
    ]
    if country and country not in COUNTRIES:
        problems.append(Problem("unknown-country", "country", {"value": country}))
    return problems


def _check_participation(
    session: Session, event: Event, draft: ParticipationDraft, row: Participation | None = None
) -> ParticipationDraft:
    problems = _fact_problems(draft.group, draft.country, draft.gender, draft.age_band)
    if draft.status not in PARTICIPATION_STATUSES:
        allowed = list(PARTICIPATION_STATUSES)
        problems.append(Problem("unknown-value", "status", {"value": draft.status, "allowed": allowed}))
    if problems:
        raise InvalidInputs(problems)
    checked = draft._replace(participant=participant_key(draft.participant))
    check_sensitive(
        checked.group, participant=checked.participant, name=checked.name, organisation=checked.organisation
    )
    _check_elsewhere(session, event, checked, row)
    return checked


def _check_elsewhere(session: Session, event: Event, draft: ParticipationDraft, row: Participation | None) -> None:
    """Refuse a person twice at one event, and a name that another row would tie to a sensitive group."""
    others = session.scalars(
        select(Participation)
        .join(Event)
        .where(Event.project_code == event.project_code, Participation.participant == draft.participant)
    ).all()
    others = [other for other in others if row is None or other.id != row.id]
    if any(other.event_id == event.id for other in others):
        raise Conflict("participant-twice")
    sensitive = any(group in SENSITIVE_GROUPS for group in (draft.group, *(other.group for other in others)))
    named = bool(draft.name or draft.organisation) or any(other.name or other.organisation for other in others)
    if sensitive and named:
        raise InvalidInput("sensitive-elsewhere", where="participant")


def _check_by_hand(session: Session, event: Event, status: str) -> None:
    """Refuse what only registration gives and ends, at events where there is one."""
    if session.get(RegistrationDesk, event.id) is not None:
        check_by_hand(status)


def _codes(session: Session, event: Event) -> list[str]:
    project = session.scalars(
        select(Participation.participant).join(Event).where(Event.project_code == event.project_code)
    )
    return list(project)


def _get_row(session: Session, event: Event, participation_id: int) -> Participation:
    row = session.get(Participation, participation_id)
    if row is None or row.event_id != event.id:
        raise NotFound("participation-unknown")
    return row
