"""What every answer carries, and which status a refusal has, whatever kind of answer it is."""

import pytest
from sqlalchemy import text

from portal.accounts.rules import Role
from portal.core.db import db
from tests.integration.pages import page_text
from tests.make import PROJECT, make_event, make_project, sign_in_as

HOME = f"/projects/{PROJECT}"
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# Kind of answer -> its status, and what to ask for. The manager has signed in where it says so.
ANSWERS = {
    "page for everyone": (200, "GET", "/", "stranger"),
    "public page": (200, "GET", f"/public/{PROJECT}", "stranger"),
    "page of a member": (200, "GET", f"{HOME}/", "manager"),
    "workbook": (200, "GET", f"{HOME}/outcomes.xlsx", "manager"),
    "health": (200, "GET", "/healthz", "stranger"),
    "stylesheet": (200, "GET", "/static/portal.css", "stranger"),
    "redirection": (302, "GET", f"{HOME}/", "stranger"),
    "redirection after a form": (302, "POST", "/logout", "manager"),
    "added slash": (308, "GET", HOME, "manager"),
    "not allowed": (403, "GET", f"{HOME}/events/new", "viewer"),
    "not there": (404, "GET", "/nowhere", "stranger"),
    "no such file": (404, "GET", "/static/nothing.css", "stranger"),
    "not for strangers": (404, "GET", "/projects/NOWHERE/", "manager"),
    "wrong method": (405, "GET", "/logout", "manager"),
    "too large": (413, "LARGE", "/login", "stranger"),
    "bad input": (422, "POST", "/login", "stranger"),
    "bad form": (422, "POST", f"{HOME}/events/new", "manager"),
    "bad day": (422, "GET", f"{HOME}/outcomes?as_of=x", "manager"),
    "stale": (409, "STALE", f"{HOME}/events/1/status", "manager"),
}


def policy_of(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


# A file may neither load nor run anything, should a browser show it all the same.
FILE_POLICY = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "sandbox": []}


def assert_hardened(response, policy=POLICY) -> None:
    assert policy_of(response) == policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.fixture
def clients(app):
    with app.app_context():
        make_project()
        make_event()
    return {
        "stranger": app.test_client(),
        "manager": sign_in_as(app, Role.MANAGER),
        "viewer": sign_in_as(app, Role.VIEWER),
    }


def ask(client, method: str, address: str):
    if method == "GET":
        return client.get(address, buffered=True)
    sent = {"LARGE": {"email": "x" * 3_000_000}, "STALE": {"wanted": "held", "version": "7"}}
    return client.post(address, data=sent.get(method, {}))


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_has_its_status_and_the_headers(clients, kind):
    status, method, address, who = ANSWERS[kind]
    response = ask(clients[who], method, address)
    assert response.status_code == status
    assert_hardened(response, FILE_POLICY if kind == "workbook" else POLICY)
    may_be_kept = address.startswith(("/static/portal", "/public/"))
    assert (response.headers.get("Cache-Control") == "no-store") is not may_be_kept


def test_a_form_without_its_token_is_refused_as_a_malformed_request(app, clients, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for who, address in (("stranger", "/login"), ("manager", f"{HOME}/events/new"), ("manager", "/logout")):
        refused = clients[who].post(address, data={"email": "x", "password": "y"})
        assert refused.status_code == 400
        assert "Nothing was stored" in page_text(refused)
        assert_hardened(refused)
    assert clients["manager"].get(f"{HOME}/").status_code == 200


def test_a_failure_of_our_own_is_answered_with_a_number_to_quote_and_no_internals(app, clients):
    rename(app, "indicators", "gone")
    try:
        failed = clients["manager"].get(f"{HOME}/outcomes")
    finally:
        rename(app, "gone", "indicators")
    assert failed.status_code == 500
    assert_hardened(failed)
    page = page_text(failed)
    assert "Number to quote" in page
    assert "indicators" not in failed.text
    assert "Traceback" not in failed.text
    assert clients["manager"].get(f"{HOME}/outcomes").status_code == 200


def rename(app, table: str, name: str) -> None:
    with app.app_context():
        db.session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
        db.session.commit()


def test_over_https_browsers_are_told_to_stay_there(client):
    assert "Strict-Transport-Security" in client.get("/", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/").headers


@pytest.mark.parametrize("address", ["/", "/login", f"/public/{PROJECT}", f"{HOME}/", f"{HOME}/events/new", "/nowhere"])
def test_no_page_holds_a_script_or_style_of_its_own_or_of_another_origin(clients, address):
    page = clients["manager"].get(address).text
    assert all(script.startswith(' src="/static/') for script in page.split("<script")[1:])
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "javascript:" not in page
    assert 'src="http' not in page
    assert '<link rel="stylesheet" href="http' not in page


def test_a_page_that_is_not_there_says_so_in_the_language_of_the_person(clients):
    refused = clients["manager"].get("/nowhere?lang=en")
    assert "Page not found" in page_text(refused)
    assert "Page not found" not in page_text(clients["manager"].get("/nowhere?lang=lt"))


def test_a_host_that_is_not_trusted_is_refused(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["portal.example.org"])
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert_hardened(refused)
    assert client.get("/", headers={"Host": "portal.example.org"}).status_code == 200
