"""The same invoice declared more than once: as parts that add up to it, or by mistake."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from portal.budget.rules.amounts import Amount
from portal.budget.rules.facts import ItemFacts
from portal.budget.rules.masking import SALARIES
from portal.core.errors import Problem
from portal.core.money import Cents

# What the finding says: of an invoice declared twice, of parts that come to more than it, of parts that state different
# totals of it, and of one that another partner has declared as well.
OWN, EXCEEDED, TOTALS, ACROSS = "own", "exceeded", "totals", "across"
# How many of the other items are named; of more, an ellipsis says that there are.
MOST_NAMED: Final = 5


class Invoiced(Protocol):
    """Whatever has an invoice, with what tells that from others: keys of the supplier's tax number and name, and of the
    number of the invoice itself; '' where none is stated.
    """

    @property
    def tax_key(self) -> str: ...  # noqa: D102
    @property
    def name_key(self) -> str: ...  # noqa: D102
    @property
    def invoice_key(self) -> str: ...  # noqa: D102


Each = TypeVar("Each", bound=Invoiced)
# Something of which it is known already that it is in one group with whatever else has it.
Link = Hashable


class Twins(NamedTuple):
    """Where an item's invoice is declared too: in items of its organisation with these `references`, of many the first;
    `across`: by another partner. `case` says what is wrong with those of the organisation, `amounts` are its values.
    """

    references: tuple[str, ...]
    across: bool
    case: str = OWN
    amounts: Mapping[str, object] = {}


def check_duplicates(item: ItemFacts, twins: Twins | None) -> Iterator[Problem]:
    """That the item's invoice is declared elsewhere too; what another partner declared is not shown.

    Source: rules of the domain 2.
    """
    if twins and twins.references:
        yield Problem("duplicate-invoice", "invoice_number", _values(twins.case, twins.references, twins.amounts))
    if twins and twins.across:
        yield Problem("duplicate-invoice", "invoice_number", _values(ACROSS, (), {}))


def _values(case: str, references: Sequence[str], amounts: Mapping[str, object]) -> dict[str, object]:
    """What the sentence of the case names."""
    return {"case": case, "references": references, **amounts}


def find_twins(items: Iterable[ItemFacts]) -> dict[int, Twins]:
    """The key of each item whose invoice is declared more than once -> where.

    Credit notes are excepted, and so are the parts of one invoice. What names no supplier or no invoice is like nothing
    else, and so is an item of staff: whose salary it is no other item tells. An item that corrects another is no double
    of that one, nor of what that one corrects in its turn (the team's reading: a correction upwards names the same
    invoice, as it has to).
    """
    found: dict[int, Twins] = {}
    for alike in group_invoices(each for each in items if each.category != SALARIES):
        found.update(_twins(alike))
    return found


def group_invoices(items: Iterable[Each]) -> Iterator[list[Each]]:
    """The items that have the same invoice, directly or through others, where there are several.

    Two are alike if their numbers are, and either their tax numbers or, where one of them states none, the names.
    Source: rules of the domain 2, duplicate-invoice.
    """
    invoices: dict[str, list[Each]] = defaultdict(list)
    for item in items:
        if item.invoice_key:
            invoices[item.invoice_key].append(item)
    for some in invoices.values():
        if len(some) > 1:
            yield from (group for group in _connected(some) if len(group) > 1)


def _connected(items: Sequence[Each]) -> list[list[Each]]:
    """The items of one invoice number in groups of those that are alike, one through the other; no nameless ones.

    Whoever states the same tax number is alike, and so is whoever has the name of one that states none.
    """
    loose = {each.name_key for each in items if each.name_key and not each.tax_key}
    named: list[tuple[Each, list[Link]]] = []
    for each in items:
        links: list[Link] = [("tax", each.tax_key)] if each.tax_key else []
        if each.name_key in loose:
            links.append(("name", each.name_key))
        if links:
            named.append((each, links))
    return _joined(named)


def _joined(linked: Sequence[tuple[Each, Sequence[Link]]]) -> list[list[Each]]:
    """The items, each with its links, in groups that have a link in common, directly or through others."""
    head: dict[Link, Link] = {}

    def find(link: Link) -> Link:
        while (above := head.setdefault(link, link)) != link:
            head[link] = head[above]
            link = above
        return link

    for _item, mine in linked:
        for other in mine[1:]:
            head[find(other)] = find(mine[0])
    groups: dict[Link, list[Each]] = defaultdict(list)
    for item, mine in linked:
        groups[find(mine[0])].append(item)
    return list(groups.values())


def _twins(alike: list[ItemFacts]) -> Iterator[tuple[int, Twins]]:
    """What is said of items that have the same invoice, credit notes among them."""
    before = {each.key: each.corrects for each in alike}
    owners: dict[str, list[ItemFacts]] = defaultdict(list)
    for item in alike:
        if item.declared >= 0:
            owners[item.organisation].append(item)
    for organisation, mine in owners.items():
        across = _across(mine, [each for other in owners if other != organisation for each in owners[other]])
        for own in _doubles(mine, before):
            yield from _said(own, across, before)


def _said(
    own: list[ItemFacts], across: Collection[int], before: Mapping[int, int | None]
) -> Iterator[tuple[int, Twins]]:
    case, amounts = _wrong_with(own, before) if len(own) > 1 else ("", {})
    # Enough to name as many others as are named, whichever of them is left out, and to know of one more.
    first = sorted(own, key=lambda each: (each.order_key, each.key))[: MOST_NAMED + 2] if case else []
    for item in own:
        if case or item.key in across:
            named = _named([each.reference for each in first if each.key != item.key])
            yield item.key, Twins(named, item.key in across, case or OWN, amounts)


def _across(mine: Sequence[ItemFacts], others: Sequence[ItemFacts]) -> set[int]:
    """The keys of those that another partner's item is directly like."""
    taxes = {each.tax_key for each in others if each.tax_key}
    names = {each.name_key for each in others if each.name_key}
    loose = {each.name_key for each in others if each.name_key and not each.tax_key}
    return {
        each.key
        for each in mine
        if (each.tax_key in taxes or each.name_key in loose if each.tax_key else each.name_key in names)
    }


