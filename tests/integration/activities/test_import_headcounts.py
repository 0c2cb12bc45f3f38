"""Files of headcounts: what is taken, what is refused, and what is said about it."""

import pytest
from sqlalchemy import select

from portal.activities.queries import list_headcounts
from portal.activities.services.attendance import HeadcountDraft
from portal.audit.models import AuditEntry
from portal.core.db import db
from tests.integration.activities.files import bring_rows, counts, exported, found, plan
from tests.make import make_event, make_headcounts, make_project, version_of

STAFF = {"event": "V1", "group": "staff", "country": "LT", "gender": "f", "age_band": "30-44", "number": 10}


@pytest.fixture(autouse=True)
def event_id(in_app) -> int:
    make_project()
    return make_event(ref="V1")


def numbers(event_id: int) -> dict[tuple[str, ...], int]:
    return {(row.group, row.country, row.gender, row.age_band): row.number for row in list_headcounts(event_id)}


def test_a_number_is_stored_with_its_details_or_without(event_id, tmp_path):
    before = version_of(event_id)
    bring_rows(
        tmp_path, "headcounts", STAFF, {**dict.fromkeys(STAFF, ""), "event": "V1", "group": "staff", "number": 3}
    )
    bring_rows(tmp_path, "headcounts", {"event": "V1", "group": "spectator", "number": 300})
    assert numbers(event_id) == {
        ("staff", "LT", "f", "30-44"): 10,
        ("staff", "", "unknown", "unknown"): 3,
        ("spectator", "", "unknown", "unknown"): 300,
    }
    assert version_of(event_id) == before + 2


def test_a_number_replaces_the_one_before_and_leaves_the_others(event_id, tmp_path):
    make_headcounts(event_id, HeadcountDraft("staff", 4, "LT", "f", "30-44"), HeadcountDraft("convicted_person", 16))
    assert counts(plan("headcounts", STAFF, {"event": "V1"} | {**STAFF, "group": "convicted_person"})) == (1, 1, 0)
    bring_rows(tmp_path, "headcounts", STAFF)
    assert numbers(event_id) == {
        ("staff", "LT", "f", "30-44"): 10,
        ("convicted_person", "", "unknown", "unknown"): 16,
    }
    assert counts(plan("headcounts", STAFF)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"event": None}, "event", "import-cell-empty"),
        ({"event": "V9"}, "event", "import-event-unknown"),
        ({"group": None}, "group", "import-cell-empty"),
        ({"group": "guests"}, "group", "cell-choice"),
        ({"country": "Lithuania"}, "country", "unknown-country"),
        ({"gender": "female"}, "gender", "cell-choice"),
        ({"age_band": "old"}, "age_band", "cell-choice"),
        ({"number": None}, "number", "import-cell-empty"),
        ({"number": 0}, "number", "cell-out-of-range"),
        ({"number": -1}, "number", "cell-out-of-range"),
        ({"number": 1_000_001}, "number", "cell-out-of-range"),
        ({"number": "ten"}, "number", "cell-not-whole"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused(change, column, code):
    assert found(plan("headcounts", {**STAFF, **change})) == [(2, column, code)]


def test_everything_wrong_with_a_row_is_said_at_once():
    result = plan("headcounts", {"event": "V9", "group": "guests", "country": "XX", "number": 0})
    assert [each[1] for each in found(result)] == ["group", "country", "number", "event"]


def test_the_same_people_twice_are_refused_naming_the_first_row():
    bare = {"event": "V1", "group": "staff", "country": None, "gender": None, "age_band": None, "number": 1}
    result = plan("headcounts", bare, STAFF, {**bare, "gender": "unknown", "number": 2})
    assert found(result) == [(4, "group", "import-row-twice")]
    assert result.problems[0].problem.values == {"first": 2}


def test_a_partner_brings_numbers_only_to_own_events(tmp_path):
    make_headcounts(make_event(ref="L1", organisers=["lpro"]), HeadcountDraft("staff", 4))
    theirs = {"event": "L1", "group": "staff", "number": 5}
    assert found(plan("headcounts", theirs, reach={"ols"})) == [(2, "event", "import-event-not-own")]
    # Numbers are open to every member: a row that changes none may stand in a file of all events.
    assert counts(plan("headcounts", {**theirs, "number": 4}, reach={"ols"})) == (0, 0, 1)


def test_numbers_are_exported_by_their_keys_and_only_within_the_reach(event_id):
    make_headcounts(event_id, HeadcountDraft("staff", 4, "PL"), HeadcountDraft("staff", 3), HeadcountDraft("other", 1))
    make_headcounts(make_event(ref="L1", organisers=["lpro"]), HeadcountDraft("staff", 4))
    shown = [tuple(row.values()) for row in exported("headcounts")]
    assert shown == [
        ("L1", "staff", "", "unknown", "unknown", 4),
        ("V1", "other", "", "unknown", "unknown", 1),
        ("V1", "staff", "", "unknown", "unknown", 3),
        ("V1", "staff", "PL", "unknown", "unknown", 4),
    ]
    assert {row["event"] for row in exported("headcounts", {"ols"})} == {"V1"}


def test_the_audit_keeps_the_numbers_that_changed_by_event(event_id, tmp_path):
    make_headcounts(event_id, HeadcountDraft("staff", 4))
    bring_rows(
        tmp_path,
        "headcounts",
        {"event": "V1", "group": "staff", "country": "", "number": 5},
        {"event": "V1", "group": "staff", "country": "LT", "number": 2},
    )
    query = select(AuditEntry.subject, AuditEntry.changes).where(AuditEntry.action == "headcounts_imported")
    assert db.session.execute(query).all() == [
        ("V1", {"staff, unknown, unknown": [4, 5], "staff, LT, unknown, unknown": [None, 2]})
    ]
