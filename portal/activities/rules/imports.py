"""What the rows of a file come to beside what is stored: the state each row asks for, and whether it is another one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from portal.activities.rules.participants import SENSITIVE_CODE, SENSITIVE_GROUPS
from portal.imports.rules import kept_text, plain
from portal.projects.rules.vocabulary import LANGUAGES, ZONE_BY_COUNTRY


class EventState(NamedTuple):
    """An event as stored, or as a file wants it; activity and organisers by their ids, the organisers' in order."""

    ref: str
    title: dict[str, str]
    kind: str
    activity_id: int
    place: str
    country: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    counting_date: date
    is_public: bool
    status: str
    capacity: int | None
    planned_participants: int | None
    organiser_ids: tuple[int, ...]


class PersonState(NamedTuple):
    """A person at an event as stored, or as a file wants it; '' is unknown or not stated."""

    event_id: int
    participant: str
    name: str = ""
    organisation: str = ""
    country: str = ""
    group: str = "unknown"
    gender: str = "unknown"
    age_band: str = "unknown"
    status: str = "attended"


class NumberState(NamedTuple):
    """A number of people without names at an event, as stored or as a file wants it."""

    event_id: int
    group: str
    country: str
    gender: str
    age_band: str
    number: int


class Changes(NamedTuple):
    """What a file changes in a project: rows to make, and rows to change with their ids.

    `versions` are those of the events that the rows rest on, as they were when the file was compared; `names` are
    what the activities and the organisations among the rows were called then, by id. `seen` are the statuses then of
    people to change at events where they can register, by row: they change without the event.
    """

    project_code: str
    versions: dict[int, int]
    created: list[Any]
    updated: list[tuple[int, Any]]
    activities: Mapping[int, str] = {}
    organisations: Mapping[int, str] = {}
    seen: dict[int, str] = {}


def kept_title(stored: Mapping[str, str], title: str, others: Mapping[str, str | None]) -> dict[str, str]:
    """The texts of an event's title, by language: `title` is the English one, `others` those of the other languages.

    None among `others` is not stated and leaves the stored text, '' takes it away. A stored event without an
    English text has its first other text written into the column `title` of a file: as long as `title` only repeats
    that text, or the one that now stands first, the event still has no English text.
    """
    kept = {language: stored.get(language, "") if text is None else text for language, text in others.items()}
    repeated = {plain(first_text(stored)), plain(first_text(kept))} - {""}
    has_none = any(stored.values()) and not stored.get("en")
    english = "" if has_none and title in repeated and first_text(kept) else title
    wanted = {"en": english, **kept}
    return {each: kept_text(stored.get(each, ""), wanted[each]) for each in LANGUAGES if wanted.get(each)}


def first_text(texts: Mapping[str, str]) -> str:
    """The text of the first language that has one, English first; '' where none has."""
    return next((texts[language] for language in LANGUAGES if texts.get(language)), "")


def shown_zone(time_zone: str, country: str) -> str:
    """The time zone as a file states it: '' for the country's own, so that another country brings its own."""
    return "" if time_zone == ZONE_BY_COUNTRY.get(country) else time_zone


def could_be_sensitive(participant: str) -> bool:
    """Whether a person of a sensitive group could be kept under this key."""
    return SENSITIVE_CODE.fullmatch(participant) is not None


class Ties(NamedTuple):
    """Codes seen with a name, and codes seen in a sensitive group: none may be both, in any row, before or after."""

    named: set[str]
    sensitive: set[str]

    def note(self, participant: str, group: str, *, has_name: bool) -> None:
        """Note a row, stored or wanted."""
        if group in SENSITIVE_GROUPS:
            self.sensitive.add(participant)
        elif has_name and could_be_sensitive(participant):
            self.named.add(participant)

    def found(self) -> set[str]:
        """The codes that would tie a name to a person of a sensitive group."""
        return self.named & self.sensitive
