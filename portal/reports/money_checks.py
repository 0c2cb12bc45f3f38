"""What `portal check` looks at in a project's money: that figures add up, and that items are what they say."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.activities.models import Event
from portal.budget.models import Contract, ExpenditureItem
from portal.budget.rules.items import REPORTED_STATES, order_key
from portal.budget.rules.sums import Spent, add_spent
from portal.core.db import db
from portal.core.money import EURO, convert
from portal.projects.models import Activity, Organisation, Project, WorkPackage
from portal.reports.queries.budget import BudgetRow, BudgetTable, budget_table

Item = ExpenditureItem

# The invariant that does not hold, and what breaks it.
Fault = tuple[str, str]


def find_money_faults(project: Project) -> Iterator[Fault]:
    """What does not add up in the project's budget and expenditure."""
    table = budget_table(project.code)
    yield from _sums(table)
    for row in table.rows:
        yield from _partner_sums(row)
    yield from _items(project)
    yield from _foreign(project)


def _sums(table: BudgetTable) -> Iterator[Fault]:
    """Totals are sums of rows, and the parts that the fund and the partners pay are the whole."""
    spent, split = table.figures.spent, table.split
    if split.share + split.contribution != table.budget:
        yield "budget-sum", "share and contribution do not add up to the budget"
    if add_spent(row.sums.spent for row in table.rows) != spent:
        yield "spent-sum", "the partners do not add up to the total"
    for name, share, cents in zip(Spent._fields, table.shares, spent, strict=True):
        if share.share + share.contribution != cents:
            yield "spent-sum", f"share and contribution do not add up to what was {name}"


def _partner_sums(row: BudgetRow) -> Iterator[Fault]:
    key, sums = row.organisation.key, row.sums
    if row.split.share + row.split.contribution != row.budget:
        yield "budget-sum", f"{key}: share and contribution do not add up to the budget"
    if add_spent(sums.categories.values()) != add_spent(report.spent for report in sums.reports):
        yield "spent-sum", f"{key}: the categories do not add up to the reports"


def _items(project: Project) -> Iterator[Fault]:
    """What no constraint of the database says of a single item."""
    columns = (
        Item.internal_reference, Item.state, Item.currency, Item.declared_cents, Item.eur_cents, Item.rate_micros,
        Item.certified_cents, Item.order_key, Item.invoice_date, Item.payment_date,
    )  # fmt: skip
    mine = select(Organisation.key, *columns).join(Organisation, Item.organisation_id == Organisation.id)
    for row in db.session.execute(mine.where(Item.project_code == project.code).order_by(Item.id)):
        for invariant in _item_faults(row):
            yield invariant, f"{row.key} {row.internal_reference}"


def _item_faults(row: Any) -> Iterator[str]:
    if row.eur_cents is not None and row.eur_cents != _frozen(row):
        yield "frozen-amount"
    if row.order_key != order_key(row.internal_reference, row.invoice_date, row.payment_date):
        yield "item-order"
    if row.state in REPORTED_STATES and row.currency != EURO and row.rate_micros is None:
        yield "rate-not-frozen"
    if not _is_certified_rightly(row):
        yield "certified-amount"


def _frozen(row: Any) -> int | None:
    """What the item comes to at the rate that it says; an amount in EUR has none."""
    if row.currency == EURO:
        return int(row.declared_cents)
    return None if row.rate_micros is None else convert(row.declared_cents, row.rate_micros)


def _is_certified_rightly(row: Any) -> bool:
    """Whether only what is certified has a certified amount, between nothing and the item's own.

    A parked item may say zero. Source: rules of the domain 3, control.
    """
    if row.certified_cents is None:
        return bool(row.state != "certified")
    if row.state != "certified":
        return bool(row.state == "parked" and row.certified_cents == 0)
    least, most = sorted((0, row.eur_cents))
    return bool(least <= row.certified_cents <= most)


def _foreign(project: Project) -> Iterator[Fault]:
    """Everything that an item names is of its project, and its contract and what it corrects of its organisation."""
    corrected = aliased(Item)
    parts: Iterable[Any] = (
        (Organisation, Item.organisation_id == Organisation.id, Organisation.project_code != Item.project_code),
        (WorkPackage, Item.work_package_id == WorkPackage.id, WorkPackage.project_code != Item.project_code),
        (Activity, Item.activity_id == Activity.id, Activity.project_code != Item.project_code),
        (Event, Item.event_id == Event.id, Event.project_code != Item.project_code),
        (Contract, Item.contract_id == Contract.id, Contract.organisation_id != Item.organisation_id),
        (
            corrected,
            Item.corrects_id == corrected.id,
            or_(corrected.organisation_id != Item.organisation_id, corrected.state != "certified"),
        ),
    )
    for part, link, foreign in parts:
        found = select(Item.internal_reference).join(part, link).where(Item.project_code == project.code, foreign)
        for reference in db.session.scalars(found.order_by(Item.id)):
            yield "foreign-parts", f"item {reference}"
