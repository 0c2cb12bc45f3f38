"""Counting: which events and which people a measure counts, and why the others do not.

`days` are the project's first and last day, both included. Facts are read elsewhere; nothing here asks a database.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.activities.rules.events import EventStatus, is_joint
from portal.core.periods import Period, begun, find_period
from portal.projects.rules.measures import Measure

MEETING = "meeting"
NO_PERIOD = "none"
NO_COUNTRY = "unknown"


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


class Attendance(NamedTuple):
    """`number` people of one group and country ('' unknown) at one event: `named` participations or a headcount."""

    event_id: int
    group: str
    country: str
    number: int
    named: bool


class Facts(NamedTuple):
    """All that a project's rows are counted from, as of a day: events in order of date, and who was there."""

    days: tuple[date, date]
    periods: Sequence[Period]
    as_of: date
    events: Sequence[EventFacts]
    attendance: Mapping[int, Sequence[Attendance]]


class EventShare(NamedTuple):
    """What one event adds to a row."""

    event: EventFacts
    counts: int


class OrganisationShare(NamedTuple):
    """An organisation that counts, and the event that made it active (None where being a partner is enough)."""

    key: str
    event: EventFacts | None


class Count(NamedTuple):
    """A row's figures; `achieved` is None while nothing that could count exists, and then all else is None or empty."""

    achieved: int | None = None
    evidenced: int | None = None
    persons: int | None = None
    # How many of `achieved` come from headcounts.
    unnamed: int = 0
    by_period: dict[str, int] | None = None
    by_country: dict[str, int] | None = None
    events: tuple[EventShare, ...] = ()
    organisations: tuple[OrganisationShare, ...] = ()


NOT_REPORTED = Count()


def obstacles(event: EventFacts, measure: Measure, days: tuple[date, date]) -> list[str]:
    """Codes of every reason why the event does not count towards the measure; empty if it does.

    Source: rules of counting agreed for LTPL00388 (events held, within the project's days, of the measure's filters).
    """
    tests: list[tuple[bool, str]] = [
        (event.status == EventStatus.PLANNED, "planned"),
        (event.status == EventStatus.CANCELLED, "cancelled"),
        (not days[0] <= event.counting_date <= days[1], "outside-days"),
        # A held meeting adds neither events nor people, but makes its organisers active.
        (event.kind == MEETING and measure.kind != "organisations", "meeting"),
        (bool(measure.event_kinds) and event.kind not in measure.event_kinds and event.kind != MEETING, "other-kind"),
        (measure.joint is True and not is_joint(event.countries), "not-joint"),
        (measure.joint is False and is_joint(event.countries), "joint"),
        (measure.public is True and not event.is_public, "not-public"),
        (measure.public is False and event.is_public, "public"),
        (measure.work_package is not None and event.work_package != measure.work_package, "other-work-package"),
    ]
    return [code for failed, code in tests if failed]


def could_count(event: EventFacts, measure: Measure, days: tuple[date, date]) -> bool:
    """Whether the event, held within the days, is of a kind the measure names (any but meeting if it names none).

    Source: rules of the domain 4, "not reported is not zero".
    """
    named = not measure.event_kinds or event.kind in measure.event_kinds
    return _held_within(event, days) and event.kind != MEETING and named


def of_group(group: str, measure: Measure) -> bool:
    """Whether people of the group pass the measure's filters."""
    return (not measure.groups or group in measure.groups) and group not in measure.exclude_groups


def counting_events(facts: Facts, measure: Measure) -> list[EventFacts]:
    """The events that count towards the measure, in order of date."""
    return [event for event in facts.events if not obstacles(event, measure, facts.days)]


