"""What a person or a file says about an event, checked as a whole before anything is stored."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from portal.activities.rules.events import to_instant
from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.projects.rules.vocabulary import COUNTRIES, EVENT_KINDS, ZONE_BY_COUNTRY, ZONES

LONGEST_REF = 40
LONGEST_TEXT = 200
MOST_PEOPLE = 1_000_000


class EventDraft(NamedTuple):
    """An event as stated: `starts` and `ends` are what local clocks show, `organisers` are keys, '' is not stated."""

    title: Mapping[str, str]
    kind: str
    activity: str
    organisers: Collection[str]
    country: str
    starts: datetime
    ends: datetime
    ref: str = ""
    time_zone: str = ""
    place: str = ""
    is_public: bool = False
    capacity: int | None = None
    planned_participants: int | None = None


class EventTimes(NamedTuple):
    """When an event is: UTC instants and the zone whose clocks people read."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str


def check_draft(
    draft: EventDraft, *, activities: Collection[str], organisations: Collection[str], taken_refs: Collection[str] = ()
) -> EventTimes:
    """The event's times, if the draft can be stored; raise InvalidInputs with everything that is wrong.

    `activities` are the numbers and `organisations` the keys that the project knows; `taken_refs` are the references
    of its other events.
    """
    problems = [
        *_unknown("kind", [draft.kind], EVENT_KINDS),
        *_unknown("activity", [draft.activity], activities),
        *_unknown("organisers", draft.organisers, organisations),
        *_text_problems(draft),
    ]
    if not draft.organisers:
        problems.append(Problem("organisers-missing", "organisers"))
    if draft.country not in COUNTRIES:
        problems.append(Problem("unknown-country", "country", {"value": draft.country}))
    if draft.ref in taken_refs:
        problems.append(Problem("event-ref-taken", "ref", {"value": draft.ref}))
    times = _times(draft, problems)
    if problems or times is None:
        raise InvalidInputs(problems)
    return times


def _unknown(where: str, values: Collection[str], allowed: Collection[str]) -> list[Problem]:
    known = list(allowed)
    return [
        Problem("unknown-value", where, {"value": value, "allowed": known}) for value in values if value not in known
    ]


def _text_problems(draft: EventDraft) -> list[Problem]:
    problems = []
    if not any(text.strip() for text in draft.title.values()):
        problems.append(Problem("title-missing", "title_en"))
    texts = {"ref": (draft.ref, LONGEST_REF), "place": (draft.place, LONGEST_TEXT)}
    texts |= {f"title_{language}": (text, LONGEST_TEXT) for language, text in draft.title.items()}
    for where, (text, longest) in texts.items():
        if len(text) > longest:
            problems.append(Problem("text-too-long", where, {"limit": longest}))
    for where, number, least in (
        ("capacity", draft.capacity, 1),
        ("planned_participants", draft.planned_participants, 0),
    ):
        if number is not None and not least <= number <= MOST_PEOPLE:
            problems.append(Problem("number-out-of-range", where, {"least": least, "most": MOST_PEOPLE}))
    return problems


def _times(draft: EventDraft, problems: list[Problem]) -> EventTimes | None:
    zone = draft.time_zone or ZONE_BY_COUNTRY.get(draft.country, "")
    if not zone:
        if draft.country in COUNTRIES:
            problems.append(Problem("time-zone-needed", "time_zone", {"country": draft.country}))
        return None
    if zone not in ZONES:
        problems.append(Problem("unknown-time-zone", "time_zone", {"value": zone}))
        return None
    instants = []
    for where, local in (("starts", draft.starts), ("ends", draft.ends)):
        try:
            instants.append(to_instant(local, zone, where=where))
        except InvalidInput as error:
            problems.extend(error.problems)
    if len(instants) < 2:
        return None
    if instants[0] >= instants[1]:
        problems.append(Problem("ends-before-start", "ends"))
        return None
    return EventTimes(instants[0], instants[1], zone)


def next_ref(taken: Collection[str]) -> str:
    """A free reference for a new event, such as E12 where eleven are taken."""
    number = len(taken) + 1
    while f"E{number}" in taken:
        number += 1
    return f"E{number}"
