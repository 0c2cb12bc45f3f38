"""Reading the facts that outcomes are counted from, and how events stand towards them."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from portal.activities.models import Event, Participation, event_organisers
from portal.activities.queries.attendance import load_attendance
from portal.activities.queries.evidence import is_evidenced
from portal.activities.rules.counting import EventFacts, Facts, counting_events, obstacles, of_group
from portal.activities.rules.participants import ParticipationStatus
from portal.core.db import db
from portal.projects.models import Activity, Indicator, Organisation, Project, WorkPackage
from portal.projects.queries import get_measure, get_project, list_periods
from portal.projects.rules.measures import Measure


def load_facts(project: Project, as_of: date) -> Facts:
    """What the project's rows are counted from: the events dated `as_of` or earlier and who was at them."""
    events = list_event_facts(project.code, Event.counting_date <= as_of)
    return Facts(
        days=(project.first_day, project.last_day),
        periods=list_periods(project.code),
        as_of=as_of,
        events=events,
        attendance=load_attendance([event.id for event in events]),
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
        evidenced=bool(db.session.scalar(select(is_evidenced()).where(Event.id == event.id))),
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


def list_event_facts(code: str, which: ColumnElement[bool]) -> list[EventFacts]:
    """The facts of those of the project's events that meet the condition, in order of date."""
    organisers = _organisers(code)
    rows = db.session.execute(
        select(
            Event.id,
            Event.ref,
            Event.kind,
            Event.status,
            Event.is_public,
            Event.counting_date,
            WorkPackage.number,
            is_evidenced().label("evidenced"),
        )
        .join(Activity, Event.activity_id == Activity.id)
        .join(WorkPackage, Activity.work_package_id == WorkPackage.id)
        .where(Event.project_code == code, which)
        .order_by(Event.counting_date, Event.starts_at, Event.id)
    )
    return [EventFacts(*row[:-1], *_keys_and_countries(organisers[row.id]), row.evidenced) for row in rows]


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


class Standing(NamedTuple):
    """How an event stands towards one row: `counts` is what it adds, `obstacles` are codes of why it adds nothing."""

    indicator: Indicator
    counts: int
    obstacles: list[str]


def list_standings(event: Event) -> list[Standing]:
    """How the event stands towards each row that counts events or the people at them, in the table's order."""
    facts = event_facts(event)
    project = get_project(event.project_code)
    present = load_attendance([event.id])[event.id]
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


class Ignored(NamedTuple):
    """An event that does not count towards a row, and the codes of why."""

    event: EventFacts
    obstacles: list[str]


def list_ignored(project: Project, measure: Measure, as_of: date) -> list[Ignored]:
    """The events that do not count towards the measure as of the day, in order of date; later ones are left out."""
    days = (project.first_day, project.last_day)
    events = list_event_facts(project.code, Event.counting_date <= as_of)
    found = [Ignored(event, obstacles(event, measure, days)) for event in events]
    return [each for each in found if each.obstacles]
