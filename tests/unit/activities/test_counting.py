"""Counting: what a row's figures are, what "–" means against 0, and how sums and organisations are counted."""

from datetime import date

import pytest

from portal.activities.rules.counting import (
    NOT_REPORTED,
    Count,
    EventShare,
    OrganisationShare,
    count_events,
    count_organisations,
    count_participations,
    count_sum,
)
from portal.activities.rules.facts import ExclusionFact
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import EVENTS, PARTICIPATIONS, event, facts, people

INITIATIVES = Measure(
    "participations",
    joint=True,
    event_kinds=frozenset({"tournament", "support_group"}),
    groups=frozenset({"community_member", "convicted_person", "family_member"}),
)
TOURNAMENT = event(1, kind="tournament", is_public=True, counting_date=date(2026, 6, 6))
CROWD = [
    people(40, "community_member", "", named=False),
    people(16, "convicted_person", "", named=False),
    people(10, "staff"),
    people(300, "spectator", "", named=False),
]


def test_the_volleyball_tournament_counts_its_community_members_and_convicted_persons():
    count = count_participations(facts(TOURNAMENT, E1=CROWD), INITIATIVES)
    assert count.achieved == 56
    assert count.events == (EventShare(TOURNAMENT, 56),)
    assert count.unnamed == 56


def test_spectators_do_not_count_where_they_are_excluded():
    measure = Measure("participations", exclude_groups=frozenset({"spectator"}))
    assert count_participations(facts(TOURNAMENT, E1=CROWD), measure).achieved == 66


def test_spectators_count_where_nothing_excludes_them():
    assert count_participations(facts(TOURNAMENT, E1=CROWD), PARTICIPATIONS).achieved == 366


def test_an_event_where_nobody_of_the_groups_was_adds_nothing():
    count = count_participations(facts(TOURNAMENT, E1=[people(10, "staff")]), INITIATIVES)
    assert count.achieved == 0
    assert count.events == (EventShare(TOURNAMENT, 0),)


@pytest.mark.parametrize("count", [count_participations, count_events])
@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(event(status="planned")),
        facts(event(kind="meeting")),
        facts(event(counting_date=date(2025, 12, 30))),
    ],
    ids=["no event", "planned", "a meeting", "outside the days"],
)
def test_nothing_is_reported_while_nothing_that_could_count_has_been_held(count, known):
    assert count(known, PARTICIPATIONS) == NOT_REPORTED
    assert NOT_REPORTED.achieved is None
    assert NOT_REPORTED.by_period is None


@pytest.mark.parametrize("kind", ["participations", "events"])
def test_the_figure_is_zero_once_something_could_count_and_nothing_does(kind):
    alone = event(organisers=("lps",), countries=("LT",))
    count = {"participations": count_participations, "events": count_events}[kind]
    result = count(facts(alone, E1=[people(5)]), Measure(kind, joint=True))
    assert (result.achieved, result.evidenced) == (0, 0)
    assert result.by_period == {"1": 0, "2": 0}
    assert result.events == ()


def test_a_held_event_of_another_kind_leaves_the_row_unreported():
    assert count_participations(facts(event(kind="training"), E1=[people(5)]), INITIATIVES).achieved is None


def test_each_counting_event_is_one_event_however_many_people_came():
    count = count_events(facts(event(1), event(2), event(3, status="planned"), E1=[people(99)]), EVENTS)
    assert count.achieved == 2
    assert [share.counts for share in count.events] == [1, 1]
    assert count.by_country is None


def test_every_period_begun_by_the_day_is_listed_and_no_later_one():
    count = count_participations(facts(event(counting_date=date(2026, 7, 1)), E1=[people(4)]), PARTICIPATIONS)
    assert count.by_period == {"1": 0, "2": 4}


def test_what_falls_into_no_period_is_listed_under_none():
    late = event(2, counting_date=date(2027, 9, 1))
    known = facts(event(1), late, as_of=date(2027, 10, 1), E1=[people(4)], E2=[people(3)])
    assert count_participations(known, PARTICIPATIONS).by_period == {"1": 4, "2": 0, "3": 0, "none": 3}


def test_none_is_not_listed_where_nothing_fell_into_no_period():
    late = event(1, counting_date=date(2027, 9, 1))
    count = count_participations(facts(late, as_of=date(2027, 10, 1)), PARTICIPATIONS)
    assert count.by_period == {"1": 0, "2": 0, "3": 0}


def test_people_are_listed_by_their_own_country_and_unknown_where_it_is_not_stated():
    present = [people(3, country="PL"), people(2), people(1, "staff"), people(4, country="", named=False)]
    count = count_participations(facts(event(), E1=present), PARTICIPATIONS)
    assert count.by_country == {"LT": 3, "PL": 3, "unknown": 4}


def test_only_events_with_evidence_make_participations_and_events_evidenced():
    known = facts(event(1, evidenced=True), event(2), E1=[people(20)], E2=[people(25)])
    assert count_participations(known, PARTICIPATIONS)[:2] == (45, 20)
    assert count_events(known, EVENTS)[:2] == (2, 1)


ROLES = {"lps": "lead", "lpro": "partner", "ols": "partner", "alytus": "associated", "kaunas": "associated"}
ALL_ROLES = frozenset({"lead", "partner", "associated"})
ACTIVE = Measure("organisations", roles=ALL_ROLES, active=True)
BY_ROLE = Measure("organisations", roles=frozenset({"lead", "partner"}))


