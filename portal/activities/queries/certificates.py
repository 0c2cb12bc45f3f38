"""Reading certificates of attendance: who reaches one, who has one, and which has a code."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from portal.activities.models import Certificate, Event, Participation
from portal.activities.queries.marking import minutes_attended
from portal.activities.queries.sessions import list_sessions
from portal.activities.rules.certificates import (
    MOST_AT_ONCE,
    Attender,
    Certified,
    Reach,
    check_percent,
    reach_of,
    read_code,
)
from portal.activities.rules.participants import SENSITIVE_GROUPS, ParticipationStatus
from portal.activities.rules.sessions import local_day
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.searching import fold
from portal.projects.queries import get_project


class Attended(NamedTuple):
    """A person who attended, for so many minutes, and the certificate of it; None where none is issued."""

    person: Participation
    minutes: int
    reach: Reach
    certificate: Certificate | None


class Reached(NamedTuple):
    """Who of an event reaches a certificate from `percent` of its `of_minutes` on, by name.

    `sensitive` is how many people are left out because a certificate would tell of a conviction.
    """

    rows: Sequence[Attended]
    of_minutes: int
    percent: int
    sensitive: int

    @property
    def new(self) -> list[Attended]:
        """Those who reach a certificate and have none."""
        return [row for row in self.rows if row.certificate is None and row.reach is Reach.REACHED]

    @property
    def due(self) -> list[Attended]:
        """Those of them to whom certificates are issued next, as many as are issued at once."""
        return self.new[:MOST_AT_ONCE]

    @property
    def issued(self) -> list[Attended]:
        """Those who have one whose file still names them."""
        return [row for row in self.rows if row.certificate is not None and row.person.anonymised_at is None]


def list_reached(event: Event, percent: int | None) -> Reached:
    """Everyone who attended the event and may have a certificate; raise InvalidInput unless 1 to 100."""
    threshold = check_percent(percent)
    attended = select(Participation).where(
        Participation.event_id == event.id, Participation.status == ParticipationStatus.ATTENDED
    )
    people = {row.id: row for row in db.session.scalars(attended)}
    of_minutes = sum(session.minutes for session in list_sessions(event))
    # What was entered before the sessions were shortened is no longer than they are.
    minutes = {id_: min(number, of_minutes) for id_, number in minutes_attended(event.id).items()}
    seen = [Attender(row.id, row.group, row.status, bool(row.name)) for row in people.values()]
    found = reach_of(seen, minutes, of_minutes, threshold)
    issued = {row.participation_id: row for row in list_certificates(event.id)}
    rows = [Attended(people[id_], minutes.get(id_, 0), reach, issued.get(id_)) for id_, reach in found.items()]
    rows.sort(key=lambda row: (fold(row.person.name or row.person.participant), row.person.id))
    return Reached(rows, of_minutes, threshold, sum(row.group in SENSITIVE_GROUPS for row in people.values()))


def certified(event: Event) -> Certified:
    """What a certificate issued now says of the event."""
    return Certified(
        title=event.title,
        first_day=local_day(event.starts_at, event.time_zone),
        last_day=local_day(event.ends_at, event.time_zone),
        place=event.place,
        country=event.country,
        organisers=[each.name for each in event.organisers],
        project_title=get_project(event.project_code).title,
    )


def list_certificates(event_id: int) -> list[Certificate]:
    """The certificates issued for the event, with whose they are, as they were issued."""
    mine = _with_people().where(Participation.event_id == event_id).order_by(Certificate.id)
    return list(db.session.scalars(mine))


def get_certificate(code: str) -> Certificate:
    """The certificate with this code, in whatever case and groups it is typed; raise NotFound."""
    row = db.session.scalar(_with_people().where(Certificate.code == read_code(code)))
    if row is None:
        raise NotFound("certificate-unknown")
    return row


def get_certificate_of(event_id: int, participation_id: int) -> Certificate:
    """The certificate of this person at the event; raise NotFound."""
    mine = _with_people().where(Participation.event_id == event_id, Participation.id == participation_id)
    row = db.session.scalar(mine)
    if row is None:
        raise NotFound("certificate-unknown")
    return row


def find_certificate(participation_id: int) -> Certificate | None:
    """The certificate of this person, whose file still names them; None where there is none."""
    mine = Certificate.participation_id == participation_id, Participation.anonymised_at.is_(None)
    return db.session.scalar(_with_people().where(*mine))


def _with_people() -> Select[Certificate]:
    # Who is recorded as a convicted person or family member by now is certified nowhere.
    named = Participation.group.not_in(SENSITIVE_GROUPS)
    rows = select(Certificate).join(Certificate.participation).where(named)
    return rows.options(contains_eager(Certificate.participation))
