"""What may be said of the progress of the plan, and what is late."""

from datetime import date

import pytest

from portal.core.errors import InvalidInputs
from portal.projects.rules.progress import (
    ActivityProgress,
    DeliverableProgress,
    activity_lateness,
    check_activity,
    check_deliverable,
    is_overdue,
)

TODAY = date(2026, 11, 20)
MARCH, JUNE, TOMORROW = date(2026, 3, 2), date(2026, 6, 30), date(2026, 11, 21)


def codes(progress: ActivityProgress) -> list[tuple[str, str]]:
    """The problems and where they stand."""
    with pytest.raises(InvalidInputs) as caught:
        check_activity(progress, today=TODAY)
    return [(problem.code, problem.where) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "progress",
    [
        ActivityProgress("planned", note="Begins in May"),
        ActivityProgress("running", MARCH),
        ActivityProgress("running", TODAY),
        ActivityProgress("done", MARCH, JUNE),
        ActivityProgress("done", TODAY, TODAY),
        ActivityProgress("cancelled"),
        ActivityProgress("cancelled", MARCH),
        ActivityProgress("cancelled", MARCH, JUNE),
    ],
)
def test_days_that_agree_with_the_status_are_taken(progress):
    check_activity(progress, today=TODAY)


@pytest.mark.parametrize(
    ("progress", "problems"),
    [
        (ActivityProgress("planned", MARCH), [("progress-begun", "status")]),
        (ActivityProgress("planned", None, JUNE), [("progress-begun", "status")]),
        (ActivityProgress("running"), [("progress-first-day", "actual_first_day")]),
        (ActivityProgress("running", MARCH, JUNE), [("progress-ended", "status")]),
        (
            ActivityProgress("done"),
            [("progress-first-day", "actual_first_day"), ("progress-last-day", "actual_last_day")],
        ),
        (ActivityProgress("done", MARCH), [("progress-last-day", "actual_last_day")]),
        (ActivityProgress("done", None, JUNE), [("progress-first-day", "actual_first_day")]),
        (ActivityProgress("cancelled", None, JUNE), [("progress-first-day", "actual_first_day")]),
        (ActivityProgress("done", JUNE, MARCH), [("actual-days-order", "actual_last_day")]),
        (ActivityProgress("running", TOMORROW), [("day-to-come", "actual_first_day")]),
        (ActivityProgress("done", MARCH, TOMORROW), [("day-to-come", "actual_last_day")]),
        (ActivityProgress("running", date(1989, 12, 31)), [("date-out-of-range", "actual_first_day")]),
        (ActivityProgress("late", MARCH), [("unknown-value", "status")]),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(progress, problems):
    assert codes(progress) == problems


def test_a_deliverable_is_delivered_today_at_the_latest():
    check_deliverable(DeliverableProgress(TODAY), today=TODAY)
    check_deliverable(DeliverableProgress(None, "Sent back"), today=TODAY)
    with pytest.raises(InvalidInputs) as caught:
        check_deliverable(DeliverableProgress(TOMORROW), today=TODAY)
    assert caught.value.problem == ("day-to-come", "delivered_day", {"value": TOMORROW, "today": TODAY}, 0)


@pytest.mark.parametrize(
    ("status", "first", "last", "why"),
    [
        ("planned", MARCH, TOMORROW, "not-begun"),
        ("planned", TODAY, TOMORROW, ""),
        ("planned", MARCH, None, "not-begun"),
        ("planned", None, None, ""),
        ("planned", MARCH, JUNE, "not-ended"),
        ("planned", None, JUNE, "not-ended"),
        ("running", MARCH, TOMORROW, ""),
        ("running", MARCH, TODAY, ""),
        ("running", MARCH, JUNE, "not-ended"),
        ("done", MARCH, JUNE, ""),
        ("cancelled", MARCH, JUNE, ""),
    ],
)
def test_an_activity_is_late_from_the_day_after_it_should_have_begun_or_ended(status, first, last, why):
    assert activity_lateness(status, first, last, today=TODAY) == why


@pytest.mark.parametrize(
    ("due", "delivered", "status", "overdue"),
    [
        (JUNE, None, "running", True),
        (TODAY, None, "running", False),
        (None, None, "done", False),
        (JUNE, TODAY, "running", False),
        (JUNE, None, "done", True),
        (JUNE, None, "cancelled", False),
    ],
)
def test_a_deliverable_is_overdue_from_the_day_after_it_was_due(due, delivered, status, overdue):
    assert is_overdue(due, delivered, activity_status=status, today=TODAY) is overdue
