"""Files of participations: who was at which event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.activities.queries.imports import (
    KnownEvent,
    StoredPerson,
    event_ids,
    export_people,
    known_events,
    load_people,
)
from portal.activities.rules.imports import Changes, PersonState, Ties
from portal.activities.rules.participants import (
    LONGEST_EMAIL,
    PARTICIPATION_STATUSES,
    SENSITIVE_GROUPS,
    check_sensitive,
    participant_key,
)
from portal.activities.rules.registrations import check_by_hand, holds_seat, will_hold_seat
from portal.core.errors import InvalidInput, Problem
from portal.core.tables import Cell
from portal.core.tables.cells import as_text
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable, Value
from portal.imports.kinds import Plan, Request
from portal.imports.rows import Reading, StatedRow, country, line, read_rows, word
from portal.imports.rules import kept_text, plain, spellings
from portal.projects.rules.vocabulary import AGE_BANDS, GENDERS, GROUPS

Keys = tuple[int, str]


def _participant(value: Value) -> str:
    return participant_key(as_text(value, LONGEST_EMAIL) or "")


READINGS = {
    "event": Reading(line(200), is_required=True, is_repeated=True),
    "participant": Reading(_participant, is_required=True),
    "name": Reading(line(200)),
    "organisation": Reading(line(200), is_repeated=True),
    "country": Reading(country, is_repeated=True),
    "group": Reading(word(GROUPS), "unknown", is_repeated=True),
    "gender": Reading(word(GENDERS), "unknown", is_repeated=True),
    "age_band": Reading(word(AGE_BANDS), "unknown", is_repeated=True),
    "status": Reading(word(PARTICIPATION_STATUSES), "attended", is_repeated=True),
}


class Seats(NamedTuple):
    """The seats of an event that the file changes: by how many more or less, row by row, and the rows that take one."""

    event: KnownEvent
    changes: list[int]
    takers: list[int]


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored.

    `event_ids` are those of all events of the project, `events` only those that the reach covers; `first_rows` is
    event id -> participant -> row.
    """

    event_ids: set[int]
    events: Mapping[str, KnownEvent]
    changes: Changes
    ties: Ties
    first_rows: dict[int, dict[str, int]]
    problems: list[RowProblem]
    seats: dict[int, Seats]


