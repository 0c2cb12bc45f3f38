"""The form of a question: which questions it may hang on, where faults stand, and which key a new one is offered."""

from flask import Flask
from flask.testing import FlaskClient

from tests.integration.pages import find_all, links_of, page_text, read_errors, read_fields, read_page, send_form
from tests.integration.surveys.editing import ITEMS, TRUST, stored


def offered(browser: FlaskClient, address: str) -> list[str]:
    """The keys of the questions after which the question may be shown."""
    page = read_page(browser.get(address, follow_redirects=True))
    selects = list(find_all(page, "select", name="show_item"))
    return [
        each.attributes["value"] or ""
        for select in selects
        for each in find_all(select, "option")
        if each.attributes["value"]
    ]


def test_only_questions_that_are_asked_before_are_offered(draft: FlaskClient):
    assert offered(draft, f"{ITEMS}/q1/edit") == []
    assert offered(draft, f"{ITEMS}/where/edit") == ["q1", "q2", "q3", "met"]
    assert offered(draft, f"{ITEMS}/new?kind=text&section=views") == ["q1", "q2", "q3"]
    # One that is in no section yet may go to the last one; free text cannot be looked at.
    assert offered(draft, f"{ITEMS}/new?kind=text") == ["q1", "q2", "q3", "met", "where", "years"]


def test_what_is_chosen_stays_offered_where_questions_were_moved(app: Flask, draft: FlaskClient):
    moved = {"kind": "single", "choices": "a = One", "section": "views"}
    refused = send_form(draft, f"{ITEMS}/where/edit?kind=single", **moved)
    assert set(read_errors(refused)) == {"show_item"}
    assert read_fields(refused)["show_item"] == "met"
    assert stored(app).item("where").section == "you"


def test_lines_that_are_no_choices_are_named_together_once(draft: FlaskClient):
    page = send_form(draft, f"{ITEMS}/met/edit", choices="Yes, often\nno = No\nNever")
    assert page.status_code == 422
    said = read_errors(page)["choices"]
    assert said.count("Write each answer on a line of its own") == 1
    assert said.endswith("This is not so: Yes, often; Never")


def test_a_new_question_is_not_offered_the_key_of_one_that_was_published(study: int, researcher: FlaskClient):
    assert send_form(researcher, f"{TRUST}/versions/begin").status_code == 302
    assert send_form(researcher, f"{ITEMS}/q3/remove").status_code == 302
    page = researcher.get(f"{ITEMS}/new?kind=text", follow_redirects=True)
    assert read_fields(page)["key"] == "q4", page_text(page)


def test_a_new_question_on_a_scale_is_said_to_wait_for_a_scale(app: Flask, draft: FlaskClient):
    in_no_scale = "Added. It belongs to no scale yet"
    for kind, is_said in (("likert", True), ("text", False)):
        typed = {"key": kind, "text": "Would you help?"}
        sent = send_form(draft, f"{ITEMS}/new?kind={kind}", **typed)
        assert sent.status_code == 302, read_errors(sent)
        page = draft.get(sent.location)
        assert (in_no_scale in page_text(page)) == is_said
        assert (links_of(page).get("Go to the scales") == f"{TRUST}/questionnaire#scales") == is_said
    assert stored(app).item("likert")
