"""A survey without scales: its plain paragraph and its command speak of single questions."""

import pytest

from portal.accounts.rules import Role
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import find_all, read_page, text_of
from tests.integration.surveys.kept import keep_analysis
from tests.integration.surveys.studies import INSTRUMENT, answer, make_study
from tests.make import PROJECT, make_project, run_portal, sign_in_as
from tests.unit.surveys.analysed import RESULT, SUPPRESSED

ALONE = INSTRUMENT._replace(scales=())
RESULTS = f"/projects/{PROJECT}/surveys/trust/results"


@pytest.fixture
def study(app):
    """Twenty people in each wave, of whom more agree with the first question and have met somebody the second time."""
    with app.app_context():
        make_project()
        found = make_study(ALONE)
        before = [{"q1": 1, "met": "no"}, {"q1": 2, "met": "no"}]
        after = [{"q1": 4, "met": "yes"}, {"q1": 5, "met": "yes"}, {"q1": 4, "met": "yes"}, {"q1": 5, "met": "no"}]
        answer(found, "baseline", [{**each, "q2": 3} for each in before] * 10)
        answer(found, "endline", [{**each, "q2": 3} for each in after] * 5)
        analyse(found, now=NOW)
        return found


def test_the_plain_paragraph_tells_of_single_questions(app, study):
    section = next(find_all(read_page(sign_in_as(app, Role.VIEWER).get(RESULTS)), "section", aria_labelledby="plain"))
    said = text_of(section)
    assert "The survey has no scales, so single questions are told of" in said
    assert (
        "Here the answers rose: “1. People deserve a second chance. (en)” (average from 1.50 to 4.50);"
        " “4. Have you met anybody? (en)” (share of “yes (en)” from 0.0 % to 75.0 %)." in said
    )
    assert "which is not to say that nothing has: “2. I would accept a neighbour. (en)”." in said
    assert "other things than the project may have caused it" in said


def test_the_command_prints_words_and_no_values_of_the_program(app, study):
    result = {
        **RESULT,
        "warnings": [
            {"code": "false-matches", "where": "", "values": {"expected": 4.2, "matched": SUPPRESSED}},
            {"code": "weights-few", "where": "baseline", "values": {"groups": ["country", "age"], "least": 10}},
            {"code": "weights-outdated", "where": "country", "values": {}},
        ],
    }
    with app.app_context():
        keep_analysis(study, result)
    said = run_portal(app, "survey", "analyse", "trust").stdout
    assert "warning: false-matches (expected 4.2, matched withheld" in said
    assert "warning: weights-few baseline (groups country, age, least 10)\n" in said
    assert "warning: weights-outdated country\n" in said
    assert "country LT – PL: +0.05, p (Holm) 0.69\n" in said
    assert "country LT – other: withheld, as fewer than 10" in said
    assert ", p (Holm) 0.001," in said
    assert not {"{", "["} & {*said.replace(" [", " ")}
