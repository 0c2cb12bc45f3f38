"""How often each answer was given in a wave, by level of the first group; of numbers and open answers nothing.

What people did not answer is counted too, so that no difference between two questions is a secret.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, Instrument, Item
from portal.surveys.rules.showing import visible_items

TOLD_KINDS: Final = frozenset({LIKERT, SINGLE, MULTIPLE})
# Of those who stated no level.
NO_LEVEL: Final = ""
# Rows besides the answers: asked but not answered, not asked; of several choices, answered without this one.
NONE: Final = "@none"
NOT_ASKED: Final = "@hidden"
NOT_CHOSEN: Final = "@others"

# (row, level) -> people.
Counts = Mapping[tuple[str, str], int]


class Counted(NamedTuple):
    """How many people answered at all, by level of the first group, and each question's counts.

    `items` are, by key of a question, those of its rows; of several choices those of each choice, by "key choice".
    """

    people: Mapping[str, int]
    items: Mapping[str, Counts]


def count_answers(instrument: Instrument, people: Iterable[tuple[Mapping[str, str], Mapping[str, Any]]]) -> Counted:
    """Count the answers of people, each with groups (key -> level) and answers (item key -> value)."""
    first = instrument.groups[0] if instrument.groups else None
    group = first.key if first else ""
    told = [item for item in instrument.items if item.kind in TOLD_KINDS]
    levels = Counter(dict.fromkeys([level.key for level in first.levels] if first else [], 0))
    given: dict[str, Counter[tuple[Any, str]]] = {item.key: Counter() for item in told}
    # Where every question is for everyone nobody needs to be asked which were.
    is_for_all = all(item.show_if is None for item in told)
    everything = {item.key for item in told}
    for groups, answers in people:
        level = groups.get(group, NO_LEVEL)
        levels[level] += 1
        asked = everything if is_for_all else {item.key for item in visible_items(instrument, answers)}
        for key, counter in given.items():
            value = answers.get(key) if key in asked else NOT_ASKED
            counter[tuple(value) if isinstance(value, list) else value, level] += 1
    counts = {name: each for item in told for name, each in _by_row(item, given[item.key]).items()}
    return Counted(levels, counts)


def names_of(item: Item) -> list[str]:
    """The questions that are counted one by one: each of several choices is one."""
    return [f"{item.key} {choice.key}" for choice in item.choices] if item.kind == MULTIPLE else [item.key]


def to_content(counted: Counted) -> dict[str, Any]:
    """The counts as JSON holds them."""
    items = {name: [[*place, number] for place, number in each.items()] for name, each in counted.items.items()}
    return {"people": dict(counted.people), "items": items}


def from_content(content: Mapping[str, Any]) -> Counted:
    """The counts as `to_content` wrote them."""
    items = {name: {(row, level): number for row, level, number in rows} for name, rows in content["items"].items()}
    return Counted(content["people"], items)


def _by_row(item: Item, given: Mapping[tuple[Any, str], int]) -> dict[str, Counts]:
    names = names_of(item)
    counts: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in names}
    for (value, level), number in given.items():
        for name, row in zip(names, _rows_of(item, value, len(names)), strict=True):
            counts[name][row, level] += number
    return {name: dict(each) for name, each in counts.items()}


def _rows_of(item: Item, value: Any, number: int) -> Sequence[str]:
    """The row that the answer counts in, for each of so many names that the item has."""
    if value is None or value == NOT_ASKED:
        return [value or NONE] * number
    if item.kind != MULTIPLE:
        return [str(value)]
    if not isinstance(value, tuple):
        return [NONE] * number
    return [choice.key if choice.key in value else NOT_CHOSEN for choice in item.choices]
