"""Addresses of what is not there, and what keeps an organisation in its project."""

import pytest
from flask import Flask

from portal.accounts.rules import Role
from portal.budget.queries.budget_versions import get_budget_version
from portal.budget.queries.contracts import get_contract_file
from portal.budget.queries.evidence import get_item_file
from portal.budget.queries.holding import held_by_money
from portal.budget.services.contracts import add_contract
from portal.budget.services.evidence import attach_batch
from portal.core.errors import InvalidInputs, NotFound
from portal.core.tables.problems import TableRefused
from portal.core.tables.reading import ReadTable
from portal.imports.kinds import Request
from portal.imports.options import read_options
from portal.imports.queries import get_kind
from tests.conftest import NOW
from tests.integration.budget.contracts import CATERING, CONTRACTS
from tests.integration.budget.spending import request
from tests.integration.pages import page_text
from tests.make import PROJECT, make_item, make_project, sign_in_as

ROOT = f"/projects/{PROJECT}"


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
        make_item("lps", "K-1")
        add_contract(PROJECT, "lps", CATERING, now=NOW)
    return app


def test_files_and_versions_that_are_not_there_are_told(project: Flask):
    browser = sign_in_as(project, Role.MANAGER)
    for address, said in (
        (f"{ROOT}/expenditure/1/evidence/7", "This file is not attached to this item."),
        (f"{CONTRACTS}/1/files/7", "This file does not belong to this contract."),
        (f"{ROOT}/budget/versions/7", "The budget has no version 7."),
    ):
        answer = browser.get(address)
        assert (answer.status_code, said in page_text(answer)) == (404, True)
    with project.app_context():
        for ask, code in (
            (lambda: get_item_file(1, 7), "item-evidence-unknown"),
            (lambda: get_contract_file(1, 7), "contract-file-unknown"),
            (lambda: get_budget_version(PROJECT, 7), "budget-version-unknown"),
        ):
            with pytest.raises(NotFound, match=code):
                ask()


def test_contracts_and_batches_of_files_keep_their_organisation(project: Flask):
    with project.app_context():
        attach_batch(PROJECT, "ols", [], now=NOW)
        assert [each.code for each in held_by_money(PROJECT, "organisations", "lps")] == [
            "organisation-with-items",
            "organisation-with-contracts",
        ]
        assert [each.code for each in held_by_money(PROJECT, "organisations", "ols")] == ["organisation-with-batches"]


@pytest.mark.parametrize("asked", [request("nobody"), request("ols", ["lps"])])
def test_a_file_of_an_organisation_out_of_reach_is_refused(project: Flask, asked: Request):
    empty = ReadTable((), iter(()), rows_at_most=0)
    with project.app_context(), pytest.raises(TableRefused) as refused:
        get_kind("expenditure").plan(asked, empty)
    assert [each.problem.code for each in refused.value.problems] == ["item-organisation-unknown"]


def test_options_that_are_missing_or_not_the_kinds_are_told_together(project: Flask):
    with project.app_context(), pytest.raises(InvalidInputs) as refused:
        read_options(get_kind("expenditure"), PROJECT, None, {"month": "2026-07"})
    assert [(each.code, each.where) for each in refused.value.problems] == [
        ("import-option-unknown", "month"),
        ("import-option-missing", "organisation"),
    ]
