"""The partner budget table: one function for pages, public page and command."""

from typing import NamedTuple

from portal.core.money import BasisPoints, Cents, FundSplit, split_fund, split_total
from portal.projects.models import Organisation, Project
from portal.projects.queries import get_project


class BudgetRow(NamedTuple):
    """A partner's approved budget in the project's currency and its two sources."""

    organisation: Organisation
    budget: Cents
    split: FundSplit


class BudgetTable(NamedTuple):
    """The partners' rows and their sums; associated organisations have no budget and no row."""

    project: Project
    rows: list[BudgetRow]
    budget: Cents
    split: FundSplit


def budget_table(code: str) -> BudgetTable:
    """The project's budget by partner, in the order of its file; totals are sums of rows.

    Raise NotFound for an unknown project. Source: LTPL00388 budget table.
    """
    project = get_project(code)
    rate = BasisPoints(project.cofinancing_rate_bp)
    rows = [
        BudgetRow(organisation, organisation.budget_cents, split_fund(organisation.budget_cents, rate))
        for organisation in project.organisations
        if organisation.budget_cents is not None
    ]
    amounts = [row.budget for row in rows]
    return BudgetTable(project, rows, Cents(sum(amounts)), split_total(amounts, rate))
