"""Reading who was marked at an event's sessions, and the link by which helpers mark."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from flask import current_app
from sqlalchemy import func, select

from portal.activities.models import AttendanceMark, CheckinLink, Event, EventSession, Participation, Registration
from portal.activities.queries.sessions import list_sessions, list_stored
from portal.activities.rules.marking import Seen, person_tag, presence
from portal.activities.rules.participants import SENSITIVE_GROUPS, ParticipationStatus
from portal.activities.rules.registrations import HOLDING
from portal.activities.rules.sheets import is_on_sheet, public_label, sheet_order
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.searching import fold

# How many of the latest marks are offered to be undone.
LATEST = 5


class PersonOnSheet(NamedTuple):
    """A person as they stand on the sheet of a session, under a `number` from 1.

    `participant` is the e-mail or code, '' is not known; `minutes` is None for all of the session, `marked_at` None
    where nobody has marked the person at it.
    """

    number: int
    id: int
    participant: str
    name: str
    organisation: str
    country: str
    group: str
    status: str
    is_present: bool
    minutes: int | None
    marked_at: datetime | None

    @property
    def label(self) -> str:
        """The name, else what the person is known by."""
        return self.name or self.participant

    @property
    def short(self) -> str:
        """What of the person may be read by everyone: initials or a code."""
        return public_label(self)

    @property
    def words(self) -> str:
        """What is looked for when somebody types: the number and the name, in small letters without diacritics."""
        return fold(f"{self.number} {self.name} {self.participant}")

    @property
    def short_words(self) -> str:
        """The same of what everyone may read: number, initials with and without their points, or the code."""
        return fold(f"{self.number} {self.short} {self.short.replace('.', '').replace(' ', '')}")

    @property
    def ref(self) -> str:
        """What says on pages which person is meant: the row's number and its tag."""
        return f"{self.id}-{tag_of(self.id, self.participant)}"

    @property
    def is_sensitive(self) -> bool:
        """Whether the group tells of a conviction."""
        return self.group in SENSITIVE_GROUPS


def tag_of(row_id: int, participant: str) -> str:
    """What tells the person apart from another who is given the same number later."""
    return person_tag(current_app.config["SECRET_KEY"], row_id, participant)


def list_people(event_id: int, position: int) -> list[PersonOnSheet]:
    """Everyone on the sheet of the event's session at `position`, in the sheet's order; raise NotFound."""
    event = db.session.get_one(Event, event_id)
    if position not in [session.position for session in list_sessions(event)]:
        raise NotFound("session-unknown")
    positions = {row.id: row.position for row in list_stored(event_id)}
    found = select(Participation, Registration.ended_at).outerjoin(
        Registration, Registration.participation_id == Participation.id
    )
    rows = db.session.execute(found.where(Participation.event_id == event_id)).all()
    signing = [row for row, ended in rows if is_on_sheet(row.status, ended_at=ended, starts_at=event.starts_at)]
    marks = latest_marks(event_id)
    people = []
    for number, row in enumerate(sheet_order(signing, fold), start=1):
        mine = {positions[session_id]: seen for session_id, seen in marks.get(row.id, {}).items()}
        seen = presence(row.status, mine, [position])[position]
        at = mine[position].at if position in mine else None
        facts = (row.participant, row.name, row.organisation, row.country, row.group, row.status)
        people.append(PersonOnSheet(number, row.id, *facts, seen.is_present, seen.minutes, at))
    return people


def count_present(event_id: int, position: int) -> int:
    """How many people on the list were at the event's session at `position`."""
    return sum(person.is_present for person in list_people(event_id, position))


def list_latest(people: Collection[PersonOnSheet], most: int = LATEST) -> list[PersonOnSheet]:
    """Those of the people who were marked present last, the latest first."""
    marked = [person for person in people if person.is_present and person.marked_at is not None]
    return sorted(marked, key=lambda person: (str(person.marked_at), person.number), reverse=True)[:most]


def list_missed(event_id: int) -> list[PersonOnSheet]:
    """Who has a seat at the event and was marked at none of its sessions, in the sheet's order."""
    return [person for person in list_people(event_id, 1) if person.status in HOLDING]


def minutes_attended(event_id: int) -> dict[int, int]:
    """Participation id -> how many minutes of the event's sessions the person was there, of those who attended."""
    return {id_: sum(mine.values()) for id_, mine in session_minutes(event_id).items()}


def session_minutes(event_id: int) -> dict[int, dict[int, int]]:
    """Participation id -> position of a session -> how many minutes of it the person was there, of who attended."""
    event = db.session.get_one(Event, event_id)
    lasts = {session.position: session.minutes for session in list_sessions(event)}
    positions = {row.id: row.position for row in list_stored(event_id)}
    marks = latest_marks(event_id)
    attended = select(Participation.id).where(
        Participation.event_id == event_id, Participation.status == ParticipationStatus.ATTENDED
    )
    found = {}
    for participation_id in db.session.scalars(attended.order_by(Participation.id)):
        mine = {positions[session_id]: seen for session_id, seen in marks.get(participation_id, {}).items()}
        there = presence(ParticipationStatus.ATTENDED, mine, lasts)
        found[participation_id] = {
            position: lasts[position] if seen.minutes is None else seen.minutes
            for position, seen in there.items()
            if seen.is_present
        }
    return found


def latest_marks(event_id: int, participation_id: int | None = None) -> dict[int, dict[int, Seen]]:
    """Participation id -> session id -> what the latest mark says; of all people at the event, or of one."""
    latest = (
        select(func.max(AttendanceMark.id))
        .join(EventSession, EventSession.id == AttendanceMark.session_id)
        .where(EventSession.event_id == event_id)
        .group_by(AttendanceMark.session_id, AttendanceMark.participation_id)
    )
    if participation_id is not None:
        latest = latest.where(AttendanceMark.participation_id == participation_id)
    found: dict[int, dict[int, Seen]] = defaultdict(dict)
    for mark in db.session.scalars(select(AttendanceMark).where(AttendanceMark.id.in_(latest))):
        found[mark.participation_id][mark.session_id] = Seen(mark.is_present, mark.minutes, mark.marked_at)
    return found


def count_marks(event_id: int) -> int:
    """How many marks were ever made at the event."""
    made = select(func.count()).select_from(AttendanceMark).join(EventSession)
    return db.session.scalar(made.where(EventSession.event_id == event_id)) or 0


def find_link(event_id: int) -> str | None:
    """The token of the event's helpers' link; None where it has none."""
    return db.session.scalar(select(CheckinLink.token).where(CheckinLink.event_id == event_id))


def get_event_of_link(token: str) -> Event:
    """The event whose helpers' link has this token; raise NotFound."""
    mine = select(Event).join(CheckinLink, CheckinLink.event_id == Event.id).where(CheckinLink.token == token)
    event = db.session.scalar(mine)
    if event is None:
        raise NotFound("checkin-unknown")
    return event
