"""Changing a questionnaire part by part. Nothing refers to a part that is gone or has another key."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInput, InvalidInputs, NotFound, Problem
from portal.surveys.rules.documents import LIKERT, Choice, Condition, Instrument, Item, Scale, Section, Texts
from portal.surveys.rules.item_checks import can_rest_on
from portal.surveys.rules.places import RESERVED, Keyed, choice_problems, key_problems
from portal.surveys.rules.translating import put_text

LONGEST_TEXT: Final = 2000
KEY, OTHER = "key", "other"
NUMBER: Final = re.compile(r"-?\d{1,9}([.,]\d{1,6})?")
# The parts of a questionnaire that have keys.
SECTIONS, ITEMS, SCALES, GROUPS = "sections", "items", "scales", "groups"
PARTS: Final = (SECTIONS, ITEMS, SCALES, GROUPS)


class Consequences(NamedTuple):
    """What else changes when a part is taken out: scales and items, by key."""

    scales: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def find_part(instrument: Instrument, name: str, key: str) -> Any:
    """The section, item, scale or group with this key; raise NotFound."""
    for each in getattr(instrument, name):
        if each.key == key:
            return each
    raise NotFound("part-gone")


def put_part(instrument: Instrument, name: str, part: Any, *, key: str = "") -> Instrument:
    """The questionnaire with this part in place of the one with `key`, or after the others where it is new.

    What referred to `key` refers to the part. Raise InvalidInputs for a key that is none, or that is taken; NotFound.
    """
    parts = getattr(instrument, name)
    others = [each for each in _namesakes(instrument, name) if each.key != key]
    check_key(part, others=others, reserved=RESERVED if name in (ITEMS, GROUPS) else ())
    if not key:
        return arranged(_with(instrument, name, (*parts, part)))
    find_part(instrument, name, key)
    changed = _with(instrument, name, tuple(part if each.key == key else each for each in parts))
    return arranged(_renamed(changed, name, key, part.key))


def without_part(instrument: Instrument, name: str, key: str) -> Instrument:
    """The questionnaire without this part.

    Scales go on without the item, unless it was their only one; items that it let appear always appear; a section's
    items stand outside of sections.
    Raise NotFound.
    """
    find_part(instrument, name, key)
    rest = _with(instrument, name, tuple(each for each in getattr(instrument, name) if each.key != key))
    if name == SECTIONS:
        rest = rest._replace(items=tuple(_outside(each, key) for each in rest.items))
    if name == ITEMS:
        items = tuple(each._replace(show_if=None) if _depends(each, key) else each for each in rest.items)
        scales = tuple(left for each in rest.scales if (left := _without_item(each, key)).items)
        rest = rest._replace(items=items, scales=scales)
    return arranged(rest)


def consequences(instrument: Instrument, name: str, key: str) -> Consequences:
    """What else changes when the part is taken out."""
    if name == SECTIONS:
        return Consequences(items=tuple(each.key for each in instrument.items if each.section == key))
    if name != ITEMS:
        return Consequences()
    scales = tuple(each.key for each in instrument.scales if key in each.items)
    return Consequences(scales, tuple(each.key for each in instrument.items if _depends(each, key)))


def moved_part(instrument: Instrument, name: str, key: str, *, is_up: bool) -> Instrument:
    """The questionnaire with the part one place further up or down; an item stays in its section. Raise NotFound."""
    part = find_part(instrument, name, key)
    parts = list(getattr(instrument, name))
    near = [each for each in parts if name != ITEMS or each.section == part.section]
    place = near.index(part) + (-1 if is_up else 1)
    if not 0 <= place < len(near):
        return instrument
    here, there = parts.index(part), parts.index(near[place])
    parts[here], parts[there] = parts[there], parts[here]
    return arranged(_with(instrument, name, tuple(parts)))


def in_sections(instrument: Instrument) -> list[tuple[Section, tuple[Item, ...]]]:
    """Each section with its items, those outside of any first, under a section without a key."""
    outside = [Section("")] if any(not each.section for each in instrument.items) else []
    return [
        (section, tuple(each for each in instrument.items if each.section == section.key))
        for section in (*outside, *instrument.sections)
    ]


def arranged(instrument: Instrument) -> Instrument:
    """The questionnaire with its items in the order of their sections, those outside of any first."""
    places = {each.key: place for place, each in enumerate(instrument.sections, start=1)}
    items = sorted(instrument.items, key=lambda each: places.get(each.section, 0))
    return instrument._replace(items=tuple(items))


def scale_before(instrument: Instrument, section: str) -> Item | None:
    """The last Likert item of those that come before a new item of the section ('': outside of any), or None."""
    new = Item("", LIKERT, section=section)
    items = arranged(instrument._replace(items=(*instrument.items, new))).items
    return next((each for each in reversed(items[: items.index(new)]) if each.kind == LIKERT), None)


def items_before(instrument: Instrument, key: str, section: str) -> list[Item]:
    """The items on whose answers it may hang whether the item with this key ('': a new one) is shown in the section."""
    new = Item(key, LIKERT, section=section)
    items = tuple(new if each.key == key else each for each in instrument.items)
    there = arranged(instrument._replace(items=items if key else (*items, new)))
    return [each for each in there.items if can_rest_on(new, each, there)]


def column_keys(instrument: Instrument) -> list[str]:
    """The keys of items and groups: both are columns of the same files."""
    return [item.key for item in instrument.items] + [group.key for group in instrument.groups]


def next_key(instrument: Instrument, used: Iterable[str] = ()) -> str:
    """The key that a new item is offered: q1, q2 … as no item and no group has it, nor any that is `used`."""
    taken = {key.lower() for key in (*column_keys(instrument), *used)}
    return next(key for number in range(1, len(taken) + 2) if (key := f"q{number}") not in taken)


def check_key(part: Keyed, *, others: Iterable[Keyed], reserved: Sequence[str] = ()) -> None:
    """Raise InvalidInputs unless the part's key is one, and free among `others`."""
    found = key_problems([*((OTHER, each) for each in others), ("", part)], reserved=reserved)
    problems = [each._replace(where=KEY) for each in found if each.where == KEY]
    if problems:
        raise InvalidInputs(problems)


