"""Reading budgets: what each organisation may spend on what, flat categories computed, and what it contributes.

Amounts are cents of the project's currency.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from portal.budget.models import BudgetLine, Contribution
from portal.budget.queries.budget_versions import last_number
from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.lines import CONTRIBUTION_SOURCES, Axes, BudgetRows, Line, Share, stated_totals
from portal.budget.rules.tables import Summary, sum_up
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.money import BasisPoints, Cents, split_fund
from portal.projects.models import Organisation, Project, ReportingPeriod, WorkPackage
from portal.projects.queries import get_organisation, get_project
from portal.projects.rules.vocabulary import COST_CATEGORIES

Row = TypeVar("Row", Line, Share)


class PartnerBudget(NamedTuple):
    """An organisation's lines, what they come to, and its contribution.

    `due` is what it contributes by its approved budget, `open` what of that no source is stated for yet; None where no
    budget is approved.
    """

    organisation: Organisation
    lines: tuple[Line, ...]
    summary: Summary
    contributions: tuple[Share, ...]
    contributed: Cents
    due: Cents | None
    open: Cents | None

    @property
    def flat(self) -> frozenset[str]:
        """The categories that take no real costs."""
        return flat_categories(self.organisation.flat_rates)


class Budget(NamedTuple):
    """A project's budget, the number of its latest version (0: none yet), and what its lines may name."""

    project: Project
    version: int
    axes: Axes
    partners: list[PartnerBudget]


def category_budgets(code: str) -> dict[str, dict[str, Cents]]:
    """Organisation key -> cost category -> its budget, for the project's organisations that have budget lines.

    Flat categories are computed; lines in a category that takes no real costs are left out. A category without a line
    is absent, one with a line of 0.00 is not.
    """
    lines = list_lines(code)
    rates = select(Organisation.key, Organisation.flat_rates).where(Organisation.project_code == code)
    return budgets_of(lines, {row.key: row.flat_rates for row in db.session.execute(rates)})


def budgets_of(lines: Iterable[Line], flat_rates: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, Cents]]:
    """The same of these lines, which stand by organisation; `flat_rates` are those of each."""
    return {
        key: stated_totals(tuple(mine), flat_rates[key]) for key, mine in groupby(lines, lambda each: each.organisation)
    }


def load_budget(code: str) -> Budget:
    """The project's budget, partner by partner; associated organisations have none. Raise NotFound."""
    project, rows = get_project(code), load_rows(code)
    return Budget(
        project,
        last_number(code),
        load_axes(code),
        [_partner(project, each, rows) for each in project.organisations if each.role != "associated"],
    )


def get_partner_budget(budget: Budget, key: str) -> PartnerBudget:
    """The organisation's part of the budget; raise NotFound if there is none, Conflict if it takes part without one."""
    found = next((each for each in budget.partners if each.organisation.key == key), None)
    if found is None:
        raise Conflict("budget-associated", organisation=get_organisation(budget.project.code, key).key)
    return found


def load_rows(code: str) -> BudgetRows:
    """All lines and contributions of the project, in the order of its organisations, categories and numbers."""
    shares = (
        select(Organisation.key, Contribution.source, Contribution.name, Contribution.amount_cents)
        .join(Contribution, Contribution.organisation_id == Organisation.id)
        .where(Organisation.project_code == code)
        .order_by(Organisation.position, Organisation.id)
    )
    found = [Share(*row) for row in db.session.execute(shares)]
    return BudgetRows(list_lines(code), _ordered(found, lambda each: CONTRIBUTION_SOURCES.index(each.source)))


def list_lines(code: str) -> tuple[Line, ...]:
    """All lines of the project, in the order of its organisations, categories and numbers."""
    lines = (
        select(Organisation.key, BudgetLine.category, BudgetLine.work_package, BudgetLine.period)
        .add_columns(BudgetLine.amount_cents)
        .join(BudgetLine, BudgetLine.organisation_id == Organisation.id)
        .where(Organisation.project_code == code)
        .order_by(Organisation.position, Organisation.id, BudgetLine.work_package, BudgetLine.period)
    )
    found = [Line(*row) for row in db.session.execute(lines)]
    return _ordered(found, lambda each: COST_CATEGORIES.index(each.category))


def load_axes(code: str) -> Axes:
    """The numbers of the project's work packages and periods, in order."""
    packages = select(WorkPackage.number).where(WorkPackage.project_code == code).order_by(WorkPackage.number)
    periods = select(ReportingPeriod.number).where(ReportingPeriod.project_code == code)
    return Axes(
        tuple(db.session.scalars(packages)), tuple(db.session.scalars(periods.order_by(ReportingPeriod.number)))
    )


def list_partner_keys(code: str) -> list[str]:
    """The keys of the project's organisations that may have a budget, in order."""
    mine = select(Organisation.key).where(Organisation.project_code == code, Organisation.role != "associated")
    return list(db.session.scalars(mine.order_by(Organisation.position, Organisation.id)))


def _partner(project: Project, organisation: Organisation, rows: BudgetRows) -> PartnerBudget:
    lines = tuple(each for each in rows.lines if each.organisation == organisation.key)
    shares = tuple(each for each in rows.contributions if each.organisation == organisation.key)
    approved = organisation.budget_cents
    due = None if approved is None else split_fund(approved, BasisPoints(project.cofinancing_rate_bp)).contribution
    contributed = Cents(sum(each.cents for each in shares))
    missing = None if due is None else Cents(due - contributed)
    summary = sum_up(lines, organisation.flat_rates, approved)
    return PartnerBudget(organisation, lines, summary, shares, contributed, due, missing)


def _ordered(rows: list[Row], rank: Callable[[Row], int]) -> tuple[Row, ...]:
    """The rows, which stand by organisation, by their rank within it, and else as they stood."""
    places = {key: place for place, key in enumerate(dict.fromkeys(each.organisation for each in rows))}
    return tuple(sorted(rows, key=lambda each: (places[each.organisation], rank(each))))
