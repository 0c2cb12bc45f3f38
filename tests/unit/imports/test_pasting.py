"""Rows that are pasted as text: told apart into cells as spreadsheets mean them, mended cell by cell."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Problem
from portal.core.tables.problems import RowProblem
from portal.imports import pasting

NAMES = ("name", "colour", "organisation")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("name\tcolour\npear\tgreen", [["name", "colour"], ["pear", "green"]]),
        ("name;colour\npear;1,5", [["name", "colour"], ["pear", "1,5"]]),
        ("name,colour\npear,green;red", [["name", "colour"], ["pear", "green;red"]]),
        # Names that nobody knows: the separator that gives most cells.
        ("a;b;c\n1,5;2;3", [["a", "b", "c"], ["1,5", "2", "3"]]),
        ('name\tcolour\n"a\nb"\t"5 ""inch"""', [["name", "colour"], ["a\nb", '5 "inch"']]),
        # A spreadsheet puts marks at the start of a text on the clipboard as they are.
        ('name\tcolour\n"Žalia" UAB\tx', [["name", "colour"], ['"Žalia" UAB', "x"]]),
        ("name\tcolour\n\n\tgreen\t", [["name", "colour"], [""], ["", "green", ""]]),
        ("", [[""]]),
    ],
)
def test_rows_are_told_apart_into_cells(text, rows):
    assert pasting.read_pasted(text, NAMES) == rows


cells = st.text(alphabet='aą1 ";,\t\n', max_size=8)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_is_written_back_says_the_same(rows):
    text = pasting.write_pasted(rows)
    assert list(pasting._records(text, "\t")) == rows


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_the_file_holds_the_same_cells(rows):
    written = pasting.write_file(rows).decode()
    assert list(csv.reader(io.StringIO(written, newline=""), strict=True)) == rows


@pytest.mark.parametrize(
    "text",
    ['"x\n' * 200_000, ('"' + '""' * 5 + "x\n") * 60_000, '"' + '""' * 390_000 + "x", '""' + '"\t' * 300_000],
    ids=["open", "odd", "long", "many"],
)
def test_a_text_full_of_quotation_marks_takes_no_longer(text):
    assert list(pasting._records(text, "\t"))


def test_a_first_row_that_names_a_column_is_told_from_one_that_does_not():
    assert pasting.has_names([[""], [" Colour ", "x"]], NAMES)
    assert not pasting.has_names([["pear", "green"]], NAMES)
    assert not pasting.has_names([], NAMES)


def wrong(row: int, column: str, *, is_warning: bool = False) -> RowProblem:
    return RowProblem(row, column, Problem("unknown-value"), is_warning)


ROWS = [["name", "colour"], ["pear", "blue"], ["plum", "green"]]


def boxes(*problems: RowProblem, rows: pasting.Rows = ROWS) -> dict[str, str]:
    return {each.box: each.text for row in pasting.list_faulty(rows, problems, NAMES) for each in row.boxes}


def test_only_the_cells_with_errors_are_mended():
    assert boxes(wrong(2, "colour"), wrong(3, "colour", is_warning=True)) == {"cell-2-1": "blue"}


def test_what_is_wrong_with_a_row_as_a_whole_opens_all_of_its_cells():
    assert boxes(wrong(2, "")) == {"cell-2-0": "pear", "cell-2-1": "blue"}
    assert boxes(
        wrong(
            2,
            "",
        ),
        rows=[["name"], ["pear", "astray"]],
    ) == {"cell-2-0": "pear", "cell-2-1": "astray"}


def test_a_column_that_the_rows_lack_can_be_added_in_a_row_but_not_among_the_names():
    assert boxes(wrong(2, "organisation")) == {"cell-2-organisation": ""}
    assert boxes(wrong(1, "organisation")) == {}
    assert boxes(wrong(1, "colour")) == {"cell-1-1": "colour"}


def test_what_is_wrong_with_the_file_or_beyond_its_rows_has_no_box():
    assert boxes(wrong(0, "colour"), wrong(9, "colour")) == {}


def test_of_very_many_rows_as_many_as_one_page_shows_are_opened():
    rows = [["name", "colour"], *[["pear", "blue"]] * 500]
    found = pasting.list_faulty(rows, [wrong(number, "colour") for number in range(2, 502)], NAMES)
    assert [each.number for each in found] == list(range(2, 102))


def test_what_is_typed_in_a_box_is_put_into_its_cell():
    mending = pasting.read_mending({"cell-2-1": "red", "cell-3-organisation": "ols", "text": "x", "cell-x-1": "y"})
    assert pasting.mend(ROWS, mending, NAMES) == [
        ["name", "colour", "organisation"],
        ["pear", "red"],
        ["plum", "green", "ols"],
    ]
    assert ROWS[1] == ["pear", "blue"]


def test_a_row_can_be_left_out():
    assert pasting.mend(ROWS, pasting.read_mending({"drop-2": "y"}), NAMES) == [ROWS[0], ROWS[2]]


@pytest.mark.parametrize("name", ["cell-99-1", "cell-0-1", "cell-2-99999", "cell-2-vegetable", "drop-99", "cell--1"])
def test_a_box_that_no_page_has_changes_nothing(name):
    assert pasting.mend(ROWS, pasting.read_mending({name: "red"}), NAMES) == ROWS


def test_boxes_belong_to_the_text_they_were_shown_with():
    prints = {pasting.fingerprint(text, is_headless=each) for text in ("a", "b") for each in (True, False)}
    assert len(prints) == 4