def plan_participations(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it."""
    code = request.project_code
    events = {ref: event for ref, event in known_events(code, request.reach).items() if event.is_own}
    compared = Compared(event_ids(code), events, Changes(code, {}, [], [], seen={}), Ties(set(), set()), {}, [], {})
    rows = unchanged = 0
    for step in read_rows(table, READINGS, request, compared.problems):
        rows += len(step)
        unchanged += _compare(compared, step)
    tied = _tie_problems(compared)
    problems = sorted([*compared.problems, *tied, *_seat_problems(compared)], key=lambda each: each.row)
    created, updated = len(compared.changes.created), len(compared.changes.updated)
    return Plan(rows, created, updated, unchanged, problems, compared.changes)


def export_participations(code: str, reach: frozenset[str] | None) -> Iterator[Sequence[Cell]]:
    """Every participation the reach covers, in the order of the columns."""
    for ref, person in export_people(code, reach):
        yield ref, *person[1:]


def _compare(compared: Compared, rows: Sequence[StatedRow]) -> int:
    """Compare some rows with what is stored; return how many are stored as they are."""
    participants = (row.facts["participant"] for row in rows if "participant" in row.facts)
    sought = {form for participant in participants for form in spellings(participant)}
    stored: dict[Keys, StoredPerson] = {}
    for each in load_people(compared.event_ids, sought):
        person = each.state
        stored[person.event_id, plain(person.participant)] = each
        compared.ties.note(person.participant, person.group, has_name=bool(person.name or person.organisation))
    return sum(_compare_row(compared, row, stored) for row in rows)


def _compare_row(compared: Compared, row: StatedRow, stored: Mapping[Keys, StoredPerson]) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is."""
    facts = row.facts
    event = _event_of(compared, row)
    present = stored.get((event.id, facts["participant"])) if event and "participant" in facts else None
    wanted = _wanted(facts, event.id if event else 0, present)
    if "participant" in facts:
        _check_person(compared, row, wanted)
        _check_status(row, wanted, event, present)
    if row.faults or event is None:
        compared.problems.extend(_hushed(row, wanted.group))
        return False
    compared.ties.note(wanted.participant, wanted.group, has_name=bool(wanted.name or wanted.organisation))
    if present is not None and present.state == wanted:
        return True
    compared.changes.versions[event.id] = event.version
    if event.has_desk:
        _note_seat(compared, row, wanted, event, present)
    if present is None:
        compared.changes.created.append(wanted)
    else:
        compared.changes.updated.append((present.id, wanted))
    return False


def _event_of(compared: Compared, row: StatedRow) -> KnownEvent | None:
    """The event that the row names; one beyond the reach is as unknown as one that is not there."""
    if "event" not in row.facts:
        return None
    event = compared.events.get(row.facts["event"])
    if event is None:
        row.fault(Problem("import-event-unknown", "event", {"value": row.facts["event"]}))
        return None
    if "participant" in row.facts:
        first = compared.first_rows.setdefault(event.id, {}).setdefault(row.facts["participant"], row.number)
        if first != row.number:
            row.fault(Problem("import-row-twice", "participant", {"first": first}))
    return event


def _wanted(facts: Mapping[str, Any], event_id: int, present: StoredPerson | None) -> PersonState:
    """The person as the file wants them: columns that it lacks keep what is stored."""
    stated = {name: value for name, value in facts.items() if name not in ("event", "participant")}
    if present is None:
        return PersonState(event_id, facts.get("participant", ""), **stated)
    for name in ("name", "organisation"):
        if name in stated:
            stated[name] = kept_text(getattr(present.state, name), stated[name])
    return present.state._replace(**stated)


def _check_person(compared: Compared, row: StatedRow, wanted: PersonState) -> None:
    try:
        check_sensitive(
            wanted.group, participant=wanted.participant, name=wanted.name, organisation=wanted.organisation
        )
    except InvalidInput as error:
        for problem in error.problems:
            row.fault(problem)


def _check_status(row: StatedRow, wanted: PersonState, event: KnownEvent | None, present: StoredPerson | None) -> None:
    """Note a fault where the row brings a place into a status that only registration gives and ends there."""
    is_same = present is not None and present.state.status == wanted.status
    if event is not None and event.has_desk and not is_same:
        try:
            check_by_hand(wanted.status)
        except InvalidInput as error:
            row.fault(error.problem)


def _note_seat(
    compared: Compared, row: StatedRow, wanted: PersonState, event: KnownEvent, present: StoredPerson | None
) -> None:
    """Note whether the row takes a seat or gives one back."""
    if present is None:
        change = int(holds_seat(wanted.status, None))
    else:
        was, before = present.state.status, present.before
        change = will_hold_seat(was, wanted.status, present.place, before) - holds_seat(was, present.place, before)
        compared.changes.seen[present.id] = was
    seats = compared.seats.setdefault(event.id, Seats(event, [], []))
    seats.changes.append(change)
    if change > 0:
        seats.takers.append(row.number)


def _seat_problems(compared: Compared) -> list[RowProblem]:
    """The last rows that take a seat, where more people would have one than there are."""
    found = []
    for event, changes, takers in compared.seats.values():
        taken = event.seats_taken + sum(changes)
        if event.capacity is None or taken <= event.capacity:
            continue
        values = {"taken": taken, "capacity": event.capacity}
        for row in takers[event.capacity - taken :]:
            found.append(RowProblem(row, "status", Problem("seats-beyond-capacity", "status", values)))
    return found


def _hushed(row: StatedRow, group: str) -> list[RowProblem]:
    """What is wrong with the row, without its values where they might be those of a person of a sensitive group."""
    unclear = row.has_fault("group") and len(row.faults) > 1
    if not unclear and group not in SENSITIVE_GROUPS:
        return row.faults
    return [fault._replace(problem=_without_value(fault.problem)) for fault in row.faults]


def _without_value(problem: Problem) -> Problem:
    values = {name: "…" if name == "value" else value for name, value in problem.values.items()}
    return problem._replace(values=values)


def _tie_problems(compared: Compared) -> list[RowProblem]:
    """The rows whose codes would tie a name to a person of a sensitive group, here or elsewhere in the project."""
    tied = compared.ties.found()
    return [
        RowProblem(rows[participant], "participant", Problem("sensitive-elsewhere", "participant"))
        for rows in compared.first_rows.values()
        for participant in tied & rows.keys()
    ]
