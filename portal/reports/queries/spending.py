"""The budget and what was spent of it, told apart by cost category, work package or period.

Each kind has the same rows for one partner and for several. Flat rates have no work package and no period: there they
stand on a row of their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.lines import Line
from portal.budget.rules.sums import NOWHERE, Lump, Spent, add_spent, tell_apart
from portal.core.money import Cents
from portal.projects.rules.vocabulary import COST_CATEGORIES
from portal.reports.queries.budget import BudgetRow, BudgetTable, Figures

BREAKDOWNS: Final = ("category", "work_package", "period")
# The rows of what has no work package or no period, and of flat rates.
NONE, FLAT = "none", "flat"

_PLACES: Final[Mapping[str, Callable[[Lump], int]]] = {
    "work_package": lambda lump: lump.work_package,
    "period": lambda lump: lump.period,
}
_LINES: Final[Mapping[str, Callable[[Line], int]]] = {
    "work_package": lambda line: line.work_package,
    "period": lambda line: line.period,
}


class Part(NamedTuple):
    """A row: a category, or the number of a work package or a period, "none" or "flat"; and its figures.

    `budget` is None where no budget lines are stored; `flat` is the partners that claim the category as a flat rate.
    """

    key: str
    budget: Cents | None
    spent: Spent
    flat: tuple[BudgetRow, ...] = ()
    is_comparable: bool = True

    @property
    def figures(self) -> Figures:
        """The row's figures; without budget lines there is nothing to compare with."""
        return Figures(self.budget or Cents(0), self.spent, self.is_comparable and self.budget is not None)


class Breakdown(NamedTuple):
    """The rows, and their sums."""

    by: str
    rows: Sequence[Part]
    total: Part


def break_down(table: BudgetTable, by: str) -> Breakdown:
    """The table's rows together, by one of BREAKDOWNS; the table has its places told apart."""
    rows = _categories(table) if by == "category" else _places(table, by)
    budgets = [row.budget for row in rows if row.budget is not None]
    budget = Cents(sum(budgets)) if budgets else None
    total = Part("", budget, add_spent(row.spent for row in rows), is_comparable=table.figures.is_comparable)
    return Breakdown(by, rows, total)


def _categories(table: BudgetTable) -> list[Part]:
    parts = []
    for name in COST_CATEGORIES:
        found = [(row, each) for row in table.rows for each in row.categories if each.category == name]
        if found:
            budgets = [each.budget for _, each in found if each.budget is not None]
            flat = tuple(row for row, _ in found if name in row.sums.flat)
            spent = add_spent(each.spent for _, each in found)
            budget = Cents(sum(budgets)) if budgets else None
            parts.append(Part(name, budget, spent, flat, table.figures.is_comparable))
    return parts


def _places(table: BudgetTable, by: str) -> list[Part]:
    project = table.project
    known = [each.number for each in (project.work_packages if by == "work_package" else project.periods)]
    spent, flat = _spent_at(table.rows, table.lumps, _PLACES[by])
    budgets, flat_budget = _budget_at(table.rows, table.lines, _LINES[by])
    numbers = [*known, *sorted((set(spent) | set(budgets)) - {*known, NOWHERE})]
    if NOWHERE in spent or NOWHERE in budgets:
        numbers.append(NOWHERE)
    stored = any(row.budgets is not None for row in table.rows)
    comparable = table.figures.is_comparable
    parts = [
        Part(
            str(number) if number != NOWHERE else NONE,
            budgets.get(number, Cents(0)) if stored else None,
            spent.get(number, Spent()),
            is_comparable=comparable,
        )
        for number in numbers
    ]
    claimed = tuple(row for row in table.rows if row.sums.flat)
    return [*parts, Part(FLAT, flat_budget if stored else None, flat, claimed, comparable)] if claimed else parts


def _spent_at(
    rows: Iterable[BudgetRow], lumps: Mapping[str, Sequence[Lump]], place: Callable[[Lump], int]
) -> tuple[dict[int, Spent], Spent]:
    places: dict[int, Spent] = {}
    flat = Spent()
    for row in rows:
        there, more = tell_apart(lumps[row.organisation.key], row.organisation.flat_rates, place)
        flat = add_spent([flat, more])
        for number, spent in there.items():
            places[number] = add_spent([places.get(number, Spent()), spent])
    return places, flat


def _budget_at(
    rows: Iterable[BudgetRow], lines: Iterable[Line], place: Callable[[Line], int]
) -> tuple[dict[int, Cents], Cents]:
    """The budget at each place without flat categories, and the budget of those."""
    mine = {row.organisation.key: row for row in rows}
    places: dict[int, Cents] = {}
    for line in lines:
        row = mine.get(line.organisation)
        if row and line.category not in flat_categories(row.organisation.flat_rates):
            places[place(line)] = Cents(places.get(place(line), 0) + line.cents)
    flat = sum(budget for row in mine.values() for name, budget in (row.budgets or {}).items() if name in row.sums.flat)
    return places, Cents(flat)
