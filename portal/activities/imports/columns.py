"""The columns of files of events, participations and headcounts, as their templates explain them."""

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _l

from portal.activities.queries.imports import list_activity_numbers, list_refs
from portal.activities.rules.events import EVENT_STATUSES
from portal.activities.rules.participants import PARTICIPATION_STATUSES
from portal.imports.kinds import FileColumn
from portal.projects.rules.vocabulary import AGE_BANDS, EVENT_KINDS, GENDERS, GROUPS, ZONE_BY_COUNTRY


def _words(words: Sequence[str]) -> Callable[[str], Sequence[str]]:
    """The same words in every project."""
    return lambda code: words


YES_NO = ("yes", "no")
# What templates offer; every other country and zone of the standards is taken as well.
COUNTRY_CODES = tuple(sorted(ZONE_BY_COUNTRY))
ZONE_NAMES = tuple(sorted(set(ZONE_BY_COUNTRY.values())))

EVENT_COLUMNS = (
    FileColumn("ref", _l("The event's own reference, such as W1."), is_key=True, is_required=True),
    FileColumn("title", _l("Title in English"), is_required=True),
    FileColumn("title_lt", _l("Title in Lithuanian")),
    FileColumn("title_pl", _l("Title in Polish")),
    FileColumn("kind", _l("Kind of event"), is_required=True, choices=_words(EVENT_KINDS)),
    FileColumn(
        "activity", _l("The number of the project's activity."), is_required=True, choices=list_activity_numbers
    ),
    FileColumn("start", _l("Day and time by local clocks, such as 2026-06-06 11:00."), is_required=True),
    FileColumn("end", _l("Day and time by local clocks, such as 2026-06-06 18:00."), is_required=True),
    FileColumn("timezone", _l("The zone of the local clocks; the country's own if empty."), choices=_words(ZONE_NAMES)),
    FileColumn("country", _l("Country, in two letters."), is_required=True, choices=_words(COUNTRY_CODES)),
    FileColumn("place", _l("Place")),
    FileColumn("organisers", _l("Keys of the organisations, with semicolons between them."), is_required=True),
    FileColumn("public", _l("Whether everyone may come; no if empty."), choices=_words(YES_NO)),
    FileColumn("status", _l("What became of it; planned if empty."), choices=_words(EVENT_STATUSES)),
    FileColumn("capacity", _l("Number of seats; no limit if empty.")),
    FileColumn("planned", _l("Planned participants")),
)

_EVENT = FileColumn("event", _l("The event's reference."), is_key=True, is_required=True, choices=list_refs)
_COUNTRY_SAYS = _l("Country of the participants, in two letters; not known if empty.")
_GROUP_SAYS = _l("Group; unknown if empty.")
_GENDER_SAYS = _l("f, m or x; unknown if empty.")
_AGE_SAYS = _l("Age; unknown if empty.")

PARTICIPATION_COLUMNS = (
    _EVENT,
    FileColumn(
        "participant",
        _l("An e-mail address, or a code of up to 40 characters without spaces."),
        is_key=True,
        is_required=True,
        is_personal=True,
    ),
    FileColumn("name", _l("Name; never of convicted persons and family members."), is_personal=True),
    FileColumn("organisation", _l("Institution; never of convicted persons and family members."), is_personal=True),
    FileColumn("country", _COUNTRY_SAYS, choices=_words(COUNTRY_CODES)),
    FileColumn("group", _GROUP_SAYS, choices=_words(GROUPS)),
    FileColumn("gender", _GENDER_SAYS, choices=_words(GENDERS)),
    FileColumn("age_band", _AGE_SAYS, choices=_words(AGE_BANDS)),
    FileColumn("status", _l("Attendance; attended if empty."), choices=_words(PARTICIPATION_STATUSES)),
)

HEADCOUNT_COLUMNS = (
    _EVENT,
    FileColumn("group", _l("Group"), is_key=True, is_required=True, choices=_words(GROUPS)),
    FileColumn("country", _COUNTRY_SAYS, is_key=True, choices=_words(COUNTRY_CODES)),
    FileColumn("gender", _GENDER_SAYS, is_key=True, choices=_words(GENDERS)),
    FileColumn("age_band", _AGE_SAYS, is_key=True, choices=_words(AGE_BANDS)),
    FileColumn("number", _l("Number of people, at least 1."), is_required=True),
)
