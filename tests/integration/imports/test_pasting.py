"""Rows pasted as text go the way of a file; those with errors are mended in place, and nothing is stored before."""

import pytest

from portal.accounts.rules import Role
from portal.imports import kinds
from tests.integration.imports.bringing import IMPORTS, NEW, files_of, fruits_of, imports_of, press
from tests.integration.imports.harvest import harvest
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_table,
    text_of,
)
from tests.make import sign_in_as

PASTE = f"{IMPORTS}/paste"
HEADER = "name\tcolour\torganisation"


@pytest.fixture(autouse=True)
def _harvest(monkeypatch):
    monkeypatch.setitem(kinds._kinds, "harvest", harvest())


def paste(browser, *rows: str, kind: str = "fruits", **more):
    address = f"{PASTE}?kind={kind}"
    fields = read_fields(browser.get(address))
    return browser.post(address, data={**fields, "text": "\r\n".join(rows), **more})


def again(browser, answer, kind: str = "fruits", **more):
    """Send the page that was answered once more, with what was typed."""
    return browser.post(f"{PASTE}?kind={kind}", data={**read_fields(answer), **more})


def summary_of(answer) -> list[str]:
    boxes = find_all(read_page(answer), "div", role="alert")
    return [text_of(line) for box in boxes for line in find_all(box, "li")]


def test_pasted_rows_are_shown_stored_and_undone_like_a_file(project, manager):
    assert links_of(manager.get(f"{NEW}?kind=fruits"))["Paste rows instead"] == f"{PASTE}?kind=fruits"
    answer = paste(manager, HEADER, "pear\tgreen\tlps", "fig\tred\tols")
    assert answer.status_code == 302, answer.text
    assert "Import 2 rows" in page_text(manager.get(answer.location))
    assert "pasted.csv" in page_text(manager.get(answer.location))
    press(manager, answer.location, "store")
    assert fruits_of(project) == {"fig": ["red", "ols"], "pear": ["green", "lps"]}
    answer = paste(manager, HEADER, "fig\tred\tols", "pear\tgreen\tlps")
    assert "Everything in the file is stored already" in page_text(manager.get(answer.location))


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_other_separators_are_found_out(project, manager, separator):
    rows = (each.replace("\t", separator) for each in (HEADER, "pear\tgreen\tlps"))
    press(manager, paste(manager, *rows).location, "store")
    assert fruits_of(project) == {"pear": ["green", "lps"]}


def test_rows_without_names_say_what_to_do_and_are_taken_in_the_order_of_the_template(project, manager):
    answer = paste(manager, "pear\tgreen\tlps")
    assert answer.status_code == 422
    assert "The first row names none of the columns." in read_errors(answer)["text"]
    assert "name, colour, organisation" in page_text(answer)
    assert read_fields(answer)["text"] == "pear\tgreen\tlps"
    answer = again(manager, answer, is_headless="y")
    press(manager, answer.location, "store")
    assert fruits_of(project) == {"pear": ["green", "lps"]}


def test_rows_with_errors_are_mended_in_place(project, manager):
    answer = paste(manager, HEADER, "pear\tblue\tlps", "plum\tgreen\tols", "fig\tpink\tlps")
    assert (answer.status_code, imports_of(project), files_of(project)) == (422, [], 0)
    assert "2 rows with errors, 1 warning." in page_text(answer)
    assert [line.partition(":")[0] for line in summary_of(answer)] == ["Row 2, colour", "Row 4, colour"]
    rows = read_table(answer, "Rows with errors")[1:]
    assert [row[0] for row in rows] == ["Row 2", "Row 4"]
    assert "name pear" in rows[0][2]
    fields = read_fields(answer)
    assert (fields["cell-2-1"], fields["cell-4-1"], "cell-3-1" in fields) == ("blue", "pink", False)
    answer = again(manager, answer, **{"cell-2-1": "green"})
    assert answer.status_code == 422
    assert [line.partition(":")[0] for line in summary_of(answer)] == ["Row 4, colour"]
    assert "pear\tgreen\tlps" in read_fields(answer)["text"]
    answer = again(manager, answer, **{"cell-4-1": "red"})
    press(manager, answer.location, "store")
    assert fruits_of(project) == {"fig": ["red", "lps"], "pear": ["green", "lps"], "plum": ["green", "ols"]}


def test_the_errors_stand_at_their_boxes(manager):
    answer = paste(manager, HEADER, "pear\tblue\tlps")
    assert set(read_errors(answer)) == {"cell-2-1"}
    links = [link.attributes["href"] for link in find_all(read_page(answer), "a")]
    assert "#cell-2-1" in links


def test_a_row_with_errors_can_be_left_out(project, manager):
    answer = paste(manager, HEADER, "pear\tblue\tlps", "plum\tgreen\tols")
    press(manager, again(manager, answer, **{"drop-2": "y"}).location, "store")
    assert list(fruits_of(project)) == ["plum"]


def test_rows_without_names_are_mended_too(project, manager):
    answer = paste(manager, "pear\tblue\tlps", is_headless="y")
    assert read_fields(answer)["cell-2-1"] == "blue"
    answer = again(manager, answer, **{"cell-2-1": "red", "is_headless": "y"})
    press(manager, answer.location, "store")
    assert fruits_of(project) == {"pear": ["red", "lps"]}


