"""A project's structure as rows: all that its file states, and what only the portal keeps of the plan."""

from copy import deepcopy
from typing import NamedTuple

from portal.core.db import Base
from portal.core.errors import NotFound
from portal.projects.models import Activity, Project, WorkPackage
from portal.projects.queries.facts import get_project
from portal.projects.queries.plan import list_plan
from portal.projects.rules.merging import Row, Rows, Value

# Not of the structure: what counts changes, and who to ask.
NOT_STATED = frozenset({"loaded", "status", "version", "address"})


class Structure(NamedTuple):
    """A project and its rows: table -> key -> column -> value; the project's own row has the key ''."""

    project: Project
    rows: Rows

    def get_row(self, table: str, key: str) -> Row:
        """The row of the table with this key; raise NotFound."""
        row = self.rows.get(table, {}).get(key)
        if row is None:
            raise NotFound("row-gone")
        return row


def get_structure(code: str) -> Structure:
    """The project with this code and its rows; raise NotFound."""
    project = get_project(code)
    return Structure(project, rows_of_project(project))


def rows_of_project(project: Project) -> Rows:
    """The stored project as it is now; what is changed in the rows changes nothing in the project."""
    packages = list_plan(project.code)
    activities = [each for package in packages for each in package.activities]
    rows: Rows = {
        "project": {"": _columns(project)},
        "organisations": {each.key: _columns(each, "key") for each in project.organisations},
        "work_packages": {str(package.number): {"title": package.title} for package in packages},
        "activities": {each.number: _activity(package, each) for package in packages for each in package.activities},
        "deliverables": {
            each.number: {"activity": activity.number, "title": each.title, "due_day": each.due_day}
            for activity in activities
            for each in activity.deliverables
        },
        "indicators": {each.key: _columns(each, "key") for each in project.indicators},
        "periods": {str(each.number): _columns(each, "number") for each in project.periods},
    }
    # Texts and lists are the stored ones otherwise, and a change in them would not be noticed.
    return deepcopy(rows)


def _activity(package: WorkPackage, activity: Activity) -> dict[str, Value]:
    return {
        "work_package": package.number,
        "title": activity.title,
        "responsible": activity.responsible.key if activity.responsible else "",
        "planned_first_day": activity.planned_first_day,
        "planned_last_day": activity.planned_last_day,
    }


def _columns(model: Base, *identity: str) -> dict[str, Value]:
    hidden = {"id", "project_code", *NOT_STATED, *identity}
    return {column.key: getattr(model, column.key) for column in model.__table__.columns if column.key not in hidden}
