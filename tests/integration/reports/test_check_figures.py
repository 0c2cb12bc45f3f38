"""`portal check` and figures entered by hand: files that are damaged, and figures that no longer count."""

import pytest
from flask import Flask
from sqlalchemy import text

from portal.core.db import db
from portal.core.files import store
from portal.core.files.queries import store_folder
from portal.projects.queries import list_figures
from portal.projects.services.figures import add_figure
from tests.conftest import NOW
from tests.integration.projects.figures import DRAFT, LEAFLETS, keep, make_indicator
from tests.make import PROJECT, make_project, run_portal


@pytest.fixture(autouse=True)
def _stored(app: Flask) -> None:
    with app.app_context():
        make_project()
        make_indicator()
        add_figure(PROJECT, LEAFLETS, DRAFT, file=keep(), now=NOW)


def check(app: Flask) -> tuple[int, str, str]:
    result = run_portal(app, "check")
    return result.exit_code, result.stdout, result.stderr


def test_a_figure_that_counts_is_nothing_to_note(app: Flask):
    assert check(app) == (0, "Every invariant holds.\n", "")


def test_a_damaged_file_is_named_with_the_figure_it_proves(app: Flask):
    with app.app_context():
        [(_, figure)] = list_figures(PROJECT)
        sha256 = str(figure.sha256)
        store.path_of(store_folder(), sha256).unlink()
    assert check(app) == (1, "", f"file-missing: {PROJECT} {LEAFLETS} 2026-03-10, {sha256}\n")


def test_a_figure_of_an_indicator_that_is_counted_now_is_noted(app: Flask):
    with app.app_context():
        make_indicator(measure={"kind": "events"}, stored=True)
    code, stdout, _ = check(app)
    assert (code, stdout.splitlines()[0]) == (0, f"note: figure-not-manual: {PROJECT} {LEAFLETS} 2026-03-10")


def test_a_figure_outside_the_projects_days_is_noted(app: Flask):
    with app.app_context():
        db.session.execute(text("UPDATE projects SET first_day = '2026-03-11'"))
        db.session.commit()
    code, stdout, _ = check(app)
    assert (code, stdout.splitlines()[0]) == (0, f"note: figure-outside-days: {PROJECT} {LEAFLETS} 2026-03-10")
