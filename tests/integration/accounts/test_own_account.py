"""One's own account: what can be changed, what it asks for, and what it does not show."""

import pytest

from portal.accounts.services import accounts
from tests.conftest import NOW
from tests.integration.accounts.people import (
    EMAIL,
    PASSWORD,
    list_actions,
    list_mails,
    make_account,
    sign_in,
)
from tests.integration.pages import page_text, read_errors, read_fields, read_summary, read_table, send_form

CHOSEN = "žirgas-per-slenkstį"


@pytest.fixture
def user_id(app, client) -> int:
    user_id = make_account(app)
    sign_in(client)
    return user_id


def test_whoever_has_not_signed_in_is_sent_to_sign_in(client):
    for address in ("/account", "/account/password", "/account/time-left"):
        assert client.get(address).status_code == 302


def test_name_and_language_are_changed_and_the_audit_does_not_repeat_the_name(app, client, user_id):
    saved = send_form(client, "/account", name="Ona  Jonaitė", language="lt")
    assert saved.status_code == 302
    page = client.get("/account")
    assert read_fields(page)["name"] == "Ona Jonaitė"
    assert 'lang="lt"' in page.text
    assert list_actions(app)[-1] == ("account_changed", EMAIL, f"account {user_id}")


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 201), ("name", "Ona\u202e"), ("language", "ru"), ("language", "")]
)
def test_what_cannot_be_is_refused_at_its_field(client, user_id, field, value):
    refused = send_form(client, "/account", **{field: value})
    assert refused.status_code == 422
    assert field in read_errors(refused)


def test_a_stale_form_is_refused_with_its_text_kept(app, client, user_id):
    fields = read_fields(client.get("/account"))
    with app.app_context():
        accounts.change_details(user_id, name="Someone else's", language="pl", version=1, now=NOW)
    refused = client.post("/account", data={**fields, "name": "Mine"})
    assert refused.status_code == 409
    assert read_fields(refused)["name"] == "Mine"
    assert client.post("/account", data=read_fields(refused)).status_code == 302


def test_nobody_makes_themselves_an_administrator_by_a_field_that_is_not_there(app, client, user_id):
    send_form(client, "/account", is_admin="1", admin="1", email="x@x.lt", is_active="", password_hash="x")
    assert client.get("/admin/accounts").status_code == 404
    assert EMAIL in page_text(client.get("/account"))


def test_a_new_password_needs_the_present_one(app, client, user_id):
    refused = send_form(client, "/account/password", current="wrong", password=CHOSEN)
    assert refused.status_code == 422
    assert read_errors(refused) == {"current": "This is not your present password."}
    assert CHOSEN not in refused.text
    assert sign_in(app.test_client()).status_code == 302


@pytest.mark.parametrize(
    ("password", "sentence"),
    [(PASSWORD, "your present password"), ("kibiras", "7 characters"), ("Alytus2026Alytus", "guessed first")],
)
def test_a_new_password_is_new_and_good_enough(client, user_id, password, sentence):
    refused = send_form(client, "/account/password", current=PASSWORD, password=password)
    assert refused.status_code == 422
    assert sentence in read_errors(refused)["password"]


def test_a_changed_password_signs_out_everywhere_and_is_said_by_mail(app, client, user_id):
    other = app.test_client()
    sign_in(other)
    changed = send_form(client, "/account/password", current=PASSWORD, password=CHOSEN)
    assert (changed.status_code, changed.location) == (302, "/login")
    assert "Your password is changed" in page_text(client.get("/login"))
    assert other.get("/account").status_code == 302
    assert sign_in(client, password=CHOSEN).status_code == 302
    assert [(kind, recipient) for kind, recipient, _ in list_mails(app)] == [("account_password_changed", EMAIL)]


def test_guessing_the_present_password_is_slowed_down(client, user_id):
    answers = [send_form(client, "/account/password", current=f"w{n}", password=CHOSEN) for n in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "30"
    assert read_summary(answers[-1])[0].startswith("Too many attempts")


def test_sign_ins_are_listed_and_the_others_end_with_one_press(app, client, user_id):
    other = app.test_client()
    sign_in(other)
    rows = read_table(client.get("/account"), "Sign-ins that last")
    assert [row[2] for row in rows[1:]] == ["Another browser", "This one"]
    assert client.post("/account/elsewhere", data={}).status_code == 302
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    assert "Sign out everywhere else" not in page_text(client.get("/account"))
