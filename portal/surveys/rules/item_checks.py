"""What an item, its answers and its condition must agree on, and what a scale must agree on with its items."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from portal.core.errors import Problem
from portal.surveys.rules.documents import (
    ITEM_KINDS,
    LIKERT,
    MULTIPLE,
    NUMBER,
    SINGLE,
    Condition,
    Instrument,
    Item,
    Scale,
)
from portal.surveys.rules.places import choice_problems, join, placed, repeated

# More cannot be told apart, nor tapped on a phone.
MOST_STEPS: Final = 21
# The portal's answers are kept exactly.
LARGEST: Final = Decimal(10) ** 12
MOST_DECIMALS: Final = 12
SCALED: Final = (LIKERT, NUMBER)
CHOSEN: Final = (SINGLE, MULTIPLE)


def in_order(instrument: Instrument) -> tuple[Item, ...]:
    """The items as they are asked: those without a section first, then section by section."""
    places = {section.key: place for place, section in enumerate(instrument.sections)}
    return tuple(sorted(instrument.items, key=lambda item: places.get(item.section, -1)))


def item_problems(instrument: Instrument) -> Iterator[Problem]:
    """What is wrong with each item, its key apart."""
    sections = {section.key for section in instrument.sections}
    for where, item in placed("items", instrument.items):
        if item.kind not in ITEM_KINDS:
            yield Problem("unknown-value", join(where, "type"), {"value": item.kind, "allowed": ITEM_KINDS})
        else:
            yield from _answer_problems(where, item)
        if item.section and item.section not in sections:
            yield Problem("survey-section-unknown", join(where, "section"), {"key": item.section})
        if item.show_if is not None:
            yield from _condition_problems(join(where, "show_if"), item, item.show_if, instrument)


def scale_problems(instrument: Instrument) -> Iterator[Problem]:
    """What is wrong with each scale, its key apart."""
    items = first_by_key(instrument)
    for where, scale in placed("scales", instrument.scales):
        if not scale.items:
            yield Problem("empty-list", join(where, "items"))
        yield from repeated(join(where, "items"), scale.items)
        for number, key in enumerate(scale.items, start=1):
            place = join(where, "items", f"#{number}")
            if key not in items:
                yield Problem("survey-item-unknown", place, {"key": key})
            elif items[key].kind in ITEM_KINDS and items[key].kind not in SCALED:
                yield Problem("scale-item-kind", place, {"key": key})
        yield from _reverse_problems(join(where, "reverse"), scale, items)
        if not 0 < scale.min_answered <= 1:
            yield Problem("scale-share", join(where, "min_answered"), {"value": str(scale.min_answered)})


def random_sections(instrument: Instrument) -> set[str]:
    """The keys of the sections whose items stand in an order of chance."""
    return {section.key for section in instrument.sections if section.is_random}


def first_by_key(instrument: Instrument) -> dict[str, Item]:
    """The items by their key; of several with the same the first."""
    return {item.key: item for item in reversed(instrument.items)}


def read_decimal(text: str) -> Decimal | None:
    """The decimal; None where it is none that the portal keeps."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > LARGEST:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -MOST_DECIMALS else None


def _answer_problems(where: str, item: Item) -> Iterator[Problem]:
    if item.kind == LIKERT:
        yield from _step_problems(where, item)
    elif item.kind == NUMBER:
        yield from _range_problems(where, item)
    elif item.least is not None or item.most is not None:
        yield Problem("range-not-offered", join(where, "min" if item.least is not None else "max"))
    if item.labels and item.kind != LIKERT:
        yield Problem("labels-not-offered", join(where, "labels"))
    if item.kind in CHOSEN:
        yield from choice_problems(join(where, "choices"), item.choices)
    elif item.choices:
        yield Problem("choices-not-offered", join(where, "choices"))


def _step_problems(where: str, item: Item) -> Iterator[Problem]:
    """Of a Likert scale: whole ends, so many steps as can be told apart, and words for each step or none."""
    if item.least is None or item.most is None:
        missing = [name for name, end in (("min", item.least), ("max", item.most)) if end is None]
        yield from (Problem("missing-key", join(where, name), {"key": name}) for name in missing)
        return
    fractions = [name for name, end in (("min", item.least), ("max", item.most)) if not _is_whole(end)]
    yield from (Problem("not-whole-number", join(where, name)) for name in fractions)
    if fractions:
        return
    steps = int(item.most) - int(item.least) + 1
    if not 2 <= steps <= MOST_STEPS or max(abs(item.least), abs(item.most)) > 100:
        values = {"least": int(item.least), "most": int(item.most), "steps": MOST_STEPS}
        yield Problem("scale-steps", join(where, "max"), values)
    elif item.labels and len(item.labels) != steps:
        yield Problem("labels-count", join(where, "labels"), {"labels": len(item.labels), "steps": steps})


