"""Events: when they are joint, what may become of them, and which instant a local time is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.events import check_move, is_joint, to_instant
from portal.core.errors import Conflict, InvalidInput

START = datetime(2026, 6, 6, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

ZONES = st.sampled_from(["Europe/Vilnius", "Europe/Warsaw"])
# All that clocks in either zone have been ahead of UTC in these years.
AHEAD = [timedelta(hours=1), timedelta(hours=2), timedelta(hours=3)]
LOCAL_TIMES = st.datetimes(datetime(2005, 1, 1), datetime(2037, 1, 1))
NEAR_THE_CHANGES = st.builds(
    lambda night, minutes: night + timedelta(minutes=minutes),
    st.sampled_from([datetime(2026, 3, 29), datetime(2026, 10, 25)]),
    st.integers(0, 6 * 60),
)


@pytest.mark.parametrize(
    ("countries", "joint"),
    [
        ([], False),
        (["LT"], False),
        (["LT", "LT"], False),
        (["LT", "PL"], True),
        (["LT", "PL", "LT"], True),
        (["LT", "PL", "DE"], True),
    ],
    ids=str,
)
def test_an_event_is_joint_if_its_organisers_come_from_at_least_two_countries(countries, joint):
    assert is_joint(countries) is joint


ALLOWED_MOVES = [("planned", "held"), ("planned", "cancelled"), ("held", "planned"), ("cancelled", "planned")]
STATUSES = ["planned", "held", "cancelled"]


@pytest.mark.parametrize(("status", "wanted"), ALLOWED_MOVES)
def test_an_event_that_has_begun_takes_the_moves_of_its_state(status, wanted):
    check_move(status, wanted, starts_at=START, now=START + MINUTE)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(old, new) for old in STATUSES for new in STATUSES if (old, new) not in ALLOWED_MOVES],
)
def test_any_other_move_is_a_conflict_that_names_both_states(status, wanted):
    with pytest.raises(Conflict) as refusal:
        check_move(status, wanted, starts_at=START, now=START + MINUTE)
    assert refusal.value.problem.code == "event-move"
    assert refusal.value.problem.values == {"status": status, "wanted": wanted}


def test_a_state_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(InvalidInput) as refusal:
        check_move("planned", "done", starts_at=START, now=START)
    assert refusal.value.problem.code == "unknown-value"
    assert refusal.value.problem.values == {"value": "done", "allowed": STATUSES}


def test_an_event_that_has_not_begun_cannot_have_been_held():
    with pytest.raises(Conflict) as refusal:
        check_move("planned", "held", starts_at=START, now=START - MINUTE)
    assert refusal.value.problem.code == "event-not-begun"


def test_an_event_can_be_held_from_the_minute_it_begins():
    check_move("planned", "held", starts_at=START, now=START)


def test_an_event_that_has_not_begun_can_be_cancelled():
    check_move("planned", "cancelled", starts_at=START, now=START - MINUTE)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Vilnius", "2026-01-15 12:00", "2026-01-15 10:00"),
        ("Europe/Vilnius", "2026-06-06 11:00", "2026-06-06 08:00"),
        ("Europe/Vilnius", "2026-03-29 02:59", "2026-03-29 00:59"),
        ("Europe/Vilnius", "2026-03-29 04:00", "2026-03-29 01:00"),
        ("Europe/Vilnius", "2026-10-25 02:59", "2026-10-24 23:59"),
        ("Europe/Vilnius", "2026-10-25 04:00", "2026-10-25 02:00"),
        ("Europe/Warsaw", "2026-01-15 12:00", "2026-01-15 11:00"),
        ("Europe/Warsaw", "2026-06-06 11:00", "2026-06-06 09:00"),
        ("Europe/Warsaw", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Warsaw", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Warsaw", "2026-10-25 01:59", "2026-10-24 23:59"),
        ("Europe/Warsaw", "2026-10-25 03:00", "2026-10-25 02:00"),
    ],
)
def test_a_local_time_is_the_instant_at_which_clocks_show_it(zone, local, utc):
    instant = to_instant(datetime.fromisoformat(local), zone, where="starts")
    assert instant == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert instant.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "local", "code", "hour"),
    [
        ("Europe/Vilnius", "2026-03-29 03:00", "time-skipped", "04:00"),
        ("Europe/Vilnius", "2026-03-29 03:59", "time-skipped", "04:00"),
        ("Europe/Warsaw", "2026-03-29 02:00", "time-skipped", "03:00"),
        ("Europe/Warsaw", "2026-03-29 02:59", "time-skipped", "03:00"),
        ("Europe/Vilnius", "2026-10-25 03:00", "time-twice", "04:00"),
        ("Europe/Vilnius", "2026-10-25 03:59", "time-twice", "04:00"),
        ("Europe/Warsaw", "2026-10-25 02:00", "time-twice", "03:00"),
        ("Europe/Warsaw", "2026-10-25 02:59", "time-twice", "03:00"),
    ],
)
def test_an_hour_that_is_skipped_or_repeated_is_refused_with_the_next_clear_one(zone, local, code, hour):
    with pytest.raises(InvalidInput) as refusal:
        to_instant(datetime.fromisoformat(local), zone, where="ends")
    problem = refusal.value.problem
    assert (problem.code, problem.where) == (code, "ends")
    assert problem.values == {"time": local, "zone": zone, "hour": hour}


@pytest.mark.parametrize(
    ("zone", "local"), [("Europe/Vilnius", datetime(1, 1, 1)), ("America/New_York", datetime(9999, 12, 31, 23, 0))]
)
def test_a_time_at_either_end_of_the_calendar_is_refused(zone, local):
    with pytest.raises(InvalidInput):
        to_instant(local, zone, where="starts")


@given(LOCAL_TIMES | NEAR_THE_CHANGES, ZONES)
def test_an_accepted_time_is_what_clocks_show_then_and_a_refused_one_is_shown_never_or_twice(local, zone):
    shown_at = [
        instant
        for ahead in AHEAD
        if (instant := (local - ahead).replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    ]
    try:
        accepted = [to_instant(local, zone, where="starts")]
    except InvalidInput as error:
        assert error.problem.code == ("time-twice" if shown_at else "time-skipped")
        assert len(shown_at) in (0, 2)
    else:
        assert accepted == shown_at
