"""Every case of the money vectors, from a file to the page, the JSON and the workbook: the same cent everywhere."""

import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.core.money import read_amount
from portal.imports.queries import get_kind
from portal.imports.services.storing import import_file
from portal.projects.rules.project_file import read_project_file
from portal.projects.services import load_project
from tests.conftest import NOW
from tests.integration.budget.spending import faults, references, request, write_csv
from tests.integration.pages import page_text, read_table
from tests.make import PROJECT, PROJECT_FILE, make_item, make_project, run_portal, sign_in_as

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "money.json").read_text(encoding="utf-8"))
ITEM = {"category": "external", "supplier": "Catering", "invoice_date": "2026-03-10", "description": "Catering"}
MONEY = ("budget", "fund", "contribution", "declared", "reported", "certified", "paid", "remaining")


def load(
    budgets: Mapping[str, str], *, percent: str = "80", flat_rates: Mapping[str, Mapping[str, int]] | None = None
) -> None:
    """The project out of its file, with these budgets, this rate of the fund and these flat rates."""
    stated = tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))
    for total in ("total_budget", "fund_total"):
        del stated["project"][total]
    stated["project"]["cofinancing_rate"] = percent
    for organisation in stated["organisations"]:
        key = organisation["key"]
        organisation.pop("budget", None)
        organisation |= {"budget": budgets[key]} if key in budgets else {}
        organisation |= {"flat_rates": dict(flat_rates[key])} if flat_rates and key in flat_rates else {}
    load_project(read_project_file(stated), now=NOW)


def bring(folder: Path, organisation: str, rows: Sequence[Mapping[str, str]]) -> Any:
    """Import these rows as the organisation's items; return what was found."""
    stated = [{"internal_reference": f"K-{number}", **ITEM, **row} for number, row in enumerate(rows)]
    path = write_csv(folder / "items.csv", stated)
    return import_file(get_kind("expenditure"), request(organisation), path, only_try=False).plan


def shown(amount: str) -> str:
    """The amount in EUR as English pages write it."""
    return f"{'-' if amount.startswith('-') else ''}€{abs(Decimal(amount)):,.2f}"


def read_json(app: Flask, *arguments: str) -> dict[str, Any]:
    """What a command answers as JSON."""
    found: dict[str, Any] = json.loads(run_portal(app, *arguments, "--format", "json").stdout)
    return found


def budget_json(app: Flask) -> dict[str, Any]:
    """The partners of the budget by their keys, and the total."""
    shape = read_json(app, "budget", PROJECT)
    return {**{each["organisation"]: each for each in shape["partners"]}, "total": shape["total"]}


def sheet(browser: FlaskClient, address: str, number: int = 0) -> list[dict[str, Any]]:
    """The rows of a sheet of the workbook at the address, by the names of the columns."""
    answer = browser.get(f"/projects/{PROJECT}/{address}")
    assert answer.status_code == 200
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(number).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def number(cell: Any) -> str:
    """What a cell holds, with two decimals; '' for an empty one."""
    return "" if cell == "" else f"{cell:.2f}"


def check_split(app: Flask, rows: Mapping[str, tuple[str, str, str]]) -> None:
    """The budget, the fund's share and the contribution of each partner, and of "total", are these everywhere."""
    partners = budget_json(app)
    assert {key: tuple(partners[key][each] for each in MONEY[:3]) for key in rows} == rows
    browser = sign_in_as(app, Role.MANAGER)
    workbook = sheet(browser, "budget.xlsx")
    cells = [tuple(number(row[each]) for each in ("Budget", "ERDF share", "Partner contribution")) for row in workbook]
    assert cells == list(rows.values())
    for address in (f"/projects/{PROJECT}/partners", f"/public/{PROJECT}"):
        table = read_table(browser.get(address), "Budget by partner")
        assert [row[-3:] for row in table[1:]] == [[shown(each) for each in row] for row in rows.values()]
    overview = read_table(browser.get(f"/projects/{PROJECT}/budget"), "Budget and spending by partner")
    assert [row[1] for row in overview[1:]] == [
        *(shown(row[0]) for row in rows.values()),
        *(shown(each) for each in rows["total"][1:]),
    ]


