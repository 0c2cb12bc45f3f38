"""Holding a project for a change of its money: what is closed changes no more, and changes do not cross."""

from typing import Final

from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.projects.models import Project
from portal.projects.rules.closing import check_open

# How the project is held until the transaction ends: beside others who do the same, so that it only stays open; with
# its changes one after the other, while rows that only refer to it need not wait; or with all that refers to it.
SHARED: Final = {"read": True}
ONE_BY_ONE: Final = {"key_share": True}
WHOLE: Final = True


def hold_open_project(session: Session, code: str, how: bool | dict[str, bool] = ONE_BY_ONE) -> Project:
    """The project, held until the transaction ends; raise NotFound, Conflict if it is closed."""
    project = session.get(Project, code, with_for_update=how)
    if project is None:
        raise NotFound("project-unknown", code=code)
    check_open(project.status)
    return project
