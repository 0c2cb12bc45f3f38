"""Answering on a phone: screen by screen, back without loss, in each language, and stored once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import db, transaction
from portal.projects.models import Project
from portal.surveys.models import Response, Sitting, Token, Wave
from portal.surveys.services.answering import forget_sittings
from portal.surveys.services.tokens import issue_tokens
from tests.conftest import NOW
from tests.integration.pages import page_text, read_errors, read_fields, read_summary
from tests.integration.surveys.studies import INSTRUMENT, make_study, wave_of
from tests.make import PROJECT, make_project

LINK = "/survey/trust-baseline-token"
GROUPS, CODE, VIEWS, YOU = 1, 2, 3, 4


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey in three languages with a first wave that is open."""
    with app.app_context():
        make_project()
        return make_study()


def codes(app: Flask, study_id: int, number: int = 1) -> list[str]:
    """Personal codes of the first wave, as they stand in an address."""
    with app.app_context():
        return [each.replace("-", "") for each in issue_tokens(wave_of(study_id), number, now=NOW)]


def change_wave(app: Flask, **values: Any) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Wave).where(Wave.key == "baseline").values(**values))


def stored(app: Flask, table: Any) -> list[Any]:
    with app.app_context():
        rows = db.session.scalars(select(table)).all()
        db.session.expunge_all()
        db.session.remove()
    return list(rows)


def begin(client: FlaskClient, link: str = LINK, language: str = "en") -> TestResponse:
    return client.post(link, data={"language": language})


def fill(client: FlaskClient, number: int, link: str = LINK, go: str = "next", **answers: Any) -> TestResponse:
    """Send a screen with these answers (key -> text or texts)."""
    language = answers.pop("language", "en")
    fields = {f"a.{key}": value for key, value in answers.items()}
    return client.post(f"{link}/parts/{number}", data={"language": language, "go": go, **fields})


def send(client: FlaskClient, link: str = LINK, language: str = "en", key: str = "k" * 32) -> TestResponse:
    return client.post(f"{link}/send", data={"language": language, "form_key": key})


def answer_all(client: FlaskClient, link: str = LINK) -> TestResponse:
    begin(client, link)
    fill(client, GROUPS, link, country="LT")
    fill(client, CODE, link, c1="o", c2="v", c3="7")
    fill(client, VIEWS, link, q1="4", q2="5", q3="@dk")
    fill(client, YOU, link, met="no", years="12,50", why="It is fair.")
    return send(client, link)


def test_the_first_page_says_what_is_asked_and_promised_and_offers_the_languages(client: FlaskClient, study: int):
    answer = client.get(f"{LINK}?lang=lt")
    said = page_text(answer)
    assert "Trust (lt)" in said
    assert "I agree to take part. (lt)" in said
    assert '<html lang="lt">' in answer.text
    assert f'href="{LINK}/promise"' in answer.text
    assert "?lang=pl" in answer.text
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.get(f"{LINK}/promise?lang=pl").status_code == 200


def test_whoever_answers_every_screen_leaves_one_response_and_no_sitting(app: Flask, client: FlaskClient, study: int):
    answer = answer_all(client)
    assert answer.location == f"{LINK}/thanks"
    assert "Your answers are stored." in page_text(client.get(answer.location))
    [row] = stored(app, Response)
    assert row.answers == {"q1": 4, "q2": 5, "q3": "@dk", "met": "no", "years": "12.5", "why": "It is fair."}
    assert row.groups == {"country": "LT"}
    assert (row.language, row.day, row.source) == ("en", date(2026, 11, 20), "web")
    assert len(row.pairing) == 3
    assert row.row_key == row.id
    assert stored(app, Sitting) == []


def test_screens_lead_on_and_back_and_show_what_was_answered(client: FlaskClient, study: int):
    begin(client)
    assert fill(client, GROUPS, country="PL").location == f"{LINK}/parts/2"
    assert fill(client, CODE).location == f"{LINK}/parts/3"
    assert fill(client, VIEWS, go="back", q1="2").location == f"{LINK}/parts/2"
    assert read_fields(client.get(f"{LINK}/parts/{VIEWS}"))["a.q1"] == "2"
    assert read_fields(client.get(f"{LINK}/parts/{GROUPS}"))["a.country"] == "PL"
    assert fill(client, GROUPS, go="back", country="PL").location == LINK
    assert "Part 3 of 4" in page_text(client.get(f"{LINK}/parts/{VIEWS}"))
    assert fill(client, YOU).location == f"{LINK}/send"


