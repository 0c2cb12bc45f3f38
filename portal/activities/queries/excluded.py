"""Reading the events that the manager decided not to count, for the lists beside a project's figures."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.activities.models import Event, Exclusion
from portal.core.db import db
from portal.projects.models import Indicator


class ExcludedEvent(NamedTuple):
    """An event that does not count towards the row with the key `indicator`, and the reason given for it."""

    event_id: int
    ref: str
    title: Mapping[str, str]
    counting_date: date
    indicator: str
    reason: str


def list_excluded(code: str, as_of: date) -> list[ExcludedEvent]:
    """The project's events excluded from a row, of those dated `as_of` or earlier, by day and then by row."""
    rows = (
        select(Event.id, Event.ref, Event.title, Event.counting_date, Indicator.key, Exclusion.reason)
        .join(Exclusion, Exclusion.event_id == Event.id)
        .join(Indicator, Exclusion.indicator_id == Indicator.id)
        .where(Event.project_code == code, Event.counting_date <= as_of)
        .order_by(Event.counting_date, Event.ref, Indicator.position, Exclusion.id)
    )
    return [ExcludedEvent(*row) for row in db.session.execute(rows)]
