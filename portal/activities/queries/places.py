"""Reading places: how far somebody is in the queue, how many a party still is."""

from sqlalchemy import func, select

from portal.activities.models import Participation, Registration
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import ENDED
from portal.core.db import db

COUNTED = (
    select(func.count())
    .select_from(Registration)
    .join(Participation, Participation.id == Registration.participation_id)
)


def place_in_queue(event_id: int, place: int) -> int:
    """Which in the queue whoever has this place in the order of arrival is, from 1; everyone before counts as one."""
    before = COUNTED.where(
        Registration.event_id == event_id,
        Registration.place < place,
        Participation.status == ParticipationStatus.WAITLISTED,
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
    waiting = COUNTED.where(
        Registration.event_id == event_id, Participation.status == ParticipationStatus.WAITLISTED
    ).group_by(Registration.leader_id)
    fitting = waiting.having(func.count() <= capacity).order_by(func.min(Registration.place))
    return db.session.scalar(fitting.limit(1)) or 0
