"""What changed in a budget from one version to the next: only what differs, and what that comes to.

Amounts are cents of the project's currency; None is a line or a contribution that is not there.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from portal.budget.rules.lines import CONTRIBUTION_SOURCES, BudgetRows, Line, Share
from portal.core.money import Cents
from portal.projects.rules.vocabulary import COST_CATEGORIES


class LineChange(NamedTuple):
    """A line that differs."""

    organisation: str
    category: str
    work_package: int
    period: int
    before: Cents | None
    after: Cents | None

    @property
    def change(self) -> Cents:
        """By how much it grew."""
        return Cents((self.after or 0) - (self.before or 0))


class ShareChange(NamedTuple):
    """A contribution that differs, in its amount or its giver."""

    organisation: str
    source: str
    before: Share | None
    after: Share | None

    @property
    def change(self) -> Cents:
        """By how much it grew."""
        return Cents((self.after.cents if self.after else 0) - (self.before.cents if self.before else 0))


class ChangedSum(NamedTuple):
    """What the changed lines of a partner or a category came to, and come to."""

    key: str
    before: Cents
    after: Cents

    @property
    def change(self) -> Cents:
        """By how much they grew."""
        return Cents(self.after - self.before)


class Comparison(NamedTuple):
    """Everything that differs, and the sums of the lines that do."""

    lines: list[LineChange]
    contributions: list[ShareChange]
    by_organisation: list[ChangedSum]
    by_category: list[ChangedSum]
    total: ChangedSum


def compare(before: BudgetRows, after: BudgetRows) -> Comparison:
    """What differs between two states of a budget, by organisation, category, work package and period."""
    order = _order(before, after)
    lines = _line_changes(before.lines, after.lines, order)
    return Comparison(
        lines,
        _share_changes(before.contributions, after.contributions, order),
        [_sum(key, (each for each in lines if each.organisation == key)) for key in _keys(lines, order)],
        [
            _sum(category, found)
            for category in COST_CATEGORIES
            if (found := [each for each in lines if each.category == category])
        ],
        _sum("", lines),
    )


def _order(before: BudgetRows, after: BudgetRows) -> dict[str, int]:
    """Organisation -> its place, as they stand in the later rows, then those that are in the earlier ones only."""
    keys = [each.organisation for rows in (after, before) for each in rows.lines]
    keys += [each.organisation for rows in (after, before) for each in rows.contributions]
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}


def _keys(lines: Iterable[LineChange], order: Mapping[str, int]) -> list[str]:
    return sorted({each.organisation for each in lines}, key=lambda key: order[key])


def _line_changes(before: Iterable[Line], after: Iterable[Line], order: Mapping[str, int]) -> list[LineChange]:
    was, becomes = ({each[:4]: each.cents for each in lines} for lines in (before, after))
    differing = [key for key in {**was, **becomes} if was.get(key) != becomes.get(key)]
    ordered = sorted(differing, key=lambda key: (order[key[0]], COST_CATEGORIES.index(key[1]), *key[2:]))
    return [LineChange(*key, was.get(key), becomes.get(key)) for key in ordered]


def _share_changes(before: Iterable[Share], after: Iterable[Share], order: Mapping[str, int]) -> list[ShareChange]:
    was, becomes = ({each[:2]: each for each in shares} for shares in (before, after))
    differing = [key for key in {**was, **becomes} if was.get(key) != becomes.get(key)]
    ordered = sorted(differing, key=lambda key: (order[key[0]], CONTRIBUTION_SOURCES.index(key[1])))
    return [ShareChange(*key, was.get(key), becomes.get(key)) for key in ordered]


def _sum(key: str, lines: Iterable[LineChange]) -> ChangedSum:
    found = list(lines)
    before, after = sum(each.before or 0 for each in found), sum(each.after or 0 for each in found)
    return ChangedSum(key, Cents(before), Cents(after))
