"""Planned events: what counting would find if they were held as planned."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from portal.activities.rules.events import EventStatus
from portal.activities.rules.facts import Attendance, EventFacts, Facts

# Nobody plans by groups: rules that look at planned people leave a measure's groups aside.
ANY_GROUP = "unknown"


class PlannedEvent(NamedTuple):
    """An event marked as planned: `participants` is how many it plans with (None: it does not say).

    `is_over` says that its time has passed, so that it is either held by now or never will be.
    """

    event: EventFacts
    participants: int | None
    is_over: bool


def as_held(planned: Iterable[PlannedEvent], days: tuple[date, date]) -> Facts:
    """What counting starts from if all these events are held, each with as many people as it plans; no periods."""
    known = [(each.event._replace(status=EventStatus.HELD), each.participants or 0) for each in planned]
    return Facts(
        days=days,
        periods=(),
        as_of=days[1],
        events=[event for event, _ in known],
        attendance={event.id: [Attendance(event.id, ANY_GROUP, "", number, named=False)] for event, number in known},
    )
