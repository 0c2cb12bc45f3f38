"""What was entered, added up by the database: a project's items as lumps.

As of a day: an item counts if its invoice or else its payment is dated that day or earlier, or if it has no date at
all. Without a day everything that was entered counts.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, Select, case, func, literal_column, or_, select

from portal.budget.models import ExpenditureItem
from portal.budget.queries.preview import eur_column, latest_rates
from portal.budget.rules.facts import LatestRate
from portal.budget.rules.items import ITEM_STATES, REPORTED_STATES, UNDATED
from portal.budget.rules.sums import NOWHERE, Lump
from portal.core.db import db
from portal.core.money import EURO, Cents
from portal.core.periods import Period
from portal.projects.models import Activity, WorkPackage
from portal.projects.queries import list_organisations, list_periods

Item = ExpenditureItem

# What tells lumps apart; the other columns are added up.
BY = ("organisation_id", "category", "currency", "frozen", "report", "work_package", "period")
OPEN_STATES = tuple(state for state in ITEM_STATES if state not in REPORTED_STATES)


class Entered(NamedTuple):
    """A project's items: the lumps of each organisation by its key, and the rates of what is not frozen yet."""

    lumps: Mapping[str, list[Lump]]
    rates: Mapping[str, LatestRate]


def list_entered(
    code: str,
    *,
    today: date,
    as_of: date | None = None,
    places: bool = False,
    only: Collection[str] | None = None,
) -> Entered:
    """The project's items by organisation, category, currency and report; by work package and period for `places`.

    Amounts that are not frozen are taken at the latest rate of a month begun by the day. Items that are not submitted,
    parked ones too, are in no report. `only` are the keys of the organisations (None: all).
    """
    rates = latest_rates(code, as_of or today)
    keys = {each.id: each.key for each in list_organisations(code) if only is None or each.key in only}
    lumps: dict[str, list[Lump]] = {key: [] for key in keys.values()}
    if not keys:
        return Entered(lumps, rates)
    more = _places(list_periods(code)) if places else {}
    for columns, states in ((_open(rates), OPEN_STATES), (_reported(), tuple(sorted(REPORTED_STATES)))):
        chosen = _items({**columns, **more}, places=places)
        mine = chosen.where(Item.organisation_id.in_(keys), Item.state.in_(states), *_dated(as_of))
        for row in db.session.execute(_grouped(mine)).mappings():
            lumps[keys[row["organisation_id"]]].append(_lump(row, keys, rates))
    return Entered(lumps, rates)


def _open(rates: Mapping[str, LatestRate]) -> dict[str, Any]:
    """What is read of an item that is not submitted: only what one index holds, so that it alone is read."""
    return {"frozen": Item.eur_cents.is_not(None), "eur": eur_column(rates), "declared": Item.declared_cents}


def _reported() -> dict[str, Any]:
    """What is read of an item that is in a submitted report."""
    certified = case((Item.state == "certified", func.coalesce(Item.certified_cents, 0)), else_=0)
    return {"report": Item.report_number, "eur": Item.eur_cents, "certified": certified}


def _places(periods: list[Period]) -> dict[str, ColumnElement[Any]]:
    """The work package of an item, and the period of its payment or else its invoice."""
    day = func.coalesce(Item.payment_date, Item.invoice_date)
    held = [(day.between(each.first_day, each.last_day), each.number) for each in periods]
    return {
        "work_package": func.coalesce(WorkPackage.number, NOWHERE),
        "period": case(*held, else_=NOWHERE) if held else literal_column(str(NOWHERE)),
    }


def _items(columns: Mapping[str, Any], *, places: bool) -> Select[Any]:
    """Items with these columns and those that tell all lumps apart."""
    named = (each.label(name) for name, each in columns.items())
    chosen = select(Item.organisation_id, Item.category, Item.currency, *named)
    if not places:
        return chosen
    chosen = chosen.select_from(Item).outerjoin(Activity, Item.activity_id == Activity.id)
    return chosen.outerjoin(
        WorkPackage, WorkPackage.id == func.coalesce(Activity.work_package_id, Item.work_package_id)
    )


def _dated(as_of: date | None) -> Iterator[ColumnElement[bool]]:
    """That an item is dated the day or earlier, or not at all."""
    if as_of is not None:
        following = (as_of + timedelta(days=1)).isoformat()
        yield or_(Item.order_key < following, Item.order_key >= UNDATED.isoformat())


def _grouped(chosen: Select[Any]) -> Select[Any]:
    """The items added up by all that is told apart."""
    item = chosen.subquery().c
    apart = [each for name, each in item.items() if name in BY]
    sums = [func.coalesce(func.sum(each), 0).label(name) for name, each in item.items() if name not in BY]
    return select(*apart, func.count().label("items"), *sums).group_by(*apart)


def _lump(row: RowMapping, organisations: Mapping[int, str], rates: Mapping[str, LatestRate]) -> Lump:
    """The row as a lump; PostgreSQL adds whole numbers up to decimals."""
    currency, items = row["currency"], row["items"]
    converted = currency != EURO and not row.get("frozen", True)
    unrated = converted and currency not in rates
    return Lump(
        organisation=organisations[row["organisation_id"]],
        category=row["category"],
        currency=currency,
        report=row.get("report"),
        items=items,
        eur=Cents(int(row["eur"])),
        certified=Cents(int(row.get("certified", 0))),
        previewed=items if converted and not unrated else 0,
        unrated=items if unrated else 0,
        unrated_cents=Cents(int(row["declared"]) if unrated else 0),
        work_package=row.get("work_package", NOWHERE),
        period=row.get("period", NOWHERE),
    )
