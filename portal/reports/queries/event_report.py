"""Reading what the report of an event says: its figures, without anybody's name."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from portal.activities.models import Event, Headcount, Participation, Registration
from portal.activities.queries import Standing, list_evidence, list_headcounts, list_standings
from portal.activities.queries.marking import latest_marks
from portal.activities.queries.sessions import SessionRow, list_sessions, list_stored
from portal.activities.rules.marking import presence
from portal.activities.rules.participants import ParticipationStatus
from portal.core.db import db
from portal.projects.models import Project
from portal.projects.queries import get_project

DIMENSIONS = ("country", "group", "gender", "age_band")


class Came(NamedTuple):
    """How many people of a status came onto the list by the registration page, and otherwise."""

    by_page: int
    otherwise: int


class EventReport(NamedTuple):
    """The figures of one event.

    `list` is participation status -> how they came onto the list; `sessions` are with how many of the list were there;
    `breakdowns` are dimension -> value -> people who were there, with and without names, who are `people` in all.
    `evidence` are kind and name of each file, None for readers who may not see them.
    """

    project: Project
    event: Event
    standings: Sequence[Standing]
    list: Mapping[str, Came]
    sessions: Sequence[tuple[SessionRow, int]]
    breakdowns: Mapping[str, Mapping[str, int]]
    headcounts: Sequence[Headcount]
    people: int
    evidence: Sequence[tuple[str, str]] | None
    is_evidenced: bool


def event_report(event: Event, *, with_evidence: bool, is_evidenced: bool) -> EventReport:
    """The report of the event as it is now; `with_evidence` for readers who may see its files."""
    breakdowns, headcounts = _breakdowns(event.id), list_headcounts(event.id)
    return EventReport(
        get_project(event.project_code),
        event,
        list_standings(event),
        _statuses(event.id),
        _sessions(event),
        breakdowns,
        headcounts,
        sum(breakdowns["group"].values()),
        [(item.row.kind, item.row.filename) for item in list_evidence(event.id)] if with_evidence else None,
        is_evidenced,
    )


def _statuses(event_id: int) -> dict[str, Came]:
    came = Registration.participation_id.is_not(None)
    rows = (
        select(Participation.status, came, func.count())
        .outerjoin(Registration, Registration.participation_id == Participation.id)
        .where(Participation.event_id == event_id)
        .group_by(Participation.status, came)
    )
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for status, by_page, people in db.session.execute(rows):
        found[status][bool(by_page)] += people
    return {status: Came(counts[True], counts[False]) for status, counts in found.items()}


def _sessions(event: Event) -> list[tuple[SessionRow, int]]:
    """Each session with how many people of the list were there."""
    sessions, marks = list_sessions(event), latest_marks(event.id)
    positions = {row.id: row.position for row in list_stored(event.id)}
    attended = select(Participation.id).where(
        Participation.event_id == event.id, Participation.status == ParticipationStatus.ATTENDED
    )
    present: Counter[int] = Counter()
    for person in db.session.scalars(attended):
        mine = {positions[session]: seen for session, seen in marks.get(person, {}).items()}
        there = presence(ParticipationStatus.ATTENDED, mine, [each.position for each in sessions])
        present.update(position for position, seen in there.items() if seen.is_present)
    return [(session, present[session.position]) for session in sessions]


def _breakdowns(event_id: int) -> dict[str, dict[str, int]]:
    """Dimension -> value ('' where a country is not known) -> people who were there, with and without names."""
    found: dict[str, Counter[str]] = {dimension: Counter() for dimension in DIMENSIONS}
    named = [getattr(Participation, dimension) for dimension in DIMENSIONS]
    unnamed = [getattr(Headcount, dimension) for dimension in DIMENSIONS]
    attended = Participation.event_id == event_id, Participation.status == ParticipationStatus.ATTENDED
    for query in (
        select(*named, func.count()).where(*attended).group_by(*named),
        select(*unnamed, func.sum(Headcount.number)).where(Headcount.event_id == event_id).group_by(*unnamed),
    ):
        for *values, people in db.session.execute(query):
            for dimension, value in zip(DIMENSIONS, values, strict=True):
                found[dimension][value] += people
    return {dimension: dict(counts) for dimension, counts in found.items()}
