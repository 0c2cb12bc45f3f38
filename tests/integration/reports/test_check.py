"""`portal check`: clean on what the services stored, and every violation found that raw SQL can make."""

import json

import pytest
from sqlalchemy import text

from portal.core.db import db
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_people,
    make_project,
    make_tournament,
    run_portal,
)

CLEAN = (0, "Every invariant holds.\n", "")


@pytest.fixture(autouse=True)
def _stored(app):
    with app.app_context():
        make_project()
        make_tournament()
        event_id = make_event(ref="W1", kind="support_group", activity="2.3", status="held")
        make_people(event_id, [""], group="convicted_person")
        make_people(event_id, ["ona@example.lt"], name="Ona Onaitė")


def check(app):
    result = run_portal(app, "check")
    return result.exit_code, result.stdout, result.stderr


def do(app, *statements: str) -> None:
    with app.app_context():
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()


def test_what_the_services_stored_is_clean(app):
    assert check(app) == CLEAN


def test_as_json_violations_and_notes_are_one_document(app):
    clean = run_portal(app, "check", "--format", "json")
    assert (clean.exit_code, json.loads(clean.stdout)) == (0, {"violations": [], "notes": []})
    do(app, "UPDATE events SET counting_date = '2026-06-07' WHERE ref = 'V1'")
    broken = run_portal(app, "check", "--format", "json")
    violation = {"invariant": "counting-date", "subject": "LTPL00388 V1"}
    assert (broken.exit_code, json.loads(broken.stdout)) == (1, {"violations": [violation], "notes": []})
    assert broken.stderr == "counting-date: LTPL00388 V1\n"


def test_an_empty_database_is_clean(app):
    do(app, "DELETE FROM events", "DELETE FROM projects")
    assert check(app) == CLEAN


# The tests' today is 20 November 2026.
TOMORROW = (
    "UPDATE events SET starts_at = '2026-11-21 09:00:00+00:00', ends_at = '2026-11-21 19:00:00+00:00', "
    "counting_date = '2026-11-21' WHERE ref = 'V1'"
)
SUM = "key = 'joint_actions'"
IDS = "(SELECT id FROM events WHERE ref = 'V1')"
PERSON = 'participations (event_id, participant, name, organisation, country, "group", gender, age_band, status)'


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            """UPDATE indicators SET measure = '{"kind": "parties"}' WHERE key = 'public_events'""",
            ["measure: LTPL00388 public_events: unknown-value"],
        ),
        (
            f"""UPDATE indicators SET measure = '{{"kind": "sum", "of": ["joint_actions"]}}' WHERE {SUM}""",
            ["measure: LTPL00388 indicators.joint_actions.measure.of: sum-cycle"],
        ),
        (
            f"""UPDATE indicators SET measure = '{{"kind": "sum", "of": ["gone"]}}' WHERE {SUM}""",
            ["measure: LTPL00388 indicators.joint_actions.measure.of: unknown-indicator"],
        ),
        ("UPDATE organisations SET role = 'lead' WHERE key = 'ols'", ["two-leads: LTPL00388 lps, ols"]),
        (
            "UPDATE reporting_periods SET first_day = '2026-06-30' WHERE number = 2",
            ["periods-overlap: LTPL00388 1 and 2"],
        ),
        ("UPDATE events SET counting_date = '2026-06-07' WHERE ref = 'V1'", ["counting-date: LTPL00388 V1"]),
        (
            TOMORROW,
            ["held-in-future: LTPL00388 V1"],
        ),
        (
            f"DELETE FROM event_organisers WHERE event_id = {IDS}",
            ["event-without-organiser: LTPL00388 V1"],
        ),
        (
            f"INSERT INTO {PERSON} VALUES ({IDS}, 'K001', 'Jonas', '', '', 'staff', 'm', 'unknown', 'attended')",
            ["sensitive-name: LTPL00388 participation 3"],
        ),
        (
            f"INSERT INTO {PERSON} VALUES ({IDS}, 'K001', '', 'Prison', '', 'staff', 'm', 'unknown', 'attended')",
            ["sensitive-name: LTPL00388 participation 3"],
        ),
    ],
    ids=lambda value: value[0].partition(":")[0] if isinstance(value, list) else "",
)
def test_a_violation_is_printed_with_its_subject_and_ends_with_1(app, statement, found):
    do(app, statement)
    code, stdout, stderr = check(app)
    assert (code, stdout, stderr.splitlines()) == (1, "", found)


def test_an_event_with_parts_of_another_project_is_a_violation(app):
    with app.app_context():
        make_other_project()
    do(
        app,
        "UPDATE events SET activity_id = "
        f"(SELECT id FROM activities WHERE project_code = '{OTHER_PROJECT}' AND number = '2.4') WHERE ref = 'V1'",
    )
    assert check(app) == (1, "", f"foreign-parts: {PROJECT} V1\n")


def test_an_organiser_from_another_project_is_a_violation(app):
    with app.app_context():
        make_other_project()
    do(
        app,
        "UPDATE event_organisers SET organisation_id = "
        f"(SELECT id FROM organisations WHERE project_code = '{OTHER_PROJECT}' AND key = 'ols') "
        f"WHERE event_id = {IDS} AND organisation_id = "
        f"(SELECT id FROM organisations WHERE project_code = '{PROJECT}' AND key = 'ols')",
    )
    assert check(app) == (1, "", f"foreign-parts: {PROJECT} V1\n")


def test_an_exclusion_from_a_row_of_another_project_is_a_violation(app):
    with app.app_context():
        make_other_project()
    do(
        app,
        "INSERT INTO exclusions (event_id, indicator_id, reason, actor, made_at) SELECT events.id, indicators.id, "
        "'Why', 'someone', '2026-11-20 09:00:00+00:00' FROM events, indicators WHERE events.ref = 'V1' "
        f"AND indicators.project_code = '{OTHER_PROJECT}' AND indicators.key = 'initiatives'",
    )
    assert check(app) == (1, "", f"foreign-exclusion: {PROJECT} V1 from {OTHER_PROJECT} initiatives\n")


def test_an_event_in_a_time_zone_that_does_not_exist_is_a_violation_and_not_a_failure(app):
    do(app, "UPDATE events SET time_zone = 'Europe/Kaunas' WHERE ref = 'V1'")
    code, stdout, stderr = check(app)
    assert (code, stdout) == (1, "")
    assert f"{PROJECT} V1" in stderr


def test_all_violations_are_printed_project_by_project(app):
    with app.app_context():
        make_other_project()
    do(
        app,
        "UPDATE reporting_periods SET first_day = '2026-06-30' WHERE number = 2",
        "UPDATE events SET counting_date = '2026-06-07' WHERE ref = 'V1'",
    )
    assert check(app)[2].splitlines() == [
        f"periods-overlap: {PROJECT} 1 and 2",
        f"counting-date: {PROJECT} V1",
        f"periods-overlap: {OTHER_PROJECT} 1 and 2",
    ]
