"""Reading planned events as the forecast of targets needs them."""

from datetime import datetime

from sqlalchemy import select

from portal.activities.models import Event
from portal.activities.queries.counting import list_event_facts
from portal.activities.rules.events import EventStatus
from portal.activities.rules.planning import PlannedEvent
from portal.core.db import db


def list_planned(code: str, now: datetime) -> list[PlannedEvent]:
    """The project's planned events, in order of date."""
    mine = select(Event.id, Event.planned_participants, Event.ends_at).where(
        Event.project_code == code, Event.status == EventStatus.PLANNED
    )
    plans = {row.id: row for row in db.session.execute(mine)}
    if not plans:
        return []
    return [
        PlannedEvent(event, plans[event.id].planned_participants, plans[event.id].ends_at <= now)
        for event in list_event_facts(code, Event.status == EventStatus.PLANNED)
        # One that was planned between the two readings is left to the next.
        if event.id in plans
    ]
