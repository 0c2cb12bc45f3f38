"""A project's status: it begins to run, is closed, is opened again."""

from datetime import datetime

from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound
from portal.projects.models import Project
from portal.projects.queries.structure import rows_of_project
from portal.projects.rules.contract import check_move
from portal.projects.services.versions import keep_agreed

ACTIONS = {
    ("preparation", "running"): "project_started",
    ("running", "closed"): "project_closed",
    ("closed", "running"): "project_reopened",
}


def move_project(code: str, wanted: str, *, version: int, now: datetime) -> None:
    """Give the project the wanted status; what is agreed when it begins to run is kept as its first version.

    Raise Conflict if its status does not allow this, or if it has changed since `version`.
    """
    with transaction() as session:
        project = session.get(Project, code, with_for_update=True)
        if project is None:
            raise NotFound("project-unknown", code=code)
        before = project.status
        check_move(before, wanted)
        if project.version != version:
            raise Conflict("project-stale")
        if before == "preparation":
            keep_agreed(session, project, rows_of_project(project), now=now)
        project.status = wanted
        project.version += 1
        subject = Subject("project", 0, code, code)
        changed = {"before": {"status": before}, "after": {"status": wanted}}
        record(session, ACTIONS[before, wanted], subject, now=now, **changed)