def read_choices(
    lines: Iterable[str], *, old: Iterable[Choice], language: str, where: str = "choices"
) -> tuple[Choice, ...]:
    """The choices that lines such as "yes = Yes, often" state; those in `old` keep their words in other languages.

    Raise InvalidInputs, at the field `where`, once for the lines that are not so, and for keys that are none or twice.
    """
    known = {each.key: each.text for each in old}
    found, wrong = [], []
    for line in lines:
        key, sign, text = (each.strip() for each in line.partition("="))
        if not sign or not text or len(text) > LONGEST_TEXT:
            wrong.append(line[:60])
        else:
            found.append(Choice(key, put_text(known.get(key, {}), language, text)))
    problems = [Problem("choice-line", where, {"line": "; ".join(wrong)})] if wrong else []
    if found or not wrong:
        problems += [each._replace(where=where) for each in choice_problems(where, found)]
    if problems:
        raise InvalidInputs(problems)
    return tuple(found)


def read_labels(lines: Iterable[str], *, old: tuple[Texts, ...], language: str) -> tuple[Texts, ...]:
    """The words of a scale's steps, a line each; each keeps those of its place in other languages."""
    said = [line.strip() for line in lines]
    return tuple(put_text(old[place] if place < len(old) else {}, language, each) for place, each in enumerate(said))


def read_number(text: str, where: str) -> Decimal | None:
    """The number that was typed, with a comma or a point; None for nothing. Raise InvalidInput for what is none."""
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise InvalidInput("not-a-number", where=where)
    return Decimal(text.replace(",", "."))


def read_condition(item: str, values: str) -> Condition | None:
    """The condition on another item's answer, the values separated by semicolons; None where there is none.

    Raise InvalidInput for one without values.
    """
    if not item:
        return None
    found = tuple(dict.fromkeys(each.strip() for each in values.split(";") if each.strip()))
    if not found:
        raise InvalidInput("condition-values", where="show_values")
    return Condition(item, found)


def _with(instrument: Instrument, name: str, parts: tuple[Any, ...]) -> Instrument:
    changed: dict[str, Any] = {name: parts}
    return instrument._replace(**changed)


def _namesakes(instrument: Instrument, name: str) -> Iterable[Any]:
    """The parts whose keys must differ from a part's: items and groups are columns of the same files."""
    if name in (ITEMS, GROUPS):
        return (*instrument.items, *instrument.groups)
    return tuple(getattr(instrument, name))


def _renamed(instrument: Instrument, name: str, old: str, new: str) -> Instrument:
    if old == new or name not in (SECTIONS, ITEMS):
        return instrument
    if name == SECTIONS:
        items = tuple(each._replace(section=new) if each.section == old else each for each in instrument.items)
        return instrument._replace(items=items)
    items = tuple(
        each._replace(show_if=each.show_if._replace(item=new)) if each.show_if and each.show_if.item == old else each
        for each in instrument.items
    )
    scales = tuple(
        each._replace(items=_swapped(each.items, old, new), reverse=_swapped(each.reverse, old, new))
        for each in instrument.scales
    )
    return instrument._replace(items=items, scales=scales)


def _swapped(keys: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if key == old else key for key in keys)


def _depends(item: Item, key: str) -> bool:
    return item.show_if is not None and item.show_if.item == key


def _outside(item: Item, section: str) -> Item:
    return item._replace(section="") if item.section == section else item


def _without_item(scale: Scale, key: str) -> Scale:
    items = tuple(each for each in scale.items if each != key)
    return scale._replace(items=items, reverse=tuple(each for each in scale.reverse if each != key))
