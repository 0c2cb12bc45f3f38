"""Where a row would be at the end if it went on as so far: a straight line over the project's days."""

from datetime import date

import pytest

from portal.reports.rules.pace import at_present_pace

# 730 days, of which 2026 has 365.
DAYS = (date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("achieved", "as_of", "pace"),
    [
        (45, date(2026, 12, 31), 90),
        (1, date(2026, 1, 1), 730),
        (0, date(2026, 12, 31), 0),
        # 10 × 730 ÷ 3 = 2433.3
        (10, date(2026, 1, 3), 2433),
        (216, date(2027, 12, 31), 216),
        (300, date(2027, 12, 31), 300),
    ],
)
def test_what_was_achieved_grows_in_a_straight_line_and_is_rounded_down(achieved, as_of, pace):
    assert at_present_pace(achieved, DAYS, as_of) == pace


@pytest.mark.parametrize(
    ("achieved", "as_of"),
    [(None, date(2026, 12, 31)), (45, date(2025, 12, 31)), (45, date(2028, 1, 1))],
)
def test_there_is_no_pace_before_and_after_the_project_and_where_nothing_is_reported(achieved, as_of):
    assert at_present_pace(achieved, DAYS, as_of) is None


def test_a_project_of_one_day_has_reached_what_it_reaches():
    day = date(2026, 5, 1)
    assert at_present_pace(7, (day, day), day) == 7
