"""Writing tables to files: XLSX and CSV with real numbers and dates, and text that never becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# A moment is written as a clock on the wall shows it, without its zone.
Cell = str | int | Decimal | date | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a spreadsheet program would take for a formula at the start of a CSV cell.
# Apostrophes that the text has itself get one more, so that the reader can take the first one off.
FORMULA_START = re.compile(r"'*[=+\-@\t\r]")

DAY_FORMAT, MOMENT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
# What a spreadsheet keeps exactly: fifteen digits, and days after the one in 1900 that only spreadsheets know.
MOST_DIGITS = 15
FIRST_DAY = date(1900, 3, 1)


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
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write_sheet(book, sheet, bold)
    return target.getvalue()


def _write_sheet(book: "Workbook", sheet: Sheet, bold: "Format") -> None:
    page = book.add_worksheet(sheet.name)
    formats = [_format(book, column) for column in sheet.columns]
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.header, bold)
    page.freeze_panes(1, 0)
    page.fit_to_pages(1, 0)
    page.set_landscape()
    write_cells(book, page, sheet.rows, formats)


def write_cells(
    book: "Workbook", page: "Worksheet", rows: Iterable[Sequence[Cell]], formats: Sequence["Format"]
) -> None:
    """Write the rows below the header, each cell in the format of its column, days and moments in their own."""
    day = book.add_format({"num_format": DAY_FORMAT, "valign": "top"})
    moment = book.add_format({"num_format": MOMENT_FORMAT, "valign": "top"})
    for number, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, index, cell, formats[index])
            elif cell is not None:
                shape = moment if isinstance(cell, datetime) else day if isinstance(cell, date) else formats[index]
                _write_cell(page, number, index, cell, shape)


def _format(book: "Workbook", column: Column) -> "Format":
    shown = {"text_wrap": True, "valign": "top"}
    return book.add_format({**shown, "num_format": column.number_format} if column.number_format else shown)


def _write_cell(page: "Worksheet", row: int, column: int, cell: Cell, shape: "Format") -> None:
    """Write a number or a date as what it is, or as text where the spreadsheet could not keep it."""
    if not _is_exact(cell):
        page.write_string(row, column, csv_text(cell), shape)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.replace(tzinfo=None), shape)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, shape)
    else:
        page.write_number(row, column, cell, shape)


def _is_exact(cell: Cell) -> bool:
    """Whether a spreadsheet keeps the number, the day or the moment as it is."""
    if isinstance(cell, datetime):
        return cell.date() >= FIRST_DAY
    if isinstance(cell, date):
        return cell >= FIRST_DAY
    if isinstance(cell, Decimal):
        return len(cell.as_tuple().digits) <= MOST_DIGITS
    return not isinstance(cell, int) or abs(cell) < 10**MOST_DIGITS


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as CSV with commas; text that would start a formula is led by an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.header for column in columns])
    writer.writerows([[_csv_cell(cell) for cell in row] for row in rows])
    return target.getvalue()


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if FORMULA_START.match(cell) else cell
    return csv_text(cell)


def csv_text(cell: Cell) -> str:
    """The number or the date in letters, as the reader takes it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(" ", "seconds" if cell.second else "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
