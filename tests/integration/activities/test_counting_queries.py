"""Reading what is counted: persons and where they were first seen against plain Python, large sets, few queries."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, insert, select

from portal.activities.models import Event, Headcount, Participation
from portal.activities.queries import load_facts
from portal.activities.rules.counting import count_participations, count_persons, first_seen
from portal.activities.services.exclusions import exclude_event
from portal.core.db import among, db, transaction
from portal.projects.queries import get_project
from portal.projects.rules.measures import Measure
from portal.projects.services.figures import add_figure
from portal.reports.queries.outcomes import OutcomeRow, get_row, outcome_table
from tests.conftest import NOW
from tests.integration.projects.figures import DRAFT, LEAFLETS, keep, make_indicator
from tests.make import PROJECT, make_event, make_people, make_project, noted_queries

KINDS = ("workshop", "training", "tournament", "meeting")
GROUPS = ("professional", "staff", "community_member", "spectator")
STATUSES = ("attended", "attended", "attended", "absent", "registered")
TODAY = NOW.date()

MEASURES = [
    Measure("persons"),
    Measure("persons", joint=True),
    Measure("persons", event_kinds=frozenset({"workshop", "tournament"}), exclude_groups=frozenset({"spectator"})),
    Measure("persons", groups=frozenset({"staff"}), work_package=1),
]


class Made(NamedTuple):
    """An event that was made, and who is listed there: participant, group, country and status."""

    id: int
    kind: str
    day: date
    is_joint: bool
    package: int
    people: list[tuple[str, str, str, str]]
    unnamed: list[tuple[str, str, int]]


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def make_some(seed: int, number: int = 30) -> list[Made]:
    """Held events on days of which several share one, with people from a pool of forty, and a headcount at some."""
    chance, made = random.Random(seed), []
    for place in range(number):
        # Not in the order of the days, and two of them at the same hour of a day.
        starts = datetime(2026, 1, 10, chance.choice([9, 14])) + timedelta(days=chance.randrange(12))
        facts: dict[str, Any] = {"kind": chance.choice(KINDS), "activity": chance.choice(["1.1", "2.4"])}
        organisers = chance.choice([["lps", "ols"], ["lps"], ["lpro", "lps"]])
        event_id = make_event(
            ref=f"E{place}",
            status="held",
            starts=starts,
            ends=starts + timedelta(hours=1),
            organisers=organisers,
            **facts,
        )
        keys = chance.sample([f"p{each}@example.org" for each in range(20)] + [f"code-{each}" for each in range(20)], 8)
        people = [
            (key, chance.choice(GROUPS), chance.choice(["LT", "PL", ""]), chance.choice(STATUSES)) for key in keys
        ]
        unnamed = [("spectator", "", 7), ("staff", "PL", 2)][: chance.randrange(3)]
        store(event_id, people, unnamed)
        package = {"1.1": 1, "2.4": 2}[facts["activity"]]
        made.append(Made(event_id, facts["kind"], starts.date(), "ols" in organisers, package, people, unnamed))
    return made


def store(event_id: int, people: list[tuple[str, str, str, str]], unnamed: list[tuple[str, str, int]]) -> None:
    with transaction() as session:
        names = ("participant", "group", "country", "status")
        rows = [{"event_id": event_id, **dict(zip(names, row, strict=True))} for row in people]
        session.execute(insert(Participation), rows)
        numbers = [
            {"event_id": event_id, "group": group, "country": country, "number": each}
            for group, country, each in unnamed
        ]
        if numbers:
            session.execute(insert(Headcount), numbers)


def expected(events: list[Made], measure: Measure) -> tuple[dict[int, Counter[tuple[str, str]]], int]:
    """Event id -> (group, country) -> people first seen there; and how many people headcounts add."""
    starts = {row.id: row.starts_at for row in db.session.execute(select(Event.id, Event.starts_at))}
    seen: set[str] = set()
    first: dict[int, Counter[tuple[str, str]]] = {}
    unnamed = 0
    for each in sorted(events, key=lambda each: (each.day, starts[each.id], each.id)):
        if each.kind == "meeting" or (measure.event_kinds and each.kind not in measure.event_kinds):
            continue
        if (measure.joint and not each.is_joint) or measure.work_package not in (None, each.package):
            continue
        for key, group, country, status in each.people:
            if status == "attended" and wanted(group, measure) and key not in seen:
                seen.add(key)
                first.setdefault(each.id, Counter())[group, country] += 1
        unnamed += sum(number for group, _, number in each.unnamed if wanted(group, measure))
    return first, unnamed


def wanted(group: str, measure: Measure) -> bool:
    return (not measure.groups or group in measure.groups) and group not in measure.exclude_groups


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_persons_are_counted_where_they_were_first_seen_as_plain_python_counts_them(seed):
    events = make_some(seed)
    facts = load_facts(get_project(PROJECT), TODAY)
    for measure in MEASURES:
        first, unnamed = expected(events, measure)
        found = first_seen(facts, measure)
        assert {key: Counter({row[1:3]: row.number for row in rows}) for key, rows in found.items()} == first
        people = sum(each.total() for each in first.values())
        count = count_persons(facts, measure, found)
        assert (count.achieved, count.unnamed) == (people + unnamed, unnamed)
        assert count_participations(facts, measure).persons == people + unnamed


def test_as_of_a_day_later_events_and_their_people_are_not_read():
    make_people(make_event(status="held"), ["a@example.org", "b@example.org"])
    later = make_event(status="held", starts=datetime(2026, 4, 1, 10), ends=datetime(2026, 4, 1, 12))
    make_people(later, ["b@example.org", "c@example.org"])
    persons = {day: load_facts(get_project(PROJECT), day) for day in (date(2026, 3, 31), TODAY)}
    assert [count_participations(facts, Measure("participations")).persons for facts in persons.values()] == [2, 3]


def test_a_condition_takes_more_ids_than_a_statement_takes_parameters():
    event_id = make_event(status="held")
    many = [event_id, *range(1_000_000, 1_050_000)]
    assert db.session.scalar(select(func.count()).select_from(Event).where(among(Event.id, many))) == 1
    assert db.session.scalar(select(func.count()).select_from(Event).where(among(Event.id, []))) == 0


def row(key: str) -> OutcomeRow:
    return get_row(outcome_table(PROJECT, TODAY, today=TODAY), key)


@pytest.mark.parametrize("seed", [5, 6])
def test_a_row_of_persons_is_what_its_events_its_periods_and_its_countries_add_up_to(seed):
    events = make_some(seed)
    make_indicator("people", measure={"kind": "persons", "joint": True})
    first, unnamed = expected(events, Measure("persons", joint=True))
    figures = row("people").figures
    assert figures.achieved == sum(each.total() for each in first.values()) + unnamed > unnamed
    assert figures.persons == figures.achieved
    assert sum(share.counts for share in figures.events) == figures.achieved
    assert sum((figures.by_period or {}).values()) == sum((figures.by_country or {}).values()) == figures.achieved
    by_event = {each.event.id: each.counts for each in figures.events if each.counts}
    extra = Counter({each.id: sum(number for *_, number in each.unnamed) for each in events if each.id in by_event})
    assert by_event == {key: sum(first.get(key, {}).values()) + extra[key] for key in by_event}


def test_an_excluded_event_leaves_its_row_alone_and_its_people_are_first_seen_at_the_next():
    make_indicator("people", measure={"kind": "persons"})
    first = make_event(ref="W1", status="held")
    second = make_event(ref="W2", status="held", starts=datetime(2026, 4, 1, 10), ends=datetime(2026, 4, 1, 12))
    make_people(first, ["a@example.org", "b@example.org"])
    make_people(second, ["b@example.org"])
    assert {each.event.ref: each.counts for each in row("people").figures.events} == {"W1": 2, "W2": 0}
    exclude_event(first, "people", "The list was lost.", now=NOW)
    assert {each.event.ref: each.counts for each in row("people").figures.events} == {"W2": 1}
    assert row("workshops").figures.achieved == 3


def test_figures_entered_by_hand_reach_the_table_with_what_is_proven():
    make_indicator()
    assert row(LEAFLETS).figures.achieved is None
    add_figure(PROJECT, LEAFLETS, DRAFT, file=keep(), now=NOW)
    add_figure(PROJECT, LEAFLETS, DRAFT._replace(number=3, day=date(2026, 8, 1)), file=None, now=NOW)
    figures = row(LEAFLETS).figures
    assert (figures.achieved, figures.evidenced) == (DRAFT.number + 3, DRAFT.number)
    assert figures.by_period == {"1": DRAFT.number, "2": 3}


def test_the_table_takes_as_many_queries_for_many_events_as_for_few(in_app):
    make_indicator("people", measure={"kind": "persons"})
    make_some(7, 3)
    numbers = []
    for _ in range(2):
        db.session.remove()
        with noted_queries(in_app) as queries:
            outcome_table(PROJECT, TODAY, today=TODAY)
        numbers.append(len(queries))
        for place in range(20):
            make_people(make_event(status="held"), [f"m{place}@example.org"])
    assert numbers[0] == numbers[1]
