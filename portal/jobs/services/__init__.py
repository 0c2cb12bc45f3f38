"""Asking for work: the row is written in the caller's transaction, and the worker is told once that is committed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.db import after_commit
from portal.jobs import mail, registry
from portal.jobs.models import Job, Mail
from portal.jobs.queue import Work, announce


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    asked_by: int = 0,
    due_at: datetime | None = None,
) -> int:
    """Ask for a job of this kind, at once or at `due_at`; return its id.

    `payload` holds ids, never texts of people; `asked_by` is the number of the account (0: none).
    Raise LookupError for a kind that is not registered.
    """
    registry.job_function(kind)
    job = Job(kind=kind, payload=dict(payload), asked_by=asked_by, created_at=now, due_at=due_at or now)
    session.add(job)
    session.flush()
    if job.due_at <= now:
        after_commit(session, announce, Work("job", job.id))
    return job.id


def send_mail(
    session: Session, *, kind: str, recipient: str, language: str, values: Mapping[str, Any], now: datetime
) -> int:
    """Put a mail of this kind to one person into the outbox; return its id.

    `values` is all that its template prints; it is emptied once the mail is delivered.
    Raise LookupError for a kind that is not registered.
    """
    mail.template_of(kind)
    row = Mail(kind=kind, recipient=recipient, language=language, values=dict(values), created_at=now, due_at=now)
    session.add(row)
    session.flush()
    after_commit(session, announce, Work("mail", row.id))
    return row.id
