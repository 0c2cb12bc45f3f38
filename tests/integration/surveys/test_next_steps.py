"""What a survey's pages offer next to whom, which boxes may stay empty, and how figures below none are written."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.core.db import transaction
from portal.projects.models import Project
from portal.surveys.naming import show_figure, show_interval, show_signed
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import page_text
from tests.integration.surveys.studies import answer, make_study
from tests.make import PROJECT, make_project, sign_in_as

RESULTS = f"/projects/{PROJECT}/surveys/trust/results"
PAGES = (f"/projects/{PROJECT}/surveys", f"/projects/{PROJECT}/surveys/trust")


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey whose first wave takes answers until 31 December 2026."""
    with app.app_context():
        make_project()
        return make_study()


@pytest.mark.parametrize("page", PAGES)
def test_who_only_reads_is_told_the_state_and_not_to_collect(app: Flask, study: int, page: str):
    said = page_text(sign_in_as(app, Role.VIEWER).get(page))
    assert "Answers are being collected until 31 December 2026." in said
    assert "Collect answers" not in said


@pytest.mark.parametrize(("role", "organisation"), [(Role.RESEARCHER, ""), (Role.PARTNER, "lps")])
def test_who_hands_out_forms_is_offered_to_collect(app: Flask, study: int, role: Role, organisation: str):
    browser = sign_in_as(app, role, organisation)
    assert all("Collect answers" in page_text(browser.get(page)) for page in PAGES)


def test_no_box_that_must_be_filled_is_called_optional(app: Flask, client: FlaskClient, study: int):
    assert "optional" not in page_text(client.get("/survey/trust-baseline-token/code?lang=en"))
    browser = sign_in_as(app, Role.RESEARCHER)
    assert "optional" not in page_text(browser.get(f"{PAGES[1]}/waves/baseline/codes"))
    with app.app_context():
        make_study(key="draft", is_published=False)
    said = page_text(browser.get(f"{PAGES[0]}/draft/questionnaire/facts"))
    assert "Consent (optional)" not in said
    assert "Note for readers of the results (optional)" in said


def test_figures_below_none_have_a_real_minus(in_app: Flask):
    assert (show_figure(-1.5), show_signed(-0.25), show_figure(-0.001)) == ("\u22121.50", "\u22120.25", "0.00")
    assert show_interval((-1, 0.5)) == "\u22121.00 to +0.50"


def test_the_survey_of_a_closed_project_may_be_analysed_once_more_for_everyone(app: Flask, study: int):
    manager = sign_in_as(app, Role.MANAGER)
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}] * 12)
        with transaction() as session:
            session.get_one(Project, PROJECT).status = "closed"
    for is_offered in (True, False):
        page = page_text(manager.get(RESULTS))
        assert ("Analyse the answers" in page) == is_offered
        assert "of which the public page does not tell yet" not in page
        with app.app_context():
            analyse(study, now=NOW)
    assert manager.post(f"{RESULTS}/analyse").status_code == 409
