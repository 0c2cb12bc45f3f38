"""Recording who was there: people one by one, and numbers without names."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.activities.models import Headcount, Participation
from portal.activities.queries import list_headcounts, list_participations
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    record_headcounts,
    remove_participation,
    update_participation,
)
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound, Problem
from tests.conftest import NOW
from tests.make import make_event, make_headcounts, make_people, make_project, version_of

pytestmark = pytest.mark.usefixtures("in_app")

ONA = ParticipationDraft(
    "Ona@Example.LT",
    "professional",
    name="Ona",
    organisation="Alytus",
    country="LT",
    gender="f",
    age_band="30-44",
    status="registered",
)

GROUPS = [
    "professional",
    "staff",
    "community_member",
    "convicted_person",
    "family_member",
    "spectator",
    "other",
    "unknown",
]
GENDERS = ["f", "m", "x", "unknown"]
AGE_BANDS = ["under18", "18-29", "30-44", "45-64", "65plus", "unknown"]
STATUSES = ["unconfirmed", "registered", "waitlisted", "offered", "expired", "cancelled", "attended", "absent"]


@pytest.fixture
def event_id(in_app) -> int:
    make_project()
    return make_event()


def add(event_id: int, draft: ParticipationDraft = ONA, **changes: Any) -> str:
    return add_participation(event_id, draft._replace(**changes), now=NOW)


def stated_problems(error: InvalidInput) -> list[Problem]:
    """The error's problems, with what is allowed as lists."""
    return [
        Problem(each.code, each.where, {k: list(v) if isinstance(v, tuple) else v for k, v in each.values.items()})
        for each in error.problems
    ]


def people_at(event_id: int) -> list[str]:
    return [row.participant for row in list_participations(event_id).rows]


def test_a_person_is_recorded_with_all_that_was_stated_and_the_e_mail_in_lower_case(event_id):
    assert add(event_id) == "ona@example.lt"
    [row] = list_participations(event_id).rows
    assert (row.participant, row.name, row.organisation, row.country) == ("ona@example.lt", "Ona", "Alytus", "LT")
    assert (row.group, row.gender, row.age_band, row.status) == ("professional", "f", "30-44", "registered")
    assert version_of(event_id) == 2


def test_a_person_stands_once_at_an_event_however_the_e_mail_is_written(event_id):
    add(event_id)
    with pytest.raises(Conflict) as refusal:
        add(event_id, participant="ONA@example.lt", name="Another")
    assert refusal.value.problem.code == "participant-twice"
    assert people_at(event_id) == ["ona@example.lt"]


def test_a_person_may_come_to_two_events(event_id):
    other = make_event()
    assert add(event_id) == add(other)


def test_what_is_unknown_is_refused_with_what_is_allowed_all_at_once(event_id):
    with pytest.raises(InvalidInputs) as refusal:
        add(event_id, group="guest", gender="w", age_band="17", country="LTU", status="came")
    assert stated_problems(refusal.value) == [
        Problem("unknown-value", "group", {"value": "guest", "allowed": GROUPS}),
        Problem("unknown-value", "gender", {"value": "w", "allowed": GENDERS}),
        Problem("unknown-value", "age_band", {"value": "17", "allowed": AGE_BANDS}),
        Problem("unknown-country", "country", {"value": "LTU"}),
        Problem("unknown-value", "status", {"value": "came", "allowed": STATUSES}),
    ]
    assert (people_at(event_id), version_of(event_id)) == ([], 1)


@pytest.mark.parametrize(
    ("participant", "code"),
    [("", "participant-missing"), ("ona@", "participant-email"), ("Ona Onaitė", "participant-code")],
)
def test_a_participant_without_a_proper_key_is_refused(event_id, participant, code):
    with pytest.raises(InvalidInput) as refusal:
        add(event_id, participant=participant)
    assert refusal.value.problem.code == code
    assert people_at(event_id) == []


def test_a_person_can_be_changed_and_keeps_the_own_key(event_id):
    add(event_id)
    [row] = list_participations(event_id).rows
    update_participation(row.id, ONA._replace(name="Ona O.", status="attended"), event_id=event_id, now=NOW)
    [row] = list_participations(event_id).rows
    assert (row.name, row.status, version_of(event_id)) == ("Ona O.", "attended", 3)


def test_a_change_cannot_turn_one_person_into_another_who_is_on_the_list(event_id):
    make_people(event_id, ["p01", "p02"])
    second = list_participations(event_id).rows[1]
    with pytest.raises(Conflict) as refusal:
        update_participation(second.id, ParticipationDraft("p01", "staff"), event_id=event_id, now=NOW)
    assert refusal.value.problem.code == "participant-twice"
    assert people_at(event_id) == ["p01", "p02"]


