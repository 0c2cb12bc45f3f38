"""A sheet of a workbook before it is read: told apart into blocks of rows, its formulas, merged cells and errors found.

The reader of XLSX keeps a whole sheet in memory, as wide and as long as its farthest cell says. So it is given blocks
of rows, whose bounds are looked at here first. Rows that are only formatted are left out, and what no spreadsheet
program writes is refused as broken.
"""

import re
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from portal.core.errors import Problem
from portal.core.tables.packages import broken, refusal
from portal.core.tables.places import LAST_ROW, cell_name, column_number
from portal.core.tables.sources import Fault

# Tags may have the prefix of a namespace.
TAG = rb"<(?:[^\s<>/!?:]+:)?"
OPENING = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sheetData\s*(/?)>")
CLOSING = re.compile(rb"</(?:[^\s<>/!?:]+:)?sheetData\s*>")
ROW = re.compile(TAG + rb"row(?=[\s/>])")
CELL = re.compile(TAG + rb"c(?=[\s/>])")
OPEN_CELL = re.compile(TAG + rb"c\s([^>]*[^>/])>")
ROW_OR_CELL = re.compile(TAG + rb"(?:row|c)(?=[\s/>])([^>]*)>")
FILLED = re.compile(TAG + rb"(?:v|is|f)[\s/>]")
FORMULA = re.compile(TAG + rb"f[\s/>]")
MERGED = re.compile(TAG + rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9:$]{1,40})[\"']")
ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
PLACE = re.compile(rb"(?<![\w:.-])r\s*=\s*[\"']([A-Za-z]{0,3})([0-9]{1,7})[\"']")
TWO_PLACES = re.compile(rb"(?<![\w:.-])r\s*=[^>]*(?<![\w:.-])r\s*=")
ANY_PLACE = re.compile(rb"(?<![\w:.-])r\s*=")
# A value that is not closed before its tag seems to end holds a '>', which nobody writes there.
UNCLOSED = re.compile(rb"=\s*\"[^\">]*>|=\s*'[^'>]*>")
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
DECLARED = re.compile(rb"<\?xml\s[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)

# The tags of rows as the common spreadsheet programs write them, but for those of cells and rows themselves.
KNOWN_TAGS = (b"</row>", b"</c>", b"<v>", b"</v>", b"<is>", b"</is>", b"<t>", b'<t xml:space="preserve">', b"</t>")
PLAIN_CELL = re.compile(rb'<c r="[A-Z]([0-9]{1,7})"')
PLAIN_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
PLAIN_WIDTH = 26
# Where one of these is, there may be more, such as a cell with two places of which the reader would take the last.
UNUSUAL = (b'"e"', b"'e'", b"r='", b" =", b"\t=", b"\n=", b"\r=")

MOST_AROUND = 8 * 1024 * 1024
MOST_ROW = 4 * 1024 * 1024
MOST_COLUMNS = 256
# Twice as many cells as the longest table of any kind has.
MOST_EFFORT = 3_000_000
MOST_AREA = 500_000
MOST_FAULTS = 20


class Block(NamedTuple):
    """Rows as they stand in the sheet.

    `rows` is how many of them hold something, `rows_before` how many stand before them that do not say their numbers.
    """

    content: bytes
    rows: int
    rows_before: int


class Bounds(NamedTuple):
    """Where rows and their cells lie: the first and the last row (0: they do not say), how many rows and columns.

    `effort` grows with the number of cells, also of empty ones, and thrice as fast where they are written unusually.
    """

    first: int
    last: int
    rows: int
    width: int
    effort: int


def blocks(pieces: Iterator[bytes], faults: list[Fault]) -> Iterator[Block]:
    """The blocks of rows of a sheet that hold something; cells that are refused are added to `faults`.

    With twenty of those it ends before the sheet does: nothing of it will be used. Raise TableRefused for what is no
    plain sheet.
    """
    last = effort = 0
    for rows in _rows(pieces, faults):
        if b"<!" in rows:
            raise broken()
        if not _may_be(FILLED, rows, b"<v", b"<is", b"<f", b":v", b":is", b":f"):
            if not ANY_PLACE.search(rows):
                last += len(ROW.findall(rows))
            continue
        for content, bounds in _bounded(rows, faults):
            if bounds.last > LAST_ROW or last + bounds.rows > LAST_ROW or 0 < bounds.first <= last:
                raise broken()
            yield Block(content, _count_filled(content), 0 if bounds.last else last)
            last = bounds.last or last + bounds.rows
            effort += bounds.effort
        if effort > MOST_EFFORT:
            raise refusal(Problem("xlsx-too-many-cells"))
        _find_formulas(rows, faults)
        if len(faults) >= MOST_FAULTS:
            return


def _may_be(pattern: re.Pattern[bytes], rows: bytes, *signs: bytes) -> bool:
    """Whether the pattern is found, which is looked for only where one of its signs is."""
    return any(sign in rows for sign in signs) and bool(pattern.search(rows))


def _rows(pieces: Iterator[bytes], faults: list[Fault]) -> Iterator[bytes]:
    """The content of the sheet's data in pieces that begin and end with whole rows; then look at what follows it."""
    rest, prefix = _after_head(pieces)
    starts = (b"<%brow " % prefix, b"<%brow>" % prefix)
    buffer = b""
    for piece in chain([rest], pieces):
        buffer += piece
        if end := CLOSING.search(buffer):
            yield buffer[: end.start()]
            _find_merged(chain([buffer[end.end() :]], pieces), faults)
            return
        cut = max(buffer.rfind(start) for start in starts)
        if cut > 0:
            yield buffer[:cut]
            buffer = buffer[cut:]
        if len(buffer) > MOST_ROW:
            raise broken()
    if buffer:
        raise broken()


def _after_head(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """What follows the start of the sheet's data, and the prefix of its tags; nothing for a sheet without data."""
    buffer = b""
    for piece in pieces:
        buffer += piece
        found = OPENING.search(buffer)
        check_plain(buffer[: found.start()] if found else buffer)
        if found:
            return (b"", b"") if found[2] else (buffer[found.end() :], found[1])
        if len(buffer) > MOST_AROUND:
            break
    raise broken()


def check_plain(start: bytes) -> None:
    """Raise TableRefused if a part that starts like this declares entities, or is not in UTF-8."""
    if ENTITIES.search(start):
        raise refusal(Problem("xlsx-entities"))
    if b"\0" in start or DECLARED.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise broken()


def _bounded(rows: bytes, faults: list[Fault]) -> Iterator[tuple[bytes, Bounds]]:
    """The rows in as many parts as it takes for none to reach too far."""
    bounds = _plain_bounds(rows) or _bounds(rows, faults)
    height = bounds.last - bounds.first + 1 if bounds.last else bounds.rows
    if height * bounds.width <= MOST_AREA:
        yield rows, bounds
        return
    starts = [found.start() for found in ROW.finditer(rows)]
    if len(starts) < 2:
        raise broken()
    middle = starts[len(starts) // 2]
    yield from _bounded(rows[:middle], faults)
    yield from _bounded(rows[middle:], faults)


def _count_filled(rows: bytes) -> int:
    parts = rows.split(b"<row ")
    if len(parts) > 1:
        return sum(b"<v" in part or b"<is" in part for part in parts)
    return sum(FILLED.search(part) is not None for part in ROW.split(rows))


def _plain_bounds(rows: bytes) -> Bounds | None:
    """The bounds of rows without anything unusual, which this tells five times as fast; None where there may be."""
    cells, starts = rows.count(b"<c r="), rows.count(b"<row r=")
    if rows.count(b"<") != cells + starts + sum(map(rows.count, KNOWN_TAGS)) or rows.count(b'r="') != cells + starts:
        return None
    if any(sign in rows for sign in UNUSUAL):
        return None
    of_cells, of_rows = PLAIN_CELL.findall(rows), PLAIN_ROW.findall(rows)
    numbers = set(map(int, {*of_cells, *of_rows}))
    if len(of_cells) != cells or len(of_rows) != starts or not numbers or 0 in numbers:
        return None
    return Bounds(min(numbers), max(numbers), len(numbers), PLAIN_WIDTH, cells)


def _bounds(rows: bytes, faults: list[Fault]) -> Bounds:
    tags = ROW_OR_CELL.findall(rows)
    stated = b">".join(tags) + b">"
    places = PLACE.findall(stated)
    if len(places) != len(ANY_PLACE.findall(stated)) or UNCLOSED.search(stated) or TWO_PLACES.search(stated):
        raise broken()
    numbers = set(map(int, set(map(itemgetter(1), places))))
    width = max((column_number(letters) + 1 for letters in set(map(itemgetter(0), places))), default=0)
    if len(places) < len(tags):
        width = max(width, max(len(CELL.findall(row)) for row in ROW.split(rows)))
    if width > MOST_COLUMNS:
        width = _filled_width(rows)
    if ERROR.search(stated):
        _find_errors(tags, faults)
    if 0 in numbers:
        raise broken()
    count = max(len(numbers), len(ROW.findall(rows)))
    return Bounds(min(numbers, default=0), max(numbers, default=0), count, width, 3 * len(tags))


def _filled_width(rows: bytes) -> int:
    """How many columns the cells reach that are more than formatted; raise TableRefused for one that is far away."""
    width = 0
    for attributes in OPEN_CELL.findall(rows):
        if found := PLACE.search(attributes):
            column = column_number(found[1])
            if column >= MOST_COLUMNS:
                name = cell_name(int(found[2]), column)
                raise refusal(Problem("cell-without-column", "", {"cell": name}), int(found[2]))
            width = max(width, column + 1)
        else:
            raise broken()
    return width


def _find_errors(tags: list[bytes], faults: list[Fault]) -> None:
    for attributes in tags:
        if ERROR.search(attributes):
            row, column = _place(PLACE.search(attributes))
            _add(faults, Fault(row, column, Problem("xlsx-error", "", {"cell": cell_name(row, column)})))


def _find_formulas(rows: bytes, faults: list[Fault]) -> None:
    if not _may_be(FORMULA, rows, b"<f", b":f"):
        return
    for found in FORMULA.finditer(rows):
        before = PLACE.findall(b"".join(ROW_OR_CELL.findall(rows, max(0, found.start() - 2000), found.start())))
        row, column = (int(before[-1][1]), column_number(before[-1][0])) if before else _place(None)
        _add(faults, Fault(row, column, Problem("xlsx-formula", "", {"cell": cell_name(row, column)})))
        if len(faults) >= MOST_FAULTS:
            break


def _find_merged(pieces: Iterator[bytes], faults: list[Fault]) -> None:
    buffer = b""
    for piece in pieces:
        buffer += piece
        for area in MERGED.findall(buffer):
            row, column = _place(re.match(rb"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", area))
            _add(faults, Fault(row, column, Problem("xlsx-merged", "", {"area": area.decode()})))
        buffer = buffer[max(0, buffer.rfind(b"<")) :]
        buffer = b"" if MERGED.match(buffer) else buffer
        if len(buffer) > MOST_AROUND:
            raise broken()


def _place(found: re.Match[bytes] | None) -> tuple[int, int]:
    """Row and column; raise TableRefused where a cell does not say its place, as every spreadsheet program does."""
    if not found:
        raise broken()
    return int(found[2]), column_number(found[1])


def _add(faults: list[Fault], fault: Fault) -> None:
    if len(faults) < MOST_FAULTS:
        faults.append(fault)
