"""Will the targets be reached? What planned events would add to each row if they were held as planned.

They pass the same filters as held ones, by the functions that count those. Only the people's groups are left aside:
an event plans with a number of people, not with groups.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.activities.rules.counting import (
    Count,
    OrganisationShare,
    count_events,
    count_organisations,
    count_participations,
)
from portal.activities.rules.facts import EventFacts, Facts
from portal.activities.rules.planning import PlannedEvent, as_held
from portal.activities.rules.standing import counting_events
from portal.projects.rules.measures import Measure


class Planned(NamedTuple):
    """What planned events add to a row: a number, the events that state no participants, and those that are over.

    Events that are over and still marked as planned add nothing: they were held, or they were not.
    """

    number: int
    silent: tuple[EventFacts, ...] = ()
    over: tuple[EventFacts, ...] = ()


class Forecast(NamedTuple):
    """How a row stands towards its target; `achieved` is None if nothing was held, `planned` if it cannot be told."""

    target: int
    achieved: int | None
    planned: Planned | None

    @property
    def missing(self) -> int:
        """How many are neither achieved nor planned."""
        return max(0, self.target - (self.achieved or 0) - (self.planned.number if self.planned else 0))

    @property
    def verdict(self) -> str:
        """In one word: "reached", "enough" planned, "short", or "untold" where plans say nothing of such a row."""
        if (self.achieved or 0) >= self.target:
            return "reached"
        if self.planned is None:
            return "untold"
        return "short" if self.missing else "enough"


class Outlook(NamedTuple):
    """What forecasts are made from: the events to come and those that are over, both as if held, and the rows so far.

    `participants` is event id -> the number planned with, `roles` organisation key -> role; rows are named by key.
    """

    coming: Facts
    over: Facts
    participants: Mapping[int, int | None]
    roles: Mapping[str, str]
    measures: Mapping[str, Measure]
    counts: Mapping[str, Count]


def look_ahead(
    events: Sequence[PlannedEvent],
    days: tuple[date, date],
    *,
    roles: Mapping[str, str],
    measures: Mapping[str, Measure],
    counts: Mapping[str, Count],
) -> Outlook:
    """What the forecasts of a project's rows are made from."""
    return Outlook(
        coming=as_held([each for each in events if not each.is_over], days),
        over=as_held([each for each in events if each.is_over], days),
        participants={each.event.id: each.participants for each in events},
        roles=roles,
        measures=measures,
        counts=counts,
    )


def forecast(key: str, target: int, outlook: Outlook) -> Forecast:
    """How the row with this key stands towards its target."""
    return Forecast(target, outlook.counts[key].achieved, _planned(key, outlook))


def leaves_groups_aside(key: str, outlook: Outlook) -> bool:
    """Whether the row, or a part of it, counts certain groups only, which plans do not tell apart."""
    measure = outlook.measures[key]
    parts = any(leaves_groups_aside(part, outlook) for part in measure.of)
    return parts or (measure.kind == "participations" and bool(measure.groups or measure.exclude_groups))


def _planned(key: str, outlook: Outlook) -> Planned | None:
    kind = outlook.measures[key].kind
    return PLANNED_BY[kind](key, outlook) if kind in PLANNED_BY else None


def _participations(key: str, outlook: Outlook) -> Planned:
    measure = outlook.measures[key]._replace(groups=frozenset(), exclude_groups=frozenset())
    count = count_participations(outlook.coming, measure, row=key)
    silent = tuple(share.event for share in count.events if outlook.participants[share.event.id] is None)
    return Planned(count.achieved or 0, silent, tuple(counting_events(outlook.over, measure, row=key)))


def _events(key: str, outlook: Outlook) -> Planned:
    measure = outlook.measures[key]
    count = count_events(outlook.coming, measure, row=key)
    return Planned(count.achieved or 0, (), tuple(counting_events(outlook.over, measure, row=key)))


def _organisations(key: str, outlook: Outlook) -> Planned:
    """Those that are not counted yet and would be, each once."""
    over = (share.event for share in _joining(key, outlook.over, outlook))
    return Planned(len(_joining(key, outlook.coming, outlook)), (), _once(over))


def _joining(key: str, facts: Facts, outlook: Outlook) -> list[OrganisationShare]:
    counted = {share.key for share in outlook.counts[key].organisations}
    found = count_organisations(facts, outlook.measures[key], outlook.roles, row=key).organisations
    return [share for share in found if share.key not in counted]


def _sum(key: str, outlook: Outlook) -> Planned | None:
    """The sum of the parts of which it can be told; None if it can be told of none."""
    parts = [part for each in outlook.measures[key].of if (part := _planned(each, outlook)) is not None]
    if not parts:
        return None
    return Planned(
        sum(part.number for part in parts),
        _once(event for part in parts for event in part.silent),
        _once(event for part in parts for event in part.over),
    )


def _once(events: Iterable[EventFacts | None]) -> tuple[EventFacts, ...]:
    return tuple(dict.fromkeys(event for event in events if event is not None))


PLANNED_BY: dict[str, Callable[[str, Outlook], Planned | None]] = {
    "participations": _participations,
    "events": _events,
    "organisations": _organisations,
    "sum": _sum,
}