def test_a_removed_person_is_off_this_event_and_stays_at_others(event_id):
    other = make_event()
    add(event_id)
    add(other)
    remove_participation(list_participations(event_id).rows[0].id, event_id=event_id, now=NOW)
    assert (people_at(event_id), people_at(other)) == ([], ["ona@example.lt"])


def test_a_person_of_another_event_is_not_found(event_id):
    other = make_event()
    add(other)
    [row] = list_participations(other).rows
    for change in (
        lambda: update_participation(row.id, ONA, event_id=event_id, now=NOW),
        lambda: remove_participation(row.id, event_id=event_id, now=NOW),
    ):
        with pytest.raises(NotFound) as refusal:
            change()
        assert refusal.value.problem.code == "participation-unknown"
    assert people_at(other) == ["ona@example.lt"]


def test_nobody_is_recorded_at_an_event_that_is_not_there(event_id):
    for change in (
        lambda: add(77),
        lambda: update_participation(1, ONA, event_id=77, now=NOW),
        lambda: remove_participation(1, event_id=77, now=NOW),
        lambda: record_headcounts(77, [HeadcountDraft("staff", 1)], version=1, now=NOW),
    ):
        with pytest.raises(NotFound):
            change()
    assert db.session.scalars(select(Participation)).all() == []


def numbers_at(event_id: int) -> dict[tuple[str, str, str, str], int]:
    rows = list_headcounts(event_id)
    return {(row.group, row.country, row.gender, row.age_band): row.number for row in rows}


def test_numbers_are_kept_by_group_country_gender_and_age(event_id):
    make_headcounts(
        event_id,
        HeadcountDraft("community_member", 40),
        HeadcountDraft("community_member", 3, "PL"),
        HeadcountDraft("convicted_person", 16, "LT", "m", "18-29"),
    )
    assert numbers_at(event_id) == {
        ("community_member", "", "unknown", "unknown"): 40,
        ("community_member", "PL", "unknown", "unknown"): 3,
        ("convicted_person", "LT", "m", "18-29"): 16,
    }


def test_a_number_replaces_the_one_before_zero_takes_the_row_away_and_other_rows_stay(event_id):
    make_headcounts(event_id, HeadcountDraft("staff", 4), HeadcountDraft("other", 2), HeadcountDraft("spectator", 300))
    make_headcounts(event_id, HeadcountDraft("staff", 5), HeadcountDraft("other", 0), HeadcountDraft("unknown", 0))
    assert {row.group: row.number for row in list_headcounts(event_id)} == {"staff": 5, "spectator": 300}
    assert version_of(event_id) == 3


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_numbers_are_accepted_for_an_event_in_any_state(event_id, status):
    event_id = make_event(status=status)
    make_headcounts(event_id, HeadcountDraft("staff", 4))
    assert numbers_at(event_id) == {("staff", "", "unknown", "unknown"): 4}


def test_stale_numbers_are_a_conflict_and_store_nothing(event_id):
    make_people(event_id, ["p01"])
    with pytest.raises(Conflict) as refusal:
        record_headcounts(event_id, [HeadcountDraft("staff", 4)], version=1, now=NOW)
    assert refusal.value.problem.code == "event-stale"
    assert (numbers_at(event_id), version_of(event_id)) == ({}, 2)


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (HeadcountDraft("staff", -1), Problem("number-out-of-range", "number", {"least": 0, "most": 1_000_000})),
        (HeadcountDraft("staff", 1_000_001), Problem("number-out-of-range", "number", {"least": 0, "most": 1_000_000})),
        (HeadcountDraft("guest", 1), Problem("unknown-value", "group", {"value": "guest", "allowed": GROUPS})),
        (
            HeadcountDraft("staff", 1, gender="w"),
            Problem("unknown-value", "gender", {"value": "w", "allowed": GENDERS}),
        ),
        (
            HeadcountDraft("staff", 1, age_band="17"),
            Problem("unknown-value", "age_band", {"value": "17", "allowed": AGE_BANDS}),
        ),
        (HeadcountDraft("staff", 1, "lt"), Problem("unknown-country", "country", {"value": "lt"})),
    ],
    ids=lambda value: value.where if isinstance(value, Problem) else "",
)
def test_a_number_that_cannot_be_kept_is_refused_and_the_good_ones_with_it(event_id, draft, problem):
    with pytest.raises(InvalidInputs) as refusal:
        record_headcounts(event_id, [HeadcountDraft("other", 7), draft], version=1, now=NOW)
    assert stated_problems(refusal.value) == [problem]
    assert (numbers_at(event_id), version_of(event_id)) == ({}, 1)


def test_a_number_stated_twice_for_the_same_people_is_refused_and_neither_is_stored(event_id):
    with pytest.raises(InvalidInput):
        record_headcounts(event_id, [HeadcountDraft("staff", 4), HeadcountDraft("staff", 5)], version=1, now=NOW)
    assert db.session.scalars(select(Headcount)).all() == []
