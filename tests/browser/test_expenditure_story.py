"""What is left, and what is wrong? Olsztyn's officer pastes a year of costs, and a partner claims a flat rate."""

import json

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests import costs
from tests.browser.test_story import assert_accessible, sign_in
from tests.make import make_demo_without_activity, run_portal

pytestmark = pytest.mark.sqlite_only

PROJECT = "/projects/LTPL00388"
OLSZTYN = "Regional Prison Inspectorate in Olsztyn"
PRISONS = "Lithuanian Prison Service"
# InforEuro's list of a month, of which two rows are enough here.
JULY = [
    {
        "country": "Poland",
        "currency": "Polish Zloty",
        "isoA3Code": "PLN",
        "isoA2Code": "PL",
        "value": 4.0,
        "comment": "",
    },
    {"country": "Sweden", "currency": "Krona", "isoA3Code": "SEK", "isoA2Code": "SE", "value": 11.05, "comment": ""},
]


@pytest.fixture
def project(app: Flask, tmp_path) -> None:
    """LTPL00388 with the demo accounts, without example activity, and the rate of June: five złoty for a euro."""
    with app.app_context():
        make_demo_without_activity()
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,month,rate\nPLN,2026-06,5\n")
    assert run_portal(app, "import", "rates", rates, "--project", "LTPL00388").exit_code == 0


def money(page: Page, partner: str) -> list[str]:
    """Budget, declared, reported, certified and remaining of the partner in the overview."""
    page.goto(f"{PROJECT}/budget")
    row = page.get_by_role("row").filter(has_text=partner)
    return [text.split()[0] for text in row.get_by_role("cell").all_inner_texts()[:5]]


def paste_the_year(page: Page) -> None:
    """Paste the rows, mend the two that cannot be read, and import all of them."""
    page.goto(f"{PROJECT}/expenditure")
    page.get_by_role("link", name="Paste rows").click()
    page.locator("#text").fill(costs.pasted(costs.year()))
    page.get_by_role("button", name="Check the rows", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("2 rows with errors")
    mending = page.locator("table.mending tbody tr")
    expect(mending).to_have_count(2)
    assert_accessible(page)
    mend(mending, "1,234", costs.MENDED[costs.AMBIGUOUS])
    mend(mending, "2026-02-30", costs.MENDED[costs.NO_SUCH_DAY])
    page.get_by_role("button", name="Check the rows again").click()
    expect(page.get_by_text("The parts of this invoice state different totals").first).to_be_visible()
    expect(page.get_by_text("before the project's first day").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Import 100 rows").click()
    expect(page.get_by_role("link", name="Undo the import")).to_be_visible()


def mend(rows: Locator, wrong: str, right: str) -> None:
    """Write what is right into the box that holds what is wrong."""
    box = rows.locator(f"input[value='{wrong}']")
    expect(box).to_have_count(1)
    box.fill(right)


def drop_the_scans(page: Page) -> None:
    """Drop the ZIP of a hundred invoices, of which three have no item's name."""
    page.goto(f"{PROJECT}/expenditure")
    page.get_by_role("link", name="Attach evidence to many items").click()
    file = {"name": "scans.zip", "mimeType": "application/zip", "buffer": costs.scans()}
    page.locator("#files").set_input_files(file)
    page.get_by_role("button", name="Attach the files").click()
    expect(page.get_by_text("97 of 100 files are attached.")).to_be_visible()
    expect(page.get_by_text("scan7.pdf")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Missing evidence").click()
    for number in costs.UNPROVEN:
        expect(page.get_by_role("link", name=costs.reference(number)).first).to_be_visible()
    assert_accessible(page)


def bring_july(page: Page) -> None:
    """Import the Commission's list of July."""
    page.goto(f"{PROJECT}/imports/new?kind=rates&month=2026-07")
    july = {"name": "inforeuro.json", "mimeType": "application/json", "buffer": json.dumps(JULY).encode()}
    page.locator("#file").set_input_files(july)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("link", name="Undo the import")).to_be_visible()


@pytest.mark.usefixtures("project")
def test_the_officer_pastes_a_year_proves_it_and_sees_what_is_left(page: Page):
    sign_in(page, "finance-ols@example.org")
    paste_the_year(page)
    # 100 items of PLN 101 to 200 are PLN 15,050: at five złoty EUR 3,010.00.
    assert money(page, OLSZTYN) == ["€113,895.00", "€3,010.00", "€0.00", "€0.00", "€113,895.00"]
    assert_accessible(page)
    drop_the_scans(page)
    bring_july(page)
    # At four złoty each item is a whole number of cents: EUR 3,762.50.
    assert money(page, OLSZTYN)[1] == "€3,762.50"
    page.get_by_role("row").filter(has_text=OLSZTYN).get_by_role("link", name="€3,762.50").click()
    expect(page.locator("p.state")).to_have_text("100 items")
    assert_accessible(page)
    page.get_by_role("link", name="Without evidence").first.click()
    expect(page.locator("p.state")).to_have_text("3 items")
    page.get_by_role("link", name="K-007").first.click()
    expect(page.get_by_text("No file proves the cost.")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{PROJECT}/expenditure/findings")
    expect(page.get_by_role("link", name="K-001").first).to_be_visible()
    assert_accessible(page)


def enter(page: Page, category: str, **stated: str) -> None:
    """Enter an item of this category by the form."""
    page.goto(f"{PROJECT}/expenditure")
    page.get_by_role("link", name="Enter an item of expenditure").first.click()
    page.locator(f"#category-{category}").check()
    page.get_by_role("button", name="Go on to the form").click()
    for name, value in stated.items():
        page.locator(f"#{name}").fill(value)
    page.locator("form").get_by_role("button", name="Save the item").last.click()


def claim_office_costs(page: Page) -> None:
    """The manager notes that the partner claims office costs as 15 % of staff."""
    page.goto(f"{PROJECT}/structure/organisations/lps/edit")
    page.locator("#flat_rates_office_on_staff").fill("15")
    page.locator("#reason").fill("The partner has chosen the flat rate.")
    page.locator("#valid_from").fill("2026-01-01")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.locator(".field-error")).to_have_count(0)


@pytest.mark.usefixtures("project")
def test_office_costs_as_a_flat_rate_appear_by_themselves_and_a_real_invoice_is_blocked(app: Flask, page: Page):
    sign_in(page, "manager@example.org")
    claim_office_costs(page)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "finance@example.org")
    enter(page, "staff", internal_reference="S-1", description="Salaries of March", declared_amount="10 000,00")
    expect(page.get_by_role("heading", name="S-1")).to_be_visible()
    assert_accessible(page)
    # 15 % of 10,000.00 is 1,500.00, and nobody entered it.
    assert money(page, PRISONS)[1] == "€11,500.00"
    page.goto(f"{PROJECT}/budget?by=category&organisation=lps")
    expect(page.get_by_role("row").filter(has_text="Office").first).to_contain_text("€1,500.00")
    assert_accessible(page)
    enter(page, "office", internal_reference="O-1", description="Paper", supplier="Stationer", declared_amount="80.00")
    expect(page.get_by_text("Blocks the report").first).to_be_visible()
    assert_accessible(page)
    assert money(page, PRISONS)[1] == "€11,500.00"
