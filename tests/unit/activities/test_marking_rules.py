"""Marking attendance: what marks say, when they can be made, and which session is at hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.activities.rules.marking import (
    ALL_THE_TIME,
    NOT_SEEN,
    Seen,
    asked_position,
    check_link,
    check_markable,
    check_minutes,
    position_at,
    presence,
)
from portal.core.errors import Conflict, InvalidInput, NotFound

FIRST, SECOND = 11, 12
VILNIUS = {"counting_date": date(2026, 3, 10), "zone": "Europe/Vilnius"}
MIDNIGHT = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)
ENDS = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def test_without_marks_the_status_speaks_for_all_sessions():
    assert presence("attended", {}, [FIRST, SECOND]) == {FIRST: ALL_THE_TIME, SECOND: ALL_THE_TIME}
    assert presence("registered", {}, [FIRST, SECOND]) == {FIRST: NOT_SEEN, SECOND: NOT_SEEN}


def test_marks_say_at_which_sessions_somebody_who_attended_was():
    half = Seen(is_present=True, minutes=90)
    assert presence("attended", {SECOND: half}, [FIRST, SECOND]) == {FIRST: NOT_SEEN, SECOND: half}
    assert presence("attended", {FIRST: NOT_SEEN, SECOND: half}, [FIRST]) == {FIRST: NOT_SEEN}


def test_a_status_that_somebody_set_since_speaks_against_the_marks():
    assert presence("absent", {FIRST: ALL_THE_TIME}, [FIRST]) == {FIRST: NOT_SEEN}
    assert presence("attended", {FIRST: NOT_SEEN}, [FIRST, SECOND]) == {FIRST: ALL_THE_TIME, SECOND: ALL_THE_TIME}


def test_people_are_marked_from_the_local_midnight_of_the_first_day_on():
    check_markable("planned", **VILNIUS, now=MIDNIGHT)
    check_markable("held", **VILNIUS, now=ENDS + timedelta(days=300))
    with pytest.raises(Conflict, match="marks-early"):
        check_markable("planned", **VILNIUS, now=MIDNIGHT - MOMENT)
    with pytest.raises(Conflict, match="marks-cancelled"):
        check_markable("cancelled", **VILNIUS, now=ENDS)


def test_the_link_works_from_the_first_day_until_a_day_after_the_end():
    times = {**VILNIUS, "ends_at": ENDS}
    check_link("planned", **times, now=MIDNIGHT)
    check_link("held", **times, now=ENDS + timedelta(hours=24) - MOMENT)
    for status, now, code in (
        ("planned", MIDNIGHT - MOMENT, "checkin-early"),
        ("held", ENDS + timedelta(hours=24), "checkin-over"),
        ("cancelled", ENDS, "checkin-cancelled"),
    ):
        with pytest.raises(Conflict, match=code):
            check_link(status, **times, now=now)


def test_minutes_are_those_of_the_session_at_most():
    assert check_minutes(None, 360, where="m") is None
    assert check_minutes(360, 360, where="m") is None
    assert check_minutes(359, 360, where="m") == 359
    for minutes in (0, -1, 361):
        with pytest.raises(InvalidInput, match="marks-minutes"):
            check_minutes(minutes, 360, where="m")


@pytest.mark.parametrize(("minutes", "position"), [(-600, 1), (0, 1), (119, 1), (120, 2), (900, 2)])
def test_the_session_at_hand_is_the_last_whose_doors_are_open(minutes: int, position: int):
    starts = [MIDNIGHT, MIDNIGHT + timedelta(hours=3)]
    assert position_at(starts, MIDNIGHT + timedelta(minutes=minutes)) == position


def test_an_address_asks_for_a_session_that_there_is():
    assert asked_position("", 3, 2) == 2
    assert asked_position("3", 3, 2) == 3
    for text in ("0", "4", "-1", "x", "1.0", "9" * 30, "²"):
        with pytest.raises(NotFound, match="session-unknown"):
            asked_position(text, 3, 2)
