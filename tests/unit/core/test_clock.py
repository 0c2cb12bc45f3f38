"""The clock: it runs, or stands still where it is told to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock


@pytest.fixture(autouse=True)
def _the_clock_goes_on_as_before(monkeypatch):
    """What these tests do to the clock is over with them."""
    monkeypatch.setattr(clock, "_frozen", clock._frozen)


def test_the_stated_instant_stands_for_the_present():
    clock.stand_still(datetime(2026, 6, 6, 8, 0, tzinfo=UTC))
    assert clock.now() == datetime(2026, 6, 6, 8, 0, tzinfo=UTC)


def test_without_a_stated_instant_the_present_is_aware_and_moves_on():
    clock.stand_still(None)
    before, after = datetime.now(UTC), clock.now()
    assert before <= after <= datetime.now(UTC)
    assert after.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 3, 28)),
        ("Europe/Warsaw", date(2026, 3, 28)),
        ("Europe/Vilnius", date(2026, 3, 29)),
        ("America/New_York", date(2026, 3, 28)),
    ],
)
def test_today_is_the_day_in_the_zone(monkeypatch, zone, day):
    clock.stand_still(datetime.fromisoformat("2026-03-28T22:30:00Z").astimezone(UTC))
    assert clock.today(zone) == day
