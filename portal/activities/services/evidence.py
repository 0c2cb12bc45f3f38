"""Attaching files to events as evidence, and taking them off."""

from collections.abc import Sequence
from datetime import datetime

from portal.activities.models import EventEvidence
from portal.activities.queries import get_evidence, is_sensitive
from portal.activities.rules.evidence import check_evidence
from portal.activities.services.events import lock_event
from portal.activities.services.trail import event_subject
from portal.audit.services import current_actor, record
from portal.core.db import transaction
from portal.core.files.rules import HASH_SHOWN
from portal.core.files.services import KeptUpload, add_rows, remove_rows


def add_evidence(
    event_id: int, kind: str, files: Sequence[KeptUpload], *, now: datetime, no_names: bool = False
) -> int:
    """Attach the kept files to the event as evidence of this kind; return how many were not attached before.

    `no_names` says that someone has made sure that no name is legible in them; events with convicted persons or
    family members need it. Raise InvalidInput, NotFound, or Conflict if a file is no longer in the store.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        check_evidence(kind, sensitive=is_sensitive(event_id), no_names=no_names)
        add_rows(session, files, now=now)
        attached = {row.sha256 for row in event.evidence if row.kind == kind}
        new: dict[str, KeptUpload] = {}
        for file in files:
            if file.original.sha256 not in attached:
                new.setdefault(file.original.sha256, file)
        for sha256, file in new.items():
            row = EventEvidence(kind=kind, sha256=sha256, filename=file.name, added_at=now)
            row.shared_sha256 = file.shared.sha256 if file.shared else None
            row.added_by = current_actor().id
            event.evidence.append(row)
            record(session, "evidence_added", event_subject(event), now=now, after=_columns(row))
        return len(new)


def remove_evidence(evidence_id: int, *, event_id: int, now: datetime) -> None:
    """Take the file off the event; unless something else uses it, the next sweep of the store deletes it.

    Raise NotFound if the event has no such evidence.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        row = get_evidence(event_id, evidence_id).row
        record(session, "evidence_removed", event_subject(event), now=now, before=_columns(row))
        hashes = [each for each in (row.sha256, row.shared_sha256) if each]
        session.delete(row)
        remove_rows(session, hashes)


def _columns(row: EventEvidence) -> dict[str, str]:
    return {"kind": row.kind, "file": row.sha256[:HASH_SHOWN]}
