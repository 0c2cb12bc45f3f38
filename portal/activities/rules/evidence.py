"""What kinds of evidence an event has, which prove attendance, and which are expected of each kind of event."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import InvalidInput

EVIDENCE_KINDS = (
    "agenda",
    "attendance_list",
    "tally_sheet",
    "photos",
    "publicity",
    "presentation",
    "invoice",
    "other",
)

# A list of names, or a tally without names where the group is sensitive.
ATTENDANCE_KINDS = frozenset({"attendance_list", "tally_sheet"})

# What proves that an event took place, beside the attendance that is expected of every event. The programme names no
# list: this is the project team's reading of what controllers ask for. Support groups are never photographed.
EXPECTED = {
    "workshop": ("agenda", "photos", "presentation"),
    "training": ("agenda", "photos", "presentation"),
    "public_space_renewal": ("photos",),
    "creative": ("photos",),
    "support_group": (),
    "tournament": ("agenda", "photos"),
    "survey_fieldwork": (),
    "meeting": ("agenda",),
}


class Expectation(NamedTuple):
    """A kind of evidence that an event should have, and whether it does."""

    kind: str
    is_met: bool


class Need(StrEnum):
    """What a held event needs next before its evidence is complete: people, then the proof of them, then the rest."""

    PEOPLE = "people"
    ATTENDANCE = "attendance"
    OTHER = "other"


def attendance_kind(*, sensitive: bool) -> str:
    """The kind that proves attendance: a tally sheet where convicted persons or family members were there.

    Source: rules of the domain 4; GDPR art. 10.
    """
    return "tally_sheet" if sensitive else "attendance_list"


def checklist(kind: str, *, is_public: bool, sensitive: bool, present: Collection[str]) -> list[Expectation]:
    """What is expected of an event of this kind, attendance first, and which of it is among the `present` kinds.

    A tally sheet proves attendance everywhere, a list of names only where no sensitive group was there. Public events
    are expected to have been made known.
    """
    attendance = attendance_kind(sensitive=sensitive)
    proven = attendance in present or "tally_sheet" in present
    others = [*EXPECTED.get(kind, ()), *(["publicity"] if is_public else [])]
    return [Expectation(attendance, proven), *(Expectation(each, each in present) for each in others)]


def missing_kinds(kind: str, *, is_public: bool, sensitive: bool, present: Collection[str]) -> tuple[str, ...]:
    """The kinds of the event's checklist that are not there, attendance first."""
    expected = checklist(kind, is_public=is_public, sensitive=sensitive, present=present)
    return tuple(each.kind for each in expected if not each.is_met)


def next_need(*, has_people: bool, missing: Collection[str]) -> Need | None:
    """What a held event needs next; None if people are recorded there and no kind of its checklist is `missing`.

    An event at which nobody is recorded has nothing yet that evidence could prove.
    """
    if not has_people:
        return Need.PEOPLE
    if not ATTENDANCE_KINDS.isdisjoint(missing):
        return Need.ATTENDANCE
    return Need.OTHER if missing else None


def check_evidence(kind: str, *, sensitive: bool, no_names: bool) -> None:
    """Raise InvalidInput if evidence of this kind cannot be attached to the event.

    Where convicted persons or family members were there, a list of names is refused, and someone must have said that
    no name is legible (`no_names`). Source: rules of the domain 4; GDPR art. 10.
    """
    if kind not in EVIDENCE_KINDS:
        raise InvalidInput("unknown-value", where="kind", value=kind, allowed=list(EVIDENCE_KINDS))
    if sensitive and kind == "attendance_list":
        raise InvalidInput("evidence-tally-needed", where="kind")
    if sensitive and not no_names:
        raise InvalidInput("evidence-names", where="no_names")
