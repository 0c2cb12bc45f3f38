"""More declared than was budgeted or agreed: counted from the first item to the last, whatever the order of entry.

Sums are in euro cents, at the frozen rate or the preview one; an item without any known rate is left out, and nothing
is compared with the budget of a project that is not kept in euro.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from portal.budget.rules.amounts import Amount
from portal.budget.rules.contracts import Spent, Standing, add_spent, standing
from portal.budget.rules.facts import ItemFacts, PartnerFacts, RegisterFacts
from portal.budget.rules.flat_rates import with_flat_rates
from portal.budget.rules.items import EDITABLE_STATES, REPORTED_STATES
from portal.core.errors import Problem
from portal.core.money import EURO, FULL_RATE, BasisPoints, Cents


class Running(NamedTuple):
    """What is declared up to and including an item, in its category and in all of its partner's with flat rates."""

    category: Cents
    partner: Cents


class Reported(NamedTuple):
    """What a partner has submitted: by category, and in all with the flat rates of each of its reports."""

    categories: Mapping[str, Cents]
    total: Cents

    @classmethod
    def of(cls, reports: Iterable[Mapping[str, Cents]], partner: PartnerFacts) -> "Reported":
        """The real costs of each report, by category, added up."""
        categories: dict[str, Cents] = {}
        total = 0
        for report in reports:
            total += declared_total(report, partner)
            for category, cents in report.items():
                add_to(categories, category, cents)
        return cls(categories, Cents(total))

    def with_waiting(self, category: str, waiting: Mapping[str, Cents], partner: PartnerFacts) -> Running:
        """What that comes to, in the category and in all, with real costs that wait to be submitted."""
        in_category = self.categories.get(category, 0) + waiting.get(category, 0)
        return Running(Cents(in_category), Cents(self.total + declared_total(waiting, partner)))


def add_to(totals: dict[str, Cents], category: str, cents: Cents | None) -> None:
    """Add so many cents (None: nothing) to those of the category."""
    totals[category] = Cents(totals.get(category, 0) + (cents or 0))


def check_budget(
    item: ItemFacts, partner: PartnerFacts, running: Running | None, register: RegisterFacts
) -> Iterator[Problem]:
    """Whether what is declared up to the item is more than its category's or its partner's budget.

    Source: rules of the domain 2.
    """
    if running is None or register.currency != EURO or item.category in partner.flat:
        return
    budget = partner.categories.get(item.category)
    limit = category_limit(budget, partner, register) if budget is not None else None
    if budget is not None and limit is not None and running.category > limit:
        values = {
            "scope": register.flexibility_scope,
            "category": item.category,
            "sum": Amount(running.category, EURO),
            "budget": Amount(budget, EURO),
            "limit": Amount(limit, EURO),
            "percent": register.flexibility,
            "assumed": register.is_assumed,
        }
        yield Problem("over-category", "category", values)
    if partner.budget is not None and running.partner > partner.budget:
        values = {"sum": Amount(running.partner, EURO), "budget": Amount(partner.budget, EURO)}
        yield Problem("over-partner", "declared_amount", values)


def check_contract(item: ItemFacts, overrun: Standing | None, register: RegisterFacts) -> Iterator[Problem]:
    """That the items that name the item's contract exceed its amount: each of them says so.

    Source: rules of the domain 2.
    """
    if overrun and item.contract_id:
        contract = register.contracts[item.contract_id].reference
        yield Problem(
            "contract-overrun", "contract", {"contract": contract, "sum": overrun.spent, "amount": overrun.agreed}
        )


def find_overruns(spent: Mapping[int, Spent], register: RegisterFacts) -> dict[int, Standing]:
    """The id of each contract that the items naming it exceed -> how far; `spent` is what these declare."""
    known = register.contracts.items()
    standings = (
        (id_, standing(Amount(each.amount, each.currency), spent[id_], register.rates))
        for id_, each in known
        if id_ in spent
    )
    return {id_: each for id_, each in standings if each and each.is_overrun}


def category_limit(budget: Cents, partner: PartnerFacts, register: RegisterFacts) -> Cents:
    """How much may be declared in a category with this budget before it counts as exceeded.

    The flexibility's percentage, truncated to the cent, is one of the category's own budget, or, where what may be
    shifted is agreed for the partner (assumed reading: so much of its whole budget may move between categories), one of
    the partner's. Without such a rule the budget itself is the limit.
    """
    if register.flexibility_scope == "category":
        return Cents(budget + _share(budget, register.flexibility))
    if register.flexibility_scope == "partner":
        return Cents(budget + _share(partner.budget or Cents(0), register.flexibility))
    return budget


def running_sums(register: RegisterFacts) -> dict[int, Running]:
    """The key of each item that is not submitted yet -> what is declared up to it; parked items count nowhere.

    What is submitted comes first, then the others by day and reference. Source: rules of the domain 2, over-category.
    """
    counted: dict[str, list[ItemFacts]] = defaultdict(list)
    for item in register.items:
        if item.eur is not None and item.state in REPORTED_STATES | EDITABLE_STATES:
            counted[item.organisation].append(item)
    found: dict[int, Running] = {}
    for key, items in counted.items():
        found.update(_running(items, register.partners[key]))
    return found


def declared_total(real: Mapping[str, Cents], partner: PartnerFacts) -> Cents:
    """What the real costs of one report by category come to in all, with what the partner's flat rates add to them.

    Real costs in a category that is claimed as a flat rate add nothing. What is not submitted yet stands together like
    one report to come. Source: rules of the domain 1.6.
    """
    if not partner.flat_rates:
        return Cents(sum(real.values()))
    return Cents(sum(with_flat_rates(real, partner.flat_rates).values()))


def contract_sums(items: Iterable[ItemFacts]) -> dict[int, Spent]:
    """The id of each contract that items name -> what they declare, credit notes and all states included."""
    return add_spent(
        (item.contract_id, item.currency, item.declared, item.eur, item.eur is not None)
        for item in items
        if item.contract_id
    )


def _running(items: list[ItemFacts], partner: PartnerFacts) -> Iterator[tuple[int, Running]]:
    reports: dict[int | None, dict[str, Cents]] = defaultdict(dict)
    for item in items:
        if item.state in REPORTED_STATES:
            add_to(reports[item.report], item.category, item.eur)
    reported = Reported.of(reports.values(), partner)
    waiting: dict[str, Cents] = {}
    ordered = (item for item in items if item.state not in REPORTED_STATES)
    for item in sorted(ordered, key=lambda each: (each.order_key, each.key)):
        add_to(waiting, item.category, item.eur)
        yield item.key, reported.with_waiting(item.category, waiting, partner)


def _share(amount: Cents, rate: BasisPoints) -> Cents:
    return Cents(amount * rate // FULL_RATE)
