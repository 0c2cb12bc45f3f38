"""What is shown to whom: which items the answers so far lead to, on which screens, and in which order."""

import contextlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.surveys.rules.answers import MISSING, Value, read_answer, written_values
from portal.surveys.rules.documents import BY_CODE, Condition, Group, Instrument, Item, Section, Texts

GROUPS: Final = "groups"
CODE: Final = "code"
ITEMS: Final = "items"

Answers = Mapping[str, Value]


class Screen(NamedTuple):
    """What stands on one page: the groups, the elements of the pairing code, or the items of a section."""

    kind: str
    title: Texts = {}
    groups: tuple[Group, ...] = ()
    elements: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


def visible_items(instrument: Instrument, answers: Answers) -> list[Item]:
    """The items that these answers (key -> value) lead to, in the order of the instrument.

    An item whose condition stands on one that is itself hidden is hidden too, whatever was answered there.
    """
    shown: dict[str, Item] = {}
    for item in instrument.items:
        condition = item.show_if
        if condition is None or (condition.item in shown and _holds(condition, answers)):
            shown[item.key] = item
    return list(shown.values())


def screens(instrument: Instrument, seed: str) -> list[Screen]:
    """The screens in their order: groups, pairing code, then one for each section that has items.

    In a section of random order its items stand in one that the seed alone decides. What is hidden by an answer is in
    the list all the same, so that a screen keeps its number.
    """
    found = [Screen(GROUPS, groups=instrument.groups)] if instrument.groups else []
    if instrument.pairing.method == BY_CODE and instrument.pairing.elements:
        found.append(Screen(CODE, elements=instrument.pairing.elements))
    # Items of no section, or of one that is not described, stand before and after the others.
    known = {section.key for section in instrument.sections}
    loose = dict.fromkeys(item.section for item in instrument.items if item.section not in known)
    for section in (*(Section(key) for key in loose), *instrument.sections):
        items = tuple(item for item in instrument.items if item.section == section.key)
        if section.is_random:
            items = tuple(_shuffled(items, f"{seed}/{section.key}"))
        if items:
            found.append(Screen(ITEMS, title=section.title, items=items))
    return found


def shown_screens(instrument: Instrument, seed: str, answers: Answers) -> dict[int, Screen]:
    """The screens that show something after these answers, by their number from 1, with the items that they show."""
    shown = {item.key for item in visible_items(instrument, answers)}
    found = {}
    for number, screen in enumerate(screens(instrument, seed), start=1):
        here = screen._replace(items=tuple(item for item in screen.items if item.key in shown))
        if here.kind != ITEMS or here.items:
            found[number] = here
    return found


def ordered_screens(instrument: Instrument) -> list[Screen]:
    """What paper asks, screen by screen as the web does; nothing stands in an order of chance there."""
    fixed = tuple(section._replace(is_random=False) for section in instrument.sections)
    return screens(instrument._replace(sections=fixed), "")


def number_items(instrument: Instrument) -> dict[str, int]:
    """Key of an item -> its number on paper; groups and the code come before them, unnumbered."""
    items = [item for screen in ordered_screens(instrument) for item in screen.items]
    return {item.key: number for number, item in enumerate(items, start=1)}


def has_thin_code(shown: Mapping[int, Screen], number: int, pairing: Sequence[str], require: int) -> bool:
    """Whether the screen before this one asked for the code, and fewer elements were given than must agree."""
    before = [screen for at, screen in shown.items() if at < number]
    return bool(before) and before[-1].kind == CODE and sum(map(bool, pairing)) < require


def unanswered(
    shown: Mapping[int, Screen], answers: Answers, groups: Mapping[str, str]
) -> list[tuple[int, Item | Group]]:
    """The items of these screens without an answer, and the groups that need one, each with its screen's number."""
    found: list[tuple[int, Item | Group]] = []
    for number, screen in shown.items():
        found += [(number, group) for group in screen.groups if group.is_required and group.key not in groups]
        found += [(number, item) for item in screen.items if item.key not in answers]
    return found


def clean_answers(instrument: Instrument, stated: Mapping[str, Sequence[str]]) -> dict[str, Value]:
    """What is stated (item key -> the texts of its field) as answers to keep (item key -> value).

    Raise InvalidInputs with every problem at its item: one that is not of the instrument, what is none of its answers,
    an answer to an item that the other answers hide.
    """
    problems: list[Problem] = []
    answers: dict[str, Value] = {}
    items = {item.key: item for item in instrument.items}
    for key, texts in stated.items():
        try:
            value = read_answer(_item(items, key), texts)
        except InvalidInput as error:
            problems += error.problems
            continue
        if value is not None:
            answers[key] = value
    problems += hidden_answers(instrument, answers)
    if problems:
        raise InvalidInputs(problems)
    return answers


