"""What happens at once at one event, over the server processes; each scene says what must be true after it."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import func, select, update

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.rules.desks import DeskDraft
from portal.activities.rules.links import nonce_of, personal_secret
from portal.activities.rules.registering import PersonDraft, RegistrationDraft
from portal.activities.rules.registrations import HOLDING
from portal.activities.services.registrations import desks
from portal.activities.services.registrations.chores import lapse_due
from portal.activities.services.registrations.registering import register
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.jobs.models import Mail
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.make import make_event
from tests.races.servers import Servers
from tests.races.visitors import Visitor

SEATS, PEOPLE = 50, 200
# Once so many have been answered, a process is killed.
ENOUGH = 40

# At the smaller event: who has registered before, who comes, who leaves a seat or the queue, whose seat lapses.
FEWER_SEATS, EARLIER, LATER = 20, 60, 30
LEAVE_SEATS, LAPSE = range(1, 13), range(13, 19)
LEAVE_QUEUE = (25, 30)


class Outcome(NamedTuple):
    """How long the scene took and the slowest answer in it, and how many connections broke."""

    seconds: float
    slowest: float
    broken: int


class Desk(NamedTuple):
    """An event that people can register for, and what the address of its page ends with."""

    event_id: int
    token: str


def rush(app: Flask, servers: Servers, *, kill: bool = False) -> Outcome:
    """200 people send the form for 50 seats at once; with `kill` one of the processes is killed meanwhile.

    Whose connection broke by that sends the same form again.
    """
    desk = open_desk(app, SEATS)
    visitors = [Visitor(servers.port, desk.token, f"rush-{desk.event_id}-{each}@example.org") for each in range(PEOPLE)]
    begun = len(list(servers.ready.iterdir()))
    answered = threading.Semaphore(0)
    killer = threading.Thread(target=kill_in_the_middle, args=(servers, answered), daemon=True)
    if kill:
        killer.start()

    def send(visitor: Visitor) -> str:
        secret = visitor.send(stubborn=kill)
        answered.release()
        return secret

    together([visitor.open_form for visitor in visitors])
    started = time.monotonic()
    secrets_given = together([lambda visitor=visitor: send(visitor) for visitor in visitors])
    taken = time.monotonic() - started
    if kill:
        killer.join()
        # Its master has put another one in its place.
        servers.wait_until_all_serve(begun + 1)
    check_rush(app, desk, [known_nonce(app, secret) for secret in secrets_given])
    return outcome(taken, visitors)


def come_and_go(app: Flask, servers: Servers) -> Outcome:
    """People leave their seats and the queue, seats lapse, and others come, all at once."""
    desk = open_desk(app, FEWER_SEATS)
    nonces = register_earlier(app, desk)
    key = app.config["SECRET_KEY"]
    leaving = [personal_secret(key, nonces[place]) for place in (*LEAVE_SEATS, *LEAVE_QUEUE)]
    leavers = [Visitor(servers.port, desk.token, "") for _each in leaving]
    visitors = [
        Visitor(servers.port, desk.token, f"{desk.token}-later-{number}@example.org") for number in range(LATER)
    ]
    together([visitor.open_form for visitor in visitors])
    with transaction_in(app) as session:
        overdue = update(Registration).where(Registration.event_id == desk.event_id, Registration.place.in_(LAPSE))
        session.execute(overdue.values(answer_until=NOW - timedelta(seconds=1)))

    def lapse() -> None:
        with app.app_context():
            lapse_due(NOW)
            db.session.remove()

    acts: list[Callable[[], Any]] = [visitor.send for visitor in visitors]
    acts += [partial(visitor.leave, secret) for visitor, secret in zip(leavers, leaving, strict=True)]
    # Two workers do it at the same minute.
    acts += [lapse, lapse]
    random.shuffle(acts)
    started = time.monotonic()
    with watched(app, desk) as seen:
        together(acts)
    taken = time.monotonic() - started
    assert max(seen) <= FEWER_SEATS, f"{max(seen)} people had a seat at once"
    check_come_and_go(app, desk)
    return outcome(taken, visitors)


def open_desk(app: Flask, seats: int) -> Desk:
    """An event with so many seats that anyone can register for now; its project is there."""
    starts = (NOW + timedelta(days=30)).replace(tzinfo=None)
    consent = {"en": "I agree.", "lt": "Sutinku.", "pl": "Zgadzam się."}
    draft = DeskDraft(starts - timedelta(days=60), starts - timedelta(days=1), consent, group="professional")
    with app.app_context():
        event_id = make_event(capacity=seats, starts=starts, ends=starts + timedelta(hours=6), is_public=True)
        desks.open_desk(event_id, draft, now=NOW)
        token = db.session.scalars(select(RegistrationDesk.token).where(RegistrationDesk.event_id == event_id)).one()
        db.session.remove()
    return Desk(event_id, token)


def register_earlier(app: Flask, desk: Desk) -> dict[int, str]:
    """Let EARLIER people register one after the other; return the nonces by their places."""
    with app.app_context():
        for number in range(EARLIER):
            person = PersonDraft("Earlier", f"earlier-{desk.event_id}-{number}@example.org")
            register(desk.event_id, RegistrationDraft([person], "en", 1, {}), now=NOW)
        rows = db.session.execute(
            select(Registration.place, Registration.nonce).where(Registration.event_id == desk.event_id)
        )
        nonces = dict(rows.all())
        db.session.remove()
    return nonces


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment, each in a thread of its own; return what each returned, raise what one did."""
    barrier = threading.Barrier(len(acts))

    def act_together(act: Callable[[], Any]) -> Any:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act_together, acts))


