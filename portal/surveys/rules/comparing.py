"""Which waves are compared, and which answers of one version of an instrument measure the same as of a later one."""

from collections.abc import Mapping, Sequence

from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, Instrument, Item

# A version, the mapping that leads on from it (its key -> the key after it; '': nothing), and the version after it.
Step = tuple[Instrument, Mapping[str, str], Instrument]


def compared_places(sizes: Sequence[int]) -> tuple[int, int] | None:
    """The places of the two waves that are compared, by how many answered in each; None if there are not two.

    They are the first and the last of those of which anything can be told; where these are not two, of those in which
    anybody answered, else of all. So a wave to come, or one that hardly anybody answered, does not take the place of
    the one before. Source: rules of surveys and of disclosure, which name a first and a last wave only; this reading of
    more is ours.
    """
    told = [place for place, size in enumerate(sizes) if size >= MIN_RESPONDENTS]
    answered = [place for place, size in enumerate(sizes) if size]
    found = next((each for each in (told, answered) if len(each) > 1), [*range(len(sizes))])
    return (found[0], found[-1]) if len(found) > 1 else None


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