def _range_problems(where: str, item: Item) -> Iterator[Problem]:
    for name, end in (("min", item.least), ("max", item.most)):
        if end is not None and not (end.is_finite() and abs(end) <= LARGEST):
            yield Problem("number-out-of-range", join(where, name), {"least": int(-LARGEST), "most": int(LARGEST)})
            return
    if item.least is not None and item.most is not None and item.least >= item.most:
        yield Problem("range-upside-down", join(where, "max"), {"least": str(item.least), "most": str(item.most)})


def _condition_problems(where: str, item: Item, condition: Condition, instrument: Instrument) -> Iterator[Problem]:
    items = first_by_key(instrument)
    values = {"key": condition.item}
    if condition.item not in items:
        yield Problem("survey-item-unknown", join(where, "item"), values)
        return
    target = items[condition.item]
    if _leads_back(item.key, target, items):
        yield Problem("condition-circular", join(where, "item"), values)
    elif _is_later(target, item, instrument):
        yield Problem("condition-forwards", join(where, "item"), values)
    elif item.section == target.section and item.section in random_sections(instrument):
        yield Problem("condition-random", join(where, "item"), values)
    yield from _value_problems(join(where, "values"), condition.values, target)


def can_rest_on(item: Item, target: Item, instrument: Instrument) -> bool:
    """Whether a condition of the item may look at answers to the other one: is it asked before, and not in free text.

    Both are items of the instrument.
    """
    is_mixed = item.section == target.section and item.section in random_sections(instrument)
    is_chosen = target.kind in (*SCALED, *CHOSEN)
    return is_chosen and target.key != item.key and not is_mixed and not _is_later(target, item, instrument)


def _is_later(target: Item, item: Item, instrument: Instrument) -> bool:
    """Whether `target` comes after `item`, in the file or as they are asked."""
    orders = (instrument.items, in_order(instrument))
    return any(order.index(target) > order.index(item) for order in orders)


def _leads_back(key: str, target: Item, items: Mapping[str, Item]) -> bool:
    """Whether the conditions of `target`, one after the other, come to the item with this key."""
    seen: set[str] = set()
    each: Item | None = target
    while each is not None and each.key not in seen:
        if each.key == key:
            return True
        seen.add(each.key)
        each = items.get(each.show_if.item) if each.show_if else None
    return False


def _value_problems(where: str, stated: tuple[str, ...], target: Item) -> Iterator[Problem]:
    if not stated:
        yield Problem("empty-list", where)
    yield from repeated(where, stated)
    if target.kind in ITEM_KINDS and target.kind not in (*SCALED, *CHOSEN):
        yield Problem("condition-on-text", where, {"key": target.key})
        return
    for number, text in enumerate(stated, start=1):
        if not _can_be_answered(text, target):
            yield Problem("condition-value", join(where, f"#{number}"), {"value": text, "key": target.key})


def _can_be_answered(text: str, target: Item) -> bool:
    if target.kind in CHOSEN:
        return text in [choice.key for choice in target.choices]
    if target.kind not in SCALED:
        return True
    number = read_decimal(text)
    if number is None or (target.kind == LIKERT and text != str(int(number))):
        return False
    return not (_below(number, target.least) or _below(target.most, number))


def _below(number: Decimal | None, other: Decimal | None) -> bool:
    return number is not None and other is not None and number < other


def _reverse_problems(where: str, scale: Scale, items: Mapping[str, Item]) -> Iterator[Problem]:
    yield from repeated(where, scale.reverse)
    for number, key in enumerate(scale.reverse, start=1):
        place = join(where, f"#{number}")
        item = items.get(key)
        if key not in scale.items:
            yield Problem("reverse-not-in-scale", place, {"key": key})
        elif item is not None and item.kind == NUMBER and (item.least is None or item.most is None):
            yield Problem("reverse-without-range", place, {"key": key})


def _is_whole(number: Decimal) -> bool:
    return number.is_finite() and abs(number) <= LARGEST and number == number.to_integral_value()
