"""The database: one way to write, amounts without floats, instants in UTC, and keys that hold."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from portal.accounts.models import User
from portal.core.db import db, transaction
from portal.projects.models import Organisation
from tests.conftest import NOW
from tests.make import make_event, make_project

pytestmark = pytest.mark.usefixtures("in_app")


def new_user(email: str) -> User:
    return User(email=email, name="Someone", password_hash="none", created_at=NOW)


def count_users() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_what_a_transaction_did_is_kept_once_it_ends():
    with transaction() as session:
        session.add(new_user("a@example.org"))
    assert count_users() == 1


class Interrupted(Exception):
    """What goes wrong in the middle of a transaction."""


def add_and_fail() -> None:
    with transaction() as session:
        session.add(new_user("a@example.org"))
        session.flush()
        raise Interrupted


def add_inside_and_fail() -> None:
    with transaction() as outer:
        with transaction() as inner:
            assert inner is outer
            inner.add(new_user("a@example.org"))
        raise Interrupted


@pytest.mark.parametrize("fail", [add_and_fail, add_inside_and_fail])
def test_a_transaction_that_fails_keeps_nothing_and_the_next_one_works(fail):
    with pytest.raises(Interrupted):
        fail()
    assert count_users() == 0
    with transaction() as session:
        session.add(new_user("b@example.org"))
    assert count_users() == 1


def test_a_transaction_drops_what_was_changed_outside_of_one():
    db.session.add(new_user("outside@example.org"))
    with transaction() as session:
        session.add(new_user("inside@example.org"))
    assert list(db.session.scalars(select(User.email))) == ["inside@example.org"]


def test_a_transaction_sees_what_was_stored_since_the_request_began_to_read():
    make_project()
    stale = db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one()
    with db.engine.begin() as other:
        other.execute(text("UPDATE organisations SET country = 'DE' WHERE key = 'ols'"))
    assert stale.country == "PL"
    with transaction() as session:
        assert session.scalars(select(Organisation).where(Organisation.key == "ols")).one().country == "DE"


@pytest.mark.parametrize("amount", [0.1, 1.0, "1", True])
def test_nothing_but_whole_cents_reaches_an_amount(amount):
    make_project()
    organisation = db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one()
    organisation.budget_cents = amount
    with pytest.raises(StatementError, match="whole cents"):
        db.session.flush()
    db.session.rollback()


def test_the_largest_budgets_are_kept_to_the_cent():
    make_project()
    organisation = db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one()
    organisation.budget_cents = 9_999_999_999_999_99
    db.session.commit()
    assert db.session.scalar(select(Organisation.budget_cents).where(Organisation.key == "ols")) == 9_999_999_999_999_99


def test_an_instant_is_kept_in_utc_whatever_its_offset():
    user = new_user("a@example.org")
    user.created_at = datetime(2026, 6, 6, 11, 0, tzinfo=timezone(timedelta(hours=3)))
    db.session.add(user)
    db.session.commit()
    [stored] = db.session.scalars(select(User.created_at))
    assert stored == datetime(2026, 6, 6, 8, 0, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)


def test_an_instant_without_a_time_zone_is_refused():
    user = new_user("a@example.org")
    user.created_at = datetime(2026, 6, 6, 11, 0)
    db.session.add(user)
    with pytest.raises(StatementError, match="time zone"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET activity_id = 777",
        "UPDATE events SET project_code = 'NOWHERE'",
        "UPDATE events SET ends_at = starts_at",
        "UPDATE events SET status = 'done'",
        "UPDATE events SET kind = 'party'",
        "UPDATE events SET capacity = 0",
        "UPDATE events SET planned_participants = -1",
        "UPDATE organisations SET budget_cents = 1 WHERE key = 'alytus'",
        "UPDATE organisations SET budget_cents = -1 WHERE key = 'ols'",
        "UPDATE organisations SET role = 'boss' WHERE key = 'ols'",
        "UPDATE organisations SET \"key\" = 'lps' WHERE key = 'ols'",
        "UPDATE projects SET cofinancing_rate_bp = 10001",
        "UPDATE projects SET last_day = '2025-12-31'",
        "UPDATE indicators SET target = -1",
        "UPDATE reporting_periods SET last_day = '2025-12-31'",
        "DELETE FROM organisations WHERE key = 'ols'",
        "DELETE FROM activities WHERE number = '1.1'",
    ],
)
def test_the_database_itself_refuses_what_must_never_be(statement):
    make_project()
    make_event()
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_two_events_of_a_project_never_share_a_reference():
    make_project()
    make_event(ref="V1")
    make_event(ref="V2")
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE events SET ref = 'V1' WHERE ref = 'V2'"))
    db.session.rollback()
