"""Pages of contracts: the list, one contract, its form, its files."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.budget.models import ExchangeRate
from portal.budget.services.contracts import add_contract, change_contract
from portal.core.db import transaction
from portal.core.money import Cents, RateMicros
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.files import HTML, as_form, pdf
from tests.integration.budget.contracts import CATERING, CONTRACTS
from tests.integration.budget.evidence import EXPENDITURE, entries, send
from tests.integration.pages import (
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
    read_tables,
    send_form,
)
from tests.make import (
    PROJECT,
    make_item,
    make_other_project,
    make_project,
    noted_queries,
    sign_in_as,
)

ONE, NEW = f"{CONTRACTS}/1", f"{CONTRACTS}/new"


@pytest.fixture
def officer(app) -> FlaskClient:
    """Olsztyn's finance officer, with the contract C-1 of 1,000.00 euro."""
    with app.app_context():
        make_project()
        add_contract(PROJECT, "ols", CATERING, now=NOW)
    return sign_in_as(app, Role.FINANCE, "ols")


def spend(app, cents: int, reference: str = "K-1", **changes) -> None:
    """An item of the contract."""
    with app.app_context():
        stated = {"currency": "EUR", "contract_id": 1, **changes}
        make_item("ols", reference, declared_cents=Cents(cents), **stated)


def test_a_contract_is_entered_and_shown(app, officer):
    answer = send_form(
        officer,
        NEW,
        reference="C-2",
        name="Printing",
        signed_on="2026-03-01",
        amount_cents="1 234,50",
        currency="PLN",
        vat_number="pl5250001234",
        beneficial_owners="Ona Onaitė\nJonas Jonaitis",
    )
    assert (answer.status_code, answer.location) == (302, f"{CONTRACTS}/2")
    page = page_text(officer.get(answer.location))
    for words in ("Printing", "C-2", "PL5250001234", "PLN1,234.50", "Ona Onaitė", "1 March 2026"):
        assert words in page
    assert "No item names this contract yet" in page


def test_the_audit_keeps_of_the_owners_only_that_they_changed(app, officer):
    send_form(officer, f"{ONE}/edit", beneficial_owners="Ona Onaitė", amount_cents="1200")
    (entry,) = entries(app, "contract_changed")
    assert entry == {
        "subject": "ols C-1",
        "for": "",
        "amount": ["1000.00", "1200.00"],
        "beneficial_owners": ["changed", "changed"],
    }


def test_what_items_declare_is_taken_off_the_amount(app, officer):
    spend(app, 60000)
    spend(app, 30000, "K-2")
    row = read_table(officer.get(CONTRACTS), "Contracts")[1]
    assert row[4:] == ["€1,000.00", "€900.00", "€100.00", "90.00 %"]
    page = officer.get(ONE)
    assert read_table(page, "Items that name this contract")[-1] == ["Sum of 2 items", "€900.00"]
    assert links_of(page)["K-2"] == f"{EXPENDITURE}/2"
    assert "exceed" not in page_text(page)


def test_an_overrun_is_marked_and_can_be_filtered_for(app, officer):
    assert read_tables(officer.get(f"{CONTRACTS}?state=overrun")) == []
    spend(app, 100001)
    page = officer.get(ONE)
    assert "They declare €1,000.01, and €1,000.00 is agreed." in page_text(page)
    (row,) = read_table(officer.get(f"{CONTRACTS}?state=overrun"), "Contracts")[1:]
    assert row[6:] == ["-€0.01 Overrun", "100.00 %"]


def test_currencies_are_never_added_and_compared_in_euro(app, officer):
    spend(app, 60000)
    spend(app, 100000, "K-2", currency="PLN")
    row = read_table(officer.get(CONTRACTS), "Contracts")[1]
    assert row[5:] == ["€600.00 + PLN1,000.00", "Not known: a rate is missing", "–"]
    with app.app_context(), transaction() as session:
        session.add(
            ExchangeRate(
                project_code=PROJECT,
                currency="PLN",
                month="2026-07",
                rate_micros=RateMicros(4_256_300),
                source="hand",
                entered_at=NOW,
            )
        )
    # 1,000.00 - 600.00 - 234.95
    row = read_table(officer.get(CONTRACTS), "Contracts")[1]
    assert row[6:] == ["€165.05 preview in euro", "83.50 %"]


