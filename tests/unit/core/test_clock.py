"""The clock: reading instants, and standing still where PORTAL_NOW says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock
from portal.core.errors import InvalidInput


@pytest.fixture(autouse=True)
def _the_clock_goes_on_as_before(monkeypatch):
    """What these tests do to the clock is over with them."""
    monkeypatch.setattr(clock, "_frozen", clock._frozen)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-10T09:00:00+02:00", datetime(2026, 3, 10, 7, 0, tzinfo=UTC)),
        ("2026-03-10T09:00:00Z", datetime(2026, 3, 10, 9, 0, tzinfo=UTC)),
        ("2026-03-10 09:00+00:00", datetime(2026, 3, 10, 9, 0, tzinfo=UTC)),
        ("2026-01-01T01:00:00+02:00", datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_into_utc(text, instant):
    assert clock.read_instant(text) == instant
    assert clock.read_instant(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-03-10T09:00:00", "2026-03-10", "2026-02-30T09:00:00Z", "2026-03-10T25:00:00Z"]
)
def test_an_instant_without_an_offset_or_that_cannot_be_read_is_refused(text):
    with pytest.raises(InvalidInput) as refusal:
        clock.read_instant(text)
    assert refusal.value.problem.code == "instant-unreadable"
    assert refusal.value.problem.values == {"value": text}


def test_the_stated_instant_stands_for_the_present_outside_production(monkeypatch):
    monkeypatch.setenv("PORTAL_NOW", "2026-06-06T11:00:00+03:00")
    clock.configure(production=False)
    assert clock.now() == datetime(2026, 6, 6, 8, 0, tzinfo=UTC)


def test_the_stated_instant_is_ignored_in_production(monkeypatch):
    monkeypatch.setenv("PORTAL_NOW", "2001-01-01T00:00:00Z")
    clock.configure(production=True)
    assert clock.now().year >= 2024


def test_without_a_stated_instant_the_present_is_aware_and_moves_on(monkeypatch):
    monkeypatch.delenv("PORTAL_NOW", raising=False)
    clock.configure(production=False)
    before, after = datetime.now(UTC), clock.now()
    assert before <= after <= datetime.now(UTC)
    assert after.utcoffset() == timedelta(0)


def test_an_unreadable_stated_instant_is_refused(monkeypatch):
    monkeypatch.setenv("PORTAL_NOW", "2026-06-06")
    with pytest.raises(InvalidInput):
        clock.configure(production=False)


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
    monkeypatch.setenv("PORTAL_NOW", "2026-03-28T22:30:00Z")
    clock.configure(production=False)
    assert clock.today(zone) == day
