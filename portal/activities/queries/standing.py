"""How events stand towards the rows of the outcome table: what each adds to which, and why the others add nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import aliased

from portal.activities.models import Event, Exclusion, Participation
from portal.activities.queries.attendance import load_attendance
from portal.activities.queries.counting import event_facts, list_event_facts
from portal.activities.queries.exclusions import list_exclusions
from portal.activities.rules.counting import count_organisations
from portal.activities.rules.events import EventStatus
from portal.activities.rules.exclusions import sums_above
from portal.activities.rules.facts import Attendance, EventFacts, Facts
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.standing import counting_events, counts_events, obstacles, of_group, reasons
from portal.core.db import among, db
from portal.projects.models import Indicator, Project
from portal.projects.queries import get_measure, get_project
from portal.projects.rules.measures import Measure
from portal.projects.rules.vocabulary import GROUPS

HELD = "held"


class Share(NamedTuple):
    """What an event adds to a row: `counts`; and whom it does not add.

    `left_out` is how many of the people who were there are of groups that the row does not count, `seen_before` how
    many an earlier event has brought in already. Organisations (by key) are made active by the event, or were before.
    """

    counts: int = 0
    left_out: int = 0
    seen_before: int = 0
    made_active: tuple[str, ...] = ()
    active_before: tuple[str, ...] = ()


class Standing(NamedTuple):
    """How an event stands towards one row: `counts` is what it adds, and the codes of why it does or adds nothing.

    `share` is what `counts` comes from; `exclusion` is the reason of whoever excluded the event from the row, with the
    whole `decision`; `sums` are the rows that this one is added to.
    """

    indicator: Indicator
    counts: int
    obstacles: list[str]
    reasons: list[str]
    exclusion: str
    share: Share = Share()
    decision: Exclusion | None = None
    sums: Sequence[Indicator] = ()

    @property
    def will_count(self) -> bool:
        """Whether nothing is missing but that the event is held."""
        return self.obstacles == [EventStatus.PLANNED]


class _Looked(NamedTuple):
    """An event, who was there, and the held events up to its day, that one included."""

    event: EventFacts
    present: Sequence[Attendance]
    earlier: Facts
    roles: Mapping[str, str]


def list_standings(event: Event) -> list[Standing]:
    """How the event stands towards each row that events add to, or that it is excluded from, in the table's order."""
    project = get_project(event.project_code)
    measures = {indicator.key: get_measure(indicator) for indicator in project.indicators}
    looked, decisions = _look(event, project), list_exclusions(event.id)
    standings = []
    for indicator in project.indicators:
        measure, decision = measures[indicator.key], decisions.get(indicator.id)
        if not counts_events(measure) and decision is None:
            continue
        above = sums_above(measures, indicator.key)
        sums = [each for each in project.indicators if each.key in above]
        standings.append(_standing(looked, indicator, measure, decision)._replace(sums=sums))
    return standings


def _look(event: Event, project: Project) -> _Looked:
    until = and_(Event.status == EventStatus.HELD, Event.counting_date <= event.counting_date)
    held = list_event_facts(project.code, until) if event.status == EventStatus.HELD else []
    facts = Facts((project.first_day, project.last_day), (), event.counting_date, held, {})
    roles = {each.key: each.role for each in project.organisations}
    return _Looked(event_facts(event), load_attendance([event.id])[event.id], facts, roles)


def _standing(looked: _Looked, indicator: Indicator, measure: Measure, decision: Exclusion | None) -> Standing:
    why_not = _why_not(looked.event, measure, looked.earlier.days, row=indicator.key)
    share = Share() if why_not else _share(looked, indicator.key, measure)
    passed = reasons(looked.event, measure)
    reason = decision.reason if decision else ""
    standing = Standing(indicator, share.counts, why_not, [], reason, share=share, decision=decision)
    if standing.will_count:
        return standing._replace(reasons=[code for code in passed if code != HELD])
    return standing if why_not else standing._replace(reasons=passed)


def _why_not(event: EventFacts, measure: Measure, days: tuple[date, date], *, row: str) -> list[str]:
    """Codes of why the event does not count; of a row that counts no events only that someone excluded it."""
    if counts_events(measure):
        return obstacles(event, measure, days, row=row)
    return ["excluded"] if event.excluded_from(row) else []


def _share(looked: _Looked, row: str, measure: Measure) -> Share:
    if measure.kind == "organisations":
        return _organisations(looked, row, measure)
    counted = [each for each in looked.present if of_group(each.group, measure)]
    people = sum(each.number for each in counted)
    left_out = sum(each.number for each in looked.present) - people
    if measure.kind == "events":
        return Share(1)
    if measure.kind == "participations":
        return Share(people, left_out)
    seen_before = _count_seen_before(looked, row, measure)
    return Share(people - seen_before, left_out, seen_before)


def _count_seen_before(looked: _Looked, row: str, measure: Measure) -> int:
    """How many of the event's participants, of the groups that count, an earlier counting event has brought in."""
    groups = [group for group in GROUPS if of_group(group, measure)]
    counting = [each.id for each in counting_events(looked.earlier, measure, row=row)]
    earlier = counting[: counting.index(looked.event.id)]
    before = aliased(Participation)
    seen = (
        select(before.id)
        .where(before.participant == Participation.participant, among(before.event_id, earlier))
        .where(before.status == ParticipationStatus.ATTENDED, before.group.in_(groups))
    )
    mine = (
        select(func.count())
        .select_from(Participation)
        .where(Participation.event_id == looked.event.id, Participation.status == ParticipationStatus.ATTENDED)
        .where(Participation.group.in_(groups), seen.exists())
    )
    return db.session.scalar(mine) or 0


def _organisations(looked: _Looked, row: str, measure: Measure) -> Share:
    active = count_organisations(looked.earlier, measure, looked.roles, row=row).organisations
    through = {each.key: each.event.id for each in active if each.event is not None}
    mine = [key for key in looked.event.organisers if key in through]
    new = tuple(key for key in mine if through[key] == looked.event.id)
    return Share(len(new), made_active=new, active_before=tuple(key for key in mine if key not in new))


class Ignored(NamedTuple):
    """An event that does not count towards a row, the codes of why, and the reason of whoever excluded it."""

    event: EventFacts
    obstacles: list[str]
    exclusion: str


def list_ignored(project: Project, indicator: Indicator, as_of: date) -> list[Ignored]:
    """The events that do not count towards the indicator as of the day, in order of date; later ones are left out.

    Of an indicator that counts no events those are listed that were excluded from it while it did.
    """
    days = (project.first_day, project.last_day)
    measure = get_measure(indicator)
    excluded_ones = Event.id.in_(select(Exclusion.event_id).where(Exclusion.indicator_id == indicator.id))
    which = true() if counts_events(measure) else excluded_ones
    found = []
    for event in list_event_facts(project.code, and_(Event.counting_date <= as_of, which)):
        why_not = _why_not(event, measure, days, row=indicator.key)
        if why_not:
            excluded = event.excluded_from(indicator.key)
            found.append(Ignored(event, why_not, excluded.reason if excluded else ""))
    return found
