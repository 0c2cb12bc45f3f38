"""Reading the evidence of events: what is there, what is still expected, and who it belongs to."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, or_, select

from portal.activities.models import Event, EventEvidence, Headcount, Participation
from portal.activities.rules.evidence import ATTENDANCE_KINDS, Expectation, checklist
from portal.activities.rules.participants import SENSITIVE_GROUPS, ParticipationStatus
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.files.models import StoredFile


class EvidenceItem(NamedTuple):
    """A file that proves something about an event, and what is stored of it."""

    row: EventEvidence
    file: StoredFile

    @property
    def kilobytes(self) -> int:
        """The size of the file as people read it, rounded up."""
        return -(-self.file.size_bytes // 1000)


class EventProof(NamedTuple):
    """How far an event is evidenced; `is_sensitive` where convicted persons or their families were there."""

    items: list[EvidenceItem]
    checklist: list[Expectation]
    is_sensitive: bool
    is_evidenced: bool


class Use(NamedTuple):
    """Where a stored file is used."""

    project_code: str
    ref: str
    kind: str


def event_proof(event: Event) -> EventProof:
    """What is attached to the event, and what is still expected of an event of its kind."""
    items = list_evidence(event.id)
    kinds = {item.row.kind for item in items}
    sensitive = is_sensitive(event.id)
    expected = checklist(event.kind, is_public=event.is_public, sensitive=sensitive, present=kinds)
    return EventProof(items, expected, sensitive, not ATTENDANCE_KINDS.isdisjoint(kinds))


def list_evidence(event_id: int) -> list[EvidenceItem]:
    """The event's evidence in the order it was added."""
    rows = db.session.execute(_items().where(EventEvidence.event_id == event_id).order_by(EventEvidence.id))
    return [EvidenceItem(row, file) for row, file in rows]


def get_evidence(event_id: int, evidence_id: int) -> EvidenceItem:
    """The evidence with this id; raise NotFound, also for that of another event."""
    mine = _items().where(EventEvidence.id == evidence_id, EventEvidence.event_id == event_id)
    found = db.session.execute(mine).one_or_none()
    if found is None:
        raise NotFound("evidence-unknown")
    return EvidenceItem(*found)


def is_sensitive(event_id: int) -> bool:
    """Whether anyone of a sensitive group is recorded at the event, by a code or as a number."""
    return bool(db.session.scalar(select(has_sensitive()).where(Event.id == event_id)))


def has_sensitive() -> ColumnElement[bool]:
    """The condition that anyone of a sensitive group is recorded at an event."""
    coded = exists().where(Participation.event_id == Event.id, Participation.group.in_(SENSITIVE_GROUPS))
    counted = exists().where(Headcount.event_id == Event.id, Headcount.group.in_(SENSITIVE_GROUPS))
    return or_(coded, counted)


def has_people() -> ColumnElement[bool]:
    """The condition that anyone is recorded as having been at an event, by a row or as a number."""
    attended = exists().where(Participation.event_id == Event.id, Participation.status == ParticipationStatus.ATTENDED)
    return or_(attended, exists().where(Headcount.event_id == Event.id))


def is_evidenced() -> ColumnElement[bool]:
    """The condition that an event has at least one file that proves its attendance."""
    return exists().where(EventEvidence.event_id == Event.id, EventEvidence.kind.in_(ATTENDANCE_KINDS))


def list_evidenced(event_ids: Collection[int]) -> frozenset[int]:
    """Those of the events that have at least one such file."""
    proofs = select(EventEvidence.event_id).where(EventEvidence.kind.in_(ATTENDANCE_KINDS))
    return frozenset(db.session.scalars(proofs.where(EventEvidence.event_id.in_(event_ids))))


def list_uses(sha256: str) -> list[Use]:
    """Which events use the stored file as evidence, as it is or as the copy to share, by id of the evidence."""
    mine = or_(EventEvidence.sha256 == sha256, EventEvidence.shared_sha256 == sha256)
    rows = select(Event.project_code, Event.ref, EventEvidence.kind).join(EventEvidence).where(mine)
    return [Use(*row) for row in db.session.execute(rows.order_by(EventEvidence.id))]


def _items() -> Select[EventEvidence, StoredFile]:
    return select(EventEvidence, StoredFile).join(StoredFile, EventEvidence.sha256 == StoredFile.sha256)
