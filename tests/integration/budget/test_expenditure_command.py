"""The command that lists an organisation's expenditure: its JSON to the letter, and what it refuses."""

import json
from datetime import date

import pytest
from flask import Flask

from portal.budget.models import ExchangeRate
from portal.core.db import transaction
from tests.conftest import NOW
from tests.make import PROJECT, make_item, make_project, run_portal


def make_rate(month: str, micros: int) -> None:
    with transaction() as session:
        session.add(
            ExchangeRate(
                project_code=PROJECT, currency="PLN", month=month, rate_micros=micros, source="hand", entered_at=NOW
            )
        )


@pytest.fixture
def project(app: Flask) -> Flask:
    """LTPL00388 with Olsztyn's journey of PLN 1,000.00, and July's rate."""
    with app.app_context():
        make_project()
        make_rate("2026-07", 4_256_300)
        stated = {"category": "travel", "declared_cents": 1_000_00, "invoice_total_cents": 1_000_00}
        make_item("ols", "K-17", invoice_number="FV 1", supplier="Example hotel", **stated)
    return app


def items_of(app: Flask, key: str) -> list[dict[str, object]]:
    answer = run_portal(app, "expenditure", PROJECT, "--organisation", key, "--format", "json")
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert document["organisation"] == key
    return document["items"]


def test_an_item_at_the_preview_rate_with_its_findings(project: Flask):
    assert items_of(project, "ols") == [
        {
            "internal_reference": "K-17",
            "category": "travel",
            "declared_amount": "1000.00",
            "currency": "PLN",
            "eur": "234.95",
            "rate": "4.256300",
            "rate_month": "2026-07",
            "rate_final": False,
            "report": None,
            "state": "open",
            "findings": [
                {
                    "code": "missing-rate",
                    "severity": "warns",
                    "message": "The exchange rate of PLN for 2026-11 is not known yet; amounts in euro are shown at "
                    "that of 2026-07. Import it before the report is submitted.",
                    "source": "Regulation (EU) 2021/1059, art. 38(5): the Commission's monthly accounting rate",
                },
                {
                    "code": "no-evidence",
                    "severity": "warns",
                    "message": "No file proves the cost. Add the invoice; until then its report cannot be submitted.",
                    "source": "Regulation (EU) 2021/1060, art. 69(6): documents of the audit trail",
                },
            ],
        }
    ]


def test_a_later_rate_moves_the_preview_and_nothing_that_is_frozen(project: Flask):
    with project.app_context():
        frozen = {"rate_micros": 4_000_000, "rate_month": "2026-05", "rate_source": "file", "eur_cents": 25_00}
        make_item("ols", "K-18", state="submitted", report_number=1, **frozen)
        make_rate("2026-10", 4_300_000)
        # Not yet begun, so not yet the Commission's rate.
        make_rate("2026-12", 9_000_000)
    found = {each["internal_reference"]: each for each in items_of(project, "ols")}
    facts = ("eur", "rate", "rate_month", "rate_final", "report", "state")
    assert [found["K-17"][name] for name in facts] == ["232.56", "4.300000", "2026-10", False, None, "open"]
    assert [found["K-18"][name] for name in facts] == ["25.00", "4.000000", "2026-05", True, 1, "submitted"]


def test_euro_has_no_rate_and_a_currency_without_one_has_no_euro(project: Flask):
    with project.app_context():
        make_item("ols", "K-1", currency="EUR", invoice_date=date(2026, 1, 5))
        make_item("ols", "K-2", currency="SEK", invoice_number="2", payment_date=date(2026, 12, 5))
    euro, zloty, crowns = items_of(project, "ols")
    facts = ("internal_reference", "eur", "rate", "rate_month", "rate_final")
    assert [euro[name] for name in facts] == ["K-1", "100.00", None, None, True]
    assert zloty["internal_reference"] == "K-17"
    assert [crowns[name] for name in facts] == ["K-2", None, None, None, False]
    messages = {each["code"]: each["message"] for each in crowns["findings"]}
    assert messages.keys() == {"future-date", "currency", "missing-rate", "no-evidence"}
    assert messages["future-date"].startswith("The date 2026-12-05 is after today, 2026-11-20.")
    assert messages["currency"].startswith("Costs are declared in EUR, PLN, not in SEK.")


def test_nothing_describes_a_salary(project: Flask):
    with project.app_context():
        make_item("ols", "S-1", category="staff", description="Salary of a person", supplier="", invoice_number="")
    answer = run_portal(project, "expenditure", PROJECT, "--organisation", "ols", "--format", "json")
    assert "Salary" not in answer.stdout


def test_the_table_says_the_same_in_lines(project: Flask):
    with project.app_context():
        make_item("ols", "K-2", currency="SEK")
    lines = run_portal(project, "expenditure", PROJECT, "--organisation", "ols").stdout.splitlines()
    assert lines[0] == f"{PROJECT}, ols"
    assert [line.split()[:6] for line in lines if line.startswith("K-")] == [
        ["K-17", "travel", "1000.00", "PLN", "234.95", "EUR"],
        ["K-2", "external", "100.00", "SEK", "no", "rate"],
    ]
    assert "at 4.256300 of 2026-07, preview" in lines[1]
    assert any(line.endswith("documents of the audit trail]") for line in lines)


@pytest.mark.parametrize(("code", "key"), [("LTPL00000", "ols"), (PROJECT, "nobody")])
def test_an_unknown_project_or_organisation_is_refused(project: Flask, code: str, key: str):
    answer = run_portal(project, "expenditure", code, "--organisation", key, "--format", "json")
    assert answer.exit_code == 1
    assert len(json.loads(answer.stdout)["errors"]) == 1
    assert run_portal(project, "expenditure", PROJECT).exit_code == 2
