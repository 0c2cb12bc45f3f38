"""Budget lines: what a partner may spend on what, and where the part that the fund does not pay comes from.

Amounts are cents of the project's currency; a work package or a period 0 is none in particular.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from portal.budget.rules.flat_rates import CATEGORY_OF, flat_categories, with_flat_rates
from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.money import LARGEST_AMOUNT, Cents, decimal_text
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

CONTRIBUTION_SOURCES: Final = ("own", "national", "private")
LONGEST_NAME: Final = 200

# The reasons of versions that nobody wrote one for; pages say them in words.
AS_ENTERED: Final = "as-entered"
FROM_IMPORT: Final = "imported-file"
IMPORT_UNDONE: Final = "import-undone"
MERGED: Final = "organisations-merged"

SPREADS: Final = ("total", "work_package", "period", "both")
"""How the lines of a partner are laid out beside their categories."""


class Place(NamedTuple):
    """What a line of a partner is for."""

    category: str
    work_package: int = 0
    period: int = 0


class Line(NamedTuple):
    """A budget line; `organisation` is its key."""

    organisation: str
    category: str
    work_package: int
    period: int
    cents: Cents

    @property
    def place(self) -> Place:
        """What it is for."""
        return Place(self.category, self.work_package, self.period)


class LineState(NamedTuple):
    """A line as it is stored, or as a file wants it."""

    organisation_id: int
    category: str
    work_package: int
    period: int
    amount_cents: Cents


class Share(NamedTuple):
    """What a partner's contribution takes from a source, and who gives it in the giver's own words ('': not said)."""

    organisation: str
    source: str
    name: str
    cents: Cents


class BudgetRows(NamedTuple):
    """All lines and contributions of a project, in the order of its organisations, categories and numbers."""

    lines: tuple[Line, ...] = ()
    contributions: tuple[Share, ...] = ()


class LineChanges(NamedTuple):
    """What a file changes in a project's budget: lines to make, and lines to change by their ids.

    The versions of the project and of its budget are those with which the file was compared.
    """

    project_code: str
    project_version: int
    budget_version: int
    created: list[LineState]
    updated: list[tuple[int, LineState]]


class Axes(NamedTuple):
    """The numbers that lines of a project may name: of its work packages, and of its periods."""

    work_packages: tuple[int, ...]
    periods: tuple[int, ...]


def plain_rows(rows: BudgetRows) -> dict[str, Any]:
    """The rows as JSON keeps them."""
    return {"lines": [list(each) for each in rows.lines], "contributions": [list(each) for each in rows.contributions]}


def read_plain_rows(plain: Mapping[str, Any]) -> BudgetRows:
    """The rows that `plain_rows` made into JSON."""
    lines = tuple(Line(*each) for each in plain["lines"])
    return BudgetRows(lines, tuple(Share(*each) for each in plain["contributions"]))


def flat_facts(rows: BudgetRows) -> dict[str, str]:
    """The rows as the audit compares them: organisation and what of its budget -> amount, giver beside it."""
    facts = {".".join([line.organisation, *_named(line.place)]): decimal_text(line.cents) for line in rows.lines}
    for share in rows.contributions:
        name = f"{share.organisation}.{share.source}"
        facts[name] = f"{decimal_text(share.cents)} {share.name}".strip()
    return facts


def category_totals(lines: Iterable[Line], rates: Mapping[str, int]) -> dict[str, Cents]:
    """Category -> what one partner may spend in it by its lines and its flat rates (whole percents).

    Lines in a category that takes no real costs are left out. Source: rules of the domain 1.6.
    """
    sums: dict[str, Cents] = {}
    for line in lines:
        sums[line.category] = Cents(sums.get(line.category, 0) + line.cents)
    return with_flat_rates(sums, rates)


def stated_totals(lines: Collection[Line], rates: Mapping[str, int]) -> dict[str, Cents]:
    """The same of the categories for which one partner has a line, if only of 0.00, or claims a flat rate."""
    stated = {each.category for each in lines} - flat_categories(rates) | {CATEGORY_OF[name] for name in rates}
    return {name: cents for name, cents in category_totals(lines, rates).items() if name in stated}


def offered_places(spread: str, axes: Axes, flat: Collection[str]) -> list[Place]:
    """The places that lines can be entered for where they are laid out like this, category by category.

    A category that is claimed as a flat rate takes no lines.
    """
    packages = (0, *axes.work_packages) if spread in ("work_package", "both") else (0,)
    periods = (0, *axes.periods) if spread in ("period", "both") else (0,)
    real = [each for each in REAL_COST_CATEGORIES if each not in flat]
    return [Place(category, package, period) for category in real for package in packages for period in periods]


def fitting_spread(lines: Iterable[Line]) -> str:
    """The plainest layout in which each of the lines has a place of its own."""
    stated = list(lines)
    packages, periods = any(each.work_package for each in stated), any(each.period for each in stated)
    if packages and periods:
        return "both"
    return "work_package" if packages else "period" if periods else "total"


def check_spread(spread: str) -> None:
    """Raise InvalidInput if lines are not laid out like this."""
    if spread not in SPREADS:
        raise InvalidInput("budget-spread", where="by", value=spread, allowed=list(SPREADS))


def check_lines(wanted: Mapping[Place, Cents | None], axes: Axes, flat: Collection[str]) -> None:
    """Raise InvalidInputs, each at the field of its place, for lines that a partner cannot have.

    Source: rules of the domain 1.6, a flat category takes no real costs.
    """
    problems = [problem for place in wanted for problem in _line_problems(place, wanted[place], axes, flat)]
    if problems:
        raise InvalidInputs(problems)


def check_contributions(wanted: Mapping[str, tuple[str, Cents | None]]) -> None:
    """Raise InvalidInputs, each at its field, for contributions that cannot be stored.

    `wanted` is source -> who gives it, and how much (None: nothing).
    """
    problems: list[Problem] = []
    for source, (name, cents) in wanted.items():
        if cents is not None:
            problems += _amount_problems(cents, f"{source}_amount")
        elif name:
            problems.append(Problem("contribution-without-amount", f"{source}_amount"))
        if len(name) > LONGEST_NAME:
            problems.append(Problem("text-too-long", f"{source}_name", {"limit": LONGEST_NAME}))
    if problems:
        raise InvalidInputs(problems)


def field_of(place: Place) -> str:
    """What the field of a place is called in forms."""
    return "_".join(("line", *map(str, place)))


def _named(place: Place) -> list[str]:
    package = [f"work_package {place.work_package}"] if place.work_package else []
    return [place.category, *package, *([f"period {place.period}"] if place.period else [])]


def _line_problems(place: Place, cents: Cents | None, axes: Axes, flat: Collection[str]) -> Iterator[Problem]:
    where = field_of(place)
    if cents is None:
        # A line that goes may stand anywhere.
        return
    if place.category in flat or place.category not in REAL_COST_CATEGORIES:
        yield Problem("budget-flat", where, {"category": place.category})
    if place.work_package and place.work_package not in axes.work_packages:
        yield Problem("budget-work-package", where, {"number": place.work_package})
    if place.period and place.period not in axes.periods:
        yield Problem("budget-period", where, {"number": place.period})
    yield from _amount_problems(cents, where)


def _amount_problems(cents: Cents, where: str) -> Iterator[Problem]:
    if cents < 0:
        yield Problem("budget-below-zero", where)
    elif cents > LARGEST_AMOUNT:
        yield Problem("budget-too-large", where)
