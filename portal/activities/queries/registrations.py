"""Reading registration: an event's desk as it stands at a moment, somebody's own place, and who has registered."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.queries.places import first_party
from portal.activities.rules.participants import PARTICIPATION_STATUSES, ParticipationStatus
from portal.activities.rules.registrations import DeskState, desk_state
from portal.core.db import among, db
from portal.core.errors import InvalidInput, NotFound
from portal.core.web.language import text_in
from portal.core.web.paging import PAGE_SIZE, ListPage
from portal.projects.models import Project
from portal.projects.queries import get_project

# What views may call a desk without knowing the models.
DeskRow = RegistrationDesk

# Up to so many people of a status are sorted; of more the first are looked for in their order.
FEW = 2_000


class DeskStanding(NamedTuple):
    """An event's desk at a moment: whether it is open, and how many seats are free (None: no limit) and people wait."""

    project: Project
    desk: RegistrationDesk
    state: DeskState
    free: int | None
    waiting: int
    has_begun: bool

    @property
    def event(self) -> Event:
        """The event that people register for."""
        return self.desk.event

    @property
    def is_full(self) -> bool:
        """Whether who comes next gets a place in the queue: the order is kept even where a seat has become free."""
        return self.waiting > 0 or self.free == 0


class RegisteredPerson(NamedTuple):
    """One who registered, as the organiser's list shows them; `leader` is the number of who registered the party."""

    id: int
    place: int
    participant: str
    name: str
    organisation: str
    country: str
    status: str
    leader: int
    answers: Mapping[str, str | int]
    registered_at: datetime
    until: datetime | None

    @property
    def email(self) -> str:
        """The e-mail; '' of those who were registered by somebody else without one."""
        return self.participant if "@" in self.participant else ""


def get_desk(token: str) -> RegistrationDesk:
    """The desk whose page has this address, with its event; raise NotFound."""
    wanted = select(RegistrationDesk).where(RegistrationDesk.token == token)
    desk = db.session.scalar(wanted.options(joinedload(RegistrationDesk.event)))
    if desk is None:
        raise NotFound("registration-unknown")
    return desk


def get_desk_of(token: str, nonce: str) -> RegistrationDesk:
    """The desk at which whoever has the nonce registered; raise NotFound.

    A personal link outlives the address of the registration page: it fails only at the page of another event.
    """
    others = aliased(RegistrationDesk)
    foreign = exists().where(others.token == token, others.event_id != RegistrationDesk.event_id)
    own = select(RegistrationDesk).join(Registration, Registration.event_id == RegistrationDesk.event_id)
    desk = db.session.scalar(
        own.where(Registration.nonce == nonce, ~foreign).options(joinedload(RegistrationDesk.event))
    )
    if desk is None:
        raise NotFound("registration-unknown")
    return desk


def find_desk(event_id: int) -> RegistrationDesk | None:
    """The event's desk, None where nobody can register."""
    return db.session.get(RegistrationDesk, event_id)


def get_event_desk(event_id: int) -> RegistrationDesk:
    """The event's desk; raise NotFound."""
    desk = find_desk(event_id)
    if desk is None:
        raise NotFound("registration-unknown")
    return desk


def desk_standing(desk: RegistrationDesk, now: datetime) -> DeskStanding:
    """How the desk stands now; it is over in a closed project."""
    project: Project = get_project(desk.event.project_code)
    return _standing(project, desk, _count_waiting([desk.event_id]).get(desk.event_id, 0), now)


def find_standing(event_id: int, now: datetime) -> DeskStanding | None:
    """How the event's desk stands now, None where it has none."""
    desk = find_desk(event_id)
    return None if desk is None else desk_standing(desk, now)


def list_standings(code: str, event_ids: Collection[int], now: datetime) -> dict[int, DeskStanding]:
    """Event id -> how its desk stands now, of those of the project's events with these ids that have one."""
    if not event_ids:
        return {}
    wanted = select(RegistrationDesk).join(RegistrationDesk.event).where(among(RegistrationDesk.event_id, event_ids))
    desks = db.session.scalars(wanted.options(contains_eager(RegistrationDesk.event))).all()
    project: Project = get_project(code)
    waiting = _count_waiting([desk.event_id for desk in desks])
    return {desk.event_id: _standing(project, desk, waiting.get(desk.event_id, 0), now) for desk in desks}


def wanted_together(standing: DeskStanding) -> int:
    """How many seats together the first in the queue waits for while fewer are free; 0 where it is not that."""
    is_over = standing.has_begun or standing.state is DeskState.CANCELLED or standing.project.status == "closed"
    if not standing.free or not standing.waiting or is_over:
        return 0
    first = first_party(standing.event.id, standing.event.capacity or 0)
    return first if first > standing.free else 0