def kill_in_the_middle(servers: Servers, answered: threading.Semaphore) -> None:
    """Kill a process once ENOUGH people have been answered, and let the others be answered."""
    for _each in range(ENOUGH):
        answered.acquire()
    servers.kill_one()


@contextmanager
def watched(app: Flask, desk: Desk) -> Iterator[list[int]]:
    """Count again and again, while the block lasts, how many people have a seat; what was counted is in the list."""
    seen, over = [0], threading.Event()
    holding = select(func.count()).where(Participation.event_id == desk.event_id, Participation.status.in_(HOLDING))

    def watch() -> None:
        with app.app_context():
            while not over.wait(0.01):
                seen.append(db.session.scalar(holding) or 0)
                db.session.rollback()
            db.session.remove()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@contextmanager
def transaction_in(app: Flask) -> Iterator[Any]:
    """A transaction on the app's database, in a context of its own."""
    with app.app_context():
        with transaction() as session:
            yield session
        db.session.remove()


def known_nonce(app: Flask, secret: str) -> str:
    """The nonce that the personal secret was made from, which must be one of ours."""
    nonce = nonce_of(app.config["SECRET_KEY"], secret)
    assert nonce is not None, "somebody was led to a page that is nobody's"
    return nonce


def outcome(taken: float, visitors: Sequence[Visitor]) -> Outcome:
    """What the visitors met with."""
    return Outcome(taken, max(each.seconds for each in visitors), sum(each.broken for each in visitors))


class Stored(NamedTuple):
    """One registration as it is stored."""

    place: int
    status: str
    nonce: str
    email: str
    id: int


def stored(desk: Desk) -> list[Stored]:
    """Everyone who registered, in the order of their places. Needs an app context."""
    facts = Registration.place, Participation.status, Registration.nonce, Registration.email, Participation.id
    rows = db.session.execute(
        select(*facts)
        .join(Participation, Participation.id == Registration.participation_id)
        .where(Registration.event_id == desk.event_id)
        .order_by(Registration.place)
    )
    return [Stored(*row) for row in rows]


def check_rush(app: Flask, desk: Desk, nonces: Sequence[str]) -> None:
    """50 have a seat and 150 wait, in one order without a gap, and everyone who was told so is there exactly once."""
    with app.app_context():
        rows = stored(desk)
        assert [row.place for row in rows] == list(range(1, PEOPLE + 1))
        assert [row.status for row in rows] == ["unconfirmed"] * SEATS + ["waitlisted"] * (PEOPLE - SEATS)
        assert sorted(nonces) == sorted(row.nonce for row in rows)
        assert len({row.email for row in rows}) == PEOPLE
        assert told(rows) == {"registration_seat": SEATS, "registration_queue": PEOPLE - SEATS}
        assert said(desk) == {"event_created": 1, "registration_opened": 1, "registered": PEOPLE}
        check_seats(desk, SEATS)
        db.session.remove()


def check_come_and_go(app: Flask, desk: Desk) -> None:
    """The seats that became free were offered to the first in the queue who stayed, in their order, once each."""
    freed = len(LEAVE_SEATS) + len(LAPSE)
    queue = [place for place in range(FEWER_SEATS + 1, EARLIER + 1) if place not in LEAVE_QUEUE]
    with app.app_context():
        rows = stored(desk)
        assert [row.place for row in rows] == list(range(1, EARLIER + LATER + 1))
        by_place = {row.place: row.status for row in rows}
        assert {by_place[place] for place in (*LEAVE_SEATS, *LEAVE_QUEUE)} == {"cancelled"}
        assert {by_place[place] for place in LAPSE} == {"expired"}
        assert [place for place, status in by_place.items() if status == "offered"] == queue[:freed]
        assert {by_place[place] for place in (*queue[freed:], *range(EARLIER + 1, EARLIER + LATER + 1))} == {
            "waitlisted"
        }
        check_offers(desk, rows)
        check_seats(desk, FEWER_SEATS)
        db.session.remove()


def check_offers(desk: Desk, rows: Sequence[Stored]) -> None:
    """Each offer was made and told once, and in the order of the queue."""
    entries = db.session.scalars(
        select(AuditEntry.changes)
        .where(AuditEntry.subject_kind == "event", AuditEntry.subject_id == desk.event_id)
        .where(AuditEntry.action == "seat_offered")
        .order_by(AuditEntry.id)
    ).all()
    place_of = {row.id: row.place for row in rows}
    offered = [place_of[changes["participation"][1]] for changes in entries]
    assert offered == sorted(set(offered))
    assert told(rows)["registration_offer"] == len(offered)


def check_seats(desk: Desk, taken: int) -> None:
    """The event counts as many seats as people have, and every other invariant holds."""
    assert db.session.get_one(Event, desk.event_id).seats_taken == taken
    holding = select(func.count()).where(Participation.event_id == desk.event_id, Participation.status.in_(HOLDING))
    assert db.session.scalar(holding) == taken
    assert list_violations() == []


def told(rows: Sequence[Stored]) -> Counter[str]:
    """How many mails of each kind wait for these people."""
    to = {row.email for row in rows}
    found = db.session.execute(select(Mail.kind, Mail.recipient))
    return Counter(kind for kind, recipient in found if recipient in to)


def said(desk: Desk) -> Counter[str]:
    """How many entries of each kind the audit holds about the event."""
    about = AuditEntry.subject_kind == "event", AuditEntry.subject_id == desk.event_id
    return Counter(db.session.scalars(select(AuditEntry.action).where(*about)))
