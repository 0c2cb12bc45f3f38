"""Links by mail: they open once and until they expire, and asking for one says nothing about who has an account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts.models import AccountLink, User
from portal.accounts.rules.tokens import digest
from portal.accounts.services import links
from portal.accounts.services.accounts import PersonDraft
from portal.accounts.services.memberships import RoleDraft, invite, resend_invitation
from portal.core.db import db
from portal.core.errors import Conflict
from tests.conftest import NOW
from tests.integration.accounts.people import (
    EMAIL,
    PASSWORD,
    last_link,
    list_actions,
    list_mails,
    make_account,
    sign_in,
    time_at,
)
from tests.integration.pages import page_text, read_errors, read_summary
from tests.make import PROJECT, make_project

CHOSEN = "žirgas-per-slenkstį"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def user_id(app) -> int:
    return make_account(app)


def invite_jonas(app, language: str = "en") -> int:
    with app.app_context():
        make_project()
        person = PersonDraft("jonas@example.lt", "Jonas Petraitis", language)
        return invite(person, [RoleDraft(PROJECT, "partner", "lps")], inviter="Ona Onaitė", now=NOW).user_id


def ask(app, client) -> str:
    client.post("/forgotten", data={"email": EMAIL})
    return last_link(app)


def test_a_reset_link_lets_its_holder_choose_a_password(app, client, user_id):
    path = ask(app, client)
    page = client.get(path)
    assert page.status_code == 200
    sent = client.post(path, data={"password": CHOSEN})
    assert (sent.status_code, sent.location) == (302, "/login")
    assert sign_in(client, password=PASSWORD).status_code == 422
    assert sign_in(client, password=CHOSEN).status_code == 302
    assert [kind for kind, _, _ in list_mails(app)] == ["account_reset", "account_password_changed"]
    assert ("password_chosen", EMAIL, f"account {user_id}") in list_actions(app)


def test_opening_a_link_uses_nothing_up(app, client, user_id):
    path = ask(app, client)
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.post(path, data={"password": CHOSEN}).status_code == 302


def test_a_link_works_once_and_says_so_the_second_time(app, client, user_id):
    path = ask(app, client)
    client.post(path, data={"password": CHOSEN})
    for second in (client.get(path), client.post(path, data={"password": "kitas-slenkstis-9"})):
        assert second.status_code == 409
        assert "This link has been used" in page_text(second)
        assert 'href="/forgotten"' in second.text
    assert sign_in(client, password=CHOSEN).status_code == 302


def test_a_double_click_is_one_use(app, client, user_id):
    path = ask(app, client)
    form = {"password": CHOSEN, "form_key": "k" * 32}
    assert [client.post(path, data=form).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize(("after", "status"), [(2 * HOUR - timedelta(seconds=1), 302), (2 * HOUR, 409), (DAY, 409)])
def test_a_reset_link_lasts_two_hours(app, client, user_id, after, status):
    path = ask(app, client)
    with time_at(NOW + after):
        answer = client.post(path, data={"password": CHOSEN})
        assert answer.status_code == status
        if status == 409:
            assert "This link is too old" in page_text(answer)
            assert "This link is too old" in page_text(client.get(path))
            assert sign_in(client, password=CHOSEN).status_code == 422


@pytest.mark.parametrize(("after", "status"), [(7 * DAY - HOUR, 302), (7 * DAY, 409), (8 * DAY, 409)])
def test_an_invitation_lasts_seven_days(app, client, after, status):
    invite_jonas(app)
    with time_at(NOW + after):
        assert client.post(last_link(app), data={"password": CHOSEN}).status_code == status
        assert sign_in(client, "jonas@example.lt", CHOSEN).status_code == (302 if status == 302 else 422)


@pytest.mark.parametrize("token", ["x", "x" * 43, "' OR 1=1", "%00", "ąčę", "x" * 3_000])
def test_a_link_that_nobody_was_sent_is_not_there(client, user_id, token):
    for answer in (client.get(f"/link/{token}"), client.post(f"/link/{token}", data={"password": CHOSEN})):
        assert answer.status_code in (400, 404)


def test_the_database_keeps_only_the_digest_of_a_link(app, client, user_id):
    path = ask(app, client)
    with app.app_context():
        [row] = db.session.scalars(select(AccountLink)).all()
        assert row.token_hash == digest(path.rpartition("/")[2])


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Fill this in."),
        ("kibiras", "has 7 characters"),
        ("x" * 201, "to 200 characters"),
        ("Kalėjimas2026!", "guessed first"),
        ("Onaitė-kibirai-3", "your name"),
    ],
)
def test_a_password_that_is_not_good_enough_leaves_the_link_open(app, client, user_id, password, sentence):
    path = ask(app, client)
    refused = client.post(path, data={"password": password})
    assert refused.status_code == 422
    assert sentence in read_errors(refused)["password"]
    assert password == "" or password not in refused.text
    assert client.post(path, data={"password": CHOSEN}).status_code == 302


def test_choosing_a_password_uses_up_every_other_link(app, client, user_id):
    first, second = ask(app, client), ask(app, client)
    assert first != second
    client.post(second, data={"password": CHOSEN})
    assert client.get(first).status_code == 409


def test_known_unknown_and_closed_e_mails_get_the_same_answer(app, user_id):
    with app.app_context():
        db.session.add(User(email="c@x.lt", name="C", password_hash="none", is_active=False, created_at=NOW))
        db.session.commit()
    answers = []
    for email in (EMAIL, "nobody@example.lt", "c@x.lt", "not an e-mail"):
        client = app.test_client()
        sent = client.post("/forgotten", data={"email": email})
        answers.append((sent.status_code, sent.location, page_text(client.get(sent.location))))
    assert len(set(answers)) == 1
    assert "If there is an account for this e-mail" in answers[0][2]
    assert [recipient for _, recipient, _ in list_mails(app)] == [EMAIL]


def test_a_forged_host_does_not_come_into_the_mail(app, client, user_id):
    foreign = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert client.post("/forgotten", data={"email": EMAIL}, headers=foreign).status_code == 400
    assert list_mails(app) == []
    client.post("/forgotten", data={"email": EMAIL}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in list_mails(app)[-1][2]
    assert "http://127.0.0.1:5000/link/" in list_mails(app)[-1][2]


def test_a_closed_account_cannot_use_its_link(app, client, user_id):
    path = ask(app, client)
    with app.app_context():
        db.session.execute(update(User).values(is_active=False))
        db.session.commit()
    assert client.post(path, data={"password": CHOSEN}).status_code == 404


def test_an_invitation_speaks_the_language_of_the_invited_and_says_by_whom_and_where(app):
    invite_jonas(app)
    [(kind, recipient, text)] = list_mails(app)
    assert (kind, recipient) == ("account_invitation", "jonas@example.lt")
    assert text.splitlines()[0] == f"You are invited to the portal of the project {PROJECT}"
    assert "Ona Onaitė has given you an account" in text
    assert "7 days" in text


def test_an_invitation_is_sent_again_until_it_is_taken(app, client):
    user_id = invite_jonas(app)
    with app.app_context():
        resend_invitation(user_id, inviter="Ona", now=NOW)
    assert len(list_mails(app)) == 2
    client.post(last_link(app), data={"password": CHOSEN})
    with app.app_context(), pytest.raises(Conflict) as refusal:
        resend_invitation(user_id, inviter="Ona", now=NOW)
    assert refusal.value.problem.code == "invitation-needless"
    # Whoever was invited knows that the password is new.
    assert len(list_mails(app)) == 2


def test_two_who_use_a_link_at_the_same_moment_do_not_both_choose(app, client, user_id):
    token = ask(app, client).rpartition("/")[2]

    def use(number: int) -> bool:
        with app.app_context():
            try:
                links.use_link(token, password=f"{CHOSEN}-{number}", now=NOW)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(use, range(4))).count(True) == 1


def test_an_empty_form_for_a_link_says_what_is_missing(client, user_id):
    refused = client.post("/forgotten", data={"email": ""})
    assert refused.status_code == 422
    assert read_summary(refused)
