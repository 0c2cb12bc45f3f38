"""Files of events: what is planned, and what was held."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.activities.queries.imports import Partners, StoredEvent, list_stored, load_partners
from portal.activities.queries.sessions import time_problems
from portal.activities.rules.drafts import LONGEST_REF, LONGEST_TEXT, MOST_PEOPLE, EventDraft, EventTimes, check_draft
from portal.activities.rules.events import EVENT_STATUSES, EventStatus, check_move
from portal.activities.rules.imports import Changes, EventState, first_text, kept_title, shown_zone
from portal.activities.rules.registrations import check_capacity
from portal.activities.rules.sessions import Span
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, Problem
from portal.core.tables import Cell
from portal.core.tables.cells import as_list, as_moment, as_text, as_whole, as_yes_no
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable, Value
from portal.imports.kinds import Plan, Request
from portal.imports.rows import Reading, StatedRow, country, line, read_rows, word
from portal.imports.rules import kept_text, plain
from portal.projects.rules.vocabulary import EVENT_KINDS

READINGS = {
    "ref": Reading(line(LONGEST_REF), is_required=True),
    "title": Reading(line(LONGEST_TEXT), is_required=True),
    "title_lt": Reading(line(LONGEST_TEXT)),
    "title_pl": Reading(line(LONGEST_TEXT)),
    "kind": Reading(word(EVENT_KINDS), is_required=True, is_repeated=True),
    "start": Reading(as_moment, is_required=True),
    "end": Reading(as_moment, is_required=True),
    "timezone": Reading(line(64), is_repeated=True),
    "country": Reading(country, is_required=True, is_repeated=True),
    "place": Reading(line(LONGEST_TEXT), is_repeated=True),
    "organisers": Reading(as_list, is_required=True, is_repeated=True),
    "public": Reading(as_yes_no, empty=False, is_repeated=True),
    "status": Reading(word(EVENT_STATUSES), empty="planned", is_repeated=True),
    "capacity": Reading(lambda value: as_whole(value, 1, MOST_PEOPLE), empty=None),
    "planned": Reading(lambda value: as_whole(value, 0, MOST_PEOPLE), empty=None),
}
# What a column says that a file of new events lacks, or that cannot be read.
UNSTATED: dict[str, Any] = {name: reading.empty for name, reading in READINGS.items()}
UNSTATED |= {"activity": "", "start": None, "end": None, "organisers": []}
# Fields of a draft -> the columns they come from, where the two are called differently.
COLUMNS = {
    "title_en": "title",
    "starts": "start",
    "ends": "end",
    "time_zone": "timezone",
    "planned_participants": "planned",
}
# Stands in for a time that cannot be read, so that all else is checked.
SOME_TIME = datetime.combine(date(2000, 1, 1), time())


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored; `first_rows` is reference -> row."""

    request: Request
    partners: Partners
    stored: Mapping[str, StoredEvent]
    changes: Changes
    first_rows: dict[str, int]
    problems: list[RowProblem]


