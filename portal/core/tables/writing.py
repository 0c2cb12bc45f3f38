"""Writing tables to files: XLSX and CSV with real numbers and dates, and text that never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a spreadsheet program would take for a formula at the start of a CSV cell.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Column(NamedTuple):
    """A column: its header, its width in characters, and how a spreadsheet shows its numbers ('' as they are)."""

    header: str
    width: int = 14
    number_format: str = ""


class Sheet(NamedTuple):
    """A table of a workbook. Rows follow the columns; None leaves a cell empty."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The workbook with these sheets in this order, each with its header frozen."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write_sheet(book, sheet, bold)
    return target.getvalue()


def _write_sheet(book: "Workbook", sheet: Sheet, bold: "Format") -> None:
    page = book.add_worksheet(sheet.name)
    formats = [_format(book, column) for column in sheet.columns]
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.header, bold)
    page.freeze_panes(1, 0)
    page.fit_to_pages(1, 0)
    page.set_landscape()
    for number, row in enumerate(sheet.rows, start=1):
        for index, cell in enumerate(row):
            _write_cell(page, number, index, cell, day if isinstance(cell, date) else formats[index])


def _format(book: "Workbook", column: Column) -> "Format":
    shown = {"text_wrap": True, "valign": "top"}
    return book.add_format({**shown, "num_format": column.number_format} if column.number_format else shown)


def _write_cell(page: "Worksheet", row: int, column: int, cell: Cell, shape: "Format") -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, column, cell, shape)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, shape)
    else:
        page.write_number(row, column, cell, shape)


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as CSV with commas; text that would start a formula is led by an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.header for column in columns])
    writer.writerows([[_csv_cell(cell) for cell in row] for row in rows])
    return target.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)
