"""A file is checked, shown, imported, imported again without effect, and undone."""

from tests.integration.imports.bringing import (
    IMPORTS,
    NEW,
    actions_of,
    bring,
    bring_and_store,
    csv_of,
    files_of,
    fruits_of,
    imports_of,
    press,
    upload,
)
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, read_tables, send_form

STORED = {"apple": ["red", "lps"], "pear": ["green", "lps"], "plum": ["yellow", "ols"]}


def test_a_file_is_shown_before_anything_is_stored(project, manager):
    address = bring(manager)
    page = page_text(manager.get(address))
    assert "Nothing is stored yet." in page
    assert "3 rows New 3 Changed 0 Stored already 0 With errors 0" in page
    assert "Import 3 rows" in page
    assert read_tables(manager.get(address)) == [
        (
            "1 warning: the file can be imported all the same",
            [
                ["Row", "Column", "What is wrong and what to do"],
                ["The whole file", "name", "“plum” is not a number. Write digits only."],
            ],
        )
    ]
    assert (fruits_of(project), imports_of(project), files_of(project)) == ({}, [("ready", 3, 3, 0, 0)], 1)
    assert actions_of(project) == []


def test_a_file_is_imported_as_one_and_the_audit_says_by_whom(project, manager):
    address = bring(manager)
    answer = press(manager, address, "store")
    assert (answer.status_code, answer.location) == (302, address)
    page = manager.get(address)
    assert "The file is imported." in page_text(page)
    assert links_of(page)["Undo the import"] == f"{address}/undo"
    assert fruits_of(project) == STORED
    assert imports_of(project) == [("stored", 3, 3, 0, 0)]
    assert actions_of(project) == [("import_stored", "manager-@example.org")]
    # Nobody needs the file any more.
    assert files_of(project) == 0


def test_the_same_file_again_changes_nothing(project, manager):
    bring_and_store(manager)
    address = bring(manager)
    page = manager.get(address)
    assert "Everything in the file is stored already, so nothing was changed." in page_text(page)
    assert "Stored already 3" in page_text(page)
    assert imports_of(project)[1:] == [("discarded", 3, 0, 0, 3)]
    assert (len(actions_of(project)), files_of(project)) == (1, 0)


def test_new_changed_and_unchanged_rows_are_told_apart(project, manager):
    bring_and_store(manager)
    address = bring(manager, ["apple,yellow,lps", "pear,green,lps", "cherry,yellow,ols"])
    assert "3 rows New 1 Changed 1 Stored already 1 With errors 0" in page_text(manager.get(address))
    assert "Import 2 rows" in page_text(manager.get(address))
    press(manager, address, "store")
    assert fruits_of(project) == {**STORED, "apple": ["yellow", "lps"], "cherry": ["yellow", "ols"]}


def test_a_file_with_errors_is_refused_and_says_where_and_why(project, manager):
    address = bring(manager, ["apple,blue,lps", "pear,green,lps", "plum,,ols"])
    page = manager.get(address)
    assert "3 rows New 1 Changed 0 Stored already 0 With errors 2" in page_text(page)
    table = read_table(page, "2 errors: they keep the file from being imported")
    assert [row[:2] for row in table[1:]] == [["Row 2", "colour"], ["Row 4", "colour"]]
    assert "green, red, yellow" in table[1][2]
    assert links_of(page)["Upload the corrected file"] == f"{NEW}?kind=fruits"
    assert "Import 1 row" not in page_text(page)
    assert (fruits_of(project), files_of(project)) == ({}, 0)


def test_undoing_says_what_will_happen_and_takes_back_exactly_that(project, manager):
    bring_and_store(manager, ["apple,green,lps", "pear,green,lps"])
    address = bring_and_store(manager, ["apple,yellow,lps", "plum,yellow,ols"])
    page = page_text(manager.get(f"{address}/undo"))
    assert "1 row that the import made is deleted." in page
    assert "1 row that it changed gets back what it held before." in page
    answer = send_form(manager, f"{address}/undo")
    assert (answer.status_code, answer.location) == (302, address)
    assert "What this import had written has been taken back." in page_text(manager.get(address))
    assert fruits_of(project) == {"apple": ["green", "lps"], "pear": ["green", "lps"]}
    assert [state for state, *_ in imports_of(project)] == ["stored", "undone"]
    assert [action for action, _ in actions_of(project)] == ["import_stored", "import_stored", "import_undone"]


def test_what_was_undone_can_be_imported_again(project, manager):
    send_form(manager, f"{bring_and_store(manager, ['pear,green,lps'])}/undo")
    assert fruits_of(project) == {}
    bring_and_store(manager, ["pear,green,lps"])
    assert fruits_of(project) == {"pear": ["green", "lps"]}


def test_where_something_depends_on_it_nothing_is_undone_and_the_page_says_why(project, manager):
    page = f"{bring_and_store(manager)}/undo"  # with a red apple, which stays
    shown = page_text(manager.get(page))
    assert "This import cannot be undone as things are:" in shown
    assert shown.count("Someone else has changed this event") == 1
    assert "is deleted" not in shown
    assert list(find_all(read_page(manager.get(page)), "button", class_="btn btn-danger")) == []
    answer = manager.post(page, data={})
    assert answer.status_code == 409
    assert page_text(answer).count("Someone else has changed this event") == 1
    assert fruits_of(project) == STORED
    assert imports_of(project)[0][0] == "stored"


def test_the_list_shows_each_import_with_its_hash_its_counts_and_who_brought_it(project, manager):
    bring_and_store(manager)
    bring(manager, ["apple,blue,lps"], name="Žaliūkas.csv")
    rows = read_table(manager.get(IMPORTS), "Imports, latest first")[1:]
    assert [[*row[1:2], *row[3:]] for row in rows] == [
        ["Fruits", "Refused", "1", "–", "–", "–"],
        ["Fruits", "Imported", "3", "3", "0", "Undo"],
    ]
    assert rows[0][0].startswith("Žaliūkas.csv")
    assert rows[0][2].startswith("Someone")


def test_a_checked_file_can_be_given_up(project, manager):
    address = bring(manager)
    assert press(manager, address, "discard").location == address
    assert "The file was given up" in page_text(manager.get(address))
    assert (imports_of(project), files_of(project), fruits_of(project)) == ([("discarded", 3, 3, 0, 0)], 0, {})


def test_a_guessed_encoding_is_said(project, manager):
    name = "Žąsinė".encode("cp1257")
    content = csv_of([]) + name + b",green,lps\r\n" + "Kriaušė ąčęėįšųūž".encode("cp1257") + b",green,lps\r\n"
    address = upload(manager, ("fruits.csv", content)).location
    assert "It was read as Windows-1257" in page_text(manager.get(address))
    press(manager, address, "store")
    assert "Žąsinė" in fruits_of(project)
