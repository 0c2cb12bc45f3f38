"""What a plan states, straight into the tables, so that the audit of a test holds what the test does."""

from typing import Any

from sqlalchemy import select

from portal.core.db import transaction
from portal.projects.models import Activity, Deliverable, Organisation, Project
from tests.make import PROJECT


def state_activity(number: str, responsible: str = "", **columns: Any) -> None:
    """Set these columns of the activity, and which organisation answers for it."""
    with transaction() as session:
        activity = session.scalars(select(Activity).where(Activity.number == number)).one()
        partner = select(Organisation).where(Organisation.key == responsible)
        activity.responsible = session.scalar(partner)
        for name, value in columns.items():
            setattr(activity, name, value)


def state_deliverable(number: str, activity: str, **columns: Any) -> None:
    """Add a deliverable of the activity, called "The deliverable" and its number."""
    with transaction() as session:
        held_by = session.scalars(select(Activity).where(Activity.number == activity)).one()
        place = len(held_by.deliverables) + 1
        title = {"en": f"The deliverable {number}"}
        held_by.deliverables.append(
            Deliverable(project_code=PROJECT, position=place, number=number, title=title, **columns)
        )


def set_status(status: str) -> None:
    """Let the project be in this status."""
    with transaction() as session:
        session.get_one(Project, PROJECT).status = status


def version_of_plan() -> int:
    """The project's version as stored."""
    with transaction() as session:
        return session.get_one(Project, PROJECT).version
