"""Spans of time as documents and pages write them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.units import format_unit

from portal.activities.models import Event
from portal.core.web.formats import show_date
from portal.core.web.language import current_language


def show_span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """The day and the hours, both days where it ends on another one, as clocks in the zone show them."""
    starts, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    if starts.date() == ends.date():
        return f"{show_date(starts.date())}, {starts:%H:%M}–{ends:%H:%M}"
    return f"{show_date(starts.date())}, {starts:%H:%M} – {show_date(ends.date())}, {ends:%H:%M}"


def show_days(event: Event) -> str:
    """The day of the event, or its first and its last one."""
    clock = ZoneInfo(event.time_zone)
    return show_from_to(*(moment.astimezone(clock).date() for moment in (event.starts_at, event.ends_at)))


def show_from_to(first: date, last: date) -> str:
    """Both days, or the one day that they are."""
    return " – ".join(dict.fromkeys(map(show_date, (first, last))))


def show_duration(minutes: int) -> str:
    """Hours and minutes: "6 hours 30 minutes", "45 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "duration-hour"), (rest, "duration-minute")]
    shown = [format_unit(number, unit, locale=current_language()) for number, unit in parts if number]
    return " ".join(shown) or format_unit(0, "duration-minute", locale=current_language())
