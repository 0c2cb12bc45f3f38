"""What calendars need to know: names of entries that last, and when clocks in a zone change."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

# Hex letters of a name: 160 bits.
LENGTH: Final = 40
SUNDAY: Final = 6
WEEK: Final = 7


class Change(NamedTuple):
    """Clocks are moved: they show `local` (naive, by the offset before) at that instant."""

    local: datetime
    offset_before: timedelta
    offset: timedelta
    name: str
    is_summer: bool


class YearlyRule(NamedTuple):
    """The same change on the last Sunday of a month, every year from `first` on."""

    first: Change
    month: int


def entry_name(project_code: str, event_id: int, created_at: datetime, number: int) -> str:
    """The UID of an event's session, by its `number`: the same for ever, and never that of another session or event.

    The moment at which the event was made tells it from one whose number a database gives again.
    Source: RFC 7986 5.3, random-looking names that say nothing of the host or the time.
    """
    made_at = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    known_by = f"{project_code}/{event_id}/{made_at}/{number}"
    return hashlib.sha256(known_by.encode()).hexdigest()[:LENGTH]


def list_changes(zone: str, first_year: int, last_year: int) -> list[Change]:
    """When clocks in the zone are moved in these years, both included, in order."""
    clock = ZoneInfo(zone)
    found = []
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        following = min(moment + timedelta(days=7), end)
        before, after = moment.astimezone(clock), following.astimezone(clock)
        if _facts(before) != _facts(after):
            found.append(_change(moment, following, clock))
        moment = following
    return found


def yearly_rules(changes: list[Change], years: int) -> tuple[YearlyRule, YearlyRule] | None:
    """The two changes that come every year of so many alike, on a last Sunday; None where clocks change otherwise.

    Source: Directive 2000/84/EC articles 2 and 3, the last Sundays of March and October.
    """
    summer = [each for each in changes if each.is_summer]
    winter = [each for each in changes if not each.is_summer]
    if len(summer) != years or len(winter) != years:
        return None
    for alike in (summer, winter):
        if any(_rule(each) != _rule(alike[0]) for each in alike) or not all(map(_is_last_sunday, alike)):
            return None
    return YearlyRule(summer[0], summer[0].local.month), YearlyRule(winter[0], winter[0].local.month)


def _facts(moment: datetime) -> tuple[timedelta | None, str | None]:
    return moment.utcoffset(), moment.tzname()


def _change(before: datetime, after: datetime, clock: ZoneInfo) -> Change:
    """The change between two instants, to the second."""
    old = _facts(before.astimezone(clock))
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _facts(middle.astimezone(clock)) == old else (before, middle)
    new = after.astimezone(clock)
    offset_before = old[0] or timedelta()
    local = (after + offset_before).replace(tzinfo=None)
    return Change(local, offset_before, new.utcoffset() or timedelta(), new.tzname() or "", bool(new.dst()))


def _rule(change: Change) -> tuple[object, ...]:
    return change.local.month, change.local.time(), change.offset_before, change.offset, change.name


def _is_last_sunday(change: Change) -> bool:
    day = change.local.date()
    return day.weekday() == SUNDAY and (day + timedelta(days=WEEK)).month != day.month
