"""The poster of a survey and its questionnaire on paper."""

import pytest

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.surveys.models import Wave
from portal.surveys.rules.documents import Condition, Section
from tests.integration.pages import page_text
from tests.integration.reports.printed import read_pdf, text_of_page, text_of_pdf
from tests.integration.surveys.studies import INSTRUMENT, make_study, words
from tests.make import PROJECT, make_project, sign_in_as

WAVE = f"/projects/{PROJECT}/surveys/trust/waves/baseline"

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def study(app):
    with app.app_context():
        make_project()
        make_study()
    return app


def partner(app):
    return sign_in_as(app, Role.PARTNER, "lps")


def printed(browser, kind: str, *languages: str):
    answer = browser.get(f"{WAVE}/{kind}.pdf", query_string=[("language", each) for each in languages])
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.data


def test_the_poster_has_the_survey_in_each_language_and_the_address(study):
    pdf = printed(partner(study), "poster", "en", "lt", "pl")
    said = text_of_pdf(pdf)
    assert len(read_pdf(pdf).pages) == 1
    assert all(f"Trust ({language})" in said for language in ("en", "lt", "pl"))
    assert "http://127.0.0.1:5000/survey/trust-baseline-token" in said.replace(" ", "")
    assert "Bendrai finansuoja Europos Sąjunga" in said
    assert "Współfinansowane przez Unię Europejską" in said
    assert all(day in said for day in ("31 December 2026", "2026-12-31", "31.12.2026"))
    # The public is not told that the wording is assumed.
    assert "assumed" not in said


def test_the_languages_of_the_poster_can_be_chosen(study):
    said = text_of_pdf(printed(partner(study), "poster", "pl"))
    assert "Trust (pl)" in said
    assert "Trust (lt)" not in said


def test_the_paper_form_asks_everything_in_two_languages(study):
    said = text_of_pdf(printed(partner(study), "paper", "lt", "pl"))
    asked = [INSTRUMENT.consent, *(item.text for item in INSTRUMENT.items), *(item.text for item in INSTRUMENT.groups)]
    for texts in asked:
        assert texts["lt"] in said
        assert texts["pl"] in said
        assert texts["en"] not in said
    assert all(f"{level} ({language})" in said for level in ("LT", "PL") for language in ("lt", "pl"))
    assert all(f"{choice} (pl)" in said for choice in ("work", "family", "other"))
    assert "trust · baseline" in said


def test_the_paper_says_what_needs_an_answer(app):
    with app.app_context():
        make_project()
        country = INSTRUMENT.groups[0]._replace(is_required=True)
        items = (*INSTRUMENT.items[:-2], INSTRUMENT.items[-2]._replace(is_required=True), INSTRUMENT.items[-1])
        make_study(INSTRUMENT._replace(groups=(country,), items=items))
    said = text_of_pdf(printed(partner(app), "paper", "en"))
    assert said.count("This question needs an answer.") == 2
    assert "a number from 0 to 99 This question needs an answer." in said
    assert "unless it says that it needs an answer" in said


def test_whoever_skips_a_question_is_told_where_to_go_on(study):
    browser = partner(study)
    said = text_of_pdf(printed(browser, "paper", "en"))
    assert "If you did not answer “yes (en)” to question 4, go to question 6." in said
    assert "a number from 0 to 99" in said
    assert "You may tick several." in said
    for language, answer in (("lt", "„yes (lt)“"), ("pl", "„yes (pl)”")):
        said = text_of_pdf(printed(browser, "paper", language))
        assert answer in said
        assert "“yes" not in said


def test_the_last_question_leads_to_the_end_and_a_row_of_questions_says_it_once(app):
    *others, why = INSTRUMENT.items
    met = Condition("met", ("yes",))
    items = (*others[:4], *(item._replace(show_if=met) for item in (*others[4:], why)))
    with app.app_context():
        make_project()
        make_study(INSTRUMENT._replace(items=items))
    said = text_of_pdf(printed(partner(app), "paper", "en"))
    assert said.count("to question 4") == 1
    assert "you have reached the end" in said


def test_each_page_has_a_box_for_the_number_and_paper_knows_no_order_of_chance(app):
    many = tuple(INSTRUMENT.items[0]._replace(key=f"q{n}", text=words(f"Statement {n:02}")) for n in range(1, 25))
    asked = INSTRUMENT._replace(
        items=many, scales=(), sections=(Section("views", words("Your views"), is_random=True),)
    )
    with app.app_context():
        make_project()
        make_study(asked)
    pages = [text_of_page(page) for page in read_pdf(printed(partner(app), "paper", "en")).pages]
    assert len(pages) > 1
    assert all("No. of this form" in page for page in pages)
    said = " ".join(pages)
    places = [said.index(f"Statement {n:02} (en)") for n in range(1, 25)]
    assert places == sorted(places)


def test_what_people_wrote_is_never_carried_out(app):
    hard = words('#panic("no") *bold* $x$ <b>')
    with app.app_context():
        make_project()
        items = (INSTRUMENT.items[0]._replace(text=hard),)
        make_study(INSTRUMENT._replace(title=hard, consent=hard, items=items, scales=()))
    assert text_of_pdf(printed(partner(app), "paper", "en")).count('#panic("no") *bold* $x$ <b> (en)') >= 3


def test_without_an_open_link_there_is_no_poster(study):
    with study.app_context(), transaction():
        db.session.query(Wave).update({"has_open_link": False})
    browser = partner(study)
    answer = browser.get(f"{WAVE}/poster.pdf")
    assert answer.status_code == 409
    assert "hand out personal codes" in page_text(answer)
    assert "a poster would lead nowhere" in page_text(browser.get(f"{WAVE}/papers"))


def test_nothing_is_printed_that_could_still_change(app):
    with app.app_context():
        make_project()
        make_study(is_published=False)
    browser = partner(app)
    assert [browser.get(f"{WAVE}/{kind}.pdf").status_code for kind in ("poster", "paper")] == [409, 409]
    assert "not published yet" in page_text(browser.get(f"{WAVE}/papers"))


def test_a_language_the_survey_does_not_speak_and_a_third_one_are_refused(study):
    browser = partner(study)
    assert browser.get(f"{WAVE}/paper.pdf?language=de").status_code == 422
    answer = browser.get(f"{WAVE}/paper.pdf?language=en&language=lt&language=pl")
    assert answer.status_code == 422
    assert "Choose at most 2 languages." in page_text(answer)


def test_those_who_type_paper_forms_have_the_papers(study):
    assert partner(study).get(f"{WAVE}/papers").status_code == 200
    viewer = sign_in_as(study, Role.VIEWER)
    assert {viewer.get(f"{WAVE}/{end}").status_code for end in ("papers", "poster.pdf", "paper.pdf")} == {403}
    assert sign_in_as(study, None).get(f"{WAVE}/paper.pdf").status_code == 404
