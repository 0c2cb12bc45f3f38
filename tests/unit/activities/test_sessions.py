"""Sessions: an event's days across the changes of clocks, how they follow its times, and what organisers may make."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.sessions import (
    MOST_SESSIONS,
    SessionDraft,
    Span,
    check_session,
    event_days,
    later_by,
    local_day,
    matched_days,
    moved_days,
    outside_problems,
)
from portal.core.errors import InvalidInputs

VILNIUS, WARSAW = "Europe/Vilnius", "Europe/Warsaw"


def at(text: str, zone: str = VILNIUS) -> datetime:
    """The instant at which clocks in the zone show this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def span(starts: str, ends: str, zone: str = VILNIUS) -> Span:
    return Span(at(starts, zone), at(ends, zone))


def shown(spans: list[Span], zone: str = VILNIUS) -> list[str]:
    """The spans as clocks show them."""
    clock = ZoneInfo(zone)
    return [f"{a.astimezone(clock):%m-%d %H:%M} – {b.astimezone(clock):%m-%d %H:%M}" for a, b in spans]


def days(starts: str, ends: str, zone: str = VILNIUS) -> list[str]:
    return shown(event_days(*span(starts, ends, zone), zone), zone)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-03-10 10:00", "2026-03-10 16:00", ["03-10 10:00 – 03-10 16:00"]),
        ("2026-03-10 10:00", "2026-03-11 00:00", ["03-10 10:00 – 03-11 00:00"]),
        ("2026-03-10 20:00", "2026-03-11 02:00", ["03-10 20:00 – 03-11 02:00"]),
        (
            "2026-03-10 10:00",
            "2026-03-12 16:00",
            ["03-10 10:00 – 03-10 16:00", "03-11 10:00 – 03-11 16:00", "03-12 10:00 – 03-12 16:00"],
        ),
        ("2026-03-10 10:00", "2026-03-12 00:00", ["03-10 10:00 – 03-11 00:00", "03-11 10:00 – 03-12 00:00"]),
        (
            "2026-03-13 18:00",
            "2026-03-15 12:00",
            ["03-13 18:00 – 03-14 00:00", "03-14 00:00 – 03-15 00:00", "03-15 00:00 – 03-15 12:00"],
        ),
    ],
)
def test_an_event_has_a_session_for_each_day_with_its_hours_of_the_clock(starts, ends, expected):
    assert days(starts, ends) == expected


@pytest.mark.parametrize("zone", [VILNIUS, WARSAW])
@pytest.mark.parametrize(
    ("starts", "ends", "offsets"),
    [
        # Clocks go forward in the night to 29 March and back in the night to 25 October 2026.
        ("2026-03-28 10:00", "2026-03-29 16:00", [0, 1]),
        ("2026-10-24 10:00", "2026-10-25 16:00", [1, 0]),
    ],
)
def test_days_on_both_sides_of_a_change_of_clocks_have_the_same_hours(zone, starts, ends, offsets):
    found = event_days(*span(starts, ends, zone), zone)
    assert [each.minutes for each in found] == [360, 360]
    assert [f"{each.starts_at.astimezone(ZoneInfo(zone)):%H:%M}" for each in found] == ["10:00", "10:00"]
    winter = 10 - (2 if zone == VILNIUS else 1)
    assert [each.starts_at.hour for each in found] == [winter - offset for offset in offsets]


def test_a_day_whose_first_hour_the_spring_skips_begins_when_the_clocks_have_moved():
    """03:00 to 04:00 does not exist in Vilnius on 29 March 2026."""
    assert days("2026-03-28 03:15", "2026-03-30 09:00") == [
        "03-28 03:15 – 03-28 09:00",
        "03-29 04:00 – 03-29 09:00",
        "03-30 03:15 – 03-30 09:00",
    ]


def test_hours_that_the_spring_skips_altogether_are_no_session():
    assert days("2026-03-28 03:15", "2026-03-30 03:45") == ["03-28 03:15 – 03-28 03:45", "03-30 03:15 – 03-30 03:45"]


def test_an_event_of_very_many_days_has_one_session():
    starts, ends = at("2026-01-01 10:00"), at("2026-01-01 16:00")
    assert len(event_days(starts, ends + timedelta(days=MOST_SESSIONS - 1), VILNIUS)) == MOST_SESSIONS
    assert event_days(starts, ends + timedelta(days=400), VILNIUS) == [Span(starts, ends + timedelta(days=400))]


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=60)), st.sampled_from((VILNIUS, WARSAW, "UTC")))
def test_days_lie_in_order_within_the_event_and_reach_from_its_start_to_its_end(starts_at, length, zone):
    starts_at = starts_at.replace(second=0, microsecond=0)
    ends_at = starts_at + timedelta(minutes=length // timedelta(minutes=1))
    found = event_days(starts_at, ends_at, zone)
    assert (found[0].starts_at, found[-1].ends_at) == (starts_at, ends_at)
    assert all(each.starts_at < each.ends_at for each in found)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(found))
    if len(found) > 1:
        dates = [local_day(each.starts_at, zone) for each in found]
        assert len(set(dates)) == len(dates)


