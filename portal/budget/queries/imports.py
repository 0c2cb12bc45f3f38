"""Reading what files of expenditure are compared with, and what goes into such files."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.activities.models import Event
from portal.budget.models import Contract, ExpenditureItem
from portal.budget.rules.drafts import ItemDraft, Known, fitted
from portal.budget.rules.imports import StoredItem
from portal.core.db import db
from portal.projects.models import Activity, Organisation, WorkPackage

# Rows that are read at a time.
CHUNK = 1000

ITEM_COLUMNS = tuple(getattr(ExpenditureItem, name) for name in ItemDraft._fields)


class Called(NamedTuple):
    """What things are called that items refer to, by their ids: numbers and references."""

    work_packages: Mapping[int, int]
    activities: Mapping[int, str]
    events: Mapping[int, str]
    contracts: Mapping[int, str]


class Names(NamedTuple):
    """The names in a project and of one of its organisations that items refer to, each with its id.

    `packages_of` is activity -> work package, `activities_of` is event -> activity, by ids.
    """

    work_packages: Mapping[int, int]
    activities: Mapping[str, int]
    events: Mapping[str, int]
    contracts: Mapping[str, int]
    packages_of: Mapping[int, int]
    activities_of: Mapping[int, int]

    def known(self) -> Known:
        """What a draft may name, by ids; no item that it corrects."""
        packages, contracts = set(self.work_packages.values()), set(self.contracts.values())
        return Known(packages, self.packages_of, self.activities_of, contracts, ())

    def called(self) -> Called:
        """The names, by ids."""
        return Called(
            {id_: name for name, id_ in self.work_packages.items()},
            {id_: name for name, id_ in self.activities.items()},
            {id_: name for name, id_ in self.events.items()},
            {id_: name for name, id_ in self.contracts.items()},
        )


class ExportedItem(NamedTuple):
    """An item with the names of what it refers to; None where it does not."""

    organisation: str
    draft: ItemDraft
    work_package: int | None
    activity: str | None
    event: str | None
    contract: str | None
    corrects: str | None


def list_work_package_numbers(code: str) -> list[str]:
    """The numbers of the project's work packages, in order."""
    numbers = select(WorkPackage.number).where(WorkPackage.project_code == code).order_by(WorkPackage.number)
    return [str(number) for number in db.session.scalars(numbers)]


def list_contract_references(code: str) -> list[str]:
    """The references of the contracts of all of the project's organisations, each once and in order."""
    mine = select(Contract.reference).join(Organisation).where(Organisation.project_code == code)
    return sorted(set(db.session.scalars(mine)))


def find_organisation_id(code: str, key: str) -> int | None:
    """The id of the project's organisation with this key."""
    mine = select(Organisation.id).where(Organisation.project_code == code, Organisation.key == key)
    return db.session.scalar(mine)


def load_names(code: str, organisation_id: int) -> Names:
    """What items of the organisation may refer to."""
    packages = select(WorkPackage.number, WorkPackage.id).where(WorkPackage.project_code == code)
    activities = select(Activity.number, Activity.id, Activity.work_package_id).where(Activity.project_code == code)
    events = select(Event.ref, Event.id, Event.activity_id).where(Event.project_code == code)
    contracts = select(Contract.reference, Contract.id).where(Contract.organisation_id == organisation_id)
    of_activities = db.session.execute(activities).all()
    of_events = db.session.execute(events).all()
    return Names(
        work_packages={row.number: row.id for row in db.session.execute(packages)},
        activities={row.number: row.id for row in of_activities},
        events={row.ref: row.id for row in of_events},
        contracts={row.reference: row.id for row in db.session.execute(contracts)},
        packages_of={row.id: row.work_package_id for row in of_activities},
        activities_of={row.id: row.activity_id for row in of_events},
    )


def load_items(organisation_id: int, references: Collection[str]) -> dict[str, StoredItem]:
    """Reference -> the organisation's item that has it, of those that are there, without what its category has not."""
    rows = select(ExpenditureItem.id, ExpenditureItem.version, ExpenditureItem.state, *ITEM_COLUMNS)
    mine = rows.where(
        ExpenditureItem.organisation_id == organisation_id, ExpenditureItem.internal_reference.in_(references)
    )
    found = (
        StoredItem(id_, version, state, fitted(ItemDraft._make(columns)))
        for id_, version, state, *columns in db.session.execute(mine)
    )
    return {each.draft.internal_reference: each for each in found}


def export_items(code: str, reach: Collection[str] | None) -> Iterator[ExportedItem]:
    """Every item of the organisations that the reach covers, by organisation and day, a few at a time."""
    corrected = aliased(ExpenditureItem)
    names: tuple[Any, ...] = (WorkPackage.number, Activity.number, Event.ref, Contract.reference)
    rows = (
        select(Organisation.key, *names, corrected.internal_reference, *ITEM_COLUMNS)
        .select_from(ExpenditureItem)
        .join(Organisation, Organisation.id == ExpenditureItem.organisation_id)
        .outerjoin(WorkPackage, WorkPackage.id == ExpenditureItem.work_package_id)
        .outerjoin(Activity, Activity.id == ExpenditureItem.activity_id)
        .outerjoin(Event, Event.id == ExpenditureItem.event_id)
        .outerjoin(Contract, Contract.id == ExpenditureItem.contract_id)
        .outerjoin(corrected, corrected.id == ExpenditureItem.corrects_id)
        .where(Organisation.project_code == code)
    )
    if reach is not None:
        rows = rows.where(Organisation.key.in_(reach))
    ordered = rows.order_by(
        Organisation.position, Organisation.id, ExpenditureItem.order_key, ExpenditureItem.id
    ).execution_options(yield_per=CHUNK)
    for key, package, activity, event, contract, corrects, *columns in db.session.execute(ordered):
        yield ExportedItem(key, ItemDraft._make(columns), package, activity, event, contract, corrects)
