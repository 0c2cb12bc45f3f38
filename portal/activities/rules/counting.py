"""Counting: a row's figures, and the pieces that they are the sum of.

Every figure, breakdown and list of a row is made from the same pieces, so that they add up by construction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.activities.rules.facts import Attendance, EventFacts, Facts, FigureFacts
from portal.activities.rules.standing import counting_events, held_within, is_reported, of_group
from portal.core.periods import begun, find_period
from portal.projects.rules.measures import Measure
from portal.projects.rules.vocabulary import GROUPS

NO_PERIOD = "none"
NO_COUNTRY = "unknown"


class Piece(NamedTuple):
    """A part of a row's figure: so many people of one group and country at one event, an event, an organisation ...

    `partners` are the keys of those under whom it stands; `event` is None for figures by hand and for organisations
    that count by their role; `group` is '' for what is not people, `country` '' where it is not known.
    """

    number: int
    day: date
    evidenced: bool
    partners: tuple[str, ...] = ()
    event: EventFacts | None = None
    group: str = ""
    country: str = ""
    figure: FigureFacts | None = None


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
    pieces: tuple[Piece, ...] = ()

    @property
    def of_people(self) -> bool:
        """Whether what is counted is people, who have a group and a country."""
        return self.by_country is not None


NOT_REPORTED = Count()


def count_participations(facts: Facts, measure: Measure, *, row: str = "") -> Count:
    """Attended participations and headcounts at the counting events, of the measure's groups.

    `persons` takes each participant once; headcounts may repeat people, so it is "at most". `row` is the key of the
    indicator that is counted. Source: rules of the domain 4.
    """
    return _count_people(facts, measure, facts.attendance, row)


def count_persons(
    facts: Facts, measure: Measure, first_seen: Mapping[int, Sequence[Attendance]], *, row: str = ""
) -> Count:
    """Distinct participants, each at the counting event that they were first seen at, and the headcounts.

    `first_seen` is event id -> the people first seen there, of the measure's groups. Headcounts may repeat people, so
    the figure is "at most". Source: rules of the domain 4.
    """
    present = {
        event.id: [
            *first_seen.get(event.id, ()),
            *(each for each in facts.attendance.get(event.id, ()) if not each.named),
        ]
        for event in facts.events
    }
    return _count_people(facts, measure, present, row)


def first_seen(facts: Facts, measure: Measure, *, row: str = "") -> dict[int, list[Attendance]]:
    """Event id -> the participants of the measure's groups who came to none of its counting events before."""
    known: set[str] = set()
    found: dict[int, list[Attendance]] = defaultdict(list)
    for event, each in _present(counting_events(facts, measure, row=row), measure, facts.attendance):
        new = set(each.participants.split("\n")) - known if each.named else set()
        known |= new
        if new:
            found[event.id].append(each._replace(number=len(new), participants="\n".join(sorted(new))))
    return found


def count_events(facts: Facts, measure: Measure, *, row: str = "") -> Count:
    """The counting events."""
    if not is_reported(facts.events, measure, facts.days):
        return NOT_REPORTED
    events = counting_events(facts, measure, row=row)
    pieces = [Piece(1, event.counting_date, event.evidenced, event.organisers, event) for event in events]
    return _count(facts, pieces, events)


def count_organisations(facts: Facts, measure: Measure, roles: Mapping[str, str], *, row: str = "") -> Count:
    """The organisations with one of the measure's roles; with `active` those that organised a held event by the day.

    `roles` is organisation key -> role. Meetings and events that are not joint make their organisers active too.
    Source: rules of the domain 4; Interreg RCO87, organisations cooperating across borders.
    """
    named = [key for key, role in roles.items() if role in measure.roles]
    if not measure.active:
        return _by_role(facts, named)
    held = [event for event in facts.events if held_within(event, facts.days)]
    if not held:
        return NOT_REPORTED
    counting = [event for event in held if not event.excluded_from(row)]
    first: dict[str, EventFacts] = {}
    for event in counting:
        for key in event.organisers:
            first.setdefault(key, event)
    proven = {key for event in counting if event.evidenced for key in event.organisers}
    shares = [OrganisationShare(key, first[key]) for key in named if key in first]
    pieces = [Piece(1, first[key].counting_date, key in proven, (key,), first[key]) for key in named if key in first]
    return _count(facts, pieces)._replace(organisations=tuple(shares))


