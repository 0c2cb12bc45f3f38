"""The partner budget table: one function for pages, public page and command.

Budgets are in the project's currency, what was spent is in EUR. Associated organisations have no budget and no row.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal.budget.queries.budgets import budgets_of, list_lines
from portal.budget.queries.sums import Entered, list_entered
from portal.budget.rules.facts import LatestRate
from portal.budget.rules.lines import Line
from portal.budget.rules.sums import (
    Lump,
    PartnerSums,
    Shares,
    Spent,
    add_shares,
    add_spent,
    add_up,
    lost_cents,
    split_spent,
)
from portal.budget.rules.tables import undistributed
from portal.core import clock
from portal.core.money import EURO, BasisPoints, Cents, FundSplit, percentage, split_fund, split_total
from portal.projects.models import Organisation, Project
from portal.projects.queries import get_project
from portal.reports.queries.outcomes import check_as_of
from portal.reports.rules.charts import MoneyBar, draw_money

# Nothing is paid until the portal keeps payments.
UNPAID = Cents(0)


class ApprovedRow(NamedTuple):
    """A partner's approved budget in the project's currency and its two sources."""

    organisation: Organisation
    budget: Cents
    split: FundSplit


class ApprovedBudget(NamedTuple):
    """What the partners may spend, as agreed, and its sums."""

    project: Project
    rows: Sequence[ApprovedRow]
    budget: Cents
    split: FundSplit


class CategoryRow(NamedTuple):
    """A partner's cost category: its budget (None where the partner has no budget lines), and what was spent."""

    category: str
    budget: Cents | None
    spent: Spent


class Figures(NamedTuple):
    """A budget and what was spent of it; None where spending is in another currency than the budget."""

    budget: Cents
    spent: Spent
    is_comparable: bool = True

    @property
    def remaining(self) -> Cents | None:
        """What of the budget is not reported yet."""
        return Cents(self.budget - self.spent.reported) if self.is_comparable else None

    @property
    def undeclared(self) -> Cents | None:
        """What of the budget is not even declared yet."""
        return Cents(self.budget - self.spent.declared) if self.is_comparable else None

    @property
    def declared_share(self) -> BasisPoints | None:
        """What was declared of the budget."""
        return percentage(self.spent.declared, self.budget) if self.is_comparable else None

    @property
    def reported_share(self) -> BasisPoints | None:
        """What was reported of the budget."""
        return percentage(self.spent.reported, self.budget) if self.is_comparable else None

    @property
    def bar(self) -> MoneyBar | None:
        """How the figures are drawn."""
        return draw_money(self.budget, *self.spent) if self.is_comparable else None


class BudgetRow(NamedTuple):
    """A partner's budget beside what it has spent; `budgets` is its budget by category, if there are budget lines.

    `rates` are those at which what is not submitted is taken, by currency.
    """

    organisation: Organisation
    budget: Cents
    split: FundSplit
    sums: PartnerSums
    shares: Shares
    budgets: Mapping[str, Cents] | None
    residue: Cents | None
    currency: str
    rates: Mapping[str, LatestRate]
    paid: Cents = UNPAID

    @property
    def figures(self) -> Figures:
        """The row's totals."""
        return Figures(self.budget, self.sums.spent, self.currency == EURO)

    @property
    def categories(self) -> list[CategoryRow]:
        """What is spent in each category that the partner may spend in."""
        budgets = self.budgets or {}
        return [CategoryRow(name, budgets.get(name), spent) for name, spent in self.sums.categories.items()]

    @property
    def difference(self) -> Cents | None:
        """What of the budget its lines leave over, below zero if they exceed it; None without budget lines."""
        return None if self.budgets is None else undistributed(self.budget, Cents(sum(self.budgets.values())))


class BudgetTable(NamedTuple):
    """The partners' rows, all or some, and their sums as of a day.

    `others_as_of` is the earlier day as of which partners are counted whom the day itself is not told of; None where it
    is told of all. `lumps` are the items behind the rows, `uncounted` how many there are of organisations without a
    budget, by their keys. `lines` are the budget lines.
    """

    project: Project
    as_of: date
    rows: Sequence[BudgetRow]
    lumps: Mapping[str, Sequence[Lump]]
    uncounted: Mapping[str, int]
    lines: Sequence[Line]
    others_as_of: date | None = None

    @property
    def budget(self) -> Cents:
        """The sum of the budgets."""
        return Cents(sum(row.budget for row in self.rows))

    @property
    def rate(self) -> BasisPoints:
        """What the fund pays of each amount."""
        return BasisPoints(self.project.cofinancing_rate_bp)

    @property
    def split(self) -> FundSplit:
        """The sums of the two sources of the budgets."""
        return split_total([row.budget for row in self.rows], self.rate)

    @property
    def figures(self) -> Figures:
        """The sums of the rows."""
        spent = add_spent(row.sums.spent for row in self.rows)
        return Figures(self.budget, spent, self.project.currency == EURO)

    @property
    def shares(self) -> Shares:
        """The sums of the fund's shares and of the contributions in what was spent."""
        return add_shares([row.shares for row in self.rows])

    @property
    def of_fund(self) -> Figures:
        """The fund's share of the budgets and of what was spent."""
        return Figures(self.split.share, Spent(*(each.share for each in self.shares)), self.project.currency == EURO)

    @property
    def of_partners(self) -> Figures:
        """The partners' own contributions to the budgets and to what was spent."""
        spent = Spent(*(each.contribution for each in self.shares))
        return Figures(self.split.contribution, spent, self.project.currency == EURO)

    @property
    def paid(self) -> Cents:
        """The sum of what was paid."""
        return Cents(sum(row.paid for row in self.rows))


