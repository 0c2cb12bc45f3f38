"""Reading who was at an event."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, literal, select

from portal.activities.models import Headcount, Participation
from portal.activities.rules.facts import Attendance
from portal.activities.rules.participants import ParticipationStatus
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.web.paging import PAGE_SIZE, ListPage

# Plain columns: thousands of rows come out of them faster than through the model.
NAMED, UNNAMED = Participation.__table__.c, Headcount.__table__.c


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
    """Event id -> who was there, by group and country; without the participants' keys."""
    return _load(event_ids, literal(""))


def load_people(events: Select[int]) -> dict[int, list[Attendance]]:
    """Event id -> who was there, with the participants' keys, of the events that a query selects the ids of."""
    return _load(events, func.aggregate_strings(NAMED.participant, "\n"))


def _load(events: Collection[int] | Select[int], participants: ColumnElement[str]) -> dict[int, list[Attendance]]:
    named = (
        select(NAMED.event_id, NAMED.group, NAMED.country, func.count(), participants)
        .where(NAMED.event_id.in_(events), NAMED.status == ParticipationStatus.ATTENDED)
        .group_by(NAMED.event_id, NAMED.group, NAMED.country)
    )
    unnamed = (
        select(UNNAMED.event_id, UNNAMED.group, UNNAMED.country, func.sum(UNNAMED.number), literal(""))
        .where(UNNAMED.event_id.in_(events))
        .group_by(UNNAMED.event_id, UNNAMED.group, UNNAMED.country)
    )
    found: dict[int, list[Attendance]] = defaultdict(list)
    for query, have_names in ((named, True), (unnamed, False)):
        for event_id, group, country, number, keys in db.session.execute(query):
            found[event_id].append(Attendance(event_id, group, country, number, have_names, keys))
    return found


def list_participations(event_id: int, page: int = 1, size: int = PAGE_SIZE) -> ListPage[Participation]:
    """A page of `size` of the event's participations, as they were entered; the last page if there are fewer."""
    mine = select(Participation).where(Participation.event_id == event_id)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    last = max(1, -(-total // size))
    number = min(page, last)
    rows = db.session.scalars(mine.order_by(Participation.id).limit(size).offset((number - 1) * size))
    return ListPage(list(rows), number, last, total)


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
