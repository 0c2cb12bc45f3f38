"""Storing participations that files bring, and taking them back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.queries.imports import PERSON_COLUMNS, event_ids, load_people
from portal.activities.rules.imports import Changes, PersonState, Ties, could_be_sensitive
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.rules.registrations import Place, holds_seat, kept_before, will_hold_seat
from portal.activities.services.anonymising import forget_contacts
from portal.activities.services.imports.rows import Held, hold_as_planned, hold_written, touch_events
from portal.activities.services.registrations.following import follow_lists
from portal.activities.services.registrations.places import place_of
from portal.audit.services import Subject, record
from portal.core.db import among
from portal.core.errors import Conflict
from portal.imports.kinds import Plan
from portal.imports.services.rows import Written, chunks, load_rows, remove_rows, restore_rows, store_rows, written_by

# What may change of a person at an event; the event and the participant are the row's key.
FACTS = PERSON_COLUMNS[2:]
# What the person was before somebody said whether they came, which follows from the statuses.
BEFORE = Participation.status_before


def store_participations(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the people of a plan without errors.

    Raise Conflict if one of their events has changed since, or if by now a name would be tied to a sensitive group.
    """
    changes: Changes = plan.changes
    held = hold_as_planned(session, changes.project_code, changes.versions)
    rows = [*changes.created, *(row for _, row in changes.updated)]
    if find_ties(changes.project_code, {row.participant for row in rows}, rows):
        raise Conflict("import-stale")
    _check_registered(session, changes)
    ids = [id_ for id_, _ in changes.updated]
    were = load_rows(session, Participation, (*FACTS, BEFORE), among(Participation.id, ids))
    store_rows(session, Participation, import_id, changes, (*FACTS, BEFORE))
    _keep_statuses(session, changes, were)
    _forget_contacts(session, changes, were)
    touch_events(session, held, now)
    follow_lists(session, held, ids, now=now)
    created = _tally(row.event_id for row in changes.created)
    updated = _tally(row.event_id for _, row in changes.updated)
    for id_, event in held.items():
        counts = {"created": created[id_], "updated": updated[id_]}
        _record(session, "participations_imported", changes.project_code, id_, event, counts, now)


def undo_participations(session: Session, import_id: int, now: datetime) -> None:
    """Take the import's people off their events again, and let those it changed be as they were.

    Raise Conflict if any of them has been changed or removed since, or if what they were may no longer be kept.
    """
    held = hold_written(session, Participation, import_id)
    written, standing = _undoable(session, import_id)
    remove_rows(session, Participation, written.created)
    restore_rows(session, Participation, written.changed)
    touch_events(session, held, now)
    follow_lists(session, held, list(written.changed), now=now)
    removed = _tally(event_id for id_, (event_id, _) in standing.items() if id_ not in written.changed)
    restored = _tally(event_id for id_, (event_id, _) in standing.items() if id_ in written.changed)
    for id_, event in held.items():
        counts = {"removed": removed[id_], "restored": restored[id_]}
        _record(session, "participations_import_undone", written.project_code, id_, event, counts, now)


