"""How many people to ask, and what the answers so far would show."""

import re

import pytest

from portal.accounts.rules import Role
from portal.core.db import transaction
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import fingerprint
from tests.conftest import NOW
from tests.integration.pages import find_all, page_text, read_errors, read_fields, read_page, read_table
from tests.integration.surveys.studies import make_study
from tests.make import PROJECT, make_project, sign_in_as

PAGE = f"/projects/{PROJECT}/surveys/trust/planning"
ASKED = {
    "difference": "0.5",
    "spread": "1",
    "comparisons": "1",
    "power": "80",
    "people": "different",
    "likeness": "0.5",
}


@pytest.fixture
def study(app):
    with app.app_context():
        make_project()
        return make_study()


@pytest.fixture
def researcher(app, study):
    return sign_in_as(app, Role.RESEARCHER)


def test_half_a_standard_deviation_needs_64_answers_in_each_wave(researcher):
    # Cohen 1988, table 2.4.1: d = 0.5, power 0.80, two-sided 5 %.
    answer = researcher.post(PAGE, data=ASKED)
    assert answer.status_code == 200
    said = page_text(answer)
    assert "Ask until 64 people have answered in each wave. Answers in both waves together: 128." in said
    assert "changes by this many points (0.5), the survey shows it this often: In 8 of 10 surveys" in said
    assert "instead of 5 %" not in said
    rows = read_table(answer, "What other numbers would show")
    assert [row[0] for row in rows[1:]] == ["50", "100", "200", "400", "800"]
    assert rows[2][1] == "0.40"


def test_the_same_people_need_to_be_fewer(researcher):
    # With a correlation of 0.5 the differences have the answers' own standard deviation: a one-sample t of d = 0.5.
    answer = researcher.post(PAGE, data={**ASKED, "people": "same"})
    assert "Ask until 34 people have answered in both waves" in page_text(answer)


def test_five_comparisons_are_each_judged_at_one_per_cent(researcher):
    answer = researcher.post(PAGE, data={**ASKED, "comparisons": "5"})
    said = page_text(answer)
    assert re.search(r"Ask until 9[56] people have answered in each wave", said)
    assert "Compared at once: 5." in said
    assert "each is judged at 1 % instead of 5 %" in said


def test_the_scales_of_the_survey_are_what_is_compared_unless_told_otherwise(researcher):
    field = next(find_all(read_page(researcher.get(PAGE)), "input", name="comparisons"))
    assert field.attributes["value"] == "1"


@pytest.mark.parametrize("comparisons", [52, 200, 1000])
@pytest.mark.parametrize("power", ["80", "90", "95"])
def test_many_comparisons_have_an_answer_too(researcher, comparisons, power):
    answer = researcher.post(PAGE, data={**ASKED, "comparisons": str(comparisons), "power": power})
    assert answer.status_code == 200
    assert "Ask until" in page_text(answer)


@pytest.mark.parametrize("stated", ["", "0", "-1", "1.5", "1001", "many"])
def test_what_is_no_number_of_comparisons_is_refused_at_its_field(researcher, stated):
    answer = researcher.post(PAGE, data={**ASKED, "comparisons": stated})
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {"comparisons"}


@pytest.mark.parametrize(("language", "sign"), [("en", "."), ("lt", ","), ("pl", ",")])
def test_decimals_stand_in_their_boxes_with_the_sign_of_the_language_and_are_taken_with_both(
    researcher, language, sign
):
    page = researcher.get(f"{PAGE}?lang={language}")
    fields = read_fields(page)
    boxes = ("difference", "spread", "likeness")
    assert [fields[name] for name in boxes] == [f"0{sign}2", f"0{sign}8", f"0{sign}5"]
    shown = researcher.post(f"{PAGE}?lang={language}", data=fields)
    assert shown.status_code == 200
    assert [read_fields(shown)[name] for name in boxes] == [fields[name] for name in boxes]
    for typed in ("0.5", "0,5"):
        assert " 64 " in page_text(researcher.post(f"{PAGE}?lang={language}", data={**ASKED, "difference": typed}))
    refused = researcher.post(f"{PAGE}?lang={language}", data={**ASKED, "difference": "0"})
    assert f"0{sign}01" in read_errors(refused)["difference"]


def test_a_comma_is_a_point(researcher):
    assert "Ask until 64 people" in page_text(researcher.post(PAGE, data={**ASKED, "difference": "0,5"}))


@pytest.mark.parametrize("stated", ["", "0", "-1", "many", "1e400", "nan", "inf", "1" * 50])
def test_what_is_no_difference_is_refused_at_its_field(researcher, stated):
    answer = researcher.post(PAGE, data={**ASKED, "difference": stated})
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {"difference"}


def test_the_answers_so_far_show_a_change_of_this_size(app, study, researcher):
    assert "Nothing is analysed yet" in page_text(researcher.get(PAGE))
    keep(app, study, {"baseline": {"n": 200, "sd": 1.0}, "endline": {"n": 200, "sd": 1.0}})
    rows = read_table(researcher.get(PAGE), "Smallest change that the answers so far")
    # 2.8 standard errors of a difference: 2.8 · √(2 / 200) = 0.28.
    assert rows[1] == ["Trust (en)", "200", "200", "0.28"]


def test_before_the_second_wave_as_many_answers_are_expected_again(app, study, researcher):
    keep(app, study, {"baseline": {"n": 200, "sd": 1.0}, "endline": {"suppressed": True}})
    rows = read_table(researcher.get(PAGE), "Smallest change that the answers so far")
    assert rows[1] == ["Trust (en)", "200", "200 if as many answer again", "0.28"]


def test_of_fewer_than_ten_nothing_is_told(app, study, researcher):
    keep(app, study, {"baseline": {"suppressed": True}, "endline": {"suppressed": True}})
    assert "fewer than 10 people have answered" in page_text(researcher.get(PAGE))


def test_only_those_who_edit_surveys_plan_them(app, study):
    assert sign_in_as(app, Role.VIEWER).get(PAGE).status_code == 403
    assert sign_in_as(app, None).get(PAGE).status_code == 404


def keep(app, study_id, waves):
    result = {"waves": [{"key": key} for key in waves], "scales": [{"key": "trust", "waves": waves}]}
    with app.app_context(), transaction() as session:
        known = fingerprint(session.get_one(Study, study_id))
        session.add(Analysis(study_id=study_id, fingerprint=known, result=result, made_at=NOW))