def read_screen(
    instrument: Instrument, stored: Answers, items: Sequence[Item], typed: Mapping[str, Sequence[str]]
) -> dict[str, Value]:
    """The answers so far after a screen with these items was filled in: those of the screen anew, the others as stored.

    What the screen showed and its own answers now hide is left out, as is what they hide further on. Raise
    InvalidInputs with every problem: an item that is not on the screen, what is none of its answers, an answer to an
    item that was hidden and still is.
    """
    here = {item.key: item for item in items}
    shown = {item.key for item in visible_items(instrument, stored)}
    answers: dict[str, Value] = {key: value for key, value in stored.items() if key not in here}
    problems: list[Problem] = []
    for key, texts in typed.items():
        try:
            value = read_answer(_item(here, key), texts)
        except InvalidInput as error:
            problems += error.problems
            continue
        if value is not None:
            answers[key] = value
    problems += [each for each in hidden_answers(instrument, answers) if each.where in here and each.where not in shown]
    if problems:
        raise InvalidInputs(problems)
    after = {item.key for item in visible_items(instrument, answers)}
    return {key: value for key, value in answers.items() if key in after}


def hidden_answers(instrument: Instrument, answers: Answers) -> list[Problem]:
    """A problem at each item that is answered although the other answers hide it."""
    shown = {item.key for item in visible_items(instrument, answers)}
    return [Problem("answer-hidden", key) for key in answers if key not in shown]


def missing_answers(instrument: Instrument, answers: Answers) -> list[Problem]:
    """A problem at each shown item that must be answered and is not; a typed missing value is an answer here."""
    shown = visible_items(instrument, answers)
    return [Problem("answer-required", item.key) for item in shown if item.is_required and item.key not in answers]


def missing_groups(instrument: Instrument, groups: Mapping[str, str]) -> list[str]:
    """The keys of the groups that must be answered and of which no level is stated."""
    return [each.key for each in instrument.groups if each.is_required and not groups.get(each.key)]


def fitting_answers(instrument: Instrument, answers: Answers) -> dict[str, Value]:
    """Those of the answers that the instrument asks for and shows; what another version of it asked is left out."""
    found: dict[str, Value] = {}
    for item in instrument.items:
        with contextlib.suppress(InvalidInput):
            value = read_answer(item, written_values(answers.get(item.key)))
            if value is not None:
                found[item.key] = value
    shown = {item.key for item in visible_items(instrument, found)}
    return {key: value for key, value in found.items() if key in shown}


def clean_groups(instrument: Instrument, stated: Mapping[str, str]) -> dict[str, str]:
    """The level stated of each group (group key -> level key), without those that are left empty.

    Raise InvalidInputs with a problem at each group that is unknown or has no such level.
    """
    levels = {group.key: [level.key for level in group.levels] for group in instrument.groups}
    groups = {key: text.strip() for key, text in stated.items() if text.strip()}
    problems = [Problem("answer-not-offered", key) for key, text in groups.items() if text not in levels.get(key, ())]
    if problems:
        raise InvalidInputs(problems)
    return groups


def _item(items: Mapping[str, Item], key: str) -> Item:
    if key not in items:
        raise InvalidInput("answer-unknown-item", where=key[:40])
    return items[key]


def _holds(condition: Condition, answers: Answers) -> bool:
    written = written_values(answers.get(condition.item))
    return any(text in condition.values for text in written if text not in MISSING)


def _shuffled(items: Sequence[Item], seed: str) -> list[Item]:
    """The items in an order of chance; one that hangs on another of them stands right after it."""
    here = {item.key for item in items}
    below: dict[str, list[Item]] = {}
    free = []
    for item in items:
        if item.show_if is not None and item.show_if.item in here:
            below.setdefault(item.show_if.item, []).append(item)
        else:
            free.append(item)
    free.sort(key=lambda item: sha256(f"{seed} {item.key}".encode()).digest())
    ordered: list[Item] = []
    waiting = free[::-1]
    while waiting:
        item = waiting.pop()
        ordered.append(item)
        waiting += below.pop(item.key, [])[::-1]
    return ordered
