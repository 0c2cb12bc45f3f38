"""Recording the progress of the plan: nothing of it is contractual, so it takes no reason, only an open project."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound
from portal.projects.models import Activity, Deliverable, Project
from portal.projects.rules.progress import ActivityProgress, DeliverableProgress, check_activity, check_deliverable


def record_activity_progress(
    project_code: str, number: str, progress: ActivityProgress, *, version: int, now: datetime
) -> None:
    """Store how far the activity with this number is.

    Raise InvalidInputs if that contradicts itself or is still to come, Conflict if the project is closed or someone
    has changed its plan since `version`, NotFound.
    """
    with transaction() as session:
        project = _open_project(session, project_code, version)
        mine = select(Activity).where(Activity.project_code == project_code, Activity.number == number)
        activity = session.scalar(mine)
        if activity is None:
            raise NotFound("activity-unknown", number=number)
        check_activity(progress, today=now.astimezone(ZoneInfo(project.time_zone)).date())
        subject = Subject("activity", activity.id, number, project_code)
        _store(session, _Change(project, activity, "activity_progress", subject), progress._asdict(), now)


def record_deliverable_progress(
    project_code: str, number: str, progress: DeliverableProgress, *, version: int, now: datetime
) -> None:
    """Store when the deliverable with this number was handed over.

    Raise InvalidInputs if the day is still to come, Conflict if the project is closed or someone has changed its plan
    since `version`, NotFound.
    """
    with transaction() as session:
        project = _open_project(session, project_code, version)
        mine = select(Deliverable).where(Deliverable.project_code == project_code, Deliverable.number == number)
        deliverable = session.scalar(mine)
        if deliverable is None:
            raise NotFound("deliverable-unknown", number=number)
        check_deliverable(progress, today=now.astimezone(ZoneInfo(project.time_zone)).date())
        subject = Subject("deliverable", deliverable.id, number, project_code)
        _store(session, _Change(project, deliverable, "deliverable_progress", subject), progress._asdict(), now)


class _Change(NamedTuple):
    """What changes, and what the audit calls it."""

    project: Project
    row: Activity | Deliverable
    action: str
    subject: Subject


def _open_project(session: Session, code: str, version: int) -> Project:
    """The project, held against other writers; raise NotFound, or Conflict if it is closed or changed."""
    project = session.get(Project, code, with_for_update=True)
    if project is None:
        raise NotFound("project-unknown", code=code)
    if project.status == "closed":
        raise Conflict("project-closed")
    if project.version != version:
        raise Conflict("project-stale")
    return project


def _store(session: Session, change: _Change, columns: dict[str, Any], now: datetime) -> None:
    before = {name: getattr(change.row, name) for name in columns}
    if before == columns:
        return
    for name, value in columns.items():
        setattr(change.row, name, value)
    # Forms opened before are stale.
    change.project.version += 1
    record(session, change.action, change.subject, now=now, before=before, after=columns)
