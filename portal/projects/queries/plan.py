"""Reading the plan: work packages, activities, deliverables. What belongs to another project is not found."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Activity, Deliverable, WorkPackage


def list_plan(code: str) -> list[WorkPackage]:
    """The work packages by number, with their activities, those who answer for them, and their deliverables."""
    activities = selectinload(WorkPackage.activities)
    mine = select(WorkPackage).where(WorkPackage.project_code == code).order_by(WorkPackage.number)
    options = (activities.selectinload(Activity.deliverables), activities.selectinload(Activity.responsible))
    return list(db.session.scalars(mine.options(*options)))


def get_activity(code: str, number: str) -> Activity:
    """The project's activity with this number; raise NotFound."""
    found = db.session.scalar(select(Activity).where(Activity.project_code == code, Activity.number == number))
    if found is None:
        raise NotFound("activity-unknown", number=number)
    return found


def get_deliverable(code: str, number: str) -> Deliverable:
    """The project's deliverable with this number; raise NotFound."""
    mine = select(Deliverable).where(Deliverable.project_code == code, Deliverable.number == number)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound("deliverable-unknown", number=number)
    return found
