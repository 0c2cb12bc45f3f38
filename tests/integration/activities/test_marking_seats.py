"""Marks keep the seats of who is marked, and undone let everybody be what they were."""

from datetime import datetime

import pytest
from sqlalchemy import text

from portal.activities.models import Participation, Registration
from portal.activities.queries.marking import list_people, tag_of
from portal.activities.services.attendance import ParticipationDraft, add_participation, update_participation
from portal.activities.services.events import lock_event
from portal.activities.services.marking import Mark, mark, mark_all, mark_rest_absent
from portal.activities.services.paper_sheets import WalkIn, add_walk_in
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.activities.desks import (
    HOUR,
    START,
    come,
    go,
    mails,
    make_desk,
    row_of,
    seats_taken,
    statuses,
    take,
)
from tests.integration.activities.files import bring_rows, take_back
from tests.make import make_event, make_people, make_project, version_of

# Two hours before the start.
DOORS = START - 2 * HOUR


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()
    yield
    assert list_violations() == []


def by_hand(event_id: int, name: str, status: str = "registered") -> int:
    add_participation(event_id, ParticipationDraft(f"{name}@example.org", "unknown", name, status=status), now=NOW)
    return row_of(event_id, name)


def say(event_id: int, name: str, *, there: bool = True, now: datetime = DOORS) -> bool:
    return mark(event_id, 1, Mark(row_of(event_id, name), is_present=there), now=now, by=1)


def test_a_person_entered_by_hand_keeps_the_seat_when_marked_and_when_unmarked():
    event_id = make_desk(2)
    by_hand(event_id, "hand")
    come(event_id, "ona")
    take(event_id, "ona")
    come(event_id, "jan")
    say(event_id, "hand")
    assert (statuses(event_id), seats_taken(event_id)) == (
        {"hand": "attended", "ona": "registered", "jan": "waitlisted"},
        2,
    )
    say(event_id, "hand", there=False)
    assert (statuses(event_id)["hand"], seats_taken(event_id)) == ("registered", 2)
    assert mails("registration_offer") == []


def test_a_status_stated_by_hand_keeps_the_seat_too():
    event_id = make_desk(1)
    row = by_hand(event_id, "hand")
    come(event_id, "jan")
    for status, taken in (("attended", 1), ("absent", 1), ("registered", 1)):
        draft = ParticipationDraft("hand@example.org", "unknown", "hand", status=status)
        update_participation(row, draft, event_id=event_id, now=NOW)
        assert (seats_taken(event_id), statuses(event_id)["jan"]) == (taken, "waitlisted")
    draft = ParticipationDraft("hand@example.org", "unknown", "hand", status="cancelled")
    update_participation(row, draft, event_id=event_id, now=NOW)
    assert statuses(event_id) == {"hand": "cancelled", "jan": "offered"}


def test_who_came_without_a_seat_takes_none():
    event_id = make_desk(1)
    add_walk_in(event_id, 1, WalkIn("Adam"), now=DOORS, by=1)
    assert seats_taken(event_id) == 0
    say(event_id, "Adam", there=False)
    assert (statuses(event_id), seats_taken(event_id)) == ({"Adam": "absent"}, 0)


def test_a_file_keeps_the_seat_and_undoing_it_lets_it_be_as_it_was(tmp_path):
    event_id = make_desk(1, event={"ref": "W1"})
    by_hand(event_id, "hand")
    come(event_id, "jan")
    say(event_id, "hand")
    row = {"event": "W1", "participant": "hand@example.org", "name": "hand"}
    first = bring_rows(tmp_path, "participations", {**row, "status": "absent"})
    assert (statuses(event_id)["hand"], seats_taken(event_id)) == ("absent", 1)
    take_back(first)
    assert (statuses(event_id)["hand"], seats_taken(event_id)) == ("attended", 1)
    second = bring_rows(tmp_path, "participations", {**row, "status": "registered"})
    assert (statuses(event_id)["hand"], seats_taken(event_id)) == ("registered", 1)
    take_back(second)
    assert seats_taken(event_id) == 1
    say(event_id, "hand", there=False)
    assert statuses(event_id) == {"hand": "registered", "jan": "waitlisted"}


