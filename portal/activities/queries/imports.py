"""Reading what files of events, participations and headcounts are compared with, and what goes into such files."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, collate, select

from portal.activities.models import (
    Event,
    Headcount,
    Participation,
    Registration,
    RegistrationDesk,
    event_organisers,
)
from portal.activities.rules.imports import EventState, NumberState, PersonState
from portal.activities.rules.registrations import Place
from portal.core.db import db
from portal.imports.rules import plain
from portal.projects.models import Activity, Organisation

# Rows that are read or written at a time.
CHUNK = 1000


class Partners(NamedTuple):
    """The names in the project that events refer to: activities by number, organisations by key in their order."""

    activities: dict[str, int]
    organisations: dict[str, int]


class StoredEvent(NamedTuple):
    """An event as stored, its version, whether the reach that was asked for covers it, and its seats that are taken."""

    id: int
    version: int
    is_own: bool
    state: EventState
    seats_taken: int


class KnownEvent(NamedTuple):
    """An event that rows of a file may name; where people can register, how many seats there are and are taken."""

    id: int
    version: int
    is_own: bool
    has_desk: bool = False
    capacity: int | None = None
    seats_taken: int = 0


class StoredPerson(NamedTuple):
    """A person at an event of the project, with the row's id, and their place if they came by its registration page.

    `before` is what they were before somebody said whether they came.
    """

    id: int
    state: PersonState
    place: Place | None = None
    before: str = ""


EVENT_COLUMNS = tuple(getattr(Event, name) for name in EventState._fields[:-1])
PERSON_COLUMNS = tuple(getattr(Participation, name) for name in PersonState._fields)
PLACE_COLUMNS = tuple(getattr(Registration, name) for name in Place._fields)
NUMBER_COLUMNS = tuple(getattr(Headcount, name) for name in NumberState._fields)


def list_refs(code: str) -> list[str]:
    """The references of the project's events, in order."""
    return sorted(db.session.scalars(select(Event.ref).where(Event.project_code == code)))


def list_activity_numbers(code: str) -> list[str]:
    """The numbers of the project's activities, in order."""
    return list(load_partners(code).activities)


def load_partners(code: str) -> Partners:
    """The activities and organisations of the project."""
    activities = select(Activity.number, Activity.id).where(Activity.project_code == code)
    organisations = select(Organisation.key, Organisation.id).where(Organisation.project_code == code)
    return Partners(
        {row.number: row.id for row in db.session.execute(activities.order_by(Activity.number))},
        {row.key: row.id for row in db.session.execute(organisations.order_by(Organisation.position, Organisation.id))},
    )


def list_stored(code: str, reach: Collection[str] | None = None) -> list[StoredEvent]:
    """The project's events by reference."""
    organisers = _organisers(code)
    wanted = select(Event.id, Event.version, Event.seats_taken, *EVENT_COLUMNS)
    found = []
    for id_, version, taken, *columns in db.session.execute(wanted.where(Event.project_code == code)):
        mine = organisers[id_]
        state = EventState._make([*columns, tuple(each for each, _ in mine)])
        found.append(StoredEvent(id_, version, _covers(reach, mine), state, taken))
    return sorted(found, key=lambda each: each.state.ref)


def known_events(code: str, reach: Collection[str] | None) -> dict[str, KnownEvent]:
    """Reference as a file gives it -> the project's event."""
    organisers = _organisers(code)
    rows = (
        select(Event.ref, Event.id, Event.version, RegistrationDesk.event_id, Event.capacity, Event.seats_taken)
        .outerjoin(RegistrationDesk, RegistrationDesk.event_id == Event.id)
        .where(Event.project_code == code)
    )
    return {
        plain(ref): KnownEvent(id_, version, _covers(reach, organisers[id_]), desk is not None, capacity, taken)
        for ref, id_, version, desk, capacity, taken in db.session.execute(rows)
    }


def event_ids(code: str) -> set[int]:
    """The ids of the project's events."""
    return set(db.session.scalars(select(Event.id).where(Event.project_code == code)))


def load_people(within: Collection[int], participants: Collection[str]) -> list[StoredPerson]:
    """The rows of these participants at these events."""
    registration = Registration.participation_id, *PLACE_COLUMNS
    # Looked up by the people, who come to few events of few projects, and not by the events, which may be many.
    rows = (
        select(Participation.id, Participation.status_before, *registration, *PERSON_COLUMNS)
        .outerjoin(Registration, Registration.participation_id == Participation.id)
        .where(Participation.participant.in_(participants))
    )
    people = (
        StoredPerson(id_, PersonState(*columns), None if own is None else Place(confirmed, until, ended), before)
        for id_, before, own, confirmed, until, ended, *columns in db.session.execute(rows)
    )
    return [each for each in people if each.state.event_id in within]


def load_numbers(code: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Event id, group, country, gender and age band -> id and number of the project's headcount of these people."""
    rows = select(Headcount.id, *NUMBER_COLUMNS).join(Event).where(Event.project_code == code)
    return {tuple(key): (id_, number) for id_, *key, number in db.session.execute(rows)}


def export_people(code: str, reach: Collection[str] | None) -> Iterator[tuple[str, PersonState]]:
    """The event's reference and the row of every participation the reach covers, by both keys, a few at a time."""
    yield from _stream(code, reach, Participation, PERSON_COLUMNS, PersonState, keys=1)


def export_numbers(code: str, reach: Collection[str] | None) -> Iterator[tuple[str, NumberState]]:
    """The event's reference and the row of every headcount the reach covers, by all keys, a few at a time."""
    yield from _stream(code, reach, Headcount, NUMBER_COLUMNS, NumberState, keys=4)


def _stream(
    code: str, reach: Collection[str] | None, model: Any, columns: tuple[Any, ...], state: Any, *, keys: int
) -> Iterator[tuple[str, Any]]:
    rows = select(Event.ref, *columns).select_from(model).join(Event, model.event_id == Event.id)
    rows = rows.where(Event.project_code == code)
    if reach is not None:
        rows = rows.where(Event.organisers.any(Organisation.key.in_(reach)))
    # The columns begin with the event and the keys within it.
    ordered = rows.order_by(*(_as_bytes(column) for column in (Event.ref, *columns[1 : keys + 1])))
    for ref, *values in db.session.execute(ordered.execution_options(yield_per=CHUNK)):
        yield ref, state(*values)


def _as_bytes(column: Any) -> ColumnElement[Any]:
    """The column in the same order on every database, whatever the language it was set up for."""
    return collate(column, "C" if db.engine.dialect.name == "postgresql" else "BINARY")


def _covers(reach: Collection[str] | None, organisers: list[tuple[int, str]]) -> bool:
    return reach is None or any(key in reach for _, key in organisers)


def _organisers(code: str) -> dict[int, list[tuple[int, str]]]:
    """Event id -> ids and keys of its organisers, in the project's order."""
    rows = db.session.execute(
        select(event_organisers.c.event_id, Organisation.id, Organisation.key)
        .join(Organisation, event_organisers.c.organisation_id == Organisation.id)
        .where(Organisation.project_code == code)
        .order_by(Organisation.position, Organisation.id)
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for event_id, organisation_id, key in rows:
        found[event_id].append((organisation_id, key))
    return found
