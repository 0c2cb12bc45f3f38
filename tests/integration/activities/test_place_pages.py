"""A person's own page: it says what has become of the place, and confirms or gives it up, never by being opened."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.activities.models import Participation, Registration
from portal.activities.queries import get_event
from portal.activities.rules.links import mailed_secret
from portal.activities.services.events import move_event
from portal.activities.services.registrations.chores import lapse_due
from portal.activities.services.registrations.throttling import LINKS_PER_HOUR
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.accounts.people import time_at
from tests.integration.activities.visitors import make_open, register
from tests.integration.pages import links_of, page_text, read_errors, read_table
from tests.make import PROJECT, make_project, noted_queries


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


def come(client: FlaskClient, token: str, name: str = "ann", **changes: str) -> str:
    """Register someone of this name; return the address of the own page."""
    return register(client, token, name=name, email=f"{name}@example.org", **changes).location


def key_of(app: Flask, name: str = "ann") -> str:
    """What the links in the mails to this person carry besides."""
    with app.app_context():
        mine = select(Registration.nonce).join(Registration.participation)
        nonce = db.session.scalars(mine.where(Participation.participant == f"{name}@example.org")).one()
        return mailed_secret(app.config["SECRET_KEY"], nonce)


def status_of(app: Flask, name: str = "ann") -> str:
    with app.app_context():
        mine = select(Participation.status).where(Participation.participant == f"{name}@example.org")
        return db.session.scalars(mine).one()


def test_only_the_link_of_the_mail_offers_to_confirm_the_seat(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own = come(client, token)
    assert "Confirm the seat" not in page_text(client.get(own))
    assert "Confirm the seat" not in page_text(client.get(f"{own}?key={'0' * 32}"))
    page = client.get(f"{own}?key={key_of(project)}")
    assert "Confirm the seat" in page_text(page)
    assert "Press the button by 22 November 2026, 14:00 (Europe/Vilnius)" in page_text(page)
    assert status_of(project) == "unconfirmed"


def test_confirming_makes_the_seat_ones_own_and_doing_it_again_changes_nothing(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own, key = come(client, token), key_of(project)
    for _ in range(2):
        answer = client.post(f"{own}/confirm", data={"key": key})
        assert (answer.status_code, answer.location) == (303, own)
    assert status_of(project) == "registered"
    assert "The seat is yours." in page_text(client.get(own))


@pytest.mark.parametrize("key", ["", "0" * 32, "ž"])
def test_nobody_confirms_without_the_mail(project: Flask, client: FlaskClient, key: str):
    _, token = make_open(project)
    own = come(client, token)
    assert client.post(f"{own}/confirm", data={"key": key}).status_code == 404
    assert status_of(project) == "unconfirmed"


def test_a_seat_confirmed_too_late_is_gone(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own, key = come(client, token), key_of(project)
    with time_at(NOW + timedelta(hours=48)):
        page = page_text(client.get(f"{own}?key={key}"))
        assert "Confirm the seat" not in page
        assert "The time to answer ended on 22 November 2026, 14:00" in page
        assert client.post(f"{own}/confirm", data={"key": key}).status_code == 409


def test_giving_up_a_seat_offers_it_to_the_first_in_the_queue(project: Flask, client: FlaskClient):
    _, token = make_open(project, {"capacity": 1})
    first, second = (come(client, token, name) for name in ("ann", "ben"))
    assert "You are the first in the queue." in page_text(client.get(second))
    answer = client.post(first)
    assert (answer.status_code, answer.location) == (303, first)
    page = client.get(first)
    assert "The place is given up." in page_text(page)
    assert links_of(page)["Register again"] == f"/register/{token}"
    assert "A seat is offered to you." in page_text(client.get(second))
    assert "Take the seat" in page_text(client.get(f"{second}?key={key_of(project, 'ben')}"))
    assert client.post(f"{second}/confirm", data={"key": key_of(project, "ben")}).status_code == 303
    assert status_of(project, "ben") == "registered"


def test_giving_up_twice_is_harmless_and_one_can_register_again(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own = come(client, token)
    assert [client.post(own).status_code for _ in range(2)] == [303, 303]
    again = come(client, token)
    assert again != own
    assert status_of(project) == "unconfirmed"
    assert client.get(own).status_code == 404


def test_one_of_a_party_leaves_and_the_others_stay(project: Flask, client: FlaskClient):
    _, token = make_open(project, {"capacity": 3}, largest_party=3)
    own = come(client, token, **{"name-2": "Ben", "email-2": "ben@example.org", "name-3": "Cleo"})
    with project.app_context():
        ben = db.session.scalars(select(Participation.id).where(Participation.name == "Ben")).one()
    for _ in range(2):
        assert client.post(own, data={"only": str(ben)}).status_code == 303
    rows = read_table(client.get(own), "Those you registered")
    assert [row[:2] for row in rows[1:]] == [["ann", "Not confirmed"], ["Ben", "Cancelled"], ["Cleo", "Not confirmed"]]


@pytest.mark.parametrize("only", ["x", "0", "99999", "9" * 30, "-1", "1 "])
def test_somebody_elses_place_is_not_given_up(project: Flask, client: FlaskClient, only: str):
    _, token = make_open(project)
    own = come(client, token)
    assert client.post(own, data={"only": only}).status_code == 404
    assert status_of(project) == "unconfirmed"


def test_another_persons_number_gives_up_nothing(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own = come(client, token)
    come(client, token, "ben")
    with project.app_context():
        ben = db.session.scalars(select(Participation.id).where(Participation.name == "ben")).one()
    client.post(own, data={"only": str(ben)})
    assert status_of(project, "ben") == status_of(project) == "unconfirmed"


def test_nothing_is_given_up_once_the_event_has_begun(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own, key = come(client, token), key_of(project)
    client.post(f"{own}/confirm", data={"key": key})
    with time_at(datetime.fromisoformat("2026-12-10T08:00:00+00:00")):
        page = client.get(own)
        assert page.status_code == 200
        assert "Give up the place" not in page_text(page)
        answer = client.post(own)
    assert answer.status_code == 409
    assert "The seat is yours." in page_text(answer)
    assert status_of(project) == "registered"


def test_the_page_of_a_cancelled_event_says_so(project: Flask, client: FlaskClient):
    event_id, token = make_open(project)
    own, key = come(client, token), key_of(project)
    with project.app_context():
        move_event(event_id, "cancelled", version=get_event(PROJECT, event_id).version, now=NOW)
    page = page_text(client.get(f"{own}?key={key}"))
    assert "This event is cancelled." in page
    for words in ("Confirm the seat", "You have a seat", "Press the button", "If you cannot come", "Give up"):
        assert words not in page


@pytest.mark.parametrize("status", ["planned", "held"])
def test_who_waited_reads_once_the_event_has_begun_that_no_seat_became_free(
    project: Flask, client: FlaskClient, status: str
):
    event_id, token = make_open(project, {"capacity": 1})
    come(client, token)
    own = come(client, token, "ben")
    assert "When a seat becomes free and it is your turn" in page_text(client.get(own))
    begun = datetime.fromisoformat("2026-12-10T08:00:00+00:00")
    with time_at(begun):
        if status == "held":
            with project.app_context():
                move_event(event_id, "held", version=get_event(PROJECT, event_id).version, now=begun)
        page = page_text(client.get(own))
    assert "The event has begun, and no seat became free for you." in page
    for words in ("When a seat becomes free", "You are the first", "Leave the queue"):
        assert words not in page


def test_a_seat_that_was_not_confirmed_in_time_is_said_to_be_released_whoever_gets_it(
    project: Flask, client: FlaskClient
):
    _, token = make_open(project)
    own, late = come(client, token), NOW + timedelta(hours=48)
    with time_at(late):
        with project.app_context():
            lapse_due(late)
        page = page_text(client.get(own))
    assert "The seat was not confirmed in time and has been released, so that others can have it." in page
    assert "went to the next" not in page


def test_a_party_reads_how_many_seats_together_it_waits_for_while_fewer_are_free(project: Flask, client: FlaskClient):
    _, token = make_open(project, {"capacity": 3, "is_public": True}, largest_party=2)
    for name in ("ann", "ben"):
        come(client, token, name)
    party = come(client, token, "cleo", **{"name-2": "Dan"})
    alone = come(client, token, "eve")
    assert "You wait for 2 seats together. When a seat becomes free" in page_text(client.get(party))
    assert "seats together" not in page_text(client.get(alone))
    said = "Others wait for the free seats already, so the next place is in the queue. People before you: 3."
    for address in (f"/register/{token}", f"/public/{PROJECT}/events"):
        page = page_text(client.get(address))
        assert said in page
        assert "All seats are taken" not in page


@pytest.mark.parametrize("email", ["x@x.lt\r\nBcc: all@example.org", "x", "x@", "x@x", "x y@example.org"])
def test_a_lost_link_is_not_sent_to_what_is_no_address(project: Flask, client: FlaskClient, email: str):
    _, token = make_open(project)
    answer = client.post(f"/register/{token}/link", data={"email": email})
    assert answer.status_code == 422
    assert read_errors(answer) == {"email": "This is not an e-mail address. Write it like name@example.org."}


def test_lost_links_are_counted_apart_from_registrations(
    project: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(project.config, "REGISTRATIONS_PER_HOUR", 1)
    (_, token), (_, other) = make_open(project), make_open(project, {"ref": "W2"})
    asked = [
        client.post(f"/register/{token}/link", data={"email": f"{number}@example.org"})
        for number in range(LINKS_PER_HOUR + 1)
    ]
    assert [answer.status_code for answer in asked] == [303] * LINKS_PER_HOUR + [429]
    assert asked[-1].headers["Retry-After"] == "3600"
    assert "Too many links have been asked for from your network within an hour. Wait 60 min" in page_text(asked[-1])
    assert client.post(f"/register/{other}/link", data={"email": "a@example.org"}).status_code == 303
    assert register(client, token).status_code == 303
    assert register(client, token, email="b@example.org").status_code == 429


def test_without_a_limit_of_registrations_lost_links_have_none(
    project: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(project.config, "REGISTRATIONS_PER_HOUR", 0)
    _, token = make_open(project)
    asked = {
        client.post(f"/register/{token}/link", data={"email": f"{number}@example.org"}).status_code
        for number in range(LINKS_PER_HOUR + 1)
    }
    assert asked == {303}


def test_a_secret_that_is_not_ours_or_is_of_another_event_leads_nowhere(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    _, other = make_open(project, {"ref": "W2"})
    secret = come(client, token).rpartition("/")[2]
    wrong = [f"{token}/{secret[:-1]}{'0' if secret[-1] != '0' else '1'}", f"{token}/{'0' * 48}", f"{token}/ž"]
    for address in [f"{other}/{secret}", *wrong]:
        assert client.get(f"/register/{address}").status_code == 404
        assert client.post(f"/register/{address}").status_code == 404
        assert client.post(f"/register/{address}/confirm").status_code == 404
    assert status_of(project) == "unconfirmed"


def test_the_page_is_told_to_nobody(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    page = client.get(come(client, token))
    told = {name: page.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")}
    assert told == {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow"}


@pytest.mark.parametrize(("language", "title"), [("en", "Opening workshop"), ("lt", "Atidarymas"), ("pl", "Otwarcie")])
def test_the_page_speaks_three_languages(project: Flask, client: FlaskClient, language: str, title: str):
    titles = {"en": "Opening workshop", "lt": "Atidarymas", "pl": "Otwarcie"}
    _, token = make_open(project, {"title": titles})
    page = client.get(f"{come(client, token)}?lang={language}")
    assert f'<html lang="{language}">' in page.text
    assert title in page_text(page)


def test_opening_the_page_asks_the_database_a_constant_number_of_times(project: Flask, client: FlaskClient):
    _, token = make_open(project, largest_party=2)
    come(client, token, "a", **{"name-2": "b"})
    alone = come(client, token, "ben")
    for name in ("c", "d", "e"):
        come(client, token, name)
    party = come(client, token, "f", **{"name-2": "g"})

    def asked(address: str) -> int:
        with noted_queries(project) as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    assert asked(alone) == asked(party) <= 8
