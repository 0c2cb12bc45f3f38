"""What is declared up to an item, added up by the database: as `rules.overruns.running_sums` does it in Python."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    case,
    func,
    literal,
    select,
    text,
    true,
    type_coerce,
    union_all,
)

from portal.budget.models import ExpenditureItem
from portal.budget.queries.preview import eur_column
from portal.budget.queries.tallies import Tally
from portal.budget.rules.facts import ItemFacts, PartnerFacts, RegisterFacts
from portal.budget.rules.items import EDITABLE_STATES, REPORTED_STATES
from portal.budget.rules.overruns import Reported, Running, add_to
from portal.core.db import db
from portal.core.money import EURO, Cents
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

# Category -> euro cents.
Totals = Mapping[str, Cents]

# How long a day is at the beginning of an order key.
DAY = len("2026-07-31")
WAITING, REPORTED = sorted(EDITABLE_STATES), sorted(REPORTED_STATES)

_CATEGORIES: Final = union_all(*(select(literal(each).label("category")) for each in REAL_COST_CATEGORIES)).subquery()


class Stretch(NamedTuple):
    """The asked items of an organisation that are not submitted yet, in their order.

    `tallies` are all of the organisation's, None where nobody has added them up.
    """

    partner: PartnerFacts
    organisation_id: int
    items: list[ItemFacts]
    tallies: Sequence[Tally] | None

    @property
    def first(self) -> str:
        """Where the first one stands."""
        return self.items[0].order_key

    @property
    def last(self) -> str:
        """Where the last one stands."""
        return self.items[-1].order_key


def find_running(
    asked: Iterable[ItemFacts],
    register: RegisterFacts,
    ids: Mapping[str, int],
    tallies: Sequence[Tally] | None = None,
) -> dict[int, Running]:
    """The key of each asked item that is not submitted yet -> what is declared up to it.

    Left out where there is no budget that it could exceed. Three statements, however many items and organisations there
    are; `ids` are those of the organisations by their keys. With their `tallies`, what comes before the first item is
    what is left of them: of a page with the latest items next to nothing is read then.
    """
    stretches = _stretches(asked, register, ids, tallies) if register.currency == EURO else []
    between = _between(stretches, register)
    outside = _outside(stretches, register)
    reports = _reports(stretches)
    found: dict[int, Running] = {}
    for each in stretches:
        key = each.partner.key
        before = outside[key, False] if each.tallies is None else _left(each.tallies, outside[key, False], between[key])
        submitted = reports[key] if _by_report(each) else [_submitted(each, outside[key, True])]
        found.update(_walk(each, Reported.of(submitted, each.partner), before, between[key]))
    return found


def _stretches(
    asked: Iterable[ItemFacts], register: RegisterFacts, ids: Mapping[str, int], tallies: Sequence[Tally] | None
) -> list[Stretch]:
    waiting: dict[str, list[ItemFacts]] = defaultdict(list)
    for item in asked:
        partner = register.partners[item.organisation]
        has_budget = partner.budget is not None or partner.categories
        if has_budget and item.state in EDITABLE_STATES and item.eur is not None:
            waiting[item.organisation].append(item)
    found = []
    for key, items in waiting.items():
        own = None if tallies is None else [each for each in tallies if each.organisation_id == ids[key]]
        found.append(Stretch(register.partners[key], ids[key], sorted(items, key=lambda each: each.order_key), own))
    return found


def _by_report(stretch: Stretch) -> bool:
    """Whether its reports have to be told apart, since flat rates are taken of each on its own."""
    return bool(stretch.partner.flat_rates)


def _submitted(stretch: Stretch, sums: Totals) -> Totals:
    """What is submitted in all, out of the tallies or of the `sums` that were asked for."""
    return sums if stretch.tallies is None else _of_states(stretch.tallies, REPORTED_STATES)


def _of_states(tallies: Iterable[Tally], states: Collection[str]) -> dict[str, Cents]:
    totals: dict[str, Cents] = {}
    for each in tallies:
        if each.state in states:
            add_to(totals, each.category, each.eur)
    return totals


def _left(tallies: Iterable[Tally], after: Totals, between: Iterable[tuple[str, str, Cents]]) -> Totals:
    """What waits before the first asked item: all that does, but for what stands between and after."""
    totals = _of_states(tallies, EDITABLE_STATES)
    for category, cents in [*after.items(), *((category, cents) for _place, category, cents in between)]:
        add_to(totals, category, Cents(-cents))
    return totals


def _reports(stretches: Iterable[Stretch]) -> dict[str, list[Totals]]:
    """Organisation key -> what each of its submitted reports declares by category, where these are told apart."""
    item, eur = ExpenditureItem, func.sum(type_coerce(ExpenditureItem.eur_cents, BigInteger))
    selects = []
    for each in stretches:
        if _by_report(each) and (each.tallies is None or _of_states(each.tallies, REPORTED_STATES)):
            key: ColumnElement[str] = literal(each.partner.key)
            mine = select(key, item.report_number, item.category, eur).where(item.state.in_(REPORTED))
            by_report = mine.where(item.organisation_id == each.organisation_id)
            selects.append(by_report.group_by(item.report_number, item.category))
    found: dict[str, dict[int | None, dict[str, Cents]]] = defaultdict(lambda: defaultdict(dict))
    for owner, report, category, cents in db.session.execute(union_all(*selects)) if selects else ():
        add_to(found[owner][report], category, Cents(int(cents or 0)))
    return defaultdict(list, {owner: [*reports.values()] for owner, reports in found.items()})


def _outside(stretches: Iterable[Stretch], register: RegisterFacts) -> dict[tuple[str, bool], dict[str, Cents]]:
    """Organisation key and whether it is submitted -> category -> what that comes to; of what waits, what comes after
    the last asked item where tallies are known, else what comes before the first one.
    """
    eur, selects = eur_column(register.rates), []
    for each in stretches:
        if each.tallies is None:
            frozen = func.sum(type_coerce(ExpenditureItem.eur_cents, BigInteger))
            if not _by_report(each):
                selects.append(_sums(each, frozen, ExpenditureItem.state.in_(REPORTED), is_submitted=True))
            waiting = ExpenditureItem.state.in_(WAITING) & (_place(each) < each.first)
        else:
            waiting = ExpenditureItem.state.in_(WAITING) & _in_currencies(each.tallies) & (_place(each) > each.last)
        selects.append(_sums(each, func.sum(eur), waiting, is_submitted=False))
    found: dict[tuple[str, bool], dict[str, Cents]] = defaultdict(dict)
    for key, is_submitted, category, cents in db.session.execute(union_all(*selects)) if selects else ():
        add_to(found[key, bool(is_submitted)], category, Cents(int(cents or 0)))
    return found


def _sums(
    stretch: Stretch, amount: ColumnElement[int], condition: ColumnElement[bool], *, is_submitted: bool
) -> Select[str, int, str, int]:
    """By category, each for itself: grouping the rows would take longer than adding them up."""
    key: ColumnElement[str] = literal(stretch.partner.key)
    mine = ExpenditureItem.organisation_id == stretch.organisation_id
    total = select(amount).where(mine, ExpenditureItem.category == _CATEGORIES.c.category, condition)
    return select(key, literal(int(is_submitted)), _CATEGORIES.c.category, total.scalar_subquery())


def _between(stretches: Sequence[Stretch], register: RegisterFacts) -> dict[str, list[tuple[str, str, Cents]]]:
    """Organisation key -> place, category and euro of what stands from the first asked item to the last one.

    A place is an item's order key on the days of asked items; other days are added up, each under the day itself.
    """
    found: dict[str, list[tuple[str, str, Cents]]] = defaultdict(list)
    eur, selects = eur_column(register.rates), []
    for each in stretches:
        if len(each.items) > 1:
            selects.append(_places(each, eur))
        else:
            found[each.partner.key] = [(item.order_key, item.category, item.eur or Cents(0)) for item in each.items]
    for key, place, category, cents in db.session.execute(union_all(*selects)) if selects else ():
        found[key].append((place, category, Cents(int(cents or 0))))
    return found


def _places(stretch: Stretch, eur: ColumnElement[int]) -> Select[str, str, str, int]:
    key: ColumnElement[str] = literal(stretch.partner.key)
    order_key = _place(stretch)
    day = func.substr(order_key, 1, DAY)
    place = case((day.in_({each.order_key[:DAY] for each in stretch.items}), order_key), else_=day).label("place")
    return (
        select(key, place, ExpenditureItem.category, func.sum(eur))
        .where(
            ExpenditureItem.organisation_id == stretch.organisation_id,
            ExpenditureItem.state.in_(WAITING),
            true() if stretch.tallies is None else _in_currencies(stretch.tallies),
            order_key.between(stretch.first, stretch.last),
        )
        .group_by(ExpenditureItem.category, text("place"))
    )


def _place(stretch: Stretch) -> ColumnElement[str]:
    """Where an item stands. Without tallies not the bare column, so that the index of sums is read through rather than
    each row in the order of another one; with them their currencies lead to the very part of that index.
    """
    order_key = ExpenditureItem.order_key
    return func.coalesce(order_key, "") if stretch.tallies is None else cast("ColumnElement[str]", order_key)


def _in_currencies(tallies: Iterable[Tally]) -> ColumnElement[bool]:
    """The categories and currencies that there are, so that the index of sums is entered where the order keys are."""
    waiting = [each for each in tallies if each.state in EDITABLE_STATES]
    return ExpenditureItem.category.in_({each.category for each in waiting}) & ExpenditureItem.currency.in_(
        {each.currency for each in waiting}
    )


def _walk(
    stretch: Stretch, reported: Reported, before: Totals, between: list[tuple[str, str, Cents]]
) -> Iterable[tuple[int, Running]]:
    """The sums of the asked items, walking from the first to the last over all that stands between."""
    waiting: dict[str, Cents] = dict(before)
    asked = {each.order_key: each for each in stretch.items}
    for place, category, cents in sorted(between):
        add_to(waiting, category, cents)
        if place in asked:
            yield asked[place].key, reported.with_waiting(category, waiting, stretch.partner)
