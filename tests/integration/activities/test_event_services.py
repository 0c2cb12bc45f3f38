"""Changing events: what is stored, what is refused, and that a refusal stores nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.activities.models import Event
from portal.activities.queries import get_event
from portal.activities.rules.drafts import EventDraft
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.events import create_event, move_event, remove_examples, update_event
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound
from portal.projects.models import Project
from tests.conftest import NOW
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_headcounts,
    make_other_project,
    make_people,
    make_project,
    version_of,
)

pytestmark = pytest.mark.usefixtures("in_app")

WORKSHOP = EventDraft(
    title={"en": "Opening workshop", "lt": "", "pl": "Warsztaty"},
    kind="workshop",
    activity="1.1",
    organisers=["ols", "lps"],
    country="LT",
    starts=datetime(2026, 3, 10, 10, 0),
    ends=datetime(2026, 3, 10, 16, 0),
)


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def create(**changes: Any) -> Event:
    return get_event(PROJECT, create_event(PROJECT, WORKSHOP._replace(**changes), now=NOW))


def count_events() -> int:
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


def test_a_new_event_is_planned_and_keeps_what_was_stated():
    event = create(place="Kaunas", is_public=True, capacity=30, planned_participants=24)
    assert (event.status, event.kind, event.activity.number, event.country) == ("planned", "workshop", "1.1", "LT")
    assert event.title == {"en": "Opening workshop", "pl": "Warsztaty"}
    assert event.organiser_keys == ["lps", "ols"]
    assert event.starts_at == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    assert (event.time_zone, event.counting_date) == ("Europe/Vilnius", date(2026, 3, 10))
    assert (event.place, event.is_public, event.capacity, event.planned_participants) == ("Kaunas", True, 30, 24)
    assert (event.version, event.created_at, event.is_example) == (1, NOW, False)


@pytest.mark.parametrize(
    ("starts", "country", "day"),
    [
        (datetime(2026, 1, 1, 0, 30), "LT", date(2026, 1, 1)),
        (datetime(2026, 12, 31, 23, 30), "PL", date(2026, 12, 31)),
    ],
)
def test_the_counting_date_is_the_day_on_the_calendar_at_the_place(starts, country, day):
    assert create(starts=starts, ends=starts + timedelta(hours=2), country=country).counting_date == day


def test_events_without_a_reference_are_numbered_around_those_that_are_taken():
    assert [create(ref=ref).ref for ref in ("", "E3", "", "V1", "")] == ["E1", "E3", "E4", "V1", "E5"]


def test_a_reference_is_given_once_in_a_project():
    create(ref="V1")
    with pytest.raises(InvalidInput) as refusal:
        create(ref="V1")
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("event-ref-taken", "ref")
    assert refusal.value.problem.values == {"value": "V1"}
    assert count_events() == 1


def test_two_projects_may_use_the_same_reference():
    create(ref="V1")
    make_other_project()
    assert create_event(OTHER_PROJECT, WORKSHOP._replace(ref="V1"), now=NOW)


def test_a_draft_with_faults_stores_nothing_and_names_them_all():
    make_event(ref="V1")
    with pytest.raises(InvalidInputs) as refusal:
        create(ref="V1", kind="party", organisers=["nato"], country="XX", time_zone="Europe/Kaunas", title={})
    assert {problem.where for problem in refusal.value.problems} == {
        "ref",
        "kind",
        "organisers",
        "country",
        "time_zone",
        "title_en",
    }
    assert count_events() == 1


def test_an_event_outside_the_projects_days_is_accepted():
    event = create(starts=datetime(2025, 12, 30, 10, 0), ends=datetime(2025, 12, 30, 16, 0))
    assert event.counting_date == date(2025, 12, 30)


def test_a_change_is_stored_and_counted_in_the_version():
    event = create(ref="W1")
    changed = WORKSHOP._replace(title={"en": "Closing workshop"}, organisers=["lpro"], kind="training", activity="2.1")
    update_event(event.id, changed, version=1, now=NOW + timedelta(days=1))
    event = get_event(PROJECT, event.id)
    assert (event.title, event.organiser_keys, event.kind) == ({"en": "Closing workshop"}, ["lpro"], "training")
    assert (event.activity.number, event.ref) == ("2.1", "W1")
    assert (event.version, event.updated_at) == (2, NOW + timedelta(days=1))


def test_a_stale_change_is_a_conflict_and_stores_nothing():
    event = create()
    update_event(event.id, WORKSHOP._replace(place="Alytus"), version=1, now=NOW)
    with pytest.raises(Conflict) as refusal:
        update_event(event.id, WORKSHOP._replace(place="Kaunas"), version=1, now=NOW)
    assert refusal.value.problem.code == "event-stale"
    assert (get_event(PROJECT, event.id).place, version_of(event.id)) == ("Alytus", 2)


def test_attendance_recorded_meanwhile_makes_an_open_form_stale():
    event = create()
    make_people(event.id, ["p01"])
    with pytest.raises(Conflict):
        update_event(event.id, WORKSHOP, version=1, now=NOW)


def test_a_change_with_faults_stores_nothing():
    event = create()
    with pytest.raises(InvalidInputs):
        update_event(event.id, WORKSHOP._replace(place="Kaunas", ends=WORKSHOP.starts), version=1, now=NOW)
    assert (get_event(PROJECT, event.id).place, version_of(event.id)) == ("", 1)


def test_an_event_may_keep_its_reference_but_not_take_anothers():
    create(ref="V1")
    event = create(ref="V2")
    update_event(event.id, WORKSHOP._replace(ref="V2"), version=1, now=NOW)
    with pytest.raises(InvalidInput) as refusal:
        update_event(event.id, WORKSHOP._replace(ref="V1"), version=2, now=NOW)
    assert refusal.value.problem.code == "event-ref-taken"
    assert get_event(PROJECT, event.id).ref == "V2"


FUTURE = {"starts": datetime(2026, 11, 21, 10, 0), "ends": datetime(2026, 11, 21, 16, 0)}


def test_a_held_event_cannot_be_moved_into_the_future():
    event_id = make_event(status="held")
    with pytest.raises(InvalidInput) as refusal:
        update_event(event_id, WORKSHOP._replace(**FUTURE), version=2, now=NOW)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("held-in-future", "starts")
    event = get_event(PROJECT, event_id)
    assert (event.counting_date, event.version) == (date(2026, 3, 10), 2)


def test_a_planned_event_can_be_moved_into_the_future():
    event = create()
    update_event(event.id, WORKSHOP._replace(**FUTURE), version=1, now=NOW)
    assert get_event(PROJECT, event.id).counting_date == date(2026, 11, 21)


@pytest.mark.parametrize("moves", [["held"], ["cancelled"], ["held", "planned"], ["cancelled", "planned", "held"]])
def test_an_event_moves_from_state_to_state(moves):
    event = create()
    for number, wanted in enumerate(moves, start=1):
        move_event(event.id, wanted, version=number, now=NOW)
    event = get_event(PROJECT, event.id)
    assert (event.status, event.version) == (moves[-1], 1 + len(moves))


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("planned", "planned"),
        ("held", "held"),
        ("held", "cancelled"),
        ("cancelled", "cancelled"),
        ("cancelled", "held"),
    ],
)
def test_a_move_that_the_state_does_not_allow_is_a_conflict(status, wanted):
    event_id = make_event(status=status)
    version = version_of(event_id)
    with pytest.raises(Conflict) as refusal:
        move_event(event_id, wanted, version=version, now=NOW)
    assert refusal.value.problem.code == "event-move"
    assert (get_event(PROJECT, event_id).status, version_of(event_id)) == (status, version)


def test_an_event_that_has_not_begun_cannot_be_held():
    event = create(**FUTURE)
    with pytest.raises(Conflict) as refusal:
        move_event(event.id, "held", version=1, now=NOW)
    assert refusal.value.problem.code == "event-not-begun"
    assert get_event(PROJECT, event.id).status == "planned"


def test_a_stale_move_is_a_conflict():
    event = create()
    make_headcounts(event.id, HeadcountDraft("staff", 3))
    with pytest.raises(Conflict) as refusal:
        move_event(event.id, "held", version=1, now=NOW)
    assert refusal.value.problem.code == "event-stale"
    assert get_event(PROJECT, event.id).status == "planned"


def test_an_event_that_is_not_there_is_not_found():
    for change in (
        lambda: update_event(77, WORKSHOP, version=1, now=NOW),
        lambda: move_event(77, "held", version=1, now=NOW),
        lambda: get_event(PROJECT, 77),
    ):
        with pytest.raises(NotFound) as refusal:
            change()
        assert refusal.value.problem.code == "event-unknown"


def test_an_example_that_someone_changes_is_theirs_and_stays():
    example = create_event(PROJECT, WORKSHOP, now=NOW, example=True)
    update_event(example, WORKSHOP._replace(place="Kaunas"), version=1, now=NOW)
    assert remove_examples(PROJECT, now=NOW) == 0
    assert get_event(PROJECT, example).place == "Kaunas"


def test_removing_the_examples_takes_them_with_all_that_hangs_on_them_and_leaves_the_rest():
    example = create_event(PROJECT, WORKSHOP, now=NOW, example=True)
    make_people(example, ["p01", "p02"])
    make_headcounts(example, HeadcountDraft("staff", 3))
    kept = create().id
    make_people(kept, ["p01"])
    assert remove_examples(PROJECT, now=NOW) == 1
    assert [event.id for event in db.session.scalars(select(Event))] == [kept]
    assert remove_examples(PROJECT, now=NOW) == 0
    assert len(get_event(PROJECT, kept).participations) == 1


def test_in_a_closed_project_nothing_is_recorded_any_more():
    make_project()
    event_id = make_event()
    db.session.get_one(Project, PROJECT).status = "closed"
    db.session.commit()
    acts = (
        lambda: create_event(PROJECT, WORKSHOP, now=NOW),
        lambda: update_event(event_id, WORKSHOP, version=version_of(event_id), now=NOW),
        lambda: move_event(event_id, "held", version=version_of(event_id), now=NOW),
        lambda: make_headcounts(event_id, HeadcountDraft("staff", 4)),
        lambda: make_people(event_id, ["p01"]),
    )
    for act in acts:
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.problem.code == "project-closed"
        db.session.rollback()
    assert (get_event(PROJECT, event_id).status, version_of(event_id)) == ("planned", 1)
