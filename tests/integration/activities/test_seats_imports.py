"""Files of events and participants where people register: refused at the row, and seats passed on when stored."""

from datetime import datetime

import pytest

from portal.activities.models import Event
from portal.activities.queries import get_event_by_ref
from portal.activities.rules.sessions import SessionDraft
from portal.activities.services.dividing import change_session
from portal.activities.services.marking import Mark, mark
from portal.activities.services.registrations.desks import open_desk
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.activities.desks import (
    DESK,
    come_each,
    go,
    mails,
    make_desk,
    row_of,
    seats_taken,
    statuses,
    take,
)
from tests.integration.activities.files import bring_rows, exported, found, kind, plan, take_back
from tests.make import PROJECT, make_event, make_people, make_project, version_of

JAN = {"event": "S1", "participant": "jan@example.org", "name": "Jan"}
ZOFIA = {"event": "S1", "participant": "zofia@example.org", "name": "Zofia", "status": "registered"}
EVENT = {
    "ref": "S1", "title": "Opening workshop", "kind": "workshop", "activity": "1.1", "start": "2026-12-20 10:00",
    "end": "2026-12-20 16:00", "country": "LT", "place": "Vilnius", "organisers": "lps;ols", "capacity": 2,
}  # fmt: skip
DAYS = {**EVENT, "ref": "D1", "start": "2026-03-20 10:00", "end": "2026-03-22 16:00"}


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()
    yield
    assert list_violations() == []


def make_full(*names: str) -> int:
    """An event of two seats with the reference S1, for which these people have registered."""
    event_id = make_desk(2, event={"ref": "S1"})
    come_each(event_id, names)
    return event_id


def test_fewer_seats_than_are_taken_are_refused_at_the_row():
    make_full("Ona", "Jan")
    assert found(plan("events", {**EVENT, "capacity": 1})) == [(2, "capacity", "capacity-below-seats")]
    assert found(plan("events", {**EVENT, "capacity": 0})) == [(2, "capacity", "cell-out-of-range")]


def test_more_seats_by_a_file_go_to_the_queue_and_stay_theirs(tmp_path):
    event_id = make_full("Ona", "Jan", "Ewa")
    number = bring_rows(tmp_path, "events", {**EVENT, "capacity": 3})
    assert statuses(event_id)["Ewa"] == "offered"
    with pytest.raises(Conflict, match="import-undo-seats"):
        take_back(number)
    go(event_id, "Ona")
    take_back(number)
    assert (seats_taken(event_id), db.session.get_one(Event, event_id).capacity) == (2, 2)


def test_seats_taken_since_the_file_was_looked_at_make_it_stale():
    event_id = make_full("Ona")
    wanted = plan("events", {**EVENT, "capacity": 1})
    come_each(event_id, ["Jan"])
    with pytest.raises(Conflict, match="import-stale"), transaction() as session:
        kind("events").store(session, 1, wanted, NOW)


def test_a_file_that_moves_an_event_tells_people_and_calendars(tmp_path):
    event_id = make_full("Ona")
    moved = bring_rows(tmp_path, "events", {**EVENT, "place": "Kaunas"})
    assert mails("event_moved") == [("event_moved", "ona")]
    assert db.session.get_one(Event, event_id).calendar_sequence == 1
    take_back(moved)
    assert len(mails("event_moved")) == 2
    bring_rows(tmp_path, "events", {**EVENT, "status": "cancelled"})
    assert mails("event_called_off") == [("event_called_off", "ona")]
    db.session.expire_all()
    assert db.session.get_one(Event, event_id).calendar_sequence == 3


def test_an_event_of_a_file_with_registration_stays(tmp_path):
    number = bring_rows(tmp_path, "events", EVENT)
    open_desk(get_event_by_ref(PROJECT, "S1").id, DESK, now=NOW)
    with pytest.raises(Conflict, match="import-undo-registration"):
        take_back(number)


def test_people_beyond_the_seats_are_refused_at_their_rows():
    make_full("Ona")
    rows = [ZOFIA, {**ZOFIA, "participant": "adam@example.org"}, {**JAN, "status": "registered"}]
    assert found(plan("participations", *rows)) == [
        (3, "status", "seats-beyond-capacity"),
        (4, "status", "seats-beyond-capacity"),
    ]
    assert found(plan("participations", {**ZOFIA, "status": "waitlisted"})) == [(2, "status", "status-by-registration")]
    ona = {"event": "S1", "participant": "ona@example.org", "status": "cancelled"}
    assert found(plan("participations", *rows[:2], ona)) == []


