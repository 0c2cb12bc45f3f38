"""Two managers at the same row at the same moment: one decision, and words for the other."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.activities.queries.exclusions import list_exclusions
from portal.activities.services.exclusions import exclude_event, include_event
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import PortalError
from portal.projects.queries import get_project
from portal.projects.services.structure import Edit, remove_row, save_row
from tests.conftest import NOW
from tests.integration.files.test_races import together
from tests.make import PROJECT, make_project, make_tournament

ROUNDS = 4


@pytest.fixture(autouse=True)
def _event(app: Flask) -> None:
    with app.app_context():
        make_project()
        make_tournament()


def told(act: Callable[[], None]) -> Callable[[], str]:
    """What the act was refused with, '' where it was done."""

    def run() -> str:
        try:
            act()
        except PortalError as error:
            return error.problem.code
        return ""

    return run


def test_one_of_several_managers_excludes_the_event_and_the_others_are_told(app):
    def exclude(number: int) -> None:
        exclude_event(1, "initiatives", f"Reason {number}", now=NOW)

    for _round in range(ROUNDS):
        answers = together(app, *(told(lambda number=number: exclude(number)) for number in range(3)))
        assert sorted(answers) == ["", "exclusion-there", "exclusion-there"]
        with app.app_context():
            [row] = list_exclusions(1).values()
            assert row.reason == f"Reason {answers.index('')}"
            include_event(1, "initiatives", now=NOW)
    with app.app_context():
        assert db.session.query(AuditEntry).where(AuditEntry.action == "event_excluded").count() == ROUNDS


def test_one_of_several_managers_lets_it_count_again(app):
    back = told(lambda: include_event(1, "initiatives", now=NOW))
    for _round in range(ROUNDS):
        with app.app_context():
            exclude_event(1, "initiatives", "Why", now=NOW)
        assert sorted(together(app, back, back)) == ["", "exclusion-unknown"]
        with app.app_context():
            assert list_exclusions(1) == {}


def test_a_row_that_is_removed_at_the_same_moment_is_gone_or_keeps_the_decision(app):
    stated = {"key": "public_events", "name": {"en": "Public events"}, "target": 3}
    stated["measure"] = {"kind": "events", "public": True}
    with app.app_context():
        # In preparation nothing that is agreed takes a reason.
        get_project(PROJECT).status = "preparation"
        db.session.commit()
    for _round in range(ROUNDS):
        with app.app_context():
            edit = Edit(get_project(PROJECT).version)
        answers = together(
            app,
            told(lambda: exclude_event(1, "public_events", "Why", now=NOW)),
            told(lambda edit=edit: remove_row(PROJECT, "indicators", "public_events", edit=edit, now=NOW)),
        )
        assert answers in (["", "indicator-with-exclusions"], ["unknown-indicator", ""])
        with app.app_context():
            if answers[0]:
                edit = Edit(get_project(PROJECT).version)
                save_row(PROJECT, "indicators", stated, edit=edit, now=NOW, key="")
            else:
                include_event(1, "public_events", now=NOW)
