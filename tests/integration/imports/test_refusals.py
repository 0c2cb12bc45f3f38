"""What cannot be imported, by whom, and when: each with its status, and nothing stored."""

import pytest

from portal.core.db import db
from portal.core.files import store
from portal.core.files.queries import store_folder
from portal.imports import kinds
from portal.imports.models import Import
from tests.files import EXCEL, HTML, as_form, office, packed, pdf
from tests.integration.imports.bringing import (
    BASKET,
    IMPORTS,
    NEW,
    actions_of,
    bring,
    csv_of,
    files_of,
    fruits_of,
    imports_of,
    press,
    upload,
)
from tests.integration.imports.fruits import fruits
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary
from tests.make import OTHER_PROJECT, make_other_project, sign_in

HUGE = ("huge.csv", b"name\n" + b"x" * 21_000_000)


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([("list.pdf", pdf())], 415, "“list.pdf” is of a type that is not accepted. Accepted are: XLSX, CSV."),
        ([("list.xlsm", office(EXCEL))], 415, "“list.xlsm” is of a type that is not accepted"),
        ([("list.xlsx", pdf())], 415, "“list.xlsx” does not hold what its name says"),
        ([("list.xlsx", HTML)], 415, "“list.xlsx” does not hold what its name says"),
        ([("list.csv", pdf())], 415, "“list.csv” does not hold what its name says"),
        ([("list.csv", office(EXCEL))], 415, "its content is XLSX. Name it .xlsx"),
        ([("list.xlsx", office(EXCEL, **{"vbaProject.bin": b"x"}))], 415, "“list.xlsx” holds macros"),
        ([("list.xlsx", office(EXCEL)[:-30])], 422, "“list.xlsx” cannot be read"),
        ([("list.xlsx", packed({"a.txt": b"x"}))], 415, "“list.xlsx” does not hold what its name says"),
        ([HUGE], 413, "“huge.csv” is larger than 20 MB"),
        ([("empty.csv", b"")], 422, "“empty.csv” is empty"),
        ([], 422, "Choose a file."),
        ([("a.csv", csv_of(BASKET)), ("b.csv", csv_of(BASKET))], 422, "Choose one file at a time."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_gets_its_message_at_the_field(project, manager, files, status, said):
    answer = upload(manager, *files)
    assert answer.status_code == status
    assert said in read_errors(answer)["file"]
    assert (imports_of(project), files_of(project)) == ([], 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (csv_of([]), "The file has no rows below its header."),
        (csv_of(["a,b"], header="name,colour,taste"), "taste"),
        (csv_of(["a"], header="name"), "colour"),
        (csv_of(["a,green,green"], header="name,colour,colour"), "colour"),
    ],
)
def test_a_table_of_other_columns_or_without_rows_is_refused(project, manager, content, said):
    address = upload(manager, ("fruits.csv", content)).location
    assert said in page_text(manager.get(address))
    assert imports_of(project)[0][0] == "refused"


def test_a_kind_that_does_not_exist_is_refused(project, manager):
    for answer in (manager.get(f"{NEW}?kind=vegetables"), manager.post(f"{NEW}?kind=vegetables", data={})):
        assert (answer.status_code, imports_of(project)) == (422, [])
        assert "There are no imports of the kind “vegetables”" in page_text(answer)


def test_a_file_of_no_kind_is_asked_for_it(project, manager):
    answer = manager.post(NEW, **as_form({}, file=[("a.csv", csv_of(BASKET))]))
    assert (answer.status_code, imports_of(project)) == (422, [])
    assert links_of(answer)["Upload a file"].startswith(f"{NEW}?kind=")


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "a\0b.csv", "\u202evsc.csv"])
def test_a_name_that_is_made_to_mislead_is_refused(project, manager, name):
    answer = upload(manager, (name, csv_of(BASKET)))
    assert (answer.status_code, "name" in read_errors(answer)["file"]) == (422, True)
    assert imports_of(project) == []


def test_a_double_click_on_import_imports_once(project, manager):
    address = bring(manager)
    fields = read_fields(manager.get(address))
    answers = [manager.post(f"{address}/store", data=fields) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, address)] * 2
    assert len(actions_of(project)) == 1


def test_a_double_click_on_upload_lists_one_import(project, manager):
    fields = {**read_fields(manager.get(f"{NEW}?kind=fruits")), "kind": "fruits"}
    answers = [manager.post(NEW, **as_form(fields, file=[("a.csv", csv_of(BASKET))])) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"{IMPORTS}/1"] * 2
    assert len(imports_of(project)) == 1


