"""What files of a database tell: on PostgreSQL answers lie in the order of their making until they are scattered."""

import pytest
from sqlalchemy import text

from portal.core.db import db
from portal.surveys.services.scattering import CHORE, scatter_daily
from tests.conftest import NOW, SERVER
from tests.integration.surveys.studies import answer, make_study
from tests.make import make_project, noted_queries


@pytest.fixture(autouse=True)
def _study(in_app):
    # Another test may have let the worker do it today.
    in_app.extensions.pop(CHORE, None)
    make_project()
    answer(make_study(), "baseline", [{"q1": 1 + number % 5} for number in range(40)])
    yield
    in_app.extensions.pop(CHORE, None)


def names_as_they_lie() -> list[str]:
    place = "ctid" if SERVER else "id"  # SQLite has no other order than that of the key
    found = db.session.scalars(text(f"SELECT id FROM survey_responses ORDER BY {place}")).all()
    db.session.rollback()
    return list(found)


def test_answers_lie_in_an_order_that_tells_nothing_of_when_they_came():
    before = names_as_they_lie()
    scatter_daily(NOW)
    assert names_as_they_lie() == sorted(before)
    if SERVER:
        assert before != sorted(before)


def test_it_is_done_once_a_day(in_app):
    with noted_queries(in_app) as statements:
        for _time in range(3):
            scatter_daily(NOW)
    assert len(statements) == (3 if SERVER else 0)
