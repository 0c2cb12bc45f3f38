"""Reading contracts: what is stated, which items name them, and how far they are used up."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from portal.budget.models import Contract, ContractFile, ExpenditureItem
from portal.budget.queries.preview import eur_column, latest_rates
from portal.budget.rules.amounts import Amount
from portal.budget.rules.contracts import ContractDraft, Spent, Standing, add_spent, standing
from portal.budget.rules.facts import LatestRate
from portal.core.db import among, db
from portal.core.errors import NotFound
from portal.core.files.models import StoredFile
from portal.core.money import EURO, Cents
from portal.projects.models import Organisation

Reach = Collection[str] | None
OVERRUN = "overrun"
# What views and forms may call them without knowing the models.
ContractRow = Contract
OrganisationRow = Organisation


class ContractFilter(NamedTuple):
    """What the list of contracts is narrowed to: the key of an organisation, `overrun`; '' is all."""

    organisation: str = ""
    state: str = ""


class ContractLine(NamedTuple):
    """A contract with what its items declare, and how far it is used up: None where a rate is not known."""

    row: Contract
    spent: Spent
    standing: Standing | None


class ContractItems(NamedTuple):
    """A page of the items that name a contract; `number` counts from 1, `total` is how many there are in all."""

    rows: list[ExpenditureItem]
    number: int
    last: int
    total: int


class ContractAttachment(NamedTuple):
    """A file of a contract, and what is stored of it."""

    row: ContractFile
    file: StoredFile

    @property
    def kilobytes(self) -> int:
        """The size of the file as people read it, rounded up."""
        return -(-self.file.size_bytes // 1000)


class ContractUse(NamedTuple):
    """Which contract a stored file belongs to."""

    project_code: str
    organisation_key: str
    reference: str


def contract_choices(organisations: Collection[str]) -> dict[str, Collection[str]]:
    """What the list of contracts may be narrowed to; `organisations` are the keys of those in reach."""
    return {"organisation": organisations, "state": (OVERRUN,)}


def list_contracts(code: str, reach: Reach, chosen: ContractFilter, today: date) -> list[ContractLine]:
    """The contracts of organisations in reach (None: all), by organisation and reference, as they stand today."""
    mine = select(Contract).join(Organisation).where(Organisation.project_code == code)
    if reach is not None:
        mine = mine.where(Organisation.key.in_(reach))
    if chosen.organisation:
        mine = mine.where(Organisation.key == chosen.organisation)
    ordered = mine.options(contains_eager(Contract.organisation)).order_by(Organisation.position, Organisation.id)
    rows = sorted(db.session.scalars(ordered), key=lambda each: (each.organisation.position, each.reference, each.id))
    lines = _lines(code, rows, today)
    return [each for each in lines if _is_overrun(each)] if chosen.state == OVERRUN else lines


def find_spent(contract_ids: Collection[int], rates: Mapping[str, LatestRate]) -> dict[int, Spent]:
    """The id of each of these contracts that items name -> what they declare, as `contract_sums` adds it up."""
    eur = eur_column(rates)
    sums = select(
        ExpenditureItem.contract_id,
        ExpenditureItem.currency,
        func.sum(ExpenditureItem.declared_cents),
        func.sum(eur),
        func.count() - func.count(eur),
    ).where(among(ExpenditureItem.contract_id, contract_ids))
    grouped = sums.group_by(ExpenditureItem.contract_id, ExpenditureItem.currency).order_by(ExpenditureItem.currency)
    return add_spent(
        (contract_id, currency, int(cents), int(known or 0), not unknown)
        for contract_id, currency, cents, known, unknown in (db.session.execute(grouped) if contract_ids else ())
        if contract_id is not None
    )


def get_contract(code: str, contract_id: int) -> Contract:
    """The project's contract with this id, with its organisation; raise NotFound."""
    mine = select(Contract).join(Organisation).where(Organisation.project_code == code, Contract.id == contract_id)
    found = db.session.scalar(mine.options(contains_eager(Contract.organisation)))
    if found is None:
        raise NotFound("contract-unknown")
    return found


def contract_draft(contract: Contract) -> ContractDraft:
    """What is stored of the contract."""
    return ContractDraft(*(getattr(contract, name) for name in ContractDraft._fields))


def contract_currencies(organisation: Organisation) -> list[str]:
    """The currencies that amounts of the organisation's contracts may be in, without a repetition."""
    return list(dict.fromkeys((EURO, organisation.currency)))


def read_contract(contract: Contract, today: date) -> ContractLine:
    """The contract as it stands today."""
    return _lines(contract.organisation.project_code, [contract], today)[0]


def count_items(contract_id: int) -> int:
    """How many items name the contract."""
    named = select(func.count()).select_from(ExpenditureItem).where(ExpenditureItem.contract_id == contract_id)
    return db.session.scalars(named).one()


def list_contract_items(contract_id: int, number: int, size: int) -> ContractItems:
    """A page of the items that name the contract, in the order of the organisation's items."""
    total = count_items(contract_id)
    last = max(1, -(-total // size))
    number = min(number, last)
    named = select(ExpenditureItem).where(ExpenditureItem.contract_id == contract_id)
    rows = named.order_by(ExpenditureItem.order_key, ExpenditureItem.id).offset((number - 1) * size).limit(size)
    return ContractItems(list(db.session.scalars(rows)), number, last, total)


def list_contract_files(contract_id: int) -> list[ContractAttachment]:
    """The files of the contract, in the order they were added."""
    rows = db.session.execute(_files().where(ContractFile.contract_id == contract_id).order_by(ContractFile.id))
    return [ContractAttachment(row, file) for row, file in rows]


def get_contract_file(contract_id: int, file_id: int) -> ContractAttachment:
    """The file with this id of the contract; raise NotFound, also for that of another contract."""
    mine = _files().where(ContractFile.contract_id == contract_id, ContractFile.id == file_id)
    found = db.session.execute(mine).one_or_none()
    if found is None:
        raise NotFound("contract-file-unknown")
    return ContractAttachment(*found)


def list_contract_uses(sha256: str) -> list[ContractUse]:
    """Which contracts the stored file belongs to, by the ids of their files."""
    rows = (
        select(Organisation.project_code, Organisation.key, Contract.reference)
        .join(Contract, Contract.organisation_id == Organisation.id)
        .join(ContractFile, ContractFile.contract_id == Contract.id)
        .where(ContractFile.sha256 == sha256)
    )
    return [ContractUse(*row) for row in db.session.execute(rows.order_by(ContractFile.id))]


def _lines(code: str, rows: Collection[Contract], today: date) -> list[ContractLine]:
    rates = latest_rates(code, today)
    spent = find_spent([row.id for row in rows], rates)
    return [_line(row, spent.get(row.id, Spent({}, Cents(0))), rates) for row in rows]


def _line(row: Contract, spent: Spent, rates: Mapping[str, LatestRate]) -> ContractLine:
    return ContractLine(row, spent, standing(Amount(row.amount_cents, row.currency), spent, rates))


def _is_overrun(line: ContractLine) -> bool:
    return line.standing is not None and line.standing.is_overrun


def _files() -> Select[ContractFile, StoredFile]:
    return select(ContractFile, StoredFile).join(StoredFile, ContractFile.sha256 == StoredFile.sha256)
