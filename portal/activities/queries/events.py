"""Reading events: one, a page of them, those that wait or come next."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portal.activities.models import Event
from portal.activities.queries.attendance import count_attended
from portal.activities.queries.evidence import is_evidenced, list_evidenced
from portal.activities.rules.events import EVENT_STATUSES, EventStatus
from portal.core.db import among, db
from portal.core.errors import InvalidInput, NotFound
from portal.projects.models import Organisation
from portal.projects.rules.vocabulary import EVENT_KINDS

PAGE_SIZE = 50


# What views may call an event without knowing the models.
EventRow = Event


class EventFilter(NamedTuple):
    """Which events a list shows; '' selects all."""

    status: str = ""
    kind: str = ""
    organisation: str = ""
    # Of held events: whether a file proves the attendance.
    evidence: str = ""
    # The number of a series that events were made in.
    series: str = ""


EVIDENCE_STATES = ("there", "missing")


def check_filter(chosen: EventFilter, organisations: Collection[str]) -> None:
    """Raise InvalidInput for a filter value that does not exist; `organisations` are the project's keys."""
    known = {
        "status": EVENT_STATUSES,
        "kind": EVENT_KINDS,
        "organisation": organisations,
        "evidence": EVIDENCE_STATES,
    }
    for where, value in chosen._asdict().items():
        if where in known and value and value not in known[where]:
            raise InvalidInput("unknown-value", where=where, value=value, allowed=list(known[where]))
    # A series is no word that one could choose, but the number of a row.
    if chosen.series and not (chosen.series.isascii() and chosen.series.isdigit() and len(chosen.series) < 10):
        raise NotFound("series-unknown")


class EventPage(NamedTuple):
    """One page of a list of events; `number` counts from 1, `attended` is event id -> people who were there.

    `evidenced` are the ids of those whose attendance a file proves.
    """

    events: list[Event]
    attended: dict[int, int]
    total: int
    number: int
    size: int = PAGE_SIZE
    evidenced: Collection[int] = ()

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))


def get_event(code: str, event_id: int) -> Event:
    """The project's event with this id; raise NotFound, also for an event of another project."""
    event = db.session.scalar(select(Event).where(Event.project_code == code, Event.id == event_id))
    if event is None:
        raise NotFound("event-unknown")
    return event


def get_event_by_ref(code: str, ref: str) -> Event:
    """The project's event with this reference; raise NotFound."""
    event = db.session.scalar(select(Event).where(Event.project_code == code, Event.ref == ref))
    if event is None:
        raise NotFound("event-unknown")
    return event


def list_events(code: str, chosen: EventFilter, page: int = 1, size: int = PAGE_SIZE) -> EventPage:
    """A page of the project's events, latest first, with their organisers; the last page if there are fewer."""
    mine = select(Event).where(Event.project_code == code)
    if chosen.status:
        mine = mine.where(Event.status == chosen.status)
    if chosen.kind:
        mine = mine.where(Event.kind == chosen.kind)
    if chosen.organisation:
        mine = mine.where(Event.organisers.any(Organisation.key == chosen.organisation))
    if chosen.evidence:
        proven = is_evidenced() if chosen.evidence == "there" else ~is_evidenced()
        mine = mine.where(Event.status == EventStatus.HELD, proven)
    if chosen.series:
        mine = mine.where(Event.series_id == int(chosen.series))
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-total // size)))
    ordered = mine.order_by(Event.starts_at.desc(), Event.id.desc()).options(selectinload(Event.organisers))
    events = list(db.session.scalars(ordered.limit(size).offset((page - 1) * size)))
    ids = [event.id for event in events]
    return EventPage(events, count_attended(ids), total, page, size, list_evidenced(ids))


def event_titles(code: str) -> dict[int, dict[str, str]]:
    """Event id -> title per language, of the project's events."""
    rows = db.session.execute(select(Event.id, Event.title).where(Event.project_code == code))
    return {row.id: row.title for row in rows}


def event_titles_of(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Event id -> title per language, of the events with these ids."""
    rows = db.session.execute(select(Event.id, Event.title).where(among(Event.id, ids)))
    return {row.id: row.title for row in rows}


def has_examples(code: str) -> bool:
    """Whether any of the project's events is invented."""
    return db.session.scalar(select(Event.id).where(Event.project_code == code, Event.is_example).limit(1)) is not None


def list_waiting(code: str, own: frozenset[str] | None, now: datetime, most: int = PAGE_SIZE) -> list[Event]:
    """Planned events that have ended, so that someone must say whether they were held, oldest first.

    Only those organised by one of the organisations with the keys `own` (None: all).
    """
    return list(db.session.scalars(_waiting(code, own, now).order_by(Event.ends_at, Event.id).limit(most)))


def count_waiting(code: str, own: frozenset[str] | None, now: datetime) -> int:
    """How many events wait like that."""
    return db.session.scalar(select(func.count()).select_from(_waiting(code, own, now).subquery())) or 0


def list_next(code: str, now: datetime, most: int = 5) -> list[Event]:
    """The next planned events of the project, soonest first."""
    coming = select(Event).where(Event.project_code == code, Event.status == EventStatus.PLANNED, Event.starts_at > now)
    ordered = coming.order_by(Event.starts_at, Event.id).options(selectinload(Event.organisers))
    return list(db.session.scalars(ordered.limit(most)))


def _waiting(code: str, own: frozenset[str] | None, now: datetime) -> Select[Event]:
    past = select(Event).where(Event.project_code == code, Event.status == EventStatus.PLANNED, Event.ends_at <= now)
    return past if own is None else past.where(Event.organisers.any(Organisation.key.in_(own)))
