"""The register of expenditure as people read it: columns, filters, order, sums, masking."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.budget.models import ExchangeRate, ItemEvidence
from portal.core.db import transaction
from portal.core.files.models import StoredFile
from portal.projects.queries import list_periods
from tests.conftest import NOW
from tests.integration.pages import find_all, links_of, page_text, read_errors, read_page, read_table, text_of
from tests.make import (
    PROJECT,
    make_event,
    make_item,
    make_other_project,
    make_project,
    noted_queries,
    sign_in_as,
)

REGISTER = f"/projects/{PROJECT}/expenditure"


@pytest.fixture
def register(app: Flask) -> Flask:
    """Six items: three of ols in PLN, of which one is submitted; two of lpro and one of lps in euro."""
    with app.app_context():
        make_project()
        event = make_event(ref="W1", activity="1.1")
        make_rate("2026-10", 4_000_000)
        travel = {"category": "travel", "supplier": "Łódź Bus", "invoice_number": "B 1", "activity": "2.1"}
        make_item("ols", "O-1", declared_cents=1000_00, invoice_date=date(2026, 5, 1), **travel)
        make_item("ols", "O-2", declared_cents=-200_00, invoice_date=date(2026, 6, 1), work_package=2)
        frozen = {"state": "submitted", "report_number": 1, "eur_cents": 234_95, "rate_micros": 4_256_300}
        make_item("ols", "O-3", declared_cents=1000_00, rate_month="2026-07", submitted_at=NOW, **frozen)
        make_item("lpro", "L-1", event_id=event, invoice_date=date(2026, 4, 1), payment_date=None)
        staff = {"category": "staff", "supplier": "", "invoice_number": "", "invoice_date": None}
        make_item("lpro", "L-2", description="Salary of Ona", payment_date=date(2026, 7, 31), **staff)
        make_item("lps", "S-1", invoice_date=None, payment_date=None, supplier_tax_number="LT 77")
        with transaction() as session:
            session.add(StoredFile(sha256="a" * 64, size_bytes=1, media_type="application/pdf", stored_at=NOW))
            session.flush()
            proof = {"kind": "invoice", "sha256": "a" * 64, "filename": "i.pdf", "added_at": NOW}
            session.add(ItemEvidence(item_id=1, **proof))
    return app


def make_rate(month: str, micros: int, currency: str = "PLN") -> None:
    with transaction() as session:
        stated = {"rate_micros": micros, "source": "file", "entered_at": NOW}
        session.add(ExchangeRate(project_code=PROJECT, currency=currency, month=month, **stated))


def references(browser: FlaskClient, **asked: Any) -> list[str]:
    """The references that the list shows, in order."""
    answer = browser.get(REGISTER, query_string=asked)
    assert answer.status_code == 200
    return [
        row.children and next(find_all(row, "a")).children[0]
        for row in find_all(read_page(answer), "th", scope="row", class_="break")
    ]


def test_an_empty_register_says_what_belongs_there_and_offers_the_first_step(app: Flask):
    with app.app_context():
        make_project()
    answer = sign_in_as(app, Role.FINANCE, "ols").get(REGISTER)
    assert "Nothing has been entered yet." in page_text(answer)
    assert links_of(answer)["Enter an item of expenditure"].startswith(f"{REGISTER}/new")


def test_each_item_stands_with_its_amounts_evidence_findings_and_state(register: Flask):
    rows = read_table(sign_in_as(register, Role.MANAGER).get(REGISTER), "Items of expenditure")
    found = {row[0].split()[0]: row for row in rows if len(row) == 6}
    first = found["O-1"]
    assert first[0].startswith("O-1 1 May 2026 ")
    assert first[1:5] == [
        "Travel and accommodation",
        "Łódź Bus Catering Activity 2.1",
        "PLN1,000.00 €250.00 preview",
        "Not yet reported 1 file",
    ]
    assert (found["O-3"][3], found["O-3"][4]) == ("PLN1,000.00 €234.95", "Submitted 0 files")
    assert found["L-1"][2].endswith("Opening workshop")
    assert found["S-1"][0].startswith("S-1 – ")
    assert found["O-2"][2].endswith("Work package 2")


def test_findings_are_counted_and_the_worst_is_named_in_a_few_words(register: Flask):
    with register.app_context():
        before = date(2020, 1, 1)
        make_item("lps", "S-2", invoice_number="S 2", invoice_date=before, payment_date=before)
    rows = read_table(sign_in_as(register, Role.MANAGER).get(REGISTER), "Items of expenditure")
    told = next(row[5] for row in rows if row[0].startswith("S-2"))
    assert told.startswith("1 blocker")
    assert told.endswith("Outside the project's days")


def test_all_items_of_a_page_are_ticked_by_a_link(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "ols")
    links = links_of(browser.get(f"{REGISTER}?category=travel"))
    page = browser.get(links["Tick all on this page"])
    ticked = [each.attributes["value"] for each in find_all(read_page(page), "input", name="item", checked="")]
    assert ticked == ["1"]
    assert links_of(page)["Untick all"] == f"{REGISTER}?category=travel&page=1"


def test_folded_filters_say_how_many_are_used_and_open_where_one_is_refused(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    for asked, said, is_open in (
        ("", "Filters", False),
        ("?state=open&category=travel", "Filters (2)", False),
        ("?state=lost", "Filters", True),
    ):
        folded = next(find_all(read_page(browser.get(REGISTER + asked)), "details", class_="folded"))
        assert (text_of(next(find_all(folded, "summary"))), "open" in folded.attributes) == (said, is_open)


@pytest.mark.parametrize(("role", "organisation"), [(Role.FINANCE, "ols"), (Role.PROGRAMME, "")])
def test_one_button_is_prominent_for_those_who_enter_items(register: Flask, role: Role, organisation: str):
    page = read_page(sign_in_as(register, role, organisation).get(REGISTER))
    main = next(find_all(page, "main"))
    prominent = [text_of(each) for each in find_all(main, "a", class_="btn btn-primary")]
    assert prominent == (["Enter an item of expenditure"] if role == Role.FINANCE else [])


def test_the_sums_in_the_foot_are_of_all_that_is_filtered_and_never_add_currencies(register: Flask):
    rows = read_table(sign_in_as(register, Role.MANAGER).get(f"{REGISTER}?per_page=1"), "Items of expenditure")
    assert [row[:2] for row in rows[-3:]] == [
        ["Declared in EUR 3 items", "€300.00"],
        ["Declared in PLN 3 items", "PLN1,800.00 €434.95"],
        ["Together in euro 6 items", "€734.95"],
    ]


def test_items_without_a_rate_are_left_out_of_the_sum_in_euro_and_that_is_said(register: Flask):
    with register.app_context():
        make_item("lps", "S-2", currency="CZK", declared_cents=5_00)
    rows = read_table(sign_in_as(register, Role.MANAGER).get(REGISTER), "Items of expenditure")
    assert ["Declared in CZK 1 item", "CZK5.00 1 item without a rate is left out", ""] in rows
    assert rows[-1][1] == "€734.95 1 item without a rate is left out"


def test_the_newest_stands_first_and_what_has_no_day_before_it(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    newest = ["S-1", "L-2", "O-2", "O-1", "L-1", "O-3"]
    assert references(browser) == newest
    assert references(browser, sort="-date") == newest[::-1]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("reference", ["L-1", "L-2", "O-1", "O-2", "O-3", "S-1"]),
        ("-reference", ["S-1", "O-3", "O-2", "O-1", "L-2", "L-1"]),
        ("amount", ["O-1", "O-3", "L-1", "L-2", "S-1", "O-2"]),
        ("-amount", ["O-2", "L-1", "L-2", "S-1", "O-3", "O-1"]),
        ("category", ["O-3", "L-1", "O-2", "S-1", "L-2", "O-1"]),
    ],
)
def test_the_list_is_sorted_as_asked(register: Flask, sort: str, expected: list[str]):
    assert references(sign_in_as(register, Role.MANAGER), sort=sort) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"organisation": "ols"}, {"O-1", "O-2", "O-3"}),
        ({"state": "submitted"}, {"O-3"}),
        ({"category": "travel"}, {"O-1"}),
        ({"work_package": "2"}, {"O-1", "O-2"}),
        ({"activity": "2.1"}, {"O-1"}),
        ({"event": "W1"}, {"L-1"}),
        ({"evidence": "missing"}, {"O-2", "O-3", "L-1", "L-2", "S-1"}),
        ({"payment": "missing"}, {"L-1", "S-1"}),
        ({"first_day": "2026-05-01"}, {"O-1", "O-2", "L-2"}),
        ({"first_day": "2026-05-01", "last_day": "2026-06-01"}, {"O-1", "O-2"}),
        ({"last_day": "2026-04-01"}, {"L-1", "O-3"}),
        ({"q": "LODZ bus"}, {"O-1"}),
        ({"q": "b 1"}, {"O-1"}),
        ({"q": "lt 77"}, {"S-1"}),
        ({"q": "o-2"}, {"O-2"}),
        ({"q": "catering", "state": "submitted"}, {"O-3"}),
        ({"finding": "unpaid"}, {"L-1", "S-1"}),
    ],
)
def test_filters_leave_what_they_say(register: Flask, asked: Mapping[str, str], expected: set[str]):
    assert set(references(sign_in_as(register, Role.MANAGER), **asked)) == expected


def test_severities_and_findings_are_filters_too(register: Flask):
    with register.app_context():
        before = date(2020, 1, 1)
        make_item("lps", "S-2", invoice_number="S 2", invoice_date=before, payment_date=before)
    browser = sign_in_as(register, Role.MANAGER)
    assert references(browser, finding="outside-window", severity="blocks", organisation="lps") == ["S-2"]
    assert references(browser, finding="outside-window", severity="warns", organisation="lps") == []
    assert "S-2" in references(browser, severity="blocks")


def test_a_period_takes_items_by_payment_or_else_invoice(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    numbers = ("1", "2", "3", "4", "5", "6", "none")
    found = {
        each: references(browser, period=each) for each in numbers if each == "none" or _has_period(register, each)
    }
    together = [reference for each in found.values() for reference in each]
    assert sorted(together) == ["L-1", "L-2", "O-1", "O-2", "O-3", "S-1"]
    assert "S-1" in found["none"]


def _has_period(app: Flask, number: str) -> bool:
    with app.app_context():
        return int(number) in [each.number for each in list_periods(PROJECT)]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("organisation=nobody", "organisation"),
        ("state=lost", "state"),
        ("category=other", "category"),
        ("work_package=99", "work_package"),
        ("activity=9.9", "activity"),
        ("event=NONE", "event"),
        ("contract=77", "contract"),
        ("contract=x", "contract"),
        ("period=77", "period"),
        ("severity=much", "severity"),
        ("finding=ugly", "finding"),
        ("first_day=soon", "first_day"),
        ("first_day=2026-02-01&last_day=2026-01-01", "last_day"),
        ("evidence=there", "evidence"),
    ],
)
def test_a_filter_that_cannot_be_is_named_and_the_list_is_shown_without_it(register: Flask, asked: str, field: str):
    answer = sign_in_as(register, Role.MANAGER).get(f"{REGISTER}?{asked}")
    assert answer.status_code == 422
    assert field in read_errors(answer)
    assert len(read_table(answer, "Items of expenditure")) > 1


def test_an_order_that_is_none_is_refused(register: Flask):
    answer = sign_in_as(register, Role.MANAGER).get(f"{REGISTER}?sort=colour")
    assert answer.status_code == 422
    assert "“colour” is not known here." in page_text(answer)


def test_filters_stay_in_the_links_of_the_list(register: Flask):
    answer = sign_in_as(register, Role.MANAGER).get(f"{REGISTER}?organisation=ols&per_page=1")
    links = links_of(answer)
    assert "organisation=ols" in links["Reference"]
    assert "organisation=ols" in links["Next page →"]
    assert "organisation=ols" in links["Download as XLSX"]


def test_a_finance_officer_sees_the_own_organisation_only(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    assert references(browser) == ["L-2", "L-1"]
    assert references(browser, q="o-1") == []
    assert browser.get(f"{REGISTER}?organisation=ols").status_code == 422


@pytest.mark.parametrize(
    ("role", "organisation", "is_shown"),
    [
        (Role.FINANCE, "lpro", True),
        (Role.CONTROLLER, "lpro", True),
        (Role.MANAGER, "", False),
        (Role.PROGRAMME, "", False),
        (Role.AUDITOR, "", False),
    ],
)
def test_salary_details_are_shown_and_searched_for_those_who_may_read_them(
    register: Flask, role: Role, organisation: str, is_shown: bool
):
    browser = sign_in_as(register, role, organisation)
    text = page_text(browser.get(REGISTER))
    assert ("Salary of Ona" in text, "hidden: salary details" in text) == (is_shown, not is_shown)
    assert references(browser, q="ona") == (["L-2"] if is_shown else [])
    assert ("Salary of Ona" in page_text(browser.get("/search?q=ona"))) == is_shown
    assert "L-2" in page_text(browser.get("/search?q=L-2"))


def test_search_finds_items_within_sight_only(register: Flask):
    assert "O-1" not in page_text(sign_in_as(register, Role.FINANCE, "lpro").get("/search?q=lodz"))
    assert "Expenditure (1)" in page_text(sign_in_as(register, Role.FINANCE, "ols").get("/search?q=lodz"))
    assert "Nothing is called" in page_text(sign_in_as(register, Role.PARTNER, "ols").get("/search?q=lodz"))


def test_another_projects_items_are_not_in_the_list(register: Flask):
    with register.app_context():
        make_item("ols", "X-1", project_code=make_other_project())
    assert "X-1" not in references(sign_in_as(register, Role.MANAGER))


def test_the_number_of_queries_does_not_grow_with_the_list(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    browser.get(REGISTER)
    with noted_queries(register) as few:
        browser.get(REGISTER)
    with register.app_context():
        for number in range(40):
            make_item("ols", f"M-{number}", invoice_number=f"M {number}", activity="2.2")
    browser.get(REGISTER)
    with noted_queries(register) as many:
        browser.get(REGISTER)
    assert len(many) == len(few)


def test_the_workbook_holds_the_filtered_rows(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    answer = browser.get(f"{REGISTER}.xlsx?organisation=ols")
    assert answer.status_code == 200
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert browser.get(f"{REGISTER}.xlsx?state=lost").status_code == 302