def test_an_organisation_is_active_through_the_first_held_event_it_organised():
    first, second = event(1), event(2, organisers=("ols", "kaunas"), counting_date=date(2026, 8, 20), evidenced=True)
    count = count_organisations(facts(first, second), ACTIVE, ROLES)
    assert count.organisations == (
        OrganisationShare("lps", first),
        OrganisationShare("ols", first),
        OrganisationShare("kaunas", second),
    )
    assert count.achieved == 3
    assert count.by_period == {"1": 2, "2": 1}
    assert count.evidenced == 2
    assert count.by_country is None


def test_a_meeting_and_an_event_that_is_not_joint_make_their_organisers_active():
    meeting = event(1, kind="meeting", organisers=("lpro",), countries=("LT",))
    assert count_organisations(facts(meeting), ACTIVE, ROLES).achieved == 1


@pytest.mark.parametrize(
    "changes", [{"status": "planned"}, {"status": "cancelled"}, {"counting_date": date(2025, 12, 30)}], ids=str
)
def test_active_organisations_are_not_reported_before_an_event_was_held_within_the_days(changes):
    assert count_organisations(facts(event(**changes)), ACTIVE, ROLES) == NOT_REPORTED


def test_active_organisations_are_zero_where_those_who_organised_play_no_counted_role():
    measure = Measure("organisations", roles=frozenset({"associated"}), active=True)
    assert count_organisations(facts(event()), measure, ROLES).achieved == 0


def test_organisations_by_role_count_from_the_projects_first_day():
    count = count_organisations(facts(as_of=date(2026, 1, 1)), BY_ROLE, ROLES)
    assert count.achieved == 3
    assert count.organisations == tuple(OrganisationShare(key, None) for key in ("lps", "lpro", "ols"))
    assert count.by_period == {"1": 3}


def test_organisations_by_role_are_not_reported_before_the_projects_first_day():
    assert count_organisations(facts(as_of=date(2025, 12, 31)), BY_ROLE, ROLES) == NOT_REPORTED


WORKSHOPS = Count(achieved=45, evidenced=20, by_period={"1": 20, "2": 25}, by_country={"LT": 24, "PL": 21})
OTHERS = Count(achieved=5, evidenced=5, by_period={"1": 0, "2": 4, "none": 1}, by_country={"LT": 2, "unknown": 3})


def test_a_sum_adds_its_parts_figure_by_figure():
    count = count_sum([WORKSHOPS, OTHERS])
    assert (count.achieved, count.evidenced) == (50, 25)
    assert count.by_period == {"1": 20, "2": 29, "none": 1}
    assert count.by_country == {"LT": 26, "PL": 21, "unknown": 3}
    assert count.persons is None


def test_a_sum_counts_what_is_reported_and_is_unreported_only_if_all_its_parts_are():
    assert count_sum([NOT_REPORTED, WORKSHOPS]).achieved == 45
    assert count_sum([NOT_REPORTED, Count(achieved=0, evidenced=0, by_period={"1": 0})]).achieved == 0
    assert count_sum([NOT_REPORTED, NOT_REPORTED]) == NOT_REPORTED


def test_a_sum_with_a_part_that_has_no_countries_has_none_either():
    assert count_sum([WORKSHOPS, Count(achieved=2, evidenced=0, by_period={"1": 2})]).by_country is None


EXCLUDED = {"exclusions": (ExclusionFact("initiatives", "counted twice"),)}


def test_the_row_falls_to_zero_and_not_to_unreported_when_its_only_event_is_excluded():
    known = facts(TOURNAMENT._replace(**EXCLUDED), E1=CROWD)
    count = count_participations(known, INITIATIVES, row="initiatives")
    assert (count.achieved, count.evidenced, count.persons) == (0, 0, 0)
    assert count.by_period == {"1": 0, "2": 0}
    assert count.events == ()


def test_an_excluded_event_counts_towards_the_other_rows_with_the_same_measure():
    known = facts(TOURNAMENT._replace(**EXCLUDED), E1=CROWD)
    assert count_participations(known, INITIATIVES, row="tournaments").achieved == 56


def test_only_the_excluded_event_falls_out():
    known = facts(event(1, **EXCLUDED), event(2), E1=[people(20)], E2=[people(25)])
    assert count_participations(known, PARTICIPATIONS, row="initiatives").achieved == 25
    assert count_events(known, EVENTS, row="initiatives").achieved == 1


def test_an_excluded_event_makes_nobody_active_and_a_later_one_may():
    first = event(1, **EXCLUDED)
    second = event(2, organisers=("ols",), counting_date=date(2026, 8, 20))
    active = count_organisations(facts(first, second), ACTIVE, ROLES, row="initiatives")
    assert active.organisations == (OrganisationShare("ols", second),)
    assert active.by_period == {"1": 0, "2": 1}
    assert count_organisations(facts(first), ACTIVE, ROLES, row="initiatives").achieved == 0


def test_persons_of_a_row_of_participations_are_each_counted_once_and_headcounts_as_they_are():
    here, there = [people(20), people(7, "staff", named=False, country="PL")], [people(25)]
    count = count_participations(facts(event(1), event(2), E1=here, E2=there), PARTICIPATIONS)
    assert (count.achieved, count.unnamed, count.persons) == (52, 7, 32)


def test_a_person_is_counted_once_also_where_the_group_changed_from_event_to_event():
    known = facts(event(1), event(2), E1=[people(3, "staff")], E2=[people(3, "professional")])
    assert count_participations(known, PARTICIPATIONS).persons == 3


def test_persons_of_groups_that_are_left_out_are_not_counted():
    measure = Measure("participations", exclude_groups=frozenset({"spectator"}))
    present = [people(3), people(5, "spectator", first=10)]
    assert count_participations(facts(event(), E1=present), measure).persons == 3
