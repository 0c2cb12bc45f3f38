"""Responses in a file: how a row says what one person answered, and what storing a file of them would change."""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInput, Problem
from portal.surveys.rules.answers import DONT_KNOW, REFUSED
from portal.surveys.rules.documents import LIKERT, MULTIPLE, Group, Instrument, Item

RESPONDENT: Final = "respondent"
LANGUAGE: Final = "language"
WEIGHT: Final = "weight"
# Typed missing values as files write them.
WRITTEN_MISSING: Final = {"dk": DONT_KNOW, "refused": REFUSED}
SEPARATOR: Final = ";"

LONGEST_RESPONDENT: Final = 80
# No weight is larger: it would be a person standing for a thousand.
LARGEST_WEIGHT: Final = 1000
MICROS: Final = 1_000_000
DECIMAL: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,30})?")
OPAQUE: Final = re.compile(r"[^\s@]+")


class Layout(NamedTuple):
    """What rows are kept in: the keys of items and groups, and the elements of pairing codes, each in its order."""

    items: tuple[str, ...]
    groups: tuple[str, ...]
    elements: tuple[str, ...]


class ResponseState(NamedTuple):
    """A response as a file can tell it. What is not answered is None, a group or an element not stated is ''.

    `answers`, `groups` and `pairing` (keyed hashes) stand in the order of the layout.
    """

    row_key: str
    respondent: str
    language: str
    weight_micros: int | None
    answers: tuple[Any, ...]
    groups: tuple[str, ...]
    pairing: tuple[str, ...]


class StoredResponse(NamedTuple):
    """A response that is stored, and its id."""

    id: str
    state: ResponseState


class Changes(NamedTuple):
    """What storing a file would do to a wave; `updated` are what was stored, and how it is wanted."""

    project_code: str
    wave_id: int
    instrument_id: int
    layout: Layout
    created: list[ResponseState]
    updated: list[tuple[StoredResponse, ResponseState]]


def layout_of(instrument: Instrument) -> Layout:
    """What responses to this instrument are kept in."""
    return Layout(
        tuple(item.key for item in instrument.items),
        tuple(group.key for group in instrument.groups),
        instrument.pairing.elements,
    )


def respondent_key(respondent: str) -> str:
    """What tells a response whose respondent the file names from all others of its wave."""
    return f"r:{respondent}"


def file_key(sha256: str, row: int) -> str:
    """What tells a response without respondent from all others: equal answers of different people are kept.

    Source: interfaces, import of responses.
    """
    return f"{sha256}:{row}"


def columns_of(state: ResponseState, layout: Layout) -> dict[str, Any]:
    """The response as its table holds it, without what is not answered."""
    return {
        "row_key": state.row_key,
        "respondent": state.respondent,
        "language": state.language,
        "weight_micros": state.weight_micros,
        "answers": {key: value for key, value in zip(layout.items, state.answers, strict=True) if value is not None},
        "groups": {key: value for key, value in zip(layout.groups, state.groups, strict=True) if value},
        "pairing": list(state.pairing) if any(state.pairing) else [],
    }


def state_of(row: Mapping[str, Any], layout: Layout) -> ResponseState:
    """The response that the table holds in these columns."""
    pairing = tuple(row["pairing"]) or ("",) * len(layout.elements)
    return ResponseState(
        row["row_key"],
        row["respondent"],
        row["language"],
        row["weight_micros"],
        tuple(row["answers"].get(key) for key in layout.items),
        tuple(row["groups"].get(key, "") for key in layout.groups),
        pairing,
    )


def cell_texts(item: Item, text: str) -> list[str]:
    """What the cell says of an item, as a form would send it: choices by their keys, typed missing values by theirs.

    Several choices are separated by semicolons; the case of keys does not matter.
    """
    keys = {choice.key.casefold(): choice.key for choice in item.choices}
    folded = text.casefold()
    if folded in WRITTEN_MISSING and folded not in keys:
        return [WRITTEN_MISSING[folded]]
    parts = [part.strip() for part in text.split(SEPARATOR)] if item.kind == MULTIPLE else [text]
    return [keys.get(part.casefold(), part) for part in parts if part]


def listed_problem(problem: Problem, item: Item) -> Problem:
    """The problem as files say it: where a choice is not offered, with the words that may stand in the cell."""
    if problem.code != "answer-not-offered":
        return problem
    allowed = [choice.key for choice in item.choices]
    if item.kind == LIKERT:
        allowed = [str(step) for step in range(int(item.least or 0), int(item.most or 0) + 1)]
    if not allowed:
        return Problem("response-missing-not-offered", problem.where)
    return Problem("response-not-offered", problem.where, {"allowed": [*allowed, *_missing_words(item)]})


def _missing_words(item: Item) -> tuple[str, ...]:
    return tuple(WRITTEN_MISSING) if item.may_refuse else ()


def read_weight(text: str) -> int:
    """The weight in millionths, the nearest one (a half to the even one); raise InvalidInput (weight-unreadable)."""
    number = Decimal(text) if DECIMAL.fullmatch(text) else Decimal(0)
    micros = int((number * MICROS).quantize(Decimal(1), ROUND_HALF_EVEN))
    if not 0 < micros <= LARGEST_WEIGHT * MICROS:
        raise InvalidInput("weight-unreadable", where=WEIGHT, value=text[:LONGEST_RESPONDENT], most=LARGEST_WEIGHT)
    return micros


def read_respondent(text: str) -> str:
    """The respondent's number or code; raise InvalidInput (respondent-unreadable) for what may name a person."""
    if len(text) > LONGEST_RESPONDENT or not OPAQUE.fullmatch(text):
        raise InvalidInput("respondent-unreadable", where=RESPONDENT, most=LONGEST_RESPONDENT)
    return text


def read_level(group: Group, text: str) -> str:
    """The key of the group's level that is meant, whatever its case; raise InvalidInput (group-level-unknown)."""
    levels = {level.key.casefold(): level.key for level in group.levels}
    if text.casefold() not in levels:
        raise InvalidInput("group-level-unknown", where=group.key, value=text[:60], allowed=list(levels.values()))
    return levels[text.casefold()]


def filled(keys: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """What is answered, by key."""
    return {key: value for key, value in zip(keys, values, strict=True) if value is not None}
