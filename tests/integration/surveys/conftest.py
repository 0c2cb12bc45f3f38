"""A published survey, and the browser of who writes questionnaires."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
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
