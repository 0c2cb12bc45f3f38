"""Rules of marking attendance: when it can be done, what the marks of a person mean, and what follows from them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from portal.accounts.rules.tokens import keyed_digest
from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import ParticipationStatus
from portal.core.errors import Conflict, InvalidInput, NotFound

# How long the helpers' link lives on after the event.
LINK_LASTS: Final = timedelta(hours=24)
# How long before a session begins its sheet is the one at hand: people come early.
DOORS_OPEN: Final = timedelta(hours=1)
TAG_LETTERS: Final = 10


class Seen(NamedTuple):
    """Whether a person was at a session; `minutes` is None for all the time, `at` is when it was said, if it was."""

    is_present: bool
    minutes: int | None = None
    at: datetime | None = None


NOT_SEEN: Final = Seen(is_present=False)
ALL_THE_TIME: Final = Seen(is_present=True)


def presence(status: str, marks: Mapping[int, Seen], sessions: Collection[int]) -> dict[int, Seen]:
    """Session -> whether the person was there, by the latest mark of each session that has one.

    The status is said of the event as a whole, and marks only say at which sessions the person was: without any mark
    of presence, somebody who attended was at all of them, and who did not attend was at none.
    """
    if status != ParticipationStatus.ATTENDED:
        return dict.fromkeys(sessions, NOT_SEEN)
    if not any(mark.is_present for mark in marks.values()):
        return dict.fromkeys(sessions, ALL_THE_TIME)
    return {session: marks.get(session, NOT_SEEN) for session in sessions}


def person_tag(key: str, row_id: int, participant: str) -> str:
    """What stands beside the number of a person's row on pages, made with the portal's `key`.

    The number of a row that was deleted may be given to somebody else's, who must not be marked from an older page.
    """
    return keyed_digest(key, "attendance", f"{row_id} {participant}")[:TAG_LETTERS]


def begins_at(counting_date: date, zone: str) -> datetime:
    """The midnight, in the event's time zone, with which its first day begins."""
    return datetime.combine(counting_date, time(), ZoneInfo(zone))


def check_markable(status: str, *, counting_date: date, zone: str, now: datetime) -> None:
    """Raise Conflict if nobody can be marked at the event: it is cancelled, or its first day has not begun."""
    if status == EventStatus.CANCELLED:
        raise Conflict("marks-cancelled")
    if now < begins_at(counting_date, zone):
        raise Conflict("marks-early", day=counting_date)


def check_begun(starts_at: datetime, *, now: datetime) -> None:
    """Raise Conflict if the event has not begun, so that nobody can be said to have missed it."""
    if now < starts_at:
        raise Conflict("absent-early")


def check_link(status: str, *, counting_date: date, zone: str, ends_at: datetime, now: datetime) -> None:
    """Raise Conflict if the helpers' link of the event does not work now, saying whether not yet or not any more."""
    if status == EventStatus.CANCELLED:
        raise Conflict("checkin-cancelled")
    if now >= ends_at + LINK_LASTS:
        raise Conflict("checkin-over")
    if now < begins_at(counting_date, zone):
        raise Conflict("checkin-early", day=counting_date)


def check_minutes(minutes: int | None, of_minutes: int, *, where: str) -> int | None:
    """How long the person was there, None for all the time.

    Raise InvalidInput, at the field `where`, if the session has not so many minutes.
    """
    if minutes is None or minutes == of_minutes:
        return None
    if not 1 <= minutes < of_minutes:
        raise InvalidInput("marks-minutes", where=where, most=of_minutes)
    return minutes


def position_at(starts: Sequence[datetime], now: datetime) -> int:
    """The number, from 1, of the session at hand: the last one whose doors are open by now, else the first."""
    return max(1, sum(starts_at - DOORS_OPEN <= now for starts_at in starts))


def asked_position(text: str, last: int, usual: int) -> int:
    """The number of the session that an address asks for, `usual` without one; raise NotFound if there is none."""
    if not text:
        return usual
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= last:
        raise NotFound("session-unknown")
    return number
