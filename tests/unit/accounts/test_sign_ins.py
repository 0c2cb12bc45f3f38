"""How long sign-ins and links last, how attempts slow down, and how people are named."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules.links import LIFETIME, LinkState, Purpose, link_state
from portal.accounts.rules.people import email_problems, name_problems, plain_email
from portal.accounts.rules.sessions import Ending, ending, is_last_stretch, seconds_left
from portal.accounts.rules.throttling import FREE, LONGEST_WAIT, WINDOW, Attempt, network_of, refusal, wait_before_next
from portal.accounts.rules.tokens import digest, keyed_digest

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seen_after", "asked_after", "expected"),
    [
        (0, 0, None),
        (0, 59, None),
        (0, 60, Ending.IDLE),
        (700, 719, None),
        (719, 720, Ending.ABSOLUTE),
        (0, 720, Ending.ABSOLUTE),
    ],
    ids=str,
)
def test_a_sign_in_ends_after_an_idle_hour_or_twelve_hours(seen_after, asked_after, expected):
    seen, asked = START + seen_after * MINUTE, START + asked_after * MINUTE
    assert ending(started_at=START, seen_at=seen, ended_at=None, now=asked) is expected


def test_a_sign_in_that_was_ended_stays_ended():
    assert ending(started_at=START, seen_at=START, ended_at=START, now=START) is Ending.ENDED


def test_the_seconds_left_are_those_to_the_nearer_end():
    assert seconds_left(started_at=START, seen_at=START, now=START + 10 * MINUTE) == 50 * 60
    late = START + timedelta(hours=11, minutes=50)
    assert seconds_left(started_at=START, seen_at=late, now=late) == 10 * 60
    assert seconds_left(started_at=START, seen_at=START, now=START + timedelta(days=1)) == 0
    assert not is_last_stretch(started_at=START, now=late)
    assert is_last_stretch(started_at=START, now=late + 5 * MINUTE)


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_a_sign_in_lasts_exactly_while_seconds_are_left(seen, asked):
    seen_at, now = START + min(seen, asked) * MINUTE, START + asked * MINUTE
    lasts = ending(started_at=START, seen_at=seen_at, ended_at=None, now=now) is None
    assert lasts is (seconds_left(started_at=START, seen_at=seen_at, now=now) > 0)


@pytest.mark.parametrize(("number", "seconds"), [(4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 300), (40, 300)])
def test_the_wait_doubles_after_five_free_attempts_and_stays_within_five_minutes(number, seconds):
    attempts = [START] * number
    assert wait_before_next(attempts, free=5, now=START) == timedelta(seconds=seconds)


def test_the_wait_passes_and_after_a_quarter_of_an_hour_all_is_forgotten():
    attempts = [START] * 5
    assert wait_before_next(attempts, free=5, now=START + 29 * SECOND) == SECOND
    assert wait_before_next(attempts, free=5, now=START + 30 * SECOND) == timedelta(0)
    assert wait_before_next([START] * 1000, free=5, now=START + WINDOW) == timedelta(0)
    assert wait_before_next([], free=0, now=START) == timedelta(0)


@given(st.lists(st.integers(0, 3600), max_size=60), st.integers(0, 3600))
def test_nobody_waits_longer_than_the_longest_wait(offsets, asked):
    now = START + asked * SECOND
    attempts = sorted(START + offset * SECOND for offset in offsets if offset <= asked)
    assert timedelta(0) <= wait_before_next(attempts, free=5, now=now) <= LONGEST_WAIT


def test_an_address_has_more_free_attempts_than_an_account():
    assert all(free.address > free.account for free in FREE.values())
    assert FREE[Attempt.SIGN_IN] == (5, 30)


def test_a_refusal_says_how_long_to_wait_in_whole_minutes():
    error = refusal(timedelta(seconds=60.4))
    assert (error.status, error.seconds, error.problem.values["minutes"]) == (429, 61, 2)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_counts_as_its_network(address, network):
    assert network_of(address) == network


def test_what_is_kept_of_a_token_is_not_the_token():
    assert digest("token") == digest("token") != digest("Token")
    assert len({keyed_digest("a", "k", "x"), keyed_digest("b", "k", "x"), keyed_digest("a", "l", "x")}) == 3


def test_an_invitation_lasts_seven_days_and_a_reset_two_hours():
    assert (LIFETIME[Purpose.INVITATION], LIFETIME[Purpose.RESET]) == (timedelta(days=7), timedelta(hours=2))


@pytest.mark.parametrize(
    ("used", "now", "state"),
    [
        (None, START + 119 * MINUTE, LinkState.OPEN),
        (None, START + 120 * MINUTE, LinkState.EXPIRED),
        (START, START, LinkState.USED),
        (START, START + 200 * MINUTE, LinkState.USED),
    ],
)
def test_a_link_opens_once_and_until_it_expires(used, now, state):
    assert link_state(expires_at=START + 120 * MINUTE, used_at=used, now=now) is state


@pytest.mark.parametrize("text", ["ona@example.lt", " Ona.O+x@sub.Example.LT ", "o'neil@example.org", "a@b.c1d"])
def test_an_e_mail_is_taken_in_small_letters(text):
    assert email_problems(plain_email(text)) == []


@pytest.mark.parametrize(
    "text",
    ["", "ona", "ona@", "@x.lt", "a@b", "a b@x.lt", "a@x.lt\nBcc: b@x.lt", "a@x..lt", "a@@x.lt", "ö@x.lt", "a@1.2.3.4"],
)
def test_what_no_mail_server_takes_is_refused(text):
    assert [problem.code for problem in email_problems("a" * 250 + "@x.lt")] == ["email-malformed"]
    assert [problem.code for problem in email_problems(plain_email(text))] == ["email-malformed"]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Ona Onaitė", []),
        ("  ", ["name-missing"]),
        ("x" * 201, ["name-malformed"]),
        ("Ona\nBcc: x", ["name-malformed"]),
        ("Ona\u202e", ["name-malformed"]),
    ],
)
def test_a_name_is_one_printable_line(name, codes):
    assert [problem.code for problem in name_problems(name)] == codes