def approved_budget(code: str) -> ApprovedBudget:
    """The project's budget by partner, in the order of its file; totals are sums of rows.

    Raise NotFound for an unknown project. Source: LTPL00388 budget table.
    """
    project = get_project(code)
    rate = BasisPoints(project.cofinancing_rate_bp)
    rows = [ApprovedRow(each, budget, split_fund(budget, rate)) for each, budget in _budgets(project)]
    amounts = [row.budget for row in rows]
    return ApprovedBudget(project, rows, Cents(sum(amounts)), split_total(amounts, rate))


def budget_table(
    code: str, as_of: date | None = None, *, places: bool = False, exact: Collection[str] | None = None
) -> BudgetTable:
    """The same beside what was declared, reported and certified by the day, of all that was entered without one.

    Of partners outside `exact` (keys; None: all are in it) an earlier day counts as the last end of a period that was
    over by then. For `places` lumps are told apart by work package and period. Raise InvalidInput for a day still to
    come, NotFound for an unknown project. Source: rules of the domain 1.3, 1.6 and 1.7.
    """
    project = get_project(code)
    today = clock.today(project.time_zone)
    if as_of is not None:
        check_as_of(as_of, today)
    coarse = _coarse_day(project, as_of) if as_of not in (None, today) and exact is not None else None
    entered = _list_entered(project, today, (as_of, coarse), places=places, exact=exact)
    lines = list_lines(code)
    budgets = budgets_of(lines, {each.key: each.flat_rates for each in project.organisations})
    rows = [
        _row(project, each, budget, (entered[each.key], budgets.get(each.key))) for each, budget in _budgets(project)
    ]
    keys = {row.organisation.key for row in rows}
    lumps = {key: each.lumps[key] for key, each in entered.items()}
    uncounted = {key: sum(each.items for each in mine) for key, mine in lumps.items() if mine and key not in keys}
    return BudgetTable(project, as_of or today, rows, lumps, uncounted, lines, coarse)


def _coarse_day(project: Project, as_of: date | None) -> date:
    """The last end of a period that was over by the day; before any was, the day before the project."""
    ends = [each.last_day for each in project.periods if as_of is None or each.last_day <= as_of]
    return max(ends, default=project.first_day - timedelta(days=1))


def _list_entered(
    project: Project, today: date, days: tuple[date | None, date | None], *, places: bool, exact: Collection[str] | None
) -> dict[str, Entered]:
    """Organisation -> what was entered, of those in `exact` by the first of the days, of the others by the second."""
    keys = [each.key for each in project.organisations]
    own = [key for key in keys if exact is None or key in exact]
    if days[0] == days[1]:
        own = keys
    found: dict[str, Entered] = {}
    for day, mine in zip(days, (own, [key for key in keys if key not in own]), strict=True):
        if mine:
            entered = list_entered(project.code, today=today, as_of=day, places=places, only=mine)
            found |= dict.fromkeys(mine, entered)
    return found


def _budgets(project: Project) -> list[tuple[Organisation, Cents]]:
    return [(each, each.budget_cents) for each in project.organisations if each.budget_cents is not None]


def _row(
    project: Project,
    organisation: Organisation,
    budget: Cents,
    known: tuple[Entered, Mapping[str, Cents] | None],
) -> BudgetRow:
    rate = BasisPoints(project.cofinancing_rate_bp)
    entered, budgets = known
    sums = add_up(entered.lumps[organisation.key], organisation.flat_rates)
    return BudgetRow(
        organisation=organisation,
        budget=budget,
        split=split_fund(budget, rate),
        sums=sums,
        shares=split_spent(sums.reports, rate),
        budgets=budgets,
        residue=lost_cents(budget, sums, rate) if project.currency == EURO else None,
        currency=project.currency,
        rates=entered.rates,
    )
