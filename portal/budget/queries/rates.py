"""Reading exchange rates: a page of them, what files are compared with, and what became of fetching them."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, and_, func, select

from portal.budget.models import ExchangeRate, ExpenditureItem
from portal.budget.rules.rates import RateDraft
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.money import RateMicros
from portal.jobs.models import Job
from portal.projects.queries import list_organisations

# The kind of the jobs that fetch rates.
FETCH_JOB = "fetch_rates"

# What views may call a rate without knowing the models.
RateRow = ExchangeRate


class StoredRate(NamedTuple):
    """A rate as stored: its id, its version, and what it is."""

    id: int
    version: int
    rate: RateMicros


class ShownRate(NamedTuple):
    """A rate in a list: whether previews are made at it, and how many items are frozen at the rate of its month."""

    row: ExchangeRate
    is_latest: bool
    frozen: int


class RatePage(NamedTuple):
    """One page of rates, latest month first; `number` counts from 1."""

    rates: list[ShownRate]
    total: int
    number: int
    last: int


def get_rate(code: str, rate_id: int) -> ExchangeRate:
    """The project's rate with this id; raise NotFound, also for another project's."""
    mine = select(ExchangeRate).where(ExchangeRate.project_code == code, ExchangeRate.id == rate_id)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound("rate-unknown")
    return found


def list_rate_currencies(code: str) -> list[str]:
    """The currencies of which the project has rates, in order."""
    mine = select(ExchangeRate.currency).where(ExchangeRate.project_code == code).distinct()
    return sorted(db.session.scalars(mine))


def list_rates(
    code: str, currency: str, *, seen: Collection[str] | None, today: date, page: int, size: int
) -> RatePage:
    """A page of the project's rates of the currency ('': of all), by month, the latest first; the last one at most.

    Of frozen items those of the organisations in `seen` (keys; None: of all) are counted.
    """
    mine = _of(code, currency)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    last = max(1, -(-total // size))
    page = min(page, last)
    ordered = mine.order_by(ExchangeRate.month.desc(), ExchangeRate.currency, ExchangeRate.id)
    rows = list(db.session.scalars(ordered.limit(size).offset((page - 1) * size)))
    latest, frozen = _latest_months(code, today), _count_frozen(code, seen)
    shown = [
        ShownRate(row, latest.get(row.currency) == row.month, frozen.get((row.currency, row.month), 0)) for row in rows
    ]
    return RatePage(shown, total, page, last)


def count_frozen_at(rate: ExchangeRate, seen: Collection[str] | None) -> int:
    """How many items of these organisations (keys; None: of all) are frozen at a rate of this currency and month."""
    return _count_frozen(rate.project_code, seen).get((rate.currency, rate.month), 0)


def is_latest(rate: ExchangeRate, today: date) -> bool:
    """Whether previews are made at this rate: it is the latest one known of its currency."""
    return _latest_months(rate.project_code, today).get(rate.currency) == rate.month


def stored_rates(code: str) -> dict[tuple[str, str], StoredRate]:
    """Currency and month -> the project's rate."""
    columns = (ExchangeRate.id, ExchangeRate.version, ExchangeRate.rate_micros)
    rows = select(ExchangeRate.currency, ExchangeRate.month, *columns).where(ExchangeRate.project_code == code)
    return {(row.currency, row.month): StoredRate._make(row[2:]) for row in db.session.execute(rows)}


def all_rates(code: str) -> list[RateDraft]:
    """The project's rates by currency and month."""
    columns = (ExchangeRate.currency, ExchangeRate.month, ExchangeRate.rate_micros)
    rows = select(*columns).where(ExchangeRate.project_code == code)
    return sorted(RateDraft._make(row) for row in db.session.execute(rows))


def find_fetch(code: str) -> Job | None:
    """The latest job that was asked to fetch rates of the project, whatever became of it."""
    mine = select(Job).where(Job.kind == FETCH_JOB, Job.payload["project"].as_string() == code)
    return db.session.scalar(mine.order_by(Job.id.desc()).limit(1))


def _of(code: str, currency: str) -> Select[ExchangeRate]:
    mine = select(ExchangeRate).where(ExchangeRate.project_code == code)
    return mine.where(ExchangeRate.currency == currency) if currency else mine


def _latest_months(code: str, today: date) -> dict[str, str]:
    """Currency -> the latest month, of those that have begun, of which the project has its rate."""
    mine = ExchangeRate.project_code == code, ExchangeRate.month <= f"{today:%Y-%m}"
    latest = select(ExchangeRate.currency, func.max(ExchangeRate.month)).where(*mine)
    return {row[0]: row[1] for row in db.session.execute(latest.group_by(ExchangeRate.currency))}


def _count_frozen(code: str, seen: Collection[str] | None) -> dict[tuple[str, str], int]:
    """Currency and month -> how many of the organisations' items are frozen at that rate: on one index alone."""
    mine = [each.id for each in list_organisations(code) if seen is None or each.key in seen]
    # Not "unequal": an index holds what is after the empty text in one stretch.
    frozen = and_(ExpenditureItem.organisation_id.in_(mine), ExpenditureItem.rate_month > "")
    counted = select(ExpenditureItem.currency, ExpenditureItem.rate_month, func.count()).where(frozen)
    rows = db.session.execute(counted.group_by(ExpenditureItem.currency, ExpenditureItem.rate_month))
    return {(currency, month): number for currency, month, number in rows}
