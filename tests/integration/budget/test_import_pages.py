"""Pages of imports of expenditure and budgets: what blocks a report is marked, and why a budget changes is asked."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.budget.imports.wording import mark_item, say_item, say_line
from portal.budget.models import BudgetVersion
from portal.budget.rules.amounts import Amount
from portal.core.db import db
from portal.core.errors import Problem
from portal.core.money import Cents
from portal.imports.rules import make_finding
from tests.files import as_form
from tests.integration.budget.spending import TRAVEL, Row
from tests.integration.pages import page_text, read_errors, read_fields, read_tables
from tests.make import PROJECT, make_project, sign_in_as

IMPORTS = f"/projects/{PROJECT}/imports"
LINES = b"organisation;category;amount\r\nlps;staff;170000\r\n"


@pytest.fixture
def project(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Flask:
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "data")
    with app.app_context():
        make_project()
    return app


@pytest.fixture
def manager(project: Flask) -> FlaskClient:
    return sign_in_as(project, Role.MANAGER)


def text_of(*rows: Row) -> str:
    columns = list(TRAVEL)
    return "\n".join("\t".join(cells) for cells in [columns, *([row[name] for name in columns] for row in rows)])


def year() -> list[Row]:
    """Three trips, the second of them dated before the project and paid before its invoice."""
    rows = [{**TRAVEL, "internal_reference": f"K-{each}", "invoice_number": f"FV {each}"} for each in (1, 2, 3)]
    rows[1] |= {"invoice_date": "2025-12-05"}
    return rows


def paste(browser: FlaskClient, kind: str, text: str, **said: str):
    address = f"{IMPORTS}/paste?kind={kind}"
    return browser.post(address, data={**read_fields(browser.get(address)), "text": text, **said})


def upload(browser: FlaskClient, content: bytes, **said: str):
    fields = read_fields(browser.get(f"{IMPORTS}/new?kind=budget"))
    return browser.post(f"{IMPORTS}/new?kind=budget", **as_form({**fields, **said}, file=[("budget.csv", content)]))


def warnings_of(answer) -> tuple[str, list[list[str]]]:
    return next((caption, rows[1:]) for caption, rows in read_tables(answer) if "warning" in caption)


def test_what_blocks_the_report_is_counted_marked_and_comes_first(manager):
    answer = paste(manager, "expenditure", text_of(*year()), organisation="ols")
    assert answer.status_code == 302, answer.text
    caption, rows = warnings_of(manager.get(answer.location))
    assert caption == "4 warnings: the file can be imported all the same. 1 of them blocks the report."
    assert rows[0][:2] == ["Row 3", "invoice_date"]
    assert rows[0][2].startswith("Blocks the report The invoice is dated 5 December 2025, before the project's first")
    assert rows[1][0] == "Rows 2–4"
    assert rows[1][2].startswith("Warning, blocks submission No file proves the cost.")


def test_rows_to_be_mended_are_told_the_same(manager):
    rows = [*year(), {**TRAVEL, "internal_reference": "K-4", "category": "wages"}]
    answer = paste(manager, "expenditure", text_of(*rows), organisation="ols")
    assert answer.status_code == 422
    caption, rows = warnings_of(answer)
    assert caption.endswith("1 of them blocks the report.")
    assert rows[0][2].startswith("Blocks the report The invoice is dated 5 December 2025")


def kept(code: str, **values: object) -> Problem:
    """The problem as it comes back from where it is kept."""
    return Problem(code, "", make_finding(2, "", Problem(code, "", values), is_warning=True).values)


def test_amounts_days_and_categories_are_said_as_the_language_writes_them(in_app: Flask):
    sums = {"sum": Amount(Cents(123456789), "EUR"), "budget": Amount(Cents(100), "EUR")}
    over = kept("over-category", **sums, limit=Amount(Cents(120), "EUR"), category="external", scope="", percent=0)
    contract = kept("contract-overrun", contract="2026-01-05", sum=sums["sum"], amount=sums["budget"])
    budget = {"organisation": "lps", "currency": "EUR", "sum": "170001.00", "approved": "5.00", "difference": "-1.00"}
    with force_locale("en"):
        assert "€1,234,567.89 are declared in the category “External expertise and services”" in say_item(over)
        assert "contract 2026-01-05 come to €1,234,567.89" in say_item(contract)
        assert "come to 170,001.00 EUR; the approved budget is 5.00" in say_line(kept("budget-difference", **budget))
        assert say_line(kept("budget-below-zero")) == say_item(kept("budget-below-zero"))
        totals = {"references": ("K-1", "K-2"), "totals": (sums["budget"], sums["sum"])}
        assert "€1,234,567.89" in say_item(kept("duplicate-invoice", case="totals", **totals))
    with force_locale("pl"):
        assert "1\u00a0234\u00a0567,89" in say_item(over)


@pytest.mark.parametrize(
    ("code", "values", "mark"),
    [
        ("duplicate-invoice", {"case": "own", "references": "K-1"}, ("blocks", "Blocks the report")),
        ("duplicate-invoice", {"case": "across", "references": ""}, ("warns", "Warning")),
        ("no-evidence", {}, ("warns", "Warning, blocks submission")),
        ("item-not-of-staff", {}, None),
    ],
)
def test_a_warning_is_marked_as_on_the_page_of_the_item(in_app: Flask, code: str, values: dict[str, str], mark):
    with force_locale("en"):
        assert mark_item(Problem(code, "", values)) == mark


def version(app: Flask) -> tuple[str, str]:
    with app.app_context():
        made = db.session.scalars(select(BudgetVersion)).one()
        return made.reason, made.valid_from.isoformat()


def test_why_a_budget_of_a_file_changes_and_from_when_is_kept_with_its_version(project, manager):
    answer = upload(manager, LINES, reason="Amendment 2", valid_from="2026-10-01")
    assert answer.status_code == 302, answer.text
    page = manager.get(answer.location)
    assert "Why this changes Amendment 2 Agreed from 1 October 2026" in page_text(page)
    manager.post(f"{answer.location}/store", data=read_fields(page))
    assert version(project) == ("Amendment 2", "2026-10-01")


def test_what_is_not_said_beside_a_budget_is_filled_in(project, manager):
    answer = upload(manager, LINES)
    manager.post(f"{answer.location}/store", data=read_fields(manager.get(answer.location)))
    assert version(project) == ("imported-file", "2026-11-20")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"valid_from": "1026-10-01"}, "valid_from"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_what_cannot_be_kept_with_a_version_is_said_at_its_field(manager, said, where):
    answer = upload(manager, LINES, **said)
    assert (answer.status_code, list(read_errors(answer))) == (422, [where])


def test_a_refused_budget_is_brought_again_with_the_same_reason(manager):
    answer = upload(manager, LINES.replace(b"staff", b"wages"), reason="Amendment 2", valid_from="2026-10-01")
    page = manager.get(answer.location)
    again = next(link for link in page.text.split('"') if "new?kind=budget" in link).replace("&amp;", "&")
    fields = read_fields(manager.get(again))
    assert (fields["reason"], fields["valid_from"]) == ("Amendment 2", "2026-10-01")
