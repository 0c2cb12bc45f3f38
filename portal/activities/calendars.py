"""Calendar files (RFC 5545): an event's sessions as entries that calendars recognise when they come again, changed.

Times stand as clocks at the place show them, with the zone's rules beside them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.activities.models import Event
from portal.activities.queries.sessions import SessionRow
from portal.activities.rules.calendars import Change, YearlyRule, entry_name, list_changes, yearly_rules
from portal.activities.rules.events import EventStatus
from portal.activities.wording import session_name
from portal.core.web.formats import show_country
from portal.core.web.language import text_in

if TYPE_CHECKING:
    import icalendar

PRODUCT = "-//Cross-border project portal//Events//EN"
# How often those who subscribe ask again.
ASK_AGAIN = timedelta(hours=6)
PUBLISH, CANCEL = "PUBLISH", "CANCEL"


class Source(NamedTuple):
    """What a calendar is made of: events with their sessions, its name, where each event is read, and who writes."""

    name: str
    events: Sequence[Event]
    sessions: Mapping[int, Sequence[SessionRow]]
    address: Callable[[Event], str]
    sender: str


def calendar_file(source: Source, *, cancels: bool = False) -> bytes:
    """The calendar as UTF-8 bytes, in the language of the moment; `cancels`: it takes its entries back."""
    import icalendar

    found = icalendar.Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCT)
    found.add("method", CANCEL if cancels else PUBLISH)
    found.add("x-wr-calname", line_of(source.name))
    if not cancels:
        found.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", icalendar.vDuration(ASK_AGAIN))
    for zone in sorted({event.time_zone for event in source.events}):
        moments = [
            moment for each in source.events if each.time_zone == zone for moment in (each.starts_at, each.ends_at)
        ]
        found.add_component(_zone(zone, min(moments).year - 1, max(moments).year + 1))
    for event in source.events:
        rows = source.sessions[event.id]
        for row in rows:
            found.add_component(_entry(source, event, row, is_one=len(rows) == 1))
    return bytes(found.to_ical())


def line_of(text: str) -> str:
    """The text on one line: whatever breaks lines in it becomes a space, whatever cannot be printed goes."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _entry(source: Source, event: Event, row: SessionRow, *, is_one: bool) -> "icalendar.Event":
    import icalendar

    clock, entry = ZoneInfo(event.time_zone), icalendar.Event()
    entry.add("uid", entry_name(event.project_code, event.id, event.created_at, row.number))
    entry.add("sequence", event.calendar_sequence)
    entry.add("dtstamp", _to_second(event.updated_at))
    entry.add("created", _to_second(event.created_at))
    entry.add("last-modified", _to_second(event.updated_at))
    entry.add("dtstart", row.starts_at.astimezone(clock))
    entry.add("dtend", row.ends_at.astimezone(clock))
    title = text_in(event.title) if is_one and not row.title else f"{text_in(event.title)}: {session_name(row)}"
    entry.add("summary", line_of(f"{_('Example data')}: {title}" if event.is_example else title))
    entry.add("location", line_of(", ".join(filter(None, (event.place, show_country(event.country))))))
    entry.add("description", line_of(_organisers(event)))
    entry.add("status", "CANCELLED" if event.status == EventStatus.CANCELLED else "CONFIRMED")
    entry.add("url", source.address(event))
    organiser = icalendar.vCalAddress(f"mailto:{source.sender}")
    organiser.params["CN"] = line_of(", ".join(text_in(each.name) for each in event.organisers)).replace('"', "'")
    entry.add("organizer", organiser)
    return entry


def _organisers(event: Event) -> str:
    names = ", ".join(text_in(each.name) for each in event.organisers)
    return f"{_('Organisers')}: {names}"


def _to_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


@lru_cache(maxsize=64)
def _changes(zone: str, first_year: int, last_year: int) -> tuple[Change, ...]:
    return tuple(list_changes(zone, first_year, last_year))


def _zone(zone: str, first_year: int, last_year: int) -> "icalendar.Timezone":
    """The rules of the zone's clocks in these years; of zones whose clocks change every year alike, without an end."""
    import icalendar

    changes = list(_changes(zone, first_year, last_year))
    found = icalendar.Timezone()
    found.add("tzid", zone)
    rules = yearly_rules(changes, last_year - first_year + 1)
    if rules is None:
        begins = datetime(first_year, 1, 1, tzinfo=ZoneInfo(zone))
        offset = begins.utcoffset() or timedelta()
        first = Change(begins.replace(tzinfo=None), offset, offset, begins.tzname() or zone, bool(begins.dst()))
        parts: Iterable[tuple[Change, YearlyRule | None]] = [(each, None) for each in (first, *changes)]
    else:
        parts = [(rule.first, rule) for rule in rules]
    for change, rule in parts:
        found.add_component(_observance(change, rule))
    return found


def _observance(change: Change, rule: YearlyRule | None) -> "icalendar.Component":
    import icalendar

    part = icalendar.TimezoneDaylight() if change.is_summer else icalendar.TimezoneStandard()
    part.add("dtstart", change.local)
    part.add("tzoffsetfrom", change.offset_before)
    part.add("tzoffsetto", change.offset)
    part.add("tzname", change.name)
    if rule is not None:
        part.add("rrule", {"freq": "yearly", "bymonth": rule.month, "byday": "-1su"})
    return part
