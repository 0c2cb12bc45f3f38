"""Answering on a phone: screen by screen, back without loss, in each language."""

import secrets
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.surveys.models import Response, Sitting
from portal.surveys.services.answering import forget_sittings
from tests.conftest import NOW
from tests.integration.pages import page_text, read_fields
from tests.integration.surveys.phones import (
    CODE,
    GROUPS,
    LINK,
    VIEWS,
    YOU,
    answer_all,
    begin,
    change_wave,
    fill,
    send,
    stored,
)
from tests.integration.surveys.studies import INSTRUMENT, make_study
from tests.make import make_project


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


def test_a_survey_in_two_languages_is_shown_in_its_first_to_others(app: Flask, client: FlaskClient):
    with app.app_context():
        make_project()
        make_study(INSTRUMENT._replace(languages=("lt", "pl")))
    answer = client.get(LINK, headers={"Accept-Language": "en"})
    assert '<html lang="lt">' in answer.text
    assert client.get(f"{LINK}?lang=en").status_code == 422


def test_a_link_is_typed_in_capitals_and_blocks_as_well(app: Flask, client: FlaskClient, study: int):
    change_wave(app, token="k7qf3mxtp0")
    for typed in ("K7QF3MXTP0", "k7qf3-mxtp0", "K7QF3-MXTPO"):
        assert client.get(f"/survey/{typed}").location == "/survey/k7qf3mxtp0"
    assert client.get("/survey/k7qf3mxtp0").status_code == 200


def test_letters_of_the_code_are_the_same_with_and_without_marks(app: Flask, client: FlaskClient, study: int):
    for typed in ("š", "S", "s\u030c"):
        begin(client)
        fill(client, CODE, c1=typed, c3="07")
        fill(client, VIEWS, q1="4")
        send(client, key=secrets.token_hex(16))
    rows = stored(app, Response)
    assert len(rows) == 3
    assert len({tuple(row.pairing) for row in rows}) == 1


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


def test_who_gives_few_parts_of_the_code_is_told_and_goes_on(app: Flask, client: FlaskClient, study: int):
    told = "With so few parts of your code, your answers of both times cannot be joined."
    begin(client)
    assert told not in page_text(client.get(f"{LINK}/parts/{CODE}"))
    after = fill(client, CODE, c1="o")
    assert after.location == f"{LINK}/parts/{VIEWS}"
    assert told in page_text(client.get(after.location))
    fill(client, VIEWS, q1="4")
    assert told not in page_text(client.get(f"{LINK}/parts/{YOU}"))
    # Two of the three must agree.
    fill(client, CODE, c1="o", c3="7")
    assert told not in page_text(client.get(f"{LINK}/parts/{VIEWS}"))
    assert send(client).location == f"{LINK}/thanks"
    [row] = stored(app, Response)
    assert [bool(each) for each in row.pairing] == [True, False, True]
