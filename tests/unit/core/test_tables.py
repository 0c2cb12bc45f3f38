"""Tables as files: numbers are numbers, days are days, and text is text whatever it looks like."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.core.tables import Cell, Column, Sheet, write_csv, write_xlsx

COLUMNS = [Column("Activity", 40), Column("Expected outcomes"), Column("%", 10, "0.00"), Column("Day")]
HEADERS = ["Activity", "Expected outcomes", "%", "Day"]

LIKE_FORMULAS = ["=1+1", "+370 612", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://example.org")']
LIKE_LINKS = ["https://example.org", "mailto:ona@example.lt", "internal:Sheet1!A1", "ftp://example.org"]


def read_xlsx(workbook: bytes, sheet: str = "Outcomes") -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def parts_of(workbook: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def one_sheet(*rows: list[Cell]) -> bytes:
    return write_xlsx([Sheet("Outcomes", COLUMNS, rows)])


def test_the_header_stands_in_the_first_row_and_the_rows_follow():
    assert read_xlsx(one_sheet(["Workshops", 216, None, None])) == [HEADERS, ["Workshops", 216.0, "", ""]]


def test_numbers_are_numbers_and_days_are_days():
    [_, row] = read_xlsx(one_sheet(["Workshops", 216, Decimal("20.83"), date(2026, 3, 10)]))
    assert row == ["Workshops", 216.0, 20.83, date(2026, 3, 10)]


def test_zero_is_a_number_and_nothing_is_an_empty_cell():
    workbook = one_sheet(["Zero", 0, Decimal("0.00"), None], ["Nothing", None, None, None])
    assert read_xlsx(workbook)[1:] == [["Zero", 0.0, 0.0, ""], ["Nothing", "", "", ""]]
    cells = parts_of(workbook)["xl/worksheets/sheet1.xml"]
    assert 'r="B2"' in cells
    assert 'r="B3"' not in cells


@pytest.mark.parametrize(
    "text", [*LIKE_FORMULAS, *LIKE_LINKS, "007", "1e5", "TRUE", "2026-03-10", " kept ", "Kaišiadorys"]
)
def test_text_stays_text_in_a_workbook(text):
    workbook = one_sheet([text, None, None, None])
    assert read_xlsx(workbook)[1][0] == text
    parts = parts_of(workbook)
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert "hyperlink" not in "".join(parts.values())


def test_the_header_row_is_frozen():
    cells = parts_of(one_sheet())["xl/worksheets/sheet1.xml"]
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in cells


def test_sheets_stand_in_their_order_with_their_names():
    workbook = write_xlsx([Sheet("Outcomes", COLUMNS, []), Sheet("Notes", [Column("Note")], [["Counted"]])])
    assert CalamineWorkbook.from_filelike(io.BytesIO(workbook)).sheet_names == ["Outcomes", "Notes"]
    assert read_xlsx(workbook, "Notes") == [["Note"], ["Counted"]]


def test_a_columns_number_format_and_width_are_kept():
    parts = parts_of(one_sheet(["Workshops", 216, Decimal("20.83"), None]))
    assert 'formatCode="0.00"' in parts["xl/styles.xml"] or 'numFmtId="2"' in parts["xl/styles.xml"]
    assert '<col min="1" max="1" width="40' in parts["xl/worksheets/sheet1.xml"]


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(PRINTABLE)
def test_any_printable_text_comes_back_from_a_workbook_as_it_was(text):
    assert read_xlsx(one_sheet([text, None, None, None]))[1][0] == text


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_csv_has_the_header_and_plain_values():
    table = write_csv(
        COLUMNS, [["Workshops, trainings", 216, Decimal("20.83"), date(2026, 3, 10)], ["–", None, None, None]]
    )
    assert read_csv(table) == [HEADERS, ["Workshops, trainings", "216", "20.83", "2026-03-10"], ["–", "", "", ""]]


@pytest.mark.parametrize("text", LIKE_FORMULAS)
def test_text_that_would_start_a_formula_is_led_by_an_apostrophe_in_a_csv(text):
    assert read_csv(write_csv([Column("Text")], [[text]]))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", [*LIKE_LINKS, "007", "a=b", "it's", 'say "yes"', "two\nlines", "Kaišiadorys"])
def test_other_text_is_left_alone_in_a_csv(text):
    assert read_csv(write_csv([Column("Text")], [[text]]))[1] == [text]


def test_a_negative_number_is_a_number_in_a_csv():
    assert read_csv(write_csv([Column("Number")], [[-5], [Decimal("-0.01")]]))[1:] == [["-5"], ["-0.01"]]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_no_text_starts_a_formula_in_a_csv(text):
    cell = read_csv(write_csv([Column("Text"), Column("Other")], [[text, "x"]]))[1][0]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")
