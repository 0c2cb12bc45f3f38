"""Reading the table that someone sent, XLSX or CSV.

Rows are numbered as a spreadsheet numbers them. In a CSV that is the number of the record, with the header and blank
lines counted; a record with line breaks inside quotes is one row. Text comes composed (NFC), without white space around
it and with one sign for a line break; empty text is None. Of a workbook the first sheet is read and must be visible;
later sheets, hidden or not, are left alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from portal.core.errors import Problem
from portal.core.files.rules import ending_of
from portal.core.tables.places import cell_name
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.sources import Fault, Raw, Source
from portal.core.tables.textfiles import open_text
from portal.core.tables.workbooks import open_workbook

Value = str | int | Decimal | bool | date | datetime | None

MOST_ROWS = 100_000
MOST_PROBLEMS = 100
# Whole numbers up to this are exact in a spreadsheet.
MOST_EXACT = 2**53

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
LINE_BREAK = re.compile(r"\r\n?")


class ReadRow(NamedTuple):
    """A row that is not empty: its number as the spreadsheet shows it, and its cells in the order of the columns."""

    number: int
    cells: tuple[Value, ...]


class ReadTable(NamedTuple):
    """A table: the names of its columns in the file's order, its rows, and the encoding that was guessed ('': none).

    `rows_at_most` is known before any is read: how many rows the file has, empty ones and the header included.
    `problems` are its columns that are not known: the table is to be refused, with what else is wrong with its rows.

    The rows are read as they are asked for. A row that cannot be read as one is left out, and after the last row
    TableRefused says so of each; a caller with problems of its own may catch it and show them together.
    """

    columns: tuple[str, ...]
    rows: Iterator[ReadRow]
    guessed_encoding: str = ""
    rows_at_most: int = 0
    problems: tuple[RowProblem, ...] = ()


class Header(NamedTuple):
    """The row of names: its number, the known columns in the file's order, and where each stands.

    `unknown` are the places of columns that are not known, and `problems` says so of each.
    """

    row: int
    columns: tuple[str, ...]
    places: tuple[int, ...]
    unknown: tuple[int, ...] = ()
    problems: tuple[RowProblem, ...] = ()


def read_table(
    path: Path,
    filename: str,
    columns: Sequence[str],
    required: Collection[str],
    *,
    most_rows: int = MOST_ROWS,
    reads_on: bool = False,
) -> ReadTable:
    """The table in the file that is called `filename`, with the columns it has of `columns`.

    Names of columns match whatever their case. Raise TableRefused with all that is wrong with the file as a whole and
    with its header: no table, too large, formulas, merged cells, unknown, missing or repeated columns, too many rows.
    With `reads_on`, unknown columns alone are not raised but told as the table's `problems`.
    """
    source = _open(path, filename, columns, most_rows)
    rows = _tidy(source.rows())
    header = _header(next(rows, None), columns, required, source.faults)
    if header.problems and not reads_on:
        raise TableRefused(list(header.problems))
    if source.rows_at_most > most_rows + 1 and source.filled() > most_rows + 1:
        raise TableRefused([RowProblem(0, "", Problem("table-too-many-rows", "", {"most": most_rows}))])
    filled = _rows(rows, header)
    return ReadTable(header.columns, filled, source.guessed_encoding, source.rows_at_most, header.problems)


def _open(path: Path, filename: str, columns: Sequence[str], most_rows: int) -> Source:
    ending = ending_of(filename)
    if ending == ".xlsx":
        return open_workbook(path, most_rows=most_rows)
    if ending == ".csv":
        return open_text(path, columns)
    raise TableRefused([RowProblem(0, "", Problem("table-ending"))])


def _tidy(rows: Iterator[tuple[int, Raw]]) -> Iterator[ReadRow]:
    """The rows that hold something other than white space, as they stand."""
    for number, cells in rows:
        values = tuple([TIDY.get(type(cell), str)(cell) for cell in cells])
        if values.count(None) != len(values):
            yield ReadRow(number, values)


def _header(
    found: ReadRow | None, columns: Sequence[str], required: Collection[str], faults: Sequence[Fault]
) -> Header:
    """The header in the first row that is filled, with its unknown columns.

    Raise TableRefused with all its problems and those of cells below it where it has others, or no column is known.
    """
    if found is None:
        raise TableRefused([RowProblem(each.row, "", each.problem) for each in faults] or [_no_table()])
    row, cells = found
    known = {_folded(name): name for name in columns}
    names = {index: str(cell) for index, cell in enumerate(cells) if cell is not None}
    matched = {index: known[_folded(name)] for index, name in names.items() if _folded(name) in known}
    unknown = {index: _unknown(row, name) for index, name in names.items() if index not in matched}
    problems = [
        *(_repeated(row, name) for name, count in Counter(matched.values()).items() if count > 1),
        *(_missing(row, name) for name in columns if name in required and name not in matched.values()),
        *(RowProblem(each.row, matched.get(each.column, ""), each.problem) for each in faults),
    ]
    told = tuple([*unknown.values(), *problems][:MOST_PROBLEMS])
    if problems or not matched:
        raise TableRefused(list(told))
    return Header(row, tuple(matched.values()), tuple(matched), tuple(unknown), told)


def _no_table() -> RowProblem:
    return RowProblem(0, "", Problem("table-empty"))


def _unknown(row: int, name: str) -> RowProblem:
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    return RowProblem(row, shown, Problem("column-unknown", "", {"column": shown}))


def _repeated(row: int, name: str) -> RowProblem:
    return RowProblem(row, name, Problem("column-twice", "", {"column": name}))


def _missing(row: int, name: str) -> RowProblem:
    return RowProblem(row, name, Problem("column-missing", "", {"column": name}))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _rows(rows: Iterator[ReadRow], header: Header) -> Iterator[ReadRow]:
    """The rows in the columns of the header; then raise TableRefused with what could not be read as one.

    With a hundred problems it is raised before the end: nobody mends more at once.
    """
    problems: list[RowProblem] = []
    places, width = header.places, len(header.places)
    in_order = places == tuple(range(width))
    names = [_folded(name) for name in header.columns]
    for row in rows:
        cells = row.cells + (None,) * (places[-1] + 1 - len(row.cells))
        taken = cells if in_order else tuple([cells[place] for place in places])
        if found := _problems_of(row, taken, header, names):
            problems += found
        else:
            yield ReadRow(row.number, taken[:width])
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise TableRefused(problems[:MOST_PROBLEMS])


def _problems_of(row: ReadRow, taken: Sequence[Value], header: Header, names: Sequence[str]) -> list[RowProblem]:
    """Why the row cannot be read as one."""
    problems = []
    if len(row.cells) > len(names):
        problems = [
            RowProblem(row.number, "", Problem("cell-without-column", "", {"cell": cell_name(row.number, index)}))
            for index, cell in enumerate(row.cells)
            if cell is not None and index not in header.places and index not in header.unknown
        ]
    if not "".join([cell for cell in taken if type(cell) is str]).isprintable():
        problems += _controls(row.number, taken, header)
    first = taken[0]
    if type(first) is str and _folded(first) == names[0] and [_folded(str(cell)) for cell in taken] == names:
        problems.append(RowProblem(row.number, "", Problem("header-repeated", "", {"row": header.row})))
    return problems


def _controls(number: int, cells: Sequence[Value], header: Header) -> list[RowProblem]:
    return [
        RowProblem(number, name, Problem("cell-control", "", {"cell": cell_name(number, place)}))
        for name, place, cell in zip(header.columns, header.places, cells, strict=False)
        if isinstance(cell, str) and CONTROL.search(cell)
    ]


def _text(text: str) -> str | None:
    text = text.strip()
    if text.isascii() and text.isprintable():
        return text or None
    return unicodedata.normalize("NFC", LINE_BREAK.sub("\n", text)) or None


def _number(number: float) -> int | Decimal | str:
    if number.is_integer() and abs(number) <= MOST_EXACT:
        return int(number)
    exact = Decimal(repr(number))
    return exact if exact.is_finite() else str(number)


def _whole_second(moment: datetime) -> datetime:
    """Spreadsheets keep moments as fractions of days, which come out a few microseconds off."""
    if not moment.microsecond:
        return moment
    return moment.replace(microsecond=0) + timedelta(seconds=round(moment.microsecond / 1_000_000))


def _same(value: Value) -> Value:
    return value


# A length of time and a time without a day become text: nothing here keeps them.
TIDY: dict[type, Callable[[Any], Value]] = {
    str: _text,
    float: _number,
    datetime: _whole_second,
    date: _same,
    bool: _same,
    int: _same,
    type(None): _same,
}
