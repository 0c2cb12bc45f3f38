"""Two officers at the same items at the same moment: one act, and words for the other."""

import pytest
from flask import Flask

from portal.budget.models import ExpenditureItem
from portal.budget.queries.items import get_item
from portal.budget.services.items import add_item, change_item, change_items, remove_item
from portal.core.db import db
from portal.core.money import Cents
from tests.conftest import NOW
from tests.integration.activities.test_exclusion_races import told
from tests.integration.files.test_races import together
from tests.make import CATERING, PROJECT, make_project

ROUNDS = 4


@pytest.fixture(autouse=True)
def _project(app: Flask) -> None:
    with app.app_context():
        make_project()


def test_a_reference_is_given_once(app: Flask):
    for turn in range(1, ROUNDS + 1):
        draft = CATERING._replace(internal_reference=f"K-{turn}")
        enter = [told(lambda draft=draft: add_item(PROJECT, "lps", draft, now=NOW)) for _ in range(3)]
        assert sorted(together(app, *enter)) == ["", "item-reference-taken", "item-reference-taken"]
        with app.app_context():
            assert db.session.query(ExpenditureItem).count() == turn


def test_of_several_edits_of_one_version_one_is_stored_and_the_others_are_told(app: Flask):
    with app.app_context():
        item_id = add_item(PROJECT, "lps", CATERING, now=NOW)

    def edit(version: int, cents: int):
        draft = CATERING._replace(declared_cents=Cents(cents))
        return told(lambda: change_item(PROJECT, item_id, draft, version=version, now=NOW))

    for version in range(1, ROUNDS + 1):
        answers = together(app, *(edit(version, version * 10 + each) for each in range(3)))
        assert sorted(answers) == ["", "item-stale", "item-stale"]
        with app.app_context():
            row = get_item(PROJECT, item_id)
            assert (row.version, row.declared_cents) == (version + 1, version * 10 + answers.index(""))


def test_items_are_changed_together_or_one_of_them_is_gone(app: Flask):
    for turn in range(ROUNDS):
        with app.app_context():
            drafts = [CATERING._replace(internal_reference=f"{turn}-{each}") for each in range(2)]
            first, second = (add_item(PROJECT, "lps", draft, now=NOW) for draft in drafts)
        shown = {first: 1, second: 1}
        bulk = told(lambda shown=shown: change_items(PROJECT, shown, {"category": "travel"}, now=NOW))
        remove = told(lambda second=second: remove_item(PROJECT, second, version=1, now=NOW))
        answers = together(app, bulk, remove)
        assert answers in (["", "item-stale"], ["item-unknown", ""])
        with app.app_context():
            assert get_item(PROJECT, first).category == ("travel" if answers[0] == "" else "external")
