"""Two managers at the same figure at the same moment: one act, and words for the other."""

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.files.models import StoredFile
from portal.projects.queries import get_figure, list_figures
from portal.projects.services.figures import add_figure, change_figure, remove_figure
from tests.conftest import NOW
from tests.integration.activities.test_exclusion_races import told
from tests.integration.files.test_races import together
from tests.integration.projects.figures import DRAFT, LEAFLETS, keep, make_indicator
from tests.make import PROJECT, make_project

ROUNDS = 4


@pytest.fixture
def place(app: Flask) -> tuple[str, str, int]:
    with app.app_context():
        make_project()
        make_indicator()
        return PROJECT, LEAFLETS, add_figure(PROJECT, LEAFLETS, DRAFT, file=None, now=NOW)


def test_of_several_edits_of_one_version_one_is_stored_and_the_others_are_told(app, place):
    def edit(version: int, number: int):
        draft, text = DRAFT._replace(number=number), f"version {version} number {number}"
        return told(lambda: change_figure(place, draft, file=keep(text), version=version, now=NOW))

    for version in range(1, ROUNDS + 1):
        numbers = [version * 10 + each for each in range(3)]
        answers = together(app, *(edit(version, number) for number in numbers))
        assert sorted(answers) == ["", "figure-stale", "figure-stale"]
        stored = numbers[answers.index("")]
        with app.app_context():
            row = get_figure(*place)
            assert (row.version, row.number) == (version + 1, stored)
            assert row.filename == f"version {version} number {stored}.pdf"
            # What the others brought, and what was replaced, is kept by nothing.
            assert [each.sha256 for each in db.session.query(StoredFile)] == [row.sha256]
    with app.app_context():
        assert db.session.query(AuditEntry).where(AuditEntry.action == "figure_changed").count() == ROUNDS


def test_a_figure_that_is_removed_at_the_same_moment_is_gone_or_keeps_the_edit(app, place):
    def edit(place: tuple[str, str, int]):
        return told(lambda: change_figure(place, DRAFT._replace(number=1), file=None, version=1, now=NOW))

    def remove(place: tuple[str, str, int]):
        return told(lambda: remove_figure(place, version=1, now=NOW))

    for _round in range(ROUNDS):
        answers = together(app, edit(place), remove(place))
        assert answers in (["", "figure-stale"], ["figure-unknown", ""])
        with app.app_context():
            rows = [row for _, row in list_figures(PROJECT)]
            assert [row.number for row in rows] == ([1] if answers[0] == "" else [])
            if rows:
                remove_figure(place, version=rows[0].version, now=NOW)
            place = (PROJECT, LEAFLETS, add_figure(PROJECT, LEAFLETS, DRAFT, file=None, now=NOW))
