"""Reading the events that calendars show."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.activities.models import Event
from portal.activities.rules.events import EventStatus
from portal.core.db import db


def list_for_calendar(code: str, *, public: bool = False) -> list[Event]:
    """The project's events with their organisers, earliest first; `public`: those of them that everyone may know of.

    Events that were called off are not among the public ones: whoever subscribes sees them go.
    """
    mine = select(Event).where(Event.project_code == code)
    if public:
        mine = mine.where(Event.is_public, Event.status != EventStatus.CANCELLED)
    ordered = mine.order_by(Event.starts_at, Event.id).options(selectinload(Event.organisers))
    return list(db.session.scalars(ordered))
