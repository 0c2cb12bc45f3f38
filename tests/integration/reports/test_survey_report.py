"""The report of a survey as PDF and DOCX: in three languages, with method, limits and the plain paragraph."""

import io
from datetime import date

import pytest
from docx import Document

from portal.accounts.rules import Role
from portal.surveys.rules.fieldwork import NoteDraft
from portal.surveys.services.fieldwork import note_fieldwork
from tests.conftest import NOW
from tests.integration.reports.printed import text_of_pdf
from tests.integration.surveys.kept import keep_analysis
from tests.integration.surveys.studies import make_study, wave_of
from tests.make import PROJECT, make_project, sign_in_as
from tests.unit.surveys.analysed import RESULT, analysed, change

REPORT = f"/projects/{PROJECT}/surveys/trust/report"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WITHHELD = "withheld (tells of fewer than 10)"
HARD = "ąčęėįšųūž ąćęłńóśźż"


@pytest.fixture
def viewer(app):
    """A browser of somebody who may only read; the survey is analysed."""
    with app.app_context():
        make_project()
        keep_analysis(make_study(), RESULT)
    return sign_in_as(app, Role.VIEWER)


def pdf_text(browser, query=""):
    answer = browser.get(f"{REPORT}.pdf{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return text_of_pdf(answer.data)


def document(browser, query=""):
    answer = browser.get(f"{REPORT}.docx{query}")
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    return Document(io.BytesIO(answer.data))


def docx_text(read):
    """What the paragraphs and the tables say."""
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return " ".join([*(each.text for each in read.paragraphs), *cells])


def test_the_pdf_has_the_paragraph_the_figures_the_limits_and_the_method(viewer):
    said = pdf_text(viewer)
    for words in (
        "Report of the survey: Trust (en)",
        "Baseline 1 November 2026 – 31 December 2026, answers: 412",
        "Trust (en): the average rose from 2.91 to 3.10 on the scale from 1 to 5",
        "The corrected p allows for the number of comparisons (Holm)",
        "With 95 % confidence the change is +0.08 to +0.30.",
        "Everybody Baseline 405 2.91 0.77 2.83 to 2.99",
        "PL (en) Endline withheld (tells of fewer than 10)",
        "People chose themselves whether to answer.",
        "How the figures were made",
        "Derrick, Toher and White 2017",
        "No figure is given of fewer than 10 people.",
        "Co-funded by the European Union",
    ):
        assert words in said


def test_the_docx_says_the_same(viewer):
    read = document(viewer)
    said = docx_text(read)
    for words in (
        "Report of the survey: Trust (en)",
        "Trust (en): the average rose from 2.91 to 3.10 on the scale from 1 to 5",
        "The corrected p allows for the number of comparisons (Holm)",
        "People chose themselves whether to answer.",
        "How the figures were made",
        "2.83 to 2.99",
        "withheld (tells of fewer than 10)",
    ):
        assert words in said
    headings = [each.text for each in read.paragraphs if each.style.name == "Heading 1"]
    assert headings[:3] == ["In plain words", "Look at this first", "Trust (en)"]
    assert headings[-2:] == ["Limits: what these figures cannot tell", "How the figures were made"]


def test_the_docx_shows_the_drawings_as_pictures(viewer):
    # The emblem, two bars of answers, and the five averages that are told.
    assert len(document(viewer).inline_shapes) == 1 + 2 + 5


def test_the_docx_is_dated_and_names_nobody(viewer):
    facts = document(viewer).core_properties
    assert (facts.author, facts.comments, facts.created.date().isoformat()) == ("", "", "2026-11-20")
    assert facts.title == "Report of the survey: Trust (en)"


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("lt", "lt-LT"), ("pl", "pl-PL")])
def test_both_speak_the_language_that_is_asked_for(viewer, language, locale):
    assert f"Trust ({language})" in pdf_text(viewer, f"?language={language}")
    read = document(viewer, f"?language={language}")
    assert f"Trust ({language})" in docx_text(read)
    assert f"Not validated. ({language})" in docx_text(read)
    assert read.core_properties.language == locale


def test_a_language_that_there_is_not_is_refused(viewer):
    assert viewer.get(f"{REPORT}.pdf?language=de").status_code == 422
    assert viewer.get(f"{REPORT}.docx?language=de").status_code == 422


def test_letters_of_all_languages_and_marks_of_other_directions_survive(app, viewer):
    from tests.integration.surveys.studies import INSTRUMENT

    item = INSTRUMENT.items[0]._replace(text=dict.fromkeys(("en", "lt", "pl"), f"{HARD}\u202e\x07"))
    with app.app_context():
        instrument = INSTRUMENT._replace(items=(item, *INSTRUMENT.items[1:]))
        keep_analysis(make_study(instrument, key="hard"), RESULT)
    answer = viewer.get(f"/projects/{PROJECT}/surveys/hard/report.docx")
    said = docx_text(Document(io.BytesIO(answer.data)))
    assert HARD in said
    assert "\u202e" not in said
    assert HARD in text_of_pdf(viewer.get(f"/projects/{PROJECT}/surveys/hard/report.pdf").data)


def test_of_identical_waves_both_say_that_we_cannot_tell(app, viewer):
    with app.app_context():
        keep_analysis(1, analysed(change(0.0, (-0.11, 0.11), 1.0, effect=0.0)))
    words = "Trust (en): we cannot tell whether anything has changed."
    assert words in pdf_text(viewer)
    assert words in docx_text(document(viewer))


def test_without_an_analysis_there_is_no_report(app):
    with app.app_context():
        make_project()
        make_study()
    viewer = sign_in_as(app, Role.VIEWER)
    answer = viewer.get(f"{REPORT}.pdf")
    assert answer.status_code == 404
    assert "not analysed yet" in answer.get_data(as_text=True)
    assert viewer.get(f"{REPORT}.docx").status_code == 404
    assert viewer.get(f"/projects/{PROJECT}/surveys/nothing/report.pdf").status_code == 404


@pytest.mark.parametrize(
    ("returned", "said"),
    [(12, "12"), (8, WITHHELD), (402, "402"), (403, WITHHELD), (412, "412"), (421, WITHHELD), (422, "422")],
)
def test_forms_that_were_handed_out_stand_beside_the_answers(app, viewer, returned, said):
    with app.app_context():
        note_fieldwork(wave_of(1), NoteDraft(date(2026, 11, 10), "Library", "", 500, returned), now=NOW)
    words = f"31 December 2026, answers: 412, forms handed out: 500, forms returned: {said}"
    assert words in pdf_text(viewer)
    assert words in docx_text(document(viewer))


def test_of_a_wave_whose_answers_are_withheld_the_returned_forms_are_too(app, viewer):
    with app.app_context():
        result = {**RESULT, "waves": [{"key": "baseline", "suppressed": True}, *RESULT["waves"][1:]]}
        keep_analysis(1, result)
        note_fieldwork(wave_of(1), NoteDraft(date(2026, 11, 10), "Library", "", 40, 20), now=NOW)
    assert f"answers: {WITHHELD}, forms handed out: 40, forms returned: {WITHHELD}" in docx_text(document(viewer))
