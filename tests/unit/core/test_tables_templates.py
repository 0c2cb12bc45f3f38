"""Workbooks to fill in: drop-downs, an explanation, and the way back through the reader."""

import io
import re
from datetime import date, datetime
from decimal import Decimal

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from portal.core.tables import TemplateColumn, write_rows, write_template
from tests.tables import open_table, rows_of
from tests.unit.core.test_tables import parts_of

COLUMNS = [
    TemplateColumn("ref", "What the event is called", is_key=True, is_required=True),
    TemplateColumn("kind", "What it is", is_required=True, choices=("workshop", "training")),
    TemplateColumn("activity", "Of which activity", choices=[f"{n}.{m}" for n in range(1, 9) for m in range(1, 20)]),
    TemplateColumn("start", "When it begins", kind="moment"),
    TemplateColumn("planned", "How many are to come", kind="number"),
    TemplateColumn("place", "Where", choices=("Vilnius, Lithuania", "Łódź")),
]
NAMES = [column.name for column in COLUMNS]


def written(rows=()) -> bytes:
    target = io.BytesIO()
    write_rows(COLUMNS, rows, target)
    return target.getvalue()


def test_the_empty_workbook_reads_back_with_its_columns_and_no_rows(tmp_path):
    table = open_table(tmp_path, write_template(COLUMNS), columns=NAMES)
    assert table.columns == tuple(NAMES)
    assert rows_of(table) == []


def test_a_filled_workbook_reads_back_as_it_was_filled(tmp_path):
    rows = [
        ("W1", "workshop", "2.4", datetime(2026, 3, 10, 9, 30), 12, "Łódź"),
        ("007", "training", "2.10", date(2026, 3, 11), None, "=1+1"),
        (17, None, Decimal("2.5"), datetime(2026, 3, 10, 9, 30, 15), 0, "-"),
    ]
    assert rows_of(open_table(tmp_path, written(rows), columns=NAMES)) == list(enumerate(rows, start=2))


def test_the_table_comes_first_and_what_is_hidden_last():
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(written())).sheets_metadata
    assert [(sheet.name, sheet.visible) for sheet in sheets] == [
        ("Data", SheetVisibleEnum.Visible),
        ("Explanation", SheetVisibleEnum.Visible),
        ("Values", SheetVisibleEnum.Hidden),
    ]


def test_there_is_no_sheet_of_values_where_no_list_is_long():
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_template(COLUMNS[:2])))
    assert book.sheet_names == ["Data", "Explanation"]


def test_allowed_values_are_offered_in_every_row_that_may_be_filled():
    table = parts_of(written())["xl/worksheets/sheet1.xml"]
    offered = re.findall(r'<dataValidation type="list"[^>]*sqref="([^"]*)"><formula1>(.*?)</formula1>', table)
    assert offered == [
        ("B2:B100001", '"workshop,training"'),
        ("C2:C100001", "Values!$A$1:$A$152"),
        ("F2:F100001", "Values!$B$1:$B$2"),
    ]


def test_values_too_long_for_a_drop_down_stand_on_their_sheet():
    values = CalamineWorkbook.from_filelike(io.BytesIO(written())).get_sheet_by_name("Values").to_python()
    assert [row[0] for row in values] == list(COLUMNS[2].choices)
    assert [row[1] for row in values[:3]] == ["Vilnius, Lithuania", "Łódź", ""]


def test_each_column_is_explained():
    rows = CalamineWorkbook.from_filelike(io.BytesIO(written())).get_sheet_by_name("Explanation").to_python()
    assert rows[0] == ["Column", "Needed", "Meaning", "Allowed values"]
    assert rows[1] == ["ref", "required; tells rows apart", "What the event is called", ""]
    assert rows[2] == ["kind", "required", "What it is", "workshop, training"]
    assert rows[4] == ["start", "optional", "When it begins", ""]


def test_cells_that_will_be_typed_in_keep_text_as_text_and_moments_as_moments():
    parts = parts_of(written())
    shapes = re.findall(r'<xf numFmtId="(\d+)"', parts["xl/styles.xml"].split("<cellXfs")[1])
    columns = re.findall(r'<col min="(\d+)" max="\d+" width="[^"]*" style="(\d+)"', parts["xl/worksheets/sheet1.xml"])
    own = re.findall(r'<numFmt numFmtId="(\d+)" formatCode="yyyy-mm-dd hh:mm"/>', parts["xl/styles.xml"])
    found = {int(column): shapes[int(style)] for column, style in columns}
    # 49 is the format of text in every spreadsheet program; the fifth column is a plain number.
    assert [found.get(column) for column in (1, 2, 3, 4, 6)] == ["49", "49", "49", own[0], "49"]
    assert found.get(5, "0") == "0"


def test_the_header_is_frozen_and_bold_and_tells_what_is_needed():
    parts = parts_of(written())
    assert 'ySplit="1"' in parts["xl/worksheets/sheet1.xml"]
    assert "FF9DC3E6" in parts["xl/styles.xml"]
    assert "FFDDEBF7" in parts["xl/styles.xml"]