def test_nobody_is_absent_before_the_event_has_begun():
    event_id = make_desk(1)
    by_hand(event_id, "hand")
    come(event_id, "jan")
    with pytest.raises(Conflict, match="absent-early"):
        mark_rest_absent(event_id, now=DOORS)
    assert statuses(event_id) == {"hand": "registered", "jan": "waitlisted"}
    assert mark_rest_absent(event_id, now=START) == 1
    assert (statuses(event_id)["hand"], seats_taken(event_id)) == ("absent", 1)


def test_the_rest_is_absent_only_of_the_list_that_was_shown():
    event_id = make_event()
    make_people(event_id, ["ona@example.org"], name="Ona", status="registered")
    shown = version_of(event_id)
    make_people(event_id, ["jan@example.org"], name="Jan", status="registered")
    with pytest.raises(Conflict, match="event-stale"):
        mark_rest_absent(event_id, version=shown, now=NOW)
    assert mark_rest_absent(event_id, version=version_of(event_id), now=NOW) == 2


def test_who_waits_and_is_marked_by_mistake_waits_on_at_the_same_place():
    event_id = make_desk(1)
    for name in ("ona", "jan", "ewa"):
        come(event_id, name)
    take(event_id, "ona")
    places = [db.session.get_one(Registration, row_of(event_id, name)).place for name in ("jan", "ewa")]
    add_walk_in(event_id, 1, WalkIn("jan", "jan@example.org"), now=DOORS, by=1)
    say(event_id, "jan", there=False)
    assert statuses(event_id) == {"ona": "registered", "jan": "waitlisted", "ewa": "waitlisted"}
    assert [db.session.get_one(Registration, row_of(event_id, name)).place for name in ("jan", "ewa")] == places
    go(event_id, "ona", now=DOORS)
    assert statuses(event_id) == {"ona": "cancelled", "jan": "offered", "ewa": "waitlisted"}


def test_who_had_cancelled_and_is_marked_by_mistake_has_cancelled():
    event_id = make_desk(1)
    come(event_id, "ona")
    go(event_id, "ona")
    add_walk_in(event_id, 1, WalkIn("ona", "ona@example.org"), now=DOORS, by=1)
    say(event_id, "ona", there=False)
    assert (statuses(event_id), seats_taken(event_id)) == ({"ona": "cancelled"}, 0)


def test_a_helper_marks_only_who_stands_on_the_sheet():
    event_id = make_desk(1)
    come(event_id, "ona")
    come(event_id, "jan")
    with pytest.raises(NotFound, match="participation-unknown"):
        mark(event_id, 1, Mark(row_of(event_id, "jan"), is_present=True), now=DOORS, by=0, by_link=True)
    assert mark(event_id, 1, Mark(row_of(event_id, "ona"), is_present=True), now=DOORS, by=0, by_link=True)


def test_the_number_of_somebody_who_was_removed_marks_nobody_else():
    event_id = make_event()
    make_people(event_id, ["ona@example.org"], name="Ona", status="registered")
    row = row_of(event_id, "Ona")
    with transaction() as session:
        was = session.get_one(Participation, row)
        tag = tag_of(row, was.participant)
        session.delete(was)
        session.flush()
        session.execute(
            text("UPDATE participations SET id = :row WHERE id = :new"),
            {"row": row, "new": _jan(session, event_id)},
        )
    assert row_of(event_id, "Jan") == row
    with pytest.raises(NotFound, match="participation-unknown"):
        mark(event_id, 1, Mark(row, is_present=True, tag=tag), now=NOW, by=1)
    assert mark_all(event_id, 1, [Mark(row, is_present=True, tag=tag)], now=NOW, by=1) == {"changed": 0, "gone": 1}
    [jan] = list_people(event_id, 1)
    assert mark(event_id, 1, Mark(row, is_present=True, tag=jan.ref.partition("-")[2]), now=NOW, by=1)


def _jan(session, event_id: int) -> int:
    new = Participation(event_id=event_id, participant="jan@example.org", name="Jan", status="registered")
    session.add(new)
    session.flush()
    return new.id


def test_an_event_that_was_read_before_it_is_held_is_read_anew():
    event_id = make_event()
    stale = version_of(event_id)
    with transaction() as session:
        lock_event(session, event_id, stale)
        session.execute(text("UPDATE events SET version = version + 1"))
        with pytest.raises(Conflict, match="event-stale"):
            lock_event(session, event_id, stale)