def plan_events(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it."""
    code = request.project_code
    partners = load_partners(code)
    stored = {plain(each.state.ref): each for each in list_stored(code, request.reach)}
    compared = Compared(request, partners, stored, Changes(code, {}, [], []), {}, [])
    readings = {**READINGS, "activity": Reading(_activity(partners), is_required=True, is_repeated=True)}
    rows = unchanged = 0
    for step in read_rows(table, readings, request, compared.problems):
        rows += len(step)
        unchanged += sum(_compare(compared, row) for row in step)
    problems = sorted(compared.problems, key=lambda each: each.row)
    changes = _with_names(compared.changes, partners)
    return Plan(rows, len(changes.created), len(changes.updated), unchanged, problems, changes)


def export_events(code: str, reach: frozenset[str] | None) -> Iterator[Sequence[Cell]]:
    """Every event the reach covers, in the order of the columns; `title` is never empty."""
    partners = load_partners(code)
    for each in list_stored(code, reach):
        if each.is_own:
            yield _cells(each.state, partners)


def _activity(partners: Partners) -> Callable[[Value], str]:
    """Read an activity's number; one that a spreadsheet may have shortened is refused."""

    def read(value: Value) -> str:
        text = as_text(value, LONGEST_TEXT) or ""
        if not isinstance(value, str) and f"{text}0" in partners.activities:
            raise InvalidInput("import-activity-number", value=text, other=f"{text}0")
        return text

    return read


def _compare(compared: Compared, row: StatedRow) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is."""
    present = compared.stored.get(row.facts.get("ref", ""))
    state = _check(compared, row, present)
    is_same = present is not None and state == present.state and not row.faults
    if not is_same:
        _check_reach(compared, row, present)
    if row.faults or state is None:
        compared.problems.extend(row.faults)
        return False
    if is_same:
        return True
    if present is None:
        compared.changes.created.append(state)
    else:
        compared.changes.versions[present.id] = present.version
        compared.changes.updated.append((present.id, state))
    return False


def _check(compared: Compared, row: StatedRow, present: StoredEvent | None) -> EventState | None:
    """The event as the row wants it; None where something in the row keeps it from being stored."""
    ref = row.facts.get("ref", "")
    if ref and (first := compared.first_rows.setdefault(ref, row.number)) != row.number:
        row.fault(Problem("import-row-twice", "ref", {"first": first}))
    stated = {**UNSTATED, **(_facts(present.state, compared.partners) if present else {}), **row.facts}
    draft = _draft(stated, row, present)
    times = _check_draft(compared, row, draft)
    if times is None:
        return None
    _check_status(compared, row, times, present, stated["status"])
    _check_seats(row, draft, present)
    _check_sessions(row, times, present)
    if row.faults:
        return None
    return _state(compared.partners, draft, times, stated["status"])


def _check_reach(compared: Compared, row: StatedRow, present: StoredEvent | None) -> None:
    """Note a fault where the row would change an event of others, or one that would not stay one's own."""
    reach = compared.request.reach
    organisers = row.facts.get("organisers")
    if present is not None and not present.is_own:
        row.fault(Problem("import-event-not-own", "ref", {"value": row.facts["ref"]}))
    elif reach is not None and organisers and not reach & set(organisers):
        row.fault(Problem("import-organisers-not-own", "organisers"))


def _draft(stated: Mapping[str, Any], row: StatedRow, present: StoredEvent | None) -> EventDraft:
    stored = present.state if present else None
    others = {language: row.facts.get(f"title_{language}") for language in ("lt", "pl")}
    return EventDraft(
        title=kept_title(stored.title if stored else {}, stated["title"], others),
        kind=stated["kind"],
        activity=stated["activity"],
        organisers=stated["organisers"],
        country=stated["country"],
        starts=stated["start"] or stated["end"] or SOME_TIME,
        ends=stated["end"] or stated["start"] or SOME_TIME,
        ref=stored.ref if stored else stated["ref"],
        time_zone=stated["timezone"],
        place=kept_text(stored.place if stored else "", stated["place"]),
        is_public=stated["public"],
        capacity=stated["capacity"],
        planned_participants=stated["planned"],
    )


def _check_draft(compared: Compared, row: StatedRow, draft: EventDraft) -> EventTimes | None:
    """The event's times, if what the row says can be stored; None with the faults noted, once for each column."""
    partners, unread = compared.partners, {fault.column for fault in row.faults}
    try:
        return check_draft(draft, activities=partners.activities, organisations=partners.organisations)
    except InvalidInputs as error:
        for problem in error.problems:
            column = COLUMNS.get(problem.where, problem.where)
            guessed = problem.code == "ends-before-start" and not unread.isdisjoint(("start", "end"))
            if column not in unread and not guessed:
                row.fault(problem, column)
        return None


def _check_status(
    compared: Compared, row: StatedRow, times: EventTimes, present: StoredEvent | None, wanted: str
) -> None:
    """Note a fault where the event's state does not allow the wanted one, or where it has not begun."""
    if row.has_fault("start", "status"):
        return
    status = present.state.status if present else EventStatus.PLANNED
    if status == wanted:
        if wanted == EventStatus.HELD and times.starts_at > compared.request.now:
            row.fault(Problem("held-in-future", "start"))
        return
    try:
        check_move(status, wanted, starts_at=times.starts_at, now=compared.request.now)
    except Conflict as error:
        code = "import-status-step" if error.problem.code == "event-move" else "event-not-begun"
        row.fault(Problem(code, "status", {"status": str(status), "wanted": wanted}))


def _check_seats(row: StatedRow, draft: EventDraft, present: StoredEvent | None) -> None:
    """Note a fault where there would be fewer seats than are taken."""
    try:
        check_capacity(draft.capacity, present.seats_taken if present else 0)
    except InvalidInput as error:
        row.fault(error.problem, "capacity")


def _check_sessions(row: StatedRow, times: EventTimes, present: StoredEvent | None) -> None:
    """Note a fault where the event's sessions, or days at which people were marked, would lie outside its times."""
    if present is None:
        return
    before, within = Span(present.state.starts_at, present.state.ends_at), Span(times.starts_at, times.ends_at)
    if (before, present.state.time_zone) == (within, times.time_zone):
        return
    for problem in time_problems(present.id, before, within, times.time_zone):
        row.fault(problem, COLUMNS[problem.where])


def _state(partners: Partners, draft: EventDraft, times: EventTimes, status: str) -> EventState:
    return EventState(
        ref=draft.ref,
        title=dict(draft.title),
        kind=draft.kind,
        activity_id=partners.activities[draft.activity],
        place=draft.place,
        country=draft.country,
        time_zone=times.time_zone,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        counting_date=times.starts_at.astimezone(ZoneInfo(times.time_zone)).date(),
        is_public=draft.is_public,
        status=status,
        capacity=draft.capacity,
        planned_participants=draft.planned_participants,
        organiser_ids=tuple(id_ for key, id_ in partners.organisations.items() if key in draft.organisers),
    )


def _facts(state: EventState, partners: Partners) -> dict[str, Any]:
    """What the columns would say of a stored event."""
    zone = ZoneInfo(state.time_zone)
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (state.starts_at, state.ends_at))
    return {
        "ref": state.ref,
        "title": state.title.get("en") or first_text(state.title),
        "title_lt": state.title.get("lt", ""),
        "title_pl": state.title.get("pl", ""),
        "kind": state.kind,
        "activity": next((number for number, id_ in partners.activities.items() if id_ == state.activity_id), ""),
        "start": start,
        "end": end,
        "timezone": shown_zone(state.time_zone, state.country),
        "country": state.country,
        "place": state.place,
        "organisers": [key for key, id_ in partners.organisations.items() if id_ in state.organiser_ids],
        "public": state.is_public,
        "status": state.status,
        "capacity": state.capacity,
        "planned": state.planned_participants,
    }


def _cells(state: EventState, partners: Partners) -> Sequence[Cell]:
    facts = _facts(state, partners)
    facts["organisers"] = ";".join(facts["organisers"])
    facts["public"] = "yes" if facts["public"] else "no"
    return tuple(facts.values())


def _with_names(changes: Changes, partners: Partners) -> Changes:
    """The changes with what the activities and organisations among them are called: they must still be when stored."""
    rows = [*changes.created, *(row for _, row in changes.updated)]
    activities, organisations = ({id_: name for name, id_ in known.items()} for known in partners)
    used = {row.activity_id: activities[row.activity_id] for row in rows}
    organisers = {id_: organisations[id_] for row in rows for id_ in row.organiser_ids}
    return changes._replace(activities=used, organisations=organisers)
