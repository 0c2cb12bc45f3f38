"""What a new version of a questionnaire asks otherwise, as far as the comparison with the one before depends on it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from portal.surveys.rules.comparing import is_comparable
from portal.surveys.rules.documents import Instrument, Item, Scale
from portal.surveys.rules.item_checks import first_by_key


class Change(NamedTuple):
    """Something that is not compared any more, or with care.

    `code`: "gone", "new" and "apart" (still asked, and said to measure something else) of items; "kind", "range",
    "choices" and "wording" of an item (`key`: what it is called now, `before`: as it was before); "scale-gone",
    "scale-new", "scale-items" (with items that have no answers in the version before), "scale-others" (with items that
    joined it or left it) and "scale-reversed" of scales, with these `items`.
    """

    code: str
    key: str
    before: str = ""
    items: tuple[str, ...] = ()


def changes(before: Instrument, after: Instrument, mapping: Mapping[str, str]) -> list[Change]:
    """Everything in which `after` differs from the version before for those who compare answers, items first.

    `mapping`: key of an item before -> its key now ('': none; one that it does not name keeps its key).
    """
    full = {each.key: mapping.get(each.key, each.key) for each in before.items}
    return [*_of_items(before, after, full), *_of_scales(before, after, full)]


def _of_items(before: Instrument, after: Instrument, mapping: Mapping[str, str]) -> Iterator[Change]:
    items, source = first_by_key(after), after.languages[0]
    for old in before.items:
        # One that is mapped to nothing is told of by what has become of the item with its key.
        now = items.get(mapping[old.key] or old.key)
        if now is None or (not mapping[old.key] and now.key in mapping.values()):
            yield Change("gone", old.key)
            continue
        code = _difference(old, now)
        if code:
            yield Change(code, now.key, old.key)
        elif not mapping[old.key]:
            yield Change("apart", now.key, old.key)
        elif old.text.get(source) != now.text.get(source):
            yield Change("wording", now.key, old.key)
    # A key that somebody else's answers have left is free: what takes it is new.
    known = {now or old for old, now in mapping.items()}
    yield from (Change("new", each.key) for each in after.items if each.key not in known)


def _difference(old: Item, now: Item) -> str:
    """In what the answers to both are other ones; '' where they are the same."""
    if old.kind != now.kind:
        return "kind"
    if (old.least, old.most) != (now.least, now.most):
        return "range"
    return "" if is_comparable(old, now) else "choices"


def _of_scales(before: Instrument, after: Instrument, mapping: Mapping[str, str]) -> Iterator[Change]:
    olds, now = {each.key: each for each in before.scales}, {each.key for each in after.scales}
    yield from (Change("scale-gone", each.key) for each in before.scales if each.key not in now)
    compared = _compared(before, after, mapping)
    for scale in after.scales:
        if scale.key in olds:
            yield from _of_scale(olds[scale.key], scale, compared)
        else:
            yield Change("scale-new", scale.key)


def _of_scale(old: Scale, now: Scale, compared: Mapping[str, str]) -> Iterator[Change]:
    """`compared`: key of an item of the version before -> of the one whose answers are compared with its own."""
    items = {compared[key] for key in old.items if key in compared}
    unanswered = tuple(key for key in now.items if key not in compared.values())
    if unanswered:
        yield Change("scale-items", now.key, items=unanswered)
    others = tuple(sorted(set(compared.values()) & (items ^ set(now.items))))
    lost = tuple(key for key in old.items if key not in compared)
    if others or (lost and not unanswered):
        yield Change("scale-others", now.key, items=(*others, *lost))
    reverse = {compared[key] for key in old.reverse if key in compared}
    turned = tuple(key for key in now.items if key in items and (key in reverse) != (key in now.reverse))
    if turned:
        yield Change("scale-reversed", now.key, items=turned)


def _compared(before: Instrument, after: Instrument, mapping: Mapping[str, str]) -> dict[str, str]:
    items = first_by_key(after)
    pairs = ((old, items.get(mapping[old.key])) for old in before.items)
    return {old.key: now.key for old, now in pairs if now is not None and not _difference(old, now)}
