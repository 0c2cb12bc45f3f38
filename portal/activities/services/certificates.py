"""Issuing certificates of attendance and taking mistaken ones back. Their files are made before, and kept by hash."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Certificate
from portal.activities.queries.certificates import certified, get_certificate_of, list_reached
from portal.activities.rules.certificates import Certified, check_over
from portal.activities.services.events import lock_event
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import among, transaction
from portal.core.errors import Conflict
from portal.core.files.services import KeptUpload, add_rows, forget


class CertificateDraft(NamedTuple):
    """A certificate that is drawn up: whose, what it says of them, its code, and the file that says so."""

    participation_id: int
    name: str
    minutes: int
    of_minutes: int
    code: str
    says: Certified
    file: KeptUpload


def issue_certificates(event_id: int, drafts: Sequence[CertificateDraft], *, percent: int, now: datetime) -> int:
    """Issue the certificates that were drawn up for those who reach `percent` and are due; return how many.

    Raise Conflict if the event is not over, or if they are not what would be drawn up now: the list, somebody's
    attendance or the event has changed.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        check_over(event.status, ends_at=event.ends_at, now=now)
        reached = list_reached(event, percent)
        due = {row.person.id: (row.person.name, row.minutes, reached.of_minutes) for row in reached.due}
        says = certified(event)
        drawn = {draft.participation_id: (draft.name, draft.minutes, draft.of_minutes) for draft in drafts}
        if due != drawn or any(draft.says != says for draft in drafts):
            raise Conflict("certificates-changed")
        if not drafts:
            raise Conflict("certificates-none")
        add_rows(session, [draft.file for draft in drafts], now=now)
        session.add_all(_row(draft, says.kept(), now) for draft in drafts)
        after = {"people": len(drafts), "percent": percent}
        record(session, "certificates_issued", event_subject(event), now=now, after=after)
        return len(drafts)


def withdraw_certificate(event_id: int, participation_id: int, *, now: datetime) -> None:
    """Take the person's certificate back, with its file: its code is no certificate's any more.

    Raise NotFound if there is none.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        row = get_certificate_of(event_id, participation_id)
        before = {"participation": participation_id, "minutes": row.minutes}
        record(session, "certificate_withdrawn", event_subject(event), now=now, before=before)
        session.delete(row)
        forget(session, row.sha256)


def drop_certificates(session: Session, participation_ids: Collection[int]) -> None:
    """Delete the certificates of these people with their files, in the caller's transaction."""
    session.flush()
    mine = select(Certificate).where(among(Certificate.participation_id, participation_ids))
    for row in session.scalars(mine).all():
        session.delete(row)
        forget(session, row.sha256)


def _row(draft: CertificateDraft, facts: dict[str, Any], now: datetime) -> Certificate:
    return Certificate(
        participation_id=draft.participation_id,
        code=draft.code,
        name=draft.name,
        facts=facts,
        minutes=draft.minutes,
        of_minutes=draft.of_minutes,
        sha256=draft.file.original.sha256,
        issued_at=now,
    )
