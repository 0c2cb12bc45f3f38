"""Where the plan lies on a timeline: whole units of a drawing that is WIDTH wide and scales with its page.

Days run from the project's first to its last; what lies outside is cut off, and the table beside the drawing has it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

WIDTH: Final = 960
LABELS: Final = 90
RIGHT: Final = 948
HEAD: Final = 48
GROUP: Final = 30
ROW: Final = 30
FOOT: Final = 6

NARROWEST: Final = 4
# How far the names of months must be from each other, and a name from the edge, to be read.
MONTH_ROOM: Final = 84
# So many months are all ticked; of longer projects only those that are named.
MOST_TICKS: Final = 60

DAY: Final = timedelta(days=1)


class Due(NamedTuple):
    """A deliverable: when it is due and when it was delivered, and whether it is overdue."""

    due_day: date | None
    delivered_day: date | None
    is_late: bool


class Drawn(NamedTuple):
    """An activity as the timeline needs it; `events` are the days and statuses of its events."""

    number: str
    planned: tuple[date | None, date | None]
    actual: tuple[date | None, date | None]
    is_running: bool
    is_late: bool
    deliverables: Sequence[Due] = ()
    events: Iterable[tuple[date, str]] = ()


class Tick(NamedTuple):
    """The first day of a month, and whether there is room for its name."""

    x: int
    day: date
    is_named: bool


class Today(NamedTuple):
    """Where today is; its word stands before the line where there is no room behind it."""

    x: int
    is_at_end: bool


class Bar(NamedTuple):
    """A stretch of days."""

    x: int
    width: int


class Mark(NamedTuple):
    """One day: of a deliverable "due", "overdue" or "delivered", of an event its status."""

    x: int
    kind: str


class Row(NamedTuple):
    """One activity; `y` is the upper edge of its row."""

    number: str
    y: int
    is_late: bool
    planned: Bar | None
    actual: Bar | None
    deliverables: list[Mark]
    events: list[Mark]


class Group(NamedTuple):
    """One work package; `y` is the upper edge of its heading."""

    number: int
    y: int
    rows: list[Row]


class Timeline(NamedTuple):
    """The whole drawing."""

    height: int
    ticks: list[Tick]
    today: Today | None
    groups: list[Group]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see but the days themselves."""
        rows = [row for group in self.groups for row in group.rows]
        return not any(row.planned or row.actual or row.deliverables or row.events for row in rows)


class Scale(NamedTuple):
    """The days that the drawing shows, both ends included."""

    first_day: date
    last_day: date

    def x(self, day: date) -> int:
        """Where the day begins, for days inside and the one after the last."""
        days = (self.last_day - self.first_day).days + 1
        return LABELS + (day - self.first_day).days * (RIGHT - LABELS) // days

    def holds(self, day: date) -> bool:
        """Whether the day is shown."""
        return self.first_day <= day <= self.last_day


def draw(packages: Iterable[tuple[int, Sequence[Drawn]]], days: tuple[date, date], *, today: date) -> Timeline:
    """The drawing of the work packages (number, activities) over the project's days."""
    scale = Scale(*days)
    groups, y = [], HEAD
    for number, activities in packages:
        rows = [_row(each, y + GROUP + place * ROW, scale, today) for place, each in enumerate(activities)]
        groups.append(Group(number, y, rows))
        y += GROUP + len(rows) * ROW
    x = scale.x(today)
    line = Today(x, x > RIGHT - MONTH_ROOM) if scale.holds(today) else None
    return Timeline(y + FOOT, ticks(scale), line, groups)


def bar(first_day: date | None, last_day: date | None, scale: Scale) -> Bar | None:
    """The stretch from the first to the last day, both included, as far as it is shown; one day where one is known."""
    known = [day for day in (first_day, last_day) if day is not None]
    if not known or max(known) < scale.first_day or min(known) > scale.last_day:
        return None
    start = scale.x(max(min(known), scale.first_day))
    end = scale.x(min(max(known), scale.last_day) + DAY)
    width = max(NARROWEST, end - start)
    return Bar(min(start, RIGHT - width), width)


def ticks(scale: Scale, room: int = MONTH_ROOM) -> list[Tick]:
    """The months that begin inside the days; only so many are named that the names, `room` wide, do not touch."""
    months = list(_months(scale))
    named = [day for day in months if _month_number(day) % _step(len(months), room) == 0]
    shown = months if len(months) <= MOST_TICKS else named
    return [Tick(scale.x(day), day, day in named and scale.x(day) <= WIDTH - room) for day in shown]


def _row(activity: Drawn, y: int, scale: Scale, today: date) -> Row:
    begun, ended = activity.actual
    return Row(
        number=activity.number,
        y=y,
        is_late=activity.is_late,
        planned=bar(*activity.planned, scale),
        actual=bar(begun, today if activity.is_running else ended, scale),
        deliverables=[Mark(scale.x(day), kind) for day, kind in _days_of(activity.deliverables) if scale.holds(day)],
        events=list(dict.fromkeys(Mark(scale.x(day), kind) for day, kind in activity.events if scale.holds(day))),
    )


def _days_of(deliverables: Iterable[Due]) -> Iterator[tuple[date, str]]:
    for due_day, delivered_day, is_late in deliverables:
        if delivered_day is not None:
            yield delivered_day, "delivered"
        elif due_day is not None:
            yield due_day, "overdue" if is_late else "due"


def _step(months: int, room: int) -> int:
    """Every how many months one can be named, counted from January."""
    width = RIGHT - LABELS
    return next((step for step in (1, 2, 3, 6, 12, 24, 60, 120, 240) if step * width >= room * months), 480)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(scale: Scale) -> Iterator[date]:
    day = scale.first_day.replace(day=1)
    while day <= scale.last_day:
        if day >= scale.first_day:
            yield day
        day = (day + timedelta(days=31)).replace(day=1)
