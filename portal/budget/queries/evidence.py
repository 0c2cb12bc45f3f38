"""Reading the evidence of expenditure: what proves an item, which items nothing proves, what became of many files."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager

from portal.budget.models import EvidenceBatch, ExpenditureItem, ItemEvidence
from portal.budget.rules.evidence import ALREADY, ATTACHED, SKIPPED
from portal.budget.rules.masking import SALARIES
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.files.models import StoredFile
from portal.core.money import Cents
from portal.projects.models import Organisation
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

Reach = Collection[str] | None
# What views may call it without knowing the models.
OrganisationRow = Organisation


class ItemFile(NamedTuple):
    """A file that proves an item, and what is stored of it."""

    row: ItemEvidence
    file: StoredFile

    @property
    def kilobytes(self) -> int:
        """The size of the file as people read it, rounded up."""
        return -(-self.file.size_bytes // 1000)


class ItemUse(NamedTuple):
    """Which item a stored file proves, and as what."""

    project_code: str
    organisation_key: str
    reference: str
    kind: str


class BatchFile(NamedTuple):
    """What became of one file of many: its path as it was sent, and its item, where there still is one.

    `name` is None where it may name whose salary it is, and is kept from the reader.
    """

    name: str | None
    reference: str | None
    outcome: str
    item_id: int | None
    category: str


class MissingSum(NamedTuple):
    """How many items of an organisation nothing proves, and their declared amounts in one currency."""

    organisation: Organisation
    number: int
    declared: Cents
    currency: str


class BatchOutcomes(NamedTuple):
    """The files of a batch: those not attached, what programs left beside them, those attached.

    `known` of those attached were so before; `total` are all but what programs left.
    """

    refused: list[BatchFile]
    skipped: list[BatchFile]
    attached: list[BatchFile]
    known: int
    total: int


class MissingFilter(NamedTuple):
    """What the list of missing evidence is narrowed to: the key of an organisation, a cost category; '' is all."""

    organisation: str = ""
    category: str = ""


class MissingPage(NamedTuple):
    """A page of the items that nothing proves; `number` counts from 1, `total` and `sums` are those of all pages."""

    items: list[ExpenditureItem]
    number: int
    last: int
    total: int
    sums: list[MissingSum]


def list_item_files(item_id: int) -> list[ItemFile]:
    """What proves the item, in the order it was added."""
    rows = db.session.execute(_files().where(ItemEvidence.item_id == item_id).order_by(ItemEvidence.id))
    return [ItemFile(row, file) for row, file in rows]


def get_item_file(item_id: int, evidence_id: int) -> ItemFile:
    """The evidence with this id of the item; raise NotFound, also for that of another item."""
    mine = _files().where(ItemEvidence.id == evidence_id, ItemEvidence.item_id == item_id)
    found = db.session.execute(mine).one_or_none()
    if found is None:
        raise NotFound("item-evidence-unknown")
    return ItemFile(*found)


def is_proven() -> ColumnElement[bool]:
    """The condition that any file proves an item."""
    return exists().where(ItemEvidence.item_id == ExpenditureItem.id)


def list_references(organisation_id: int) -> dict[str, str]:
    """Internal reference -> cost category of each item of the organisation."""
    mine = select(ExpenditureItem.internal_reference, ExpenditureItem.category)
    rows = db.session.execute(mine.where(ExpenditureItem.organisation_id == organisation_id))
    return {each.internal_reference: each.category for each in rows}


def get_batch(code: str, batch_id: int) -> EvidenceBatch:
    """The batch with this id; raise NotFound, also for that of another project."""
    mine = select(EvidenceBatch).join(Organisation).where(Organisation.project_code == code)
    found = db.session.scalar(mine.where(EvidenceBatch.id == batch_id))
    if found is None:
        raise NotFound("evidence-batch-unknown")
    return found


def list_batch_files(batch: EvidenceBatch, *, names_seen: bool) -> list[BatchFile]:
    """What became of each file of the batch, in the order of the files.

    Unless `names_seen`, only files of items that are known to be no salaries have names.
    """
    references = {each["reference"] for each in batch.outcomes if each["reference"]}
    mine = select(ExpenditureItem.internal_reference, ExpenditureItem.id, ExpenditureItem.category).where(
        ExpenditureItem.organisation_id == batch.organisation_id,
        ExpenditureItem.internal_reference.in_(references),
    )
    items = {reference: (item_id, category) for reference, item_id, category in db.session.execute(mine)}
    found = [
        BatchFile(each["name"], each["reference"], each["outcome"], *items.get(each["reference"], (None, "")))
        for each in batch.outcomes
    ]
    return [each if names_seen or each.category not in ("", SALARIES) else each._replace(name=None) for each in found]


def sort_outcomes(files: Sequence[BatchFile]) -> BatchOutcomes:
    """The files by what became of them, each list in their order."""
    attached = [each for each in files if each.outcome in (ATTACHED, ALREADY)]
    skipped = [each for each in files if each.outcome == SKIPPED]
    refused = [each for each in files if each.outcome not in (ATTACHED, ALREADY, SKIPPED)]
    known = sum(each.outcome == ALREADY for each in attached)
    return BatchOutcomes(refused, skipped, attached, known, len(attached) + len(refused))


def missing_choices(organisations: Collection[str]) -> dict[str, Collection[str]]:
    """What the list of missing evidence may be narrowed to; `organisations` are the keys of those in reach."""
    return {"organisation": organisations, "category": REAL_COST_CATEGORIES}


def list_missing(code: str, reach: Reach, chosen: MissingFilter, number: int, size: int) -> MissingPage:
    """A page of the items of organisations in reach (None: all) that nothing proves, and the sums of all of them.

    By organisation in the order of the project, then as the items of each follow each other.
    """
    sums = sum_missing(code, reach, chosen)
    total = sum(each.number for each in sums)
    last = max(1, -(-total // size))
    number = min(number, last)
    rows = (
        _missing(select(ExpenditureItem), code, reach, chosen)
        .options(contains_eager(ExpenditureItem.organisation))
        .order_by(Organisation.position, Organisation.id, ExpenditureItem.order_key, ExpenditureItem.id)
    )
    items = list(db.session.scalars(rows.offset((number - 1) * size).limit(size)))
    return MissingPage(items, number, last, total, sums)


def sum_missing(code: str, reach: Reach, chosen: MissingFilter) -> list[MissingSum]:
    """What nothing proves added up: a row for each organisation and currency, in the order of the project."""
    columns: tuple[Any, ...] = (Organisation, func.count(), func.sum(ExpenditureItem.declared_cents))
    rows = _missing(select(*columns, ExpenditureItem.currency), code, reach, chosen).group_by(
        Organisation.id, ExpenditureItem.currency
    )
    found = db.session.execute(rows.order_by(Organisation.position, Organisation.id, ExpenditureItem.currency))
    return [MissingSum(of, number, Cents(int(cents)), currency) for of, number, cents, currency in found]


def list_item_uses(sha256: str) -> list[ItemUse]:
    """Which items the stored file proves, by id of the evidence."""
    rows = (
        select(ExpenditureItem.project_code, Organisation.key, ExpenditureItem.internal_reference, ItemEvidence.kind)
        .join(ItemEvidence, ItemEvidence.item_id == ExpenditureItem.id)
        .join(Organisation, Organisation.id == ExpenditureItem.organisation_id)
        .where(ItemEvidence.sha256 == sha256)
    )
    return [ItemUse(*row) for row in db.session.execute(rows.order_by(ItemEvidence.id))]


def _missing(rows: Select[Any], code: str, reach: Reach, chosen: MissingFilter) -> Select[Any]:
    rows = rows.join(Organisation, Organisation.id == ExpenditureItem.organisation_id)
    mine = rows.where(Organisation.project_code == code, ~is_proven())
    if reach is not None:
        mine = mine.where(Organisation.key.in_(reach))
    if chosen.organisation:
        mine = mine.where(Organisation.key == chosen.organisation)
    return mine.where(ExpenditureItem.category == chosen.category) if chosen.category else mine


def _files() -> Select[ItemEvidence, StoredFile]:
    return select(ItemEvidence, StoredFile).join(StoredFile, ItemEvidence.sha256 == StoredFile.sha256)
