"""Reading how long names are kept, whose are due to go, and which have gone."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.activities.models import Event, Participation, RetentionRule
from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import SENSITIVE_GROUPS, ParticipationStatus
from portal.activities.rules.retention import ANONYMOUS, UNATTENDED, KeptDays, ended_by, is_attended_due
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.projects.models import Project

ANONYMISED, WITHDRAWN = "people_anonymised", "person_withdrawn"
MOST_RUNS = 50


class DueEvent(NamedTuple):
    """An event with people whose names are due to go: how many did not attend, and how many did."""

    event_id: int
    ref: str
    title: dict[str, str]
    unattended: int
    attended: int


class RetentionRun(NamedTuple):
    """That names were taken out at one moment: of how many people, at how many events."""

    at: datetime
    actor: str
    action: str
    people: int
    events: int


def kept_days(code: str) -> KeptDays:
    """How long the project keeps names; the usual days where nobody has decided it."""
    row = db.session.get(RetentionRule, code)
    if row is None:
        return KeptDays()
    return KeptDays(row.unattended_days, row.attended_days, row.version, is_assumed=False)


def is_due(project: Project, kept: KeptDays, now: datetime) -> ColumnElement[bool]:
    """The condition that a person's row, joined with its event, is due at `now`.

    Codes of convicted persons and family members stay: they name nobody, and no name may stand beside them anywhere
    in the project. They stay too where the same code stands in another group, for its persons are counted by it.
    """
    status, called_off = Participation.status, Event.status == EventStatus.CANCELLED
    missed = or_(status.in_(UNATTENDED), and_(status == ParticipationStatus.REGISTERED, called_off))
    due = and_(missed, Event.ends_at <= ended_by(kept, now))
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    if is_attended_due(kept, last_day=project.last_day, today=today):
        unsaid = and_(status == ParticipationStatus.REGISTERED, ~called_off, Event.ends_at <= now)
        due = or_(due, status == ParticipationStatus.ATTENDED, unsaid)
    return and_(Event.project_code == project.code, is_named(), due, ~keeps_code(project.code))


def is_named() -> ColumnElement[bool]:
    """The condition that the row has not been made anonymous, or that someone has named the person again."""
    known_again = ~Participation.participant.startswith(ANONYMOUS, autoescape=True)
    named_again = or_(Participation.name != "", Participation.organisation != "", known_again)
    return or_(Participation.anonymised_at.is_(None), named_again)


def keeps_code(code: str) -> ColumnElement[bool]:
    """The condition that the row's participant is of a sensitive group somewhere in the project."""
    other, elsewhere = aliased(Participation), aliased(Event)
    same = other.participant == Participation.participant, other.group.in_(SENSITIVE_GROUPS)
    return exists().where(*same, other.event_id == elsewhere.id, elsewhere.project_code == code)


def list_due(project: Project, kept: KeptDays, now: datetime) -> list[DueEvent]:
    """The project's events with people whose names are due at `now`, by day."""
    came = case((Participation.status == ParticipationStatus.ATTENDED, 1), else_=0)
    counts = func.count() - func.sum(came), func.sum(came)
    due = (
        select(Participation.event_id, *counts)
        .join(Participation.event)
        .where(is_due(project, kept, now))
        .group_by(Participation.event_id)
    )
    numbers = {event_id: (int(unattended), int(attended)) for event_id, unattended, attended in db.session.execute(due)}
    events = select(Event.id, Event.ref, Event.title).where(Event.id.in_(numbers))
    rows = db.session.execute(events.order_by(Event.counting_date, Event.id))
    return [DueEvent(row.id, row.ref, row.title, *numbers[row.id]) for row in rows]


def count_people(due: Iterable[DueEvent]) -> int:
    """How many rows of people are due at these events together."""
    return sum(each.unattended + each.attended for each in due)


def list_due_projects(now: datetime) -> list[str]:
    """The codes of the projects in which somebody's name is due, in order."""
    found = []
    for project in db.session.scalars(select(Project).order_by(Project.code)).all():
        kept = kept_days(project.code)
        due = select(Participation.id).join(Participation.event).where(is_due(project, kept, now)).limit(1)
        if db.session.scalar(due) is not None:
            found.append(project.code)
    return found


def count_unsaid(code: str, now: datetime) -> int:
    """How many people are registered for events that are over, of whom nobody has said whether they came."""
    over = Event.ends_at <= now, Event.status != EventStatus.CANCELLED, Event.project_code == code
    registered = Participation.status == ParticipationStatus.REGISTERED, is_named()
    counted = select(func.count()).select_from(Participation).join(Participation.event).where(*over, *registered)
    return db.session.scalar(counted) or 0


def count_attended(code: str) -> int:
    """How many rows of people who attended still name them."""
    coded = Participation.group.in_(SENSITIVE_GROUPS)
    attended = Event.project_code == code, Participation.status == ParticipationStatus.ATTENDED, is_named(), ~coded
    counted = select(func.count()).select_from(Participation).join(Participation.event).where(*attended)
    return db.session.scalar(counted) or 0


def list_runs(code: str) -> list[RetentionRun]:
    """The latest times that names were taken out in the project, latest first."""
    mine = AuditEntry.project_code == code, AuditEntry.action.in_((ANONYMISED, WITHDRAWN))
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.changes)
        .where(*mine)
        .order_by(AuditEntry.id.desc())
    )
    runs: dict[tuple[datetime, str, str], tuple[int, int]] = {}
    for at, actor, action, changes in rows:
        key = at, actor, action
        if key not in runs and len(runs) == MOST_RUNS:
            break
        people, events = runs.get(key, (0, 0))
        runs[key] = people + int(changes.get("people", [None, 0])[1] or 0), events + 1
    return [RetentionRun(*key, *numbers) for key, numbers in runs.items()]
