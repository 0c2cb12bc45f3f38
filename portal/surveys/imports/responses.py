"""Files of responses: one row is what one person answered."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app

from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.files.store import measure
from portal.core.tables.cells import EITHER, as_choice, as_text
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable, Value
from portal.imports.kinds import Plan, Request
from portal.imports.rows import Reading, StatedRow, read_rows
from portal.projects.queries import get_project
from portal.surveys.queries.responses import (
    ResponseWave,
    find_other_wave,
    has_other_file,
    load_responses,
    response_wave,
)
from portal.surveys.rules.answers import LONGEST_TEXT, read_answer
from portal.surveys.rules.codes import LONGEST_ELEMENT, check_typed, element_hashes
from portal.surveys.rules.documents import NUMBER, TEXT, Group, Instrument, Item
from portal.surveys.rules.responses import (
    LANGUAGE,
    RESPONDENT,
    WEIGHT,
    Changes,
    ResponseState,
    StoredResponse,
    cell_texts,
    file_key,
    filled,
    layout_of,
    listed_problem,
    read_level,
    read_respondent,
    read_weight,
    respondent_key,
)
from portal.surveys.rules.showing import hidden_answers
from portal.surveys.rules.waves import WaveState

LONGEST_CELL = 200


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored; `first_rows` is respondent -> row.

    `conditional` are the places of the items that other answers may hide, `needed` those of the groups that must be
    answered.
    """

    wave: ResponseWave
    sha256: str
    conditional: tuple[int, ...]
    needed: tuple[int, ...]
    changes: Changes
    first_rows: dict[str, int]
    problems: list[RowProblem]


