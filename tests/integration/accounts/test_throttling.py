"""Trying passwords gets slower and slower, for one account and from one address, and nobody is locked out for good."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.accounts.models import SignInAttempt, User
from portal.accounts.rules.throttling import WINDOW, Attempt, TooManyAttempts
from portal.accounts.services import throttling
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.accounts.people import EMAIL, PASSWORD, make_account, sign_in, signed_in, time_at
from tests.integration.pages import page_text, read_summary
from tests.make import make_user

SECOND = timedelta(seconds=1)


def count_attempts(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(SignInAttempt)) or 0


def test_of_fifty_wrong_passwords_in_a_minute_few_are_tried(app, client):
    make_account(app)
    answers = []
    for number in range(50):
        with time_at(NOW + number * SECOND):
            answers.append(sign_in(client, password=f"wrong-{number}"))
    codes = [answer.status_code for answer in answers]
    assert codes[:5] == [422] * 5
    assert codes.count(422) == 6
    assert set(codes[5:]) == {422, 429}
    refused = answers[5]
    assert (codes[5], refused.headers["Retry-After"]) == (429, "29")
    assert read_summary(refused)[0].startswith("Too many attempts. Wait 1 min")
    assert refused.headers["Content-Security-Policy"]


def test_the_right_password_waits_too_and_gets_its_turn(app, client):
    make_account(app)
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 429
    with time_at(NOW + 29 * SECOND):
        assert sign_in(client).status_code == 429
    with time_at(NOW + 30 * SECOND):
        assert sign_in(client).status_code == 302
        assert signed_in(client)


def test_signing_in_forgets_the_attempts_at_the_account(app, client):
    make_account(app)
    for _ in range(3):
        for _ in range(4):
            assert sign_in(app.test_client(), password="wrong").status_code == 422
        assert sign_in(app.test_client()).status_code == 302
    assert count_attempts(app) == 0


def test_attempts_are_forgotten_after_a_quarter_of_an_hour(app, client):
    make_account(app)
    for _ in range(5):
        sign_in(client, password="wrong")
    assert count_attempts(app) == 5
    with time_at(NOW + WINDOW):
        assert sign_in(client, password="wrong").status_code == 422
    assert count_attempts(app) == 1


def test_one_address_that_tries_many_accounts_is_slowed_down_and_others_are_not(app, client):
    make_account(app)
    codes = [sign_in(client, f"p{number}@example.lt", "wrong").status_code for number in range(31)]
    assert codes == [422] * 30 + [429]
    assert client.post("/login", data={"email": EMAIL, "password": PASSWORD}).status_code == 429
    elsewhere = app.test_client().post(
        "/login", data={"email": EMAIL, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.8"}
    )
    assert elsewhere.status_code == 302


def test_a_forwarded_address_is_not_believed(app, client):
    make_account(app)
    codes = [
        client.post(
            "/login",
            data={"email": f"p{number}@example.lt", "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        ).status_code
        for number in range(31)
    ]
    assert codes[-1] == 429


def test_neither_e_mail_nor_address_is_kept(app, client):
    make_account(app)
    sign_in(client, password="wrong")
    with app.app_context():
        [row] = db.session.scalars(select(SignInAttempt)).all()
        assert {len(row.account_hash), len(row.address_hash)} == {64}
        assert EMAIL not in repr(vars(row))
        assert "127.0.0.1" not in repr(vars(row))


def close(app, email: str) -> None:
    with app.app_context():
        db.session.execute(update(User).where(User.email == email).values(is_active=False))
        db.session.commit()


def test_known_unknown_closed_and_invited_accounts_get_the_same_answer_up_to_the_throttle(app):
    make_account(app)
    with app.app_context():
        make_user(None, email="invited@example.lt")
        db.session.execute(update(User).where(User.email == "invited@example.lt").values(password_hash=""))
        db.session.commit()
        make_user(None, email="closed@example.lt")
    close(app, "closed@example.lt")
    answers = {}
    for number, email in enumerate((EMAIL, "nobody@example.lt", "invited@example.lt", "closed@example.lt")):
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        sent = [
            app.test_client().post("/login", data={"email": email, "password": "wrong"}, environ_base=place)
            for _ in range(6)
        ]
        answers[email] = [(each.status_code, page_text(each), each.headers.get("Retry-After")) for each in sent]
    assert len({str(each) for each in answers.values()}) == 1


def test_an_unknown_e_mail_takes_as_long_as_a_wrong_password(app, client):
    make_account(app)

    def took(email: str) -> float:
        began = time.perf_counter()
        sign_in(client, email, "wrong")
        return time.perf_counter() - began

    known = min(took(EMAIL) for _ in range(4))
    unknown = min(took("nobody@example.lt") for _ in range(4))
    assert 0.4 < known / unknown < 2.5


def test_attempts_at_the_same_moment_are_all_counted(app):
    with app.app_context():
        make_user(None)

    def attempt(number: int) -> bool:
        with app.app_context():
            try:
                throttling.admit(Attempt.SIGN_IN, EMAIL, f"192.0.2.{number}", now=NOW)
            except TooManyAttempts:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        admitted = list(pool.map(attempt, range(24)))
    assert admitted.count(True) == 5
    assert count_attempts(app) == 5


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.lt"])
def test_asking_for_links_is_slowed_down_alike_for_known_and_unknown(app, client, email):
    make_account(app)
    codes = [client.post("/forgotten", data={"email": email}) for _ in range(4)]
    assert [each.status_code for each in codes] == [302, 302, 302, 429]
    assert codes[-1].headers["Retry-After"] == "30"


def test_asking_for_links_does_not_slow_signing_in_down(app, client):
    make_account(app)
    for _ in range(4):
        client.post("/forgotten", data={"email": EMAIL})
    assert sign_in(client).status_code == 302


def test_whoever_tries_wrong_passwords_keeps_nobody_out_whose_browser_is_known_there(app, client):
    make_account(app)
    sign_in(client)
    client.post("/logout")
    for number in range(10):
        with time_at(NOW + number * SECOND):
            sign_in(app.test_client(), password="wrong")
    with time_at(NOW + 10 * SECOND):
        assert sign_in(app.test_client()).status_code == 429
        assert sign_in(client).status_code == 302


def test_a_known_browser_is_slowed_down_too(app, client):
    make_account(app)
    sign_in(client)
    client.post("/logout")
    codes = [sign_in(client, password="wrong").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_a_browser_is_known_at_the_account_it_signed_in_to_and_at_no_other(in_app):
    token = throttling.browser_token(EMAIL)
    assert throttling.find_browser(EMAIL.upper(), ["0" * 80, token]) == token
    assert throttling.find_browser("other@example.org", [token]) == ""
    assert throttling.find_browser(EMAIL, [token[:-1], "", "ž" * 80]) == ""
    assert EMAIL not in token
