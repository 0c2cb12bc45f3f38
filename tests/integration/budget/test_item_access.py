"""Who may see, enter and change items of expenditure, and from whom salary details are hidden."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import ORGANISATION_ROLES, Role
from portal.budget.queries.items import draft_of, get_item
from portal.budget.services.evidence import add_evidence
from portal.budget.services.items import change_item
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_fields, send_form
from tests.integration.projects.figures import keep
from tests.make import PROJECT, make_item, make_project, sign_in_as

ITEMS = f"/projects/{PROJECT}/expenditure"
# Who sees an item of lps: of the roles of an organisation, those of lps.
SEES = {Role.MANAGER, Role.FINANCE, Role.CONTROLLER, Role.PROGRAMME, Role.AUDITOR}
ENTERS = {Role.MANAGER, Role.FINANCE}
READS_SALARIES = {Role.FINANCE, Role.CONTROLLER}
SECRET = "Salary of a trainer"
TYPED = {"internal_reference": "S-2", "description": "Salary of a coach", "declared_amount": "900"}


@pytest.fixture(autouse=True)
def _items(app: Flask) -> None:
    """Item 1 of lps is an invoice, item 2 a salary with a file; item 3 is of ols."""
    with app.app_context():
        make_project()
        make_item("lps", "K-1")
        salary = {"category": "staff", "supplier": SECRET, "description": SECRET, "invoice_number": ""}
        make_item("lps", "S-1", **salary)
        make_item("ols", "O-1")
        add_evidence(PROJECT, 2, "timesheet", [keep("trainer")], now=NOW)
        change_item(PROJECT, 2, draft_of(get_item(PROJECT, 2))._replace(vat_cents=None), version=1, now=NOW)


def of_lps(app: Flask, role: Role) -> FlaskClient:
    return sign_in_as(app, role, "lps" if role in ORGANISATION_ROLES else "")


@pytest.mark.parametrize("role", list(Role))
def test_items_are_seen_and_entered_by_whom_the_matrix_names(app: Flask, role: Role):
    browser = of_lps(app, role)
    assert browser.get(f"{ITEMS}/1").status_code == (200 if role in SEES else 404)
    for address in ("/new/category", "/new?organisation=lps&category=travel", "/1/edit", "/1/remove"):
        answer = browser.get(f"{ITEMS}{address}", follow_redirects=True)
        assert answer.status_code == (200 if role in ENTERS else 403 if role in SEES else 404)
    if role in SEES:
        offered = "Edit the item" in links_of(browser.get(f"{ITEMS}/1"))
        assert offered is (role in ENTERS)
    removed = browser.post(f"{ITEMS}/1/remove", data={"version": "1"})
    assert removed.status_code == (302 if role in ENTERS else 403 if role in SEES else 404)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.CONTROLLER])
def test_items_of_others_are_not_there(app: Flask, role: Role):
    browser = of_lps(app, role)
    assert browser.get(f"{ITEMS}/3").status_code == 404
    if role == Role.FINANCE:
        for address in ("/3/edit", "/3/remove", "/new?corrects=3", "/new?part_of=3"):
            assert browser.get(f"{ITEMS}{address}", follow_redirects=True).status_code == 404
        address = f"{ITEMS}/new?organisation=ols&category=travel"
        assert browser.get(address, follow_redirects=True).status_code == 403
        answer = browser.post(address, data=TYPED)
        assert answer.status_code == 403
    for address in ("corrects=x", "part_of=99", "corrects=²", "corrects=99999999999999999999"):
        answer = browser.get(f"{ITEMS}/new?{address}", follow_redirects=True)
        assert answer.status_code == (404 if role == Role.FINANCE else 403)


def test_an_organisation_that_is_not_there_is_not_found(app: Flask):
    browser = of_lps(app, Role.MANAGER)
    assert browser.get(f"{ITEMS}/new?organisation=x&category=travel", follow_redirects=True).status_code == 404


@pytest.mark.parametrize("role", sorted(SEES))
def test_salary_details_are_hidden_from_all_but_their_readers(app: Flask, role: Role):
    browser = of_lps(app, role)
    page = browser.get(f"{ITEMS}/2")
    assert page.status_code == 200
    hidden = role not in READS_SALARIES
    assert (SECRET in page.text, "trainer.pdf" in page.text) == (not hidden, not hidden)
    assert ("hidden: salary details" in page_text(page)) is hidden
    assert "100.00" in page_text(page)
    file = browser.get(f"{ITEMS}/2/evidence/1")
    assert file.status_code == (404 if hidden else 200)


def test_the_manager_enters_a_salary_and_cannot_change_or_delete_it(app: Flask):
    manager = of_lps(app, Role.MANAGER)
    for address in ("/2/edit", "/2/remove", "/new?corrects=2", "/new?part_of=2"):
        answer = manager.get(f"{ITEMS}{address}", follow_redirects=True)
        assert (answer.status_code, SECRET in answer.text) == (403, False)
        assert "open to its finance officers and its controller only" in page_text(answer)
    for address in ("/2/edit", "/2/remove"):
        answer = manager.post(f"{ITEMS}{address}", data={**TYPED, "version": "2"})
        assert (answer.status_code, SECRET in answer.text) == (403, False)
    answer = send_form(manager, f"{ITEMS}/new?organisation=lps&category=staff", **TYPED)
    assert answer.location == f"{ITEMS}/4"
    page = manager.get(answer.location)
    assert "Salary of a coach" not in page.text
    assert "Edit the item" not in links_of(page)
    with app.app_context():
        assert get_item(PROJECT, 4).description == "Salary of a coach"


def test_what_a_salary_was_before_it_was_one_is_hidden_too(app: Flask):
    officer = of_lps(app, Role.FINANCE)
    send_form(officer, f"{ITEMS}/1/edit", description="Trainer Number One")
    assert "Trainer Number One" in of_lps(app, Role.AUDITOR).get(f"{ITEMS}/1").text
    answer = send_form(officer, f"{ITEMS}/1/edit", category="staff", show_fields="1")
    assert officer.post(f"{ITEMS}/1/edit", data=read_fields(answer)).status_code == 302
    page = sign_in_as(app, Role.PROGRAMME).get(f"{ITEMS}/1")
    assert "Trainer Number One" not in page.text
    assert "Description changed" in page_text(page)


def test_the_manager_acts_for_the_partner_and_the_page_says_so(app: Flask):
    manager = of_lps(app, Role.MANAGER)
    page = manager.get(f"{ITEMS}/new?organisation=ols&category=travel", follow_redirects=True)
    assert "What you do here is kept as done for" in page_text(page)
    answer = send_form(manager, f"{ITEMS}/new?organisation=ols&category=travel", **TYPED)
    assert "for ols" in page_text(manager.get(answer.location))


def test_the_manager_chooses_whose_cost_it_is(app: Flask):
    manager = of_lps(app, Role.MANAGER)
    page = manager.get(f"{ITEMS}/new?category=travel", follow_redirects=True)
    assert "Organisation whose cost it is" in page_text(page)
    officer = of_lps(app, Role.FINANCE)
    assert "Organisation whose cost it is" not in page_text(officer.get(f"{ITEMS}/new", follow_redirects=True))
