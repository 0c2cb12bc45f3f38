"""Progress of the plan: what may be said of it, and what is late. All days are days of the project's time zone."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.core.periods import FIRST_YEAR, LAST_YEAR
from portal.projects.rules.vocabulary import ACTIVITY_STATUSES


class ActivityStatus(StrEnum):
    """How far an activity is."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


ENDED = frozenset({ActivityStatus.DONE, ActivityStatus.CANCELLED})


class ActivityProgress(NamedTuple):
    """What is said of an activity: its status, the days on which it truly began and ended, and a note."""

    status: str
    actual_first_day: date | None = None
    actual_last_day: date | None = None
    note: str = ""


class DeliverableProgress(NamedTuple):
    """What is said of a deliverable: the day it was handed over (None: not yet), and a note."""

    delivered_day: date | None = None
    note: str = ""


def check_activity(progress: ActivityProgress, *, today: date) -> None:
    """Raise InvalidInputs with everything that contradicts itself or is still to come.

    What is planned has no days yet; what runs has begun; what is done has begun and ended; what is cancelled may have
    begun. `where` names the field.
    """
    problems = [
        *_day_problems("actual_first_day", progress.actual_first_day, today),
        *_day_problems("actual_last_day", progress.actual_last_day, today),
        *_status_problems(progress),
    ]
    first, last = progress.actual_first_day, progress.actual_last_day
    if first and last and last < first:
        problems.append(Problem("actual-days-order", "actual_last_day", {"first": first}))
    if problems:
        raise InvalidInputs(problems)


def check_deliverable(progress: DeliverableProgress, *, today: date) -> None:
    """Raise InvalidInputs if the day is still to come or in a year the portal does not keep."""
    problems = _day_problems("delivered_day", progress.delivered_day, today)
    if problems:
        raise InvalidInputs(problems)


def activity_lateness(
    status: str, planned_first_day: date | None, planned_last_day: date | None, *, today: date
) -> str:
    """Why the activity is late: "not-ended" or "not-begun"; '' if it is not. The day itself is still in time.

    One that should have ended is only said not to have ended, whether it has begun or not.
    """
    if status in ENDED:
        return ""
    if planned_last_day is not None and planned_last_day < today:
        return "not-ended"
    due = status == ActivityStatus.PLANNED and planned_first_day is not None and planned_first_day < today
    return "not-begun" if due else ""


def is_overdue(due_day: date | None, delivered_day: date | None, *, activity_status: str, today: date) -> bool:
    """Whether a deliverable should have been handed over before today and was not; nobody waits for a cancelled one."""
    awaited = delivered_day is None and activity_status != ActivityStatus.CANCELLED
    return awaited and due_day is not None and due_day < today


def _day_problems(where: str, day: date | None, today: date) -> list[Problem]:
    if day is None:
        return []
    if day > today:
        return [Problem("day-to-come", where, {"value": day, "today": today})]
    if day.year < FIRST_YEAR:
        return [Problem("date-out-of-range", where, {"first": FIRST_YEAR, "last": LAST_YEAR})]
    return []


def _status_problems(progress: ActivityProgress) -> list[Problem]:
    status, first, last = progress.status, progress.actual_first_day, progress.actual_last_day
    if status not in ACTIVITY_STATUSES:
        return [Problem("unknown-value", "status", {"value": status, "allowed": list(ACTIVITY_STATUSES)})]
    if status == ActivityStatus.PLANNED:
        return [Problem("progress-begun", "status")] if first or last else []
    problems = []
    if first is None and (last or status != ActivityStatus.CANCELLED):
        problems.append(Problem("progress-first-day", "actual_first_day"))
    if status == ActivityStatus.DONE and last is None:
        problems.append(Problem("progress-last-day", "actual_last_day"))
    if status == ActivityStatus.RUNNING and last is not None:
        problems.append(Problem("progress-ended", "status"))
    return problems
