"""Cells by the names that spreadsheets show."""

import re

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


def cell_name(row: int, column: int) -> str:
    """What the cell in this row (from 1) and column (from 0) is called, such as B7."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def column_number(letters: bytes) -> int:
    """The column (from 0) that these letters name: A is 0, XFD 16383."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1
