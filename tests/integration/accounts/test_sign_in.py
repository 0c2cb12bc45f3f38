"""Signing in and out: who gets in, where they land, and what a portal in production refuses."""

import pytest
from sqlalchemy import update

from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.accounts.services import add_membership
from portal.core.db import db
from tests.integration.accounts.people import EMAIL, HOME, PASSWORD, make_account, sign_in, signed_in
from tests.integration.pages import page_text, read_errors, read_fields, read_page, read_summary
from tests.make import make_other_project, make_project, sign_in_as


@pytest.mark.parametrize("email", [EMAIL, "ONA@Example.LT", f"  {EMAIL} "])
def test_the_right_password_opens_the_list_of_projects(app, client, email):
    make_account(app)
    response = sign_in(client, email)
    assert (response.status_code, response.location) == (302, "/projects/")
    assert client.get("/projects/").location == HOME
    assert "Ona Onaitė" in page_text(client.get(HOME))


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "lankas-upė-48"),
        (EMAIL, PASSWORD.upper()),
        (EMAIL, f"{PASSWORD} "),
        ("jonas@example.lt", PASSWORD),
        ("x" * 10_000, PASSWORD),
        (EMAIL, "x" * 10_000),
        ("' OR 1=1 --", PASSWORD),
    ],
    ids=lambda value: value[:20],
)
def test_anything_else_is_refused_with_one_sentence_that_does_not_say_which_was_wrong(app, client, email, password):
    make_account(app)
    refused = sign_in(client, email, password)
    assert refused.status_code == 422
    assert read_summary(refused) == ["The e-mail or the password is not right. Check both and try again."]
    assert read_fields(refused)["password"] == ""
    assert not signed_in(client)


def test_an_empty_form_names_both_fields(client):
    refused = sign_in(client, "", "")
    assert refused.status_code == 422
    assert list(read_errors(refused)) == ["email", "password"]


def test_a_closed_account_does_not_sign_in(app, client):
    make_account(app)
    with app.app_context():
        db.session.execute(update(User).values(is_active=False))
        db.session.commit()
    assert sign_in(client).status_code == 422
    assert not signed_in(client)


def test_an_account_whose_password_was_never_set_does_not_sign_in(app, client):
    sign_in_as_someone = "manager-@example.org"
    with app.app_context():
        make_project()
    sign_in_as(app, Role.MANAGER)
    assert sign_in(client, sign_in_as_someone, "none").status_code == 422


@pytest.mark.parametrize(("demo", "production", "status"), [(True, True, 422), (True, False, 302), (False, True, 302)])
def test_demo_accounts_stay_out_of_production(app, client, monkeypatch, demo, production, status):
    make_account(app, demo=demo)
    monkeypatch.setitem(app.config, "PRODUCTION", production)
    assert sign_in(client).status_code == status


def test_a_demo_account_that_had_signed_in_before_is_out_once_the_portal_is_in_production(app, client, monkeypatch):
    make_account(app, demo=True)
    sign_in(client)
    assert client.get("/account").status_code == 200
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("wanted", [HOME, f"{HOME}outcomes?as_of=2026-06-30", f"{HOME}events?status=held"])
def test_whoever_is_sent_to_sign_in_goes_on_to_where_they_wanted_to_be(app, client, wanted):
    make_account(app)
    sent = client.get(wanted)
    assert sent.status_code == 302
    response = client.post(sent.location, data={"email": EMAIL, "password": PASSWORD})
    assert response.location.rstrip("?") == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " https://evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil",
        "",
    ],
)
def test_signing_in_never_leads_out_of_the_portal(app, client, wanted):
    make_account(app)
    for _time in ("at the sign-in", "and when signed in already"):
        response = client.post("/login", query_string={"next": wanted}, data={"email": EMAIL, "password": PASSWORD})
        assert (response.status_code, response.location) == (302, "/projects/")


def test_signing_out_ends_the_sign_in_and_only_a_press_of_the_button_does_it(app, client):
    make_account(app)
    sign_in(client)
    assert client.get("/logout").status_code == 405
    assert signed_in(client)
    response = client.post("/logout")
    assert (response.status_code, response.location) == (302, "/")
    assert "You have signed out." in page_text(client.get("/"))
    assert not signed_in(client)


def test_signing_out_without_a_sign_in_leads_to_the_sign_in(client):
    assert client.post("/logout").location == "/login"


def test_signing_in_starts_a_session_of_its_own_that_keeps_the_language(app, client):
    make_account(app, language="lt")
    client.get("/login?lang=pl")
    with client.session_transaction() as session:
        session["left"] = "by someone before"
    sign_in(client)
    with client.session_transaction() as session:
        assert "left" not in session
        assert session["language"] == "pl"


def test_without_a_choice_the_portal_speaks_the_language_of_the_account(app, client):
    make_account(app, language="lt")
    sign_in(client)
    [html] = [child for child in read_page(client.get(HOME)).children if not isinstance(child, str)]
    assert html.attributes["lang"] == "lt"


def test_the_cookie_of_the_session_is_out_of_reach_of_scripts_and_other_sites(app, client):
    make_account(app)
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_whoever_belongs_to_no_project_is_told_whom_to_ask(app):
    with app.app_context():
        make_project()
    assert "Ask its manager to invite you" in page_text(sign_in_as(app, None).get("/projects/"))


def test_whoever_belongs_to_two_projects_chooses_between_them(app):
    with app.app_context():
        make_project()
        other = make_other_project()
    client = sign_in_as(app, Role.MANAGER)
    with app.app_context():
        add_membership(1, project_code=other, role=Role.VIEWER)
    page = client.get("/projects/")
    assert f'href="{HOME}"' in page.text
    assert f'href="/projects/{other}/"' in page.text
