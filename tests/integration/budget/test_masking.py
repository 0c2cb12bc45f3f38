"""What may name whose salary it is: hidden wherever items are shown, also of items that were stored before it was."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.budget.models import Contract
from portal.budget.queries.items import draft_of, get_item
from portal.budget.services.items import change_item, remove_item
from portal.core.db import db, transaction
from portal.imports.models import Import
from portal.projects.queries import get_organisation
from tests.conftest import NOW
from tests.files import as_form
from tests.integration.pages import page_text, read_fields, send_form
from tests.make import PROJECT, make_item, make_project, make_user, sign_in, sign_in_as

HOME = f"/projects/{PROJECT}"
ITEMS = f"{HOME}/expenditure"
NAMED = ("Jonas the Trainer", "Jonas Trade", "LT 4711", "JT 1")
STATED = dict(zip(("description", "supplier", "supplier_tax_number", "invoice_number"), NAMED, strict=True))
HIDDEN = "hidden: salary details"
READERS = [(Role.FINANCE, "lps", True), (Role.CONTROLLER, "lps", True), (Role.MANAGER, "", False)]


@pytest.fixture
def odd(app: Flask) -> Flask:
    """Item 1 of lps: an item of staff as none is stored any more, with a supplier, an invoice and a contract."""
    with app.app_context():
        make_project()
        with transaction() as session:
            stated: dict[str, Any] = {"reference": "C-1", "name": "Training", "amount_cents": 1, "currency": "EUR"}
            owner = get_organisation(PROJECT, "lps").id
            session.add(Contract(organisation_id=owner, created_at=NOW, updated_at=NOW, **stated))
        make_item("lps", "S-1", category="staff", contract_id=1, **STATED)
        # Another of the same supplier and invoice, which is no salary.
        make_item("lps", "K-1", supplier_tax_number="LT 4711", invoice_number="JT 1")
    return app


@pytest.fixture
def turned(app: Flask) -> Flask:
    """Item 1 of lps was a trainer's invoice before it became a salary, item 2 still is one, item 3 is gone."""
    with app.app_context():
        make_project()
        for reference in ("K-1", "K-2", "K-3"):
            item_id = make_item("lps", reference, supplier="Someone", invoice_number=reference)
            stated = {**STATED, "description": f"{NAMED[0]} {reference}"}
            change_item(PROJECT, item_id, draft_of(get_item(PROJECT, item_id))._replace(**stated), version=1, now=NOW)
        for item_id in (1, 3):
            stated_now = draft_of(get_item(PROJECT, item_id))
            change_item(PROJECT, item_id, stated_now._replace(category="staff"), version=2, now=NOW)
        remove_item(PROJECT, 3, version=3, now=NOW)
    return app


