"""Reading events and attendance; the facts that outcomes are counted from."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.activities.models import Event, Headcount, Participation, event_organisers
from portal.activities.rules.counting import Attendance, EventFacts, Facts, counting_events, obstacles, of_group
from portal.activities.rules.events import EVENT_STATUSES, EventStatus
from portal.activities.rules.participants import ParticipationStatus
from portal.core.db import db
from portal.core.errors import InvalidInput, NotFound
from portal.projects.models import Activity, Indicator, Organisation, Project, WorkPackage
from portal.projects.queries import get_measure, get_project, list_periods
from portal.projects.rules.measures import Measure
from portal.projects.rules.vocabulary import EVENT_KINDS

PAGE_SIZE = 50

# What views may call an event without knowing the models.
EventRow = Event


class EventFilter(NamedTuple):
    """Which events a list shows; '' selects all."""

    status: str = ""
    kind: str = ""
    organisation: str = ""


def check_filter(chosen: EventFilter, organisations: Collection[str]) -> None:
    """Raise InvalidInput for a filter value that does not exist; `organisations` are the project's keys."""
    known = {"status": EVENT_STATUSES, "kind": EVENT_KINDS, "organisation": organisations}
    for where, value in chosen._asdict().items():
        if value and value not in known[where]:
            raise InvalidInput("unknown-value", where=where, value=value, allowed=list(known[where]))


class EventPage(NamedTuple):
    """One page of a list of events; `number` counts from 1, `attended` is event id -> people who were there."""

    events: list[Event]
    attended: dict[int, int]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def get_event(code: str, event_id: int) -> Event:
    """The project's event with this id; raise NotFound, also for an event of another project."""
    event = db.session.scalar(select(Event).where(Event.project_code == code, Event.id == event_id))
    if event is None:
        raise NotFound("event-unknown")
    return event


