"""Which items of the register its filters leave, as conditions that the database answers.

Two things it cannot answer, so they are asked before: words are looked for here, so that every database finds the same,
and findings are computed from the whole register.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, func, or_, select

from portal.activities.models import Event
from portal.budget.models import ExpenditureItem, ItemEvidence
from portal.budget.queries.findings import load_register
from portal.budget.rules.findings import judge
from portal.budget.rules.items import REPORTED_STATES, UNDATED
from portal.budget.rules.masking import Naming, readable
from portal.budget.rules.register import NO_PERIOD, NO_WORK_PACKAGE, REPORTED, RegisterFilter
from portal.core.db import among, db
from portal.core.periods import Period
from portal.core.searching import holds_all, search_words
from portal.projects.models import Activity, Organisation, WorkPackage


class Owner(NamedTuple):
    """An organisation whose items may be seen."""

    id: int
    key: str
    name: Mapping[str, str]


class Sight(NamedTuple):
    """What someone sees of a project's register: whose items, whose salary details (keys), as of which day."""

    code: str
    owners: Sequence[Owner]
    seen: frozenset[str]
    today: date
    periods: Sequence[Period] = ()


def sight_of(code: str, organisations: Collection[Organisation], reach: frozenset[str] | None) -> list[Owner]:
    """Those of the project's organisations that the reach covers (None: all), in their order."""
    return [Owner(each.id, each.key, each.name) for each in organisations if reach is None or each.key in reach]


def within(sight: Sight, organisation: str = "") -> ColumnElement[bool]:
    """The condition that an item may be seen, and is of this organisation where one is named."""
    owners = [each.id for each in sight.owners if organisation in ("", each.key)]
    return ExpenditureItem.organisation_id.in_(owners)


def conditions_of(sight: Sight, chosen: RegisterFilter) -> list[ColumnElement[bool]]:
    """What the filters ask for; those that the database cannot answer come as the ids they leave."""
    conditions = [within(sight, chosen.organisation), *_plain(chosen), *_places(sight, chosen), *_days(sight, chosen)]
    if chosen.q:
        conditions.append(among(ExpenditureItem.id, _with_words(sight, conditions, chosen.q)))
    if chosen.severity or chosen.finding:
        conditions.append(among(ExpenditureItem.id, _with_findings(sight, chosen)))
    return conditions


def _plain(chosen: RegisterFilter) -> Iterator[ColumnElement[bool]]:
    if chosen.state == REPORTED:
        yield ExpenditureItem.state.in_(sorted(REPORTED_STATES))
    elif chosen.state:
        yield ExpenditureItem.state == chosen.state
    if chosen.category:
        yield ExpenditureItem.category == chosen.category
    if chosen.contract:
        yield ExpenditureItem.contract_id == int(chosen.contract)
    if chosen.payment:
        yield ExpenditureItem.payment_date.is_(None)
    if chosen.evidence:
        yield ~select(ItemEvidence.id).where(ItemEvidence.item_id == ExpenditureItem.id).exists()


def _places(sight: Sight, chosen: RegisterFilter) -> Iterator[ColumnElement[bool]]:
    activities = select(Activity.id).where(Activity.project_code == sight.code)
    if chosen.work_package == NO_WORK_PACKAGE:
        yield ExpenditureItem.work_package_id.is_(None) & ExpenditureItem.activity_id.is_(None)
    elif chosen.work_package:
        packages = select(WorkPackage.id).where(WorkPackage.project_code == sight.code)
        mine = packages.where(WorkPackage.number == int(chosen.work_package))
        through = activities.where(Activity.work_package_id.in_(mine))
        yield or_(ExpenditureItem.work_package_id.in_(mine), ExpenditureItem.activity_id.in_(through))
    if chosen.activity:
        yield ExpenditureItem.activity_id.in_(activities.where(Activity.number == chosen.activity))
    if chosen.event:
        events = select(Event.id).where(Event.project_code == sight.code, Event.ref == chosen.event)
        yield ExpenditureItem.event_id.in_(events)


def _days(sight: Sight, chosen: RegisterFilter) -> Iterator[ColumnElement[bool]]:
    """Days as the keys of the order begin with them; what has no day stands behind all days and is left out."""
    if chosen.first_day or chosen.last_day:
        yield ExpenditureItem.order_key < UNDATED.isoformat()
    if chosen.first_day:
        yield ExpenditureItem.order_key >= chosen.first_day.isoformat()
    if chosen.last_day:
        # A space follows the day, and the exclamation mark is the sign after it.
        yield ExpenditureItem.order_key < f"{chosen.last_day.isoformat()}!"
    if chosen.period:
        day = func.coalesce(ExpenditureItem.payment_date, ExpenditureItem.invoice_date)
        inside = {str(each.number): day.between(each.first_day, each.last_day) for each in sight.periods}
        if chosen.period == NO_PERIOD:
            yield or_(day.is_(None), ~or_(false(), *inside.values()))
        else:
            yield inside[chosen.period]


def _with_words(sight: Sight, conditions: Sequence[ColumnElement[bool]], query: str) -> list[int]:
    """The ids of the items that hold every word; what is masked is not looked at."""
    texts = (getattr(ExpenditureItem, name) for name in ("internal_reference", *Naming._fields))
    owners = {each.id: each.key for each in sight.owners}
    columns = (ExpenditureItem.id, ExpenditureItem.organisation_id, ExpenditureItem.category)
    rows = db.session.execute(select(*columns, *texts).where(*conditions))
    words = search_words(query)
    return [
        id_
        for id_, owner, category, reference, *naming in rows
        if holds_all(words, reference, *(readable(Naming(*naming), category, owners[owner], sight.seen) or ()))
    ]


def _with_findings(sight: Sight, chosen: RegisterFilter) -> list[int]:
    """The ids of the project's items that have such a finding."""
    judged = judge(load_register(sight.code, sight.today))
    return [
        key
        for key, findings in judged.items()
        if any(chosen.severity in ("", each.severity) and chosen.finding in ("", each.code) for each in findings)
    ]
