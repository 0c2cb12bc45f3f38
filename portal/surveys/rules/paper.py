"""Paper forms: each is typed in by two people who do not see each other's typing, and what differs is settled."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.surveys.rules.answers import written_values
from portal.surveys.rules.codes import check_typed, element_hashes
from portal.surveys.rules.documents import BY_CODE, BY_RESPONDENT, TEXT, Instrument
from portal.surveys.rules.responses import RESPONDENT, read_respondent
from portal.surveys.rules.showing import clean_answers, clean_groups, missing_groups

LARGEST_NUMBER: Final = 1_000_000
FIRST: Final = "first"
SECOND: Final = "second"
READINGS: Final = (FIRST, SECOND)

ANSWER: Final = "answer"
GROUP: Final = "group"
ELEMENT: Final = "code"

# {"answers", "groups", "pairing", "respondent"}: what somebody read on a paper form, as it is kept.
Typed = Mapping[str, Any]


class SheetState(StrEnum):
    """How far a paper form is; its answers are stored once the two typings agree or are settled."""

    ONCE = "once"
    DIFFER = "differ"
    AGREE = "agree"
    SETTLED = "settled"


class PaperDraft(NamedTuple):
    """What somebody typed: the texts of each item, the level of each group, the elements of the code as they stand."""

    answers: Mapping[str, list[str]]
    groups: Mapping[str, str]
    elements: Mapping[str, str]
    respondent: str = ""


class Place(NamedTuple):
    """Something that a form asks: an answer, a group, an element of the code, or the respondent (key '')."""

    kind: str
    key: str = ""

    @property
    def name(self) -> str:
        """What the place is called in forms and problems."""
        return f"{self.kind}_{self.key}" if self.key else self.kind


class Coding(NamedTuple):
    """What elements of codes are hashed with: the portal's secret and the study's salt."""

    secret: str
    salt: str


def sheet_state(first: Typed, second: Typed | None, *, is_settled: bool) -> SheetState:
    """How far the sheet is that was typed so."""
    if second is None:
        return SheetState.ONCE
    if is_settled:
        return SheetState.SETTLED
    return SheetState.AGREE if first == second else SheetState.DIFFER


def places_of(instrument: Instrument) -> list[Place]:
    """Everything that a paper form asks, in its order."""
    found = [Place(RESPONDENT)] if instrument.pairing.method == BY_RESPONDENT else []
    found += [Place(GROUP, group.key) for group in instrument.groups]
    if instrument.pairing.method == BY_CODE:
        found += [Place(ELEMENT, element) for element in instrument.pairing.elements]
    return found + [Place(ANSWER, item.key) for item in instrument.items]


def read_typed(instrument: Instrument, draft: PaperDraft, coding: Coding) -> dict[str, Any]:
    """What was typed as it is kept; of the code only keyed hashes.

    Raise InvalidInputs with every problem at its place, answers to items that other answers hide among them; and where
    nothing is answered.
    """
    problems: list[Problem] = []
    typed: dict[str, Any] = {}
    for name, kind, read in (
        ("answers", ANSWER, lambda: clean_answers(instrument, draft.answers)),
        ("groups", GROUP, lambda: _read_groups(instrument, draft.groups)),
        ("pairing", ELEMENT, lambda: read_code(instrument, draft.elements, coding)),
        ("respondent", "", lambda: read_respondent(draft.respondent) if draft.respondent else ""),
    ):
        try:
            typed[name] = read()
        except InvalidInput as error:
            problems += [
                _on_paper(each)._replace(where=Place(kind, each.where).name if kind else each.where)
                for each in error.problems
            ]
    if problems:
        raise InvalidInputs(problems)
    _check_answered(typed)
    return typed


def read_code(instrument: Instrument, elements: Mapping[str, str], coding: Coding) -> list[str]:
    """The keyed hashes of the elements, [] for none; raise InvalidInputs at those that cannot be."""
    check_typed(elements)
    return element_hashes(coding.secret, coding.salt, instrument.pairing.elements, elements)


def value_at(typed: Typed, place: Place, instrument: Instrument) -> Any:
    """What was typed at the place; None or '' for nothing."""
    if place.kind == RESPONDENT:
        return typed["respondent"]
    if place.kind == ELEMENT:
        hashes = typed["pairing"]
        return hashes[instrument.pairing.elements.index(place.key)] if hashes else ""
    return typed["groups" if place.kind == GROUP else "answers"].get(place.key)


def list_differences(instrument: Instrument, first: Typed, second: Typed) -> list[Place]:
    """Where the two typings differ, in the order of the form; how wide the space in a text is makes no difference."""
    texts = {item.key for item in instrument.items if item.kind == TEXT}

    def read(typed: Typed, place: Place) -> Any:
        value = value_at(typed, place, instrument)
        is_text = place.kind == ANSWER and place.key in texts and isinstance(value, str)
        return " ".join(value.split()) if is_text else value

    return [each for each in places_of(instrument) if read(first, each) != read(second, each)]


def settle(
    instrument: Instrument, typings: tuple[Typed, Typed], chosen: Mapping[str, str], code: Mapping[str, str]
) -> dict[str, Any]:
    """What stands on the paper, where somebody has chosen at every difference which typing is right.

    `chosen` is "first" or "second" by the name of the place; `code` are the hashes of elements typed once more. Raise
    InvalidInputs where a choice is missing, where an answer is now hidden by another one, or where none is left.
    """
    first, second = typings
    problems = []
    right = {"answers": dict(first["answers"]), "groups": dict(first["groups"]), "respondent": first["respondent"]}
    for place in list_differences(instrument, first, second):
        if place.kind == ELEMENT:
            continue
        if chosen.get(place.name) not in READINGS:
            problems.append(Problem("paper-choose", place.name))
        elif chosen[place.name] == SECOND:
            _take(right, place, value_at(second, place, instrument))
    if problems:
        raise InvalidInputs(problems)
    try:
        clean_answers(instrument, {key: written_values(value) for key, value in right["answers"].items()})
    except InvalidInput as error:
        raise InvalidInputs([each._replace(where=Place(ANSWER, each.where).name) for each in error.problems]) from None
    _check_answered(right)
    return {**right, "pairing": _settled_code(instrument, first, second, code)}


def _on_paper(problem: Problem) -> Problem:
    """The problem as it is said to whoever cannot mend what the paper says."""
    if problem.code == "answer-too-small":
        return Problem("paper-too-small", problem.where, problem.values)
    if problem.code == "answer-too-large":
        return Problem("paper-too-large", problem.where, problem.values)
    return problem


def _read_groups(instrument: Instrument, stated: Mapping[str, str]) -> dict[str, str]:
    groups = clean_groups(instrument, stated)
    if missing := missing_groups(instrument, groups):
        raise InvalidInputs([Problem("paper-group-open", key) for key in missing])
    return groups


def _check_answered(typed: Typed) -> None:
    """Raise InvalidInput where no question is answered: such a paper is no response."""
    if not typed["answers"]:
        raise InvalidInput("paper-empty")


def _take(right: dict[str, Any], place: Place, value: Any) -> None:
    if place.kind == RESPONDENT:
        right["respondent"] = value
        return
    kept = right["groups" if place.kind == GROUP else "answers"]
    kept.pop(place.key, None)
    if value is not None:
        kept[place.key] = value


def _settled_code(instrument: Instrument, first: Typed, second: Typed, code: Mapping[str, str]) -> list[str]:
    """The hashes on which both agree, and those typed once more where they do not."""
    hashes = []
    for element in instrument.pairing.elements if instrument.pairing.method == BY_CODE else ():
        place = Place(ELEMENT, element)
        one, other = (value_at(typed, place, instrument) for typed in (first, second))
        hashes.append(one if one == other else code.get(element, ""))
    return hashes if any(hashes) else []
