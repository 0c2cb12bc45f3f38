"""Addresses that nobody types by accident: each has a proper answer, and none makes the portal fail."""

import pytest

from portal.accounts.rules import Role
from tests.make import PROJECT, make_event, make_project, sign_in_as

HOME = f"/projects/{PROJECT}"

# Beyond a 32-bit column, beyond a 64-bit one, and beyond what any of them reads.
HUGE = [2**31, 2**63, 10**40]


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
        make_event()
    return sign_in_as(app, Role.MANAGER)


NUMBERED = [
    "events/{}",
    "events/{}/edit",
    "events/{}/headcounts",
    "events/{}/participants",
    "events/1/participants/{}",
    "events/1/participants/{}/remove",
]


@pytest.mark.parametrize("number", HUGE)
def test_a_number_that_no_row_can_have_is_not_found(manager, number):
    answers = {address: manager.get(f"{HOME}/{address.format(number)}").status_code for address in NUMBERED}
    assert answers == dict.fromkeys(NUMBERED, 404)


@pytest.mark.parametrize("code", ["%FF", "x" * 5_000, "%27%20OR%201=1", "..%2F..", "LTPL00388%20"])
def test_a_project_that_cannot_exist_is_not_found(manager, code):
    assert manager.get(f"/public/{code}").status_code == 404
    assert manager.get(f"/projects/{code}/").status_code == 404


@pytest.mark.parametrize("query", ["status=x", "kind=%27", "organisation=%FF"])
def test_a_filter_that_no_event_can_fit_is_refused(manager, query):
    assert manager.get(f"{HOME}/events?{query}").status_code == 422


@pytest.mark.parametrize("key", ["%FF", "x" * 5_000])
def test_an_outcome_row_that_cannot_exist_is_not_found(manager, key):
    assert manager.get(f"{HOME}/outcomes/{key}").status_code == 404


@pytest.mark.parametrize("as_of", ["0000-00-00", "99999-01-01", "%2B2026-01-01", "x" * 5_000])
def test_a_day_that_cannot_be_is_refused(manager, as_of):
    assert manager.get(f"{HOME}/outcomes?as_of={as_of}").status_code == 422


@pytest.mark.parametrize("language", ["xx", "en_US", "../lt", "x" * 5_000])
def test_a_language_that_is_not_offered_is_ignored(manager, language):
    assert manager.get(f"{HOME}/?lang={language}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/public/LTPL%00",
        "/projects/%00/",
        f"{HOME}/events?status=%00",
        f"{HOME}/events?%00=x",
        f"{HOME}/outcomes/%00",
        f"{HOME}/outcomes?as_of=%00",
        f"{HOME}/?lang=%00",
    ],
)
def test_an_address_with_a_nul_is_malformed(manager, address):
    assert manager.get(address).status_code == 400


@pytest.mark.parametrize("sent", [{"title_en": "a\0b"}, {"a\0b": "x"}], ids=["value", "name"])
def test_a_form_with_a_nul_is_malformed(manager, sent):
    assert manager.post(f"{HOME}/events/new", data=sent).status_code == 400
    assert manager.post("/login", data={"email": "ona\0@example.lt", "password": "x"}).status_code == 400


@pytest.mark.parametrize("accepted", ["\xff", "*;q=x", "lt;q=9", "a" * 5_000])
def test_a_browser_that_asks_for_nonsense_is_answered_in_english(app, manager, accepted):
    answer = app.test_client().get("/", headers={"Accept-Language": accepted})
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text or "lt" in accepted


def test_a_session_that_was_tampered_with_is_no_sign_in(app, manager):
    client = app.test_client()
    client.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.forged.signature")
    assert client.get(f"{HOME}/").status_code == 302


def test_a_form_that_is_no_form_is_refused(manager):
    answer = manager.post(f"{HOME}/events/new", data=b"\x00\xff{", content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("address", [f"{HOME}/events?status=%00", "/projects/%00/", "/public/%00", "/?%00=1"])
def test_a_nul_character_in_an_address_is_refused(manager, address):
    assert manager.get(address).status_code == 400


def test_a_nul_character_in_a_form_is_refused(client):
    assert client.post("/login", data={"email": "a\0b@example.org", "password": "x"}).status_code == 400
