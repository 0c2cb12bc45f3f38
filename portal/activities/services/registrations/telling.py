"""Telling those who registered: which mail goes to whom. What it says is read when it is sent."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Event, Participation, Registration
from portal.activities.rules.registrations import LISTED
from portal.jobs.services import send_mail


def tell(session: Session, kind: str, row: Registration, *, now: datetime, until: datetime | None = None) -> None:
    """Put a mail of this kind to the person into the outbox, if it is known where mails to them go.

    The outbox holds which row it is about, and what makes the link in it. After `until` the mail is not sent any more;
    without it, one that waits for an answer is not sent once the time for that is over.
    """
    if not row.email:
        return
    values: dict[str, object] = {"registration": row.participation_id, "nonce": row.nonce}
    until = until or row.answer_until
    if until is not None:
        values["until"] = until.isoformat()
    send_mail(session, kind=kind, recipient=row.email, language=row.language, values=values, now=now)


def tell_all(session: Session, kind: str, event: Event, *, now: datetime) -> None:
    """Put a mail of this kind into the outbox to everyone who came by the event's page and has a place."""
    listed = session.scalars(
        select(Registration)
        .join(Registration.participation)
        .where(Registration.event_id == event.id, Registration.email != "", Participation.status.in_(LISTED))
        .order_by(Registration.place)
    ).all()
    for row in listed:
        values = {"registration": row.participation_id, "nonce": row.nonce, "until": event.ends_at.isoformat()}
        send_mail(session, kind=kind, recipient=row.email, language=row.language, values=values, now=now)
