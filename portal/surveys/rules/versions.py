"""New versions of an instrument, and which of their items measure what items of the version before did.

A mapping is the key of an item of the version before -> its key now; '' where nothing measures the same.
"""

from collections.abc import Collection, Iterator, Mapping

from portal.core.errors import Problem
from portal.surveys.rules.documents import Condition, Instrument, Item, Scale, content_hash
from portal.surveys.rules.item_checks import first_by_key
from portal.surveys.rules.outdated import Renamed
from portal.surveys.rules.places import join

Mapped = Mapping[str, str]


def full_mapping(instrument: Instrument, stated: Mapped) -> dict[str, str]:
    """What becomes of each item of the instrument: what is stated, else it stays."""
    return {item.key: stated.get(item.key, item.key) for item in instrument.items}


def next_version(instrument: Instrument, mapping: Mapped) -> Instrument:
    """The instrument with its items called as the full `mapping` says and those without a key left out.

    Scales and conditions follow: a scale loses the items that have gone and goes with the last of them, and an item
    whose condition stood on one of them is shown to everybody.
    """
    scales = [_scale(scale, mapping) for scale in instrument.scales]
    return instrument._replace(
        items=tuple(_item(item, mapping) for item in instrument.items if mapping[item.key]),
        scales=tuple(scale for scale in scales if scale.items),
    )


def still_mapped(mapping: Mapped, instrument: Instrument, renames: Collection[Renamed] = ()) -> dict[str, str]:
    """The mapping with the items' new keys, and without keys that the instrument does not have any more."""
    keys = {item.key for item in instrument.items}
    called = {each.old: each.new for each in renames if each.table == "items"}
    now = {old: called.get(new, new) for old, new in mapping.items()}
    return {old: new if new in keys else "" for old, new in now.items()}


def name_problems(mapping: Mapped, known: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the keys of a mapping of these known items, and where one is given to two of them."""
    taken: set[str] = set()
    for old, new in mapping.items():
        if old not in known:
            yield Problem("survey-item-unknown", join("mapping", old), {"key": old})
        elif new and new in taken:
            yield Problem("duplicate-value", join("mapping", old), {"value": new})
        taken.add(new)


def mapping_problems(before: Instrument, after: Instrument, mapping: Mapped) -> Iterator[Problem]:
    """What is wrong with a mapping between these versions: unknown keys, and items whose answers cannot be compared."""
    old_items, new_items = first_by_key(before), first_by_key(after)
    yield from name_problems(mapping, old_items)
    for old, new in mapping.items():
        if not new or old not in old_items:
            continue
        if new not in new_items:
            yield Problem("survey-item-unknown", join("mapping", old), {"key": new})
        elif _measure(old_items[old]) != _measure(new_items[new]):
            yield Problem("mapping-differs", join("mapping", old), {"old": old, "new": new})


def version_problems(before: Instrument, after: Instrument, mapping: Mapped) -> list[Problem]:
    """All that keeps a version from being published after the one before: its mapping, and that it asks the same."""
    unchanged = [Problem("version-unchanged")] if content_hash(before) == content_hash(after) else []
    return [*mapping_problems(before, after, mapping), *unchanged]


def _measure(item: Item) -> tuple[object, ...]:
    """What two items must have in common for their answers to be compared."""
    return item.kind, item.least, item.most, {choice.key for choice in item.choices}


def _item(item: Item, mapping: Mapped) -> Item:
    condition = item.show_if
    if condition is not None:
        target = mapping[condition.item]
        condition = Condition(target, condition.values) if target else None
    return item._replace(key=mapping[item.key], show_if=condition)


def _scale(scale: Scale, mapping: Mapped) -> Scale:
    items = tuple(mapping[key] for key in scale.items if mapping[key])
    return scale._replace(items=items, reverse=tuple(mapping[key] for key in scale.reverse if mapping[key]))
