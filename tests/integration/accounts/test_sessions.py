"""Sign-ins are kept by the server: each has a token of its own, and every cause that ends one ends it at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.guard import TOKEN, UNATTENDED
from portal.accounts.models import Membership, SignIn
from portal.accounts.rules import Role
from portal.accounts.rules.sessions import ABSOLUTE, IDLE, KEPT
from portal.accounts.rules.tokens import digest
from portal.accounts.services import accounts, links, memberships, sessions
from portal.core.db import db
from portal.core.errors import InvalidInput
from portal.jobs.models import Mail
from tests.conftest import NOW
from tests.integration.accounts.people import (
    EMAIL,
    HOME,
    PASSWORD,
    list_actions,
    list_seen,
    make_account,
    sign_in,
    signed_in,
    time_at,
)
from tests.integration.pages import page_text
from tests.make import PROJECT, make_user, noted_queries

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NEW_PASSWORD = "žirgas-per-slenkstį"


def token_of(client) -> str:
    with client.session_transaction() as session:
        return session.get(TOKEN, "")


@pytest.fixture
def user_id(app) -> int:
    return make_account(app)


def test_the_browser_holds_a_token_of_which_the_database_keeps_only_the_digest(app, client, user_id):
    sign_in(client)
    token = token_of(client)
    assert len(token) >= 40
    with app.app_context():
        [row] = db.session.scalars(select(SignIn)).all()
        assert (row.user_id, row.token_hash, row.ended_at) == (user_id, digest(token), None)
        assert token not in repr(vars(row))


def test_every_sign_in_has_a_new_token_and_the_old_one_is_worth_nothing_after_signing_out(app, client, user_id):
    sign_in(client)
    first = token_of(client)
    client.post("/logout")
    sign_in(client)
    assert token_of(client) != first
    thief = app.test_client()
    with thief.session_transaction() as session:
        session[TOKEN] = first
    assert not signed_in(thief)
    assert signed_in(client)


@pytest.mark.parametrize("token", ["1", "", "x" * 5_000, "' OR 1=1", "../..", None])
def test_a_token_that_nobody_was_given_opens_nothing(app, client, user_id, token):
    sign_in(app.test_client())
    with client.session_transaction() as session:
        session[TOKEN] = token
    assert client.get(HOME).status_code == 302


def test_a_token_planted_before_the_sign_in_does_not_become_the_sign_in(client, user_id):
    with client.session_transaction() as session:
        session[TOKEN] = "planted"
    sign_in(client)
    assert token_of(client) != "planted"


def change_own_password(user_id: int) -> None:
    accounts.change_password(user_id, current=PASSWORD, new=NEW_PASSWORD, now=NOW)


def use_a_reset_link(user_id: int) -> None:
    links.request_reset(EMAIL, address="192.0.2.9", now=NOW)
    path = db.session.scalars(select(Mail)).all()[-1].values["path"]
    links.use_link(path.rpartition("/")[2], password=NEW_PASSWORD, now=NOW)


def disable(user_id: int) -> None:
    make_user(Role.MANAGER, email="other@example.org")
    accounts.set_active(user_id, active=False, version=1, now=NOW)


def take_a_role(user_id: int) -> None:
    make_user(Role.MANAGER, email="other@example.org")
    [mine] = db.session.scalars(select(Membership.id).where(Membership.user_id == user_id)).all()
    memberships.remove_membership(mine, project_code=PROJECT, now=NOW)


def sign_out_elsewhere(user_id: int) -> None:
    sessions.sign_out_elsewhere(user_id, 0, now=NOW)


@pytest.mark.parametrize("end", [change_own_password, use_a_reset_link, disable, take_a_role, sign_out_elsewhere])
def test_each_of_these_ends_every_sign_in_of_the_person_and_of_nobody_else(app, client, user_id, end):
    with app.app_context():
        accounts.set_account("jonas@example.lt", name="Jonas", password=PASSWORD, now=NOW)
    other = app.test_client()
    sign_in(other, "jonas@example.lt")
    second = app.test_client()
    for browser in (client, second):
        sign_in(browser)
    with app.app_context():
        end(user_id)
    for browser in (client, second):
        assert browser.get("/account").status_code == 302
    assert other.get("/account").status_code == 200


def test_signing_out_ends_one_sign_in_and_is_in_the_audit(app, client, user_id):
    second = app.test_client()
    for browser in (client, second):
        sign_in(browser)
    client.post("/logout")
    assert not signed_in(client)
    assert signed_in(second)
    subject = f"account {user_id}"
    assert list_actions(app)[-3:] == [
        ("signed_in", EMAIL, subject),
        ("signed_in", EMAIL, subject),
        ("signed_out", EMAIL, subject),
    ]


def test_a_sign_in_ends_after_an_hour_without_a_page_and_says_so(client, user_id):
    sign_in(client)
    with time_at(NOW + IDLE - SECOND):
        assert signed_in(client)
    with time_at(NOW + 2 * IDLE - 2 * SECOND):
        assert signed_in(client)
    with time_at(NOW + 3 * IDLE):
        sent = client.get(HOME)
        assert sent.location.startswith("/login?next=/projects/")
        assert "no page was opened for an hour" in page_text(client.get(sent.location))
        again = client.post(sent.location, data={"email": EMAIL, "password": PASSWORD})
        assert again.location.rstrip("?") == HOME
        assert signed_in(client)


def test_a_sign_in_ends_after_twelve_hours_however_busy_and_says_so(client, user_id):
    sign_in(client)
    for number in range(1, 24):
        with time_at(NOW + number * timedelta(minutes=30)):
            assert signed_in(client)
    with time_at(NOW + ABSOLUTE - SECOND):
        assert signed_in(client)
    with time_at(NOW + ABSOLUTE):
        sent = client.get(HOME)
        assert sent.status_code == 302
        assert "twelve hours at most" in page_text(client.get(sent.location))


def test_opening_a_page_is_noted_once_a_minute_and_writes_nothing_else(app, client, user_id):
    sign_in(client)
    with time_at(NOW + MINUTE - SECOND):
        with noted_queries(app) as statements:
            client.get("/account")
        assert not [each for each in statements if each.startswith(("UPDATE", "INSERT", "DELETE"))]
        assert list_seen(app) == [NOW]
    with time_at(NOW + MINUTE):
        with noted_queries(app) as statements:
            client.get("/account")
            client.get("/account")
        assert len([each for each in statements if each.startswith(("UPDATE", "INSERT", "DELETE"))]) == 1
        assert list_seen(app) == [NOW + MINUTE]


def test_asking_how_long_is_left_does_not_make_it_longer_but_staying_does(app, client, user_id):
    sign_in(client)
    with time_at(NOW + 50 * MINUTE):
        asked = client.get("/account/time-left").json
        assert (asked["seconds"], asked["last"], asked["person"]) == (600, False, user_id)
        assert list_seen(app) == [NOW]
        assert client.post("/account/stay").json["seconds"] == 3600
        assert list_seen(app) == [NOW + 50 * MINUTE]


def test_near_the_twelfth_hour_staying_is_no_longer_possible(app, user_id, client):
    sign_in(client)
    for number in range(1, 13):
        with time_at(NOW + number * timedelta(minutes=59)):
            last = client.post("/account/stay").json
    assert (last["last"], last["seconds"]) == (False, 12 * 60)
    with time_at(NOW + ABSOLUTE - 4 * MINUTE):
        last = client.post("/account/stay").json
        assert (last["last"], last["seconds"]) == (True, 240)


def test_what_is_asked_unattended_is_a_view(app):
    assert set(app.view_functions) >= UNATTENDED


def test_a_page_of_someone_signed_in_loads_the_warning_and_others_do_not(client, user_id):
    assert "session.js" not in client.get("/").text
    sign_in(client)
    page = client.get(HOME).text
    assert "/static/session.js" in page
    assert 'data-stay="/account/stay"' in page


def test_a_form_sent_after_the_end_stores_nothing_says_so_and_returns_to_its_page(client, user_id):
    sign_in(client)
    with time_at(NOW + IDLE):
        sent = client.post(f"{HOME}events/new", data={"title_en": "Lost?"})
        assert sent.location == f"/login?next={HOME}events/new"
        assert "was not stored" in page_text(client.get(sent.location))


def test_sign_ins_of_last_month_are_forgotten(app, client, user_id):
    sign_in(client)
    with time_at(NOW + KEPT + MINUTE):
        sign_in(app.test_client())
        assert list_seen(app) == [NOW + KEPT + MINUTE]


def test_an_account_closed_while_its_password_is_checked_is_not_signed_in(app, user_id, monkeypatch):
    def close_meanwhile(password: str, password_hash: str) -> bool:
        accounts.set_active(user_id, active=False, version=1, now=NOW)
        return True

    monkeypatch.setattr(sessions.passwords, "is_right", close_meanwhile)
    with app.app_context():
        make_user(Role.MANAGER, email="other@example.org")
    with app.app_context(), pytest.raises(InvalidInput):
        sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.1", production=False, now=NOW)
