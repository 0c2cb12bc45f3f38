"""Reading the register of expenditure: a page of it as the filters leave it, its sums, and what the filters offer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, collate, func, select, union_all
from sqlalchemy.sql.elements import SQLCoreOperations

from portal.activities.models import Event
from portal.budget.models import Contract, ExpenditureItem, ItemEvidence
from portal.budget.queries.findings import findings_of
from portal.budget.queries.preview import applied_rate, eur_column, eur_of, latest_rates
from portal.budget.queries.register_filters import Owner, Sight, conditions_of, within
from portal.budget.queries.tallies import Tally, list_tallies
from portal.budget.rules.facts import LatestRate
from portal.budget.rules.findings import Finding
from portal.budget.rules.masking import naming_of, readable
from portal.budget.rules.register import CurrencySum, RegisterFilter
from portal.core.db import among, db
from portal.core.money import EURO, Cents, RateMicros
from portal.projects.models import Activity, WorkPackage

# Events that have costs, as many as a list of suggestions may hold.
MOST_SUGGESTED: Final = 100


class RegisterRow(NamedTuple):
    """An item in the list; `eur` is None where no rate is known, `description` where salary details are hidden: then
    no other text names a person either.

    `rate` is the frozen one with its month, else the latest known; None for euro and where none is known.

    `day` is that of the invoice, or else of the payment. `work_package` is that of the activity where there is one.
    """

    id: int
    version: int
    owner: Owner
    reference: str
    category: str
    supplier: str
    tax_number: str
    invoice_number: str
    invoice_date: date | None
    payment_date: date | None
    description: str | None
    invoice_total: Cents | None
    vat: Cents | None
    declared: Cents
    currency: str
    eur: Cents | None
    is_frozen: bool
    rate: RateMicros | None
    rate_month: str
    work_package: int | None
    activity: str
    event_id: int | None
    event_ref: str
    event_title: Mapping[str, str] | None
    contract_id: int | None
    contract: str
    state: str
    report_number: int | None
    evidence: int
    findings: Sequence[Finding] = ()

    @property
    def is_masked(self) -> bool:
        """Whether salary details are hidden."""
        return self.description is None

    @property
    def day(self) -> date | None:
        """The day by which the item stands in the register."""
        return self.invoice_date or self.payment_date


class RegisterPage(NamedTuple):
    """One page of the register with the sums of all that the filters leave; `number` counts from 1."""

    rows: list[RegisterRow]
    sums: list[CurrencySum]
    total: int
    number: int
    last: int


class Offered(NamedTuple):
    """What the filters offer besides constants: work packages with activities, contracts, and events with costs."""

    work_packages: list[WorkPackage]
    contracts: list[tuple[int, str, str]]
    events: list[tuple[str, dict[str, str]]]


def list_register(sight: Sight, chosen: RegisterFilter, *, sort: str, page: int, size: int) -> RegisterPage:
    """A page of the register as the filters leave it, with its findings; the last page if there are fewer."""
    rates, conditions = latest_rates(sight.code, sight.today), conditions_of(sight, chosen)
    tallies = list_tallies(conditions, rates)
    sums = _sums(tallies, rates)
    total = sum(each.number for each in sums)
    last = max(1, -(-total // size))
    page = min(page, last)
    ids = _ids_of_page(sight, conditions, rates, sort, (page - 1) * size, size) if total else []
    found = {row.id: row for row in _rows(sight, among(ExpenditureItem.id, ids), rates)} if ids else {}
    # Of whole organisations everything has been added up already.
    is_whole = chosen._replace(organisation="") == RegisterFilter()
    findings = findings_of(sight.code, ids, sight.today, tallies if is_whole else None) if ids else {}
    rows = [found[each]._replace(findings=findings.get(each, ())) for each in ids if each in found]
    return RegisterPage(rows, sums, total, page, last)


def all_rows(sight: Sight, chosen: RegisterFilter) -> Iterator[RegisterRow]:
    """Every item that the filters leave, in the order of the register, without findings."""
    rates = latest_rates(sight.code, sight.today)
    yield from _rows(sight, and_(*conditions_of(sight, chosen)), rates)


def chosen_rows(sight: Sight, item_ids: Collection[int]) -> list[RegisterRow]:
    """Those of the items that may be seen, in the order of the register, without findings."""
    rates = latest_rates(sight.code, sight.today)
    return list(_rows(sight, and_(within(sight), among(ExpenditureItem.id, item_ids)), rates))


def has_event(code: str, ref: str) -> bool:
    """Whether the project has an event with this reference."""
    mine = select(Event.id).where(Event.project_code == code, Event.ref == ref)
    return db.session.scalar(mine) is not None


def list_offered(sight: Sight, packages: list[WorkPackage]) -> Offered:
    """What the filters offer within what may be seen."""
    contracts = select(Contract.id, Contract.reference, Contract.name)
    mine = contracts.where(Contract.organisation_id.in_([each.id for each in sight.owners]))
    has_costs = select(ExpenditureItem.id).where(ExpenditureItem.event_id == Event.id, within(sight)).exists()
    events = select(Event.ref, Event.title).where(Event.project_code == sight.code, has_costs)
    latest = events.order_by(Event.starts_at.desc(), Event.id.desc()).limit(MOST_SUGGESTED)
    return Offered(
        packages,
        [(id_, ref, name) for id_, ref, name in db.session.execute(mine.order_by(Contract.reference, Contract.id))],
        [(ref, title) for ref, title in db.session.execute(latest)],
    )


def _sums(tallies: Sequence[Tally], rates: Mapping[str, LatestRate]) -> list[CurrencySum]:
    """How many items there are in each currency, and what they come to."""
    found: dict[str, CurrencySum] = {}
    for each in tallies:
        name = each.currency
        converted = each.number if name == EURO or name in rates else each.frozen
        found[name] = found.get(name, CurrencySum(name)).plus(each.number, each.declared, each.eur, converted)
    return [found[name] for name in sorted(found)]


def _ids_of_page(
    sight: Sight,
    conditions: Sequence[ColumnElement[bool]],
    rates: Mapping[str, LatestRate],
    sort: str,
    first: int,
    size: int,
) -> list[int]:
    name, is_back = sort.removeprefix("-"), sort.startswith("-")
    if name == "date":
        return _ids_by_date(sight, conditions, oldest_first=is_back, first=first, size=size)
    keys = _keys(name, rates)
    ordered: list[ColumnElement[Any]] = [each.desc() if is_back else each.asc() for each in keys]
    if name == "amount":
        # The largest first; what has no amount in euro last in either order.
        ordered = [keys[0].is_(None), *(each.asc() if is_back else each.desc() for each in keys)]
    chosen = select(ExpenditureItem.id).where(*conditions).order_by(*ordered, ExpenditureItem.id)
    return list(db.session.scalars(chosen.limit(size).offset(first)))


def _ids_by_date(
    sight: Sight, conditions: Sequence[ColumnElement[bool]], *, oldest_first: bool, first: int, size: int
) -> list[int]:
    """Each organisation's part of the register is in order by its index: the parts are cut before they are merged."""

    def ordered(columns: Any) -> tuple[Any, Any]:
        keys = columns.order_key, columns.id
        return keys if oldest_first else (keys[0].desc(), keys[1].desc())

    part = select(ExpenditureItem.id, ExpenditureItem.order_key).where(*conditions)
    parts: list[Select[Any]] = []
    for owner in sight.owners:
        mine = part.where(ExpenditureItem.organisation_id == owner.id).order_by(*ordered(ExpenditureItem))
        cut = mine.limit(first + size).subquery()
        parts.append(select(cut.c.id, cut.c.order_key))
    merged = union_all(*parts).subquery()
    page = select(merged.c.id).order_by(*ordered(merged.c)).limit(size).offset(first)
    return list(db.session.scalars(page))


