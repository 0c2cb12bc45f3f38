"""The budget pages: partners' totals for those whom the money concerns, what was spent on what for fewer."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.budget.models import BudgetLine, ExchangeRate
from portal.core.db import transaction
from portal.projects.models import Organisation
from tests.conftest import NOW
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, read_tables, text_of
from tests.make import PROJECT, make_item, make_project, noted_queries, run_portal, sign_in_as

HOME = f"/projects/{PROJECT}/"
BUDGET = f"/projects/{PROJECT}/budget"


@pytest.fixture(autouse=True)
def _project(app):
    """The lead has declared 1,000.00, of which 400.00 are reported and 300.00 certified; lpro 100.00 of staff."""
    with app.app_context():
        make_project()
        make_item("lps", "K-1", declared_cents=600_00, payment_date=None)
        make_item("lps", "K-2", declared_cents=100_00, eur_cents=100_00, state="submitted", report_number=1)
        certified = {"state": "certified", "report_number": 1, "certified_cents": 300_00}
        make_item("lps", "K-3", declared_cents=300_00, eur_cents=300_00, **certified)
        make_item("lpro", "K-1", category="staff", declared_cents=100_00, work_package=1)


def set_flat(key: str, **rates: int) -> None:
    with transaction() as session:
        session.query(Organisation).where(Organisation.key == key).one().flat_rates = rates


def rows_of(answer, caption: str = "Budget and spending by partner") -> dict[str, list[str]]:
    return {row[0]: row[1:6] for row in read_table(answer, caption)[1:]}


def test_each_partner_stands_with_budget_declared_reported_certified_and_remaining(app):
    rows = rows_of(sign_in_as(app, Role.VIEWER).get(BUDGET))
    said = "of the budget"
    assert rows["Lithuanian Prison Service"] == [
        "€179,460.00", f"€1,000.00 0.56 % {said}", f"€400.00 0.22 % {said}", "€300.00", "€179,060.00",
    ]  # fmt: skip
    assert rows["Total"][1:3] == [f"€1,100.00 0.29 % {said}", f"€400.00 0.11 % {said}"]
    assert [rows[name][2].split()[0] for name in ("ERDF share", "Partner contribution")] == ["€320.00", "€80.00"]
    assert rows["ERDF share"][4] == "€301,180.89"


def test_figures_lead_to_the_items_behind_them_where_these_may_be_seen(app):
    links = links_of(sign_in_as(app, Role.FINANCE, "lps").get(BUDGET))
    register = f"/projects/{PROJECT}/expenditure?organisation=lps"
    assert links["€1,000.00"] == register
    assert links["€400.00"] == f"/projects/{PROJECT}/expenditure?state=reported&organisation=lps"
    assert links["€179,460.00"] == f"/projects/{PROJECT}/budget/lines#lps"
    assert links["€179,060.00"] == f"/projects/{PROJECT}/budget?by=category&organisation=lps"
    assert "€100.00" not in links


@pytest.mark.parametrize("by", ["category", "work_package", "period"])
def test_every_figure_leads_to_a_page_that_shows_as_much(app, by):
    browser = sign_in_as(app, Role.MANAGER)
    main = next(find_all(read_page(browser.get(f"{BUDGET}?by={by}")), "main"))
    figures = {(text_of(link), link.attributes["href"]) for link in find_all(main, "a")}
    figures = {(text, address) for text, address in figures if text.startswith("€")}
    assert len(figures) > 20
    for text, address in figures:
        answer = browser.get(address)
        assert answer.status_code == 200
        if "/expenditure?" in address and text != "€0.00":
            assert text in page_text(answer), address


@pytest.mark.parametrize(
    ("role", "organisation", "statuses"),
    [
        (Role.VIEWER, "", 200),
        (Role.PARTNER, "lps", 200),
        (Role.PARTNER, "alytus", 404),
        (Role.AUDITOR, "", 200),
        (None, "", 404),
    ],
)
def test_the_budget_is_there_for_those_whom_it_concerns(app, role, organisation, statuses):
    browser = sign_in_as(app, role, organisation)
    assert browser.get(BUDGET).status_code == browser.get(f"{BUDGET}.xlsx").status_code == statuses
    if role is not None:
        assert ("Budget" in links_of(browser.get(HOME))) is (statuses == 200)


@pytest.mark.parametrize("by", ["category", "work_package", "period"])
def test_what_was_spent_on_what_is_told_to_those_who_may_see_the_expenditure(app, by):
    caption = "Budget and spending by: "
    finance = sign_in_as(app, Role.FINANCE, "lps")
    for browser, asked, is_told in (
        (sign_in_as(app, Role.MANAGER), "", True),
        (finance, "", False),
        (finance, "lps", True),
        (sign_in_as(app, Role.CONTROLLER, "lps"), "lpro", False),
        (sign_in_as(app, Role.PARTNER, "lps"), "lps", False),
        (sign_in_as(app, Role.VIEWER), "", False),
    ):
        answer = browser.get(f"{BUDGET}?by={by}&organisation={asked}")
        total = rows_of(answer, caption)["Total"]
        told = "€1,000.00" if asked == "lps" else "€1,100.00"
        assert total[1].startswith(told if is_told else "–")
        cells = [
            cell for title, rows in read_tables(answer) if title.startswith(caption) for row in rows for cell in row
        ]
        assert ("€100.00" in cells) <= is_told


def test_the_workbook_tells_what_was_spent_on_what_only_of_ones_own(app):
    def sheet(browser, name: str):
        book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"{BUDGET}.xlsx").data))
        assert book.sheet_names == ["Budget", "Categories", "Work packages", "Periods", "Notes"]
        return book.get_sheet_by_name(name).to_python()

    own, all_ = sign_in_as(app, Role.FINANCE, "lps"), sign_in_as(app, Role.MANAGER)
    partners = [[row[0], *row[6:9], row[10]] for row in sheet(own, "Budget")[1:]]
    assert partners[0] == ["Lithuanian Prison Service", 1000, 400, 300, 179060]
    assert partners[-1] == ["Total", 1100, 400, 300, 376476.12]
    staff = ["Lithuanian Probation Service", "Staff costs", ""]
    assert [*staff, "", "", "", ""] in sheet(own, "Categories")
    assert [*staff, 100, 0, 0, ""] in sheet(all_, "Categories")
    services = ["Lithuanian Prison Service", "External expertise and services", "", 1000, 400, 300, ""]
    assert services in sheet(own, "Categories")


def test_flat_rates_blocked_items_differences_and_missing_rates_are_explained(app):
    with app.app_context():
        set_flat("lpro", office_on_staff=15)
        make_item("lpro", "K-2", category="office", declared_cents=70_00)
        make_item("ols", "K-1", declared_cents=500_00)
        with transaction() as session:
            lpro = session.query(Organisation).where(Organisation.key == "lpro").one()
            session.add(BudgetLine(organisation=lpro, category="staff", amount_cents=1_000_00))
    browser = sign_in_as(app, Role.MANAGER)
    text = page_text(browser.get(f"{BUDGET}?by=category&organisation=lpro"))
    assert "Flat rate: 15.00 % of staff costs" in text
    flat = (
        "Lithuanian Probation Service claims a flat rate in the category “Office and administration”: 15.00 % of staff"
    )
    assert flat in text
    assert (
        "1 item of €70.00 in the category “Office and administration” is blocked and not counted, because the partner "
        "claims this category as a flat rate."
    ) in text
    assert "the budget lines come to €82,371.12 less than the approved budget." in text
    whole = page_text(browser.get(BUDGET))
    assert "1 item of PLN 500.00 is not counted, because no exchange rate of PLN is known." in whole.replace(
        "PLN500", "PLN 500"
    )
    # Whoever may not see the items is not told of them.
    foreign = page_text(sign_in_as(app, Role.FINANCE, "lps").get(BUDGET))
    assert "blocked and not counted" not in foreign
    assert "no exchange rate" not in foreign


def test_a_flat_rate_leads_to_what_it_is_taken_of_where_that_may_be_seen(app):
    with app.app_context():
        set_flat("lps", office_on_staff=15)
        set_flat("lpro", office_on_direct=7)
    on_staff, on_direct = "15.00 % of staff costs", "7.00 % of staff, travel, external expertise, equipment and works"

    manager = sign_in_as(app, Role.MANAGER)

    def links(browser, asked: str = "") -> dict[str, str]:
        return links_of(browser.get(f"{BUDGET}?by=category{asked}"))

    found = links(manager, "&as_of=2026-11-01")
    assert found[on_staff] == f"/projects/{PROJECT}/expenditure?organisation=lps&category=staff"
    assert found[on_direct] == f"/projects/{PROJECT}/budget?organisation=lpro&by=category&as_of=2026-11-01"
    # There the rows of the base stand beside it.
    assert on_direct not in links(manager, "&organisation=lpro")
    assert {on_staff, on_direct}.isdisjoint(links(sign_in_as(app, Role.VIEWER)))
    own = links(sign_in_as(app, Role.FINANCE, "lps"))
    assert (on_staff in own, on_direct in own) == (True, False)


def test_the_preview_rate_is_named(app):
    with app.app_context():
        with transaction() as session:
            rate = {"currency": "PLN", "month": "2026-07", "rate_micros": 4_256_300, "source": "hand"}
            session.add(ExchangeRate(project_code=PROJECT, entered_at=NOW, **rate))
        make_item("ols", "K-1", declared_cents=1_000_00)
    answer = sign_in_as(app, Role.VIEWER).get(BUDGET)
    assert rows_of(answer)["Regional Prison Inspectorate in Olsztyn"][1].startswith("€234.95")
    assert "PLN at 4.2563, Jul 2026, preview" in page_text(answer)


def test_as_of_an_earlier_day_the_page_counts_what_was_dated_by_then(app):
    with app.app_context():
        make_item("lps", "K-9", declared_cents=5_00, invoice_date=date(2026, 2, 1))
    answer = sign_in_as(app, Role.MANAGER).get(f"{BUDGET}?as_of=2026-02-28")
    assert rows_of(answer)["Lithuanian Prison Service"][1].startswith("€5.00")


@pytest.mark.parametrize(
    ("asked", "field"), [("by=x", "by"), ("organisation=alytus", "organisation"), ("as_of=2027-01-01", "as_of")]
)
def test_what_cannot_be_shown_is_refused_at_its_field_and_the_rest_is_shown(app, asked, field):
    answer = sign_in_as(app, Role.VIEWER).get(f"{BUDGET}?{asked}")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(rows_of(answer)) == 6


def test_a_project_without_budgets_says_what_belongs_there(app):
    with app.app_context(), transaction() as session:
        for organisation in session.query(Organisation):
            organisation.budget_cents = None
    text = page_text(sign_in_as(app, Role.MANAGER).get(BUDGET))
    assert "No organisation has a budget yet." in text
    assert "Enter the budgets of the partners" in text


def test_home_shows_the_money_and_what_waits_for_the_finance_officer(app):
    with app.app_context():
        make_item("ols", "K-1", declared_cents=1_000_00)
    finance = sign_in_as(app, Role.FINANCE, "lps").get(HOME)
    assert rows_of(finance)["Lithuanian Prison Service"][1].startswith("€1,000.00")
    links = links_of(finance)
    assert links["1 item of expenditure lacks evidence"] == f"/projects/{PROJECT}/expenditure/missing"
    assert links["1 item of expenditure has no payment date"] == f"/projects/{PROJECT}/expenditure?payment=missing"
    assert "No exchange rate of PLN" not in page_text(finance)
    assert "No exchange rate of PLN is stored for this month" in links_of(sign_in_as(app, Role.MANAGER).get(HOME))
    viewer = page_text(sign_in_as(app, Role.VIEWER).get(HOME))
    assert "lacks evidence" not in viewer
    assert "Budget and spending by partner" in viewer
    assert "Budget and spending by partner" not in page_text(sign_in_as(app, Role.PARTNER, "alytus").get(HOME))


def test_home_counts_the_items_that_block_a_report_and_leads_to_them(app):
    # K-1 of the lead declares 600.00 of an invoice of 100.00; the other one is dated before the project.
    with app.app_context():
        make_item("ols", "K-9", invoice_date=date(2025, 12, 15), payment_date=date(2026, 1, 5))
    said = "1 item of expenditure blocks its report"
    assert links_of(sign_in_as(app, Role.FINANCE, "lps").get(HOME))[said].endswith("/findings?severity=blocks")
    assert "2 items of expenditure block their report" in links_of(sign_in_as(app, Role.MANAGER).get(HOME))
    assert "blocks its report" not in page_text(sign_in_as(app, Role.VIEWER).get(HOME))


def test_a_partner_without_lines_is_named_where_others_have_them(app):
    said = "Lithuanian Prison Service: no budget lines are stored, so its €179,460.00 stand in no category."
    browser = sign_in_as(app, Role.MANAGER)
    assert said not in page_text(browser.get(BUDGET))
    with app.app_context(), transaction() as session:
        lpro = session.query(Organisation).where(Organisation.key == "lpro").one()
        session.add(BudgetLine(organisation=lpro, category="staff", amount_cents=1_000_00))
    assert said in page_text(browser.get(BUDGET))


def test_the_public_page_and_the_partners_page_show_budgets_and_no_spending(app):
    browser = sign_in_as(app, Role.VIEWER)
    for address in (f"/public/{PROJECT}", f"/projects/{PROJECT}/partners"):
        answer = browser.get(address)
        assert "€1,000.00" not in answer.text
        assert read_table(answer, "Budget by partner")[1][2] == "€179,460.00"


def test_pages_take_the_same_number_of_statements_however_many_items_there_are(app):
    browser = sign_in_as(app, Role.MANAGER)
    counts = []
    for size in (1, 20):
        with app.app_context():
            for number in range(size):
                make_item("ols", f"N-{size}-{number}")
                stated = {"state": "submitted", "report_number": number + 2, "eur_cents": 1_00, "currency": "EUR"}
                make_item("lps", f"N-{size}-{number}", declared_cents=1_00, **stated)
        taken = []
        for address in (HOME, f"{BUDGET}?by=work_package", f"{BUDGET}.xlsx"):
            with noted_queries(app) as queries:
                browser.get(address)
            taken.append(len(queries))
        counts.append(taken)
    assert counts[0] == counts[1]


def test_the_command_writes_csv_and_xlsx(app, tmp_path):
    lines = run_portal(app, "budget", PROJECT, "--format", "csv").stdout.splitlines()
    assert lines[1].split(",")[0] == "Lithuanian Prison Service"
    assert "1000" in lines[1]
    assert run_portal(app, "budget", PROJECT, "--format", "xlsx", "-o", tmp_path / "b.xlsx").exit_code == 0
    categories = CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_name("Categories").to_python()
    assert ["Lithuanian Probation Service", "Staff costs", "", 100, 0, 0, ""] in categories
