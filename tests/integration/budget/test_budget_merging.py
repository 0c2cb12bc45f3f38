"""Merging two records of one organisation moves its budget and expenditure, or is refused plainly."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.budget.models import BudgetVersion, Contract, EvidenceBatch, ExpenditureItem
from portal.budget.queries.budgets import load_rows
from portal.core.db import db, transaction
from portal.core.money import Cents
from portal.projects.queries import get_organisation
from tests.conftest import NOW
from tests.integration.budget.budgets import store_contributions, store_lines
from tests.integration.pages import page_text, read_fields
from tests.integration.reports.duplicates import DOUBLE, WHY, entries, make_doubled, press
from tests.make import PROJECT, make_item, sign_in_as


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """The manager's browser; "double" is a second record of ols, a partner without an approved budget."""
    make_doubled(app)
    with app.app_context():
        get_organisation(PROJECT, "double").role = "partner"
        db.session.commit()
    return sign_in_as(app, Role.MANAGER)


def make_contract(key: str, reference: str) -> None:
    organisation_id = get_organisation(PROJECT, key).id
    columns = {"name": "Catering", "amount_cents": Cents(100), "currency": "EUR", "created_at": NOW, "updated_at": NOW}
    with transaction() as session:
        session.add(Contract(organisation_id=organisation_id, reference=reference, **columns))


def make_batch(key: str) -> None:
    organisation_id = get_organisation(PROJECT, key).id
    with transaction() as session:
        session.add(EvidenceBatch(organisation_id=organisation_id, added_at=NOW, outcomes=[]))


def test_everything_moves_at_once_and_the_preview_says_so(app: Flask, manager: FlaskClient):
    with app.app_context():
        store_lines("double", {("staff", 1): 500, ("travel",): 70})
        store_contributions("double", own=("City", 20))
        make_item("double", "K-1")
        make_item("ols", "K-2")
        make_contract("double", "C-1")
        make_batch("double")
    text = page_text(manager.get(DOUBLE))
    for said in ("1 item of expenditure", "1 contract", "2 budget lines", "1 contribution", "1 list of files"):
        assert said in text
    assert press(manager).status_code == 302
    with app.app_context():
        rows = load_rows(PROJECT)
        assert [tuple(each) for each in rows.lines] == [("ols", "staff", 1, 0, 500), ("ols", "travel", 0, 0, 70)]
        assert [tuple(each) for each in rows.contributions] == [("ols", "own", "City", 20)]
        kept = get_organisation(PROJECT, "ols").id
        for model in (ExpenditureItem, Contract, EvidenceBatch):
            assert {row.organisation_id for row in db.session.scalars(select(model))} == {kept}
        version = db.session.scalars(select(BudgetVersion).order_by(BudgetVersion.number.desc())).first()
        assert version is not None
        assert (version.number, version.reason) == (3, "organisations-merged")
    [moved] = entries(app, "expenditure_moved")
    assert moved.changes == {"merged": [None, "double"], "items": [None, 1], "contracts": [None, 1]}
    page = page_text(manager.get(f"/projects/{PROJECT}/budget/versions/3"))
    assert "Two records of one organisation merged" in page
    assert "double" in page


def test_what_is_twice_is_refused_with_what_to_do(app: Flask, manager: FlaskClient):
    with app.app_context():
        for key in ("ols", "double"):
            store_lines(key, {("staff",): 500})
            store_contributions(key, own=("", 20))
            make_item(key, "K-1")
            make_contract(key, "C-1")
        make_item("double", "K-9", state="in_report", report_number=1)
    page = manager.get(DOUBLE)
    for said in (
        "1 items of the record that would go are in a report.",
        "Both records have items of expenditure with the same reference: 1.",
        "Both records have contracts with the same reference: 1.",
        "Both records have budget lines.",
        "Both records have contributions.",
    ):
        assert said in page_text(page)
    assert manager.post(DOUBLE, data={"version": "1", "seen": "", **WHY}).status_code in (409, 422)
    with app.app_context():
        assert len(load_rows(PROJECT).lines) == 2


def test_money_does_not_go_to_an_associated_partner(app: Flask, manager: FlaskClient):
    with app.app_context():
        make_item("double", "K-1")
        ols = get_organisation(PROJECT, "ols")
        ols.role, ols.budget_cents = "associated", None
        db.session.commit()
    assert "the one that would stay is an associated partner" in page_text(manager.get(DOUBLE))


def test_a_budget_that_changed_since_the_preview_is_shown_first(app: Flask, manager: FlaskClient):
    fields = {**read_fields(manager.get(DOUBLE)), **WHY}
    with app.app_context():
        make_item("double", "K-1")
    assert manager.post(DOUBLE, data=fields).status_code == 409
