"""Calendars: names of entries that last, and the moments at which clocks change."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.activities.rules.calendars import entry_name, list_changes, yearly_rules

HOUR = timedelta(hours=1)
MADE = datetime(2026, 1, 5, 9, 30, 15, 250, tzinfo=UTC)


def test_the_name_of_an_entry_lasts_and_is_nobody_elses():
    name = entry_name("LTPL00388", 7, MADE, 1)
    assert name == entry_name("LTPL00388", 7, MADE, 1)
    others = {
        entry_name("LTPL00999", 7, MADE, 1),
        entry_name("LTPL00388", 8, MADE, 1),
        entry_name("LTPL00388", 7, MADE + timedelta(microseconds=1), 1),
        entry_name("LTPL00388", 7, MADE, 2),
    }
    assert len({name, *others}) == 5


@pytest.mark.parametrize(
    ("zone", "winter", "spring", "autumn"), [("Europe/Vilnius", 2, 3, 4), ("Europe/Warsaw", 1, 2, 3)]
)
def test_clocks_change_on_the_last_sundays_of_march_and_october(zone, winter, spring, autumn):
    """At 01:00 UTC, which is another hour of the clock in each zone."""
    forward, back = list_changes(zone, 2026, 2026)
    assert (forward.local, back.local) == (datetime(2026, 3, 29, spring), datetime(2026, 10, 25, autumn))
    assert (forward.offset_before, forward.offset) == (winter * HOUR, (winter + 1) * HOUR)
    assert (back.offset_before, back.offset) == ((winter + 1) * HOUR, winter * HOUR)
    assert (forward.is_summer, back.is_summer) == (True, False)


def test_changes_that_come_every_year_alike_are_a_rule_and_others_are_not():
    rules = yearly_rules(list_changes("Europe/Warsaw", 2024, 2029), 6)
    assert rules is not None
    assert [each.month for each in rules] == [3, 10]
    assert yearly_rules(list_changes("UTC", 2024, 2029), 6) is None
    # Second Sunday of March and first of November.
    assert yearly_rules(list_changes("America/New_York", 2024, 2029), 6) is None