def test_seats_given_back_by_a_file_go_to_the_queue_and_undoing_it_is_refused_once_they_are_taken(tmp_path):
    event_id = make_full("Ona", "Jan", "Ewa")
    number = bring_rows(tmp_path, "participations", {**JAN, "status": "cancelled"})
    assert statuses(event_id) == {"Ona": "unconfirmed", "Jan": "cancelled", "Ewa": "offered"}
    with pytest.raises(Conflict, match="import-undo-seats"):
        take_back(number)
    go(event_id, "Ewa")
    take_back(number)
    assert statuses(event_id)["Jan"] == "unconfirmed"
    take(event_id, "Jan")
    assert seats_taken(event_id) == 2


def test_undoing_people_added_by_a_file_passes_their_seats_on(tmp_path):
    event_id = make_full("Ona")
    number = bring_rows(tmp_path, "participations", ZOFIA)
    come_each(event_id, ["Ewa"])
    assert statuses(event_id)["Ewa"] == "waitlisted"
    take_back(number)
    assert statuses(event_id) == {"Ona": "unconfirmed", "Ewa": "offered"}


@pytest.mark.parametrize("row", [{**JAN, "status": "cancelled"}, {**JAN, "name": "Jan K."}])
def test_what_people_did_since_the_file_was_looked_at_makes_it_stale(row):
    event_id = make_full("Ona", "Jan")
    wanted = plan("participations", row)
    take(event_id, "Jan")
    with pytest.raises(Conflict, match="import-stale"), transaction() as session:
        kind("participations").store(session, 1, wanted, NOW)


def test_who_registers_meanwhile_is_not_made_twice():
    event_id = make_full("Ona")
    wanted = plan("participations", {**JAN, "status": "registered"})
    come_each(event_id, ["Jan"])
    with pytest.raises(Conflict, match="import-stale"), transaction() as session:
        kind("participations").store(session, 1, wanted, NOW)


def make_days() -> int:
    """A workshop of three days last March with the reference D1, for which Ona is on the list."""
    event_id = make_event(ref="D1", starts=datetime(2026, 3, 20, 10), ends=datetime(2026, 3, 22, 16))
    make_people(event_id, ["ona@example.org"], name="Ona", status="registered")
    return event_id


def mark_last_day(event_id: int) -> None:
    mark(event_id, 3, Mark(row_of(event_id, "Ona"), is_present=True), now=NOW, by=1)


def test_times_that_leave_out_a_marked_day_are_refused_at_the_row():
    mark_last_day(make_days())
    shorter, longer = ({**DAYS, "end": f"2026-03-{day} 16:00"} for day in (21, 23))
    assert found(plan("events", shorter)) == [(2, "end", "day-marked")]
    assert found(plan("events", longer)) == []


def test_times_that_leave_out_a_session_are_refused_at_the_row():
    event_id = make_days()
    own = SessionDraft({}, datetime(2026, 3, 22, 12), datetime(2026, 3, 22, 16))
    change_session(event_id, 3, own, version=version_of(event_id), now=NOW)
    assert found(plan("events", {**DAYS, "end": "2026-03-22 15:00"})) == [(2, "end", "session-left-out")]
    # By whole days, they go with the event.
    assert found(plan("events", {**DAYS, "start": "2026-03-21 10:00", "end": "2026-03-23 16:00"})) == []


def test_who_is_marked_after_a_file_was_looked_at_makes_it_stale(tmp_path):
    event_id, other = make_days(), bring_rows(tmp_path, "events", EVENT)
    planned = plan("events", {**DAYS, "end": "2026-03-21 16:00"})
    assert planned.updated == 1
    mark_last_day(event_id)
    with pytest.raises(Conflict, match="import-stale"), transaction() as session:
        kind("events").store(session, other, planned, NOW)


def test_an_import_is_not_undone_where_a_marked_day_would_be_left_out(tmp_path):
    event_id = make_days()
    number = bring_rows(tmp_path, "events", {**DAYS, "end": "2026-03-23 16:00"})
    mark(event_id, 4, Mark(row_of(event_id, "Ona"), is_present=True), now=NOW, by=1)
    with pytest.raises(Conflict, match="import-undo-sessions"):
        take_back(number)


def test_what_is_exported_changes_nothing_when_it_is_imported_again(tmp_path):
    event_id = make_full("Ona", "Jan", "Ewa")
    before = statuses(event_id), row_of(event_id, "Ona")
    result = plan("participations", *exported("participations"))
    assert (found(result), result.unchanged) == ([], 3)
    assert (statuses(event_id), row_of(event_id, "Ona")) == before
