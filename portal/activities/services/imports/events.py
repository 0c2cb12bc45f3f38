"""Storing events that files bring, and taking them back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.activities.models import (
    Comment,
    Event,
    EventEvidence,
    Exclusion,
    Headcount,
    Participation,
    RegistrationDesk,
    event_organisers,
)
from portal.activities.queries.imports import list_stored, load_partners
from portal.activities.queries.sessions import time_problems
from portal.activities.rules.events import shown
from portal.activities.rules.imports import Changes, EventState
from portal.activities.rules.sessions import Span
from portal.activities.services.events import follow_changes
from portal.activities.services.imports.rows import count_by_event, hold, hold_as_planned, touch_events
from portal.audit.services import Subject, record
from portal.core.db import among
from portal.core.errors import Conflict, InvalidInput
from portal.imports.kinds import Plan
from portal.imports.models import Import
from portal.imports.rules import plain
from portal.imports.services.changes import keep_before
from portal.imports.services.rows import Written, chunks, load_rows, remove_rows, restore_rows, written_by

# What an event's row holds besides its facts.
MARKS = ("is_example", "import_id")


class Names(NamedTuple):
    """What the project calls its activities (numbers) and organisations (keys), by id."""

    activities: dict[int, str]
    organisations: dict[int, str]


class Trail(NamedTuple):
    """What the audit is told of events of the project."""

    session: Session
    action: str
    project_code: str
    names: Names
    now: datetime

    def note(self, event_id: int, *, before: EventState | None = None, after: EventState | None = None) -> None:
        """Record that the event was made, changed or taken away; only the fields that differ are kept."""
        states = [state for state in (before, after) if state is not None]
        subject = Subject("event", event_id, states[-1].ref, self.project_code)
        facts = [state and _facts(state, self.names) for state in (before, after)]
        record(self.session, self.action, subject, now=self.now, before=facts[0], after=facts[1])


def store_events(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the events of a plan without errors.

    Raise Conflict if one of them, or an activity or organisation they name, has changed since, or if the reference of
    a new one has been taken.
    """
    changes: Changes = plan.changes
    hold_as_planned(session, changes.project_code, changes.versions)
    names, stored = _names(changes.project_code), list_stored(changes.project_code)
    refs = {plain(each.state.ref) for each in stored}
    is_named = changes.activities.items() <= names.activities.items()
    is_named &= changes.organisations.items() <= names.organisations.items()
    if not is_named or refs & {row.ref for row in changes.created}:
        raise Conflict("import-stale")
    before = {each.id: each.state for each in stored}
    trail = Trail(session, "event_imported", changes.project_code, names, now)
    _create(session, import_id, changes, trail)
    _change(session, import_id, changes, before, trail)


def undo_events(session: Session, import_id: int, now: datetime) -> None:
    """Delete the import's events again, and let those it changed be as they were.

    Raise Conflict if any of them has been changed since, if anything has been added to one that would go or names it,
    or if what one referred to before is gone.
    """
    code = session.get_one(Import, import_id).project_code
    hold(session, code, list(session.scalars(select(Event.id).where(Event.import_id == import_id))))
    written, again = _undoable(session, import_id)
    trail = Trail(session, "event_import_undone", code, _names(code), now)
    present = {each.id: each.state for each in list_stored(code)}
    try:
        remove_rows(session, Event, written.created)
    except IntegrityError as error:
        # What belongs to rooms above this one is known to the database only.
        raise Conflict("import-events-named") from error
    marks = {id_: {name: columns[name] for name in MARKS} for id_, columns in written.changed.items()}
    restore_rows(session, Event, {id_: {**_columns(state), **marks[id_]} for id_, state in again.items()})
    _set_organisers(session, again)
    touch_events(session, again, now)
    follow_changes(session, {id_: shown(present[id_]) for id_ in again}, now=now)
    for id_ in [*written.created, *again]:
        trail.note(id_, before=present[id_], after=again.get(id_))


