"""What is said to whoever types a paper form the second time and reads it otherwise than the first person did."""

from flask import Flask
from flask.testing import FlaskClient

from portal.surveys.models import PaperSheet, Response
from portal.surveys.services.studies import begin_version, publish
from portal.surveys.services.waves import decide_wave
from tests.conftest import NOW
from tests.integration.pages import find_all, links_of, page_text, read_errors, read_fields, read_page, send_form
from tests.integration.surveys.papers import type_once
from tests.integration.surveys.phones import stored
from tests.integration.surveys.studies import wave_of
from tests.make import PROJECT

PAPER = f"/projects/{PROJECT}/surveys/trust/waves/baseline/paper"


def type_second(app: Flask, browser: FlaskClient, number: int, **answers: str) -> str:
    """Type in the form with this number after somebody has read only 4 at q1; return where that leads."""
    with app.app_context():
        type_once(1, number, "4")
    sent = send_form(browser, f"{PAPER}/{number}/type", consent="y", **answers)
    assert sent.status_code == 302
    return str(sent.location)


def test_it_says_that_both_typings_are_stored_and_leads_to_their_differences(
    app: Flask, study: int, researcher: FlaskClient
):
    answers = {"answer_q1": "5", "answer_q2": "3", "group_country": "LT"}
    told = researcher.get(type_second(app, researcher, 17, **answers))
    assert "Both typings of form 17 are stored; they differ in 3 answers." in page_text(told)
    assert "Not done" not in page_text(told)
    assert list(find_all(read_page(told), "div", role="alert")) == []
    links = [
        link.attributes["href"]
        for notice in find_all(read_page(told), "div", role="status")
        for link in find_all(notice, "a")
    ]
    assert links == [f"{PAPER}/17/settle"]
    assert researcher.get(links[0]).status_code == 200
    assert len(stored(app, PaperSheet)) == 1
    assert stored(app, Response) == []


def test_it_says_so_of_one_answer_until_that_is_settled(app: Flask, study: int, researcher: FlaskClient):
    address = type_second(app, researcher, 1018, answer_q1="5")
    page = researcher.get(address)
    assert "Both typings of form 1,018 are stored; they differ in 1 answer." in page_text(page)
    assert links_of(page)["Settle the differences"] == f"{PAPER}/1018/settle"
    assert send_form(researcher, f"{PAPER}/1018/settle", answer_q1="first").status_code == 302
    assert "they differ in" not in page_text(researcher.get(address))


def test_an_address_of_no_such_form_says_nothing(app: Flask, study: int, researcher: FlaskClient):
    assert "differs" not in type_second(app, researcher, 3, answer_q1="4")
    for stated in ("3", "4", "x", "²", "", "9" * 30):
        page = researcher.get(f"{PAPER}?differs={stated}")
        assert (page.status_code, "they differ in" in page_text(page)) == (200, False)


def test_how_wide_the_space_in_a_text_is_makes_no_difference(app: Flask, study: int, researcher: FlaskClient):
    with app.app_context():
        type_once(1, 5, "4", why="It is  fair ,\nI think")
    sent = send_form(researcher, f"{PAPER}/5/type", consent="y", answer_q1="4", answer_why="It is fair , I  think ")
    assert "differs" not in str(sent.location)
    [response] = stored(app, Response)
    assert response.answers == {"q1": 4, "why": "It is fair , I  think"}


def test_questions_have_the_numbers_of_the_paper(app: Flask, study: int, researcher: FlaskClient):
    said = page_text(researcher.get(f"{PAPER}/6/type?language=lt", follow_redirects=True))
    assert "1. People deserve a second chance. (lt)" in said
    assert "7. Why? (lt)" in said
    address = type_second(app, researcher, 6, answer_q1="4", answer_years="3")
    assert "6. How many years? (en)" in page_text(researcher.get(f"{PAPER}/6/settle"))
    assert "they differ in 1 answer" in page_text(researcher.get(address))


def test_a_number_that_cannot_be_is_to_be_left_out_where_the_paper_says_so(
    app: Flask, study: int, researcher: FlaskClient
):
    refused = send_form(researcher, f"{PAPER}/7/type", consent="y", answer_years="500")
    assert read_errors(refused)["answer_years"].endswith("at most 99. If the paper says more, leave it empty.")


def test_the_language_is_explained_and_the_second_typing_is_told_the_first_ones(
    app: Flask, study: int, researcher: FlaskClient
):
    assert "The one in which it was filled in; if you cannot tell, the first on the paper." in page_text(
        researcher.get(PAPER)
    )
    told = "Language of the paper, as the first typing says: English."
    page = researcher.get(f"{PAPER}?number=8&language=pl", follow_redirects=True)
    assert told not in page_text(page)
    with app.app_context():
        type_once(1, 8, "4")
    page = researcher.get(f"{PAPER}?number=8&language=pl", follow_redirects=True)
    assert told in page_text(page)
    assert links_of(page)["If that is wrong, let the form be typed anew."] == f"{PAPER}/8/remove"


def test_who_settles_what_is_settled_by_now_sees_the_message_and_the_way_back(
    app: Flask, study: int, researcher: FlaskClient
):
    type_second(app, researcher, 9, answer_q1="5")
    open_still = researcher.get(f"{PAPER}/9/settle")
    assert send_form(researcher, f"{PAPER}/9/settle", answer_q1="first").status_code == 302
    late = researcher.post(
        f"{PAPER}/9/settle", data={**read_fields(open_still), "form_key": "k" * 32, "answer_q1": "second"}
    )
    assert late.status_code == 409
    assert "The answers of form 9 are stored already." in page_text(late)
    assert "Store the answers" not in page_text(late)
    assert PAPER in links_of(late).values()


def test_a_page_that_was_open_on_another_version_stores_nothing_and_can_be_sent_again(
    app: Flask, study: int, researcher: FlaskClient
):
    page = researcher.get(f"{PAPER}/11/type?language=en", follow_redirects=True)
    fields = {**read_fields(page), "consent": "y", "answer_q1": "4"}
    with app.app_context():
        begin_version(study, {"why": ""}, now=NOW)
        publish(study, version=1, now=NOW)
        decide_wave(wave_of(study), "closed", version=1, now=NOW)
    # Whatever else is wrong with it: that the questions are others is said, and first.
    for changes in ({}, {"consent": ""}):
        late = researcher.post(page.request.full_path, data={**fields, **changes})
        assert late.status_code == 409
        assert "The wave asks another version of the questionnaire since you opened this page." in page_text(late)
        assert read_fields(late)["answer_q1"] == "4"
        assert "answer_why" not in read_fields(late)
    assert stored(app, PaperSheet) == []
    sent = researcher.post(page.request.full_path, data={**read_fields(late), "consent": "y"})
    assert sent.status_code == 302
    assert [sheet.first["answers"] for sheet in stored(app, PaperSheet)] == [{"q1": 4}]
