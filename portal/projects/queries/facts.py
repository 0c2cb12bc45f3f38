"""Reading projects and what belongs to them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.errors import InvalidInputs, NotFound, Problem
from portal.core.periods import Period
from portal.projects.models import Indicator, Organisation, Project, WorkPackage
from portal.projects.rules.measures import Measure, read_measure


def find_project(code: str) -> Project | None:
    """The project with this code."""
    return db.session.get(Project, code)


def get_project(code: str) -> Project:
    """The project with this code; raise NotFound."""
    project = find_project(code)
    if project is None:
        raise NotFound("project-unknown", code=code)
    return project


def list_projects(codes: Collection[str] | None = None) -> list[Project]:
    """The projects with these codes (None: all), by code."""
    chosen = select(Project).order_by(Project.code)
    return list(db.session.scalars(chosen if codes is None else chosen.where(Project.code.in_(codes))))


def get_published_project(code: str) -> Project:
    """The project with this code, if the public may read of it: not while it is in preparation; raise NotFound."""
    project = get_project(code)
    if project.status == "preparation":
        raise NotFound("project-unknown", code=code)
    return project


def list_published_projects() -> list[Project]:
    """The projects of which the public may read, by code."""
    return list(db.session.scalars(select(Project).where(Project.status != "preparation").order_by(Project.code)))


def list_organisations(code: str) -> list[Organisation]:
    """The project's organisations in the order of its file."""
    mine = select(Organisation).where(Organisation.project_code == code)
    return list(db.session.scalars(mine.order_by(Organisation.position, Organisation.id)))


def organisation_name(code: str, key: str) -> dict[str, str]:
    """Language -> name of the project's organisation with this key, which it has."""
    mine = select(Organisation.name).where(Organisation.project_code == code, Organisation.key == key)
    return db.session.scalars(mine).one()


def list_countries(code: str) -> list[str]:
    """The codes of the countries that the project's organisations come from, in order."""
    mine = select(Organisation.country).where(Organisation.project_code == code).distinct()
    return list(db.session.scalars(mine.order_by(Organisation.country)))


def list_work_packages(code: str) -> list[WorkPackage]:
    """The project's work packages by number, with their activities."""
    mine = select(WorkPackage).where(WorkPackage.project_code == code).options(selectinload(WorkPackage.activities))
    return list(db.session.scalars(mine.order_by(WorkPackage.number)))


def list_periods(code: str) -> list[Period]:
    """The project's reporting periods by number."""
    return [Period(row.number, row.first_day, row.last_day) for row in get_project(code).periods]


def get_measure(indicator: Indicator) -> Measure:
    """How the indicator's value is counted; raise InvalidInputs if what is stored is no measure."""
    problems: list[Problem] = []
    measure = read_measure(indicator.measure, indicator.key, problems)
    if measure is None:
        raise InvalidInputs(problems)
    return measure