def test_of_two_browsers_that_import_the_same_file_one_is_told_that_it_is_done(project, manager):
    other = sign_in(project.test_client(), 1)
    address = bring(manager)
    pages = [(browser, read_fields(browser.get(address))) for browser in (manager, other)]
    answers = [browser.post(f"{address}/store", data=fields) for browser, fields in pages]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "does not wait to be stored" in read_summary(answers[1])[0]
    assert len(actions_of(project)) == 1


def test_coming_back_to_the_page_and_pressing_again_is_refused_and_changes_nothing(project, manager):
    address = bring(manager)
    old = read_fields(manager.get(address))
    press(manager, address, "store")
    manager.post(f"{address}/undo", data={})  # the red apple keeps it
    assert manager.post(f"{address}/store", data={**old, "form_key": "x" * 32}).status_code == 409
    assert imports_of(project) == [("stored", 3, 3, 0, 0)]


@pytest.mark.parametrize("rows", [["apple,blue,lps"], BASKET])
def test_only_what_waits_is_stored_and_only_what_is_stored_is_undone(project, manager, rows):
    address = bring(manager, rows)
    assert manager.post(f"{address}/undo", data={}).status_code == 409
    assert manager.get(f"{address}/undo").status_code == 302
    if rows is BASKET:
        press(manager, address, "discard")
    assert manager.post(f"{address}/store", data={}).status_code == 409
    assert manager.post(f"{address}/discard", data={}).status_code == 409
    assert (fruits_of(project), actions_of(project)) == ({}, [])


def test_what_has_changed_since_the_check_is_looked_at_again(project, manager):
    first, second = bring(manager, ["pear,green,lps"]), bring(manager, ["pear,yellow,lps"])
    third = bring(manager, ["pear,green,lps"])
    press(manager, first, "store")
    answer = press(manager, second, "store")
    assert "Look at the figures anew." in page_text(manager.get(answer.location))
    assert imports_of(project)[1] == ("ready", 1, 0, 1, 0)
    for address in (second, third, third):
        press(manager, address, "store")
    assert imports_of(project) == [("stored", 1, 1, 0, 0), ("stored", 1, 0, 1, 0), ("stored", 1, 0, 1, 0)]
    bring(manager, ["pear,green,lps"])
    assert imports_of(project)[-1] == ("discarded", 1, 0, 0, 1)


def test_a_file_that_has_errors_by_now_is_refused_when_it_is_to_be_stored(project, manager, monkeypatch):
    address = bring(manager, ["pear,green,lps"])
    monkeypatch.setattr("tests.integration.imports.fruits.COLOURS", ("red",))
    answer = manager.post(f"{address}/store", data=read_fields(manager.get(address)), follow_redirects=True)
    assert "what is stored has changed since the check" in page_text(answer)
    assert (imports_of(project)[0][0], fruits_of(project), files_of(project)) == ("refused", {}, 0)


def test_a_change_between_planning_and_storing_is_a_conflict_and_the_import_waits_on(project, manager, monkeypatch):
    def plan(request, table):
        made = fruits().plan(request, table)
        return made._replace(changes=({"pear": ["red", "lps"]}, made.changes[1]))

    address = bring(manager, ["pear,green,lps"])
    monkeypatch.setitem(kinds._kinds, "fruits", fruits(plan=plan))
    assert press(manager, address, "store").status_code == 409
    assert (imports_of(project)[0][0], fruits_of(project), files_of(project)) == ("ready", {}, 1)


def test_a_file_that_is_gone_from_the_disk_says_so(project, manager):
    address = bring(manager)
    fields = read_fields(manager.get(address))
    with project.app_context():
        path = store.path_of(store_folder(), db.session.get(Import, 1).content_sha256)
    path.write_bytes(b"something else")
    answer = manager.post(f"{address}/store", data=fields)
    assert (answer.status_code, imports_of(project)[0][0]) == (404, "ready")


def test_imports_of_another_project_are_not_found(project, manager):
    with project.app_context():
        make_other_project()
    address = bring(manager)
    number = address.rpartition("/")[2]
    foreign = f"/projects/{OTHER_PROJECT}/imports/{number}"
    for found in (foreign, f"{IMPORTS}/999"):
        assert manager.get(found).status_code == 404
        for what in ("store", "discard", "undo"):
            assert manager.post(f"{found}/{what}", data={}).status_code == 404
    assert imports_of(project)[0][0] == "ready"
