"""Rules of events: states, local times, and whether an event is joint."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.core.errors import Conflict, InvalidInput
from portal.core.periods import FIRST_YEAR, LAST_YEAR


class EventStatus(StrEnum):
    """Where an event is in its life."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


EVENT_STATUSES = tuple(EventStatus)

# What may become of an event; a mistaken mark can be taken back.
MOVES: dict[EventStatus, frozenset[EventStatus]] = {
    EventStatus.PLANNED: frozenset({EventStatus.HELD, EventStatus.CANCELLED}),
    EventStatus.HELD: frozenset({EventStatus.PLANNED}),
    EventStatus.CANCELLED: frozenset({EventStatus.PLANNED}),
}


class Shown(NamedTuple):
    """What calendars show of an event, and whether it takes place."""

    title: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    country: str
    takes_place: bool

    @property
    def whereabouts(self) -> tuple[datetime, datetime, str, str, str]:
        """When and where it is."""
        return self[1:6]


def shown(event: Any) -> Shown:
    """What calendars show of the event, stored or as a file wants it."""
    where = event.starts_at, event.ends_at, event.time_zone, event.place, event.country
    return Shown(dict(event.title), *where, event.status != EventStatus.CANCELLED)


def is_joint(countries: Collection[str]) -> bool:
    """Whether organisers from these countries (with repeats) make an event joint: at least two countries.

    Source: LTPL00388 outcome rows; Interreg RCO81 and RCO115, joint actions across the border.
    """
    return len(set(countries)) >= 2


def check_move(status: str, wanted: str, *, starts_at: datetime, now: datetime) -> None:
    """Raise Conflict if an event in `status` cannot become `wanted`, or has not begun and cannot have been held.

    Raise InvalidInput if there is no such status.
    """
    if wanted not in EVENT_STATUSES:
        raise InvalidInput("unknown-value", where="wanted", value=wanted, allowed=list(EVENT_STATUSES))
    if EventStatus(wanted) not in MOVES[EventStatus(status)]:
        raise Conflict("event-move", status=status, wanted=wanted)
    if wanted == EventStatus.HELD and starts_at > now:
        raise Conflict("event-not-begun")


def to_instant(local: datetime, zone: str, *, where: str) -> datetime:
    """The UTC instant at which clocks in the IANA zone `zone` show `local` (naive).

    Raise InvalidInput, at the field `where`, for a time that the spring change skips or the autumn change repeats,
    and for a year in which no event can lie.
    """
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise InvalidInput("date-out-of-range", where=where, first=FIRST_YEAR, last=LAST_YEAR)
    clock = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=clock, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    shown = first.astimezone(clock).replace(tzinfo=None) == local
    code = "time-twice" if shown else "time-skipped"
    raise InvalidInput(code, where=where, time=f"{local:%Y-%m-%d %H:%M}", zone=zone, hour=_hour_after(local))


def _hour_after(local: datetime) -> str:
    return f"{local.replace(minute=0) + timedelta(hours=1):%H:%M}"
