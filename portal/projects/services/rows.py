"""Storing a project's rows: what is new is made, what differs is set, what is not there any more is removed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.core.db import Base
from portal.projects.models import (
    Activity,
    Deliverable,
    Indicator,
    Organisation,
    Project,
    ReportingPeriod,
    WorkPackage,
)
from portal.projects.rules.merging import Row, Rows


class Renaming(NamedTuple):
    """A row that gets another number and stays the same, with all that hangs on it."""

    table: str
    before: str
    after: str

    def number_of(self, table: str, number: str) -> str:
        """The number by which the rows call what is stored under `number`."""
        return self.after if (table, number) == (self.table, self.before) else number


SAME = Renaming("", "", "")


def store_rows(session: Session, project: Project, rows: Rows, renaming: Renaming = SAME) -> None:
    """Make the stored project what the rows say.

    Raise IntegrityError if something that is gone from the rows is still referred to.
    """
    _set(project, rows["project"][""])
    added = (
        (project.organisations, "key", rows["organisations"], Organisation),
        (project.indicators, "key", rows["indicators"], Indicator),
        (project.periods, "number", rows["periods"], ReportingPeriod),
        (project.work_packages, "number", rows["work_packages"], WorkPackage),
    )
    for held, key_column, stated, model in added:
        _store_keyed(held, key_column, stated, model)
    session.flush()
    _store_activities(project, rows["activities"], renaming)
    session.flush()
    _store_deliverables(project, rows["deliverables"], renaming)
    session.flush()
    for held, key_column, stated, _ in added:
        _remove(held, key_column, stated)
    session.flush()


def _store_keyed(held: list[Any], key_column: str, rows: Mapping[str, Row], model: type[Base]) -> None:
    found = {str(getattr(each, key_column)): each for each in held}
    for key, columns in rows.items():
        each = found.get(key)
        if each is None:
            each = model(**{key_column: int(key) if key_column == "number" else key})
            held.append(each)
        _set(each, columns)


def _remove(held: list[Any], key_column: str, rows: Mapping[str, Row]) -> None:
    for each in [each for each in held if str(getattr(each, key_column)) not in rows]:
        held.remove(each)


def _store_activities(project: Project, rows: Mapping[str, Any], renaming: Renaming) -> None:
    packages = {package.number: package for package in project.work_packages}
    organisations = {each.key: each for each in project.organisations}
    stored = [each for package in project.work_packages for each in package.activities]
    found = {renaming.number_of("activities", each.number): each for each in stored}
    for position, (number, columns) in enumerate(rows.items(), start=1):
        package = packages[columns["work_package"]]
        each = found.get(number) or Activity(project_code=project.code)
        each.number, each.position = number, position
        _set(each, {name: columns[name] for name in ("title", "planned_first_day", "planned_last_day")})
        each.responsible = organisations.get(columns["responsible"])
        if each not in package.activities:
            package.activities.append(each)
    for package in project.work_packages:
        _remove(package.activities, "number", rows)


def _store_deliverables(project: Project, rows: Mapping[str, Any], renaming: Renaming) -> None:
    activities = {each.number: each for package in project.work_packages for each in package.activities}
    stored = [each for activity in activities.values() for each in activity.deliverables]
    found = {renaming.number_of("deliverables", each.number): each for each in stored}
    for position, (number, columns) in enumerate(rows.items(), start=1):
        activity = activities[columns["activity"]]
        each = found.get(number) or Deliverable(project_code=project.code)
        each.number, each.position = number, position
        _set(each, {name: columns[name] for name in ("title", "due_day")})
        if each not in activity.deliverables:
            activity.deliverables.append(each)
    for activity in activities.values():
        _remove(activity.deliverables, "number", rows)


def _set(model: Base, columns: Row) -> None:
    for column, value in columns.items():
        if getattr(model, column, None) != value:
            setattr(model, column, value)
