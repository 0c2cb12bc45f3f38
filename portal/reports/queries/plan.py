"""The plan with what came of it."""

from sqlalchemy import func, select

from portal.activities.models import Event
from portal.core.db import db


def count_by_activity(code: str) -> dict[int, dict[str, int]]:
    """Activity id -> event status -> number of events."""
    rows = db.session.execute(
        select(Event.activity_id, Event.status, func.count())
        .where(Event.project_code == code)
        .group_by(Event.activity_id, Event.status)
    )
    found: dict[int, dict[str, int]] = {}
    for activity_id, status, number in rows:
        found.setdefault(activity_id, {})[status] = number
    return found