def list_events(code: str, chosen: EventFilter, page: int = 1) -> EventPage:
    """A page of the project's events, latest first, with their organisers loaded; the last page if there are fewer."""
    mine = select(Event).where(Event.project_code == code)
    if chosen.status:
        mine = mine.where(Event.status == chosen.status)
    if chosen.kind:
        mine = mine.where(Event.kind == chosen.kind)
    if chosen.organisation:
        mine = mine.where(Event.organisers.any(Organisation.key == chosen.organisation))
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-total // PAGE_SIZE)))
    ordered = mine.order_by(Event.starts_at.desc(), Event.id.desc()).options(selectinload(Event.organisers))
    events = list(db.session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    return EventPage(events, _attended([event.id for event in events]), total, page)


def _attended(event_ids: Collection[int]) -> dict[int, int]:
    numbers: dict[int, int] = defaultdict(int)
    for event_id, rows in _attendance(event_ids).items():
        numbers[event_id] = sum(row.number for row in rows)
    return numbers


def attended_at(event_id: int) -> int:
    """How many people were at the event: attended participations and headcounts of every group."""
    return _attended([event_id])[event_id]


def event_titles(code: str) -> dict[int, dict[str, str]]:
    """Event id -> title per language, of the project's events."""
    rows = db.session.execute(select(Event.id, Event.title).where(Event.project_code == code))
    return {row.id: row.title for row in rows}


def has_examples(code: str) -> bool:
    """Whether any of the project's events is invented."""
    return db.session.scalar(select(Event.id).where(Event.project_code == code, Event.is_example).limit(1)) is not None


def load_facts(project: Project, as_of: date) -> Facts:
    """What the project's rows are counted from: the events dated `as_of` or earlier and who was at them."""
    events = _event_facts(project.code, as_of)
    return Facts(
        days=(project.first_day, project.last_day),
        periods=list_periods(project.code),
        as_of=as_of,
        events=events,
        attendance=_attendance([event.id for event in events]),
    )


def event_facts(event: Event) -> EventFacts:
    """The facts of one event, whatever its date."""
    return EventFacts(
        id=event.id,
        ref=event.ref,
        kind=event.kind,
        status=event.status,
        is_public=event.is_public,
        counting_date=event.counting_date,
        work_package=event.activity.work_package.number,
        organisers=tuple(event.organiser_keys),
        countries=tuple(organisation.country for organisation in event.organisers),
        evidenced=False,
    )


def count_persons(facts: Facts, measure: Measure) -> int:
    """Distinct participants of the measure's groups at its counting events, each once however often they came."""
    ids = [event.id for event in counting_events(facts, measure)]
    people = select(func.count(Participation.participant.distinct())).where(
        Participation.event_id.in_(ids), Participation.status == ParticipationStatus.ATTENDED
    )
    if measure.groups:
        people = people.where(Participation.group.in_(measure.groups))
    if measure.exclude_groups:
        people = people.where(Participation.group.not_in(measure.exclude_groups))
    return db.session.scalar(people) or 0


def _event_facts(code: str, as_of: date) -> list[EventFacts]:
    organisers = _organisers(code)
    rows = db.session.execute(
        select(Event.id, Event.ref, Event.kind, Event.status, Event.is_public, Event.counting_date, WorkPackage.number)
        .join(Activity, Event.activity_id == Activity.id)
        .join(WorkPackage, Activity.work_package_id == WorkPackage.id)
        .where(Event.project_code == code, Event.counting_date <= as_of)
        .order_by(Event.counting_date, Event.starts_at, Event.id)
    )
    return [EventFacts(*row, *_keys_and_countries(organisers[row.id]), evidenced=False) for row in rows]


def _keys_and_countries(organisers: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(key for key, _ in organisers), tuple(country for _, country in organisers)


def _organisers(code: str) -> dict[int, list[tuple[str, str]]]:
    rows = db.session.execute(
        select(event_organisers.c.event_id, Organisation.key, Organisation.country)
        .join(Organisation, event_organisers.c.organisation_id == Organisation.id)
        .where(Organisation.project_code == code)
        .order_by(Organisation.position, Organisation.id)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for event_id, key, country in rows:
        found[event_id].append((key, country))
    return found


def _attendance(event_ids: Collection[int]) -> dict[int, list[Attendance]]:
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


class Standing(NamedTuple):
    """How an event stands towards one row: `counts` is what it adds, `obstacles` are codes of why it adds nothing."""

    indicator: Indicator
    counts: int
    obstacles: list[str]


def list_standings(event: Event) -> list[Standing]:
    """How the event stands towards each row that counts events or the people at them, in the table's order."""
    facts = event_facts(event)
    project = get_project(event.project_code)
    present = _attendance([event.id])[event.id]
    standings = []
    for indicator in project.indicators:
        measure = get_measure(indicator)
        if measure.kind not in ("participations", "persons", "events"):
            continue
        why_not = obstacles(facts, measure, (project.first_day, project.last_day))
        people = sum(row.number for row in present if of_group(row.group, measure))
        adds = 1 if measure.kind == "events" else people
        standings.append(Standing(indicator, 0 if why_not else adds, why_not))
    return standings


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


class Ignored(NamedTuple):
    """An event that does not count towards a row, and the codes of why."""

    event: EventFacts
    obstacles: list[str]


def list_ignored(project: Project, measure: Measure, as_of: date) -> list[Ignored]:
    """The events that do not count towards the measure as of the day, in order of date; later ones are left out."""
    days = (project.first_day, project.last_day)
    found = [Ignored(event, obstacles(event, measure, days)) for event in _event_facts(project.code, as_of)]
    return [each for each in found if each.obstacles]


def list_waiting(code: str, own: frozenset[str] | None, now: datetime) -> list[Event]:
    """Planned events that have ended, so that someone must say whether they were held, oldest first.

    Only those organised by one of the organisations with the keys `own` (None: all).
    """
    past = select(Event).where(Event.project_code == code, Event.status == EventStatus.PLANNED, Event.ends_at <= now)
    if own is not None:
        past = past.where(Event.organisers.any(Organisation.key.in_(own)))
    return list(db.session.scalars(past.order_by(Event.ends_at, Event.id).limit(PAGE_SIZE)))


def list_next(code: str, now: datetime, most: int = 5) -> list[Event]:
    """The next planned events of the project, soonest first."""
    coming = select(Event).where(Event.project_code == code, Event.status == EventStatus.PLANNED, Event.starts_at > now)
    return list(db.session.scalars(coming.order_by(Event.starts_at, Event.id).limit(most)))
