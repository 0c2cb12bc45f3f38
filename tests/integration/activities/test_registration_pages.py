"""Registering for an event: the page everyone opens, what it refuses, and how the same form stays one registration."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.activities.models import Participation, Registration, RegistrationAttempt
from portal.activities.queries import get_event
from portal.activities.rules.desks import QuestionDraft
from portal.activities.services.attendance import remove_participation
from portal.activities.services.events import move_event
from portal.activities.services.registrations.desks import renew_link
from portal.activities.services.registrations.throttling import forget_attempts
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.accounts.people import time_at
from tests.integration.activities.visitors import ANN, fill_in, make_open, register
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary
from tests.make import PROJECT, make_project, noted_queries

RIGHT_TO_LEFT = "\u202e"


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


def stored(app: Flask) -> list[tuple[str, str, str]]:
    """Name, e-mail and status of everybody who registered, in the order of arrival."""
    with app.app_context():
        rows = db.session.execute(
            select(Participation.name, Participation.participant, Participation.status)
            .join(Registration, Registration.participation_id == Participation.id)
            .order_by(Registration.place)
        )
        return [tuple(row) for row in rows]


def test_the_page_says_what_when_where_and_how_many_seats_are_free(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    page = client.get(f"/register/{token}")
    text = page_text(page)
    assert page.status_code == 200
    assert "10 December 2026, 10:00 – 16:00 (Europe/Vilnius)" in text
    assert "2 seats are free." in text
    assert "Registration closes on 9 December 2026, 12:00 (Europe/Vilnius)." in text
    assert "I agree to this. Version 1 of this text" in text
    assert {"name", "email", "organisation", "country", "consent"} <= set(read_fields(page))
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("language", "consent"), [("lt", "Sutinku su tuo."), ("pl", "Zgadzam się na to.")])
def test_the_page_speaks_three_languages(project: Flask, client: FlaskClient, language: str, consent: str):
    _, token = make_open(project)
    page = client.get(f"/register/{token}?lang={language}")
    assert f'<html lang="{language}">' in page.text
    assert consent in page_text(page)


def test_who_registers_has_a_seat_that_waits_for_the_mail(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    answer = register(client, token)
    assert answer.status_code == 303
    assert answer.location.startswith(f"/register/{token}/")
    text = page_text(client.get(answer.location))
    assert "You have a seat. It is not confirmed yet." in text
    assert "We have sent a mail to ann@example.org: open the link in it by 22 November 2026, 14:00" in text
    assert stored(project) == [("Ann", "ann@example.org", "unconfirmed")]


def test_who_comes_after_the_last_seat_reads_it_before_and_is_in_the_queue(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    for name in ("a", "b", "c"):
        register(client, token, name=name, email=f"{name}@example.org")
    page = page_text(client.get(f"/register/{token}"))
    assert "All seats are taken. The next place is in the queue: 1 person is before you." in page
    answer = register(client, token, name="d", email="d@example.org")
    assert "You are in the queue: 1 person is before you." in page_text(client.get(answer.location))
    assert [row[2] for row in stored(project)] == ["unconfirmed", "unconfirmed", "waitlisted", "waitlisted"]


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"name": "n" * 300}, "name", "Shorten this to 200 characters."),
        ({"name": f"Ann{RIGHT_TO_LEFT}nnA"}, "name", "This text holds a control character."),
        ({"email": ""}, "email", "Fill this in."),
        (
            {"email": "ann@example.org\r\nBcc: all@example.org"},
            "email",
            "This is not an e-mail address. Write it like name@example.org.",
        ),
        ({"email": "e" * 300 + "@example.org"}, "email", "This is not an e-mail address."),
        ({"organisation": "o" * 300}, "organisation", "Shorten this to 200 characters."),
        ({"country": "XX"}, "country", "Choose one of those offered."),
        ({"consent": ""}, "consent", "Tick this if you agree"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    project: Flask, client: FlaskClient, change: dict[str, str], field: str, message: str
):
    _, token = make_open(project)
    answer = register(client, token, **change)
    assert answer.status_code == 422
    assert read_errors(answer)[field].startswith(message)
    assert len(read_summary(answer)) == 1
    assert stored(project) == []


def test_everything_that_is_wrong_is_said_at_once_and_what_was_typed_stays(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    answer = register(client, token, name="", email="none", organisation="Library", consent="")
    assert set(read_errors(answer)) == {"name", "email", "consent"}
    assert read_fields(answer)["organisation"] == "Library"
    assert read_fields(answer)["country"] == "LT"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "O'Brien & Łódź"])
def test_a_name_with_markup_or_a_formula_is_a_name(project: Flask, client: FlaskClient, name: str):
    _, token = make_open(project, largest_party=2)
    answer = register(client, token, **{"name": name, "name-2": "Ben"})
    page = client.get(answer.location)
    assert name in page_text(page)
    assert "<script>alert" not in page.text
    assert stored(project)[0][0] == name


def test_the_same_form_twice_is_one_registration(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    form = fill_in(client, token)
    first, second = (client.post(f"/register/{token}", data=form) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(stored(project)) == 1


def test_the_same_person_with_another_form_is_told_so(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    register(client, token)
    answer = register(client, token, email="ANN@example.org")
    assert answer.status_code == 409
    assert set(read_errors(answer)) == {"email"}
    assert len(stored(project)) == 1


def test_a_filled_lure_is_answered_plainly_and_stores_nothing(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    answer = register(client, token, homepage="https://example.org")
    assert answer.status_code == 422
    assert "a field that must stay empty was filled in" in page_text(answer)
    assert stored(project) == []


def test_a_network_registers_so_often_in_an_hour(project: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(project.config, "REGISTRATIONS_PER_HOUR", 2)
    _, token = make_open(project)
    for name in ("a", "b"):
        assert register(client, token, email=f"{name}@example.org").status_code == 303
    with time_at(datetime.fromisoformat("2026-11-20T12:20:00+00:00")):
        answer = register(client, token, email="c@example.org")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2400")
    assert "Wait 40 min" in page_text(answer)
    assert read_fields(answer)["email"] == "c@example.org"
    assert len(stored(project)) == 2
    with time_at(datetime.fromisoformat("2026-11-20T13:00:00+00:00")):
        assert register(client, token, email="c@example.org").status_code == 303


def test_a_form_that_comes_again_leads_to_its_own_place_or_nowhere(project: Flask, client: FlaskClient):
    event_id, token = make_open(project)
    form = fill_in(client, token)
    first = client.post(f"/register/{token}", data=form).location
    with project.app_context():
        remove_participation(db.session.scalars(select(Participation.id)).one(), event_id=event_id, now=NOW)
    # On SQLite the row of who comes next has the same number.
    register(project.test_client(), token, name="Bea", email="bea@example.org")
    again = client.post(f"/register/{token}", data=form)
    assert again.location == first
    assert client.get(first).status_code == 404


@pytest.mark.parametrize("position", [1, 2])
def test_a_party_with_somebody_on_the_list_is_not_told_who_it_is(project: Flask, client: FlaskClient, position: int):
    _, token = make_open(project, largest_party=3)
    register(client, token)
    party = {"email": "one@example.org", "name-2": "Two", "email-2": "two@example.org"}
    party |= {"email" if position == 1 else "email-2": "ann@example.org"}
    answer = register(client, token, **party)
    assert answer.status_code == 409
    assert read_errors(answer) == {}
    assert "One of these people is on the event's list already." in page_text(answer)
    assert len(stored(project)) == 1


def test_trying_who_is_on_the_list_is_limited_as_registering_is(
    project: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(project.config, "REGISTRATIONS_PER_HOUR", 3)
    _, token = make_open(project)
    form = fill_in(client, token)
    client.post(f"/register/{token}", data=form)
    tried = [register(client, token, email=f"{name}@example.org").status_code for name in ("ann", "ann", "ann", "ben")]
    assert tried == [409, 409, 429, 429]
    # What was registered before can still be sent twice.
    assert client.post(f"/register/{token}", data=form).status_code == 303


def test_what_is_not_sent_to_be_stored_is_not_counted_and_no_limit_counts_nothing(
    project: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    _, token = make_open(project)
    register(client, token, name="")
    monkeypatch.setitem(project.config, "REGISTRATIONS_PER_HOUR", 0)
    assert register(client, token).status_code == 303
    with project.app_context():
        assert db.session.scalar(select(func.count()).select_from(RegistrationAttempt)) == 0


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2026-10-01T12:00:00+00:00", "Registration opens on 1 November 2026, 08:00 (Europe/Vilnius)."),
        ("2026-12-09T10:00:00+00:00", "Registration is closed."),
        ("2026-12-10T08:00:00+00:00", "The event has begun, so nobody can register any more."),
    ],
)
def test_a_page_that_is_not_open_says_so_and_a_form_sent_to_it_is_refused_with_its_text(
    project: Flask, client: FlaskClient, now: str, says: str
):
    _, token = make_open(project)
    form = fill_in(client, token)
    with time_at(datetime.fromisoformat(now)):
        page = client.get(f"/register/{token}")
        assert page.status_code == 200
        assert says in page_text(page)
        assert 'name="email"' not in page.text
        answer = client.post(f"/register/{token}", data=form)
    assert answer.status_code == 409
    assert read_fields(answer)["email"] == "ann@example.org"
    assert stored(project) == []


def test_nobody_registers_for_a_cancelled_event(project: Flask, client: FlaskClient):
    event_id, token = make_open(project)
    form = fill_in(client, token)
    with project.app_context():
        move_event(event_id, "cancelled", version=get_event(PROJECT, event_id).version, now=NOW)
    assert "This event is cancelled" in page_text(client.get(f"/register/{token}"))
    assert client.post(f"/register/{token}", data=form).status_code == 409
    assert stored(project) == []


def test_a_link_that_was_renewed_or_never_was_leads_nowhere(project: Flask, client: FlaskClient):
    event_id, token = make_open(project)
    form = fill_in(client, token)
    with project.app_context():
        renew_link(event_id, now=NOW)
    for old in (token, "x" * 43, "ž", "%00"):
        assert client.get(f"/register/{old}").status_code in (400, 404)
        assert client.post(f"/register/{old}", data=form).status_code in (400, 404)
        assert client.get(f"/register/{old}/link").status_code in (400, 404)
    assert stored(project) == []


def test_a_consent_text_that_changed_meanwhile_is_read_again(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    answer = register(client, token, consent="2")
    assert answer.status_code == 409
    assert read_fields(answer)["consent"] == []
    assert stored(project) == []


def test_a_party_is_registered_together(project: Flask, client: FlaskClient):
    _, token = make_open(project, largest_party=3)
    page = client.post(f"/register/{token}", data=fill_in(client, token, more="1"))
    fields = read_fields(page)
    assert page.status_code == 200
    assert (fields["name"], fields["name-2"]) == ("Ann", "")
    answer = client.post(f"/register/{token}", data={**fields, "consent": "1", "name-2": "Ben"})
    assert answer.status_code == 303
    assert [row[0] for row in stored(project)] == ["Ann", "Ben"]


def test_an_empty_person_is_left_out_and_what_is_wrong_with_the_third_is_said_at_the_third(
    project: Flask, client: FlaskClient
):
    _, token = make_open(project, largest_party=3)
    party = {"name-2": "", "email-2": "", "name-3": "", "email-3": "c@example.org"}
    answer = register(client, token, **party)
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {"name-3"}
    answer = register(client, token, **{**party, "name-3": "Cleo"})
    assert [row[0] for row in stored(project)] == ["Ann", "Cleo"]


@pytest.mark.parametrize(("largest", "size"), [(1, 2), (2, 3), (5, 3), (5, 21)])
def test_a_party_larger_than_allowed_or_than_the_seats_is_refused(
    project: Flask, client: FlaskClient, largest: int, size: int
):
    _, token = make_open(project, largest_party=largest)
    others = {f"name-{number}": f"Person {number}" for number in range(2, size + 1)}
    answer = register(client, token, **others)
    assert answer.status_code == 422
    assert read_summary(answer)
    assert stored(project) == []


def test_what_the_organisers_ask_is_answered_in_words_or_by_a_choice(project: Flask, client: FlaskClient):
    meal = QuestionDraft(None, "choice", {"en": "Meal"}, [{"en": "Fish"}, {"en": "Beans"}], is_required=True)
    note = QuestionDraft(None, "text", {"en": "What we should know"})
    _, token = make_open(project, questions=[meal, note])
    names = [name for name in read_fields(client.get(f"/register/{token}")) if name.startswith("answer-")]
    answer = register(client, token)
    assert set(read_errors(answer)) == {names[0]}
    assert register(client, token, **{names[0]: "7"}).status_code == 422
    assert register(client, token, **{names[0]: "1", names[1]: "n" * 1_001}).status_code == 422
    assert register(client, token, **{names[0]: "1", names[1]: "I come late."}).status_code == 303
    with project.app_context():
        answers = db.session.scalar(select(Registration.answers))
        assert answers == {names[0].removeprefix("answer-"): 1, names[1].removeprefix("answer-"): "I come late."}


def test_the_link_is_sent_again_without_telling_who_is_registered(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    register(client, token)
    known, unknown = (
        client.post(f"/register/{token}/link", data={"email": email}, follow_redirects=True)
        for email in ("Ann@example.org", "nobody@example.org")
    )
    assert known.status_code == unknown.status_code == 200
    assert "a mail with the link is on its way" in page_text(known)
    assert "a mail with the link is on its way" in page_text(unknown)
    assert client.post(f"/register/{token}/link", data={"email": ""}).status_code == 422
    assert f"/register/{token}/link" in links_of(client.get(f"/register/{token}")).values()


def test_what_tells_of_a_network_is_forgotten_after_an_hour(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    register(client, token)
    kept = []
    for minutes in (59, 60):
        with project.app_context():
            forget_attempts(NOW + timedelta(minutes=minutes))
            kept.append(db.session.scalar(select(func.count()).select_from(RegistrationAttempt)))
            db.session.remove()
    assert kept == [1, 0]


def test_opening_the_page_asks_the_database_a_constant_number_of_times(project: Flask, client: FlaskClient):
    _, token = make_open(project)

    def asked() -> int:
        with noted_queries(project) as statements:
            assert client.get(f"/register/{token}").status_code == 200
        return len(statements)

    few = asked()
    for number in range(5):
        register(client, token, **{**ANN, "email": f"{number}@example.org"})
    assert asked() == few <= 6
