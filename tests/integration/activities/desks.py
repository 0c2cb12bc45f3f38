"""Events that people can register for, and what became of those who did. Each needs an app context."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.activities.models import Event, Participation, Registration
from portal.activities.rules.desks import DeskDraft
from portal.activities.rules.registering import PersonDraft, RegistrationDraft
from portal.activities.services.registrations.answering import cancel, confirm
from portal.activities.services.registrations.desks import open_desk
from portal.activities.services.registrations.registering import register
from portal.core.db import db
from portal.jobs.models import Mail
from tests.conftest import NOW
from tests.make import make_event

HOUR = timedelta(hours=1)
# A month after the tests' today, 10:00 in Vilnius.
START = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)
CONSENT = {"en": "I agree.", "lt": "Sutinku.", "pl": "Zgadzam się."}
DESK = DeskDraft(opens=datetime(2026, 11, 1, 9, 0), closes=datetime(2026, 12, 19, 18, 0), consent=CONSENT)


def make_desk(capacity: int | None = 2, *, event: Mapping[str, Any] | None = None, **changes: Any) -> int:
    """A workshop on 20 December with so many seats and an open registration; return the event's id."""
    times = {"starts": datetime(2026, 12, 20, 10, 0), "ends": datetime(2026, 12, 20, 16, 0)}
    event_id = make_event(capacity=capacity, **{"place": "Vilnius", **times, **(event or {})})
    open_desk(event_id, DESK._replace(**changes), now=NOW)
    return event_id


def draft(*names: str, language: str = "lt", version: int = 1, **answers: Any) -> RegistrationDraft:
    """A registration of people with these names; who has a * has no e-mail."""
    people = [PersonDraft(name.rstrip("*"), "" if name.endswith("*") else f"{name}@example.org") for name in names]
    return RegistrationDraft(people, language, version, {int(key[1:]): value for key, value in answers.items()})


def come(event_id: int, *names: str, now: datetime = NOW, **stated: Any) -> int:
    """Register these people together; return the id of the first's row."""
    nonce = register(event_id, draft(*names, **stated), now=now)
    return db.session.scalars(select(Registration.participation_id).where(Registration.nonce == nonce)).one()


def come_each(event_id: int, names: Iterable[str], now: datetime = NOW) -> None:
    """Register these people one after another."""
    for name in names:
        come(event_id, name, now=now)


def nonce_of(row_id: int) -> str:
    """What the personal link of the person with this row is made from."""
    db.session.expire_all()
    return db.session.get_one(Registration, row_id).nonce


def row_of(event_id: int, name: str) -> int:
    """The id of somebody's row, by name."""
    mine = select(Participation.id).where(Participation.event_id == event_id, Participation.name == name)
    return db.session.scalars(mine).one()


def take(event_id: int, name: str, *, now: datetime = NOW) -> None:
    """Confirm the seat of the person with this name."""
    confirm(event_id, nonce_of(row_of(event_id, name)), now=now)


def go(event_id: int, name: str, *, now: datetime = NOW, only: int | None = None) -> None:
    """Let the person with this name cancel."""
    cancel(event_id, nonce_of(row_of(event_id, name)), now=now, only=only)


def statuses(event_id: int) -> dict[str, str]:
    """Name -> status of everybody on the list."""
    db.session.expire_all()
    rows = select(Participation.name, Participation.status).where(Participation.event_id == event_id)
    return {row.name: row.status for row in db.session.execute(rows.order_by(Participation.id))}


def seats_taken(event_id: int) -> int:
    """How many seats the event says are taken."""
    db.session.expire_all()
    return db.session.get_one(Event, event_id).seats_taken


def mails(*kinds: str) -> list[tuple[str, str]]:
    """Kind and first part of the address of the mails in the outbox, in order, of these kinds or of all."""
    db.session.expire_all()
    rows = db.session.execute(select(Mail.kind, Mail.recipient).order_by(Mail.id))
    return [(kind, recipient.partition("@")[0]) for kind, recipient in rows if not kinds or kind in kinds]
