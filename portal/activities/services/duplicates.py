"""Events of an organisation that turns out to be another one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Event
from portal.activities.services.events import touch
from portal.activities.services.trail import event_columns, event_subject
from portal.audit.services import record
from portal.projects.models import Organisation


def lock_events_of(session: Session, organisation_ids: Iterable[int]) -> list[int]:
    """Hold the events that these organisations organise against other writers; return their ids in order."""
    theirs = Event.organisers.any(Organisation.id.in_(list(organisation_ids)))
    return list(session.scalars(select(Event.id).where(theirs).order_by(Event.id).with_for_update(of=Event)))


def replace_organiser(session: Session, *, gone: Organisation, kept: Organisation, now: datetime) -> None:
    """Let `kept` organise every event of `gone`, once where both did; whether it is joint follows from that."""
    theirs = select(Event).where(Event.organisers.any(Organisation.id == gone.id)).order_by(Event.id)
    for event in session.scalars(theirs).all():
        before = event_columns(event)
        others = [each for each in event.organisers if each.id not in (gone.id, kept.id)]
        event.organisers = sorted([*others, kept], key=lambda each: (each.position, each.id))
        # A person has changed it: undoing an import leaves it alone.
        event.import_id = None
        touch(event, now)
        record(session, "event_changed", event_subject(event), now=now, before=before, after=event_columns(event))
    session.flush()