def test_accepted_amounts_are_the_same_in_the_register_the_json_and_the_workbook(app, tmp_path):
    cases = VECTORS["read_amount"]["accepted"]
    with app.app_context():
        make_project()
        plan = bring(tmp_path, "lps", [{"declared_amount": text} for text, _ in cases])
        assert (faults(plan), plan.created) == ([], len(cases))
    expected = {f"K-{place}": amount for place, (_, amount) in enumerate(cases)}
    items = read_json(app, "expenditure", PROJECT, "--organisation", "lps")["items"]
    assert {each["internal_reference"]: each["declared_amount"] for each in items} == expected
    browser = sign_in_as(app, Role.FINANCE, "lps")
    register = page_text(browser.get(f"/projects/{PROJECT}/expenditure?per_page=100"))
    assert all(shown(amount) in register for amount in expected.values())
    rows = sheet(browser, "expenditure.xlsx")
    assert {row["Internal reference"]: number(row["Declared amount"]) for row in rows} == expected
    total = sum(read_amount(amount) for amount in expected.values())
    declared = budget_json(app)["lps"]["declared"]
    assert read_amount(declared) == total


def test_each_accepted_amount_stands_on_the_page_of_its_item(app, tmp_path):
    cases = VECTORS["read_amount"]["accepted"]
    with app.app_context():
        make_project()
        bring(tmp_path, "lps", [{"declared_amount": text} for text, _ in cases])
    browser = sign_in_as(app, Role.FINANCE, "lps")
    for item_id, (_, amount) in enumerate(cases, start=1):
        answer = browser.get(f"/projects/{PROJECT}/expenditure/{item_id}")
        assert answer.status_code == 200
        assert shown(amount) in page_text(answer)


@pytest.mark.parametrize("text", VECTORS["read_amount"]["refused"])
def test_refused_amounts_are_refused_with_row_and_column_and_nothing_is_stored(in_app, tmp_path, text):
    make_project()
    plan = bring(tmp_path, "lps", [{"declared_amount": "5"}, {"declared_amount": text}])
    assert [(row, column) for row, column, _ in faults(plan)] == [(3, "declared_amount")]
    assert references() == []


@pytest.mark.parametrize("case", [each for each in VECTORS["split_fund"] if not each["amount"].startswith("-")])
def test_a_budget_is_split_the_same_everywhere(app, case):
    parts = case["amount"], case["share"], case["contribution"]
    with app.app_context():
        load({"lpro": case["amount"]}, percent=case["rate_percent"])
    check_split(app, {"lpro": parts, "total": parts})


@pytest.mark.parametrize("case", VECTORS["split_fund"])
def test_what_was_declared_is_split_the_same_and_a_reversal_cancels(app, tmp_path, case):
    amount = case["amount"]
    with app.app_context():
        load({"lpro": "1.00"}, percent=case["rate_percent"])
        assert faults(bring(tmp_path, "lpro", [{"declared_amount": amount}])) == []
    assert budget_json(app)["lpro"]["declared"] == amount
    browser = sign_in_as(app, Role.MANAGER)
    table = read_table(browser.get(f"/projects/{PROJECT}/budget"), "Budget and spending by partner")
    declared = [row[2].split()[0] for row in table[2:]]
    assert declared == [shown(each) for each in (amount, case["share"], case["contribution"])]
    assert [number(row["Declared"]) for row in sheet(browser, "budget.xlsx")] == [amount, amount]


@pytest.mark.parametrize("case", VECTORS["totals_are_sums"])
def test_totals_are_sums_of_rows_everywhere(app, case):
    keys = ("lps", "lpro", "ols")
    budgets = dict(zip(keys, case["amounts"], strict=False))
    with app.app_context():
        load(budgets, percent=case["rate_percent"])
    partners = budget_json(app)
    rows = {key: tuple(partners[key][each] for each in MONEY[:3]) for key in budgets}
    check_split(app, {**rows, "total": (case["total"], case["share"], case["contribution"])})


