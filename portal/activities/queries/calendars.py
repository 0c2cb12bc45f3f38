"""Reading the events that calendars show."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.activities.models import Event
from portal.activities.rules.events import EventStatus
from portal.core.db import db

# A calendar that is read every few hours holds what is coming, and the last year.
KEPT: Final = timedelta(days=366)


def list_for_calendar(code: str, *, now: datetime, public: bool = False) -> list[Event]:
    """The project's events that ended no more than a year ago, with their organisers, earliest first.

    `public`: those of them that everyone may know of.
    Events that were called off are not among the public ones: whoever subscribes sees them go.
    """
    mine = select(Event).where(Event.project_code == code, Event.ends_at >= now - KEPT)
    if public:
        mine = mine.where(Event.is_public, Event.status != EventStatus.CANCELLED)
    ordered = mine.order_by(Event.starts_at, Event.id).options(selectinload(Event.organisers))
    return list(db.session.scalars(ordered))
