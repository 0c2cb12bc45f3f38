"""What of expenditure waits for whoever enters it: counted by the database, up to a number beyond which it is many."""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select

from portal.budget.models import ExpenditureItem
from portal.budget.queries.evidence import is_proven
from portal.budget.queries.findings import load_register
from portal.budget.queries.preview import latest_rates
from portal.budget.rules.costs import find_missing_rate
from portal.budget.rules.findings import BLOCKS, judge
from portal.budget.rules.items import EDITABLE_STATES
from portal.core.db import db
from portal.core.money import EURO
from portal.projects.models import Organisation

Item = ExpenditureItem

# Nobody needs to know whether 1,000 or 5,000 items lack something.
MANY: Final = 1_000


class Unfinished(NamedTuple):
    """How many items that can still be changed block their report, lack evidence and lack a payment date, at most
    MANY; and the currencies, other than EUR, in which there are such items and no rate of the month is
    known. None block where the project has more than MANY items: judging them all takes longer than a home may.
    """

    blocking: int
    unproven: int
    unpaid: int
    unrated: tuple[str, ...]


def find_unfinished(code: str, own: Collection[str] | None, today: date) -> Unfinished:
    """What the items of the project's organisations `own` (None: all) lack as of today."""
    mine = select(Organisation.id).where(Organisation.project_code == code)
    organisations = list(db.session.scalars(mine if own is None else mine.where(Organisation.key.in_(own))))
    return Unfinished(
        _blocking(code, own, today),
        _count(organisations, ~is_proven()),
        _count(organisations, Item.payment_date.is_(None)),
        _unrated(code, organisations, today),
    )


def _blocking(code: str, own: Collection[str] | None, today: date) -> int:
    few = select(Item.id).where(Item.project_code == code).limit(MANY + 1).subquery()
    if (db.session.scalar(select(func.count()).select_from(few)) or 0) > MANY:
        return 0
    register = load_register(code, today)
    editable = [each for each in register.items if each.state in EDITABLE_STATES]
    mine = {each.key for each in editable if own is None or each.organisation in own}
    found = judge(register, mine)
    return sum(any(each.severity == BLOCKS for each in found[key]) for key in mine)


def _count(organisations: Collection[int], lacks: ColumnElement[bool]) -> int:
    few = select(Item.id).where(*_editable(organisations), lacks).limit(MANY).subquery()
    return db.session.scalar(select(func.count()).select_from(few)) or 0


def _unrated(code: str, organisations: Collection[int], today: date) -> tuple[str, ...]:
    used = select(Item.currency).where(*_editable(organisations), Item.currency != EURO, Item.eur_cents.is_(None))
    rates = latest_rates(code, today)
    found = db.session.scalars(used.distinct().order_by(Item.currency))
    return tuple(each for each in found if find_missing_rate(each, rates, today))


def _editable(organisations: Collection[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Item.organisation_id.in_(organisations), Item.state.in_(sorted(EDITABLE_STATES))
