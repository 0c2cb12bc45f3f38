"""The link by which helpers without an account mark who comes: one for each event, made anew and ended at will."""

import secrets
from datetime import datetime

from portal.activities.models import CheckinLink
from portal.activities.rules.events import EventStatus
from portal.activities.rules.marking import LINK_LASTS, check_link
from portal.activities.services.events import lock_event
from portal.activities.services.marking import Mark, mark
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound

# 256 bits: nobody comes upon a link by trying.
TOKEN_BYTES = 32


def make_link(event_id: int, *, now: datetime) -> str:
    """Give the event a new link and return its token; an earlier one stops working.

    Raise Conflict if there would be no time left to use it: the event is cancelled or over.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        if event.status == EventStatus.CANCELLED:
            raise Conflict("checkin-cancelled")
        if now >= event.ends_at + LINK_LASTS:
            raise Conflict("checkin-over")
        link = session.get(CheckinLink, event_id) or CheckinLink(event_id=event_id)
        link.token, link.made_at = secrets.token_urlsafe(TOKEN_BYTES), now
        session.add(link)
        record(session, "checkin_link_made", event_subject(event), now=now)
        return link.token


def end_link(event_id: int, *, now: datetime) -> None:
    """Let the event's link stop working at once; without one nothing happens."""
    with transaction() as session:
        event = lock_event(session, event_id)
        link = session.get(CheckinLink, event_id)
        if link is not None:
            session.delete(link)
            record(session, "checkin_link_ended", event_subject(event), now=now)


def mark_by_link(event_id: int, position: int, stated: Mark, *, token: str, now: datetime) -> bool:
    """As `mark`, said by whoever has the link with this token.

    Raise NotFound if the event's link is another one by now, Conflict if it does not work at this time.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        link = session.get(CheckinLink, event_id)
        if link is None or link.token != token:
            raise NotFound("checkin-unknown")
        check_link(
            event.status, counting_date=event.counting_date, zone=event.time_zone, ends_at=event.ends_at, now=now
        )
        return mark(event_id, position, stated, now=now, by=0, by_link=True)
