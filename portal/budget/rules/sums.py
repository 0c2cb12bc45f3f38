"""What was spent, added up with its flat rates: by cost category, report, work package and period.

Amounts are euro cents. Items of one partner that have in common whatever is told apart come as one lump. Flat rates
are taken of each report on its own; what is not submitted yet stands together like one report to come.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from portal.budget.rules.flat_rates import flat_categories, with_flat_rates
from portal.core.money import BasisPoints, Cents, FundSplit, rounding_residue, split_total

# What a work package and a period are where an item has none.
NOWHERE = 0


class Lump(NamedTuple):
    """Items of one organisation added up: so many `items` in a category, a currency and a report.

    `report` is None until they are submitted. `eur` and `certified` leave out the `unrated` items, whose currency has
    no known rate: those come to `unrated_cents` of the currency. `previewed` items are in `eur` at a rate that is not
    final. Work package and period are 0 where the items have none, or where they are not told apart.
    """

    organisation: str
    category: str
    currency: str
    report: int | None
    items: int
    eur: Cents
    certified: Cents = Cents(0)
    previewed: int = 0
    unrated: int = 0
    unrated_cents: Cents = Cents(0)
    work_package: int = NOWHERE
    period: int = NOWHERE


class Spent(NamedTuple):
    """What was entered, what of it was submitted in reports, and what of that was certified."""

    declared: Cents = Cents(0)
    reported: Cents = Cents(0)
    certified: Cents = Cents(0)


class Report(NamedTuple):
    """What one report declares and what of it is certified, by category; `number` None: what no report has yet."""

    number: int | None
    declared: Mapping[str, Cents]
    certified: Mapping[str, Cents]

    @property
    def spent(self) -> Spent:
        """The report's totals."""
        return self.of(self.declared)

    def of(self, categories: Iterable[str]) -> Spent:
        """The report's totals in these categories."""
        chosen = list(categories)
        declared = Cents(sum(self.declared[each] for each in chosen))
        certified = Cents(sum(self.certified[each] for each in chosen))
        return Spent(declared, Cents(0) if self.number is None else declared, certified)


class ItemSum(NamedTuple):
    """So many items, and what they come to."""

    items: int
    cents: Cents


class PartnerSums(NamedTuple):
    """What a partner has spent, in its reports in order.

    `flat` are the categories it claims as flat rates, `blocked` the real costs that were entered in them all the
    same and count nowhere, by category. `unrated` are the items that cannot be counted in euro yet, by currency, in
    cents of it; `previewed` the currencies in which items are counted at a rate that is not final.
    """

    reports: tuple[Report, ...]
    flat: frozenset[str]
    blocked: Mapping[str, ItemSum]
    unrated: Mapping[str, ItemSum]
    previewed: frozenset[str]

    @property
    def categories(self) -> dict[str, Spent]:
        """Every category that the partner may spend in, with what was spent."""
        names = self.reports[0].declared
        return {each: add_spent(report.of([each]) for report in self.reports) for each in names}

    @property
    def spent(self) -> Spent:
        """What was spent in all."""
        return add_spent(report.spent for report in self.reports)


class Shares(NamedTuple):
    """The fund's share and the partner's contribution in what was declared, reported and certified."""

    declared: FundSplit
    reported: FundSplit
    certified: FundSplit


def add_spent(parts: Iterable[Spent]) -> Spent:
    """The sums of the parts, each on its own."""
    declared, reported, certified = 0, 0, 0
    for part in parts:
        declared, reported, certified = declared + part[0], reported + part[1], certified + part[2]
    return Spent(Cents(declared), Cents(reported), Cents(certified))


def add_up(lumps: Iterable[Lump], rates: Mapping[str, int]) -> PartnerSums:
    """What a partner with these flat rates (whole percents) has spent; every lump is the partner's.

    The last of the reports is what no report has yet, even if that is nothing.
    Source: rules of the domain 1.6: flat rates are taken of each report's category totals.
    """
    mine, flat = list(lumps), flat_categories(rates)
    counted = [lump for lump in mine if lump.category not in flat]
    numbers = sorted({lump.report for lump in mine if lump.report is not None})
    return PartnerSums(
        reports=tuple(_report(number, counted, rates) for number in (*numbers, None)),
        flat=flat,
        blocked=_amounts((lump.category, lump.items, lump.eur) for lump in mine if lump.category in flat),
        unrated=_amounts((lump.currency, lump.unrated, lump.unrated_cents) for lump in counted if lump.unrated),
        previewed=frozenset(lump.currency for lump in counted if lump.previewed),
    )


def tell_apart(
    lumps: Iterable[Lump], rates: Mapping[str, int], place: Callable[[Lump], int]
) -> tuple[dict[int, Spent], Spent]:
    """What a partner has spent at each place (0: none), and its flat amounts, which have no place of their own.

    Real costs in categories that take none count nowhere. Places and flat amounts together are all that was spent.
    """
    mine, flat = list(lumps), flat_categories(rates)
    places: dict[int, Spent] = {}
    for lump in mine:
        if lump.category not in flat:
            reported = Cents(0) if lump.report is None else lump.eur
            there = places.get(place(lump), Spent())
            places[place(lump)] = add_spent([there, Spent(lump.eur, reported, lump.certified)])
    return places, flat_spent(add_up(mine, rates))


def flat_spent(sums: PartnerSums) -> Spent:
    """What flat rates alone come to."""
    return add_spent(spent for category, spent in sums.categories.items() if category in sums.flat)


def split_spent(reports: Iterable[Report], rate: BasisPoints) -> Shares:
    """The parts of what was spent, at the fund's `rate`: each report is split on its own.

    Source: rules of the domain 1.3: a row of what was spent is a partner report.
    """
    totals = [report.spent for report in reports]
    return Shares(*(split_total([total[kind] for total in totals], rate) for kind in range(len(Spent._fields))))


def add_shares(parts: Collection[Shares]) -> Shares:
    """The sums of the parts of several partners."""
    return Shares(*(_add_splits(each[kind] for each in parts) for kind in range(len(Shares._fields))))


def lost_cents(budget: Cents, sums: PartnerSums, rate: BasisPoints) -> Cents | None:
    """The cents of the fund's share that truncation lost once the whole budget is reported; None before.

    Source: rules of the domain 1.4.
    """
    reported = [report.spent.reported for report in sums.reports if report.number is not None]
    return rounding_residue(budget, reported, rate) if reported and sum(reported) == budget else None


def _report(number: int | None, counted: Iterable[Lump], rates: Mapping[str, int]) -> Report:
    declared: dict[str, Cents] = {}
    certified: dict[str, Cents] = {}
    for lump in counted:
        if lump.report == number:
            declared[lump.category] = Cents(declared.get(lump.category, 0) + lump.eur)
            certified[lump.category] = Cents(certified.get(lump.category, 0) + lump.certified)
    return Report(number, with_flat_rates(declared, rates), with_flat_rates(certified, rates))


def _amounts(parts: Iterable[tuple[str, int, Cents]]) -> dict[str, ItemSum]:
    """Name -> how many items there are and what they come to, by name."""
    found: dict[str, ItemSum] = {}
    for name, items, cents in parts:
        before = found.get(name, ItemSum(0, Cents(0)))
        found[name] = ItemSum(before.items + items, Cents(before.cents + cents))
    return dict(sorted(found.items()))


def _add_splits(parts: Iterable[FundSplit]) -> FundSplit:
    share, contribution = 0, 0
    for part in parts:
        share, contribution = share + part.share, contribution + part.contribution
    return FundSplit(Cents(share), Cents(contribution))
