"""Files of events and participants where people register: refused at the row, and seats passed on when stored."""

import pytest

from portal.activities.models import Event
from portal.activities.queries import get_event_by_ref
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
from tests.make import PROJECT, make_project

JAN = {"event": "S1", "participant": "jan@example.org", "name": "Jan"}
ZOFIA = {"event": "S1", "participant": "zofia@example.org", "name": "Zofia", "status": "registered"}
EVENT = {
    "ref": "S1", "title": "Opening workshop", "kind": "workshop", "activity": "1.1", "start": "2026-12-20 10:00",
    "end": "2026-12-20 16:00", "country": "LT", "place": "Vilnius", "organisers": "lps;ols", "capacity": 2,
}  # fmt: skip


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


def test_what_is_exported_changes_nothing_when_it_is_imported_again(tmp_path):
    event_id = make_full("Ona", "Jan", "Ewa")
    before = statuses(event_id), row_of(event_id, "Ona")
    result = plan("participations", *exported("participations"))
    assert (found(result), result.unchanged) == ([], 3)
    assert (statuses(event_id), row_of(event_id, "Ona")) == before
