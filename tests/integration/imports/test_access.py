"""An import is seen by whoever brought it and by those who may import everything; rows only by their own."""

import io
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Permission, Role
from portal.imports import kinds
from tests.integration.imports.bringing import (
    IMPORTS,
    NEW,
    bring,
    bring_and_store,
    fruits_of,
    imports_of,
    press,
)
from tests.integration.imports.fruits import fruits
from tests.integration.pages import links_of, page_text, read_table, send_form
from tests.make import noted_queries, sign_in_as


@pytest.fixture
def lps(project):
    return sign_in_as(project, Role.PARTNER, "lps")


def sheet(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_partner_imports_rows_of_its_own_organisation_and_no_others(project, lps):
    refused = bring(lps, ["pear,green,lps", "plum,yellow,ols"])
    page = lps.get(refused)
    assert read_table(page, "1 error")[1][:2] == ["Row 3", "organisation"]
    bring_and_store(lps, ["pear,green,lps"])
    assert fruits_of(project) == {"pear": ["green", "lps"]}


def test_an_import_is_open_to_whoever_brought_it_and_to_the_manager(project, manager, lps):
    address = bring(lps, ["pear,green,lps"])
    ols = sign_in_as(project, Role.PARTNER, "ols")
    for what in ("", "/undo"):
        assert ols.get(f"{address}{what}").status_code == 404
    for what in ("store", "discard", "undo"):
        assert ols.post(f"{address}/{what}", data={}).status_code == 404
    assert imports_of(project)[0][0] == "ready"
    assert "Start with a template" in page_text(ols.get(IMPORTS))
    assert len(read_table(manager.get(IMPORTS), "Imports, latest first")) == 2
    press(manager, address, "store")
    assert fruits_of(project) == {"pear": ["green", "lps"]}
    assert send_form(lps, f"{address}/undo").status_code == 302


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR, Role.PROGRAMME])
def test_who_may_not_edit_events_imports_nothing(project, role):
    browser = sign_in_as(project, role)
    assert [browser.get(address).status_code for address in (IMPORTS, NEW)] == [403, 403]
    assert "Imports" not in links_of(browser.get(IMPORTS.removesuffix("imports")))


def test_a_kind_that_needs_another_right_is_neither_offered_nor_open(project, lps, monkeypatch):
    monkeypatch.setitem(kinds._kinds, "fruits", fruits(permission=Permission.SUBMIT_PROJECT_REPORT))
    assert "Fruits" not in page_text(lps.get(NEW))
    assert lps.get(f"{IMPORTS}/template/fruits.xlsx").status_code == 403
    assert lps.get(f"{IMPORTS}/export/fruits.xlsx").status_code == 403


def test_the_right_that_has_gone_since_is_asked_for_again(project, lps, monkeypatch):
    address, stored = bring(lps, ["pear,green,lps"]), bring_and_store(lps, ["plum,green,lps"])
    monkeypatch.setitem(kinds._kinds, "fruits", fruits(permission=Permission.SUBMIT_PROJECT_REPORT))
    assert press(lps, address, "store").status_code == 403
    assert lps.post(f"{stored}/undo", data={}).status_code == 403
    assert list(fruits_of(project)) == ["plum"]


def test_what_is_exported_is_what_one_may_import_and_importing_it_changes_nothing(project, manager, lps):
    bring_and_store(manager)
    assert sheet(manager.get(f"{IMPORTS}/export/fruits.xlsx").data)[1:] == [
        ["apple", "red", "lps"],
        ["pear", "green", "lps"],
        ["plum", "yellow", "ols"],
    ]
    answer = lps.get(f"{IMPORTS}/export/fruits.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=LTPL00388-fruits.xlsx"
    assert sheet(answer.data) == [["name", "colour", "organisation"], ["apple", "red", "lps"], ["pear", "green", "lps"]]
    bring_back = send_file(lps, answer.data)
    assert "Everything in the file is stored already" in page_text(lps.get(bring_back))


def send_file(browser, content: bytes) -> str:
    from tests.integration.imports.bringing import upload

    return str(upload(browser, ("fruits.xlsx", content)).location)


def test_the_table_is_open_to_whoever_may_read_the_rows(project, manager, monkeypatch):
    bring_and_store(manager)
    viewer = sign_in_as(project, Role.VIEWER)
    assert viewer.get(f"{IMPORTS}/table/fruits.xlsx").status_code == 404
    monkeypatch.setitem(kinds._kinds, "fruits", fruits(sight=Permission.READ_PROJECT))
    assert len(sheet(viewer.get(f"{IMPORTS}/table/fruits.xlsx").data)) == 4
    monkeypatch.setitem(kinds._kinds, "fruits", fruits(sight=Permission.SEE_PARTICIPANTS))
    assert viewer.get(f"{IMPORTS}/table/fruits.xlsx").status_code == 404


def test_the_template_has_the_columns_and_offers_the_projects_own_values(manager):
    content = manager.get(f"{IMPORTS}/template/fruits.xlsx").data
    assert sheet(content)[0] == ["name", "colour", "organisation"]
    with ZipFile(io.BytesIO(content)) as packed:
        texts = "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))
    assert "dataValidation" in texts
    assert "lpro" in texts


@pytest.mark.parametrize("what", ["template", "export", "table"])
def test_a_file_of_a_kind_that_does_not_exist_is_not_found(manager, what):
    assert manager.get(f"{IMPORTS}/{what}/vegetables.xlsx").status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_import_and_for_many(project, manager):
    bring(manager, ["pear,green,lps"])
    manager.get(IMPORTS)
    with noted_queries(project) as few:
        manager.get(IMPORTS)
    for number in range(5):
        bring(manager, [f"pear{number},green,lps"])
    with noted_queries(project) as more:
        manager.get(IMPORTS)
    assert len(more) == len(few)
