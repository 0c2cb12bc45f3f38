"""Budget lines laid out as tables whose parts add up: categories beside work packages, beside periods, or both.

Amounts are cents of the project's currency; None is not stated.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from portal.budget.rules.flat_rates import CATEGORY_OF, base_of, flat_categories
from portal.budget.rules.lines import Line, Place, category_totals
from portal.core.money import Cents
from portal.projects.rules.vocabulary import COST_CATEGORIES, FLAT_RATE_CEILINGS, REAL_COST_CATEGORIES


class FlatRate(NamedTuple):
    """A flat rate that a partner claims: its name, the categories it is taken of, and what it comes to.

    The rate and its ceiling are whole percents.
    """

    name: str
    category: str
    base: tuple[str, ...]
    percent: int
    ceiling: int
    cents: Cents


class TableRow(NamedTuple):
    """The lines of a category, and of a work package where both are shown, column by column, and their sum."""

    category: str
    work_package: int
    cells: tuple[Cents | None, ...]
    total: Cents


class LineTable(NamedTuple):
    """A partner's real costs; `columns` are numbers of work packages or periods, 0 for none in particular.

    Lines are never counted twice: the sums of the columns add up to `total`, as those of the rows do.
    """

    columns: tuple[int, ...]
    rows: list[TableRow]
    sums: tuple[Cents, ...]
    total: Cents

    @property
    def is_split(self) -> bool:
        """Whether any line stands in a column of its own, so that there is more to show than the sum."""
        return any(self.columns)


class Summary(NamedTuple):
    """What a partner's lines come to: every category's total, its flat rates, the whole, and what is not spread yet.

    `difference` is what `undistributed` says of the whole. `ignored` are lines of categories that have been claimed as
    a flat rate since.
    """

    categories: Mapping[str, Cents]
    flat: tuple[FlatRate, ...]
    total: Cents
    approved: Cents | None
    difference: Cents | None
    ignored: tuple[Line, ...]

    @property
    def gap(self) -> Cents:
        """The difference without its sign."""
        return Cents(abs(self.difference or 0))


def sum_up(lines: Collection[Line], rates: Mapping[str, int], approved: Cents | None) -> Summary:
    """What the lines of one partner come to with its flat rates.

    Source: rules of the domain 1.6, the same arithmetic gives the budget's flat categories.
    """
    taken = flat_categories(rates)
    totals = category_totals(lines, rates)
    categories: dict[str, Cents] = {each: totals[each] for each in COST_CATEGORIES if each in totals}
    flat = tuple(
        FlatRate(
            name, category, base_of(name, rates), rates[name], FLAT_RATE_CEILINGS[name], totals.get(category, Cents(0))
        )
        for name, category in CATEGORY_OF.items()
        if name in rates
    )
    total = Cents(sum(categories.values()))
    ignored = tuple(each for each in lines if each.category in taken)
    return Summary(categories, flat, total, approved, undistributed(approved, total), ignored)


def undistributed(approved: Cents | None, lines: Cents) -> Cents | None:
    """What of an approved budget the lines with their flat rates leave over; below zero they exceed it.

    None where no budget is approved.
    """
    return None if approved is None else Cents(approved - lines)


def lay_out(lines: Iterable[Line], spread: str, flat: Collection[str]) -> LineTable:
    """The real costs among one partner's lines, laid out by `spread`; a category without lines has an empty row.

    Only work packages and periods that a line names have a column.
    """
    real = [each for each in lines if each.category not in flat]
    by_package, by_period = spread == "work_package", spread in ("period", "both")
    amounts: dict[tuple[str, int, int], int] = {}
    for line in real:
        column = line.work_package if by_package else line.period if by_period else 0
        key = (line.category, line.work_package if spread == "both" else 0, column)
        amounts[key] = amounts.get(key, 0) + line.cents
    columns = tuple(sorted({column for *_, column in amounts}))
    heads = _heads(amounts, flat)
    rows = [_row(category, package, columns, amounts) for category, package in heads]
    sums = tuple(Cents(sum(row.cells[place] or 0 for row in rows)) for place in range(len(columns)))
    return LineTable(columns, rows, sums, Cents(sum(row.total for row in rows)))


def _heads(amounts: Iterable[tuple[str, int, int]], flat: Collection[str]) -> list[tuple[str, int]]:
    stated = {(category, package) for category, package, _ in amounts}
    found = []
    for category in REAL_COST_CATEGORIES:
        packages = sorted(package for each, package in stated if each == category)
        if category not in flat:
            found += [(category, package) for package in packages or [0]]
    return found


def _row(category: str, package: int, columns: Iterable[int], amounts: Mapping[tuple[str, int, int], int]) -> TableRow:
    found = [amounts.get((category, package, column)) for column in columns]
    cells = tuple(None if each is None else Cents(each) for each in found)
    return TableRow(category, package, cells, Cents(sum(each or 0 for each in cells)))


class Grid(NamedTuple):
    """Boxes for lines: the numbers of the columns, and by row its category, its work package and a place per column.

    `kept` are lines for which the grid has no box: they stay as they are.
    """

    columns: tuple[int, ...]
    rows: list[tuple[str, int, list[Place]]]
    kept: list[Line]


def grid_of(places: Iterable[Place], spread: str, lines: Iterable[Line], flat: Collection[str]) -> Grid:
    """The places as a grid laid out by `spread`, beside the real costs among `lines` that have no place in it."""
    rows: dict[tuple[str, int], list[Place]] = {}
    for place in places:
        rows.setdefault((place.category, place.work_package if spread == "both" else 0), []).append(place)
    offered = {place for row in rows.values() for place in row}
    first = next(iter(rows.values()), [])
    columns = tuple(place.work_package if spread == "work_package" else place.period for place in first)
    kept = [line for line in lines if line.place not in offered and line.category not in flat]
    return Grid(columns, [(*key, found) for key, found in rows.items()], kept)