@pytest.mark.parametrize("case", VECTORS["convert"])
def test_amounts_are_converted_the_same_everywhere(app, tmp_path, case):
    with app.app_context():
        make_project()
        rates = write_csv(tmp_path / "r.csv", [{"currency": "PLN", "month": "2026-07", "rate": case["rate"]}])
        asked = request("ols")._replace(options={})
        assert faults(import_file(get_kind("rates"), asked, rates, only_try=False).plan) == []
        stated = {"declared_amount": case["amount"], "currency": "PLN"}
        assert faults(bring(tmp_path, "ols", [stated])) == []
    (item,) = read_json(app, "expenditure", PROJECT, "--organisation", "ols")["items"]
    assert (item["eur"], item["rate_month"], item["rate_final"]) == (case["eur"], "2026-07", False)
    assert budget_json(app)["ols"]["declared"] == case["eur"]
    browser = sign_in_as(app, Role.MANAGER)
    for address in ("expenditure", "expenditure/1", "budget"):
        assert shown(case["eur"]) in page_text(browser.get(f"/projects/{PROJECT}/{address}"))
    assert "PLN at 4.2563, Jul 2026, preview" in page_text(browser.get(f"/projects/{PROJECT}/budget"))
    assert number(sheet(browser, "budget.xlsx")[2]["Declared"]) == case["eur"]
    assert number(sheet(browser, "expenditure.xlsx")[0]["Declared amount in EUR"]) == case["eur"]


@pytest.mark.parametrize("case", VECTORS["flat_rates"])
def test_flat_rates_come_out_the_same_everywhere(app, tmp_path, case):
    with app.app_context():
        load({"lpro": "83521.12"}, flat_rates={"lpro": case["rates"]})
        rows = [{"category": name, "declared_amount": amount} for name, amount in case["real"].items()]
        assert faults(bring(tmp_path, "lpro", [without_invoice(row) for row in rows])) == []
    expected = {name: amount for name, amount in case["expect"].items() if name != "total"}
    partner = budget_json(app)["lpro"]
    categories = {each["category"]: each["declared"] for each in partner["categories"]}
    assert {name: categories[name] for name in expected} == expected
    assert partner["declared"] == case["expect"]["total"]
    browser = sign_in_as(app, Role.MANAGER)
    page = browser.get(f"/projects/{PROJECT}/budget?by=category&organisation=lpro")
    told = [row[2].split()[0] for row in read_table(page, "Budget and spending by: Cost category")[1:]]
    assert told == [shown(each) for each in (*categories.values(), case["expect"]["total"])]
    stored = [number(row["Declared"]) for row in sheet(browser, "budget.xlsx", 1)]
    assert stored == [amount for amount in categories.values() if amount != "0.00"]


def without_invoice(row: dict[str, str]) -> dict[str, str]:
    """The row; staff have neither supplier nor invoice."""
    if row["category"] != "staff":
        return row
    return {**row, "supplier": "", "invoice_date": "", "payment_date": "2026-03-31"}


def test_the_rounding_residue_is_shown_and_explained_everywhere(app):
    case = VECTORS["rounding_residue"]
    with app.app_context():
        load({"lpro": case["budget"]}, percent=case["rate_percent"])
        for place, amount in enumerate(case["declared"], start=1):
            cents = read_amount(amount)
            frozen = {"state": "submitted", "report_number": place, "eur_cents": cents}
            make_item("lpro", f"K-{place}", category="staff", declared_cents=cents, **frozen)
    partner = budget_json(app)["lpro"]
    assert (partner["reported"], partner["remaining"]) == (case["budget"], "0.00")
    browser = sign_in_as(app, Role.MANAGER)
    page = browser.get(f"/projects/{PROJECT}/budget")
    table = read_table(page, "Budget and spending by partner")
    share = next(row for row in table if row[0] == "ERDF share")
    assert (share[1], share[3].split()[0], share[5]) == tuple(
        shown(case[each]) for each in ("share_of_budget", "sum_of_shares", "residue")
    )
    told = (
        "€0.01 of the ERDF share is lost to rounding, because the budget was declared in 6 reports, each truncated to "
        "the cent."
    )
    assert told in page_text(page)
    notes = [str(note) for row in sheet(browser, "budget.xlsx", 4) for note in row.values()]
    assert any(told in note for note in notes)
