"""How much of a project's time has passed: 2026 and 2027 have 730 days."""

from datetime import date

import pytest

from portal.reports.rules.elapsed import elapsed


@pytest.mark.parametrize(
    ("today", "day", "percent", "is_over"),
    [
        (date(2025, 12, 31), 0, 0, False),
        (date(2026, 1, 1), 1, 0, False),
        (date(2026, 1, 8), 8, 1, False),
        # The 324th day: 31+28+31+30+31+30+31+31+30+31 = 304 to the end of October, and 20. 324 of 730 is 44.38 %.
        (date(2026, 11, 20), 324, 44, False),
        (date(2026, 12, 31), 365, 50, False),
        (date(2027, 12, 30), 729, 99, False),
        (date(2027, 12, 31), 730, 100, False),
        (date(2028, 1, 1), 730, 100, True),
    ],
)
def test_the_days_of_a_project_are_counted_with_today(today, day, percent, is_over):
    assert elapsed(date(2026, 1, 1), date(2027, 12, 31), today) == (day, 730, percent, is_over)


def test_a_project_of_one_day_is_passed_on_it():
    assert elapsed(date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 1)) == (1, 1, 100, False)
