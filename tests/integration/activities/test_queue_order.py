"""Whatever people do, in whatever order and at the same moment: never a seat too many, and one order of the queue."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.activities.models import Event, Participation, Registration
from portal.activities.queries import get_event
from portal.activities.rules.drafts import EventDraft
from portal.activities.services.events import update_event
from portal.activities.services.registrations.answering import cancel, cancel_by_organiser, confirm
from portal.activities.services.registrations.chores import lapse_due
from portal.activities.services.registrations.seats import count_seats
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput
from portal.jobs.models import Mail
from portal.reports.checks import list_violations
from tests.conftest import NOW, empty_database
from tests.integration.activities.desks import HOUR, come, mails, make_desk, statuses
from tests.make import PROJECT, make_project

NAMES = [f"p{number}" for number in range(12)]
PEOPLE = st.sampled_from(NAMES)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), PEOPLE, st.integers(1, 3)),
        st.tuples(st.sampled_from(["confirm", "cancel", "organiser"]), PEOPLE),
        st.tuples(st.just("wait"), st.integers(1, 60)),
        st.tuples(st.just("raise"), st.integers(1, 3)),
    ),
    max_size=30,
)


def found(event_id: int, name: str) -> Registration | None:
    mine = select(Registration).join(Registration.participation)
    return db.session.scalar(mine.where(Participation.event_id == event_id, Participation.name == name))


def add_seats(event_id: int, more: int, now: datetime) -> None:
    event = get_event(PROJECT, event_id)
    draft = EventDraft(
        title=event.title, kind=event.kind, activity=event.activity.number, organisers=["lps", "ols"], country="LT",
        starts=datetime(2026, 12, 20, 10), ends=datetime(2026, 12, 20, 16), place="Vilnius",
        capacity=(event.capacity or 0) + more,
    )  # fmt: skip
    update_event(event_id, draft, version=event.version, now=now)


def do(event_id: int, step: tuple, number: int, now: datetime) -> None:
    """Do the step; what is refused changes nothing."""
    db.session.rollback()
    act, *stated = step
    if act == "raise":
        return add_seats(event_id, stated[0], now)
    name = stated[0]
    if act == "come":
        others = [f"o{number}x{other}*" for other in range(1, stated[1])]
        come(event_id, name, *others, now=now)
        return None
    row = found(event_id, name)
    if row is None:
        return None
    if act == "organiser":
        return cancel_by_organiser(event_id, row.participation_id, now=now)
    return (confirm if act == "confirm" else cancel)(event_id, row.nonce, now=now)


def check(event_id: int, offered: list[int]) -> None:
    """Seats are right, and whoever waits is behind everybody who was offered a seat and could be."""
    db.session.expire_all()
    event = db.session.get_one(Event, event_id)
    assert event.seats_taken == count_seats(db.session(), event_id) <= event.capacity
    rows = select(Registration.place, Registration.leader_id, Participation.status).join(Registration.participation)
    stand = db.session.execute(rows.where(Registration.event_id == event_id).order_by(Registration.place)).all()
    waiting = [row for row in stand if row.status == "waitlisted"]
    for leader in offered:
        place = min((row.place for row in stand if row.leader_id == leader and row.status == "offered"), default=0)
        able = [row for row in waiting if sum(each.leader_id == row.leader_id for each in waiting) <= event.capacity]
        assert all(row.place > place for row in able)
    if waiting:
        first = sum(row.leader_id == waiting[0].leader_id for row in waiting)
        # The first of the queue waits only for want of seats.
        assert first > event.capacity - event.seats_taken or first > event.capacity


def offers() -> list[int]:
    """Whom seats were offered to, in order, as the audit knows it."""
    rows = select(AuditEntry.changes).where(AuditEntry.action == "seat_offered").order_by(AuditEntry.id)
    return [changes["participation"][1] for changes in db.session.scalars(rows)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(capacity=st.integers(1, 4), steps=STEPS)
def test_any_sequence_keeps_the_seats_and_the_order(built_app: Flask, capacity: int, steps: list[tuple]):
    with built_app.app_context():
        empty_database()
        make_project()
        event_id, now, seen = make_desk(capacity, largest_party=3, offer_hours=12, confirm_hours=24), NOW, 0
        for number, step in enumerate(steps):
            now += HOUR if step[0] != "wait" else timedelta(hours=step[1])
            if step[0] == "wait":
                lapse_due(now)
            else:
                with suppress(Conflict, InvalidInput):
                    do(event_id, step, number, now)
            made = offers()
            check(event_id, made[seen:])
            seen = len(made)
        assert list_violations() == []
        db.session.remove()


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[object]:
    """What each of the acts comes to, all done at the same moment in threads of their own."""

    def act(one: Callable[[], object]) -> object:
        with app.app_context():
            try:
                return one()
            except Conflict as error:
                return error.problem.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(act, acts))


@pytest.mark.parametrize("attempt", range(3))
def test_many_at_once_get_the_seats_there_are_and_one_queue(app: Flask, attempt: int):
    with app.app_context():
        make_project()
        event_id = make_desk(10)
        db.session.remove()
    names = [f"p{number}" for number in range(40)]
    done = at_once(app, [lambda name=name: come(event_id, name) for name in names])
    with app.app_context():
        assert all(isinstance(row, int) for row in done)
        seen = list(statuses(event_id).values())
        assert (seen.count("unconfirmed"), seen.count("waitlisted")) == (10, 30)
        places = db.session.scalars(select(Registration.place).where(Registration.event_id == event_id))
        assert sorted(places) == list(range(1, 41))
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 40
        assert list_violations() == []


def test_cancelling_promoting_and_registering_at_once_keep_the_order(app: Flask):
    with app.app_context():
        make_project()
        event_id = make_desk(6)
        first = {name: come(event_id, name) for name in (f"p{number}" for number in range(16))}
        nonces = {name: db.session.get_one(Registration, row).nonce for name, row in first.items()}
        db.session.remove()
    acts: list[Callable[[], object]] = [
        lambda name=name: cancel(event_id, nonces[name], now=NOW) for name in ("p0", "p1", "p2", "p0", "p7")
    ]
    acts += [lambda: lapse_due(NOW)] * 3
    acts += [lambda name=name: come(event_id, name) for name in ("q0", "q1", "q2", "q0")]
    acts += [lambda name=name: confirm(event_id, nonces[name], now=NOW) for name in ("p3", "p4")]
    done = at_once(app, acts)
    with app.app_context():
        seen = statuses(event_id)
        waiting = select(Registration.place).join(Registration.participation)
        waiting = waiting.where(Participation.status == "waitlisted").order_by(Registration.place)
        assert [code for code in done if isinstance(code, str)] == ["registered-already"]
        assert [seen[name] for name in ("p0", "p1", "p2", "p7")] == ["cancelled"] * 4
        # p6, p8 and p9 are next, or p7 was offered a seat first and passed it on: the same three in the end.
        assert [seen[name] for name in ("p6", "p8", "p9", "p10")] == ["offered", "offered", "offered", "waitlisted"]
        assert min(db.session.scalars(waiting)) == 11
        told = [recipient for _, recipient in mails("registration_offer")]
        assert [name for name in told if name != "p7"] == ["p6", "p8", "p9"]
        assert [seen[name] for name in ("q0", "q1", "q2")] == ["waitlisted"] * 3
        assert list_violations() == []
