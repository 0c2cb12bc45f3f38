"""Series: the dates of a repeated event, months that have no such day, and clocks that change between them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.copying import LocalTimes
from portal.activities.rules.series import (
    MOST_REPEATS,
    UNITS,
    Repetition,
    chosen_days,
    list_occurrences,
)
from portal.core.errors import InvalidInput, InvalidInputs

VILNIUS = "Europe/Vilnius"


def times(day: str, starts: str = "10:00", ends: str = "16:00") -> LocalTimes:
    return LocalTimes(*(datetime.fromisoformat(f"{day} {hour}") for hour in (starts, ends)))


def dates(day: str, *repetition: object) -> list[str | None]:
    found = list_occurrences(times(day), Repetition(*repetition), VILNIUS)
    return [each.day.isoformat() if each.day else None for each in found]


@pytest.mark.parametrize(
    ("day", "repetition", "expected"),
    [
        ("2026-03-10", (1, "days", 3), ["2026-03-11", "2026-03-12", "2026-03-13"]),
        ("2026-03-10", (2, "weeks", 2), ["2026-03-24", "2026-04-07"]),
        ("2026-03-10", (1, "weeks", None, date(2026, 3, 24)), ["2026-03-17", "2026-03-24"]),
        ("2026-01-31", (1, "months", 2), [None, "2026-03-31", None, "2026-05-31"]),
        ("2026-01-31", (1, "months", None, date(2026, 4, 30)), [None, "2026-03-31", None]),
        ("2026-11-15", (2, "months", 2), ["2027-01-15", "2027-03-15"]),
        # 10 March 2026 is the second Tuesday of its month.
        ("2026-03-10", (1, "weekdays", 2), ["2026-04-14", "2026-05-12"]),
        # 31 March 2026 is the fifth Tuesday; April and May have four, June has five.
        ("2026-03-31", (1, "weekdays", 1), [None, None, "2026-06-30"]),
    ],
)
def test_the_dates_are_those_of_the_calendar(day, repetition, expected):
    assert dates(day, *repetition) == expected


def test_hours_of_the_clock_are_the_same_on_both_sides_of_the_change():
    found = list_occurrences(times("2026-03-24"), Repetition(1, "weeks", 1), VILNIUS)
    assert found[0].times == times("2026-03-31")
    assert found[0].problem is None


@pytest.mark.parametrize(
    ("day", "hour", "code"), [("2026-03-22", "03:30", "time-skipped"), ("2026-10-18", "03:30", "time-twice")]
)
def test_a_time_that_the_change_of_clocks_skips_or_repeats_is_said_at_its_row(day, hour, code):
    found = list_occurrences(times(day, hour), Repetition(1, "weeks", 2), VILNIUS)
    assert [each.problem and each.problem.code for each in found] == [code, None]
    with pytest.raises(InvalidInputs) as refused:
        chosen_days(found, [])
    assert refused.value.problem.values == {"day": found[0].day}
    assert chosen_days(found, [found[0].day]) == [found[1]]


@pytest.mark.parametrize(
    ("repetition", "code"),
    [
        (Repetition(0, "weeks", 2), "number-out-of-range"),
        (Repetition(367, "days", 2), "number-out-of-range"),
        (Repetition(1, "years", 2), "unknown-value"),
        (Repetition(1, "weeks"), "series-length"),
        (Repetition(1, "weeks", 2, date(2026, 5, 1)), "series-length"),
        (Repetition(1, "weeks", 0), "number-out-of-range"),
        (Repetition(1, "weeks", MOST_REPEATS + 1), "number-out-of-range"),
        (Repetition(1, "weeks", None, date(1, 1, 1)), "series-day"),
        (Repetition(1, "weeks", None, date(2026, 3, 16)), "series-empty"),
        (Repetition(1, "days", None, date(2026, 5, 2)), "series-too-long"),
        (Repetition(366, "months", 52), "series-day"),
    ],
)
def test_what_makes_no_series_is_refused(repetition, code):
    with pytest.raises(InvalidInput) as refused:
        list_occurrences(times("2026-03-10"), repetition, VILNIUS)
    assert refused.value.problem.code == code


def test_a_series_of_which_every_date_is_left_out_is_none():
    found = list_occurrences(times("2026-03-10"), Repetition(1, "weeks", 1), VILNIUS)
    with pytest.raises(InvalidInput):
        chosen_days(found, [date(2026, 3, 17)])


@given(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(1, 12),
    st.sampled_from(UNITS),
    st.integers(1, MOST_REPEATS),
)
def test_there_are_as_many_events_as_asked_for_each_later_and_alike(first, every, unit, number):
    found = list_occurrences(times(first.isoformat()), Repetition(every, unit, number), VILNIUS)
    days = [each.day for each in found if each.day]
    assert len(days) == number
    assert days == sorted({first, *days} - {first})
    if unit in ("weeks", "weekdays"):
        assert {day.weekday() for day in days} == {first.weekday()}
    if unit == "months":
        assert {day.day for day in days} == {first.day}
    if unit == "days":
        assert days[-1] == first + timedelta(days=every * number)