def count_figures(facts: Facts, figures: Iterable[FigureFacts]) -> Count:
    """What was entered by hand, of the project's days up to the day; not reported while there is nothing."""
    known = [each for each in figures if facts.days[0] <= each.day <= min(facts.days[1], facts.as_of)]
    if not known:
        return NOT_REPORTED
    return _count(facts, [Piece(each.number, each.day, each.evidenced, figure=each) for each in known])


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
        by_country=_added(part.by_country for part in known) if all(part.of_people for part in known) else None,
        pieces=tuple(piece for part in known for piece in part.pieces),
    )


def _count_people(facts: Facts, measure: Measure, present: Mapping[int, Sequence[Attendance]], row: str) -> Count:
    if not is_reported(facts.events, measure, facts.days):
        return NOT_REPORTED
    events = counting_events(facts, measure, row=row)
    counted = _present(events, measure, present)
    pieces = [
        Piece(each.number, event.counting_date, event.evidenced, event.organisers, event, each.group, each.country)
        for event, each in counted
    ]
    unnamed = sum(each.number for _, each in counted if not each.named)
    countries: Counter[str] = Counter()
    for piece in pieces:
        countries[piece.country or NO_COUNTRY] += piece.number
    return _count(facts, pieces, events)._replace(
        persons=_distinct(each.participants for _, each in counted if each.named) + unnamed,
        by_country=dict(sorted(countries.items())),
        unnamed=unnamed,
    )


def _present(
    events: Iterable[EventFacts], measure: Measure, present: Mapping[int, Sequence[Attendance]]
) -> list[tuple[EventFacts, Attendance]]:
    """The people of the measure's groups who were at these events, event by event."""
    groups = {group for group in GROUPS if of_group(group, measure)}
    return [(event, each) for event in events for each in present.get(event.id, ()) if each.group in groups]


def _distinct(participants: Iterable[str]) -> int:
    """How many keys these texts of keys hold, each once."""
    keys = set("\n".join(participants).split("\n"))
    return len(keys - {""})


def _by_role(facts: Facts, keys: Sequence[str]) -> Count:
    """Counted from the project's first day on, without events."""
    first_day = facts.days[0]
    if facts.as_of < first_day:
        return NOT_REPORTED
    pieces = [Piece(1, first_day, evidenced=True, partners=(key,)) for key in keys]
    return _count(facts, pieces)._replace(organisations=tuple(OrganisationShare(key, None) for key in keys))


def _count(facts: Facts, pieces: Sequence[Piece], events: Iterable[EventFacts] = ()) -> Count:
    """The sums over the pieces; `events` are listed with what each adds, also where that is nothing."""
    adds = {event.id: 0 for event in events}
    for piece in pieces:
        if piece.event is not None and piece.event.id in adds:
            adds[piece.event.id] += piece.number
    return Count(
        achieved=sum(piece.number for piece in pieces),
        evidenced=sum(piece.number for piece in pieces if piece.evidenced),
        by_period=_by_period(facts, pieces),
        events=tuple(EventShare(event, adds[event.id]) for event in events),
        pieces=tuple(pieces),
    )


def _by_period(facts: Facts, pieces: Iterable[Piece]) -> dict[str, int]:
    """Every period begun by the day, 0 where nothing counted; "none" only if something fell into no period."""
    by_day: Counter[date] = Counter()
    for piece in pieces:
        by_day[piece.day] += piece.number
    figures = {str(period.number): 0 for period in begun(facts.periods, facts.as_of)}
    for day, number in by_day.items():
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
