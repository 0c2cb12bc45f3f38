"""Periods: the last day is inside, gaps hold no day, and two periods overlap if they share one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.periods import Period, begun, find_period, overlaps

FIRST = Period(1, date(2025, 1, 1), date(2025, 6, 30))
SECOND = Period(2, date(2025, 7, 1), date(2025, 12, 31))
AFTER_A_GAP = Period(3, date(2026, 2, 1), date(2026, 7, 31))
PLAN = [FIRST, SECOND, AFTER_A_GAP]

DAYS = st.dates(date(2025, 1, 1), date(2025, 2, 28))


@st.composite
def some_periods(draw: st.DrawFn) -> list[Period]:
    """Up to six short periods, numbered in no order, that may touch, overlap or leave gaps."""
    numbers = draw(st.lists(st.integers(1, 20), max_size=6, unique=True))
    return [Period(number, day := draw(DAYS), day + timedelta(days=draw(st.integers(0, 20)))) for number in numbers]


def days_of(period: Period) -> set[date]:
    """The days of `period`, counted one by one."""
    length_days = (period.last_day - period.first_day).days + 1
    return {period.first_day + timedelta(days=offset) for offset in range(length_days)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), FIRST),
        (date(2025, 3, 15), FIRST),
        (date(2025, 6, 30), FIRST),
        (date(2025, 7, 1), SECOND),
        (date(2025, 12, 31), SECOND),
        (date(2026, 1, 1), None),
        (date(2026, 1, 31), None),
        (date(2026, 2, 1), AFTER_A_GAP),
        (date(2026, 8, 1), None),
    ],
    ids=str,
)
def test_a_day_is_found_in_the_period_that_holds_it(day, expected):
    assert find_period(day, PLAN) == expected


def test_no_periods_hold_no_day():
    assert find_period(date(2025, 1, 1), []) is None


@given(DAYS, some_periods())
def test_the_first_period_that_holds_the_day_is_found(day, periods):
    holding = [period for period in periods if day in days_of(period)]
    assert find_period(day, periods) == (holding[0] if holding else None)


def test_periods_that_follow_each_other_do_not_overlap():
    assert overlaps(PLAN) == []


def test_one_shared_day_is_an_overlap():
    starts_a_day_early = Period(2, date(2025, 6, 30), date(2025, 12, 31))
    assert overlaps([FIRST, starts_a_day_early]) == [(FIRST, starts_a_day_early)]


def test_a_period_inside_another_overlaps_it_whatever_their_order():
    inside = Period(9, date(2025, 3, 1), date(2025, 3, 1))
    assert overlaps([FIRST, inside]) == [(FIRST, inside)]
    assert overlaps([inside, FIRST]) == [(inside, FIRST)]


def test_every_pair_is_named_once_and_not_only_neighbours():
    whole_time = Period(4, date(2025, 1, 1), date(2026, 12, 31))
    assert overlaps([*PLAN, whole_time]) == [(FIRST, whole_time), (SECOND, whole_time), (AFTER_A_GAP, whole_time)]


def test_a_period_that_ends_before_it_begins_has_no_day_to_share():
    backwards = Period(5, date(2025, 3, 31), date(2025, 3, 1))
    assert overlaps([FIRST, backwards]) == []


def test_overlaps_takes_its_periods_from_a_generator():
    assert overlaps(period for period in [FIRST, FIRST]) == [(FIRST, FIRST)]


@given(some_periods())
def test_two_periods_overlap_exactly_if_they_share_a_day(periods):
    sharing = [
        (one, other)
        for position, one in enumerate(periods)
        for other in periods[position + 1 :]
        if days_of(one) & days_of(other)
    ]
    assert overlaps(periods) == sharing


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 31), []),
        (date(2025, 1, 1), [FIRST]),
        (date(2025, 6, 30), [FIRST]),
        (date(2025, 7, 1), [FIRST, SECOND]),
        (date(2026, 1, 15), [FIRST, SECOND]),
        (date(2027, 1, 1), [FIRST, SECOND, AFTER_A_GAP]),
    ],
    ids=str,
)
def test_a_period_has_begun_from_its_first_day_on(day, expected):
    assert begun(PLAN, day) == expected


def test_begun_periods_come_by_number():
    assert begun([AFTER_A_GAP, SECOND, FIRST], date(2027, 1, 1)) == [FIRST, SECOND, AFTER_A_GAP]


def test_begun_periods_come_by_number_even_if_their_days_do_not():
    late_first = Period(1, date(2025, 8, 1), date(2025, 8, 31))
    assert begun([SECOND, late_first], date(2025, 9, 1)) == [late_first, SECOND]
