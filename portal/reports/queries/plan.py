"""The plan with what came of it: progress, what is late, and the drawing of it.

Everything is read at once: a large plan takes as many statements as a small one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.activities.models import Event
from portal.activities.queries import PAGE_SIZE, EventPage, list_waiting
from portal.activities.queries.attendance import count_attended
from portal.activities.rules.events import EventStatus
from portal.core.db import db
from portal.projects.models import Activity, Deliverable, Project, WorkPackage
from portal.projects.queries import get_project
from portal.projects.queries.plan import list_plan
from portal.projects.rules.progress import ActivityStatus, activity_lateness, is_overdue
from portal.reports.rules.timeline import Drawn, Due, Timeline, draw


class DeliverableRow(NamedTuple):
    """A deliverable, and whether it is overdue."""

    deliverable: Deliverable
    is_late: bool


class ActivityRow(NamedTuple):
    """An activity, why it is late ('' if it is not), its deliverables, and event status -> number of its events."""

    activity: Activity
    lateness: str
    deliverables: list[DeliverableRow]
    events: dict[str, int]


class PackageRow(NamedTuple):
    """A work package with its activities."""

    package: WorkPackage
    activities: list[ActivityRow]

    @property
    def deliverables(self) -> list[DeliverableRow]:
        """The deliverables of all its activities."""
        return [row for each in self.activities for row in each.deliverables]


class Late(NamedTuple):
    """Something late since `day`: an activity "not-begun" or "not-ended", a deliverable "not-delivered", or an event
    that is over and "not-held"; `activity` is the one that it is or belongs to.
    """

    why: str
    day: date
    activity: Activity
    deliverable: Deliverable | None = None
    event: Event | None = None


class Plan(NamedTuple):
    """The plan as of now; `more_events` says that more events are over and not marked than `late` names."""

    packages: list[PackageRow]
    late: list[Late]
    more_events: bool
    timeline: Timeline


class _EventDays(NamedTuple):
    """The events of one activity: status -> number, and the days and statuses they have."""

    numbers: dict[str, int]
    days: list[tuple[date, str]]


def get_plan(code: str, now: datetime) -> Plan:
    """The project's plan, what is late in it first; raise NotFound for an unknown project."""
    project = get_project(code)
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    events = _events_by_activity(code)
    packages = [
        PackageRow(package, [activity_row(each, events[each.id].numbers, today) for each in package.activities])
        for package in list_plan(code)
    ]
    waiting = list_waiting(code, None, now)
    late = [each for row in packages for activity in row.activities for each in _late(activity)]
    late += [Late("not-held", event.counting_date, event.activity, event=event) for event in waiting]
    late.sort(key=lambda each: each.day)
    return Plan(packages, late, len(waiting) == PAGE_SIZE, _drawing(project, packages, events, today))


def list_late(code: str, own: frozenset[str] | None, today: date) -> list[Late]:
    """The activities and deliverables that are late, the longest first.

    Only what the organisations with the keys `own` (None: all, and what nobody answers for) answer for.
    """
    activities = [each for package in list_plan(code) for each in package.activities]
    if own is not None:
        activities = [each for each in activities if each.responsible and each.responsible.key in own]
    late = [each for activity in activities for each in _late(activity_row(activity, {}, today))]
    return sorted(late, key=lambda each: each.day)


def activity_row(activity: Activity, events: dict[str, int], today: date) -> ActivityRow:
    """The activity as of the day; `events` is status -> number of its events."""
    deliverables = [
        DeliverableRow(each, is_overdue(each.due_day, each.delivered_day, activity_status=activity.status, today=today))
        for each in activity.deliverables
    ]
    planned = activity.planned_first_day, activity.planned_last_day
    return ActivityRow(activity, activity_lateness(activity.status, *planned, today=today), deliverables, events)


def activity_events(activity: Activity, page: int) -> EventPage:
    """A page of the activity's events, latest first; the last page if there are fewer."""
    mine = select(Event).where(Event.activity_id == activity.id)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-total // PAGE_SIZE)))
    ordered = mine.order_by(Event.starts_at.desc(), Event.id.desc())
    events = list(db.session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    return EventPage(events, count_attended([event.id for event in events]), total, page)


def _late(row: ActivityRow) -> Iterator[Late]:
    activity = row.activity
    due = activity.planned_first_day if row.lateness == "not-begun" else activity.planned_last_day
    if row.lateness and due:
        yield Late(row.lateness, due, activity)
    for deliverable, is_late in row.deliverables:
        if is_late and deliverable.due_day:
            yield Late("not-delivered", deliverable.due_day, activity, deliverable)


def _events_by_activity(code: str) -> dict[int, _EventDays]:
    rows = db.session.execute(
        select(Event.activity_id, Event.status, Event.counting_date, func.count())
        .where(Event.project_code == code)
        .group_by(Event.activity_id, Event.status, Event.counting_date)
        .order_by(Event.counting_date, Event.status)
    )
    found: dict[int, _EventDays] = defaultdict(lambda: _EventDays({}, []))
    for activity_id, status, day, number in rows:
        numbers, days = found[activity_id]
        numbers[status] = numbers.get(status, 0) + number
        days.append((day, status))
    return found


def _drawing(project: Project, packages: Iterable[PackageRow], events: dict[int, _EventDays], today: date) -> Timeline:
    days = project.first_day, project.last_day
    drawn = [
        (row.package.number, [_drawn(each, events[each.activity.id].days) for each in row.activities])
        for row in packages
    ]
    return draw(drawn, days, today=today)


def _drawn(row: ActivityRow, events: list[tuple[date, str]]) -> Drawn:
    activity = row.activity
    return Drawn(
        number=activity.number,
        planned=(activity.planned_first_day, activity.planned_last_day),
        actual=(activity.actual_first_day, activity.actual_last_day),
        is_running=activity.status == ActivityStatus.RUNNING,
        is_late=bool(row.lateness),
        deliverables=[Due(each.due_day, each.delivered_day, is_late) for each, is_late in row.deliverables],
        events=[(day, status) for day, status in events if status != EventStatus.CANCELLED],
    )
