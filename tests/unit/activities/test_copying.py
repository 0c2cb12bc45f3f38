"""When a copy of an event is: the same hours of the clock on another day, whatever clocks do between the two."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.copying import LocalTimes, moved_to
from portal.core.errors import InvalidInput

# Clocks go back in the night to 25 October 2026, forward in the night to 28 March 2027.
OVERNIGHT = LocalTimes(datetime(2026, 10, 17, 22, 0), datetime(2026, 10, 18, 9, 30))


def test_without_a_day_a_copy_is_a_week_later_at_the_same_hours():
    assert moved_to(OVERNIGHT, None) == (datetime(2026, 10, 24, 22, 0), datetime(2026, 10, 25, 9, 30))


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        (date(2026, 10, 17), datetime(2026, 10, 17, 22, 0), datetime(2026, 10, 18, 9, 30)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 22, 0), datetime(2027, 3, 28, 9, 30)),
        (date(2026, 2, 28), datetime(2026, 2, 28, 22, 0), datetime(2026, 3, 1, 9, 30)),
    ],
)
def test_a_copy_ends_as_many_days_after_its_first_one(day, starts, ends):
    assert moved_to(OVERNIGHT, day) == (starts, ends)


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2200, 1, 1), date.max, date.min])
def test_a_day_in_a_year_without_events_is_refused(day):
    with pytest.raises(InvalidInput) as refusal:
        moved_to(OVERNIGHT, day)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("copy-day", "day")


def test_a_week_after_the_last_year_is_refused():
    last = LocalTimes(datetime(2199, 12, 28, 10, 0), datetime(2199, 12, 28, 12, 0))
    with pytest.raises(InvalidInput):
        moved_to(last, None)


moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2199, 1, 1))


@given(
    moments, st.timedeltas(timedelta(minutes=1), timedelta(days=300)), st.dates(date(1990, 1, 1), date(2199, 12, 31))
)
def test_a_copy_keeps_its_hours_and_its_length_on_the_clock(starts, length, day):
    copy = moved_to(LocalTimes(starts, starts + length), day)
    assert (copy.starts.date(), copy.starts.time()) == (day, starts.time())
    assert copy.ends - copy.starts == length