def check_status(status: str) -> None:
    """Raise InvalidInput for a status that nobody's place can have; '' is none."""
    if status and status not in PARTICIPATION_STATUSES:
        allowed = list(PARTICIPATION_STATUSES)
        raise InvalidInput("unknown-value", where="status", value=status[:40], allowed=allowed)


def list_registered(
    event_id: int, statuses: Mapping[str, int], status: str = "", page: int = 1, size: int = PAGE_SIZE
) -> ListPage[RegisteredPerson]:
    """A page of those who registered by the event's page, in the order of arrival; the last page if there are fewer.

    `statuses` is how many people of the event's list have which status, as `count_by_status` says.
    """
    total = _count_registered(event_id, statuses, status)
    last = max(1, -(-total // size))
    number = min(page, last)
    first = (number - 1) * size
    mine = Registration.event_id == event_id
    if not status:
        # The order is cut before people are looked up: their names are read for one page only.
        cut = select(Registration.participation_id).where(mine).order_by(Registration.place)
        numbers = db.session.scalars(cut.limit(size).offset(first)).all()
        rows = db.session.execute(_people(Registration.participation_id.in_(numbers)))
    else:
        # Few are found by their status and sorted, many are met soon enough in their order.
        place = Registration.place if statuses.get(status, 0) > FEW else Registration.place + 0
        found = _people(mine, Participation.event_id == event_id, Participation.status == status)
        rows = db.session.execute(found.order_by(None).order_by(place).limit(size).offset(first))
    return ListPage([RegisteredPerson(*row) for row in rows], number, last, total)


def get_registered(event_id: int, participation_id: int) -> RegisteredPerson:
    """One who registered for the event; raise NotFound, also for one of another event."""
    mine = Registration.event_id == event_id, Registration.participation_id == participation_id
    row = db.session.execute(_people(*mine)).one_or_none()
    if row is None:
        raise NotFound("registration-unknown")
    return RegisteredPerson(*row)


def written_answers(desk: RegistrationDesk, answers: Mapping[str, str | int]) -> list[tuple[str, str]]:
    """The answers as (question, answer) in the language of the moment, in the order of the questions."""
    found = []
    for question in desk.questions:
        answer = answers.get(str(question.id), "")
        if isinstance(answer, int):
            answer = text_in(question.choices[answer]) if 0 <= answer < len(question.choices) else ""
        if answer:
            found.append((text_in(question.text), answer))
    return found


def _standing(project: Project, desk: RegistrationDesk, waiting: int, now: datetime) -> DeskStanding:
    event = desk.event
    state = desk_state(
        status=event.status, opens_at=desk.opens_at, closes_at=desk.closes_at, starts_at=event.starts_at, now=now
    )
    if project.status == "closed" and state is not DeskState.CANCELLED:
        state = DeskState.OVER
    free = None if event.capacity is None else max(0, event.capacity - event.seats_taken)
    return DeskStanding(project, desk, state, free, waiting, event.starts_at <= now)


def _count_waiting(event_ids: Collection[int]) -> dict[int, int]:
    """Event id -> how many wait there for a seat; whom the organisers noted as waiting is in no queue."""
    waiting = (
        select(Participation.event_id, func.count())
        .join(Registration, Registration.participation_id == Participation.id)
        .where(among(Participation.event_id, event_ids), Participation.status == ParticipationStatus.WAITLISTED)
    )
    return {row[0]: row[1] for row in db.session.execute(waiting.group_by(Participation.event_id))}


def _count_registered(event_id: int, statuses: Mapping[str, int], status: str) -> int:
    came = select(func.count()).select_from(Registration).where(Registration.event_id == event_id)
    registered = db.session.scalar(came) or 0
    if not status:
        return registered
    if registered == sum(statuses.values()):
        # Everybody on the list came by the page, as is usual: nothing needs to be counted again.
        return statuses.get(status, 0)
    return db.session.scalar(came.join(Registration.participation).where(Participation.status == status)) or 0


def _people(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    person = (
        select(
            Registration.participation_id,
            Registration.place,
            Participation.participant,
            Participation.name,
            Participation.organisation,
            Participation.country,
            Participation.status,
            Registration.leader_id,
            Registration.answers,
            Registration.registered_at,
            Registration.answer_until,
        )
        .join(Registration.participation)
        .where(*conditions)
    )
    return person.order_by(Registration.place)
