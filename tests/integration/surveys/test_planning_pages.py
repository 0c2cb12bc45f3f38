"""How many people to ask, and what the answers so far would show."""

import pytest

from portal.accounts.rules import Role
from portal.core.db import transaction
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import fingerprint
from tests.conftest import NOW
from tests.integration.pages import page_text, read_errors, read_table
from tests.integration.surveys.studies import make_study
from tests.make import PROJECT, make_project, sign_in_as

PAGE = f"/projects/{PROJECT}/surveys/trust/planning"
ASKED = {"difference": "0.5", "spread": "1", "power": "80", "people": "different", "likeness": "0.5"}


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
    assert "Each wave needs 64 answers." in page_text(answer)
    rows = read_table(answer, "What other numbers would show")
    assert [row[0] for row in rows[1:]] == ["50", "100", "200", "400", "800"]
    assert rows[2][1] == "0.40"


def test_the_same_people_need_to_be_fewer(researcher):
    # With a correlation of 0.5 the differences have the answers' own standard deviation: a one-sample t of d = 0.5.
    answer = researcher.post(PAGE, data={**ASKED, "people": "same"})
    assert "34 people need to answer in both waves" in page_text(answer)


def test_a_comma_is_a_point(researcher):
    assert "Each wave needs 64 answers." in page_text(researcher.post(PAGE, data={**ASKED, "difference": "0,5"}))


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