def check_undo_of_events(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    _undoable(session, import_id)


def _undoable(session: Session, import_id: int) -> tuple[Written, dict[int, EventState]]:
    """What the import wrote, and how the events that it changed will be again."""
    written = written_by(session, Event, import_id)
    _check_bare(session, written.created)
    names = _names(written.project_code)
    again = {id_: _state(columns) for id_, columns in written.changed.items()}
    if not all(_is_whole(state, names) for state in again.values()):
        raise Conflict("import-undo-gone")
    if _lacks_seats(session, again):
        raise Conflict("import-undo-seats")
    if _lacks_sessions(session, again):
        raise Conflict("import-undo-sessions")
    return written, again


def _check_bare(session: Session, event_ids: list[int]) -> None:
    """Raise Conflict if anything hangs on these events."""
    depending = {"people": Participation, "numbers": Headcount, "files": EventEvidence, "comments": Comment}
    depending["exclusions"] = Exclusion
    counts: dict[str, Any] = {name: count_by_event(session, each, event_ids) for name, each in depending.items()}
    if any(counts.values()):
        raise Conflict("import-depended-on", **counts)
    if count_by_event(session, RegistrationDesk, event_ids):
        raise Conflict("import-undo-registration")


def _lacks_seats(session: Session, wanted: Mapping[int, EventState]) -> bool:
    """Whether one of the events would have fewer seats than are taken, which changes without the event."""
    rows = session.execute(select(Event.id, Event.seats_taken).where(among(Event.id, wanted)))
    taken = {row.id: row.seats_taken for row in rows}
    return any(state.capacity is not None and state.capacity < taken[id_] for id_, state in wanted.items())


def _lacks_sessions(session: Session, wanted: Mapping[int, EventState]) -> bool:
    """Whether the sessions of one of the events, or days at which people were marked, would lie outside its times."""
    rows = session.execute(select(Event.id, Event.starts_at, Event.ends_at).where(among(Event.id, wanted)))
    before = {row.id: Span(row.starts_at, row.ends_at) for row in rows}
    return any(
        time_problems(id_, before[id_], Span(state.starts_at, state.ends_at), state.time_zone)
        for id_, state in wanted.items()
        if before[id_] != (state.starts_at, state.ends_at)
    )


def _create(session: Session, import_id: int, changes: Changes, trail: Trail) -> None:
    new = {"project_code": changes.project_code, "created_at": trail.now, "updated_at": trail.now}
    new |= {"version": 1, "is_example": False, "import_id": import_id}
    for some in chunks(changes.created):
        inserted = insert(Event).returning(Event.id, sort_by_parameter_order=True)
        ids = session.scalars(inserted, [{**_columns(row), **new} for row in some]).all()
        made = dict(zip(ids, some, strict=True))
        _set_organisers(session, made)
        for id_, row in made.items():
            trail.note(id_, after=row)


def _change(session: Session, import_id: int, changes: Changes, before: Mapping[int, EventState], trail: Trail) -> None:
    # An example that somebody's file changes is theirs from now on, as in its form.
    own = {"is_example": False, "import_id": import_id}
    if _lacks_seats(session, dict(changes.updated)):
        raise Conflict("import-stale")
    for some in chunks(changes.updated):
        rows = dict(some)
        marks = load_rows(session, Event, (Event.is_example, Event.import_id), Event.id.in_(rows))
        keep_before(session, import_id, {id_: {**_kept(before[id_]), **marks[id_]} for id_ in rows})
        session.execute(update(Event), [{"id": id_, **_columns(row), **own} for id_, row in some])
        _set_organisers(session, rows)
        for id_, row in some:
            trail.note(id_, before=before[id_], after=row)
    touch_events(session, changes.versions, trail.now)
    try:
        follow_changes(session, {id_: shown(before[id_]) for id_, _ in changes.updated}, now=trail.now)
    except InvalidInput as error:
        # Somebody has been marked, or a session made, since the file was looked at.
        raise Conflict("import-stale") from error


def _names(code: str) -> Names:
    partners = load_partners(code)
    return Names(*({id_: name for name, id_ in known.items()} for known in partners))


def _columns(state: EventState) -> dict[str, Any]:
    columns = state._asdict()
    del columns["organiser_ids"]
    return columns


def _kept(state: EventState) -> dict[str, Any]:
    """The event's facts as JSON holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in state._asdict().items()}


def _state(kept: Mapping[str, Any]) -> EventState:
    stated = {name: kept[name] for name in EventState._fields}
    stated["organiser_ids"] = tuple(kept["organiser_ids"])
    stated["starts_at"], stated["ends_at"] = (datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at"))
    stated["counting_date"] = date.fromisoformat(kept["counting_date"])
    return EventState(**stated)


def _is_whole(state: EventState, names: Names) -> bool:
    return state.activity_id in names.activities and names.organisations.keys() >= set(state.organiser_ids)


def _set_organisers(session: Session, events: Mapping[int, EventState]) -> None:
    if not events:
        return
    pairs = [{"event_id": id_, "organisation_id": each} for id_, row in events.items() for each in row.organiser_ids]
    for some in chunks(list(events)):
        session.execute(delete(event_organisers).where(event_organisers.c.event_id.in_(some)))
    session.execute(insert(event_organisers), pairs)


def _facts(state: EventState, names: Names) -> dict[str, Any]:
    """The event's facts as the audit compares them, by the names it uses for events changed in forms."""
    facts = _columns(state)
    return {
        "ref": facts.pop("ref"),
        "title": facts.pop("title"),
        "kind": facts.pop("kind"),
        "activity": names.activities.get(facts.pop("activity_id")),
        "organisers": [names.organisations.get(id_) for id_ in state.organiser_ids],
        "public": facts.pop("is_public"),
        **{name: value for name, value in facts.items() if name != "counting_date"},
    }
