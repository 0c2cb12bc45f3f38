"""What the pages of a survey refuse: plainly, at its question, with nothing stored."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.core.db import transaction
from portal.projects.models import Project
from portal.surveys.models import Response, Sitting, Token
from tests.integration.pages import find_all, links_of, page_text, read_errors, read_page, read_summary
from tests.integration.surveys.phones import (
    CODE,
    GROUPS,
    LINK,
    VIEWS,
    YOU,
    begin,
    change_wave,
    codes,
    fill,
    send,
    stored,
)
from tests.integration.surveys.studies import INSTRUMENT, make_study
from tests.make import PROJECT, make_project


@pytest.mark.parametrize(
    ("number", "answers", "said"),
    [
        (VIEWS, {"q1": "6"}, "Choose one of the steps from 1 to 5."),
        (VIEWS, {"q1": "4.5"}, "Choose one of the steps from 1 to 5."),
        (VIEWS, {"q1": ["4", "5"]}, "Choose one answer only."),
        (VIEWS, {"q1": ["4", "@no"]}, "Give an answer or say why there is none, not both."),
        (YOU, {"met": "perhaps"}, "This is none of the answers that are offered."),
        (YOU, {"years": "many"}, "Enter a number in digits"),
        (YOU, {"years": "100"}, "Enter a number of at most 99."),
        (YOU, {"years": "-1"}, "Enter a number of at least 0."),
        (YOU, {"why": "x" * 2_001}, "Shorten this to 2000 characters."),
        (YOU, {"why": "x\x07"}, "control character"),
        (YOU, {"met": "no", "where": "work"}, "leave this question out"),
        (YOU, {"q1": "4"}, "does not ask this here"),
        (YOU, {"nothing": "4"}, "does not ask this here"),
        (GROUPS, {"country": "DE"}, "This is none of the answers that are offered."),
        (CODE, {"c1": "Ona"}, "Enter one letter only."),
        (CODE, {"c1": "7"}, "Enter one letter only."),
        (CODE, {"c3": "ą"}, "Enter a number from 1 to 31."),
        (CODE, {"c3": "32"}, "Enter a number from 1 to 31."),
        (CODE, {"c9": "o"}, "does not ask for this part of the code"),
        (VIEWS, {"q1": "4", "language": "de"}, "not asked in that language"),
    ],
)
def test_what_is_no_answer_is_refused_plainly_and_nothing_is_stored(
    app: Flask, client: FlaskClient, study: int, number: int, answers: dict[str, Any], said: str
):
    begin(client)
    answer = fill(client, number, **answers)
    assert answer.status_code == 422
    assert said in " ".join([*read_summary(answer), *read_errors(answer).values()])
    [row] = stored(app, Sitting)
    assert (row.answers, row.groups, row.pairing) == ({}, {}, [])


def test_five_megabytes_of_text_are_refused(app: Flask, client: FlaskClient, study: int):
    begin(client)
    assert fill(client, YOU, why="x" * 5_000_000).status_code == 413
    assert stored(app, Sitting)[0].answers == {}


def test_a_language_that_the_survey_does_not_speak_is_refused(app: Flask, client: FlaskClient, study: int):
    answer = client.get(f"{LINK}?lang=de")
    assert answer.status_code == 422
    assert "EN, LT, PL" in page_text(answer)
    assert begin(client, language="de").status_code == 422
    assert stored(app, Sitting) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"by_hand": "closed"}, "takes no more answers"),
        ({"last_day": date(2026, 11, 19)}, "takes no more answers"),
        ({"opens_on": date(2026, 11, 21)}, "does not take answers yet"),
    ],
)
def test_a_wave_that_is_not_open_says_so_and_stores_nothing(
    app: Flask, client: FlaskClient, study: int, changes: dict[str, Any], said: str
):
    begin(client)
    fill(client, VIEWS, q1="4")
    change_wave(app, **changes)
    assert said in page_text(client.get(LINK))
    assert client.get(f"{LINK}/parts/{VIEWS}").location == LINK
    late = fill(client, VIEWS, q1="1")
    for answer in (late, send(client), begin(app.test_client()), fill(app.test_client(), VIEWS, q1="1")):
        assert answer.status_code == 409
        assert said in page_text(answer)
        # A page that says so, and neither a form nor a fault.
        assert "Not done" not in page_text(answer)
        assert [*find_all(read_page(answer), "form"), *find_all(read_page(answer), "div", role="alert")] == []
    assert [row.answers for row in stored(app, Sitting)] == [{"q1": 4}]
    assert stored(app, Response) == []


def test_who_answers_while_the_wave_closes_is_told_calmly_in_the_language_of_the_form(
    app: Flask, client: FlaskClient, study: int
):
    begin(client, language="pl")
    fill(client, VIEWS, q1="4", language="pl")
    change_wave(app, by_hand="closed")
    late = send(client, language="pl")
    assert (late.status_code, '<html lang="pl">' in late.text) == (409, True)
    late = send(client, key="b" * 32)
    assert "The survey takes no more answers. Nothing was stored." in page_text(late)
    assert LINK not in links_of(late).values()
    change_wave(app, by_hand="open")
    assert send(client, key="c" * 32).status_code == 303
    assert len(stored(app, Response)) == 1


def test_what_was_sent_before_the_wave_closed_is_thanked_for_when_it_is_pressed_again(
    app: Flask, client: FlaskClient, study: int
):
    begin(client)
    fill(client, VIEWS, q1="4")
    first = send(client)
    change_wave(app, by_hand="closed")
    again = send(client)
    assert (again.status_code, again.location) == (303, first.location)


def test_a_closed_project_takes_no_answers(app: Flask, client: FlaskClient, study: int):
    begin(client)
    with app.app_context(), transaction() as session:
        session.execute(update(Project).where(Project.code == PROJECT).values(status="closed"))
    assert fill(client, VIEWS, q1="1").status_code == 409
    assert send(client).status_code == 409


def test_nothing_answered_is_not_sent_and_keeps_the_code(app: Flask, client: FlaskClient, study: int):
    [code] = codes(app, study)
    begin(client, f"/survey/{code}")
    answer = send(client, f"/survey/{code}")
    assert answer.status_code == 422
    assert page_text(answer).count("Nothing is answered yet.") == 1
    assert len(stored(app, Token)) == 1
    page = client.get(f"/survey/{code}/send")
    assert "Nothing is answered yet. Go back and answer at least one question" in page_text(page)
    assert "as they are" not in page_text(page)
    assert "Send my answers" not in page_text(page)
    fill(client, VIEWS, f"/survey/{code}", q1="4")
    assert "Send my answers" in page_text(client.get(f"/survey/{code}/send"))


def test_what_must_be_answered_is_asked_for_before_going_on_and_before_sending(app: Flask, client: FlaskClient):
    items = tuple(each._replace(is_required=each.key == "q2") for each in INSTRUMENT.items)
    with app.app_context():
        make_project()
        make_study(INSTRUMENT._replace(items=items))
    begin(client)
    assert read_errors(fill(client, VIEWS, q1="4")) == {"a.q2": "This question needs an answer. Answer it, then go on."}
    assert fill(client, VIEWS, go="back", q1="4").location == f"{LINK}/parts/2"
    assert send(client).status_code == 422
    fill(client, VIEWS, q1="4", q2="@no")
    assert send(client).status_code == 303


def test_a_question_and_what_is_wrong_with_its_answer_do_not_run_together(client: FlaskClient, study: int):
    begin(client)
    assert read_summary(fill(client, YOU, years="many"))[0].startswith("“How many years? (en)")


@pytest.mark.parametrize("page", ["", "/promise", "/code", "/parts/1", "/send", "/thanks"])
def test_a_link_that_leads_nowhere_is_not_found(client: FlaskClient, app: Flask, page: str):
    assert client.get(f"/survey/nothing{page}").status_code == 404


def test_a_screen_that_is_not_there_is_not_found(client: FlaskClient, study: int):
    begin(client)
    assert client.get(f"{LINK}/parts/9").status_code == 404
    assert fill(client, 9, q1="1").status_code == 404