def check_undo_of_participations(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    _undoable(session, import_id)


def _undoable(session: Session, import_id: int) -> tuple[Written, dict[int, tuple[int, str]]]:
    """What the import wrote, and row id -> event and participant of all of it."""
    written = written_by(session, Participation, import_id)
    rows = select(Participation.id, Participation.event_id, Participation.participant)
    mine = session.execute(rows.where(Participation.import_id == import_id))
    standing = {id_: (event_id, participant) for id_, event_id, participant in mine}
    again = [
        PersonState(*standing[id_], **{each.key: columns[each.key] for each in FACTS})
        for id_, columns in written.changed.items()
    ]
    if find_ties(written.project_code, {row.participant for row in again}, again, without=standing):
        raise Conflict("import-undo-ties")
    _check_seats(session, written, {event_id for event_id, _ in standing.values()})
    return written, standing


def _keep_statuses(session: Session, changes: Changes, were: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep of those whose status changes what they were before somebody said whether they came."""
    kept = {id_: kept_before(were[id_]["status"], row.status, were[id_][BEFORE.key]) for id_, row in changes.updated}
    changed = [{"id": id_, BEFORE.key: before} for id_, before in kept.items() if before != were[id_][BEFORE.key]]
    if changed:
        session.execute(update(Participation), changed)


def _forget_contacts(session: Session, changes: Changes, were: Mapping[int, Mapping[str, Any]]) -> None:
    """Take out what is kept of people who have become convicted persons or family members: undoing cannot name them.

    The import cannot be undone any more, since that would leave them without what was taken out.
    """
    by_event: dict[int, list[int]] = defaultdict(list)
    for id_, row in changes.updated:
        if row.group in SENSITIVE_GROUPS and were[id_]["group"] not in SENSITIVE_GROUPS:
            by_event[row.event_id].append(id_)
    for event_id, ids in by_event.items():
        forget_contacts(session, event_id, ids)
        session.execute(update(Participation).where(among(Participation.id, ids)).values(import_id=None))


def _check_registered(session: Session, changes: Changes) -> None:
    """Raise Conflict if people have registered, confirmed or cancelled since the file was compared.

    They do so without changing the event.
    """
    asked = select(RegistrationDesk.event_id).where(among(RegistrationDesk.event_id, changes.versions))
    desks = set(session.scalars(asked))
    new = {(row.event_id, row.participant) for row in changes.created if row.event_id in desks}
    for some in chunks([participant for _, participant in sorted(new)]):
        if any((each.state.event_id, each.state.participant) in new for each in load_people(desks, some)):
            raise Conflict("import-stale")
    for some in chunks(list(changes.seen)):
        present = session.execute(select(Participation.id, Participation.status).where(Participation.id.in_(some)))
        if {row.id: row.status for row in present} != {id_: changes.seen[id_] for id_ in some}:
            raise Conflict("import-stale")


def _check_seats(session: Session, written: Written, event_ids: Collection[int]) -> None:
    """Raise Conflict if more people had a seat than there are at one of the events, once the import is undone."""
    seats = select(Event.id, Event.seats_taken, Event.capacity).join(
        RegistrationDesk, RegistrationDesk.event_id == Event.id
    )
    for id_, taken, capacity in session.execute(seats.where(among(Event.id, event_ids))):
        mine = select(Participation.id, Participation.status, BEFORE, Registration).outerjoin(
            Registration, Registration.participation_id == Participation.id
        )
        for row_id, status, before, row in session.execute(mine.where(Participation.event_id == id_)):
            place = None if row is None else place_of(row)
            taken -= (row_id in written.changed or row_id in written.created) and holds_seat(status, place, before)
            if row_id in written.changed:
                taken += _would_hold_seat(status, written.changed[row_id], place)
        if capacity is not None and taken > capacity:
            raise Conflict("import-undo-seats")


def _would_hold_seat(status: str, earlier: Mapping[str, Any], place: Place | None) -> bool:
    """Whether somebody of this status holds a seat once the row is again what it was `earlier`."""
    if place is None:
        return holds_seat(earlier["status"], None, earlier.get(BEFORE.key, ""))
    return will_hold_seat(status, earlier["status"], place)


def find_ties(
    project_code: str,
    participants: Collection[str],
    rows: Iterable[PersonState] = (),
    *,
    without: Collection[int] = (),
) -> set[str]:
    """The codes among these that are, or with `rows` would be, of a sensitive group in one row and named in another.

    The stored rows with the ids `without` are looked past.
    """
    ties = Ties(set(), set())
    for row in rows:
        ties.note(row.participant, row.group, has_name=bool(row.name or row.organisation))
    events = event_ids(project_code)
    for some in chunks([each for each in participants if could_be_sensitive(each)]):
        for id_, stored, *_ in load_people(events, some):
            if id_ not in without:
                ties.note(stored.participant, stored.group, has_name=bool(stored.name or stored.organisation))
    return ties.found()


def _tally(event_ids: Iterable[int]) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    for id_ in event_ids:
        counted[id_] += 1
    return counted


def _record(
    session: Session, action: str, code: str, event_id: int, event: Held, counts: dict[str, int], now: datetime
) -> None:
    subject = Subject("event", event_id, event.ref, code)
    record(session, action, subject, now=now, after={what: number for what, number in counts.items() if number})