def count_participations(facts: Facts, measure: Measure) -> Count:
    """Attended participations and headcounts at the counting events, of the measure's groups; `persons` stays open."""
    if not any(could_count(event, measure, facts.days) for event in facts.events):
        return NOT_REPORTED
    shares: list[EventShare] = []
    countries: Counter[str] = Counter()
    unnamed = 0
    for event in counting_events(facts, measure):
        present = [row for row in facts.attendance.get(event.id, ()) if of_group(row.group, measure)]
        for row in present:
            countries[row.country or NO_COUNTRY] += row.number
            unnamed += 0 if row.named else row.number
        shares.append(EventShare(event, sum(row.number for row in present)))
    return _count(facts, shares)._replace(by_country=dict(sorted(countries.items())), unnamed=unnamed)


def count_events(facts: Facts, measure: Measure) -> Count:
    """The counting events."""
    if not any(could_count(event, measure, facts.days) for event in facts.events):
        return NOT_REPORTED
    return _count(facts, [EventShare(event, 1) for event in counting_events(facts, measure)])


def count_organisations(facts: Facts, measure: Measure, roles: Mapping[str, str]) -> Count:
    """The organisations with one of the measure's roles; with `active` those that organised a held event by the day.

    `roles` is organisation key -> role. Meetings and events that are not joint make their organisers active too.
    Source: rules of the domain 4; Interreg RCO87, organisations cooperating across borders.
    """
    named = [key for key, role in roles.items() if role in measure.roles]
    if not measure.active:
        begun_yet = facts.as_of >= facts.days[0]
        return _by_role(facts, named) if begun_yet else NOT_REPORTED
    held = [event for event in facts.events if _held_within(event, facts.days)]
    if not held:
        return NOT_REPORTED
    first: dict[str, EventFacts] = {}
    for event in held:
        for key in event.organisers:
            first.setdefault(key, event)
    shares = [OrganisationShare(key, first[key]) for key in named if key in first]
    proven = {key for event in held if event.evidenced for key in event.organisers}
    return Count(
        achieved=len(shares),
        evidenced=sum(share.key in proven for share in shares),
        by_period=_by_period(facts, [(share.event.counting_date, 1) for share in shares if share.event]),
        organisations=tuple(shares),
    )


def count_sum(parts: Sequence[Count]) -> Count:
    """The sum of other rows, never counted on its own; not reported only if no part is.

    Source: rules of the domain 4.
    """
    known = [part for part in parts if part.achieved is not None]
    if not known:
        return NOT_REPORTED
    return Count(
        achieved=sum(part.achieved or 0 for part in known),
        evidenced=sum(part.evidenced or 0 for part in known),
        by_period=_added(part.by_period for part in known),
        by_country=_added(part.by_country for part in known)
        if all(part.by_country is not None for part in known)
        else None,
    )


def _by_role(facts: Facts, keys: Sequence[str]) -> Count:
    shares = tuple(OrganisationShare(key, None) for key in keys)
    since = _by_period(facts, [(facts.days[0], len(shares))])
    return Count(achieved=len(shares), evidenced=len(shares), by_period=since, organisations=shares)


def _held_within(event: EventFacts, days: tuple[date, date]) -> bool:
    return event.status == EventStatus.HELD and days[0] <= event.counting_date <= days[1]


def _count(facts: Facts, shares: Sequence[EventShare]) -> Count:
    dated = [(share.event.counting_date, share.counts) for share in shares]
    return Count(
        achieved=sum(share.counts for share in shares),
        evidenced=sum(share.counts for share in shares if share.event.evidenced),
        by_period=_by_period(facts, dated),
        events=tuple(shares),
    )


def _by_period(facts: Facts, dated: Iterable[tuple[date, int]]) -> dict[str, int]:
    """Every period begun by the day, 0 where nothing counted; "none" only if something fell into no period."""
    figures = {str(period.number): 0 for period in begun(facts.periods, facts.as_of)}
    for day, number in dated:
        period = find_period(day, facts.periods)
        if period is not None:
            figures[str(period.number)] += number
        elif number:
            figures[NO_PERIOD] = figures.get(NO_PERIOD, 0) + number
    return figures


def _added(figures: Iterable[Mapping[str, int] | None]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in figures:
        total.update(each or {})
    return dict(total)
