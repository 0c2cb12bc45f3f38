"""The page of findings: who sees whose, what it says of each, and what its filters leave."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.accounts.rules import Role
from portal.budget.models import BudgetLine
from portal.core.db import transaction
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, read_tables, text_of
from tests.make import PROJECT, get_project, make_item, make_project, noted_queries, sign_in_as

EARLY = (
    "The invoice is dated 31 December 2025, before the project's first day, 1 January 2026. Correct the date, or "
    "delete the item."
)
PAGE = f"/projects/{PROJECT}/expenditure/findings"
INVOICE = {"supplier": "Example caterer", "invoice_number": "FV 1"}


@pytest.fixture
def project(app: Flask) -> Flask:
    """LTPL00388 with three items of lps (two of one invoice, one before the project) and one of ols."""
    with app.app_context():
        make_project()
        make_item("lps", "K-1", **INVOICE)
        make_item("lps", "K-2", **{**INVOICE, "invoice_number": "fv-001"})
        make_item("lps", "K-3", invoice_number="7", invoice_date=date(2025, 12, 30), category="staff")
        make_item("ols", "O-1", invoice_number="8", invoice_date=date(2025, 12, 31), description="Salary of a person")
    return app


def captions(answer: Any) -> list[str]:
    return [title for title, _ in read_tables(answer)]


def test_the_worst_comes_first_with_its_sentence_its_source_and_a_link_to_each_item(project: Flask):
    answer = sign_in_as(project, Role.MANAGER).get(PAGE)
    assert captions(answer) == [
        "Blocks the report Outside the project's days: 1 item",
        "Blocks the report Invoice declared more than once: 2 items",
        "Warning, blocks submission No exchange rate: 1 item",
        "Warning, blocks submission No evidence: 4 items",
    ]
    row = read_table(answer, "Blocks the report Outside")[1]
    assert row == [
        "O-1",
        "Regional Prison Inspectorate in Olsztyn",
        "External expertise and services",
        "PLN100.00",
        EARLY,
    ]
    text = page_text(answer)
    assert "Rules of the project: its first and last day, and the days for payments after the end (assumed)" in text
    assert "Salary of a person" not in text
    assert links_of(answer)["O-1"] == f"/projects/{PROJECT}/expenditure/4"


@pytest.mark.parametrize(("role", "organisation"), [(Role.FINANCE, "lps"), (Role.CONTROLLER, "lps")])
def test_of_ones_own_organisation_alone(project: Flask, role: Role, organisation: str):
    browser = sign_in_as(project, role, organisation)
    answer = browser.get(PAGE)
    assert {row[0] for _, rows in read_tables(answer) for row in rows[1:]} == {"K-1", "K-2", "K-3"}
    assert "Olsztyn" not in page_text(answer)
    assert browser.get(f"{PAGE}?organisation=ols").status_code == 422


@pytest.mark.parametrize(("role", "organisation"), [(Role.PARTNER, "lps"), (Role.RESEARCHER, ""), (Role.VIEWER, "")])
def test_for_those_who_see_no_expenditure_it_is_not_there(project: Flask, role: Role, organisation: str):
    assert sign_in_as(project, role, organisation).get(PAGE).status_code == 404


def test_another_partners_invoice_is_warned_of_without_anything_of_theirs(project: Flask):
    with project.app_context():
        make_item("ols", "O-2", **INVOICE)
    answer = sign_in_as(project, Role.FINANCE, "ols").get(f"{PAGE}?finding=duplicate-invoice")
    (caption,) = captions(answer)
    assert caption == "Warning Invoice declared more than once: 1 item"
    text = page_text(answer)
    assert "Another partner has declared an invoice with this number" in text
    assert "K-1" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("severity=blocks", {"K-1", "K-2", "O-1"}),
        ("finding=missing-rate", {"O-1"}),
        ("organisation=lps&finding=no-evidence", {"K-1", "K-2", "K-3"}),
        ("organisation=lps&severity=blocks&finding=duplicate-invoice", {"K-1", "K-2"}),
    ],
)
def test_filters_stay_in_the_address(project: Flask, query: str, found: set[str]):
    answer = sign_in_as(project, Role.AUDITOR).get(f"{PAGE}?{query}")
    assert {row[0] for _, rows in read_tables(answer) for row in rows[1:]} == found
    chosen = [text_of(each) for each in find_all(read_page(answer), "option") if "selected" in each.attributes]
    assert len(chosen) == query.count("=")


@pytest.mark.parametrize("query", ["severity=worst", "finding=unknown", "organisation=nobody", "per_page=1000"])
def test_what_cannot_be_filtered_by_is_refused(project: Flask, query: str):
    assert sign_in_as(project, Role.MANAGER).get(f"{PAGE}?{query}").status_code == 422


def test_without_items_nothing_is_wrong_and_a_choice_without_any_offers_all(app: Flask):
    with app.app_context():
        make_project()
    browser = sign_in_as(app, Role.FINANCE, "lps")
    assert "Nothing is wrong with the expenditure." in page_text(browser.get(PAGE))
    answer = browser.get(f"{PAGE}?severity=blocks")
    assert "Nothing of this choice is wrong with the expenditure." in page_text(answer)
    assert links_of(answer)["Show all findings"] == PAGE


@pytest.mark.parametrize(
    ("language", "amounts"),
    [("en", ["€300.00", "€120.00", "20.00 %"]), ("pl", ["300,00 €", "120,00 €", "20,00 %"])],
)
def test_amounts_are_written_as_the_language_writes_them(app: Flask, language: str, amounts: list[str]):
    with app.app_context():
        make_project()
        with transaction() as session:
            lps = get_project(PROJECT).organisations[0]
            session.add(BudgetLine(organisation=lps, category="external", amount_cents=100_00))
        for number in range(3):
            make_item("lps", f"K-{number}", invoice_number=str(number))
    answer = sign_in_as(app, Role.MANAGER).get(f"{PAGE}?finding=over-category&lang={language}")
    text = page_text(answer).replace("\N{NO-BREAK SPACE}", " ")
    for amount in amounts:
        assert amount in text


def test_a_long_list_is_paged_and_asks_the_database_no_more_often(app: Flask):
    counts = []
    for items in (3, 120):
        with app.app_context():
            if items == 3:
                make_project()
            for number in range(items):
                make_item("lps", f"K-{items}-{number}", invoice_number=f"{items}/{number}")
        if items == 3:
            browser = sign_in_as(app, Role.MANAGER)
        with noted_queries(app) as statements:
            answer = browser.get(PAGE)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert captions(answer) == ["Warning, blocks submission No evidence: 123 items"]
    assert len(read_table(answer, "Warning")) == 51
    assert "Page 1 of 3" in page_text(answer)
