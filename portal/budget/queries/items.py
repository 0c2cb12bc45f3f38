"""Reading items of expenditure. What belongs to another project is not found."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.activities.models import Event
from portal.budget.models import Contract, ExpenditureItem
from portal.budget.rules.drafts import ItemDraft
from portal.budget.rules.masking import SALARIES
from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Activity, Organisation

# What views and forms may call them without knowing the models.
ItemRow = ExpenditureItem


class ContractChoice(NamedTuple):
    """A contract that an item may name."""

    id: int
    reference: str
    name: str


class EventChoice(NamedTuple):
    """An event that an item may name; `is_own` where the item's organisation is among its organisers."""

    id: int
    ref: str
    title: dict[str, str]
    day: date
    is_own: bool


def get_item(code: str, item_id: int) -> ItemRow:
    """The project's item with this id, with all that it names; raise NotFound."""
    mine = select(ExpenditureItem).where(ExpenditureItem.project_code == code, ExpenditureItem.id == item_id)
    named = (
        joinedload(ExpenditureItem.organisation),
        joinedload(ExpenditureItem.work_package),
        joinedload(ExpenditureItem.activity).joinedload(Activity.work_package),
        joinedload(ExpenditureItem.event),
        joinedload(ExpenditureItem.contract),
        joinedload(ExpenditureItem.corrects),
        selectinload(ExpenditureItem.evidence),
    )
    found = db.session.scalar(mine.options(*named))
    if found is None:
        raise NotFound("item-unknown")
    return found


def find_item(code: str, organisation_key: str, reference: str) -> ItemRow | None:
    """The organisation's item with this reference."""
    theirs = select(ExpenditureItem).join(Organisation, ExpenditureItem.organisation_id == Organisation.id)
    mine = theirs.where(Organisation.project_code == code, Organisation.key == organisation_key)
    return db.session.scalar(mine.where(ExpenditureItem.internal_reference == reference))


def draft_of(item: ItemRow) -> ItemDraft:
    """What is stated of the item."""
    return ItemDraft(*(getattr(item, name) for name in ItemDraft._fields))


def list_parts(item: ItemRow) -> list[ItemRow]:
    """The organisation's other items of the same invoice of the same supplier, as they follow each other; no staff."""
    row, same_name = ExpenditureItem, ExpenditureItem.name_key == item.name_key
    named = same_name if item.name_key else false()
    supplier = or_(row.tax_key == item.tax_key, (row.tax_key == "") & named) if item.tax_key else named
    if not item.invoice_key:
        return []
    same = select(ExpenditureItem).where(
        ExpenditureItem.project_code == item.project_code,
        supplier,
        ExpenditureItem.invoice_key == item.invoice_key,
        ExpenditureItem.organisation_id == item.organisation_id,
        ExpenditureItem.id != item.id,
        ExpenditureItem.category != SALARIES,
    )
    return list(db.session.scalars(same.order_by(ExpenditureItem.order_key, ExpenditureItem.id)))


def list_corrections(item_id: int) -> list[ItemRow]:
    """The items that correct this one, as they follow each other."""
    mine = select(ExpenditureItem).where(ExpenditureItem.corrects_id == item_id)
    return list(db.session.scalars(mine.order_by(ExpenditureItem.order_key, ExpenditureItem.id)))


def has_certified(organisation_id: int) -> bool:
    """Whether any item of the organisation is certified, and so may need a correction."""
    certified = select(ExpenditureItem.id).where(ExpenditureItem.organisation_id == organisation_id)
    return db.session.scalar(certified.where(ExpenditureItem.state == "certified").limit(1)) is not None


def list_contract_choices(organisation_id: int) -> list[ContractChoice]:
    """The contracts of the organisation, by reference."""
    mine = select(Contract.id, Contract.reference, Contract.name).where(Contract.organisation_id == organisation_id)
    return [ContractChoice(*row) for row in db.session.execute(mine.order_by(Contract.reference, Contract.id))]


def list_event_choices(code: str, organisation_id: int) -> list[EventChoice]:
    """The project's events, those of the organisation first, the latest first among each."""
    own = Event.organisers.any(Organisation.id == organisation_id).label("is_own")
    mine = select(Event.id, Event.ref, Event.title, Event.counting_date, own).where(Event.project_code == code)
    rows = db.session.execute(mine.order_by(own.desc(), Event.starts_at.desc(), Event.id.desc()))
    return [EventChoice(*row) for row in rows]
