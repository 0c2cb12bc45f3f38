"""Forms of a questionnaire that are sent twice, or after somebody else has published it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.core.db import db
from portal.surveys.models import Instrument, Study
from tests.integration.pages import page_text, read_fields, read_summary, send_form
from tests.integration.surveys.studies import make_study
from tests.make import PROJECT, make_project, sign_in_as

TRUST = f"/projects/{PROJECT}/surveys/trust"
PUBLISH, DISCARD = f"{TRUST}/versions/publish", f"{TRUST}/versions/discard"
FROZEN = "The questionnaire is published, so it changes no more. Begin a new version of it first."


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """The browser of the researcher; the survey is a draft that lacks nothing."""
    with app.app_context():
        make_project()
        make_study(is_published=False)
    return sign_in_as(app, Role.RESEARCHER)


def test_publishing_pressed_twice_leads_to_the_survey_both_times(app: Flask, editor: FlaskClient):
    fields = read_fields(editor.get(PUBLISH))
    answers = [editor.post(PUBLISH, data=fields) for _press in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(302, TRUST)] * 2
    with app.app_context():
        assert len(db.session.scalars(select(Instrument)).all()) == 1


def test_discarding_pressed_twice_leads_to_the_list_both_times(app: Flask, editor: FlaskClient):
    fields = read_fields(editor.get(DISCARD))
    answers = [editor.post(DISCARD, data=fields) for _press in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(302, TRUST.rpartition("/")[0])] * 2
    with app.app_context():
        assert db.session.scalars(select(Study)).all() == []


def test_publishing_from_a_page_that_is_older_than_the_publication_is_refused(app: Flask, editor: FlaskClient):
    fields = read_fields(editor.get(PUBLISH))
    assert send_form(sign_in_as(app, Role.MANAGER), PUBLISH).status_code == 302
    late = editor.post(PUBLISH, data=fields)
    assert late.status_code == 409
    assert FROZEN in page_text(late)
    assert "Publish the questionnaire" not in page_text(late)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("questionnaire/items/q1/edit", "text"),
        ("questionnaire/facts", "consent"),
        ("questionnaire/scales/trust/edit", "text"),
    ],
)
def test_what_was_typed_while_somebody_published_is_shown_again(app: Flask, editor: FlaskClient, path: str, name: str):
    fields = read_fields(editor.get(f"{TRUST}/{path}"))
    assert send_form(sign_in_as(app, Role.MANAGER), PUBLISH).status_code == 302
    late = editor.post(f"{TRUST}/{path}", data={**fields, name: "Ačiū, żółw"})
    assert (late.status_code, read_summary(late)) == (409, [FROZEN])
    assert read_fields(late)[name] == "Ačiū, żółw"