def test_where_the_text_was_changed_as_well_the_boxes_are_not_lost(project, manager):
    answer = paste(manager, HEADER, "pear\tblue\tlps", "fig\tblue\tlps")
    text = f"{HEADER}\nfig\tgreen\tlps"
    answer = again(manager, answer, text=text, **{"cell-2-1": "red", "drop-3": "y"})
    assert (answer.status_code, imports_of(project)) == (422, [])
    assert "The text was changed, so the boxes were not taken" in read_errors(answer)["text"]
    assert read_table(answer, "Typed in boxes, not taken")[1:] == [
        ["Row 2", "colour", "red"],
        ["Row 3", "–", "Leave row 3 out"],
    ]
    assert read_fields(answer)["text"] == text
    press(manager, again(manager, answer).location, "store")
    assert fruits_of(project) == {"fig": ["green", "lps"]}


def test_where_no_box_was_touched_a_changed_text_is_simply_taken(project, manager):
    answer = paste(manager, HEADER, "pear\tblue\tlps", "fig\tblue\tlps")
    answer = again(manager, answer, text=f"{HEADER}\nfig\tgreen\tlps")
    assert (answer.status_code, imports_of(project)) == (302, [("ready", 1, 1, 0, 0)])


def test_boxes_without_what_they_held_are_taken_for_typed_in(manager):
    answer = paste(manager, HEADER, "pear\tblue\tlps")
    answer = again(manager, answer, text=f"{HEADER}\nfig\tgreen\tlps", shown="[1, {")
    assert (answer.status_code, "Typed in boxes, not taken" in page_text(answer)) == (422, True)


def test_what_is_larger_than_any_form_says_to_upload_a_file(manager):
    answer = manager.post(f"{PASTE}?kind=fruits", data={"text": "pear\tgreen\tlps\n" * 100_000})
    assert answer.status_code == 413
    assert "Save them as a file and upload that." in page_text(answer)


def test_a_thousand_good_rows_and_one_bad_store_nothing(project, manager):
    good = [f"fruit{number}\tgreen\tlps" for number in range(1000)]
    answer = paste(manager, HEADER, *good, "pear\tblue\tlps")
    assert (answer.status_code, imports_of(project), fruits_of(project)) == (422, [], {})
    assert [row[0] for row in read_table(answer, "Rows with errors")[1:]] == ["Row 1002"]
    press(manager, again(manager, answer, **{"cell-1002-1": "red"}).location, "store")
    assert len(fruits_of(project)) == 1001


def test_of_very_many_errors_the_first_are_opened_and_all_are_counted(manager):
    answer = paste(manager, HEADER, *(f"fruit{number}\tblue\tlps" for number in range(300)))
    assert "300 rows with errors, 0 warnings." in page_text(answer)
    assert len(read_table(answer, "Rows with errors")) == 101
    assert "These are the first 100 of 300." in page_text(answer)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["name\ttaste", "pear\tsour"], "“taste” is no column of this kind of file."),
        ([HEADER], "The file has no rows below its header."),
        ([HEADER, "pear\tgreen\tlps\tastray"], "The cell D2 stands under no column's name."),
        ([HEADER, "pe\x01ar\tgreen\tlps"], "holds an invisible control character"),
    ],
)
def test_what_is_wrong_with_the_rows_as_a_whole_is_said(project, manager, rows, said):
    answer = paste(manager, *rows)
    assert (answer.status_code, imports_of(project), files_of(project)) == (422, [], 0)
    assert any(said in line for line in summary_of(answer)), summary_of(answer)


def test_names_of_columns_are_mended_too(project, manager):
    answer = paste(manager, "name\tcolor\torganisation", "pear\tgreen\tlps")
    answer = again(manager, answer, **{"cell-1-1": "colour"})
    assert answer.status_code == 302
    assert imports_of(project) == [("ready", 1, 1, 0, 0)]


def test_nothing_pasted_and_far_too_much_stay_on_the_page(project, manager):
    assert "text" in read_errors(paste(manager))
    answer = paste(manager, HEADER, *["pear\tgreen\tlps"] * 60_000)
    assert answer.status_code == 422
    assert "Save it as a file and upload that." in read_errors(answer)["text"]
    assert imports_of(project) == []


def test_a_double_click_lists_one_import(project, manager):
    fields = {**read_fields(manager.get(f"{PASTE}?kind=fruits")), "text": f"{HEADER}\npear\tgreen\tlps"}
    answers = [manager.post(f"{PASTE}?kind=fruits", data=fields) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"{IMPORTS}/1"] * 2
    assert len(imports_of(project)) == 1


def test_what_is_to_be_said_beside_the_rows_is_asked_here_too(project, manager):
    answer = paste(manager, "name\tcolour", "pear\tgreen", kind="harvest")
    assert (answer.status_code, "organisation" in read_errors(answer)) == (422, True)
    answer = paste(manager, "name\tcolour", "pear\tgreen", kind="harvest", organisation="ols")
    press(manager, answer.location, "store")
    assert fruits_of(project) == {"pear": ["green", "ols"]}
    officer = sign_in_as(project, Role.FINANCE, "ols")
    assert "in Olsztyn" in page_text(officer.get(f"{PASTE}?kind=harvest"))
    assert officer.get(f"{PASTE}?kind=fruits").status_code == 403
    assert officer.get(f"{PASTE}?kind=vegetables").status_code == 422
    assert sign_in_as(project, Role.VIEWER).get(PASTE).status_code == 403


def test_without_a_kind_it_is_chosen_first(manager):
    assert manager.get(PASTE).location == NEW
    links = [link.attributes["href"] for link in find_all(read_page(manager.get(NEW)), "a")]
    assert {f"{PASTE}?kind=fruits", f"{NEW}?kind=fruits"} <= set(links)
