"""Pages of items of expenditure: forms by category, what a refused or stale form keeps, parts and corrections."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.services.evidence import add_evidence
from portal.budget.models import ExpenditureItem
from portal.budget.queries.items import draft_of, get_item
from portal.budget.services.items import change_item
from portal.core.db import db
from portal.core.money import Cents
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_summary,
    read_table,
    send_form,
    text_of,
)
from tests.integration.projects.figures import keep
from tests.make import PROJECT, make_event, make_item, make_project, sign_in_as

ITEMS = f"/projects/{PROJECT}/expenditure"
TYPED = {
    "internal_reference": "K-17",
    "description": "Coffee and lunch",
    "supplier": "Catering and Sons",
    "supplier_tax_number": "LT100001234",
    "invoice_number": "FV 001/2026",
    "invoice_date": "10.03.2026",
    "payment_date": "2026-03-20",
    "invoice_total": "1 234,56",
    "declared_amount": "1,234.56",
    "activity": "1.1",
}


@pytest.fixture
def officer(app: Flask) -> FlaskClient:
    """The browser of a finance officer of lps, which spends in euro."""
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.FINANCE, "lps")


def stored(app: Flask, item_id: int = 1) -> Any:
    """What is stated of the item, by column."""
    with app.app_context():
        return draft_of(get_item(PROJECT, item_id))._asdict()


def references(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ExpenditureItem.internal_reference).order_by(ExpenditureItem.id)))


def test_a_category_is_chosen_first_and_the_form_asks_for_what_it_needs(officer: FlaskClient):
    page = officer.get(f"{ITEMS}/new", follow_redirects=True)
    assert "First choose what kind of cost it is" in page_text(page)
    fields = read_fields(officer.get(f"{ITEMS}/new?category=external", follow_redirects=True))
    assert fields["currency"] == "EUR"
    assert {"supplier", "invoice_number", "invoice_date", "vat", "invoice_total"} <= fields.keys()
    fields = read_fields(officer.get(f"{ITEMS}/new?category=staff", follow_redirects=True))
    assert not {"supplier", "supplier_tax_number", "invoice_number", "invoice_date", "vat", "contract"} & fields.keys()
    assert {"payment_date", "declared_amount", "activity", "event"} <= fields.keys()


def test_an_officer_enters_an_item_and_sees_it_with_what_is_wrong(app: Flask, officer: FlaskClient):
    answer = send_form(officer, f"{ITEMS}/new?category=external", **TYPED)
    assert (answer.status_code, answer.location) == (302, f"{ITEMS}/1")
    facts = stored(app)
    assert (facts["invoice_total_cents"], facts["declared_cents"]) == (1234_56, 1234_56)
    assert (str(facts["invoice_date"]), facts["work_package_id"]) == ("2026-03-10", None)
    text = page_text(officer.get(answer.location))
    assert "Not yet reported" in text
    assert "€1,234.56" in text
    assert "Nothing proves this item" in text
    assert "Item of expenditure entered" in text


def test_saving_and_entering_the_next_one_keeps_category_and_activity(app: Flask, officer: FlaskClient):
    answer = send_form(officer, f"{ITEMS}/new?category=travel", **TYPED, enter_next="1")
    assert answer.location == f"{ITEMS}/new?organisation=lps&category=travel&activity=1.1"
    page = officer.get(answer.location, follow_redirects=True)
    fields = read_fields(page)
    assert (fields["category"], fields["activity"], fields["internal_reference"]) == ("travel", "1.1", "")
    assert "The item K-17 is stored." in page_text(page)
    assert references(app) == ["K-17"]


def test_the_form_sent_twice_makes_one_item(app: Flask, officer: FlaskClient):
    page = officer.get(f"{ITEMS}/new?category=external", follow_redirects=True)
    for _ in range(2):
        assert officer.post(page.request.full_path, data={**read_fields(page), **TYPED}).location == f"{ITEMS}/1"
    assert references(app) == ["K-17"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"declared_amount": "1,234"}, "declared_amount", "may mean thousands or decimals"),
        ({"declared_amount": "12.345"}, "declared_amount", "may mean thousands or decimals"),
        ({"declared_amount": "1e3"}, "declared_amount", "cannot be read as an amount"),
        ({"declared_amount": "0.123"}, "declared_amount", "more than two decimals"),
        ({"declared_amount": ""}, "declared_amount", "Fill this in."),
        ({"declared_amount": "99999999999.00"}, "declared_amount", "No item may be larger than 10000000000.00."),
        ({"vat": "x"}, "vat", "cannot be read as an amount"),
        ({"payment_date": "2026-02-30"}, "payment_date", "Enter a day that exists"),
        ({"invoice_date": "0206-03-10"}, "invoice_date", "Use one in the years 1990 to 2199."),
        ({"internal_reference": ""}, "internal_reference", "Fill this in."),
        ({"internal_reference": "x" * 61}, "internal_reference", "Shorten this to 60 characters."),
        ({"description": ""}, "description", "Fill this in."),
        ({"activity": "9.9"}, "activity", "Choose one of those offered"),
        ({"currency": "USD"}, "currency", "Choose one of those offered: EUR."),
    ],
)
def test_bad_input_is_refused_at_its_field_and_keeps_what_was_typed(
    app: Flask, officer: FlaskClient, changes: dict[str, str], field: str, words: str
):
    answer = send_form(officer, f"{ITEMS}/new?category=external", **{**TYPED, **changes})
    assert answer.status_code == 422
    errors = read_errors(answer)
    assert (list(errors), words in errors[field]) == ([field], True)
    kept = read_fields(answer)
    assert (kept["supplier"], kept["invoice_date"]) == (TYPED["supplier"], changes.get("invoice_date", "10.03.2026"))
    if field != "activity" and field != "currency" and "99999999999" not in changes.get(field, ""):
        assert kept[field] == changes[field]
    assert references(app) == []


def test_a_reference_that_is_taken_is_said_at_its_field(app: Flask, officer: FlaskClient):
    with app.app_context():
        make_item("lps", "K-17")
    answer = send_form(officer, f"{ITEMS}/new?category=external", **TYPED)
    assert (answer.status_code, list(read_errors(answer))) == (422, ["internal_reference"])


def test_an_event_of_another_activity_is_said_at_its_field(app: Flask, officer: FlaskClient):
    with app.app_context():
        make_event(ref="W1", activity="1.1")
    answer = send_form(officer, f"{ITEMS}/new?category=external", **{**TYPED, "activity": "2.4"}, event="W1")
    assert (answer.status_code, list(read_errors(answer))) == (422, ["event"])
    answer = send_form(officer, f"{ITEMS}/new?category=external", **{**TYPED, "activity": "wp-1"}, event="W1")
    assert answer.status_code == 302
    assert stored(app)["event_id"] == 1


def test_the_category_is_changed_on_the_form_and_what_was_typed_stays(app: Flask, officer: FlaskClient):
    address = f"{ITEMS}/new?category=external"
    answer = send_form(officer, address, **{**TYPED, "vat": "nonsense", "category": "staff"}, show_fields="1")
    assert answer.status_code == 200
    fields = read_fields(answer)
    kept = {"shown": "staff", "description": TYPED["description"], "supplier": TYPED["supplier"]}
    assert {name: fields[name] for name in kept} == kept
    assert "Supplier" not in page_text(answer)
    assert "vat" not in fields
    back = officer.post(answer.request.full_path, data={**fields, "category": "travel", "show_fields": "1"})
    assert read_fields(back)["invoice_number"] == TYPED["invoice_number"]
    assert references(app) == []
    # What is not asked for is not stored.
    assert officer.post(answer.request.full_path, data=fields).status_code == 302
    assert (stored(app)["category"], stored(app)["supplier"], stored(app)["invoice_date"]) == ("staff", "", None)


def test_the_enter_key_saves(officer: FlaskClient):
    page = officer.get(f"{ITEMS}/new?category=travel", follow_redirects=True)
    form = next(find_all(next(find_all(read_page(page), "main")), "form"))
    buttons = [(each.attributes.get("name", ""), text_of(each)) for each in find_all(form, "button")]
    assert buttons == [
        ("", "Save the item"),
        ("show_fields", "Show the fields of this category"),
        ("", "Save the item"),
        ("enter_next", "Save and enter the next one"),
    ]


def test_a_category_with_other_fields_is_not_stored_before_they_are_seen(app: Flask, officer: FlaskClient):
    answer = send_form(officer, f"{ITEMS}/new?category=external", **{**TYPED, "category": "staff"})
    assert (answer.status_code, list(read_errors(answer))) == (422, ["category"])
    assert read_fields(answer)["shown"] == "staff"
    assert references(app) == []
    assert send_form(officer, f"{ITEMS}/new?category=external", **{**TYPED, "category": "office"}).status_code == 302


def test_an_item_is_edited_and_amounts_are_formatted_back(app: Flask, officer: FlaskClient):
    send_form(officer, f"{ITEMS}/new?category=external", **TYPED)
    fields = read_fields(officer.get(f"{ITEMS}/1/edit"))
    assert (fields["declared_amount"], fields["activity"], fields["invoice_date"]) == ("1,234.56", "1.1", "2026-03-10")
    assert read_fields(officer.get(f"{ITEMS}/1/edit?lang=pl"))["declared_amount"].replace("\xa0", " ") == "1 234,56"
    before = stored(app)
    assert send_form(officer, f"{ITEMS}/1/edit").status_code == 302
    assert stored(app) == before
    answer = send_form(officer, f"{ITEMS}/1/edit?lang=en", declared_amount="1,000.00")
    assert (answer.location, stored(app)["declared_cents"]) == (f"{ITEMS}/1", 1000_00)
    assert "Declared amount 1234.56 → 1000.00" in page_text(officer.get(f"{ITEMS}/1"))


def test_two_officers_on_one_item(app: Flask, officer: FlaskClient):
    send_form(officer, f"{ITEMS}/new?category=external", **TYPED)
    page = officer.get(f"{ITEMS}/1/edit")
    with app.app_context():
        draft = draft_of(get_item(PROJECT, 1))
        change_item(PROJECT, 1, draft._replace(declared_cents=Cents(900_00)), version=1, now=NOW)
    typed = {**read_fields(page), "declared_amount": "800", "description": "Lunch"}
    answer = officer.post(f"{ITEMS}/1/edit", data=typed)
    assert answer.status_code == 409
    assert read_table(answer, "What differs")[1:] == [
        ["Description", "Coffee and lunch", "Lunch"],
        ["Declared amount", "900.00", "800.00"],
    ]
    assert stored(app)["declared_cents"] == 900_00
    assert officer.post(f"{ITEMS}/1/edit", data=read_fields(answer)).status_code == 302
    assert stored(app)["declared_cents"] == 800_00


def test_an_item_that_is_submitted_meanwhile_keeps_what_was_typed(app: Flask, officer: FlaskClient):
    send_form(officer, f"{ITEMS}/new?category=external", **TYPED)
    page = officer.get(f"{ITEMS}/1/edit")
    with app.app_context():
        row = db.session.get(ExpenditureItem, 1)
        row.state, row.report_number, row.eur_cents = "certified", 1, 1234_56
        db.session.commit()
    answer = officer.post(f"{ITEMS}/1/edit", data={**read_fields(page), "description": "Lunch"})
    assert (answer.status_code, read_fields(answer)["description"]) == (409, "Lunch")
    assert "enter a correction of it instead" in read_summary(answer)[0]
    for address in (f"{ITEMS}/1/edit", f"{ITEMS}/1/remove"):
        assert officer.get(address).status_code == 409
    links = links_of(officer.get(f"{ITEMS}/1"))
    assert "Edit the item" not in links
    assert links["Correct this item"] == f"{ITEMS}/new?corrects=1"


def test_a_certified_item_is_corrected_by_a_new_one(app: Flask, officer: FlaskClient):
    with app.app_context():
        make_item("lps", "P-1", state="certified", report_number=1, eur_cents=100_00, activity="2.4")
    page = officer.get(f"{ITEMS}/new?corrects=1", follow_redirects=True)
    fields = read_fields(page)
    assert (fields["declared_amount"], fields["corrects"], fields["activity"]) == ("-100.00", "P-1", "2.4")
    assert send_form(officer, f"{ITEMS}/new?corrects=1", internal_reference="P-1a").status_code == 302
    assert (stored(app, 2)["corrects_id"], stored(app, 2)["declared_cents"]) == (1, -100_00)
    assert links_of(officer.get(f"{ITEMS}/1"))["P-1a"] == f"{ITEMS}/2"
    assert links_of(officer.get(f"{ITEMS}/2"))["P-1"] == f"{ITEMS}/1"
    answer = send_form(officer, f"{ITEMS}/2/edit", corrects="nothing")
    assert (answer.status_code, list(read_errors(answer))) == (422, ["corrects"])


@pytest.mark.parametrize("state", ["open", "submitted"])
def test_what_is_not_certified_is_not_corrected(app: Flask, officer: FlaskClient, state: str):
    with app.app_context():
        report = None if state == "open" else 1
        make_item("lps", "P-1", state=state, report_number=report, eur_cents=report and 100_00)
    answer = officer.get(f"{ITEMS}/new?corrects=1", follow_redirects=True)
    assert answer.status_code == 409
    assert "The item P-1 is not certified" in page_text(answer)
    assert "Edit the item itself" in page_text(answer)


def test_another_part_of_an_invoice_is_entered_from_the_first(app: Flask, officer: FlaskClient):
    send_form(officer, f"{ITEMS}/new?category=external", **{**TYPED, "declared_amount": "1000"})
    fields = read_fields(officer.get(f"{ITEMS}/new?part_of=1", follow_redirects=True))
    assert (fields["invoice_number"], fields["invoice_total"]) == ("FV 001/2026", "1,234.56")
    assert (fields["declared_amount"], fields["internal_reference"], fields["description"]) == ("", "", "")
    changes = {"internal_reference": "K-18", "declared_amount": "200", "description": "Cups", "category": "equipment"}
    assert send_form(officer, f"{ITEMS}/new?part_of=1", **changes).location == f"{ITEMS}/2"
    page = officer.get(f"{ITEMS}/1")
    assert read_table(page, "Other parts")[1] == ["K-18", "Equipment", "€200.00"]
    assert "With this one they come to €1,200.00. The invoice is of €1,234.56." in page_text(page)


def test_an_item_leads_to_its_event_with_the_attendance_list(app: Flask, officer: FlaskClient):
    with app.app_context():
        event_id = make_event(ref="W1", title={"en": "Opening"})
        make_item("lps", event_id=event_id, activity="1.1")
    page = officer.get(f"{ITEMS}/1")
    assert links_of(page)["W1 Opening"] == f"/projects/{PROJECT}/events/1#evidence"
    assert "without an attendance list yet" in page_text(page)
    with app.app_context():
        add_evidence(event_id, "attendance_list", [keep()], now=NOW)
    assert "with its attendance list" in page_text(officer.get(f"{ITEMS}/1"))


def test_an_item_in_another_currency_shows_its_euro_as_a_preview_and_then_frozen(app: Flask, officer: FlaskClient):
    browser = sign_in_as(app, Role.FINANCE, "ols")
    with app.app_context():
        make_item("ols", "O-1", declared_cents=1000_00)
        frozen = {"rate_micros": 4_256_300, "rate_month": "2026-07", "rate_source": "file", "eur_cents": 234_95}
        make_item("ols", "O-2", declared_cents=1000_00, state="submitted", report_number=1, **frozen)
    assert "No rate of this currency is known yet." in page_text(browser.get(f"{ITEMS}/1"))
    text = page_text(browser.get(f"{ITEMS}/2"))
    assert "€234.95" in text
    assert "4.2563 PLN for one euro, Jul 2026 · frozen when its report was submitted" in text
    assert read_fields(browser.get(f"{ITEMS}/new?category=travel", follow_redirects=True))["currency"] == "PLN"


def test_a_mistaken_item_is_deleted_after_saying_what_goes(app: Flask, officer: FlaskClient):
    with app.app_context():
        make_item("lps")
    page = officer.get(f"{ITEMS}/1/remove")
    assert "This item goes, and no sum counts it any more." in page_text(page)
    with app.app_context():
        draft = draft_of(get_item(PROJECT, 1))
        change_item(PROJECT, 1, draft._replace(declared_cents=Cents(900_00)), version=1, now=NOW)
    answer = officer.post(f"{ITEMS}/1/remove", data=read_fields(page))
    assert (answer.status_code, references(app)) == (409, ["K-1"])
    assert officer.post(f"{ITEMS}/1/remove", data=read_fields(answer)).location == ITEMS
    assert references(app) == []
    assert officer.get(f"{ITEMS}/1").status_code == 404


def test_a_closed_project_shows_items_and_takes_none(app: Flask, officer: FlaskClient):
    page = officer.get(f"{ITEMS}/new?category=external", follow_redirects=True)
    with app.app_context():
        make_item("lps")
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    assert officer.get(f"{ITEMS}/1").status_code == 200
    assert "Edit the item" not in links_of(officer.get(f"{ITEMS}/1"))
    for address in ("/new/category", "/new?category=external", "/1/edit", "/1/remove"):
        assert officer.get(f"{ITEMS}{address}", follow_redirects=True).status_code == 409
    answer = officer.post(page.request.full_path, data={**read_fields(page), **TYPED})
    assert (answer.status_code, read_fields(answer)["supplier"]) == (409, TYPED["supplier"])


def test_a_flat_rate_category_is_named_before_and_on_the_form(app: Flask, officer: FlaskClient):
    with app.app_context():
        lps = next(each for each in get_project(PROJECT).organisations if each.key == "lps")
        lps.flat_rates = {"office_on_staff": 15}
        db.session.commit()
    assert "claimed as a flat rate" in page_text(officer.get(f"{ITEMS}/new/category"))
    page = officer.get(f"{ITEMS}/new?category=office", follow_redirects=True)
    assert "claims this category as a flat rate" in page_text(page)
