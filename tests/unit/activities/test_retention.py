"""How long names are kept: days after the event, and after the project's last day."""

from datetime import UTC, date, datetime

import pytest

from portal.activities.rules.participants import PARTICIPATION_STATUSES
from portal.activities.rules.retention import (
    UNATTENDED,
    KeptDays,
    check_days,
    ended_by,
    is_attended_due,
    person_key,
)
from portal.core.errors import InvalidInput

LAST_DAY = date(2027, 12, 31)


def test_without_a_decision_ninety_days_hold_and_those_who_attended_stay():
    assert KeptDays() == (90, None, 0, True)


def test_every_status_is_of_those_who_attended_or_of_those_who_did_not():
    assert set(PARTICIPATION_STATUSES) - UNATTENDED == {"attended", "registered"}


def test_days_are_counted_back_from_the_moment():
    now = datetime(2026, 6, 8, 14, 0, tzinfo=UTC)
    assert ended_by(KeptDays(), now) == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    assert ended_by(KeptDays(unattended_days=0), now) == now


@pytest.mark.parametrize(
    ("days", "today", "is_due"),
    [
        (None, date(2099, 1, 1), False),
        (0, date(2027, 12, 31), False),
        (0, date(2028, 1, 1), True),
        (30, date(2028, 1, 30), False),
        (30, date(2028, 1, 31), True),
    ],
)
def test_those_who_attended_are_due_after_the_project_s_last_day(days, today, is_due):
    assert is_attended_due(KeptDays(attended_days=days), last_day=LAST_DAY, today=today) is is_due


@pytest.mark.parametrize(
    ("days", "places"),
    [((0, None), []), ((36_500, 36_500), []), ((-1, 0), ["unattended_days"]), ((90, 36_501), ["attended_days"])],
)
def test_days_that_no_project_needs_are_refused(days, places):
    found = []
    try:
        check_days(*days)
    except InvalidInput as error:
        found = [each.where for each in error.problems]
    assert found == places


def test_a_person_is_looked_up_by_an_e_mail_in_small_letters():
    assert person_key(" Ona@Example.LT ") == "ona@example.lt"


@pytest.mark.parametrize("typed", ["", "K001", "ona@", "a b@example.org", "ona\n@example.org"])
def test_what_is_no_e_mail_is_refused_without_being_repeated(typed):
    with pytest.raises(InvalidInput) as refusal:
        person_key(typed)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("email-malformed", "email")
    assert refusal.value.problem.values == {}
