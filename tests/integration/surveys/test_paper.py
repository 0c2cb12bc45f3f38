"""Paper forms: typed in twice by two people, the differences settled, each stored once."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import Base, db, transaction
from portal.projects.models import Project
from portal.surveys.models import PaperSheet, Response, Wave
from tests.integration.pages import find_all, page_text, read_errors, read_fields, read_page, read_table, send_form
from tests.integration.surveys.studies import make_study, wave_of
from tests.make import PROJECT, make_project, make_user, noted_queries, sign_in, sign_in_as

PAPER = f"/projects/{PROJECT}/surveys/trust/waves/baseline/paper"
TYPED: dict[str, Any] = {
    "consent": "y",
    "group_country": "LT",
    "code_c1": "a",
    "code_c2": "š",
    "code_c3": "7",
    "answer_q1": "4",
    "answer_q2": "@dk",
    "answer_met": "yes",
    "answer_where": ["work", "other"],
    "answer_years": "2.5",
    "answer_why": "Ąžuolas,\nłąka",
}
ANSWERS = {"q1": 4, "q2": "@dk", "met": "yes", "where": ["work", "other"], "years": "2.5", "why": "Ąžuolas,\nłąka"}


@pytest.fixture
def first(app: Flask) -> FlaskClient:
    """The browser of the researcher; the survey is published."""
    with app.app_context():
        make_project()
        make_study()
    return sign_in_as(app, Role.RESEARCHER)


@pytest.fixture
def second(app: Flask, first: FlaskClient) -> FlaskClient:
    """The browser of somebody of a partner."""
    return sign_in_as(app, Role.PARTNER, "lps")


def typed(browser: FlaskClient, number: int = 17, language: str = "lt", **changes: Any) -> Any:
    return send_form(browser, f"{PAPER}?number={number}&language={language}", **{**TYPED, **changes})


def responses(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response)))


def sheets(app: Flask) -> list[PaperSheet]:
    with app.app_context():
        return list(db.session.scalars(select(PaperSheet).order_by(PaperSheet.number)))


def states(browser: FlaskClient) -> dict[str, str]:
    return {row[0]: row[2] for row in read_table(browser.get(PAPER), "Paper forms by their numbers")[1:]}


def test_two_typings_that_agree_are_one_response(app, first, second):
    assert typed(first).status_code == 302
    assert (states(second), responses(app)) == ({"17": "Typed in once"}, [])
    assert typed(second).status_code == 302
    assert states(first) == {"17": "Typings agree"}
    [stored] = responses(app)
    assert (stored.answers, stored.groups, stored.language) == (ANSWERS, {"country": "LT"}, "lt")
    assert (stored.source, stored.weight_micros) == ("paper", None)
    assert len(stored.pairing) == 3
    assert all(len(each) == 16 for each in stored.pairing)
    [sheet] = sheets(app)
    assert sheet.first == sheet.second == {"answers": {}, "groups": {}, "pairing": [], "respondent": ""}


def test_the_second_typing_is_another_persons_and_does_not_see_the_first(app, first, second):
    typed(first)
    again = first.get(f"{PAPER}?number=17&language=lt")
    assert again.status_code == 409
    assert "Someone else must type it the second time." in page_text(again)
    assert first.get(f"{PAPER}/17/type", follow_redirects=True).status_code == 409
    page = second.get(f"{PAPER}/17/type", follow_redirects=True)
    fields = read_fields(page)
    assert {fields[name] or "" for name in fields if name.startswith("answer_") and name != "answer_where"} == {""}
    assert "Second typing" in page_text(page)


def test_a_form_that_was_open_before_does_not_make_a_second_typing_by_the_same_person(app, first):
    page = first.get(f"{PAPER}/17/type?language=lt", follow_redirects=True)
    typed(first)
    late = first.post(page.request.full_path, data={**read_fields(page), **TYPED})
    assert late.status_code == 409
    assert [sheet.second for sheet in sheets(app)] == [None]


def test_differences_are_listed_item_by_item_and_settled_once(app, first, second):
    typed(first)
    typed(second, answer_q1="5", answer_why="Ąžuolas", group_country="PL", code_c3="8", answer_q3="1")
    assert states(first) == {"17": "Typings differ"}
    assert responses(app) == []
    page = first.get(f"{PAPER}/17/settle")
    choices = [each.attributes["id"] for each in find_all(read_page(page), "fieldset")]
    assert choices == ["group_country", "answer_q1", "answer_q3", "answer_why"]
    assert [name for name in read_fields(page) if name.startswith("code_")] == ["code_c3"]
    said = page_text(page)
    assert "First typing: 4" in said
    assert "Second typing: 5" in said
    assert "First typing: Not answered" in said
    refused = send_form(first, f"{PAPER}/17/settle", answer_q1="second")
    assert refused.status_code == 422
    assert set(read_errors(refused)) == {"group_country", "answer_q3", "answer_why"}
    assert responses(app) == []
    decided = {"group_country": "first", "answer_q1": "second", "answer_q3": "first", "answer_why": "first"}
    late = first.get(f"{PAPER}/17/settle")
    assert send_form(second, f"{PAPER}/17/settle", code_c3="7", **decided).status_code == 302
    [stored] = responses(app)
    assert (stored.answers, stored.groups) == ({**ANSWERS, "q1": 5}, {"country": "LT"})
    assert states(first) == {"17": "Settled"}
    sent = first.post(f"{PAPER}/17/settle", data={**read_fields(late), **decided, "code_c3": "8"})
    assert sent.status_code == 409
    assert [row.answers for row in responses(app)] == [{**ANSWERS, "q1": 5}]


def test_the_code_that_is_settled_is_that_of_a_form_typed_rightly(app, first, second):
    typed(first, code_c3="9")
    typed(second)
    send_form(first, f"{PAPER}/17/settle", code_c3="07")
    typed(first, number=18)
    typed(second, number=18)
    one, other = (each.pairing for each in responses(app))
    assert one == other


def test_a_choice_that_hides_an_answer_is_refused(app, first, second):
    typed(first)
    typed(second, answer_met="no", answer_where=[])
    refused = send_form(first, f"{PAPER}/17/settle", answer_met="second", answer_where="first")
    assert refused.status_code == 422
    assert set(read_errors(refused)) == {"answer_where"}
    assert send_form(first, f"{PAPER}/17/settle", answer_met="second", answer_where="second").status_code == 302
    assert [row.answers["met"] for row in responses(app)] == ["no"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer_q1": "6"}, "answer_q1"),
        ({"answer_years": "100"}, "answer_years"),
        ({"answer_years": "many"}, "answer_years"),
        ({"answer_met": "no"}, "answer_where"),
        ({"answer_where": ["work", "@dk"]}, "answer_where"),
        ({"answer_why": "x" * 2001}, "answer_why"),
        ({"code_c1": "abc"}, "code_c1"),
        ({"group_country": "DE"}, "group_country"),
        ({"consent": ""}, "consent"),
    ],
)
def test_what_cannot_stand_on_the_paper_is_said_at_its_field(app, first, changes, field):
    refused = typed(first, **changes)
    assert refused.status_code == 422
    assert set(read_errors(refused)) == {field}
    assert sheets(app) == []


def test_a_form_on_which_nothing_is_answered_is_refused(app, first):
    refused = typed(first, **{name: "" for name in TYPED if name.startswith("answer_")} | {"answer_where": []})
    assert (refused.status_code, sheets(app)) == (422, [])
    assert "No question is answered." in page_text(refused)


def test_numbers_and_texts_take_typed_missing_values(app, first, second):
    for browser in (first, second):
        typed(browser, answer_years="dk", answer_why="Refused")
    [stored] = responses(app)
    assert (stored.answers["years"], stored.answers["why"]) == ("@dk", "@no")


@pytest.mark.parametrize("asked", ["number=0&language=lt", "number=x&language=lt", "number=3&language=de", "number="])
def test_a_number_or_language_that_cannot_be_is_refused(first, asked):
    assert first.get(f"{PAPER}?{asked}").status_code == 422


def test_a_wrong_typing_is_taken_away_until_the_answers_are_stored(app, first, second):
    typed(first)
    assert send_form(second, f"{PAPER}/17/remove").status_code == 302
    assert sheets(app) == []
    typed(first)
    typed(second)
    assert first.get(f"{PAPER}/17/remove").status_code == 409
    assert len(responses(app)) == 1


def test_the_questions_are_asked_in_the_language_of_the_paper(first):
    page = first.get(f"{PAPER}/3/type?language=pl", follow_redirects=True)
    assert "People deserve a second chance. (pl)" in page_text(page)
    assert "Trudno powiedzieć" in page_text(page) or "(en)" not in page_text(page)


def test_closed_waves_take_paper_and_closed_projects_do_not(app, first, second):
    with app.app_context(), transaction() as session:
        study = session.scalar(select(Wave.study_id)) or 0
        session.get_one(Wave, wave_of(study)).by_hand = "closed"
    typed(first)
    typed(second)
    assert len(responses(app)) == 1
    page = first.get(f"{PAPER}/18/type?language=lt", follow_redirects=True)
    with app.app_context(), transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    assert first.post(page.request.full_path, data={**read_fields(page), **TYPED}).status_code == 409
    assert first.get(f"{PAPER}/19/type", follow_redirects=True).status_code == 409
    assert first.get(PAPER).status_code == 200
    assert len(sheets(app)) == 1


def test_the_audit_says_which_form_and_nothing_of_what_stands_on_it(app, first, second):
    typed(first)
    typed(second, answer_q1="5")
    send_form(first, f"{PAPER}/17/settle", answer_q1="first")
    with app.app_context():
        entries = db.session.execute(select(AuditEntry.action, AuditEntry.changes).order_by(AuditEntry.id)).all()
    mine = [(action, changes) for action, changes in entries if action.startswith("paper_")]
    assert [action for action, _ in mine] == ["paper_typed", "paper_typed", "paper_settled"]
    assert all(set(changes) == {"wave", "number"} for _, changes in mine)
    assert "uolas" not in json.dumps([list(each) for each in entries])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR, Role.PROGRAMME])
def test_who_types_no_paper_sees_none(app, first, role):
    other = sign_in_as(app, role)
    assert other.get(PAPER).status_code == 403
    assert other.get(f"{PAPER}/1/type").status_code == 403


def test_what_is_not_there_or_not_published_is_not_typed(app, first):
    assert first.get(f"{PAPER}/17/settle").status_code == 404
    assert first.get(PAPER.replace("baseline", "middle")).status_code == 404
    with app.app_context():
        make_study(key="draft", is_published=False)
    assert first.get(PAPER.replace("trust", "draft")).status_code == 409


def test_nothing_of_a_stored_form_tells_which_form_it_was(app, first, second):
    typed(first)
    typed(second)
    [stored] = responses(app)
    assert (stored.row_key, stored.day) == (stored.id, None)
    with app.app_context():
        everything = [
            str([dict(row) for row in db.session.execute(select(table)).mappings()])
            for table in Base.metadata.sorted_tables
            if table.name != "survey_responses"
        ]
    assert not [each for each in everything if stored.id in each]


def test_a_list_of_forms_is_cut_in_pages_and_tells_no_few_stored_answers(app, first):
    with app.app_context(), transaction() as session:
        for number in range(1, 61):
            sheet = PaperSheet(wave_id=wave_of(1), number=number, language="en", first={"a": 1}, first_by=1)
            # Up to 9 agree, up to 21 are settled, up to 33 differ, the others were typed once.
            if number <= 33:
                sheet.second, sheet.second_by = ({"a": 1} if number <= 9 else {"a": 2}), 2
            sheet.is_settled = 9 < number <= 21
            session.add(sheet)
    page = first.get(PAPER)
    said = page_text(page)
    assert "Typed in once: 27 · Typings differ: 12 · Typings agree: fewer than 10 · Settled: 12" in said
    assert list(states(first)) == [str(number) for number in range(1, 51)]
    rest = read_table(first.get(f"{PAPER}?page=2"), "Paper forms by their numbers")
    assert [row[0] for row in rest[1:]] == [str(number) for number in range(51, 61)]
    with noted_queries(app) as statements:
        first.get(PAPER)
    about = [each for each in statements if "FROM paper_sheets" in each]
    # What was typed is not read for a list.
    assert [" LIMIT " in each.replace("\n", " ") for each in about].count(True) == 1
    assert not [each for each in about if "paper_sheets.id" in each]


def test_a_third_person_types_nothing_more(app, first, second):
    typed(first)
    page = second.get(f"{PAPER}/17/type", follow_redirects=True)
    with app.app_context():
        third = make_user(Role.MANAGER, email="third@example.org")
    typed(sign_in(app.test_client(), third), answer_q1="1")
    assert second.post(page.request.full_path, data={**read_fields(page), **TYPED}).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == 0
