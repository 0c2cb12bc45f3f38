"""The part of a row that falls to chosen values adds up like the whole."""

from datetime import date

import pytest

from portal.activities.rules.breakdowns import Selection, break_down
from portal.activities.rules.counting import NOT_REPORTED, count_events, count_organisations, count_participations
from portal.projects.rules.measures import Measure
from portal.reports.rules.narrowing import events_within, narrow
from tests.unit.activities.facts import EVENTS, PARTICIPATIONS, PERIODS, event, facts, people

# E1 of lps and ols in period 1, E2 of lps alone in period 2 and work package 2, E3 without anyone.
YEAR = facts(
    event(1, evidenced=True),
    event(2, counting_date=date(2026, 9, 15), work_package=2, organisers=("lps",), countries=("LT",)),
    event(3, counting_date=date(2026, 9, 16)),
    E1=[people(3), people(2, country="PL"), people(4, "staff", "", named=False)],
    E2=[people(5)],
)
COUNT = count_participations(YEAR, PARTICIPATIONS)


def narrowed(**chosen: str):
    return narrow(COUNT, Selection(**chosen), PERIODS)


@pytest.mark.parametrize(
    ("chosen", "achieved", "evidenced", "events"),
    [
        ({}, 14, 9, {"E1": 9, "E2": 5, "E3": 0}),
        ({"period": "1"}, 9, 9, {"E1": 9}),
        ({"period": "2"}, 5, 0, {"E2": 5, "E3": 0}),
        ({"country": "LT"}, 8, 3, {"E1": 3, "E2": 5}),
        ({"country": "unknown"}, 4, 4, {"E1": 4}),
        ({"group": "staff"}, 4, 4, {"E1": 4}),
        ({"partner": "ols"}, 9, 9, {"E1": 9, "E3": 0}),
        ({"work_package": "2"}, 5, 0, {"E2": 5}),
        ({"period": "1", "country": "PL"}, 2, 2, {"E1": 2}),
        ({"period": "3", "country": "PL"}, 0, 0, {}),
    ],
)
def test_a_part_has_the_figures_of_its_pieces(chosen, achieved, evidenced, events):
    count = narrowed(**chosen)
    assert (count.achieved, count.evidenced) == (achieved, evidenced)
    assert {share.event.ref: share.counts for share in count.events} == events
    assert sum(count.by_period.values()) == sum(count.by_country.values()) == achieved


@pytest.mark.parametrize("dimension", ["period", "country", "group", "work_package"])
def test_each_cell_of_a_breakdown_is_the_figure_of_what_it_opens(dimension):
    for value, figure in break_down(COUNT, dimension, PERIODS).items():
        assert narrowed(**{dimension: value}).achieved == figure


def test_how_many_different_people_there_were_is_not_known_of_a_part():
    count = COUNT._replace(persons=11)
    assert narrow(count, Selection(period="1"), PERIODS).persons is None
    assert narrow(count, Selection(), PERIODS).persons == 11


def test_what_is_not_people_stays_without_countries():
    count = narrow(count_events(YEAR, EVENTS), Selection(partner="lps"), PERIODS)
    assert (count.achieved, count.by_country, count.of_people) == (3, None, False)


def test_only_the_organisations_of_the_part_are_left():
    measure = Measure("organisations", roles=frozenset({"lead", "partner"}), active=True)
    count = count_organisations(YEAR, measure, {"lps": "lead", "ols": "partner"})
    left = narrow(count, Selection(partner="ols"), PERIODS)
    assert (left.achieved, [share.key for share in left.organisations]) == (1, ["ols"])


def test_a_row_that_is_not_reported_stays_so():
    assert narrow(NOT_REPORTED, Selection(period="1"), PERIODS) == NOT_REPORTED


def test_events_are_chosen_whoever_was_at_them():
    chosen = Selection(period="2", country="PL", group="staff")
    assert [each.ref for each in events_within(YEAR.events, chosen, PERIODS)] == ["E2", "E3"]
