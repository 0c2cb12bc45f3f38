"""Reading which events are excluded from which rows."""

from sqlalchemy import select

from portal.activities.models import Exclusion
from portal.activities.rules.exclusions import check_excludable
from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Indicator
from portal.projects.queries import get_indicator, get_measure


def get_excludable(code: str, key: str) -> Indicator:
    """The project's indicator with this key; raise NotFound, or Conflict if no events are counted towards it."""
    indicator = get_indicator(code, key)
    check_excludable(get_measure(indicator))
    return indicator


def list_exclusions(event_id: int) -> dict[int, Exclusion]:
    """Indicator id -> the decision that the event does not count towards it."""
    rows = select(Exclusion).where(Exclusion.event_id == event_id).order_by(Exclusion.id)
    return {row.indicator_id: row for row in db.session.scalars(rows)}


def find_exclusion(event_id: int, indicator_id: int) -> Exclusion | None:
    """The decision that the event does not count towards the indicator."""
    mine = Exclusion.event_id == event_id, Exclusion.indicator_id == indicator_id
    return db.session.scalar(select(Exclusion).where(*mine))


def get_exclusion(event_id: int, indicator_id: int) -> Exclusion:
    """The decision that the event does not count towards the indicator; raise NotFound if it does."""
    found = find_exclusion(event_id, indicator_id)
    if found is None:
        raise NotFound("exclusion-unknown")
    return found
