"""Groups that must be answered: on phones, on paper, in files, and what the questionnaire says of them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.surveys.models import PaperSheet, Response
from portal.surveys.rules.documents import Instrument
from tests.integration.pages import page_text, read_errors, read_fields, send_form
from tests.integration.surveys.editing import PARTS, TRUST
from tests.integration.surveys.editing import stored as questionnaire
from tests.integration.surveys.phones import CODE, GROUPS, LINK, VIEWS, begin, fill, send
from tests.integration.surveys.phones import stored as stored_rows
from tests.integration.surveys.response_files import bring, counts, found, of, write
from tests.integration.surveys.studies import INSTRUMENT, make_study
from tests.make import make_project, sign_in_as

COUNTRY = INSTRUMENT.groups[0]._replace(is_required=True)
NEEDS: Instrument = INSTRUMENT._replace(groups=(COUNTRY,))


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey whose country must be answered."""
    with app.app_context():
        make_project()
        return make_study(NEEDS)


def test_a_phone_goes_on_only_with_the_answer_and_back_without_it(app: Flask, study: int, client: FlaskClient):
    begin(client)
    assert "This question needs an answer." in page_text(client.get(f"{LINK}/parts/{GROUPS}"))
    refused = fill(client, GROUPS)
    assert (refused.status_code, "Answer it, then go on." in page_text(refused)) == (422, True)
    assert fill(client, GROUPS, go="back").status_code == 303
    assert fill(client, GROUPS, country="PL").status_code == 303


def test_answers_without_it_cannot_be_sent_and_the_page_leads_there(app: Flask, study: int, client: FlaskClient):
    begin(client)
    fill(client, VIEWS, q1="4")
    page = page_text(client.get(f"{LINK}/send"))
    assert "A question that needs an answer is still open." in page
    assert "Where do you live?" in page
    assert "Send my answers" not in page
    assert send(client).status_code == 422
    assert stored_rows(app, Response) == []
    fill(client, GROUPS, country="LT")
    assert send(client).status_code == 303
    assert [each.groups for each in stored_rows(app, Response)] == [{"country": "LT"}]


def test_a_paper_that_leaves_it_open_is_not_typed_in(app: Flask, study: int):
    paper = f"{TRUST}/waves/baseline/paper?number=3&language=en"
    browser = sign_in_as(app, Role.PARTNER, "lps")
    refused = send_form(browser, paper, consent="y", answer_q1="4")
    assert (refused.status_code, list(read_errors(refused))) == (422, ["group_country"])
    assert stored_rows(app, PaperSheet) == []
    assert send_form(browser, paper, consent="y", answer_q1="4", group_country="PL").status_code == 302


def test_rows_of_files_without_it_are_named_and_stored_ones_keep_it(in_app: Any, tmp_path):
    make_project()
    make_study(NEEDS)
    refused = bring(write(tmp_path, "respondent,country,q1\np1,LT,4\np2,,5\np3,XX,5\n"))
    assert found(refused) == [(3, "country", "response-group-open"), (4, "country", "group-level-unknown")]
    assert found(bring(write(tmp_path, "respondent,q1\np1,4\n"))) == [(2, "country", "response-group-open")]
    assert counts(bring(write(tmp_path, "respondent,country,q1\np1,LT,4\n"))) == (1, 1, 0, 0)
    # A file without the column changes what is stored and keeps the country.
    assert counts(bring(write(tmp_path, "respondent,q1\np1,5\n"))) == (1, 0, 1, 0)
    assert (of("p1").answers, of("p1").groups) == ({"q1": 5}, {"country": "LT"})
    assert found(bring(write(tmp_path, "respondent,country,q1\np1,,5\n"))) == [(2, "country", "response-group-open")]


def test_it_is_ticked_in_the_editor_and_kept_by_versions_and_files(app: Flask, draft: FlaskClient):
    place = f"{PARTS}/groups/country/edit"
    assert send_form(draft, place, is_required="y").status_code == 302
    assert questionnaire(app).groups[0].is_required
    assert read_fields(draft.get(place))["is_required"] == ["y"]
    assert "Must be answered" in page_text(draft.get(TRUST + "/questionnaire"))
    assert send_form(draft, place, is_required=None).status_code == 302
    assert not questionnaire(app).groups[0].is_required


def test_a_code_screen_is_reached_behind_it(app: Flask, study: int, client: FlaskClient):
    begin(client)
    assert fill(client, GROUPS, country="PL").headers["Location"].endswith(f"/parts/{CODE}")
