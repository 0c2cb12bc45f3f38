"""A survey of which everyone may read."""

import pytest
from flask import Flask

from tests.integration.reports.told import OVER
from tests.integration.surveys.studies import make_study
from tests.make import make_project


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey in three languages whose first wave is over, and whose second is open."""
    with app.app_context():
        make_project()
        return make_study(waves=OVER)
