"""Reading the facts that outcomes are counted from."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, String, cast, func, select

from portal.activities.models import Event, Exclusion, event_organisers
from portal.activities.queries.attendance import load_people
from portal.activities.queries.evidence import is_evidenced
from portal.activities.rules.facts import EventFacts, ExclusionFact, Facts
from portal.core.db import db
from portal.projects.models import Activity, Indicator, Organisation, Project, WorkPackage
from portal.projects.queries import list_periods

# Plain tables: thousands of rows come out of them faster than through the models.
EVENTS, ACTIVITIES, PACKAGES = Event.__table__, Activity.__table__, WorkPackage.__table__


def load_facts(project: Project, as_of: date) -> Facts:
    """What the project's rows are counted from: the events dated `as_of` or earlier and who was at them."""
    mine = (Event.project_code == project.code, Event.counting_date <= as_of)
    return Facts(
        days=(project.first_day, project.last_day),
        periods=list_periods(project.code),
        as_of=as_of,
        events=list_event_facts(project.code, Event.counting_date <= as_of),
        attendance=load_people(select(Event.id).where(*mine)),
    )


def event_facts(event: Event) -> EventFacts:
    """The facts of one event, whatever its date."""
    return list_event_facts(event.project_code, Event.id == event.id)[0]


def list_event_facts(code: str, which: ColumnElement[bool]) -> list[EventFacts]:
    """The facts of those of the project's events that meet the condition, in order of date."""
    of = EVENTS.c
    known = of.id, of.ref, of.kind, of.status, of.is_public, of.counting_date, PACKAGES.c.number
    rows = db.session.execute(
        select(*known, _organiser_ids(), is_evidenced())
        .join(ACTIVITIES, of.activity_id == ACTIVITIES.c.id)
        .join(PACKAGES, ACTIVITIES.c.work_package_id == PACKAGES.c.id)
        .where(of.project_code == code, which)
        .order_by(of.counting_date, of.starts_at, of.id)
    ).all()
    exclusions = _exclusions(code, which)
    # The same few organise most of the events: who they are is looked up once for each circle.
    circles = _circles(code, {row[-2] for row in rows})
    return [EventFacts._make((*row[:-2], *circles[row[-2]], row[-1], exclusions.get(row[0], ()))) for row in rows]


def _organiser_ids() -> ColumnElement[str | None]:
    """The ids of an event's organisers, as one text."""
    of = event_organisers.c
    together = select(func.aggregate_strings(cast(of.organisation_id, String), ","))
    return together.where(of.event_id == EVENTS.c.id).scalar_subquery()


def _circles(code: str, together: Iterable[str | None]) -> dict[str | None, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Ids of organisers, as one text -> their keys and their countries, in the project's order."""
    partners = select(Organisation.id, Organisation.key, Organisation.country)
    mine = partners.where(Organisation.project_code == code).order_by(Organisation.position, Organisation.id)
    known = [(str(number), key, country) for number, key, country in db.session.execute(mine)]
    found = {}
    for ids in together:
        circle = [each for each in known if each[0] in (ids or "").split(",")]
        found[ids] = tuple(key for _, key, _ in circle), tuple(country for _, _, country in circle)
    return found


def _exclusions(code: str, which: ColumnElement[bool]) -> dict[int, tuple[ExclusionFact, ...]]:
    rows = db.session.execute(
        select(Exclusion.event_id, Indicator.key, Exclusion.reason)
        .join(Indicator, Exclusion.indicator_id == Indicator.id)
        .join(Event, Exclusion.event_id == Event.id)
        .where(Event.project_code == code, Indicator.project_code == code, which)
        .order_by(Indicator.position, Indicator.id)
    )
    found: dict[int, tuple[ExclusionFact, ...]] = {}
    for event_id, key, reason in rows:
        found[event_id] = (*found.get(event_id, ()), ExclusionFact(key, reason))
    return found
