"""Reading places: a party on its own page, how far somebody is in the queue, how many a party still is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from portal.activities.models import Participation, Registration
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import ENDED, HOLDING
from portal.core.db import db
from portal.core.errors import NotFound

WAITING = ParticipationStatus.WAITLISTED
# Whose place can be given up.
LEAVING = frozenset({*HOLDING, WAITING})
COUNTED = (
    select(func.count())
    .select_from(Registration)
    .join(Participation, Participation.id == Registration.participation_id)
)


class PersonPlace(NamedTuple):
    """One person of a party: the number of the row, and what has become of the place."""

    id: int
    name: str
    status: str


class PartyPlace(NamedTuple):
    """A party on its own page; `before` is how many wait before it, `until` is when the answer is due."""

    people: Sequence[PersonPlace]
    status: str
    email: str
    until: datetime | None
    before: int

    @property
    def staying(self) -> list[PersonPlace]:
        """Those who have not left and whose place has not expired."""
        return [each for each in self.people if each.status not in ENDED]

    @property
    def waiting(self) -> int:
        """How many of them wait for a seat: they are offered seats together."""
        return sum(each.status == WAITING for each in self.people)

    @property
    def may_confirm(self) -> bool:
        """Whether a seat waits for the answer to a mail."""
        return self.status in (ParticipationStatus.UNCONFIRMED, ParticipationStatus.OFFERED)

    @property
    def may_leave(self) -> bool:
        """Whether there is a place to give up."""
        return self.status in LEAVING


def get_party(event_id: int, nonce: str) -> PartyPlace:
    """The party of whoever has the nonce, its first person first; raise NotFound.

    Who was registered by another is alone here.
    """
    mine = db.session.scalar(select(Registration).where(Registration.nonce == nonce, Registration.event_id == event_id))
    if mine is None:
        raise NotFound("registration-unknown")
    party = select(Registration).join(Registration.participation).order_by(Registration.place)
    is_leader = mine.leader_id == mine.participation_id
    own = Registration.leader_id == mine.leader_id if is_leader else Registration.nonce == nonce
    rows = db.session.scalars(party.where(own).options(contains_eager(Registration.participation))).all()
    people = [PersonPlace(row.participation_id, row.participation.name, row.participation.status) for row in rows]
    deciding = next((row for row in rows if row.participation.status not in ENDED), mine)
    status = deciding.participation.status
    before = place_in_queue(event_id, deciding.place) - 1 if status == WAITING else 0
    return PartyPlace(people, status, mine.email, deciding.answer_until, before)


def place_in_queue(event_id: int, place: int) -> int:
    """Which in the queue whoever has this place in the order of arrival is, from 1; everyone before counts as one."""
    before = COUNTED.where(
        Registration.event_id == event_id,
        Registration.place < place,
        Participation.status == WAITING,
    )
    return (db.session.scalar(before) or 0) + 1


def count_open(leader_id: int) -> int:
    """How many of the party that this person registered are not out of it."""
    mine = COUNTED.where(Registration.leader_id == leader_id, Participation.status.not_in(ENDED))
    return db.session.scalar(mine) or 0


def first_party(event_id: int, capacity: int) -> int:
    """How many the first party in the queue is; 0 if nobody waits.

    A party that is larger than the event's `capacity` keeps nobody waiting, as in `next_offers`.
    """
    waiting = COUNTED.where(Registration.event_id == event_id, Participation.status == WAITING).group_by(
        Registration.leader_id
    )
    fitting = waiting.having(func.count() <= capacity).order_by(func.min(Registration.place))
    return db.session.scalar(fitting.limit(1)) or 0
