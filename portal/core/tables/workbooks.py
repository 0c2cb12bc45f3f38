"""XLSX: rows of the first sheet, which must be visible; later sheets are left alone.

What is read is a copy of our own, made of nothing but the parts and rows that have been looked at. So the reader never
meets what was not: a package that says one thing to one program and another to the next, a bomb, a cell at the end of
the world.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from zipfile import ZIP_STORED, ZipFile

from portal.core.errors import Problem
from portal.core.tables.packages import BROKEN, Package, broken, check_package, refusal, too_much
from portal.core.tables.sheets import Block, blocks, check_plain
from portal.core.tables.sources import Fault, Raw, Source

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MOST_SMALL = 4 * 1024 * 1024
MOST_TEXTS_BYTES = 40 * 1024 * 1024
MOST_TEXTS = 1_000_000
TEXT = re.compile(rb"<(?:[^\s<>/!?:]+:)?si[\s/>]")
TEXTS = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sst(?=[\s/>])[^>]*?(/?)>")
NUMBER_STATED = re.compile(rb"count\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
# Longer than any sign that is looked for, so that none is missed where two pieces meet.
OVERLAP = 64

XML = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class Parts(NamedTuple):
    """The parts of a workbook that are read ('': there is none), and whether its days are counted from 1904."""

    sheet: str
    texts: str
    styles: str
    counts_from_1904: bool


def open_workbook(path: Path, *, most_rows: int) -> Source:
    """The rows of the first sheet; raise TableRefused if the file is no workbook, hides something or has more rows."""
    from python_calamine import CalamineError, CalamineWorkbook

    check_package(path)
    faults: list[Fault] = []
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        try:
            with ZipFile(path) as archive, ZipFile(target, "w", ZIP_STORED) as copy:
                kept = _copy(Package(archive), copy, faults, most_rows)
            book = CalamineWorkbook.from_path(target.name)
        except (*BROKEN, CalamineError) as error:
            raise broken() from error
    count = sum(block.rows for block in kept)
    return Source(lambda: _rows(book, kept), count, lambda: count, faults=faults)


def _rows(book: "CalamineWorkbook", kept: Sequence[Block]) -> Iterator[tuple[int, Raw]]:
    from python_calamine import CalamineError

    for index, block in enumerate(kept):
        try:
            sheet = book.get_sheet_by_index(index)
        except CalamineError as error:
            raise broken() from error
        top, left = sheet.start or (0, 0)
        before: list[object] = [None] * left
        for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=block.rows_before + top + 1):
            yield number, [*before, *cells] if before else cells


def _copy(package: Package, copy: ZipFile, faults: list[Fault], most_rows: int) -> list[Block]:
    """Write what is read of the workbook; return its blocks of rows, their content left out."""
    parts = _parts(package)
    room = most_rows + 1
    kept: list[Block] = []
    for block in blocks(package.pieces(parts.sheet), faults):
        kept.append(block._replace(content=b""))
        room -= block.rows
        if room < 0:
            raise refusal(Problem("table-too-many-rows", "", {"most": most_rows}))
        content = b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (MAIN.encode(), block.content)
        copy.writestr(f"xl/worksheets/sheet{len(kept)}.xml", content)
    if parts.texts:
        with copy.open("xl/sharedStrings.xml", "w") as part:
            _copy_texts(package.pieces(parts.texts, MOST_TEXTS_BYTES), part)
    if parts.styles:
        copy.writestr("xl/styles.xml", _styles(package.read(parts.styles, MOST_SMALL)))
    for name, text in _frame(len(kept), counts_from_1904=parts.counts_from_1904):
        copy.writestr(name, text)
    return kept


def _copy_texts(pieces: Iterator[bytes], part: IO[bytes]) -> None:
    """Write the texts that cells share, without what is said of their number: the reader would reserve room for it."""
    texts, before = 0, b""
    for piece in pieces:
        check_plain(before[-OVERLAP:] + piece)
        texts += len(TEXT.findall(piece))
        if texts > MOST_TEXTS:
            raise too_much()
        # A text that long is in no cell, and the reader would keep it several times.
        if b"<" not in piece:
            raise broken()
        start = None if before else TEXTS.search(piece)
        if not before and not start:
            raise broken()
        part.write(b"<%bsst%b>%b" % (start[1], start[2], piece[start.end() :]) if start else piece)
        before = piece


def _styles(content: bytes) -> bytes:
    """The styles, without what they say of their own numbers."""
    check_plain(content)
    return NUMBER_STATED.sub(b" ", content)


def _parts(package: Package) -> Parts:
    """Find the parts by what the workbook says of them. Source: ECMA-376 part 1, 12.3.24 and 18.2."""
    if WORKBOOK not in package or RELATIONS not in package:
        raise broken()
    sheets: list[dict[str, str]] = []
    settings: dict[str, str] = {}
    for tag, attributes in _elements(package.read(WORKBOOK, MOST_SMALL)):
        if tag == "sheet":
            sheets.append(attributes)
        elif tag == "workbookPr":
            settings = attributes
    links = {
        attributes.get("Id", ""): (attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", ""))
        for tag, attributes in _elements(package.read(RELATIONS, MOST_SMALL))
        if tag == "Relationship"
    }
    by_kind = {kind: _located(target) for kind, target in links.values()}
    return Parts(
        _first_sheet(sheets, links),
        by_kind.get("sharedStrings", ""),
        by_kind.get("styles", ""),
        settings.get("date1904", "") in ("1", "true", "on"),
    )


def _first_sheet(sheets: Sequence[dict[str, str]], links: dict[str, tuple[str, str]]) -> str:
    """The part of the first sheet with cells; raise TableRefused if it is hidden or there is none."""
    for sheet in sheets:
        kind, target = links.get(sheet.get("id", ""), ("", ""))
        if kind == "worksheet":
            if sheet.get("state", "visible") != "visible":
                raise refusal(Problem("xlsx-hidden", "", {"sheet": sheet.get("name", "")}))
            return _located(target)
    raise refusal(Problem("table-empty"))


def _located(target: str) -> str:
    path = target.replace("\\", "/")
    return path[1:] if path.startswith("/") else f"xl/{path}"


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part with their attributes, all without prefix; raise TableRefused if it is no XML."""
    check_plain(content)
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        plain = {name.rpartition(":")[2]: value for name, value in attributes.items() if not name.startswith("xmlns")}
        found.append((tag.rpartition(":")[2], plain))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)  # noqa: FBT003  expat takes no names
    except expat.ExpatError as error:
        raise broken() from error
    return found


def _frame(sheets: int, *, counts_from_1904: bool) -> Iterator[tuple[str, str]]:
    """The parts that hold the copy together."""
    numbers = range(1, max(1, sheets) + 1)
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    days = '<workbookPr date1904="1"/>' if counts_from_1904 else "<workbookPr/>"
    yield (
        WORKBOOK,
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{days}<sheets>{listed}</sheets></workbook>',
    )
    yield RELATIONS, f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{linked}</Relationships>'
    office = f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="{WORKBOOK}"/>'
    yield "_rels/.rels", f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{office}</Relationships>'
    yield "[Content_Types].xml", f'{XML}<Types xmlns="{PACKAGE}/content-types"></Types>'