def cells(browser: FlaskClient, address: str) -> str:
    """All that stands in the workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(address).data))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return "\n".join(str(cell) for rows in sheets for row in rows for cell in row)


def named_in(text: str) -> Iterator[str]:
    return (each for each in NAMED if each in text)


@pytest.mark.parametrize(("role", "organisation", "seen"), READERS)
@pytest.mark.parametrize("address", ["", "/1", "/missing", "contract"])
def test_a_page_hides_all_that_names_a_person_in_the_same_words(
    odd: Flask, role: Role, organisation: str, seen: bool, address: str
):
    browser = sign_in_as(odd, role, organisation)
    page = browser.get(f"{HOME}/contracts/1" if address == "contract" else f"{ITEMS}{address}?category=staff")
    assert page.status_code == 200
    found = set(named_in(page_text(page)))
    assert (NAMED[0] in found, HIDDEN in page_text(page)) == (seen, not seen)
    assert seen or not found


@pytest.mark.parametrize(("role", "organisation", "seen"), READERS)
def test_files_hide_it_too(odd: Flask, role: Role, organisation: str, seen: bool):
    browser = sign_in_as(odd, role, organisation)
    assert bool(list(named_in(cells(browser, f"{ITEMS}.xlsx?category=staff")))) is seen
    assert (NAMED[1] in cells(browser, f"{HOME}/imports/table/expenditure.xlsx")) is seen


@pytest.mark.parametrize(("role", "organisation", "seen"), READERS)
@pytest.mark.parametrize("words", NAMED)
def test_it_is_not_searched_for_whom_it_is_hidden(odd: Flask, role: Role, organisation: str, seen: bool, words: str):
    browser = sign_in_as(odd, role, organisation)
    assert ("S-1" in page_text(browser.get(ITEMS, query_string={"q": words}))) is seen
    if words != NAMED[2]:
        found = browser.get("/search", query_string={"q": words})
        assert (f"{ITEMS}/1" in found.text) is seen


def test_no_finding_and_no_part_says_whose_invoice_a_salary_names(odd: Flask):
    browser = sign_in_as(odd, Role.MANAGER)
    for address in (f"{ITEMS}/2", f"{ITEMS}/findings"):
        text = page_text(browser.get(address))
        assert "The same invoice of the same supplier" not in text
    assert "No other item is of this invoice." in page_text(browser.get(f"{ITEMS}/2"))


def test_an_odd_item_loses_what_staff_have_not_once_it_is_saved(odd: Flask):
    browser = sign_in_as(odd, Role.FINANCE, "lps")
    assert send_form(browser, f"{ITEMS}/1/edit", description="Trainer, March").status_code == 302
    with odd.app_context():
        item = get_item(PROJECT, 1)
        assert (item.supplier, item.supplier_tax_number, item.invoice_number) == ("", "", "")
        assert (item.invoice_date, item.vat_cents, item.contract_id) == (None, None, None)
        assert (item.tax_key, item.name_key, item.invoice_key, item.order_key) == ("", "", "", "2026-03-20 S-1")


AUDIT = ["/audit", "/audit?kind=item", "/audit?kind=item&subject_id=1", "/audit?kind=item&subject_id=3"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.PROGRAMME])
@pytest.mark.parametrize("address", AUDIT)
def test_the_audit_hides_what_a_salary_was_before_it_was_one(turned: Flask, role: Role, address: str):
    page = sign_in_as(turned, role).get(HOME + address)
    assert page.status_code == 200
    hidden = page.text.replace(f"{NAMED[0]} K-2", "")
    if "subject_id" in address:
        assert list(named_in(page.text)) == []
    else:
        # Of what was never a salary the history stays.
        assert f"{NAMED[0]} K-2" in page.text
        assert NAMED[0] not in hidden
    assert "Description changed" in page_text(page)
    assert "external" in page.text.lower()


@pytest.mark.parametrize("address", ["/audit.xlsx", "/audit.xlsx?kind=item"])
def test_the_export_of_the_audit_hides_it_too(turned: Flask, address: str):
    auditor = sign_in_as(turned, Role.AUDITOR)
    text = cells(auditor, HOME + address)
    assert f"{NAMED[0]} K-2" in text
    assert NAMED[0] not in text.replace(f"{NAMED[0]} K-2", "")
    assert list(named_in(cells(auditor, f"{HOME}/audit.xlsx?subject_id=1&kind=item"))) == []


def test_what_is_no_salary_any_more_keeps_its_history_hidden(turned: Flask):
    with turned.app_context():
        stated = draft_of(get_item(PROJECT, 1))
        now_travel = stated._replace(category="travel", description="Bus to Vilnius")
        change_item(PROJECT, 1, now_travel, version=3, now=NOW)
        change_item(PROJECT, 1, now_travel._replace(supplier="Bus and Rail"), version=4, now=NOW)
    auditor = sign_in_as(turned, Role.AUDITOR)
    for address in (f"{HOME}/audit?kind=item&subject_id=1", f"{ITEMS}/1"):
        assert list(named_in(auditor.get(address).text)) == []


def test_who_may_read_salaries_reads_the_history(turned: Flask):
    assert NAMED[0] in sign_in_as(turned, Role.FINANCE, "lps").get(f"{ITEMS}/1").text
    assert NAMED[0] not in sign_in_as(turned, Role.MANAGER).get(f"{ITEMS}/1").text


COLUMNS = "internal_reference,category,description,payment_date,declared_amount,contract"
ROWS = {
    "unreadable amount": "S-1,staff,Pay,2026-03-31,Jonas 900,",
    "unreadable category": "S-1,Jonas,Pay,2026-03-31,900,",
    "unreadable day": "S-1,Staff,Pay,Jonas,900,",
}
FILE = "jonas-march.csv"


def upload(browser: FlaskClient, *rows: str, name: str = FILE) -> str:
    """Bring a file of lps with these rows; return the address of the import."""
    fields = read_fields(browser.get(f"{HOME}/imports/new?kind=expenditure"))
    content = "\r\n".join([COLUMNS, *rows, ""]).encode()
    stated = {**fields, "kind": "expenditure", "organisation": "lps"}
    answer = browser.post(f"{HOME}/imports/new", **as_form(stated, file=[(name, content)]))
    assert answer.status_code == 302, answer.text
    return str(answer.location)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_is_stored_of_a_check_quotes_no_cell_of_a_salary(app: Flask, row: str):
    with app.app_context():
        make_project()
    officer, manager = sign_in_as(app, Role.FINANCE, "lps"), sign_in_as(app, Role.MANAGER)
    address = upload(officer, row, "K-2,travel,Bus,2026-03-31,12 bus,")
    with app.app_context():
        kept = json.dumps(db.session.scalars(select(Import.findings)).one(), ensure_ascii=False)
    assert "Jonas" not in kept
    # Of other costs the cell is quoted, so that it can be found and mended.
    assert "12 bus" in kept
    for browser in (officer, manager):
        assert "Jonas" not in browser.get(address).text
    if "Jonas,Pay" in row:
        assert "travel, external" in page_text(officer.get(address))


def test_rows_of_a_salary_that_is_stored_are_kept_as_salaries(app: Flask):
    with app.app_context():
        make_project()
        make_item("lps", "S-1", category="staff", supplier="", invoice_number="")
    address = upload(sign_in_as(app, Role.FINANCE, "lps"), "S-1,travel,Pay,2026-03-31,Jonas 900,")
    assert "Jonas" not in sign_in_as(app, Role.MANAGER).get(address).text


def test_who_pastes_a_salary_still_sees_what_cannot_be_read(app: Flask):
    with app.app_context():
        make_project()
    officer = sign_in_as(app, Role.FINANCE, "lps")
    address = f"{HOME}/imports/paste?kind=expenditure"
    pasted = f"{COLUMNS}\n{ROWS['unreadable amount']}"
    answer = send_form(officer, address, organisation="lps", text=pasted)
    assert "“Jonas 900”" in page_text(answer)
    with app.app_context():
        assert db.session.scalar(select(Import.id)) is None


def test_the_name_of_a_file_is_shown_to_who_brought_it_and_who_reads_salaries(app: Flask):
    with app.app_context():
        make_project()
    officer = sign_in_as(app, Role.FINANCE, "lps")
    with app.app_context():
        other = make_user(Role.FINANCE, "lps", "second@example.org")
    colleague, manager = sign_in(app.test_client(), other), sign_in_as(app, Role.MANAGER)
    address = upload(officer, "K-1,travel,Bus,2026-03-31,12,")
    officer.post(f"{address}/store", data=read_fields(officer.get(address)))
    for page in ("/imports", "/imports/1", "/imports/1/undo"):
        for browser, seen in ((officer, True), (colleague, True), (manager, False)):
            text = browser.get(HOME + page).text
            assert (FILE in text, "№ 1" in text and HIDDEN in text) == (seen, not seen), page
    mine = upload(manager, "K-2,travel,Bus,2026-03-31,13,", name="costs.csv")
    assert "costs.csv" in manager.get(mine).text
