"""Rules of registration: when it is open, what becomes of a place, who is next, and how long an answer is waited for.

Seats are counted at events that have a registration page: one for everybody in one of HOLDING, and for those seen or
missed at the event who had one before: who came onto the list by that page and whose place has not ended, or who came
by other ways and was in one of HOLDING then.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from portal.activities.rules.participants import SENSITIVE_GROUPS, ParticipationStatus
from portal.core.errors import Conflict, InvalidInput
from portal.projects.rules.vocabulary import GROUPS

MOST_HOURS: Final = 14 * 24
MOST_IN_PARTY: Final = 20
MOST_QUESTIONS: Final = 20
QUESTION_KINDS: Final = ("text", "choice")
# Whom people may be registered as: never as somebody whom it would tie to a conviction.
REGISTRANT_GROUPS: Final = tuple(group for group in GROUPS if group not in SENSITIVE_GROUPS)

# Stands in for the present where only that there was a moment matters.
SOME_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)

# Who has a seat, whether or not they have confirmed it.
HOLDING: Final = frozenset(
    {ParticipationStatus.UNCONFIRMED, ParticipationStatus.REGISTERED, ParticipationStatus.OFFERED}
)
# Who was there or was waited for: a seat that was theirs stays theirs.
SEATED: Final = frozenset({ParticipationStatus.ATTENDED, ParticipationStatus.ABSENT})
# Who has a place of any kind, and hears of it when the event changes.
LISTED: Final = HOLDING | {ParticipationStatus.WAITLISTED}
# Who waits for something that only the portal gives and ends: nobody is put there by hand where it counts the seats.
BY_PORTAL: Final = frozenset(
    {
        ParticipationStatus.UNCONFIRMED,
        ParticipationStatus.WAITLISTED,
        ParticipationStatus.OFFERED,
        ParticipationStatus.EXPIRED,
    }
)
# Who is out of it, and may register again.
ENDED: Final = frozenset({ParticipationStatus.CANCELLED, ParticipationStatus.EXPIRED})

# What may become of a place by its owner, by time and by those who are before it.
MOVES: Final[Mapping[ParticipationStatus, frozenset[ParticipationStatus]]] = {
    ParticipationStatus.UNCONFIRMED: frozenset(
        {ParticipationStatus.REGISTERED, ParticipationStatus.EXPIRED, ParticipationStatus.CANCELLED}
    ),
    ParticipationStatus.REGISTERED: frozenset({ParticipationStatus.CANCELLED}),
    ParticipationStatus.WAITLISTED: frozenset({ParticipationStatus.OFFERED, ParticipationStatus.CANCELLED}),
    ParticipationStatus.OFFERED: frozenset(
        {ParticipationStatus.REGISTERED, ParticipationStatus.EXPIRED, ParticipationStatus.CANCELLED}
    ),
}


class DeskState(StrEnum):
    """Whether people can register at this moment, and why not."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


class Waiting(NamedTuple):
    """A party in the queue: whoever registered it, its place in the order of arrival, and how many they are."""

    leader_id: int
    place: int
    size: int


class Place(NamedTuple):
    """What is kept of a place beside its status: when it was confirmed, until when an answer is due, when it ended."""

    confirmed_at: datetime | None = None
    answer_until: datetime | None = None
    ended_at: datetime | None = None


def holds_seat(status: str, place: Place | None, before: str = "") -> bool:
    """Whether a person of this status takes one of the event's seats; `place` is None for who came by other ways.

    `before` is what they were before somebody said whether they came.
    """
    if place is None:
        return status in HOLDING or (status in SEATED and before in HOLDING)
    return status in HOLDING | SEATED and place.ended_at is None


def fitting_place(status: str, place: Place, *, now: datetime, until: datetime) -> Place:
    """What is kept of a place whose status was changed by other ways than its owner's page, so that both agree.

    `until` is when an answer would be waited for, were it asked for now. Somebody who was seen or missed at the event
    keeps the seat that they had, and takes none otherwise.
    """
    match ParticipationStatus(status):
        case ParticipationStatus.REGISTERED:
            return Place(place.confirmed_at or now)
        case ParticipationStatus.UNCONFIRMED | ParticipationStatus.OFFERED:
            return Place(answer_until=place.answer_until or until)
        case ParticipationStatus.WAITLISTED:
            return Place()
        case ParticipationStatus.CANCELLED | ParticipationStatus.EXPIRED:
            return Place(place.confirmed_at, None, place.ended_at or now)
        case ParticipationStatus.ATTENDED | ParticipationStatus.ABSENT:
            had_seat = place.ended_at is None and (place.confirmed_at or place.answer_until)
            return Place(place.confirmed_at or now) if had_seat else Place(ended_at=place.ended_at or now)


def kept_before(status: str, wanted: str, before: str) -> str:
    """What is kept of what a person was `before` somebody said whether they came, once their status is `wanted`."""
    if wanted not in SEATED:
        return ""
    return before if status in SEATED else status


def will_hold_seat(status: str, wanted: str, place: Place | None, before: str = "") -> bool:
    """Whether a person takes a seat once their status is changed to `wanted` by other ways than their own page."""
    if place is None or status == wanted:
        return holds_seat(wanted, place, kept_before(status, wanted, before))
    return holds_seat(wanted, fitting_place(wanted, place, now=SOME_MOMENT, until=SOME_MOMENT))


def desk_state(
    *, status: str, opens_at: datetime, closes_at: datetime, starts_at: datetime, now: datetime
) -> DeskState:
    """Whether registration is open: from `opens_at` until before `closes_at` and before the event starts."""
    if status == "cancelled":
        return DeskState.CANCELLED
    if now >= min(closes_at, starts_at) or status == "held":
        return DeskState.OVER
    return DeskState.OPEN if now >= opens_at else DeskState.EARLY


def check_move(status: str, wanted: ParticipationStatus) -> None:
    """Raise Conflict if a place in `status` cannot become `wanted`."""
    if wanted not in MOVES.get(ParticipationStatus(status), frozenset()):
        raise Conflict("place-move", status=status, wanted=str(wanted))


def check_capacity(capacity: int | None, taken: int) -> None:
    """Raise InvalidInput if an event of so many seats (None: no limit) could not seat those who have one."""
    if capacity is not None and capacity < taken:
        raise InvalidInput("capacity-below-seats", where="capacity", taken=taken)


def check_by_hand(status: str) -> None:
    """Raise InvalidInput if only the portal brings a place into this status, where it counts the seats."""
    if status in BY_PORTAL:
        raise InvalidInput("status-by-registration", where="status")


def answer_until(hours: int, *, starts_at: datetime, now: datetime) -> datetime:
    """Until when a confirmation or an answer is waited for: so many hours, but not beyond the event's start."""
    return min(now + timedelta(hours=hours), starts_at)


def reminder_at(hours: int, *, starts_at: datetime) -> datetime | None:
    """When people are reminded of the event; None where they are not."""
    return starts_at - timedelta(hours=hours) if hours else None


def next_offers(queue: Iterable[Waiting], free: int | None, capacity: int | None = None) -> list[Waiting]:
    """The parties that are offered seats now, in the order of the queue; `free` is None where seats have no limit.

    The order is kept strictly: a party that does not fit waits for more seats, and everyone behind it with it. Only a
    party that is larger than the whole event, whose `capacity` was lowered since, keeps nobody waiting.
    """
    offered: list[Waiting] = []
    for party in sorted(queue, key=lambda each: each.place):
        if capacity is not None and party.size > capacity:
            continue
        if free is not None:
            if party.size > free:
                break
            free -= party.size
        offered.append(party)
    return offered
