"""What items come to in euro: at their frozen rate, or as a preview at the latest rate that is known.

The database and Python round alike: half away from zero to the cent.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, select, type_coerce

from portal.budget.models import ExchangeRate, ExpenditureItem
from portal.budget.rules.facts import LatestRate
from portal.core.db import db
from portal.core.money import EURO, ONE_TO_ONE, Cents, RateMicros, convert


def latest_rates(code: str, as_of: date | None = None) -> dict[str, LatestRate]:
    """Currency -> its latest rate in the project, of a month that has begun by `as_of` (None: of any month)."""
    rates = select(ExchangeRate.currency, ExchangeRate.month, ExchangeRate.rate_micros)
    mine = rates.where(ExchangeRate.project_code == code).order_by(ExchangeRate.month)
    if as_of is not None:
        mine = mine.where(ExchangeRate.month <= f"{as_of:%Y-%m}")
    return {currency: LatestRate(month, rate) for currency, month, rate in db.session.execute(mine)}


def eur_of(declared: Cents, currency: str, frozen: Cents | None, rates: Mapping[str, LatestRate]) -> Cents | None:
    """What a declared amount comes to in euro cents: `frozen` if it is; None where no rate is known."""
    if frozen is not None:
        return frozen
    if currency == EURO:
        return declared
    latest = rates.get(currency)
    return convert(declared, latest.rate) if latest else None


class AppliedRate(NamedTuple):
    """At which rate of which month ('': none) an item's euro are taken; final once it is frozen, and for euro always.

    `rate` is None for euro, and where none is known.
    """

    rate: RateMicros | None
    month: str
    is_final: bool


def applied_rate(
    currency: str, frozen: Cents | None, at: tuple[RateMicros | None, str], rates: Mapping[str, LatestRate]
) -> AppliedRate:
    """The rate of an item in the currency: `at` (a rate and its month) if it is `frozen`, else the latest one known."""
    if currency == EURO:
        return AppliedRate(None, "", is_final=True)
    if frozen is not None:
        return AppliedRate(*at, is_final=True)
    latest = rates.get(currency)
    return AppliedRate(latest.rate, latest.month, is_final=False) if latest else AppliedRate(None, "", is_final=False)


def eur_column(rates: Mapping[str, LatestRate]) -> ColumnElement[int]:
    """What each item comes to in euro cents, as `eur_of` says it; NULL where no rate is known."""
    declared = type_coerce(ExpenditureItem.declared_cents, BigInteger)
    converted = [
        (ExpenditureItem.currency == currency, _converted(declared, latest.rate))
        for currency, latest in rates.items()
        if currency != EURO
    ]
    preview = case((ExpenditureItem.currency == EURO, declared), *converted, else_=None)
    return func.coalesce(type_coerce(ExpenditureItem.eur_cents, BigInteger), preview)


def _converted(declared: ColumnElement[int], rate: int) -> ColumnElement[int]:
    """`core.money.convert` in whole numbers: no item is so large that 64 bits would not hold the product.

    Both databases cut what they divide toward zero.
    """
    half = case((declared < 0, literal(-rate, BigInteger)), else_=literal(rate, BigInteger))
    return (declared * literal(2 * ONE_TO_ONE, BigInteger) + half) // literal(2 * rate, BigInteger)
