"""The register added up by organisation, state, category and currency: what every other sum of it is made of."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from portal.budget.models import ExpenditureItem
from portal.budget.queries.preview import eur_column
from portal.budget.rules.facts import LatestRate
from portal.core.db import db
from portal.core.money import Cents


class Tally(NamedTuple):
    """What `number` items of an organisation with the same state, category and currency come to.

    `eur` is that of those for which a rate is known, frozen or at hand; of `frozen` items it is frozen.
    """

    organisation_id: int
    state: str
    category: str
    currency: str
    number: int
    declared: Cents
    eur: Cents
    frozen: int


def list_tallies(conditions: Sequence[ColumnElement[bool]], rates: Mapping[str, LatestRate]) -> list[Tally]:
    """What the items under these conditions come to, in one statement."""
    # In the order of the index that holds all of it, so that nothing is sorted.
    groups = (ExpenditureItem.organisation_id, ExpenditureItem.state, ExpenditureItem.category)
    figures = (func.count(), func.sum(ExpenditureItem.declared_cents), func.sum(eur_column(rates)))
    rows = (
        select(*groups, ExpenditureItem.currency, *figures, func.count(ExpenditureItem.eur_cents))
        .where(*conditions)
        .group_by(*groups, ExpenditureItem.currency)
    )
    return [
        Tally(owner, state, category, currency, number, Cents(int(declared)), Cents(int(eur or 0)), frozen)
        for owner, state, category, currency, number, declared, eur, frozen in db.session.execute(rows)
    ]
