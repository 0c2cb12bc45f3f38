"""Breakdowns: a row by period, country, partner, group and work package, parts of it, and how it grew."""

from datetime import date

import pytest

from portal.activities.rules.breakdowns import DIMENSIONS, REPEATING, Point, Selection, break_down, history, selected
from portal.activities.rules.counting import (
    NOT_REPORTED,
    Count,
    count_events,
    count_figures,
    count_organisations,
    count_participations,
    count_sum,
)
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import EVENTS, PARTICIPATIONS, PERIODS, event, facts, figure, people

JOINT = event(1, counting_date=date(2026, 3, 10))
ALONE = event(2, counting_date=date(2026, 8, 20), organisers=("ols",), countries=("PL",), work_package=2)
SAME_DAY = event(3, counting_date=date(2026, 8, 20), organisers=("lps",), countries=("LT",), work_package=2)
KNOWN = facts(
    JOINT,
    ALONE,
    SAME_DAY,
    E1=[people(20), people(4, "staff", "PL", first=50)],
    E2=[people(10, "staff", ""), people(6, "spectator", "", named=False)],
    E3=[people(5, country="PL")],
)
PEOPLE = count_participations(KNOWN, PARTICIPATIONS)
HELD = count_events(KNOWN, EVENTS)
ROLES = {"lps": "lead", "ols": "partner", "lpro": "partner"}
ROLED = frozenset({"lead", "partner"})
ACTIVE = count_organisations(KNOWN, Measure("organisations", roles=ROLED, active=True), ROLES)
BY_ROLE = count_organisations(KNOWN, Measure("organisations", roles=ROLED), ROLES)
BY_HAND = count_figures(KNOWN, [figure(7), figure(2, date(2026, 7, 2))])


@pytest.mark.parametrize(
    ("dimension", "parts"),
    [
        ("period", {"1": 24, "2": 21}),
        ("country", {"LT": 20, "PL": 9, "unknown": 16}),
        # The joint event's 24 stand under both of its organisers.
        ("partner", {"lps": 29, "ols": 40}),
        ("group", {"professional": 25, "staff": 14, "spectator": 6}),
        ("work_package", {"1": 24, "2": 21}),
    ],
)
def test_people_are_told_apart_in_every_dimension(dimension, parts):
    assert break_down(PEOPLE, dimension, PERIODS) == parts


@pytest.mark.parametrize(
    ("dimension", "parts"),
    [
        ("period", {"1": 1, "2": 2}),
        ("country", None),
        ("partner", {"lps": 2, "ols": 2}),
        ("group", None),
        ("work_package", {"1": 1, "2": 2}),
    ],
)
def test_events_have_no_country_and_no_group(dimension, parts):
    assert break_down(HELD, dimension, PERIODS) == parts


@pytest.mark.parametrize(
    ("dimension", "active", "by_role", "by_hand"),
    [
        ("period", {"1": 2, "2": 0}, {"1": 3, "2": 0}, {"1": 7, "2": 2}),
        ("country", None, None, None),
        ("partner", {"lps": 1, "ols": 1}, {"lps": 1, "ols": 1, "lpro": 1}, {"-": 9}),
        ("group", None, None, None),
        ("work_package", {"1": 2}, {"none": 3}, {"none": 9}),
    ],
)
def test_organisations_and_figures_by_hand_are_told_apart_as_far_as_it_is_known(dimension, active, by_role, by_hand):
    assert [break_down(each, dimension, PERIODS) for each in (ACTIVE, BY_ROLE, BY_HAND)] == [active, by_role, by_hand]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_row_that_is_not_reported_is_told_apart_in_nothing(dimension):
    assert break_down(NOT_REPORTED, dimension, PERIODS) is None


def test_a_row_that_is_zero_has_periods_and_no_other_parts():
    nothing = count_participations(facts(JOINT), PARTICIPATIONS)
    assert break_down(nothing, "period", PERIODS) == {"1": 0, "2": 0}
    assert [break_down(nothing, dimension, PERIODS) for dimension in DIMENSIONS[1:]] == [{}, {}, {}, {}]


def test_a_sum_of_people_is_told_apart_like_its_parts_together():
    total = count_sum([PEOPLE, PEOPLE])
    assert break_down(total, "country", PERIODS) == {"LT": 40, "PL": 18, "unknown": 32}
    assert break_down(total, "partner", PERIODS) == {"lps": 58, "ols": 80}


@pytest.mark.parametrize("dimension", ["country", "group"])
def test_a_sum_with_something_in_it_that_is_not_people_has_no_country_and_no_group(dimension):
    assert break_down(count_sum([PEOPLE, BY_HAND]), dimension, PERIODS) is None
    assert break_down(count_sum([PEOPLE, NOT_REPORTED]), dimension, PERIODS) is not None


def test_only_partners_repeat():
    assert {"partner"} == REPEATING


def test_what_falls_into_no_period_is_none():
    late = count_participations(
        facts(event(1, counting_date=date(2027, 9, 1)), as_of=date(2027, 12, 31), E1=[people(3)]), PARTICIPATIONS
    )
    assert len(selected(late.pieces, Selection(period="none"), PERIODS)) == 1


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        (Selection(), 45),
        (Selection(period="2"), 21),
        (Selection(country="unknown"), 16),
        (Selection(partner="ols"), 40),
        (Selection(group="staff"), 14),
        (Selection(work_package="2"), 21),
        (Selection(period="2", group="staff"), 10),
        (Selection(period="1", group="staff", country="PL", partner="lps", work_package="1"), 4),
        (Selection(period="1", work_package="2"), 0),
        (Selection(partner="kaunas"), 0),
    ],
)
def test_a_part_is_what_has_every_chosen_value(chosen, number):
    assert sum(piece.number for piece in selected(PEOPLE.pieces, chosen, PERIODS)) == number


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_part_of_a_breakdown_can_be_selected(dimension):
    for value, number in (break_down(PEOPLE, dimension, PERIODS) or {}).items():
        part = selected(PEOPLE.pieces, Selection(**{dimension: value}), PERIODS)
        assert sum(piece.number for piece in part) == number


def test_the_history_has_a_point_for_each_day_that_added_something():
    assert history(PEOPLE.pieces) == [Point(date(2026, 3, 10), 24), Point(date(2026, 8, 20), 45)]
    assert history(BY_HAND.pieces) == [Point(date(2026, 3, 10), 7), Point(date(2026, 7, 2), 9)]


def test_nothing_has_no_history():
    assert history(Count().pieces) == []
