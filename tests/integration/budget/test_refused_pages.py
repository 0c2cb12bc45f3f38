"""What pages answer that cannot do what was asked: stale forms, filters that do not exist, and a closed project."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.budget.queries.contracts import contract_draft, get_contract
from portal.budget.queries.items import draft_of, get_item
from portal.budget.rules.lines import Place
from portal.budget.rules.rates import RateDraft
from portal.budget.services.contracts import add_contract, change_contract
from portal.budget.services.items import change_item
from portal.budget.services.lines import change_lines
from portal.budget.services.rates import add_rate, change_rate
from portal.core.money import Cents, RateMicros
from portal.projects.queries import get_project
from portal.projects.rules.contract import Reason
from portal.projects.services.structure import Edit
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.budget.contracts import CATERING, CONTRACTS
from tests.integration.pages import page_text, read_errors, read_fields, read_summary, read_table
from tests.make import PROJECT, make_item, make_project, sign_in_as

ROOT = f"/projects/{PROJECT}"
LATE = "What differs: saving again puts yours over what is stored"


@pytest.fixture
def project(app: Flask) -> Flask:
    """An item, a contract and a rate of lps, and no budget line."""
    with app.app_context():
        make_project()
        make_item("lps", "K-1")
        add_contract(PROJECT, "lps", CATERING, now=NOW)
        add_rate(PROJECT, RateDraft("PLN", "2026-07", RateMicros(4_256_300)), now=NOW)
    return app


@pytest.fixture
def manager(project: Flask) -> FlaskClient:
    return sign_in_as(project, Role.MANAGER)


def _change_item() -> None:
    draft = draft_of(get_item(PROJECT, 1))
    change_item(PROJECT, 1, draft._replace(declared_cents=Cents(90_00)), version=1, now=NOW)


def _change_contract() -> None:
    draft = contract_draft(get_contract(PROJECT, 1))
    change_contract(PROJECT, 1, draft._replace(amount_cents=Cents(900_00)), version=1, now=NOW)


def _change_rate() -> None:
    change_rate(PROJECT, 1, RateMicros(4_300_000), version=1, now=NOW)


def _change_budget() -> None:
    wanted = {Place("travel"): Cents(100_00)}
    change_lines(PROJECT, "lps", wanted, edit=Edit(0, Reason("More travel.", NOW.date())), now=NOW)


@pytest.mark.parametrize(
    ("address", "field", "act", "said", "stored"),
    [
        ("expenditure/1/edit", "declared_amount", _change_item, "Someone else has changed this item", "90.00"),
        ("contracts/1/edit", "amount_cents", _change_contract, "Someone else has changed this contract", "900.00"),
        ("rates/1/edit", "rate", _change_rate, "Someone has changed this exchange rate", "4300000"),
    ],
)
def test_a_form_that_came_too_late_says_so_also_where_a_field_cannot_be_read(
    project: Flask, manager: FlaskClient, address: str, field: str, act: Any, said: str, stored: str
):
    fields = read_fields(manager.get(f"{ROOT}/{address}"))
    with project.app_context():
        act()
    refused = manager.post(f"{ROOT}/{address}", data={**fields, field: "about ten"})
    assert refused.status_code == 409
    assert [line for line in read_summary(refused) if line.startswith(said)]
    assert list(read_errors(refused)) == [field]
    assert [row[1:] for row in read_table(refused, LATE)[1:]] == [[stored, "about ten"]]
    assert read_fields(refused)["version"] == "2"
    assert manager.post(f"{ROOT}/{address}", data={**read_fields(refused), field: "5"}).status_code == 302


def test_budget_lines_that_came_too_late_say_so_also_where_an_amount_cannot_be_read(
    project: Flask, manager: FlaskClient
):
    address = f"{ROOT}/budget/lines/lps/edit?by=total"
    page = manager.get(address)
    assert page.status_code == 200
    fields = read_fields(page)
    with project.app_context():
        _change_budget()
    name = next(each for each in fields if "travel" in each)
    refused = manager.post(address, data={**fields, name: "about ten"})
    assert refused.status_code == 409
    assert [line for line in read_summary(refused) if line.startswith("Someone has changed the budget")]
    assert [row[1:] for row in read_table(refused, LATE)[1:]] == [["100.00", "about ten"]]


@pytest.mark.parametrize(
    ("address", "field", "kept"),
    [
        ("expenditure/findings?severity=awful&finding=no-evidence", "severity", "finding"),
        ("expenditure/findings?organisation=nobody", "organisation", ""),
        ("contracts?state=lost&organisation=lps", "state", "organisation"),
        ("contracts?organisation=nobody", "organisation", ""),
        ("expenditure/missing?category=other&organisation=lps", "category", "organisation"),
        ("expenditure/missing?organisation=nobody", "organisation", ""),
    ],
)
def test_a_choice_that_does_not_exist_is_named_at_its_field_above_the_list(
    manager: FlaskClient, address: str, field: str, kept: str
):
    answer = manager.get(f"{ROOT}/{address}")
    assert answer.status_code == 422
    assert list(read_errors(answer)) == [field]
    assert "is not known here. Use one of:" in read_errors(answer)[field]
    assert "What you asked for is not shown." in page_text(answer)
    assert ("selected>All" not in answer.text) or not kept


def test_of_a_list_that_is_empty_nothing_is_to_be_chosen(project: Flask, manager: FlaskClient):
    refused = manager.get(f"{ROOT}/rates?currency=PLN")
    assert refused.status_code == 200
    with project.app_context():
        make_item("ols", "O-1")
    fields = read_fields(manager.get(f"{ROOT}/expenditure/2/edit"))
    answer = manager.post(f"{ROOT}/expenditure/2/edit", data={**fields, "contract": "C-1"})
    assert read_errors(answer) == {"contract": "There is nothing to choose here yet. Leave this empty."}


@pytest.mark.parametrize(
    "address", ["imports/new?kind=expenditure", "imports/new", "imports/paste?kind=expenditure", "imports/paste"]
)
def test_a_closed_project_shows_no_form_for_files(project: Flask, manager: FlaskClient, address: str):
    assert manager.get(f"{ROOT}/{address}", follow_redirects=True).status_code == 200
    with project.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    answer = manager.get(f"{ROOT}/{address}")
    assert (answer.status_code, "closed" in page_text(answer)) == (409, True)


def test_pages_of_a_contract_say_for_whom_the_manager_acts(manager: FlaskClient):
    said = "What you do here is kept as done for"
    assert said in page_text(manager.get(f"{CONTRACTS}/1"))
    assert said in page_text(manager.get(f"{CONTRACTS}?organisation=lps"))
    assert said not in page_text(manager.get(CONTRACTS))
