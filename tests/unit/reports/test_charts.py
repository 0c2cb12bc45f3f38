"""Bars and steps in whole units of their drawings."""

from datetime import date, timedelta

import pytest

from portal.activities.rules.breakdowns import Point
from portal.reports.rules.charts import Bar, Growth, GrowthTable, Line, draw_bar, draw_history, growth_table

# 730 days over 858 units, from 90 on.
DAYS = (date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("achieved", "evidenced", "expected", "bar"),
    [
        # 1000 × 20 ÷ 216 = 92.6, and 1000 × 45 ÷ 216 = 208.3
        (45, 20, 216, Bar(92, 116, None)),
        (45, 45, 216, Bar(208, 0, None)),
        (2, 0, 2, Bar(0, 1000, None)),
        # Three times what is expected: the mark is at a third.
        (6, 3, 2, Bar(500, 500, 333)),
        (0, 0, 2, Bar(0, 0, None)),
        # What is not nothing is seen, and the evidenced part is never longer than the whole.
        (1, 1, 100_000, Bar(6, 0, None)),
    ],
)
def test_the_evidenced_part_of_a_bar_is_told_apart_and_the_expected_marked_beyond_it(
    achieved, evidenced, expected, bar
):
    assert draw_bar(achieved, evidenced, expected) == bar


@pytest.mark.parametrize(("achieved", "expected"), [(None, 216), (45, None), (45, 0)])
def test_there_is_no_bar_where_nothing_is_reported_or_expected(achieved, expected):
    assert draw_bar(achieved, 0, expected) is None


def test_the_steps_rise_on_the_days_and_end_on_the_day_shown():
    points = [Point(date(2026, 1, 1), 20), Point(date(2027, 1, 1), 50)]
    chart = draw_history(points, 100, DAYS, date(2027, 12, 31))
    # 242 units from 0 at 286 up to 100 at 44: 20 is 48 above (48.4), 50 is 121 above; 2027 begins half way.
    assert chart.path == "M90 286H90V238H519V165H946"
    assert chart.lines == [
        Line(286, 0), Line(238, 20), Line(190, 40), Line(141, 60), Line(93, 80), Line(44, 100)
    ]  # fmt: skip
    assert chart.expected == Line(44, 100)
    assert chart.end == (946, True)
    assert [tick.x for tick in chart.ticks][:2] == [90, 126]


def test_the_line_ends_where_the_project_does_and_there_is_none_before_it():
    assert draw_history([], 10, DAYS, date(2030, 1, 1)).end.x == 946
    assert draw_history([], 10, DAYS, DAYS[0]).path == "M90 286H90"
    assert draw_history([], 10, DAYS, date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("highest", "numbers"),
    [
        (1, [0, 1]),
        (6, [0, 2, 4, 6]),
        (45, [0, 10, 20, 30, 40, 50]),
        (216, [0, 50, 100, 150, 200, 250]),
        (1001, [0, 500, 1000, 1500]),
    ],
)
def test_the_lines_stand_at_round_numbers_up_to_the_highest(highest, numbers):
    chart = draw_history([Point(DAYS[0], highest)], None, DAYS, DAYS[1])
    assert [line.number for line in chart.lines] == numbers
    assert chart.expected is None


def test_an_achievement_beyond_the_expected_stays_inside_the_drawing():
    chart = draw_history([Point(DAYS[0], 30)], 10, DAYS, DAYS[1])
    assert chart.path == "M90 286H90V44H946"
    assert chart.expected.y == 206


def test_up_to_fifty_days_each_have_a_row():
    first = date(2026, 1, 1)
    points = [Point(first + timedelta(number), 2 * number + 2) for number in range(50)]
    table = growth_table(points)
    assert (table.by, len(table.rows)) == ("day", 50)
    assert table.rows[1] == Growth(date(2026, 1, 2), 2, 4)


def test_more_days_are_told_by_month():
    points = [Point(date(2026, 1, 1) + timedelta(number), number + 1) for number in range(51)]
    rows = [Growth(date(2026, 1, 31), 31, 31), Growth(date(2026, 2, 20), 20, 51)]
    assert growth_table(points) == GrowthTable("month", rows)


def test_more_months_are_told_by_year():
    points = [Point(date(2026 + number // 12, 1 + number % 12, 1), number + 1) for number in range(51)]
    table = growth_table(points)
    assert table.by == "year"
    assert [(row.last_day.year, row.added, row.total) for row in table.rows] == [
        (2026, 12, 12),
        (2027, 12, 24),
        (2028, 12, 36),
        (2029, 12, 48),
        (2030, 3, 51),
    ]


def test_nothing_grew_where_nothing_was_added():
    assert growth_table([]) == GrowthTable("day", [])
