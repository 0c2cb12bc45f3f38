"""A published survey, the browser of who writes questionnaires, and a file that it sends."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from tests.files import as_form
from tests.integration.pages import read_fields, read_summary
from tests.integration.surveys.editing import SURVEYS
from tests.integration.surveys.studies import make_study
from tests.make import make_project, sign_in_as


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey in three languages with a first wave that is open."""
    with app.app_context():
        make_project()
        return make_study()


@pytest.fixture
def researcher(app: Flask) -> FlaskClient:
    """The browser of the researcher of LTPL00388."""
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.RESEARCHER)


@pytest.fixture
def draft(app: Flask, researcher: FlaskClient) -> FlaskClient:
    """The same, with a survey that is a draft."""
    with app.app_context():
        make_study(is_published=False)
    return researcher


@pytest.fixture
def upload(researcher: FlaskClient):
    """What the page “Begin from a file” says of a file that it refuses, in the language."""

    def run(raw: bytes, language: str = "en", name: str = "trust.toml") -> list[str]:
        page = researcher.get(f"{SURVEYS}/begin/file?lang={language}", follow_redirects=True)
        fields = {name: value for name, value in read_fields(page).items() if name != "file"}
        sent = researcher.post(page.request.full_path, **as_form(fields, file=[(name, raw)]))
        assert sent.status_code == 422
        return read_summary(sent)

    return run
