"""Recording progress: what is stored, what the audit keeps, and when nothing is stored at all."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.queries.plan import get_activity, get_deliverable
from portal.projects.rules.progress import ActivityProgress, DeliverableProgress
from portal.projects.services.progress import record_activity_progress, record_deliverable_progress
from tests.conftest import NOW
from tests.integration.reports.plans import set_status, state_deliverable, version_of_plan
from tests.make import OTHER_PROJECT, PROJECT, make_other_project, make_project

MARCH, JUNE = date(2026, 3, 2), date(2026, 6, 30)
RUNNING = ActivityProgress("running", MARCH, note="The first room is rented.")
DELIVERED = DeliverableProgress(JUNE, "On the project's page")

pytestmark = pytest.mark.usefixtures("plan")


@pytest.fixture
def plan(in_app):
    make_project()
    state_deliverable("D1.1.1", "1.1", due_day=JUNE)


def record_activity(progress: ActivityProgress = RUNNING, *, number: str = "1.1", version: int | None = None, now=NOW):
    opened = version_of_plan() if version is None else version
    record_activity_progress(PROJECT, number, progress, version=opened, now=now)


def record_deliverable(
    progress: DeliverableProgress = DELIVERED, *, number: str = "D1.1.1", version: int | None = None
):
    opened = version_of_plan() if version is None else version
    record_deliverable_progress(PROJECT, number, progress, version=opened, now=NOW)


def last_entry() -> tuple[str, str, str, dict]:
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    return entry.action, entry.subject_kind, entry.subject, entry.changes


def test_the_progress_of_an_activity_is_stored_and_audited():
    record_activity()
    activity = get_activity(PROJECT, "1.1")
    assert (activity.status, activity.actual_first_day, activity.note) == ("running", MARCH, RUNNING.note)
    assert last_entry() == (
        "activity_progress",
        "activity",
        "1.1",
        {
            "status": ["planned", "running"],
            "actual_first_day": [None, "2026-03-02"],
            "note": ["", "The first room is rented."],
        },
    )


def test_the_delivery_is_stored_and_audited():
    record_deliverable()
    deliverable = get_deliverable(PROJECT, "D1.1.1")
    assert (deliverable.delivered_day, deliverable.note) == (JUNE, "On the project's page")
    assert last_entry() == (
        "deliverable_progress",
        "deliverable",
        "D1.1.1",
        {"delivered_day": [None, "2026-06-30"], "note": ["", "On the project's page"]},
    )


def test_each_change_makes_forms_stale_and_saying_the_same_again_does_not():
    opened = version_of_plan()
    record_activity()
    record_deliverable()
    assert version_of_plan() == opened + 2
    entries = len(db.session.scalars(select(AuditEntry)).all())
    record_activity()
    record_deliverable()
    assert version_of_plan() == opened + 2
    assert len(db.session.scalars(select(AuditEntry)).all()) == entries


@pytest.mark.parametrize("record", [record_activity, record_deliverable])
def test_a_plan_changed_meanwhile_is_not_changed_again(record):
    with pytest.raises(Conflict) as caught:
        record(version=version_of_plan() - 1)
    assert caught.value.problem.code == "project-stale"


@pytest.mark.parametrize("record", [record_activity, record_deliverable])
def test_nothing_changes_in_a_closed_project(record):
    set_status("closed")
    with pytest.raises(Conflict) as caught:
        record()
    assert caught.value.problem.code == "project-closed"
    assert get_activity(PROJECT, "1.1").status == "planned"
    assert get_deliverable(PROJECT, "D1.1.1").delivered_day is None


@pytest.mark.parametrize(
    ("record", "code"), [(record_activity, "activity-unknown"), (record_deliverable, "deliverable-unknown")]
)
def test_what_is_not_in_the_plan_is_not_found(record, code):
    with pytest.raises(NotFound) as caught:
        record(number="9.9")
    assert caught.value.problem.code == code


def test_a_deliverable_of_another_project_is_not_found():
    make_other_project()
    with pytest.raises(NotFound):
        record_deliverable_progress(OTHER_PROJECT, "D1.1.1", DELIVERED, version=1, now=NOW)
    with pytest.raises(NotFound):
        record_activity_progress("NOWHERE", "1.1", RUNNING, version=1, now=NOW)
    with pytest.raises(NotFound):
        get_deliverable(OTHER_PROJECT, "D1.1.1")


def test_contradictions_store_nothing():
    opened = version_of_plan()
    with pytest.raises(InvalidInput):
        record_activity(ActivityProgress("done", JUNE, MARCH))
    with pytest.raises(InvalidInput):
        record_deliverable(DeliverableProgress(date(2026, 11, 21)))
    assert version_of_plan() == opened
    assert get_activity(PROJECT, "1.1").actual_first_day is None


def test_today_is_that_of_the_projects_time_zone():
    """At 22:30 UTC on 20 November it is the 21st in Vilnius."""
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    begun = ActivityProgress("running", date(2026, 11, 21))
    with pytest.raises(InvalidInput):
        record_activity(begun, now=NOW)
    record_activity(begun, now=late)
    assert get_activity(PROJECT, "1.1").actual_first_day == date(2026, 11, 21)