def test_the_language_can_be_changed_in_the_middle_without_loss(app: Flask, client: FlaskClient, study: int):
    begin(client)
    answer = fill(client, VIEWS, go="pl", q1="5")
    assert answer.location == f"{LINK}/parts/3?lang=pl"
    page = client.get(answer.location)
    assert "People deserve a second chance. (pl)" in page_text(page)
    assert read_fields(page)["a.q1"] == "5"
    assert read_fields(page)["language"] == "pl"
    send(client, language="pl")
    assert [row.language for row in stored(app, Response)] == ["pl"]


def test_an_answer_opens_another_question_on_the_same_page_and_a_changed_one_closes_it(
    app: Flask, client: FlaskClient, study: int
):
    begin(client)
    assert "Where? (en)" not in page_text(client.get(f"{LINK}/parts/{YOU}"))
    answer = fill(client, YOU, met="yes")
    assert answer.location == f"{LINK}/parts/4?more=1"
    assert "Where? (en)" in page_text(client.get(answer.location))
    assert fill(client, YOU, met="yes", where=["other", "work"]).location == f"{LINK}/send"
    assert stored(app, Sitting)[0].answers["where"] == ["work", "other"]
    fill(client, YOU, met="no", where=["work"])
    assert stored(app, Sitting)[0].answers == {"met": "no"}


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
        (CODE, {"c1": "Ona"}, "Enter at most 2 letters or digits."),
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


def test_a_survey_in_two_languages_is_shown_in_its_first_to_others(app: Flask, client: FlaskClient):
    with app.app_context():
        make_project()
        make_study(INSTRUMENT._replace(languages=("lt", "pl")))
    answer = client.get(LINK, headers={"Accept-Language": "en"})
    assert '<html lang="lt">' in answer.text
    assert client.get(f"{LINK}?lang=en").status_code == 422


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
    assert late.status_code == 409
    assert said in page_text(late)
    assert send(client).status_code == 409
    assert begin(app.test_client()).status_code == 409
    assert [row.answers for row in stored(app, Sitting)] == [{"q1": 4}]
    assert stored(app, Response) == []


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
    assert "Nothing is answered yet." in page_text(answer)
    assert len(stored(app, Token)) == 1


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


def test_a_code_opens_the_survey_once_however_it_is_typed(app: Flask, client: FlaskClient, study: int):
    change_wave(app, has_open_link=False)
    [code] = codes(app, study)
    assert client.get(LINK).location == f"{LINK}/code"
    assert begin(client).location == f"{LINK}/code"
    wrong = client.post(f"{LINK}/code", data={"language": "en", "code": "AAAA-AAAA-AAAA-AAAA"})
    assert (wrong.status_code, list(read_errors(wrong))) == (422, ["code"])
    typed = f"{code[:4]} {code[4:8].lower()}-{code[8:]}"
    assert client.post(f"{LINK}/code", data={"language": "en", "code": typed}).location == f"/survey/{code}"
    assert answer_all(client, f"/survey/{code}").location == f"{LINK}/thanks"
    assert client.get(f"/survey/{code}").status_code == 404
    assert "used already" in page_text(client.get(f"/survey/{code}"))


