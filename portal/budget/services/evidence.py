"""Attaching files to items of expenditure, one item or many at a time, and taking them off."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.audit.services import current_actor, record
from portal.budget.models import EvidenceBatch, ExpenditureItem, ItemEvidence
from portal.budget.queries.evidence import get_item_file, list_references
from portal.budget.rules.evidence import (
    ALREADY,
    AMBIGUOUS,
    ATTACHED,
    CERTIFIED,
    MOST_AT_ONCE,
    SKIPPED,
    UNKNOWN,
    Ambiguous,
    Index,
    check_adding,
    check_removing,
    find_reference,
    index_references,
    kind_of,
)
from portal.budget.services.holding import SHARED, hold_open_project
from portal.budget.services.trail import item_subject
from portal.core.db import transaction
from portal.core.errors import InvalidInput, NotFound
from portal.core.files.archives import is_archive, is_leftover, unpack
from portal.core.files.checking import Upload
from portal.core.files.rules import HASH_SHOWN, is_misleading, safe_name
from portal.core.files.services import KeptUpload, add_rows, keep_uploads, remove_rows
from portal.projects.models import Organisation
from portal.projects.queries import get_organisation

# As much of the end of a file's path as is kept to say what became of it.
LONGEST_PATH = 300
# How names in a ZIP are written that do not say it: as Windows writes them in the country.
CODE_PAGES = {"LT": "cp775", "LV": "cp775", "EE": "cp775", "PL": "cp852"}


class Sorted(NamedTuple):
    """A file of many with its path as it was sent: kept for an item as evidence of a kind, or why it was not."""

    name: str
    outcome: str
    reference: str | None = None
    kind: str = ""
    kept: KeptUpload | None = None


def add_evidence(code: str, item_id: int, kind: str, files: Sequence[KeptUpload], *, now: datetime) -> int:
    """Attach the kept files to the project's item as evidence of this kind; return how many were not attached before.

    Raise NotFound, Conflict if the item is certified, the project is closed or a file is no longer in the store.
    """
    with transaction() as session:
        item = _hold_item(session, code, item_id)
        check_adding(item.state)
        add_rows(session, files, now=now)
        return sum(_attach(session, item, kind, file, now) for file in files)


def remove_evidence(code: str, item_id: int, evidence_id: int, *, now: datetime) -> None:
    """Take the file off the item; unless something else uses it, the next sweep of the store deletes it.

    Raise NotFound, Conflict if the item has been submitted or the project is closed.
    """
    with transaction() as session:
        item = _hold_item(session, code, item_id)
        check_removing(item.state)
        row = get_item_file(item.id, evidence_id).row
        record(session, "item_evidence_removed", item_subject(item), now=now, before=_columns(row))
        sha256 = row.sha256
        session.delete(row)
        remove_rows(session, [sha256])


def sort_files(code: str, organisation_key: str, uploads: Iterable[Upload], *, now: datetime) -> list[Sorted]:
    """Find the item of each file by its name, and keep those files that can be attached, those inside a ZIP too.

    Raise InvalidInput for a ZIP that is not unpacked; what is wrong with a single file is its outcome. Call it before
    the transaction, as `keep_uploads`.
    """
    organisation = get_organisation(code, organisation_key)
    categories = list_references(organisation.id)
    index = index_references(categories)
    code_page = CODE_PAGES.get(organisation.country, "cp437")
    return [_sort(upload, index, categories, now) for upload in _single(uploads, code_page)]


def attach_batch(code: str, organisation_key: str, files: Sequence[Sorted], *, now: datetime) -> int:
    """Attach the sorted files to the organisation's items, and keep what became of each; return the batch's id.

    Raise NotFound, Conflict if the project is closed or a file is no longer in the store.
    """
    with transaction() as session:
        hold_open_project(session, code, SHARED)
        organisation = get_organisation(code, organisation_key)
        items = _hold_items(session, organisation, {each.reference for each in files if each.kept})
        add_rows(session, [each.kept for each in files if each.kept], now=now)
        outcomes = [_outcome(session, each, items, now) for each in files]
        actor = current_actor()
        batch = EvidenceBatch(organisation=organisation, added_by=actor.id, actor=actor.label, added_at=now)
        batch.outcomes = [
            {"name": each.name, "reference": each.reference, "outcome": outcome}
            for each, outcome in zip(files, outcomes, strict=True)
        ]
        session.add(batch)
        session.flush()
        return batch.id


def _single(uploads: Iterable[Upload], code_page: str) -> Iterator[Upload]:
    """The files one by one, those of a ZIP in its place."""
    for upload in uploads:
        if is_archive(upload.name):
            yield from unpack(upload, most_files=MOST_AT_ONCE, code_page=code_page)
        else:
            yield upload


def _sort(upload: Upload, index: Index, categories: dict[str, str], now: datetime) -> Sorted:
    name = safe_name(upload.name) if is_misleading(upload.name) else upload.name[-LONGEST_PATH:]
    if is_leftover(upload.name):
        return Sorted(name, SKIPPED)
    found = find_reference(upload.name, index)
    if found is None:
        return Sorted(name, UNKNOWN)
    if isinstance(found, Ambiguous):
        return Sorted(name, AMBIGUOUS)
    try:
        (kept,) = keep_uploads([upload], now=now)
    except InvalidInput as refusal:
        return Sorted(name, refusal.problem.code, found.reference)
    return Sorted(name, ATTACHED, found.reference, kind_of(found.rest, categories[found.reference]), kept)


def _outcome(session: Session, file: Sorted, items: dict[str, ExpenditureItem], now: datetime) -> str:
    """Attach a file that is kept to its item, as that is by now, and return what became of it."""
    if not file.kept:
        return file.outcome
    item = items.get(file.reference or "")
    if item is None:
        return UNKNOWN
    if item.state == CERTIFIED:
        return CERTIFIED
    return ATTACHED if _attach(session, item, file.kind, file.kept, now) else ALREADY


def _attach(session: Session, item: ExpenditureItem, kind: str, file: KeptUpload, now: datetime) -> bool:
    """Whether the file is new to the item."""
    sha256 = file.original.sha256
    if any(row.sha256 == sha256 for row in item.evidence):
        return False
    row = ItemEvidence(kind=kind, sha256=sha256, filename=file.name, added_by=current_actor().id, added_at=now)
    item.evidence.append(row)
    record(session, "item_evidence_added", item_subject(item), now=now, after=_columns(row))
    return True


def _hold_item(session: Session, code: str, item_id: int) -> ExpenditureItem:
    """The item of the open project, held against other writers; raise NotFound, Conflict if the project is closed."""
    hold_open_project(session, code, SHARED)
    mine = select(ExpenditureItem).where(ExpenditureItem.id == item_id, ExpenditureItem.project_code == code)
    item = session.scalar(mine.with_for_update())
    if item is None:
        raise NotFound("item-unknown")
    return item


def _hold_items(
    session: Session, organisation: Organisation, references: Iterable[str | None]
) -> dict[str, ExpenditureItem]:
    """Reference -> the organisation's item with it, for those there are, held against other writers."""
    mine = select(ExpenditureItem).where(
        ExpenditureItem.organisation_id == organisation.id, ExpenditureItem.internal_reference.in_(set(references))
    )
    held = mine.options(selectinload(ExpenditureItem.evidence)).order_by(ExpenditureItem.id).with_for_update()
    return {item.internal_reference: item for item in session.scalars(held)}


def _columns(row: ItemEvidence) -> dict[str, str]:
    return {"kind": row.kind, "file": row.sha256[:HASH_SHOWN]}