def _keys(name: str, rates: Mapping[str, LatestRate]) -> Sequence[SQLCoreOperations[Any]]:
    if name == "amount":
        return [eur_column(rates)]
    reference = collate(ExpenditureItem.internal_reference, "C" if db.engine.dialect.name == "postgresql" else "BINARY")
    return [ExpenditureItem.category, ExpenditureItem.order_key] if name == "category" else [reference]


def _rows(sight: Sight, condition: ColumnElement[bool], rates: Mapping[str, LatestRate]) -> Iterator[RegisterRow]:
    """The items that meet the condition, in the order of the register, with the names of what they refer to."""
    plan = WorkPackage.id == func.coalesce(Activity.work_package_id, ExpenditureItem.work_package_id)
    evidence = select(func.count()).where(ItemEvidence.item_id == ExpenditureItem.id).scalar_subquery()
    names = (WorkPackage.number, Activity.number, Event.ref, Event.title, Contract.reference, evidence)
    rows = (
        select(ExpenditureItem, *names)
        .outerjoin(Activity, Activity.id == ExpenditureItem.activity_id)
        .outerjoin(WorkPackage, plan)
        .outerjoin(Event, Event.id == ExpenditureItem.event_id)
        .outerjoin(Contract, Contract.id == ExpenditureItem.contract_id)
        .where(condition)
        .order_by(ExpenditureItem.order_key, ExpenditureItem.id)
    )
    owners = {each.id: each for each in sight.owners}
    for item, *others in db.session.execute(rows.execution_options(yield_per=1000)):
        yield _row(item, owners[item.organisation_id], sight, rates, others)


def _row(
    item: ExpenditureItem, owner: Owner, sight: Sight, rates: Mapping[str, LatestRate], names: Sequence[Any]
) -> RegisterRow:
    package, activity, event_ref, event_title, contract, evidence = names
    applied = applied_rate(item.currency, item.eur_cents, (item.rate_micros, item.rate_month), rates)
    naming = readable(naming_of(item), item.category, owner.key, sight.seen)
    return RegisterRow(
        id=item.id,
        version=item.version,
        owner=owner,
        reference=item.internal_reference,
        category=item.category,
        supplier=naming.supplier if naming else "",
        tax_number=naming.supplier_tax_number if naming else "",
        invoice_number=naming.invoice_number if naming else "",
        invoice_date=item.invoice_date,
        payment_date=item.payment_date,
        description=naming.description if naming else None,
        invoice_total=item.invoice_total_cents,
        vat=item.vat_cents,
        declared=item.declared_cents,
        currency=item.currency,
        eur=eur_of(item.declared_cents, item.currency, item.eur_cents, rates),
        is_frozen=item.eur_cents is not None,
        rate=applied.rate,
        rate_month=applied.month,
        work_package=package,
        activity=activity or "",
        event_id=item.event_id,
        event_ref=event_ref or "",
        event_title=event_title,
        contract_id=item.contract_id,
        contract=contract or "",
        state=item.state,
        report_number=item.report_number,
        evidence=evidence,
    )
