"""The list of items that nothing proves."""

from datetime import date

import pytest

from portal.accounts.rules import Role
from portal.budget.models import ExpenditureItem
from portal.budget.services.evidence import add_evidence
from portal.core.db import transaction
from portal.core.money import Cents
from tests.conftest import NOW
from tests.files import pdf
from tests.integration.budget.contracts import keep
from tests.integration.budget.evidence import EXPENDITURE
from tests.integration.pages import links_of, page_text, read_table
from tests.make import PROJECT, make_item, make_project, noted_queries, sign_in_as

MISSING = f"{EXPENDITURE}/missing"
SUMS, ITEMS = "Declared without evidence", "Items without evidence"


@pytest.fixture
def items(app):
    """lps: K-1 proven, K-2 and the salary S-1 not. ols: K-3 in zloty and K-4 in euro not."""
    with app.app_context():
        make_project()
        proven = make_item("lps", "K-1")
        add_evidence(PROJECT, proven, "invoice", keep(("K-1.pdf", pdf())), now=NOW)
        make_item("lps", "K-2", invoice_date=date(2026, 2, 1), category="travel")
        make_item("lps", "S-1", category="staff", description="Salary of Jonas", supplier="", invoice_number="")
        make_item("ols", "K-3", declared_cents=Cents(-12345))
        make_item("ols", "K-4", currency="EUR", declared_cents=Cents(5000))
    return app


def references(answer) -> list[str]:
    return [row[0].split()[0] for row in read_table(answer, ITEMS)[1:]]


def test_items_without_evidence_are_listed_with_their_sums_in_each_currency(items):
    page = sign_in_as(items, Role.MANAGER).get(MISSING)
    assert "4 items have no evidence" in page_text(page)
    assert references(page) == ["K-2", "S-1", "K-3", "K-4"]
    assert [row[1:] for row in read_table(page, SUMS)[1:]] == [["2", "€200.00"], ["1", "€50.00"], ["1", "-PLN123.45"]]
    assert "Jonas" not in page.text
    assert links_of(page)["Attach many files"] == f"{EXPENDITURE}/evidence"


def test_an_officer_sees_the_own_organisation_and_may_attach(items):
    officer = sign_in_as(items, Role.FINANCE, "lps")
    page = officer.get(MISSING)
    assert references(page) == ["K-2", "S-1"]
    assert "Jonas" in page.text
    assert f"{EXPENDITURE}/2/evidence/new" in page.text
    assert officer.get(f"{MISSING}?organisation=ols").status_code == 422


def test_who_may_only_read_is_offered_no_attaching(items):
    page = sign_in_as(items, Role.CONTROLLER, "ols").get(MISSING)
    assert references(page) == ["K-3", "K-4"]
    assert "evidence/new" not in page.text
    assert "Attach many files" not in links_of(page)
    assert sign_in_as(items, Role.PARTNER, "ols").get(MISSING).status_code == 404


def test_the_list_is_filtered_by_what_the_address_says(items):
    manager = sign_in_as(items, Role.MANAGER)
    assert references(manager.get(f"{MISSING}?organisation=ols")) == ["K-3", "K-4"]
    assert references(manager.get(f"{MISSING}?category=travel")) == ["K-2"]
    assert "or there is none yet" in page_text(manager.get(f"{MISSING}?category=equipment"))
    for wrong in ("category=other", "category=x", "organisation=x", "per_page=0"):
        assert manager.get(f"{MISSING}?{wrong}").status_code == 422


def test_a_certified_item_is_listed_but_takes_no_more(items):
    with items.app_context(), transaction() as session:
        item = session.get_one(ExpenditureItem, 2)
        item.state, item.report_number, item.eur_cents = "certified", 1, item.declared_cents
    page = sign_in_as(items, Role.FINANCE, "lps").get(MISSING)
    assert references(page) == ["K-2", "S-1"]
    assert f"{EXPENDITURE}/2/evidence/new" not in page.text


def test_pages_and_sums_cover_the_whole_list_in_as_many_statements(items):
    manager = sign_in_as(items, Role.MANAGER)
    with noted_queries(items) as few:
        manager.get(MISSING)
    with items.app_context():
        for number in range(60):
            make_item("ols", f"N-{number}")
    with noted_queries(items) as many:
        page = manager.get(f"{MISSING}?page=2")
    assert len(many) == len(few)
    assert "64 items have no evidence" in page_text(page)
    assert len(references(page)) == 14
    assert [row[1] for row in read_table(page, SUMS)[1:]] == ["2", "1", "61"]