def test_ten_presses_of_one_person_at_once_store_one_response(app: Flask, study: int):
    [code] = codes(app, study)
    client = app.test_client()
    begin(client, f"/survey/{code}")
    fill(client, VIEWS, f"/survey/{code}", q1="4")
    cookie = client.get_cookie("survey", path=f"/survey/{code}")
    assert cookie is not None

    def press(number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("survey", cookie.value, path=f"/survey/{code}")
        return send(browser, f"/survey/{code}", key="a" * 32).status_code

    assert together(press) == [303] * 10
    assert (len(stored(app, Response)), stored(app, Token)) == (1, [])


def test_ten_people_with_one_code_at_once_store_one_response(app: Flask, study: int):
    [code] = codes(app, study)
    browsers = [app.test_client() for _each in range(10)]
    for browser in browsers:
        begin(browser, f"/survey/{code}")
        fill(browser, VIEWS, f"/survey/{code}", q1="4")
    answers = together(lambda number: send(browsers[number], f"/survey/{code}", key=f"{number}" * 32).status_code)
    assert sorted(answers) == [303] + [404] * 9
    assert (len(stored(app, Response)), stored(app, Token)) == (1, [])


def test_ten_different_presses_of_one_sitting_by_the_open_link_store_one_response(app: Flask, study: int):
    client = app.test_client()
    begin(client)
    fill(client, VIEWS, q1="4")
    cookie = client.get_cookie("survey", path=LINK)
    assert cookie is not None

    def press(number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("survey", cookie.value, path=LINK)
        return send(browser, key=f"{number}" * 32).status_code

    assert sorted(together(press)) == [303] + [409] * 9
    assert len(stored(app, Response)) == 1


def together(act: Any) -> list[int]:
    """What each of ten threads is answered at the same moment."""
    barrier = threading.Barrier(10)

    def act_together(number: int) -> int:
        barrier.wait()
        return int(act(number))

    with ThreadPoolExecutor(10) as threads:
        return list(threads.map(act_together, range(10)))


def test_the_same_press_again_leads_to_the_thanks_again(app: Flask, client: FlaskClient, study: int):
    first = answer_all(client)
    assert send(client).location == first.location
    assert len(stored(app, Response)) == 1
    assert send(client, key="b" * 32).status_code == 409


def test_a_sitting_is_gone_on_with_on_the_same_device_or_begun_anew(app: Flask, client: FlaskClient, study: int):
    begin(client)
    fill(client, VIEWS, q1="4")
    assert "You have begun to answer on this device." in page_text(client.get(LINK))
    begin(client)
    assert [row.answers for row in stored(app, Sitting)] == [{"q1": 4}]
    client.post(LINK, data={"language": "en", "anew": "1"})
    assert [row.answers for row in stored(app, Sitting)] == [{}]


def test_nobody_goes_on_with_the_sitting_of_another_browser(app: Flask, client: FlaskClient, study: int):
    begin(client)
    other = app.test_client()
    assert other.get(f"{LINK}/parts/1").location == LINK
    assert fill(other, VIEWS, q1="1").status_code == 409
    assert stored(app, Sitting)[0].answers == {}


def test_a_sitting_that_is_not_touched_for_a_week_is_deleted(app: Flask, client: FlaskClient, study: int):
    begin(client)
    with app.app_context():
        forget_sittings(NOW + timedelta(days=7))
    assert len(stored(app, Sitting)) == 1
    with app.app_context():
        forget_sittings(NOW + timedelta(days=8))
    assert stored(app, Sitting) == []
    assert fill(client, VIEWS, q1="1").status_code == 409
    clock.stand_still(NOW)


def test_a_random_order_stays_the_same_in_a_sitting(app: Flask, client: FlaskClient):
    sections = tuple(each._replace(is_random=True) for each in INSTRUMENT.sections)
    with app.app_context():
        make_project()
        make_study(INSTRUMENT._replace(sections=sections))
    orders = set()
    for _each in range(12):
        browser = app.test_client()
        begin(browser)
        first, again = (browser.get(f"{LINK}/parts/{VIEWS}").text for _time in range(2))
        places = [
            tuple(sorted(("q1", "q2", "q3"), key=lambda key: text.index(f'id="a.{key}"'))) for text in (first, again)
        ]
        assert places[0] == places[1]
        orders.add(places[0])
    assert len(orders) > 1


@pytest.mark.parametrize("page", ["", "/promise", "/code", "/parts/1", "/send", "/thanks"])
def test_a_link_that_leads_nowhere_is_not_found(client: FlaskClient, app: Flask, page: str):
    assert client.get(f"/survey/nothing{page}").status_code == 404


def test_a_screen_that_is_not_there_is_not_found(client: FlaskClient, study: int):
    begin(client)
    assert client.get(f"{LINK}/parts/9").status_code == 404
    assert fill(client, 9, q1="1").status_code == 404
