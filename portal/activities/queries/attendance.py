"""Reading who was at an event."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select

from portal.activities.models import Headcount, Participation
from portal.activities.rules.counting import Attendance
from portal.activities.rules.participants import ParticipationStatus
from portal.core.db import db
from portal.core.errors import NotFound


def attended_at(event_id: int) -> int:
    """How many people were at the event: attended participations and headcounts of every group."""
    return count_attended([event_id])[event_id]


def count_attended(event_ids: Collection[int]) -> dict[int, int]:
    """Event id -> how many people were there."""
    numbers: dict[int, int] = defaultdict(int)
    for event_id, rows in load_attendance(event_ids).items():
        numbers[event_id] = sum(row.number for row in rows)
    return numbers


def load_attendance(event_ids: Collection[int]) -> dict[int, list[Attendance]]:
    """Event id -> who was there, by group and country."""
    named = (
        select(Participation.event_id, Participation.group, Participation.country, func.count())
        .where(Participation.event_id.in_(event_ids), Participation.status == ParticipationStatus.ATTENDED)
        .group_by(Participation.event_id, Participation.group, Participation.country)
    )
    unnamed = (
        select(Headcount.event_id, Headcount.group, Headcount.country, func.sum(Headcount.number))
        .where(Headcount.event_id.in_(event_ids))
        .group_by(Headcount.event_id, Headcount.group, Headcount.country)
    )
    found: dict[int, list[Attendance]] = defaultdict(list)
    for query, have_names in ((named, True), (unnamed, False)):
        for event_id, group, country, number in db.session.execute(query):
            found[event_id].append(Attendance(event_id, group, country, int(number), have_names))
    return found


def list_participations(event_id: int) -> list[Participation]:
    """The event's participations in the order they were entered."""
    rows = select(Participation).where(Participation.event_id == event_id).order_by(Participation.id)
    return list(db.session.scalars(rows))


def get_participation(event_id: int, participation_id: int) -> Participation:
    """The participation at this event; raise NotFound, also for one at another event."""
    row = db.session.get(Participation, participation_id)
    if row is None or row.event_id != event_id:
        raise NotFound("participation-unknown")
    return row


def list_headcounts(event_id: int) -> list[Headcount]:
    """The event's headcounts in the order they were entered."""
    return list(db.session.scalars(select(Headcount).where(Headcount.event_id == event_id).order_by(Headcount.id)))


def count_by_status(event_id: int) -> dict[str, int]:
    """Participation status -> how many rows of the event have it."""
    rows = select(Participation.status, func.count().label("people")).where(Participation.event_id == event_id)
    return {row.status: row.people for row in db.session.execute(rows.group_by(Participation.status))}
