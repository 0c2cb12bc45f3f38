"""Files of headcounts: how many people without names were at which event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.activities.queries.imports import KnownEvent, export_numbers, known_events, load_numbers
from portal.activities.rules.drafts import MOST_PEOPLE
from portal.activities.rules.imports import Changes, NumberState
from portal.core.errors import Problem
from portal.core.tables import Cell
from portal.core.tables.cells import as_whole
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable
from portal.imports.kinds import Plan, Request
from portal.imports.rows import Reading, StatedRow, country, line, read_rows, word
from portal.projects.rules.vocabulary import AGE_BANDS, GENDERS, GROUPS

READINGS = {
    "event": Reading(line(200), is_required=True, is_repeated=True),
    "group": Reading(word(GROUPS), is_required=True, is_repeated=True),
    "country": Reading(country, is_repeated=True),
    "gender": Reading(word(GENDERS), "unknown", is_repeated=True),
    "age_band": Reading(word(AGE_BANDS), "unknown", is_repeated=True),
    "number": Reading(lambda value: as_whole(value, 1, MOST_PEOPLE), is_required=True),
}
# What a column says that the file lacks.
UNSTATED = {"country": "", "gender": "unknown", "age_band": "unknown"}
KEYS = ("group", "country", "gender", "age_band")


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored; `first_rows` is the key of a headcount -> row."""

    events: Mapping[str, KnownEvent]
    stored: Mapping[tuple[Any, ...], tuple[int, int]]
    changes: Changes
    first_rows: dict[tuple[Any, ...], int]
    problems: list[RowProblem]


def plan_headcounts(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it."""
    code = request.project_code
    compared = Compared(known_events(code, request.reach), load_numbers(code), Changes(code, {}, [], []), {}, [])
    rows = unchanged = 0
    for step in read_rows(table, READINGS, request, compared.problems):
        rows += len(step)
        unchanged += sum(_compare(compared, row) for row in step)
    problems = sorted(compared.problems, key=lambda each: each.row)
    created, updated = len(compared.changes.created), len(compared.changes.updated)
    return Plan(rows, created, updated, unchanged, problems, compared.changes)


def export_headcounts(code: str, reach: frozenset[str] | None) -> Iterator[Sequence[Cell]]:
    """Every headcount the reach covers, in the order of the columns."""
    for ref, row in export_numbers(code, reach):
        yield ref, *row[1:]


def _compare(compared: Compared, row: StatedRow) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is."""
    event = _event_of(compared, row)
    key = _key(compared, row, event)
    present = compared.stored.get(key) if key else None
    is_same = present is not None and present[1] == row.facts.get("number")
    if event is not None and not event.is_own and not is_same:
        row.fault(Problem("import-event-not-own", "event", {"value": row.facts["event"]}))
    if row.faults or event is None or key is None:
        compared.problems.extend(row.faults)
        return False
    if is_same:
        return True
    wanted = NumberState._make([*key, row.facts["number"]])
    compared.changes.versions[event.id] = event.version
    if present is None:
        compared.changes.created.append(wanted)
    else:
        compared.changes.updated.append((present[0], wanted))
    return False


def _event_of(compared: Compared, row: StatedRow) -> KnownEvent | None:
    if "event" not in row.facts:
        return None
    event = compared.events.get(row.facts["event"])
    if event is None:
        row.fault(Problem("import-event-unknown", "event", {"value": row.facts["event"]}))
    return event


def _key(compared: Compared, row: StatedRow, event: KnownEvent | None) -> tuple[Any, ...] | None:
    """What tells the headcount from others; None where the row does not say it. Stated twice, it is a fault."""
    if event is None or row.has_fault(*KEYS):
        return None
    stated = {**UNSTATED, **row.facts}
    key = (event.id, *(stated[name] for name in KEYS))
    first = compared.first_rows.setdefault(key, row.number)
    if first != row.number:
        row.fault(Problem("import-row-twice", "group", {"first": first}))
    return key
