"""The register as a workbook: the columns of Jems' list of expenditure, real numbers and days, and its notes."""

import io
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.budget.models import ExchangeRate
from portal.core.db import transaction
from portal.core.money import RateMicros
from tests.conftest import NOW
from tests.make import PROJECT, make_item, make_project, make_user, sign_in

ADDRESS = f"/projects/{PROJECT}/expenditure.xlsx"


@pytest.fixture(autouse=True)
def items(app) -> None:
    with app.app_context():
        make_project()
        with transaction() as session:
            rate = ExchangeRate(project_code=PROJECT, currency="PLN", month="2026-07", source="file", entered_at=NOW)
            rate.rate_micros = RateMicros(4_256_300)
            session.add(rate)
        make_item("ols", "K-1", declared_cents=100000, activity="1.1")
        make_item("ols", "K-2", category="staff", currency="EUR", description="J. D.", payment_date=date(2026, 4, 1))


def sheets(app, role: Role, organisation: str = "", query: str = "") -> dict[str, list[list[object]]]:
    with app.app_context():
        user_id = make_user(role, organisation, f"{role}@example.org")
    answer = sign_in(app.test_client(), user_id).get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_first_sheet_is_the_table_in_the_order_of_jems(app):
    found = sheets(app, Role.FINANCE, "ols")
    assert list(found) == ["Expenditure", "Notes"]
    header, first, second = found["Expenditure"]
    assert header[:16] == [
        "ID",
        "Cost category",
        "Contract",
        "Internal reference",
        "Invoice number",
        "Invoice date",
        "Payment date",
        "Description",
        "Comment",
        "Total of the invoice",
        "VAT",
        "Declared amount",
        "Currency",
        "Conversion rate",
        "Declared amount in EUR",
        "Evidence files",
    ]
    assert first[3:8] == ["K-1", "INV 7/2026", date(2026, 3, 10), date(2026, 3, 20), "Catering"]
    assert first[11:17] == [1000.0, "PLN", 4.2563, 234.95, 0.0, "2026-07"]
    assert (second[7], second[13], second[14]) == ("J. D.", 1.0, 100.0)
    assert isinstance(first[5], date | datetime)


def test_the_notes_say_what_is_listed_and_which_rates_stand_behind_it(app):
    notes = "\n".join(str(row[0]) for row in sheets(app, Role.FINANCE, "ols", "?category=external")["Notes"])
    assert "Items listed: 1, as of 20 November 2026." in notes
    assert "Cost category: External expertise and services" in notes
    assert "PLN 4.2563 for one euro, preview at the rate of 2026-07: 1 item." in notes


def test_salary_details_are_left_out_for_whom_they_are_not_and_the_notes_say_so(app):
    found = sheets(app, Role.AUDITOR)
    assert "J. D." not in str(found)
    assert "The description of 1 item of staff is left out" in str(found["Notes"])