def test_the_items_of_a_contract_mask_salaries_and_come_in_pages(app, officer):
    spend(app, 100, "S-1", category="staff", description="Salary of Jonas", supplier="", invoice_number="")
    assert "Jonas" in officer.get(ONE).text
    manager = sign_in_as(app, Role.MANAGER)
    assert "Jonas" not in manager.get(ONE).text
    for number in range(50):
        spend(app, 100, f"K-{number}")
    rows = read_table(officer.get(f"{ONE}?page=2"), "Items that name this contract")
    assert len(rows) == 3
    assert rows[-1] == ["Sum of 51 items", "€51.00"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"reference": "C-1"}, {"reference": "Another contract of this organisation has the reference “C-1”."}),
        ({"reference": ""}, {"reference": "Fill this in."}),
        ({"name": ""}, {"name": "Fill this in."}),
        ({"amount_cents": "1,234"}, {"amount_cents": "“1,234” may mean thousands or decimals."}),
        ({"amount_cents": ""}, {"amount_cents": "Fill this in."}),
        ({"amount_cents": "-1"}, {"amount_cents": "Enter an amount from 0 to 10000000000.00."}),
        ({"currency": "USD"}, {"currency": "Choose one of those offered: EUR, PLN."}),
        ({"signed_on": "2026-02-30"}, {"signed_on": "Enter a day that exists"}),
        ({"signed_on": "0202-06-01"}, {"signed_on": ""}),
        ({"vat_number": "none"}, {"vat_number": "“NONE” is no VAT number."}),
        ({"name": "x" * 301}, {"name": "Shorten this to 300 characters."}),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(officer, changes, errors):
    typed = {"reference": "C-2", "name": "Printing", "amount_cents": "10", "currency": "EUR", **changes}
    answer = send_form(officer, NEW, **typed)
    assert answer.status_code == 422
    found = read_errors(answer)
    assert found.keys() == errors.keys()
    assert all(found[name].startswith(words) for name, words in errors.items())
    assert read_fields(answer)["name"] == typed["name"]


def test_the_manager_chooses_the_organisation_and_the_audit_says_for_whom(app, officer):
    manager = sign_in_as(app, Role.MANAGER)
    typed = {"reference": "C-1", "name": "Printing", "amount_cents": "10", "currency": "EUR"}
    assert read_errors(send_form(manager, NEW, **typed)) == {"organisation": "Choose an organisation."}
    assert send_form(manager, NEW, organisation="lps", **typed).status_code == 302
    assert entries(app, "contract_added")[-1]["for"] == "lps"
    wrong = send_form(manager, NEW, organisation="lps", **{**typed, "reference": "C-2", "currency": "PLN"})
    assert read_errors(wrong)["currency"].startswith("The amount is in one of these currencies: EUR.")


def test_a_stale_form_keeps_what_was_typed_and_shows_what_is_stored(app, officer):
    page = read_fields(officer.get(f"{ONE}/edit"))
    with app.app_context():
        change_contract(PROJECT, 1, CATERING._replace(name="Lunches"), version=1, now=NOW)
    answer = officer.post(f"{ONE}/edit", data={**page, "supplier": "Another"})
    assert answer.status_code == 409
    assert ["Name", "Lunches", "Catering of the workshops"] in read_table(answer, "What differs")
    again = officer.post(f"{ONE}/edit", data=read_fields(answer))
    assert again.status_code == 302
    assert "Another" in page_text(officer.get(ONE))


def test_a_contract_that_items_name_stays_and_another_goes_with_its_files(app, officer):
    send(officer, f"{ONE}/files/new", ("signed.pdf", pdf()))
    form = read_fields(officer.get(f"{ONE}/remove"))
    spend(app, 100)
    assert "1 item of expenditure names this contract." in page_text(officer.get(f"{ONE}/remove"))
    answer = officer.post(f"{ONE}/remove", data=form)
    assert answer.status_code == 409
    assert read_summary(answer)[0].startswith("Items of expenditure name this contract: 1.")
    with app.app_context():
        add_contract(PROJECT, "ols", CATERING._replace(reference="C-2"), now=NOW)
    gone = officer.post(f"{CONTRACTS}/2/remove", data=read_fields(officer.get(f"{CONTRACTS}/2/remove")))
    assert (gone.status_code, officer.get(f"{CONTRACTS}/2").status_code) == (302, 404)
    assert [each["subject"] for each in entries(app, "contract_removed")] == ["ols C-2"]