def test_an_event_that_moves_by_whole_days_keeps_its_hours_over_the_change_of_clocks():
    before, after = span("2026-03-24 10:00", "2026-03-24 16:00"), span("2026-03-31 10:00", "2026-03-31 16:00")
    assert moved_days(before, after, VILNIUS) == timedelta(days=7)
    moved = later_by(span("2026-03-24 11:00", "2026-03-24 12:00"), timedelta(days=7), VILNIUS)
    assert shown([moved]) == ["03-31 11:00 – 03-31 12:00"]


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-03-24 10:00", "2026-03-24 16:00"),
        ("2026-03-25 10:00", "2026-03-25 17:00"),
        ("2026-03-24 11:00", "2026-03-24 17:00"),
        ("2026-03-24 10:00", "2026-03-25 16:00"),
    ],
)
def test_other_changes_of_times_are_no_move_by_days(starts, ends):
    assert moved_days(span("2026-03-24 10:00", "2026-03-24 16:00"), span(starts, ends), VILNIUS) is None


def spans(*dates: int) -> list[Span]:
    return [span(f"2026-03-{day:02} 10:00", f"2026-03-{day:02} 16:00") for day in dates]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([10, 11, 12], [17, 18, 19], {0: 0, 1: 1, 2: 2}),
        ([10, 11, 12], [11, 12, 13], {0: 0, 1: 1, 2: 2}),
        ([10, 11, 12], [11, 12], {1: 0, 2: 1}),
        ([10, 11], [9, 10, 11], {0: 1, 1: 2}),
        ([10, 11], [20], {0: 0}),
        ([10], [20, 21], {0: 0}),
    ],
)
def test_days_are_the_same_by_their_number_or_else_by_their_date(before, after, expected):
    assert matched_days(spans(*before), spans(*after), VILNIUS) == expected


WITHIN = span("2026-03-10 10:00", "2026-03-11 16:00")
LUNCH = span("2026-03-10 12:00", "2026-03-10 13:00")


def draft(starts: str, ends: str, **title: str) -> SessionDraft:
    return SessionDraft(title, datetime.fromisoformat(starts), datetime.fromisoformat(ends))


def test_a_session_beside_the_others_and_within_the_event_is_taken():
    found = check_session(draft("2026-03-10 13:00", "2026-03-10 15:00"), within=WITHIN, others=[LUNCH], zone=VILNIUS)
    assert shown([found]) == ["03-10 13:00 – 03-10 15:00"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (draft("2026-03-10 09:59", "2026-03-10 11:00"), [("session-outside-event", "starts")]),
        (draft("2026-03-11 15:00", "2026-03-11 16:01"), [("session-outside-event", "ends")]),
        (draft("2026-03-10 15:00", "2026-03-10 15:00"), [("session-ends-before-start", "ends")]),
        (draft("2026-03-10 12:30", "2026-03-10 14:00"), [("session-overlaps", "starts")]),
        (draft("2026-03-10 11:00", "2026-03-10 14:00"), [("session-overlaps", "starts")]),
        (draft("2026-03-10 14:00", "2026-03-10 15:00", en="x" * 201), [("text-too-long", "title_en")]),
        (
            draft("2026-03-29 03:30", "2026-03-29 05:00"),
            [("time-skipped", "starts")],
        ),
    ],
)
def test_what_cannot_be_a_session_is_said_at_its_field(stated, expected):
    with pytest.raises(InvalidInputs) as refused:
        check_session(stated, within=WITHIN, others=[LUNCH], zone=VILNIUS)
    assert [(each.code, each.where) for each in refused.value.problems] == expected


def test_sessions_that_would_lie_outside_new_times_are_named_with_their_times():
    within = span("2026-03-10 12:30", "2026-03-10 16:00")
    (problem,) = outside_problems([LUNCH], within=within, zone=VILNIUS)
    assert (problem.code, problem.where) == ("session-left-out", "starts")
    assert problem.values == {"starts": "2026-03-10 12:00", "ends": "2026-03-10 13:00"}
    assert outside_problems([LUNCH], within=WITHIN, zone=VILNIUS) == []


def test_the_day_is_that_of_the_place():
    assert local_day(datetime(2026, 3, 10, 22, 30, tzinfo=UTC), VILNIUS) == date(2026, 3, 11)
    assert local_day(datetime(2026, 3, 10, 22, 30, tzinfo=UTC), WARSAW) == date(2026, 3, 10)
