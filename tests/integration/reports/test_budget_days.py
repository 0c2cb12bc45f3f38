"""Whose expenditure may be counted as of any day: comparing two days would tell another partner's single items."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.budget.models import ExchangeRate
from portal.core.db import transaction
from portal.projects.models import ReportingPeriod
from tests.conftest import NOW
from tests.integration.pages import page_text, read_table
from tests.make import PROJECT, make_item, make_project, sign_in_as

BUDGET = f"/projects/{PROJECT}/budget"
LEAD, PROBATION = "Lithuanian Prison Service", "Lithuanian Probation Service"
NOTE = "What the others spent is counted as of 30 June 2026: the end of a period"


@pytest.fixture(autouse=True)
def _project(app):
    """A salary of lpro paid in period 1, and one in period 2; an item of lps on each of two days."""
    with app.app_context():
        make_project()
        for reference, cents, day in (("S-1", 2_345_67, date(2026, 3, 10)), ("S-2", 1_00, date(2026, 8, 3))):
            make_item("lpro", reference, category="staff", declared_cents=cents, invoice_date=None, payment_date=day)
        for reference, cents, day in (("K-1", 10_00, date(2026, 3, 9)), ("K-2", 5_00, date(2026, 3, 10))):
            make_item("lps", reference, declared_cents=cents, invoice_date=day)


def declared(browser, name: str, day: str = "") -> str:
    """What the page says the partner has declared as of the day; the same as the workbook says."""
    asked = f"?as_of={day}" if day else ""
    rows = {row[0]: row for row in read_table(browser.get(f"{BUDGET}{asked}"), "Budget and spending by partner")}
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"{BUDGET}.xlsx{asked}").data))
    cells = {row[0]: row for row in book.get_sheet_by_name("Budget").to_python()}
    shown = rows[name][2].split()[0]
    assert shown == f"€{cells[name][6]:,.2f}"
    return shown


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(Role.VIEWER, ""), (Role.PARTNER, "lpro"), (Role.FINANCE, "lps"), (Role.CONTROLLER, "lps")],
)
def test_no_two_days_tell_a_single_item_of_another_partner(app, role, organisation):
    browser = sign_in_as(app, role, organisation)
    assert {declared(browser, PROBATION, f"2026-03-{day}") for day in ("09", "10", "11")} == {"€0.00"}
    days = ("2026-06-30", "2026-07-01", "2026-08-02", "2026-08-03", "2026-11-19")
    assert {declared(browser, PROBATION, day) for day in days} == {"€2,345.67"}
    assert {declared(browser, PROBATION, day) for day in ("", "2026-11-20")} == {"€2,346.67"}


def test_ones_own_items_are_counted_as_of_any_day(app):
    finance = sign_in_as(app, Role.FINANCE, "lps")
    assert [declared(finance, LEAD, f"2026-03-{day}") for day in ("08", "09", "10")] == ["€0.00", "€10.00", "€15.00"]
    auditor = sign_in_as(app, Role.AUDITOR)
    assert [declared(auditor, PROBATION, f"2026-03-{day}") for day in ("09", "10")] == ["€0.00", "€2,345.67"]


def test_the_note_says_as_of_which_day_the_others_are_counted(app):
    finance = sign_in_as(app, Role.FINANCE, "lps")
    assert NOTE in page_text(finance.get(f"{BUDGET}?as_of=2026-08-02"))
    early = page_text(finance.get(f"{BUDGET}?as_of=2026-03-10"))
    assert "counted as of 31 December 2025: the end of a period, or the day before the first one began" in early
    own = finance.get(f"{BUDGET}?as_of=2026-08-02&organisation=lps")
    for answer in (finance.get(BUDGET), own, sign_in_as(app, Role.MANAGER).get(f"{BUDGET}?as_of=2026-08-02")):
        assert "What the others spent" not in page_text(answer)


def test_the_rate_of_the_day_moves_nothing_of_another_partner(app):
    with app.app_context():
        make_item("ols", "O-1", declared_cents=1_000_00)
        with transaction() as session:
            for month, rate in (("2026-06", 4_000_000), ("2026-08", 5_000_000)):
                stated = {"currency": "PLN", "month": month, "rate_micros": rate, "source": "hand"}
                session.add(ExchangeRate(project_code=PROJECT, entered_at=NOW, **stated))
    name = "Regional Prison Inspectorate in Olsztyn"
    viewer, manager = sign_in_as(app, Role.VIEWER), sign_in_as(app, Role.MANAGER)
    assert declared(viewer, name, "2026-09-01") == "€250.00"
    assert declared(manager, name, "2026-09-01") == "€200.00"
    assert "PLN at 4.0000, Jun 2026, preview" in page_text(viewer.get(f"{BUDGET}?as_of=2026-09-01"))


def test_a_project_without_periods_counts_the_others_as_of_the_day_before_it_begins(app):
    with app.app_context(), transaction() as session:
        session.query(ReportingPeriod).delete()
    viewer = sign_in_as(app, Role.VIEWER)
    assert {declared(viewer, PROBATION, day) for day in ("2026-03-09", "2026-11-19")} == {"€0.00"}
