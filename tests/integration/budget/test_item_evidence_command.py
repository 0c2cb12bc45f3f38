"""`portal evidence add --item`, what `portal check` says of the files of items and contracts, and the sweep."""

import json

import pytest

from portal.accounts.rules import Role
from portal.budget.models import ExpenditureItem
from portal.budget.queries.evidence import list_item_files
from portal.budget.services.contracts import add_contract, add_contract_files
from portal.core.db import transaction
from portal.core.files import store
from portal.core.files.queries import list_files, store_folder
from portal.core.files.services import sweep
from tests.conftest import NOW
from tests.files import HTML, pdf
from tests.integration.budget.contracts import CATERING, keep
from tests.integration.budget.evidence import attached, entries
from tests.make import PROJECT, make_item, make_project, make_user, run_portal


@pytest.fixture(autouse=True)
def _items(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "data")
    with app.app_context():
        make_project()
        make_item("ols", "K-17")
        make_item("ols", "S-1", category="staff", supplier="", invoice_number="")


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "Faktūra–17.pdf"
    path.write_bytes(pdf())
    return path


def add(app, *words):
    return run_portal(app, "evidence", "add", *words, "--project", PROJECT)


OF_K17 = ("--item", "K-17", "--organisation", "ols")


def test_files_are_attached_and_the_same_ones_again_change_nothing(app, scan):
    first = add(app, scan, *OF_K17)
    assert (first.exit_code, first.stdout) == (0, "K-17: 1 added as invoice, 0 attached already.\n")
    again = add(app, scan, *OF_K17, "--kind", "payment", "--format", "json")
    assert json.loads(again.stdout) == {
        "item": "K-17", "organisation": "ols", "kind": "payment", "added": 0, "unchanged": 1,
    }  # fmt: skip
    assert attached(app) == [("K-17", "invoice", "Faktūra–17.pdf")]
    assert [each["subject"] for each in entries(app, "item_evidence_added")] == ["ols K-17"]


def test_without_a_kind_a_file_of_staff_is_a_timesheet(app, scan):
    assert add(app, scan, "--item", "S-1", "--organisation", "ols").exit_code == 0
    assert attached(app) == [("S-1", "timesheet", "Faktūra–17.pdf")]


def test_one_refused_file_keeps_all_of_them_out_and_every_problem_is_printed(app, scan, tmp_path):
    (tmp_path / "page.pdf").write_bytes(HTML)
    (tmp_path / "empty.pdf").write_bytes(b"")
    result = add(app, scan, tmp_path / "page.pdf", tmp_path / "empty.pdf", *OF_K17, "--format", "json")
    assert result.exit_code == 1
    assert [each["code"] for each in json.loads(result.stdout)["errors"]] == ["upload-not-what-it-says", "upload-empty"]
    assert attached(app) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--item", "K-17"], 2, "--organisation"),
        (["--organisation", "ols"], 2, "--item"),
        ([*OF_K17, "--kind", "attendance_list"], 2, "invoice, payment, contract, delivery, timesheet, other"),
        (["--item", "K-18", "--organisation", "ols"], 1, "item-unknown"),
        (["--item", "K-17", "--organisation", "lps"], 1, "item-unknown"),
        (["--item", "K-17", "--organisation", "nobody"], 1, "organisation-unknown"),
        ([*OF_K17, "--as", "nobody@example.org"], 1, "nobody@example.org"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(app, scan, words, code, said):
    result = add(app, scan, *words)
    assert (result.exit_code, result.stdout, said in result.stderr) == (code, "", True)
    assert attached(app) == []


def test_as_someone_only_those_who_enter_its_expenditure_attach_files(app, scan):
    with app.app_context():
        for role, organisation, email in (
            (None, "", "stranger"),
            (Role.VIEWER, "", "viewer"),
            (Role.FINANCE, "lps", "other"),
            (Role.FINANCE, "ols", "own"),
            (Role.MANAGER, "", "manager"),
        ):
            make_user(role, organisation, email=f"{email}@example.org")
    for email, code in (("stranger", "not-a-member"), ("viewer", "not-allowed"), ("other", "not-allowed")):
        result = add(app, scan, *OF_K17, "--as", f"{email}@example.org")
        assert (result.exit_code, f"[{code}]" in result.stderr) == (1, True)
    assert attached(app) == []
    assert add(app, scan, *OF_K17, "--as", "own@example.org").exit_code == 0
    scan.write_bytes(pdf("another"))
    assert add(app, scan, *OF_K17, "--as", "manager@example.org").exit_code == 0
    assert [each["for"] for each in entries(app, "item_evidence_added")] == ["", "ols"]


def test_a_certified_item_takes_no_more(app, scan):
    with app.app_context(), transaction() as session:
        item = session.get_one(ExpenditureItem, 1)
        item.state, item.report_number, item.eur_cents = "certified", 1, item.declared_cents
    result = add(app, scan, *OF_K17)
    assert (result.exit_code, "evidence-of-certified" in result.stderr, attached(app)) == (1, True, [])


def test_the_check_names_what_a_damaged_file_proves(app, scan):
    add(app, scan, *OF_K17)
    with app.app_context():
        contract_id = add_contract(PROJECT, "ols", CATERING, now=NOW)
        add_contract_files(PROJECT, contract_id, keep(("signed.pdf", pdf("signed"))), now=NOW)
        (proof,) = list_item_files(1)
        paths = [store.path_of(store_folder(), file.sha256) for file in list_files()]
    assert run_portal(app, "check").exit_code == 0
    for path in paths:
        path.write_bytes(b"damaged")
    said = run_portal(app, "check").stderr.splitlines()
    assert f"file-damaged: {PROJECT} ols K-17 invoice, {proof.row.sha256}" in said
    assert [line for line in said if line.startswith(f"file-damaged: {PROJECT} ols C-1, ")]
    assert len(said) == 2


def test_the_sweep_leaves_what_proves_an_item_or_belongs_to_a_contract(app, scan):
    add(app, scan, *OF_K17)
    with app.app_context():
        contract_id = add_contract(PROJECT, "ols", CATERING, now=NOW)
        add_contract_files(PROJECT, contract_id, keep(("signed.pdf", pdf("signed"))), now=NOW)
        keep(("unused.pdf", pdf("unused")))
        sweep(now=NOW.replace(year=2028))
        assert len(list_files()) == len(list(store.list_stored(store_folder()))) == 2