def test_files_of_a_contract_are_added_handed_out_and_removed(app, officer):
    refused = send(officer, f"{ONE}/files/new", ("a.pdf", pdf()), ("b.pdf", HTML))
    assert refused.status_code == 415
    assert send(officer, f"{ONE}/files/new", ("Sutartis.pdf", pdf()), ("b.pdf", pdf())).status_code == 302
    assert [row[0] for row in read_table(officer.get(ONE), "Files")[1:]] == ["b.pdf"]
    answer = officer.get(f"{ONE}/files/1")
    assert (answer.data, answer.headers["Cache-Control"]) == (pdf(), "no-store")
    taking_off = f"{ONE}/files/1/remove"
    assert officer.post(taking_off, data=read_fields(officer.get(taking_off))).status_code == 302
    assert "No file yet" in page_text(officer.get(ONE))
    assert officer.get(f"{ONE}/files/1").status_code == 404
    assert len(entries(app, "contract_file_added", "contract_file_removed")) == 2


@pytest.mark.parametrize(
    ("role", "organisation", "seen", "changed"),
    [
        (Role.MANAGER, "", 200, 200),
        (Role.FINANCE, "ols", 200, 200),
        (Role.FINANCE, "lps", 404, 404),
        (Role.CONTROLLER, "ols", 200, 403),
        (Role.CONTROLLER, "lps", 404, 404),
        (Role.PROGRAMME, "", 200, 403),
        (Role.AUDITOR, "", 200, 403),
        (Role.PARTNER, "ols", 404, 404),
        (Role.VIEWER, "", 404, 404),
    ],
)
def test_who_may_read_a_contract_and_who_may_change_it(app, officer, role, organisation, seen, changed):
    send(officer, f"{ONE}/files/new", ("signed.pdf", pdf()))
    person = officer if (role, organisation) == (Role.FINANCE, "ols") else sign_in_as(app, role, organisation)
    for address in (ONE, f"{ONE}/files/1"):
        assert person.get(address).status_code == seen
    for address in (f"{ONE}/edit", f"{ONE}/remove", f"{ONE}/files/new", f"{ONE}/files/1/remove"):
        assert person.get(address).status_code == changed
        assert person.post(address, data={"version": "x"}).status_code in (changed, 302, 409, 422)


def test_the_list_holds_what_is_in_reach_and_is_filtered_in_the_address(app, officer):
    with app.app_context():
        add_contract(PROJECT, "lps", CATERING._replace(name="Lunches"), now=NOW)
        make_other_project()
        add_contract("LTPL00999", "ols", CATERING._replace(name="Foreign"), now=NOW)
    assert [row[0] for row in read_table(officer.get(CONTRACTS), "Contracts")[1:]] == ["Catering of the workshops C-1"]
    assert officer.get(f"{CONTRACTS}?organisation=lps").status_code == 422
    manager = sign_in_as(app, Role.MANAGER)
    assert len(read_table(manager.get(CONTRACTS), "Contracts")) == 3
    only = read_table(manager.get(f"{CONTRACTS}?organisation=lps"), "Contracts")
    assert [row[0] for row in only[1:]] == ["Lunches C-1"]
    assert [manager.get(f"{CONTRACTS}/{number}").status_code for number in (3, 4)] == [404, 404]
    assert [manager.get(f"{CONTRACTS}?{wrong}").status_code for wrong in ("state=x", "organisation=x")] == [422, 422]


def test_a_closed_project_shows_its_contracts_and_changes_none(app, officer):
    forms = {each: read_fields(officer.get(f"{ONE}/{each}")) for each in ("edit", "remove")}
    new = officer.get(NEW, follow_redirects=True)
    with app.app_context(), transaction():
        get_project(PROJECT).status = "closed"
    assert [officer.get(f"{ONE}{each}").status_code for each in ("", "/edit", "/remove", "/files/new")] == [
        200, 409, 409, 409,
    ]  # fmt: skip
    assert [officer.post(f"{ONE}/{each}", data=form).status_code for each, form in forms.items()] == [409, 409]
    typed = {**read_fields(new), "reference": "C-2", "name": "x", "amount_cents": "1", "currency": "EUR"}
    assert officer.post(new.request.full_path, data=typed).status_code == 409
    files = as_form({"form_key": "x"}, files=[("a.pdf", pdf())])
    assert officer.post(f"{ONE}/files/new", **files).status_code == 409
    assert "Enter a contract" not in links_of(officer.get(CONTRACTS))


def test_as_many_statements_are_asked_for_sixty_contracts_as_for_one(app, officer):
    spend(app, 100)
    with noted_queries(app) as one:
        officer.get(CONTRACTS)
    with app.app_context():
        for number in range(60):
            draft = CATERING._replace(reference=f"N-{number}", signed_on=date(2026, 4, 1))
            make_item("ols", f"N-{number}", contract_id=add_contract(PROJECT, "ols", draft, now=NOW))
    with noted_queries(app) as many:
        page = officer.get(f"{CONTRACTS}?page=2")
    assert len(many) == len(one)
    assert len(read_table(page, "Contracts")) == 1 + 11
