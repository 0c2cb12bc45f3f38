"""Loading project files over what the portal holds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.audit.services import Subject, record
from portal.core.db import Base, transaction
from portal.core.errors import InvalidInputs
from portal.projects.models import Activity, Indicator, Organisation, Project, ReportingPeriod, WorkPackage
from portal.projects.rules.merged_rows import merged_problems
from portal.projects.rules.merging import Difference, Row, Rows, Value, merge_facts
from portal.projects.rules.project_file import ProjectFacts, rows_of

DATES = frozenset({"agreement_signed", "first_day", "last_day"})


class Loaded(NamedTuple):
    """What a load did: whether the project is new, whether anything changed, where the portal's own values stand."""

    code: str
    created: bool
    changed: bool
    differences: tuple[Difference, ...]


def load_project(facts: ProjectFacts, *, now: datetime) -> Loaded:
    """Create the project that the facts describe, or update it; values changed in the portal since are kept.

    Raise InvalidInputs, and store nothing, if what is kept and what the file states contradict each other.
    """
    stated = rows_of(facts)
    code = str(facts.project["code"])
    with transaction() as session:
        project = session.get(Project, code, with_for_update=True)
        current = _current_rows(project) if project else {}
        base = _read_rows(project.loaded) if project and project.loaded else None
        merge = merge_facts(base, current, stated)
        problems = merged_problems(merge.rows)
        if problems:
            raise InvalidInputs(problems)
        changed = merge.rows != current or (project is not None and project.loaded != _plain(stated))
        _store(session, project, merge.rows, loaded=_plain(stated))
        if changed:
            action = "project_loaded" if project is None else "project_updated"
            subject = Subject("project", 0, code, code)
            record(session, action, subject, now=now, before=_flat(current), after=_flat(merge.rows))
        return Loaded(code, project is None, changed, merge.differences)


def _flat(rows: Rows) -> dict[str, Value]:
    """The rows as "table.key.column" -> value, as the audit compares them."""
    return {
        ".".join(filter(None, (table, key, column))): value
        for table, keyed in rows.items()
        for key, row in keyed.items()
        for column, value in row.items()
    }


def _store(session: Session, project: Project | None, rows: Rows, *, loaded: dict[str, Any]) -> None:
    columns = rows["project"][""]
    if project is None:
        project = Project(code=columns["code"])
        session.add(project)
    _set(project, columns)
    project.loaded = loaded
    _store_rows(project.organisations, "key", rows["organisations"], Organisation)
    _store_rows(project.indicators, "key", rows["indicators"], Indicator)
    _store_rows(project.periods, "number", rows["periods"], ReportingPeriod)
    _store_rows(project.work_packages, "number", rows["work_packages"], WorkPackage)
    session.flush()
    _store_activities(project, rows["activities"])


def _store_rows(held: list[Any], key_column: str, rows: Mapping[str, Row], model: type[Base]) -> None:
    found = {str(getattr(each, key_column)): each for each in held}
    for key, columns in rows.items():
        each = found.get(key)
        if each is None:
            each = model(**{key_column: int(key) if key_column == "number" else key})
            held.append(each)
        _set(each, columns)


def _store_activities(project: Project, rows: Mapping[str, Any]) -> None:
    packages = {package.number: package for package in project.work_packages}
    found = {each.number: each for package in project.work_packages for each in package.activities}
    for position, (number, columns) in enumerate(rows.items(), start=1):
        package = packages[columns["work_package"]]
        each = found.get(number) or Activity(project_code=project.code, number=number)
        each.position, each.title = position, columns["title"]
        if each not in package.activities:
            package.activities.append(each)


def _set(model: Base, columns: Row) -> None:
    for column, value in columns.items():
        if getattr(model, column, None) != value:
            setattr(model, column, value)


def _current_rows(project: Project) -> Rows:
    """The project as the portal holds it now, in the form of a file's rows."""
    return {
        "project": {"": _columns(project, without={"loaded", "status", "version"})},
        "organisations": {each.key: _columns(each, without={"key", "address"}) for each in project.organisations},
        "work_packages": {str(each.number): {"title": each.title} for each in project.work_packages},
        "activities": {
            each.number: {"work_package": package.number, "title": each.title}
            for package in project.work_packages
            for each in package.activities
        },
        "indicators": {each.key: _columns(each, without={"key"}) for each in project.indicators},
        "periods": {str(each.number): _columns(each, without={"number"}) for each in project.periods},
    }


def _columns(model: Base, *, without: set[str]) -> dict[str, Value]:
    hidden = without | {"id", "project_code"}
    return {column.key: getattr(model, column.key) for column in model.__table__.columns if column.key not in hidden}


def _plain(rows: Rows) -> dict[str, Any]:
    """The rows as JSON keeps them: days as ISO texts."""
    return {
        table: {
            key: {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
            for key, row in keyed.items()
        }
        for table, keyed in rows.items()
    }


def _read_rows(plain: Mapping[str, Any]) -> Rows:
    """The rows that `_plain` made into JSON."""
    return {
        table: {
            key: {name: date.fromisoformat(value) if name in DATES and value else value for name, value in row.items()}
            for key, row in keyed.items()
        }
        for table, keyed in plain.items()
    }
