"""Persons: each counted once, at the event where they were first seen, with the headcounts as they are."""

from datetime import date

from portal.activities.rules.counting import NOT_REPORTED, EventShare, count_persons, first_seen
from portal.activities.rules.facts import ExclusionFact, Facts
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import event, facts, people

PERSONS = Measure("persons")
SPRING, SUMMER, AUTUMN = (
    event(1, counting_date=date(2026, 3, 10), evidenced=True),
    event(2, counting_date=date(2026, 6, 20)),
    event(3, counting_date=date(2026, 9, 5)),
)


def count(known: Facts, measure: Measure = PERSONS, row: str = ""):
    return count_persons(known, measure, first_seen(known, measure, row=row), row=row)


def year(**changes) -> Facts:
    """p1 to p20 in spring, p16 to p30 in summer, p1 to p31 in autumn, and 12 people without names in summer."""
    return facts(
        SPRING,
        SUMMER,
        AUTUMN,
        **{
            "E1": [people(20)],
            "E2": [people(15, first=16), people(12, "unknown", "", named=False)],
            "E3": [people(31)],
            **changes,
        },
    )


def test_each_person_is_counted_at_the_event_they_were_first_seen_at():
    counted = count(year())
    assert counted.events == (EventShare(SPRING, 20), EventShare(SUMMER, 10 + 12), EventShare(AUTUMN, 1))
    assert counted.achieved == 20 + 22 + 1
    assert counted.by_period == {"1": 42, "2": 1}


def test_headcounts_are_added_and_said_to_be_unnamed():
    counted = count(year())
    assert counted.unnamed == 12
    assert counted.persons == counted.achieved == 43


def test_only_who_was_first_seen_at_an_evidenced_event_is_evidenced():
    assert count(year()).evidenced == 20


def test_a_person_has_the_country_and_the_group_of_the_event_they_were_first_seen_at():
    known = facts(SPRING, SUMMER, E1=[people(2, "staff", "LT")], E2=[people(3, "professional", "PL")])
    counted = count(known)
    assert counted.by_country == {"LT": 2, "PL": 1}
    assert [(piece.group, piece.number) for piece in counted.pieces] == [("staff", 2), ("professional", 1)]


def test_an_event_where_nobody_new_came_is_listed_with_nothing():
    known = facts(SPRING, SUMMER, E1=[people(5)], E2=[people(3)])
    assert count(known).events == (EventShare(SPRING, 5), EventShare(SUMMER, 0))


def test_who_came_first_as_a_spectator_is_seen_at_the_next_event_where_spectators_do_not_count():
    known = facts(SPRING, SUMMER, E1=[people(4, "spectator")], E2=[people(4, "professional")])
    measure = Measure("persons", exclude_groups=frozenset({"spectator"}))
    assert count(known, measure).events == (EventShare(SPRING, 0), EventShare(SUMMER, 4))


def test_once_the_first_event_is_excluded_its_people_are_first_seen_at_the_next_one():
    excluded = SPRING._replace(exclusions=(ExclusionFact("people", "no list"),))
    known = year()._replace(events=[excluded, SUMMER, AUTUMN])
    assert count(known, row="people").events == (EventShare(SUMMER, 15 + 12), EventShare(AUTUMN, 16))
    assert count(known, row="other").achieved == 43


def test_people_at_events_that_do_not_count_are_not_first_seen_there():
    known = facts(SPRING._replace(status="planned"), SUMMER, E1=[people(5)], E2=[people(3)])
    assert count(known).achieved == 3


def test_persons_are_not_reported_before_anything_that_could_count_was_held():
    assert count(facts(SPRING._replace(kind="meeting"), E1=[people(5)])) == NOT_REPORTED


def test_first_seen_lists_no_event_at_which_nobody_new_was():
    known = facts(SPRING, SUMMER, E1=[people(2)], E2=[people(2), people(9, named=False)])
    assert {key: [row.number for row in rows] for key, rows in first_seen(known, PERSONS).items()} == {1: [2]}
