"""The acceptance year as three files: imported, undone and imported again it gives the same outcome table."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.activities.models import Event, Headcount, Participation
from portal.core.db import db
from portal.imports.models import ImportedChange
from portal.imports.services.checking import check_file
from portal.reports.queries.outcomes import OutcomeTable, outcome_table
from tests.conftest import NOW
from tests.integration.activities.files import bring, counts, found, kind, request, take_back
from tests.integration.test_outcome_vectors import CASES, DATES, VECTORS
from tests.make import PROJECT, make_project

KINDS = ("events", "participations", "headcounts")


def bring_year() -> list[int]:
    return [bring(VECTORS / f"outcomes-{name}.csv", name) for name in KINDS]


def achieved(day: date) -> dict[str, int | None]:
    rows: OutcomeTable = outcome_table(PROJECT, day, today=NOW.date())
    return {row.indicator.key: row.figures.achieved for row in rows.rows}


def check_year() -> None:
    for day in DATES:
        expected = CASES[f"expect_as_of_{day:%Y_%m_%d}"]
        shown = achieved(day)
        assert {key: shown[key] for key in expected} == {key: row["achieved"] for key, row in expected.items()}


def stored() -> tuple[int, ...]:
    models = (Event, Participation, Headcount, ImportedChange)
    return tuple(db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models)


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def test_the_year_imported_undone_and_imported_again_gives_the_same_table():
    before = achieved(DATES[-1])
    imports = bring_year()
    check_year()
    once = stored()
    for import_id in reversed(imports):
        take_back(import_id)
    assert stored() == (0, 0, 0, 0)
    assert achieved(DATES[-1]) == before
    bring_year()
    check_year()
    assert stored() == once


def test_the_same_files_again_change_nothing():
    bring_year()
    for name in KINDS:
        checked = check_file(kind(name), request(), VECTORS / f"outcomes-{name}.csv", "again.csv")
        assert found(checked.plan) == []
        assert counts(checked.plan) == (0, 0, checked.plan.rows)
        assert checked.plan.rows > 0
