"""Which answers of one version of an instrument measure the same as answers of a later one."""

from collections.abc import Mapping, Sequence

from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, Instrument, Item

# A version, the mapping that leads on from it (its key -> the key after it; '': nothing), and the version after it.
Step = tuple[Instrument, Mapping[str, str], Instrument]


def carry_keys(asked: Instrument, steps: Sequence[Step]) -> dict[str, str]:
    """Item of the last version -> its key in the version that was asked, of those that measure the same in both.

    An item that a mapping does not name keeps its key. One whose answers are other ones after a step (another kind,
    other bounds, other choices) does not measure the same.
    """
    current = {item.key: item.key for item in asked.items}
    for before, mapping, after in steps:
        items = {item.key: item for item in after.items}
        carried = {}
        for key, origin in current.items():
            target = items.get(mapping.get(key, key))
            if target is not None and is_comparable(before.item(key), target):
                carried[target.key] = origin
        current = carried
    return current


def is_comparable(first: Item, second: Item) -> bool:
    """Whether the answers to both are the same ones, so that they can be counted together."""
    if first.kind != second.kind:
        return False
    if first.kind == LIKERT:
        return (first.least, first.most) == (second.least, second.most)
    if first.kind in (SINGLE, MULTIPLE):
        return {each.key for each in first.choices} == {each.key for each in second.choices}
    return True
