"""Reading the table that someone sent, XLSX or CSV."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

Value = str | int | Decimal | bool | date | datetime | None


class ReadRow(NamedTuple):
    """A row that is not empty: its number as the spreadsheet shows it, and its cells in the order of the columns."""

    number: int
    cells: tuple[Value, ...]


class ReadTable(NamedTuple):
    """A table: the names of its columns in the file's order, its rows, and the encoding that was guessed ('': none)."""

    columns: tuple[str, ...]
    rows: Iterator[ReadRow]
    guessed_encoding: str = ""