def _doubles(mine: list[ItemFacts], before: Mapping[int, int | None]) -> list[list[ItemFacts]]:
    """An organisation's items in groups of those that are alike; a correction is not like what it corrects."""
    chains = {each.key: _corrected(each.key, before) for each in mine}
    corrected = {key for chain in chains.values() for key in chain}
    bound = [each for each in mine if chains[each.key] or each.key in corrected]
    free = [each for each in mine if not chains[each.key] and each.key not in corrected]
    links: dict[int, list[Link]] = {}
    for place, group in enumerate(_connected(free)):
        links |= {each.key: [("group", place)] for each in group}
    for item in bound:
        links[item.key] = [item.key]
    for item in bound:
        alike = (each for each in mine if each.key != item.key and _is_like(item, each))
        for other in alike:
            if other.key not in chains[item.key] and item.key not in chains[other.key]:
                links[item.key].append(links[other.key][0])
    return _joined([(each, links[each.key]) for each in mine]) if bound else _connected(mine)


def _corrected(key: int, before: Mapping[int, int | None]) -> set[int]:
    """What the item corrects of these: the one that it names, and what that one corrects in its turn."""
    found: set[int] = set()
    target = before[key]
    while target in before and target not in found and target is not None:
        found.add(target)
        target = before[target]
    return found


def _is_like(one: ItemFacts, other: ItemFacts) -> bool:
    if one.tax_key and other.tax_key:
        return one.tax_key == other.tax_key
    return bool(one.name_key) and one.name_key == other.name_key


def _wrong_with(own: Sequence[ItemFacts], before: Collection[int]) -> tuple[str, Mapping[str, object]]:
    """What is wrong with an organisation's items of one invoice, with the values of its sentence; '' if they are parts.

    Parts are no two of the same category, work package and activity, where a correction stands beside what it corrects
    (one of `before`), and their sum is within the invoice's total: that is only known where all state the same one.
    """
    places = {
        (each.category, each.work_package, each.activity, each.corrects if each.corrects in before else None)
        for each in own
    }
    return (OWN, {}) if len(places) < len(own) else _wrong_totals(own)


def _wrong_totals(items: Sequence[ItemFacts]) -> tuple[str, Mapping[str, object]]:
    stated = {(each.invoice_total, each.currency) for each in items if each.invoice_total is not None}
    if len(stated) > 1:
        return TOTALS, {"totals": tuple(Amount(Cents(cents), currency) for cents, currency in sorted(stated))}
    total, currency = items[0].invoice_total, items[0].currency
    if total is None or any((each.invoice_total, each.currency) != (total, currency) for each in items):
        return OWN, {}
    declared = Cents(sum(each.declared for each in items))
    if declared <= total:
        return "", {}
    return EXCEEDED, {"sum": Amount(declared, currency), "total": Amount(total, currency)}


def _named(references: list[str]) -> tuple[str, ...]:
    return (*references[:MOST_NAMED], "…") if len(references) > MOST_NAMED else tuple(references)
