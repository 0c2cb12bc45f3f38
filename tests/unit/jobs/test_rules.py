"""When a mail is tried again, and what administrators see of it."""

from datetime import timedelta

import pytest

from portal.jobs.rules import ATTEMPT, DELAYS, masked, next_delay, without_links


def test_the_delays_grow_from_a_minute_to_about_a_day_in_all():
    minutes = [delay // timedelta(minutes=1) for delay in DELAYS]
    assert minutes[:4] == [1, 5, 15, 60]
    assert minutes == sorted(minutes)
    assert timedelta(hours=24) < sum(DELAYS, timedelta()) < timedelta(hours=25)


def test_after_the_last_delay_there_is_no_further_attempt():
    assert [next_delay(attempt) for attempt in (1, len(DELAYS), len(DELAYS) + 1)] == [DELAYS[0], DELAYS[-1], None]


def test_an_attempt_is_given_more_time_than_its_server_can_take():
    # Ten seconds for each of a dozen answers.
    assert timedelta(seconds=120) < ATTEMPT


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [
        ("asta.zaliukiene@example.org", "a…@example.org"),
        ("a@example.org", "a…@example.org"),
        ('"a@b"@example.org', '"…@example.org'),
    ],
)
def test_of_a_recipient_the_first_letter_is_shown(recipient, shown):
    assert masked(recipient) == shown


def test_links_lead_nowhere():
    text = (
        "Open https://portal.example.org/link/s3cret?a=b now.\nOr http://127.0.0.1:5000/link/x\nhttps://example.org\n"
    )
    assert without_links(text) == (
        "Open https://portal.example.org/… now.\nOr http://127.0.0.1:5000/…\nhttps://example.org\n"
    )
