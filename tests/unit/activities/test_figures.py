"""Figures entered by hand: which count by a day, and what they add up to."""

from datetime import date

import pytest

from portal.activities.rules.counting import NOT_REPORTED, count_figures, count_sum
from tests.unit.activities.facts import AS_OF, facts, figure


def test_figures_add_up_by_period_and_what_a_file_proves_is_evidenced():
    figures = [figure(30, date(2026, 2, 1), evidenced=True), figure(12, date(2026, 6, 30)), figure(5, date(2026, 7, 1))]
    count = count_figures(facts(), figures)
    assert (count.achieved, count.evidenced) == (47, 30)
    assert count.by_period == {"1": 42, "2": 5}


def test_figures_have_no_countries_and_no_persons():
    count = count_figures(facts(), [figure(30)])
    assert count.by_country is None
    assert count.persons is None


def test_each_piece_is_a_figure():
    figures = [figure(30, row=1), figure(12, row=2)]
    assert [piece.figure for piece in count_figures(facts(), figures).pieces] == figures


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (AS_OF, True),
        (date(2026, 11, 21), False),
    ],
    ids=str,
)
def test_figures_count_from_the_projects_first_day_to_the_day_asked_for(day, counts):
    assert (count_figures(facts(), [figure(8, day)]).achieved == 8) is counts


def test_figures_after_the_projects_last_day_do_not_count():
    known = facts(as_of=date(2028, 6, 1))
    assert count_figures(known, [figure(8, date(2027, 12, 31))]).achieved == 8
    assert count_figures(known, [figure(8, date(2028, 1, 1))]) == NOT_REPORTED


def test_a_figure_in_no_period_is_listed_under_none():
    known = facts(as_of=date(2027, 12, 31))
    assert count_figures(known, [figure(8, date(2027, 9, 1))]).by_period == {"1": 0, "2": 0, "3": 0, "none": 8}


def test_nothing_entered_is_not_reported_and_a_zero_entered_is_zero():
    assert count_figures(facts(), []) == NOT_REPORTED
    count = count_figures(facts(), [figure(0)])
    assert (count.achieved, count.evidenced, count.by_period) == (0, 0, {"1": 0, "2": 0})


def test_a_sum_with_figures_in_it_adds_them():
    total = count_sum([count_figures(facts(), [figure(8)]), NOT_REPORTED])
    assert (total.achieved, len(total.pieces)) == (8, 1)
