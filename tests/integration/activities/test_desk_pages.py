"""The organiser's pages of registration: opening it, changing it, the list of who registered, and cancelling one."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.models import Participation
from portal.activities.queries.registrations import find_desk, get_event_desk
from portal.activities.rules.desks import QuestionDraft
from portal.activities.services.registrations.desks import renew_link
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.accounts.people import time_at
from tests.integration.activities.visitors import make_open, register
from tests.integration.pages import (
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
    send_form,
)
from tests.make import PROJECT, make_event, make_project, noted_queries, sign_in_as

EVENT = f"/projects/{PROJECT}/events/1"
DESK = f"{EVENT}/registration"


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


@pytest.fixture
def organiser(project: Flask) -> FlaskClient:
    return sign_in_as(project, Role.PARTNER, "lps")


def plan(app: Flask, **changes: object) -> None:
    """An event in Kaunas on 10 December 2026 that nobody can register for yet."""
    with app.app_context():
        stated = {"starts": datetime(2026, 12, 10, 10), "ends": datetime(2026, 12, 10, 16), "capacity": 50, **changes}
        make_event(ref="W1", **stated)


def test_the_next_step_of_a_coming_event_is_to_open_registration(project: Flask, organiser: FlaskClient):
    plan(project)
    assert links_of(organiser.get(EVENT))["Open registration"] == f"{DESK}/edit"
    form = read_fields(organiser.get(f"{DESK}/edit"))
    assert (form["opens"], form["closes"]) == ("2026-11-20T14:00", "2026-12-09T10:00")
    assert "90 days after the event" in form["consent_en"]
    answer = organiser.post(f"{DESK}/edit", data=form)
    assert (answer.status_code, answer.location) == (302, DESK)
    with project.app_context():
        token = get_event_desk(1).token
    page = page_text(organiser.get(EVENT))
    assert "Registration is open 0 of 50 seats" in page
    assert "Next: open registration" not in page
    assert f"/register/{token}" in organiser.get(DESK).text


def test_the_block_of_the_event_counts_seats_and_queue(project: Flask, organiser: FlaskClient, client: FlaskClient):
    _, token = make_open(project)
    for name in ("a", "b", "c"):
        register(client, token, email=f"{name}@example.org")
    assert "2 of 2 seats, 1 in the queue" in page_text(organiser.get(EVENT))
    assert "2 of 2 seats, 1 in the queue" in page_text(organiser.get(DESK))


def test_the_organiser_reads_that_the_first_in_the_queue_needs_more_seats_than_are_free(
    project: Flask, organiser: FlaskClient, client: FlaskClient
):
    _, token = make_open(project, {"capacity": 3}, largest_party=2)
    said = "Free seats: 1, but the first in the queue needs 2 seats together"
    for name in ("ann", "ben"):
        register(client, token, email=f"{name}@example.org")
    assert said not in page_text(organiser.get(DESK))
    register(client, token, email="cleo@example.org", **{"name-2": "Dan"})
    page = organiser.get(DESK)
    assert said in page_text(page)
    assert links_of(page)["Edit the event"] == f"{EVENT}/edit"
    with time_at(datetime.fromisoformat("2026-12-10T08:00:00+00:00")):
        assert said not in page_text(organiser.get(DESK))
    send_form(organiser, f"{EVENT}/edit", capacity="4")
    assert said not in page_text(organiser.get(DESK))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"opens": ""}, "opens"),
        ({"closes": "2026-12-10T10:01"}, "closes"),
        ({"closes": "2026-11-01T00:00"}, "closes"),
        ({"closes": "2026-02-30T00:00"}, "closes"),
        ({"confirm_hours": "0"}, "confirm_hours"),
        ({"offer_hours": "337"}, "offer_hours"),
        ({"reminder_hours": "-1"}, "reminder_hours"),
        ({"largest_party": "21"}, "largest_party"),
        ({"group": "convicted_person"}, "group"),
        ({"consent_lt": ""}, "consent_lt"),
        ({"consent_pl": "c" * 5_001}, "consent_pl"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(project: Flask, organiser: FlaskClient, change: dict[str, str], field: str):
    plan(project)
    answer = send_form(organiser, f"{DESK}/edit", **change)
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {field}
    with project.app_context():
        assert find_desk(1) is None


def test_questions_are_added_changed_and_removed_without_script(project: Flask, organiser: FlaskClient):
    plan(project)
    page = send_form(organiser, f"{DESK}/edit", more="1", offer_hours="12")
    fields = read_fields(page)
    assert (page.status_code, fields["offer_hours"], fields["question-1-text_en"]) == (200, "12", "")
    choice = {"question-1-kind": "choice", "question-1-choices_en": "Fish\nBeans", "question-1-choices_pl": "Ryba"}
    stated = {**fields, "question-1-text_en": "Meal", "question-1-required": "y", "question-1-remove": "", **choice}
    assert organiser.post(f"{DESK}/edit", data=stated).status_code == 302
    with project.app_context():
        (question,) = get_event_desk(1).questions
        assert (question.text, question.kind, question.is_required) == ({"en": "Meal"}, "choice", True)
        assert question.choices == [{"en": "Fish", "pl": "Ryba"}, {"en": "Beans"}]
    stored = read_fields(organiser.get(f"{DESK}/edit"))
    assert (stored["question-1-choices_en"], stored["question-1-choices_pl"]) == ("Fish\nBeans", "Ryba")
    assert send_form(organiser, f"{DESK}/edit", **{"question-1-text_en": "Lunch"}).status_code == 302
    with project.app_context():
        assert get_event_desk(1).questions[0].text == {"en": "Lunch"}
    assert send_form(organiser, f"{DESK}/edit", **{"question-1-remove": "y"}).status_code == 302
    with project.app_context():
        assert get_event_desk(1).questions == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"kind": "choice", "text_en": "Meal", "choices_en": "Fish"}, "question-2-choices_en"),
        ({"kind": "text", "choices_en": "Fish\nBeans"}, "question-2-text_en"),
        ({"kind": "song", "text_en": "Meal"}, "question-2-kind"),
        ({"text_lt": "t" * 501}, "question-2-text_lt"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_at_its_row(
    project: Flask, organiser: FlaskClient, row: dict[str, str], field: str
):
    plan(project)
    first = {"question-1-kind": "text", "question-1-text_en": "", "question-2-kind": "text"}
    changes = {f"question-2-{name}": value for name, value in row.items()}
    answer = send_form(organiser, f"{DESK}/edit", **{**first, **changes})
    assert answer.status_code == 422
    assert field in read_errors(answer)


def test_the_number_of_a_question_of_another_event_is_refused(project: Flask, organiser: FlaskClient):
    plan(project)
    changes = {"question-1-kind": "text", "question-1-id": "77", "question-1-text_en": "Meal"}
    assert send_form(organiser, f"{DESK}/edit", **changes).status_code in (302, 422)
    with project.app_context():
        desk = find_desk(1)
        assert desk is None or all(each.id != 77 for each in desk.questions)


def test_a_stale_form_is_refused_with_what_differs(project: Flask, organiser: FlaskClient):
    make_open(project)
    form = read_fields(organiser.get(f"{DESK}/edit"))
    with project.app_context():
        renew_link(1, now=NOW)
    answer = organiser.post(f"{DESK}/edit", data={**form, "offer_hours": "12"})
    assert answer.status_code == 409
    assert ["Hours to take an offered seat", "24", "12"] in read_table(answer, "What differs")
    assert organiser.post(f"{DESK}/edit", data=read_fields(answer)).status_code == 302


def test_the_link_is_renewed_after_a_page_that_says_what_that_means(project: Flask, organiser: FlaskClient):
    _, token = make_open(project)
    assert "The old one leads nowhere" in page_text(organiser.get(f"{DESK}/link"))
    assert send_form(organiser, f"{DESK}/link").status_code == 302
    with project.app_context():
        assert get_event_desk(1).token != token
    assert organiser.get(f"/register/{token}").status_code == 404


def test_personal_links_outlive_the_address_of_the_page(project: Flask, organiser: FlaskClient, client: FlaskClient):
    _, token = make_open(project)
    own = register(client, token, email="ona@example.org").location
    with project.app_context():
        renew_link(1, now=NOW)
    assert client.get(own).status_code == 200
    assert client.post(own, data=read_fields(client.get(own))).status_code == 303
    assert "is given up" in page_text(client.get(own))


def test_the_list_shows_who_registered_in_their_order_with_their_answers(
    project: Flask, organiser: FlaskClient, client: FlaskClient
):
    meal = QuestionDraft(None, "choice", {"en": "Meal"}, [{"en": "Fish"}, {"en": "Beans"}])
    _, token = make_open(project, questions=[meal])
    name = next(each for each in read_fields(client.get(f"/register/{token}")) if each.startswith("answer-"))
    register(client, token, **{name: "1"})
    for other in ("ben", "cleo"):
        register(client, token, name=other, email=f"{other}@example.org")
    rows = read_table(organiser.get(f"{DESK}/list"), "In the order of registration")
    assert [row[1:5] for row in rows[1:]] == [
        ["Ann", "ann@example.org", "Library Lithuania", "Not confirmed until 22 November 2026, 14:00"],
        ["ben", "ben@example.org", "Library Lithuania", "Not confirmed until 22 November 2026, 14:00"],
        ["cleo", "cleo@example.org", "Library Lithuania", "On the waiting list"],
    ]
    assert rows[1][5] == "Meal Beans"
    waiting = organiser.get(f"{DESK}/list?status=waitlisted")
    assert [row[1] for row in read_table(waiting, "In the order")[1:]] == ["cleo"]
    tallies = [link for link in links_of(waiting) if re.search(r" \d$", link)]
    assert tallies == ["Not confirmed 2", "On the waiting list 1"]
    assert organiser.get(f"{DESK}/list?status=gone").status_code == 422
    assert page_text(organiser.get(f"{DESK}/list?status=expired")).count("Nobody who registered has this state.") == 1
    assert organiser.get(f"{DESK}/list?per_page=101").status_code == 422


def test_one_place_is_cancelled_after_a_page_that_says_what_happens(
    project: Flask, organiser: FlaskClient, client: FlaskClient
):
    _, token = make_open(project, {"capacity": 1})
    for other in ("ann", "ben"):
        register(client, token, name=other, email=f"{other}@example.org")
    with project.app_context():
        number = db.session.scalars(select(Participation.id).where(Participation.name == "ann")).one()
    assert "The person loses the place" in page_text(organiser.get(f"{DESK}/list/{number}/cancel"))
    assert send_form(organiser, f"{DESK}/list/{number}/cancel").status_code == 302
    with project.app_context():
        statuses = db.session.scalars(select(Participation.status).order_by(Participation.id)).all()
        assert list(statuses) == ["cancelled", "offered"]
    assert organiser.post(f"{DESK}/list/{number + 7}/cancel").status_code == 404


@pytest.mark.parametrize(
    ("role", "organisation", "list_page", "edit_page"),
    [
        (Role.MANAGER, "", 200, 200),
        (Role.CONTROLLER, "lps", 200, 403),
        (Role.PARTNER, "lpro", 404, 403),
        (Role.VIEWER, "", 404, 403),
        (Role.AUDITOR, "", 404, 403),
        (None, "", 404, 404),
    ],
)
def test_names_and_the_form_are_open_to_whom_they_concern(
    project: Flask, role: Role | None, organisation: str, list_page: int, edit_page: int
):
    make_open(project)
    someone = sign_in_as(project, role, organisation)
    assert someone.get(f"{DESK}/list").status_code == someone.get(DESK).status_code == list_page
    assert someone.get(f"{DESK}/edit").status_code == edit_page
    assert someone.get(f"{DESK}/link").status_code == edit_page
    answer = someone.get(EVENT)
    if answer.status_code == 200:
        assert ("/register/" in answer.text) is (list_page == 200)


def test_registration_for_an_event_that_has_begun_cannot_be_opened(project: Flask, organiser: FlaskClient):
    plan(project, starts=datetime(2026, 3, 10, 10), ends=datetime(2026, 3, 10, 16))
    assert organiser.get(f"{DESK}/edit").location == DESK
    assert "only for a planned event that has not begun" in page_text(organiser.get(DESK))
    form = {"opens": "2026-03-01T10:00", "closes": "2026-03-09T10:00", "group": "unknown"}
    consent = {f"consent_{language}": "Yes" for language in ("en", "lt", "pl")}
    hours = {"confirm_hours": "48", "offer_hours": "24", "reminder_hours": "0", "largest_party": "1"}
    answer = organiser.post(f"{DESK}/edit", data={**form, **consent, **hours})
    assert answer.status_code == 409
    assert read_summary(answer)


def test_the_list_asks_the_database_a_constant_number_of_times(
    project: Flask, organiser: FlaskClient, client: FlaskClient
):
    _, token = make_open(project)

    def asked(address: str) -> int:
        with noted_queries(project) as statements:
            assert organiser.get(address).status_code == 200
        return len(statements)

    register(client, token)
    few = [asked(f"{DESK}/list"), asked(f"{DESK}/list?status=unconfirmed"), asked(DESK)]
    for number in range(6):
        register(client, token, email=f"{number}@example.org")
    assert [asked(f"{DESK}/list"), asked(f"{DESK}/list?status=unconfirmed"), asked(DESK)] == few