def plan_responses(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it.

    Raise InvalidInput where there is no such wave, or where the file has no column of an item.
    """
    compared = _begin(request, table)
    rows = unchanged = 0
    for step in read_rows(table, _readings(compared.wave), request, compared.problems):
        rows += len(step)
        unchanged += _compare(compared, step)
    changes = compared.changes
    _warn(compared)
    problems = sorted(compared.problems, key=lambda each: each.row)
    return Plan(rows, len(changes.created), len(changes.updated), unchanged, problems, changes)


def _begin(request: Request, table: ReadTable) -> Compared:
    today = request.now.astimezone(ZoneInfo(get_project(request.project_code).time_zone)).date()
    wave = response_wave(request.project_code, request.options["study"], request.options["wave"], today)
    layout = layout_of(wave.instrument)
    if not set(layout.items) & set(table.columns):
        raise InvalidInput("response-no-items", allowed=layout.items)
    measured = measure(request.file) if request.file else None
    changes = Changes(request.project_code, wave.id, wave.instrument_id, layout, [], [])
    conditional = tuple(place for place, item in enumerate(wave.instrument.items) if item.show_if)
    needed = tuple(place for place, group in enumerate(wave.instrument.groups) if group.is_required)
    return Compared(wave, measured.sha256 if measured else "", conditional, needed, changes, {}, [])


def _warn(compared: Compared) -> None:
    """Note what makes it likely that the answers are stored already; the file can be imported all the same."""
    wave_id, changes = compared.wave.id, compared.changes
    if any(not state.respondent for state in changes.created) and has_other_file(wave_id, compared.sha256):
        compared.problems.append(RowProblem(0, "", Problem("response-other-file"), is_warning=True))
    if changes.created or changes.updated:
        other = find_other_wave(wave_id, compared.sha256)
        if other is not None:
            problem = Problem("response-other-wave", "", {"wave": other})
            compared.problems.append(RowProblem(0, "", problem, is_warning=True))
        if compared.wave.state is WaveState.PLANNED:
            problem = Problem("response-wave-planned", "", {"wave": compared.wave.key})
            compared.problems.append(RowProblem(0, "", problem, is_warning=True))


def _readings(wave: ResponseWave) -> dict[str, Reading]:
    """How each column is read; what stands first in the list of columns takes a name that stands twice."""
    asked = wave.instrument
    secret = current_app.config["SECRET_KEY"]
    readings = {
        element: Reading(partial(_element, secret, wave.salt, element), "", is_repeated=True)
        for element in asked.pairing.elements
    }
    for item in asked.items:
        readings[item.key] = Reading(partial(_answer, item), None, is_repeated=item.kind != TEXT)
    for group in asked.groups:
        readings[group.key] = Reading(partial(_level, group), "", is_repeated=True)
    readings[RESPONDENT] = Reading(lambda value: read_respondent(_text(value)), "")
    readings[LANGUAGE] = Reading(partial(_language, asked), asked.languages[0], is_repeated=True)
    readings[WEIGHT] = Reading(lambda value: read_weight(_text(value)), None, is_repeated=True)
    return readings


def _text(value: Value, most: int = LONGEST_CELL) -> str:
    return as_text(value, most) or ""


def _language(asked: Instrument, value: Value) -> str | None:
    return as_choice(value, asked.languages)


def _level(group: Group, value: Value) -> str:
    return read_level(group, _text(value))


def _answer(item: Item, value: Value) -> Any:
    text = _text(value, LONGEST_TEXT if item.kind == TEXT else LONGEST_CELL)
    if item.kind == NUMBER and EITHER.fullmatch(text) and "," in text:
        raise InvalidInput("cell-ambiguous-number", value=text)
    if item.kind == TEXT:
        # What word processors keep words together with is a space here.
        text = text.replace("\u00a0", " ").replace("\u202f", " ")
    try:
        return read_answer(item, cell_texts(item, text))
    except InvalidInput as error:
        raise InvalidInputs([listed_problem(each, item) for each in error.problems]) from None


def _element(secret: str, salt: str, element: str, value: Value) -> str:
    text = _text(value, LONGEST_ELEMENT)
    check_typed({element: text})
    return next(iter(element_hashes(secret, salt, (element,), {element: text})), "")


def _compare(compared: Compared, rows: Sequence[StatedRow]) -> int:
    """Compare some rows with what is stored; return how many are stored as they are."""
    keys = [_key(compared, row) for row in rows]
    layout = compared.changes.layout
    stored = load_responses(compared.wave.id, [key for key in keys if key], layout)
    return sum(_compare_row(compared, row, key, stored.get(key)) for row, key in zip(rows, keys, strict=True))


def _key(compared: Compared, row: StatedRow) -> str:
    """What tells the row from others; '' where its respondent cannot be read. Stated twice, it is a fault."""
    if row.has_fault(RESPONDENT):
        return ""
    respondent = row.facts.get(RESPONDENT, "")
    if not respondent:
        return file_key(compared.sha256, row.number)
    first = compared.first_rows.setdefault(respondent, row.number)
    if first != row.number:
        row.fault(Problem("import-row-twice", RESPONDENT, {"first": first}))
    return respondent_key(respondent)


def _compare_row(compared: Compared, row: StatedRow, key: str, present: StoredResponse | None) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is."""
    changes = compared.changes
    wanted = _wanted(compared, row.facts, key, present.state if present else None)
    if any(wanted.answers[place] is not None for place in compared.conditional):
        for problem in hidden_answers(compared.wave.instrument, filled(changes.layout.items, wanted.answers)):
            row.fault(problem)
    for place in compared.needed:
        if not wanted.groups[place] and not row.has_fault(changes.layout.groups[place]):
            row.fault(Problem("response-group-open", changes.layout.groups[place]))
    if row.faults:
        compared.problems.extend(row.faults)
        return False
    if present is None:
        changes.created.append(wanted)
    elif present.state != wanted:
        changes.updated.append((present, wanted))
    else:
        return True
    return False


def _wanted(compared: Compared, facts: Mapping[str, Any], key: str, present: ResponseState | None) -> ResponseState:
    """The response as the file wants it: columns that it lacks keep what is stored."""
    layout = compared.changes.layout
    if present is None:
        first = compared.wave.instrument.languages[0]
        nothing = (None,) * len(layout.items), ("",) * len(layout.groups), ("",) * len(layout.elements)
        present = ResponseState(key, "", first, None, *nothing)
    answers, groups, pairing = (
        tuple([facts.get(name, before) for name, before in zip(names, stored, strict=True)])
        for names, stored in (
            (layout.items, present.answers),
            (layout.groups, present.groups),
            (layout.elements, present.pairing),
        )
    )
    return ResponseState(
        key,
        facts.get(RESPONDENT, present.respondent),
        facts.get(LANGUAGE, present.language),
        facts.get(WEIGHT, present.weight_micros),
        answers,
        groups,
        pairing,
    )
