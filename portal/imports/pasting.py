"""Rows that someone pastes as text: told apart into cells, mended cell by cell, and written as the file they become.

A row is a list of texts. Rows are numbered from 1 as in a spreadsheet, the one with the names of the columns included.
"""

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from portal.core.errors import Problem
from portal.core.tables.problems import RowProblem

Rows = list[list[str]]

# As a spreadsheet puts cells on the clipboard, and as its files have them.
SEPARATORS: Final = ("\t", ";", ",")
FILE_NAME: Final = "pasted.csv"
# As much as is sent as a form; what is longer is a file.
MOST_BYTES: Final = 800_000
# As many rows, and boxes, as one page shows to be mended.
MOST_ROWS: Final = 100
MOST_BOXES: Final = 400

BOX: Final = re.compile(r"cell-([0-9]{1,6})-([0-9]{1,5}|[a-z][a-z0-9_]{0,59})")
DROP: Final = re.compile(r"drop-([0-9]{1,6})")
NEW_LINE: Final = re.compile(r"\r\n?")


class Cell(NamedTuple):
    """A cell of a row with errors: the name of its box ('': it is right), its column, its text, what is wrong."""

    box: str
    column: str
    text: str
    problems: list[Problem]


class FaultyRow(NamedTuple):
    """A row with errors: its number, what is wrong with it as a whole, and its cells; or the one with the names."""

    number: int
    is_header: bool
    problems: list[Problem]
    cells: list[Cell]

    @property
    def boxes(self) -> list[Cell]:
        """The cells that can be mended."""
        return [each for each in self.cells if each.box]

    @property
    def others(self) -> list[Cell]:
        """The cells that are right and hold something."""
        return [each for each in self.cells if not each.box and each.text]


class Mending(NamedTuple):
    """What was typed to mend rows: row -> cell (its place, or the name of a column to add) -> text; rows left out."""

    cells: Mapping[int, Mapping[str, str]]
    dropped: Collection[int]


NOTHING: Final = Mending({}, frozenset())


class Untaken(NamedTuple):
    """What was typed to mend a row of a text that is another by now; `text` is None for a row to be left out."""

    row: int
    column: str
    text: str | None


def tidied(text: str) -> str:
    """The text with one sign for a line break, and none at its end."""
    return NEW_LINE.sub("\n", text).rstrip("\n")


def read_pasted(text: str, names: Collection[str]) -> Rows:
    """The cells of each row, by the separator by which the first one names most of `names`, or has most cells."""
    known = {folded(name) for name in names}
    separator = max(SEPARATORS, key=lambda each: _fitness(_records(text, each), known))
    return list(_records(text, separator))


def write_pasted(rows: Rows) -> str:
    """The rows as a spreadsheet puts them on the clipboard."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def write_file(rows: Rows) -> bytes:
    """The rows as the CSV file that is checked and stored."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode()


def header_of(rows: Rows) -> list[str]:
    """The first row that is filled; [] where none is."""
    return next((row for row in rows if any(cell.strip() for cell in row)), [])


def has_names(rows: Rows, names: Collection[str]) -> bool:
    """Whether the first row that is filled names one of the columns."""
    known = {folded(name) for name in names}
    return any(folded(cell) in known for cell in header_of(rows))


def folded(name: str) -> str:
    """The name of a column as it is compared."""
    return unicodedata.normalize("NFC", name.strip().casefold())


def fingerprint(text: str, *, is_headless: bool) -> str:
    """What tells this text from any other: boxes belong to the text that was shown with them."""
    return hashlib.sha256(f"{is_headless}\n{text}".encode()).hexdigest()


def read_mending(fields: Mapping[str, str]) -> Mending:
    """What the boxes of a form say, by their names."""
    cells: dict[int, dict[str, str]] = {}
    dropped: set[int] = set()
    for name, value in fields.items():
        if found := BOX.fullmatch(name):
            cells.setdefault(int(found[1]), {})[found[2]] = value
        elif found := DROP.fullmatch(name):
            dropped.add(int(found[1]))
    return Mending(cells, dropped)


def write_shown(faulty: Sequence[FaultyRow]) -> str:
    """What the boxes of these rows hold before anything is typed, as JSON: box -> column and text."""
    return json.dumps({cell.box: [cell.column, cell.text] for row in faulty for cell in row.boxes}, ensure_ascii=False)


