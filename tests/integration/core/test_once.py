"""The same form sent again is carried out once; anything else is a form of its own."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.once import KEPT, FormKey, forget_keys
from tests.conftest import NOW
from tests.integration.pages import read_fields
from tests.make import make_event, make_project, make_user, sign_in

PARTICIPANTS = "/projects/LTPL00388/events/1/participants"


def prepare(app, client):
    with app.app_context():
        make_project()
        make_event()
        user_id = make_user()
    return sign_in(client, user_id)


def fields_of(browser, participant: str) -> dict[str, str]:
    return {**read_fields(browser.get(f"{PARTICIPANTS}/new")), "participant": participant, "group": "professional"}


def test_a_repeat_is_answered_like_the_first_and_stored_once(app, client):
    browser = prepare(app, client)
    fields = fields_of(browser, "p1")
    answers = [browser.post(f"{PARTICIPANTS}/new", data=fields) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert browser.get(PARTICIPANTS).text.count(">p1<") == 1


def test_another_content_under_the_same_key_is_another_form(app, client):
    browser = prepare(app, client)
    fields = fields_of(browser, "p1")
    browser.post(f"{PARTICIPANTS}/new", data=fields)
    browser.post(f"{PARTICIPANTS}/new", data={**fields, "participant": "p2"})
    assert all(f">{participant}<" in browser.get(PARTICIPANTS).text for participant in ("p1", "p2"))


def test_a_key_used_at_another_address_is_another_form(app, client):
    browser = prepare(app, client)
    fields = fields_of(browser, "p1")
    browser.post(f"{PARTICIPANTS}/new", data=fields)
    assert browser.post("/projects/LTPL00388/events/new", data=fields).status_code == 422


def test_what_was_refused_can_be_sent_again_with_the_same_key(app, client):
    browser = prepare(app, client)
    fields = fields_of(browser, "not a code")
    assert browser.post(f"{PARTICIPANTS}/new", data=fields).status_code == 422
    assert browser.post(f"{PARTICIPANTS}/new", data={**fields, "participant": "p1"}).status_code == 302


def test_a_key_is_forgotten_once_no_form_can_be_open_that_long(app, client):
    browser = prepare(app, client)
    fields = fields_of(browser, "p1")
    browser.post(f"{PARTICIPANTS}/new", data=fields)
    with app.app_context():
        forget_keys(now=NOW + KEPT)
        assert db.session.scalar(select(func.count()).select_from(FormKey)) == 1
        forget_keys(now=NOW + KEPT + timedelta(seconds=1))
        assert db.session.scalar(select(func.count()).select_from(FormKey)) == 0
