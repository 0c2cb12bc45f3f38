"""Rules of certificates of attendance: who reaches one, when they are issued, and how one is known.

Minutes are those of the event's sessions.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import SENSITIVE_GROUPS, ParticipationStatus
from portal.core.errors import Conflict, InvalidInput

USUAL_PERCENT: Final = 80
# How many are issued at once: each is a file of its own, and the person waits for them.
MOST_AT_ONCE: Final = 25
CODE_BYTES: Final = 16
# 128 bits in base32, without the padding.
CODE: Final = re.compile(r"[A-Z2-7]{25}[AEIMQUY4]")


class Reach(StrEnum):
    """Whether a person can have a certificate, and why not."""

    REACHED = "reached"
    SHORT = "short"
    NAMELESS = "nameless"


class Attender(NamedTuple):
    """A person who was at an event: `is_named` says whether a name is known to write on a certificate."""

    id: int
    group: str
    status: str
    is_named: bool


class Certified(NamedTuple):
    """What a certificate says of its event, texts by language: kept with it, since events are corrected later on."""

    title: Mapping[str, str]
    first_day: date
    last_day: date
    place: str
    country: str
    organisers: Sequence[Mapping[str, str]]
    project_title: Mapping[str, str]

    def kept(self) -> dict[str, Any]:
        """The facts as JSON values, which `read_facts` reads back."""
        return {
            "title": dict(self.title),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "place": self.place,
            "country": self.country,
            "organisers": [dict(name) for name in self.organisers],
            "project_title": dict(self.project_title),
        }


def read_facts(kept: Mapping[str, Any]) -> Certified:
    """The facts that `Certified.kept` has written."""
    days = {name: date.fromisoformat(kept[name]) for name in ("first_day", "last_day")}
    return Certified(**{**kept, **days})


def check_percent(percent: int | None) -> int:
    """The threshold in whole percent, from 1 to 100; raise InvalidInput."""
    if percent is None or not 1 <= percent <= 100:
        raise InvalidInput("certificate-threshold", where="percent")
    return percent


def check_over(status: str, *, ends_at: datetime, now: datetime) -> None:
    """Raise Conflict if no certificates can be issued for an event: it was cancelled, or is not over."""
    if status == EventStatus.CANCELLED:
        raise Conflict("certificate-cancelled")
    if now < ends_at:
        raise Conflict("certificate-early")


def is_over(status: str, *, ends_at: datetime, now: datetime) -> bool:
    """Whether certificates can be issued for the event."""
    return status != EventStatus.CANCELLED and now >= ends_at


def reaches(minutes: int, of_minutes: int, percent: int) -> bool:
    """Whether so many minutes are at least `percent` of all; nobody reaches anything without having been there."""
    return minutes > 0 and minutes * 100 >= percent * of_minutes


def reach_of(people: Iterable[Attender], minutes: Mapping[int, int], of_minutes: int, percent: int) -> dict[int, Reach]:
    """Id -> whether the person can have a certificate, of those who attended.

    Convicted persons and family members are left out: a certificate would name them.
    """
    found = {}
    for each in people:
        if each.group in SENSITIVE_GROUPS or each.status != ParticipationStatus.ATTENDED:
            continue
        if not reaches(minutes.get(each.id, 0), of_minutes, percent):
            found[each.id] = Reach.SHORT
        else:
            found[each.id] = Reach.REACHED if each.is_named else Reach.NAMELESS
    return found


def code_of(secret: bytes) -> str:
    """The code of a certificate, made of 16 random bytes: 26 capital letters and digits, none of them 0, 1, 8 or 9."""
    if len(secret) != CODE_BYTES:
        raise ValueError("a code is made of 16 bytes")
    return base64.b32encode(secret).decode().rstrip("=")


def read_code(text: str) -> str | None:
    """The code as it is kept, from how people type it: in any case, with spaces or dashes; None if it is none."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if CODE.fullmatch(code) else None
