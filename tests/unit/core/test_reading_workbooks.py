"""Workbooks as people send them: what is read of them, and what is refused with its place."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter

from tests.tables import (
    COLUMNS,
    HEADER,
    open_table,
    packed,
    refusal_of,
    row_of,
    rows_of,
    sheet_xml,
    text_cell,
    workbook,
    workbook_parts,
)


def test_the_first_row_names_the_columns_and_rows_keep_their_numbers(tmp_path):
    content = workbook(row_of(3, " Title ", "REF") + row_of(5, "Workshop", "W1") + row_of(9, "Training", "T1"))
    table = open_table(tmp_path, content)
    assert table.columns == ("title", "ref")
    assert table.guessed_encoding == ""
    assert rows_of(table) == [(5, ("Workshop", "W1")), (9, ("Training", "T1"))]


def test_values_come_as_what_they_are(tmp_path):
    cells = (
        '<c r="A2"><v>12</v></c><c r="B2"><v>20.83</v></c><c r="C2" s="2"><v>46091.5</v></c>'
        '<c r="D2" t="b"><v>1</v></c>'
    )
    others = (
        '<c r="A3"><v>0.1</v></c><c r="B3" t="str"><v>x</v></c><c r="C3" s="1"><v>46091</v></c><c r="D3"><v>0</v></c>'
    )
    content = workbook(f'{HEADER}<row r="2">{cells}</row><row r="3">{others}</row>')
    assert rows_of(open_table(tmp_path, content)) == [
        (2, (12, Decimal("20.83"), datetime(2026, 3, 10, 12), True)),
        (3, (Decimal("0.1"), "x", date(2026, 3, 10), 0)),
    ]


def test_days_counted_from_1904_are_the_same_days(tmp_path):
    rows = f'{HEADER}<row r="2"><c r="A2" s="1"><v>44629</v></c></row>'
    parts = workbook_parts(sheet_xml(rows), settings='<workbookPr date1904="1"/>')
    assert rows_of(open_table(tmp_path, packed(parts))) == [(2, (date(2026, 3, 10), None, None, None))]


def test_a_moment_is_whole_to_the_second(tmp_path):
    # 2026-03-10 08:20:00 as a fraction of a day, cut to ten decimals.
    content = workbook(f'{HEADER}<row r="2"><c r="C2" s="2"><v>46091.3472222222</v></c></row>')
    assert rows_of(open_table(tmp_path, content)) == [(2, (None, None, datetime(2026, 3, 10, 8, 20), None))]


def test_text_is_composed_and_without_white_space_around_it(tmp_path):
    decomposed = "Kais\u030ciadorys"
    content = workbook(HEADER + row_of(2, f"\u00a0 {decomposed} \u2007", "a&#13;&#10;b", " ", "x"))
    assert rows_of(open_table(tmp_path, content)) == [(2, ("Kaišiadorys", "a\nb", None, "x"))]


def test_shared_and_rich_text_is_read(tmp_path):
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + "".join(f"<si><t>{name}</t></si>" for name in COLUMNS)
        + "<si><r><t>W</t></r><r><t>1</t></r></si></sst>"
    )
    header = "".join(f'<c r="{chr(65 + n)}1" t="s"><v>{n}</v></c>' for n in range(4))
    sheet = sheet_xml(f'<row r="1">{header}</row><row r="2"><c r="A2" t="s"><v>4</v></c></row>')
    table = open_table(tmp_path, packed(workbook_parts(sheet, strings=strings)))
    assert rows_of(table) == [(2, ("W1", None, None, None))]


def test_an_empty_list_of_shared_texts_is_none(tmp_path):
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="0"/>'
    parts = workbook_parts(sheet_xml(HEADER + row_of(2, "W1")), strings=strings)
    assert rows_of(open_table(tmp_path, packed(parts))) == [(2, ("W1", None, None, None))]


def test_rows_and_cells_that_do_not_say_their_place_follow_each_other(tmp_path):
    def plain(*texts: str) -> str:
        return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"

    content = workbook(plain(*COLUMNS) + plain("W1", "a") + "<row/>" + plain("W2", "b"))
    assert rows_of(open_table(tmp_path, content)) == [(2, ("W1", "a", None, None)), (4, ("W2", "b", None, None))]


def test_many_rows_without_places_keep_their_numbers_from_block_to_block(tmp_path):
    texts = ["ref", *(f"W{n}" for n in range(2, 20_001))]
    rows = "".join(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in texts)
    read = rows_of(open_table(tmp_path, workbook(rows)))
    assert len(read) == 19_999
    assert all(cells == (f"W{number}",) for number, cells in read)


def test_prefixed_tags_are_read(tmp_path):
    header = '<x:row r="1"><x:c r="A1" t="str"><x:v>ref</x:v></x:c></x:row>'
    rows = f'{header}<x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row>'
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<x:sheetData>{rows}</x:sheetData></x:worksheet>"
    )
    assert rows_of(open_table(tmp_path, packed(workbook_parts(sheet)))) == [(2, (7,))]


def test_what_the_common_writer_writes_is_read(tmp_path):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, COLUMNS)
        page.write_row(1, 0, ["W1", "Łódź", "2026-03-10 09:00", 12])
        page.write_comment("A2", "a remark")
        page.autofilter(0, 0, 1, 3)
    assert rows_of(open_table(tmp_path, target.getvalue())) == [(2, ("W1", "Łódź", "2026-03-10 09:00", 12))]


FORMULA = '<row r="7"><c r="A7"><v>1</v></c><c r="B7"><f>1+1</f><v>2</v></c></row>'


def test_a_formula_is_refused_with_its_cell_whatever_value_is_cached(tmp_path):
    assert refusal_of(tmp_path, workbook(HEADER + FORMULA)) == [(7, "title", "xlsx-formula", "B7")]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B7" t="str"><f t="shared" ref="B7:B9" si="0">A1</f><v>x</v></c>',
        '<c r="B7"><x:f xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">1</x:f><v>1</v></c>',
        "<c r='B7'><f/></c>",
        '<c s="1" r="B7"><f>1</f></c>',
    ],
)
def test_formulas_of_every_spelling_are_refused(tmp_path, cell):
    assert refusal_of(tmp_path, workbook(f'{HEADER}<row r="7">{cell}</row>')) == [(7, "title", "xlsx-formula", "B7")]


def test_formulas_on_other_sheets_are_left_alone(tmp_path):
    parts = workbook_parts(sheet_xml(HEADER + row_of(2, "W1")), sheet_xml(FORMULA))
    assert rows_of(open_table(tmp_path, packed(parts))) == [(2, ("W1", None, None, None))]


def test_merged_cells_are_refused_with_their_area(tmp_path):
    merged = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="C5:D5"/></mergeCells>'
    assert refusal_of(tmp_path, workbook(HEADER + row_of(2, "W1"), merged)) == [
        (2, "ref", "xlsx-merged", "A2:A3"),
        (5, "start", "xlsx-merged", "C5:D5"),
    ]


def test_error_cells_are_refused_with_their_place(tmp_path):
    content = workbook(f'{HEADER}<row r="4"><c r="A4"><v>1</v></c><c r="D4" t="e"><v>#N/A</v></c></row>')
    assert refusal_of(tmp_path, content) == [(4, "planned", "xlsx-error", "D4")]


def test_what_is_wrong_with_header_and_cells_is_said_at_once(tmp_path):
    content = workbook(row_of(1, "title", "color") + FORMULA)
    assert refusal_of(tmp_path, content) == [
        (1, "color", "column-unknown", "color"),
        (1, "ref", "column-missing", "ref"),
        (7, "", "xlsx-formula", "B7"),
    ]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_first_sheet_is_refused_and_a_later_one_left_alone(tmp_path, state):
    sheet, other = sheet_xml(HEADER + row_of(2, "W1")), sheet_xml(row_of(1, "secret"))
    assert refusal_of(tmp_path, packed(workbook_parts(other, sheet, states=[state]))) == [
        (0, "", "xlsx-hidden", "Sheet1")
    ]
    table = open_table(tmp_path, packed(workbook_parts(sheet, other, states=["visible", state])))
    assert rows_of(table) == [(2, ("W1", None, None, None))]


def test_a_control_character_is_refused_with_its_cell(tmp_path):
    assert refusal_of(tmp_path, workbook(HEADER + row_of(2, "W1", "a_x0007_b"))) == [(2, "title", "cell-control", "B2")]


def test_a_cell_under_no_name_is_refused(tmp_path):
    content = workbook(HEADER + row_of(2, "W1", "a", "b", "c", "", "beyond"))
    assert refusal_of(tmp_path, content) == [(2, "", "cell-without-column", "F2")]


def test_the_header_again_is_refused_where_it_stands_and_other_rows_are_given(tmp_path):
    content = workbook(HEADER + row_of(2, "W1") + row_of(3, "REF", "Title", "start", "planned") + row_of(4, "W2"))
    assert refusal_of(tmp_path, content) == [(3, "", "header-repeated", 1)]
    rows = open_table(tmp_path, content).rows
    assert [next(rows).number, next(rows).number] == [2, 4]


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        (["ref", "colour"], [(1, "colour", "column-unknown", "colour")]),
        (["title"], [(1, "ref", "column-missing", "ref")]),
        (["ref", "title", "Ref "], [(1, "ref", "column-twice", "ref")]),
    ],
)
def test_unknown_missing_and_repeated_columns_are_named(tmp_path, header, problems):
    assert refusal_of(tmp_path, workbook(row_of(1, *header))) == problems


def test_a_sheet_with_nothing_in_it_is_no_table(tmp_path):
    for rows in ("", '<row r="1"/>', '<row r="1"><c r="A1" s="1"/></row>', row_of(1, " ")):
        assert refusal_of(tmp_path, workbook(rows)) == [(0, "", "table-empty")]
    parts = workbook_parts(sheet_xml("").replace("<sheetData></sheetData>", "<sheetData/>"))
    assert refusal_of(tmp_path, packed(parts)) == [(0, "", "table-empty")]


def test_a_table_without_rows_has_none(tmp_path):
    assert rows_of(open_table(tmp_path, workbook(HEADER))) == []


def test_what_is_no_workbook_is_refused(tmp_path):
    good = workbook(HEADER + row_of(2, "W1"))
    document = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}
    assert refusal_of(tmp_path, b"ref,title\r\n1,2\r\n") == [(0, "", "xlsx-other-format")]
    assert refusal_of(tmp_path, b"") == [(0, "", "xlsx-other-format")]
    assert refusal_of(tmp_path, packed(document)) == [(0, "", "xlsx-other-format")]
    assert refusal_of(tmp_path, packed({"a.txt": "a"})) == [(0, "", "xlsx-other-format")]
    assert refusal_of(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)) == [(0, "", "xlsx-locked")]
    for length in (30, len(good) // 2, len(good) - 1):
        assert refusal_of(tmp_path, good[:length]) == [(0, "", "xlsx-broken")]


@pytest.mark.parametrize("name", ["events.xls", "events.ods", "events", "events.xlsx.txt"])
def test_other_endings_are_refused(tmp_path, name):
    assert refusal_of(tmp_path, workbook(HEADER), name) == [(0, "", "table-ending")]


def test_a_workbook_with_macros_is_refused(tmp_path):
    parts = workbook_parts(sheet_xml(HEADER)) | {"xl/vbaProject.bin": "x"}
    assert refusal_of(tmp_path, packed(parts)) == [(0, "", "xlsx-macros")]


@pytest.mark.parametrize("missing", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_without_one_of_its_parts_is_refused(tmp_path, missing):
    parts = {name: part for name, part in workbook_parts(sheet_xml(HEADER)).items() if name != missing}
    code = "xlsx-other-format" if missing == "xl/workbook.xml" else "xlsx-broken"
    assert refusal_of(tmp_path, packed(parts)) == [(0, "", code)]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="99999999999"><c><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>999</v></c></row>',
        '<row r="1"><c x=">" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1" r = "XFD1048576"><v>1</v></c></row>',
        """<row r="1"><c r="A1" r='XFD1048576'><v>1</v></c></row>""",
        '<row r="1" r="1048576"><c><v>1</v></c></row>',
        '<row r="1"><!-- <row r="2"> --><c r="A1"><v>1</v></c></row>',
    ],
)
def test_rows_that_no_program_writes_are_refused(tmp_path, rows):
    assert refusal_of(tmp_path, workbook(rows)) == [(0, "", "xlsx-broken")]


@pytest.mark.parametrize("stated", ['count="4294967295"', 'uniqueCount="4294967295"', "count = '99999999999999'"])
def test_what_a_part_says_of_its_own_length_is_not_believed(tmp_path, stated):
    start = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {stated}>'
    parts = workbook_parts(sheet_xml(HEADER + row_of(2, "W1")), strings=f"{start}<si><t>a</t></si></sst>")
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace('count="3"', stated)
    assert rows_of(open_table(tmp_path, packed(parts))) == [(2, ("W1", None, None, None))]


def test_two_parts_with_one_name_are_refused(tmp_path):
    parts = workbook_parts(sheet_xml(HEADER)) | {"XL/worksheets/SHEET1.xml": sheet_xml(HEADER)}
    assert refusal_of(tmp_path, packed(parts)) == [(0, "", "xlsx-broken")]


def test_a_damaged_part_is_refused(tmp_path):
    content = bytearray(workbook(HEADER + "".join(row_of(n, f"W{n * 7919 % 1000}") for n in range(2, 500))))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[place + 200] ^= 0xFF
    assert refusal_of(tmp_path, bytes(content)) == [(0, "", "xlsx-broken")]


def test_letters_outside_utf_8_are_refused(tmp_path):
    sheet = sheet_xml(HEADER).replace('version="1.0"', 'version="1.0" encoding="windows-1257"')
    assert refusal_of(tmp_path, packed(workbook_parts(sheet))) == [(0, "", "xlsx-broken")]
    types = workbook_parts(sheet_xml(HEADER))
    types["[Content_Types].xml"] = f'<?xml version="1.0" encoding="of-nobody"?>{types["[Content_Types].xml"]}'
    assert refusal_of(tmp_path, packed(types)) == [(0, "", "xlsx-broken")]
    utf_16 = workbook_parts("") | {"xl/worksheets/sheet1.xml": sheet_xml(HEADER).encode("utf-16")}
    assert refusal_of(tmp_path, packed(utf_16)) == [(0, "", "xlsx-broken")]


def test_a_number_no_computer_keeps_is_text(tmp_path):
    content = workbook(f'{HEADER}<row r="2"><c r="A2"><v>1e400</v></c>{text_cell("B2", "x")}</row>')
    assert rows_of(open_table(tmp_path, content)) == [(2, ("inf", "x", None, None))]