def list_untaken(mending: Mending, shown: str) -> list[Untaken]:
    """What was typed in boxes that held something else when they were `shown`, and the rows to be left out, by row."""
    before = _read_shown(shown)
    found = [Untaken(row, "", None) for row in mending.dropped]
    for row, cells in mending.cells.items():
        for place, text in cells.items():
            column, held = before.get(f"cell-{row}-{place}", (place, ""))
            if text != held:
                found.append(Untaken(row, column, text))
    return sorted(found, key=lambda each: each.row)


def _read_shown(shown: str) -> dict[str, tuple[str, str]]:
    try:
        read = json.loads(shown)
        return {str(box): (str(column), NEW_LINE.sub("\n", str(text))) for box, (column, text) in read.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def mend(rows: Rows, mending: Mending, names: Collection[str]) -> Rows:
    """The rows with what was typed in their cells; a column that was not there is added, rows left out are gone."""
    mended = [list(row) for row in rows]
    header = header_of(mended)
    names = [name for name in names if name not in map(folded, header)]
    for number, cells in mending.cells.items():
        if not 0 < number <= len(mended):
            continue
        row = mended[number - 1]
        for place, text in cells.items():
            if place in names and text.strip():
                _put(row, _place_of(header, place), text)
            elif place.isdecimal() and int(place) < max(len(header), len(row)):
                _put(row, int(place), text)
    return [row for number, row in enumerate(mended, start=1) if number not in mending.dropped]


def list_faulty(rows: Rows, problems: Sequence[RowProblem], names: Collection[str]) -> list[FaultyRow]:
    """The rows in which an error stands, in order, each with the cells to mend; as many as one page shows."""
    wrong: dict[int, list[RowProblem]] = {}
    for each in sorted(problems, key=lambda each: each.row):
        if 0 < each.row <= len(rows) and not each.is_warning:
            wrong.setdefault(each.row, []).append(each)
    header, found, boxes = header_of(rows), list[FaultyRow](), 0
    for number, mine in wrong.items():
        row = _faulty_row(number, rows[number - 1], header, mine, names)
        if not row.boxes:
            continue
        boxes += len(row.boxes)
        if found and (boxes > MOST_BOXES or len(found) == MOST_ROWS):
            break
        found.append(row)
    return found


def _faulty_row(
    number: int, row: Sequence[str], header: Sequence[str], problems: Sequence[RowProblem], names: Collection[str]
) -> FaultyRow:
    places = {folded(name): place for place, name in reversed(list(enumerate(header)))}
    at: dict[str, list[Problem]] = {}
    for each in problems:
        is_there = folded(each.column) in places or each.column in names
        at.setdefault(folded(each.column) if each.column and is_there else "", []).append(each.problem)
    whole = at.pop("", [])
    cells = []
    for place, (name, text) in enumerate(zip_longest(header, row, fillvalue="")):
        mine = at.pop(folded(name), []) if places.get(folded(name)) == place else []
        cells.append(Cell(f"cell-{number}-{place}" if mine or whole else "", name, text, mine))
    is_header = row is header
    # What is missing because the text has no such column.
    missing = [] if is_header else [name for name in names if folded(name) in at]
    added = [Cell(f"cell-{number}-{name}", name, "", at[folded(name)]) for name in missing]
    return FaultyRow(number, is_header, whole, [*cells, *added])


def _put(row: list[str], place: int, text: str) -> None:
    row += [""] * (place + 1 - len(row))
    row[place] = text


def _place_of(header: list[str], name: str) -> int:
    """Where the column of this name stands, added at the end where it is not there yet."""
    for place, each in enumerate(header):
        if folded(each) == folded(name):
            return place
    header.append(name)
    return len(header) - 1


def _fitness(records: Iterator[list[str]], known: Collection[str]) -> tuple[int, int]:
    first = next((row for row in records if any(cell.strip() for cell in row)), [])
    return sum(folded(cell) in known for cell in first), len(first)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """The cells of each row. A cell in quotation marks may hold separators and line breaks; one that only begins with a
    mark, as spreadsheets put it on the clipboard, is taken as it stands.
    """
    end = rf"[{separator}\n]|\Z"
    quoted, plain = rf'"(?P<quoted>(?:[^"]++|"")*+)"(?={end})', rf"(?P<plain>[^{separator}\n]*+)"
    row: list[str] = []
    for found in re.finditer(rf"(?:{quoted}|{plain})(?P<end>{end})", text):
        row.append(found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"'))
        if found["end"] != separator:
            yield row
            row = []
            if not found["end"]:
                return


def _quoted(cell: str) -> str:
    if cell.startswith('"') or "\t" in cell or "\n" in cell:
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell
