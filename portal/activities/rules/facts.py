"""The facts that outcomes are counted from; they are read elsewhere, nothing here asks a database."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.core.periods import Period


class ExclusionFact(NamedTuple):
    """Someone decided that an event does not count towards the indicator with this key, and why."""

    indicator: str
    reason: str


class EventFacts(NamedTuple):
    """What counting needs to know of an event; `organisers` are keys, `countries` theirs, in the same order."""

    id: int
    ref: str
    kind: str
    status: str
    is_public: bool
    counting_date: date
    work_package: int
    organisers: tuple[str, ...]
    countries: tuple[str, ...]
    evidenced: bool
    exclusions: tuple[ExclusionFact, ...] = ()

    def excluded_from(self, indicator: str) -> ExclusionFact | None:
        """The decision that keeps the event out of the indicator with this key; None without one."""
        for each in self.exclusions:
            if each.indicator == indicator:
                return each
        return None


class Attendance(NamedTuple):
    """`number` people of one group and country ('' unknown) at one event: `named` participations or a headcount.

    `participants` are the keys of those who are named, one per line; '' where they were not asked for.
    """

    event_id: int
    group: str
    country: str
    number: int
    named: bool
    # One text, not a hundred thousand: only counting people once takes the keys apart.
    participants: str = ""


class FigureFacts(NamedTuple):
    """A figure entered by hand towards the indicator with this key: so many on a day, proven by a file or not."""

    id: int
    indicator: str
    day: date
    number: int
    reason: str
    evidenced: bool


class Facts(NamedTuple):
    """All that a project's rows are counted from, as of a day: events in order of date, and who was there.

    `days` are the project's first and last day, both included.
    """

    days: tuple[date, date]
    periods: Sequence[Period]
    as_of: date
    events: Sequence[EventFacts]
    attendance: Mapping[int, Sequence[Attendance]]
