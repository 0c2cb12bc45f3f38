"""Keeping an event out of a row of the outcome table, with a reason, and letting it count again."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.activities.models import Event, Exclusion
from portal.activities.queries.exclusions import find_exclusion, get_excludable, get_exclusion
from portal.activities.rules.exclusions import check_reason
from portal.activities.services.events import lock_event, lock_project, touch
from portal.activities.services.trail import event_subject
from portal.audit.services import current_actor, record
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.projects.models import Indicator
from portal.projects.queries import get_indicator


def exclude_event(event_id: int, key: str, reason: str, *, now: datetime) -> None:
    """Let the event no longer count towards its project's indicator `key`, for the reason that is given.

    Raise InvalidInput for a reason that cannot be kept, NotFound, or Conflict if the event is excluded from it already,
    if no events are counted towards it, or if the project is closed.
    """
    kept = check_reason(reason)
    with transaction() as session:
        event = _lock(session, event_id)
        indicator = get_excludable(event.project_code, key)
        if find_exclusion(event_id, indicator.id) is not None:
            raise Conflict("exclusion-there")
        row = Exclusion(event_id=event_id, indicator=indicator, reason=kept, made_at=now)
        row.actor = current_actor().label
        session.add(row)
        touch(event, now)
        record(session, "event_excluded", event_subject(event), now=now, after=_columns(indicator, row))


def include_event(event_id: int, key: str, *, now: datetime) -> None:
    """Let the event count again towards its project's indicator `key`, as far as the indicator's measure says.

    Raise NotFound if it is not excluded from it, Conflict if the project is closed.
    """
    with transaction() as session:
        event = _lock(session, event_id)
        indicator = get_indicator(event.project_code, key)
        row = get_exclusion(event_id, indicator.id)
        record(session, "event_included", event_subject(event), now=now, before=_columns(indicator, row))
        session.delete(row)
        touch(event, now)


def _lock(session: Session, event_id: int) -> Event:
    """The event, with its project, so that neither it nor the project's indicators change meanwhile."""
    event = lock_event(session, event_id)
    lock_project(session, event.project_code)
    return event


def _columns(indicator: Indicator, row: Exclusion) -> dict[str, Any]:
    return {"indicator": indicator.key, "reason": row.reason}
