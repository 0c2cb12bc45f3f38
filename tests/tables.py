"""Tables as files, good and bad, built by hand: workbooks part by part, and what reading them gives."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.core.tables.problems import TableRefused
from portal.core.tables.reading import ReadTable, Value, read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

COLUMNS = ("ref", "title", "start", "planned")


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def row_of(number: int, *texts: str) -> str:
    cells = "".join(text_cell(f"{chr(65 + index)}{number}", text) for index, text in enumerate(texts) if text)
    return f'<row r="{number}">{cells}</row>'


HEADER = row_of(1, *COLUMNS)


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook_parts(*sheets: str, states: Sequence[str] = (), strings: str = "", settings: str = "") -> dict[str, str]:
    """The parts of a workbook with these sheets, of which some may be hidden."""
    named = [*states, *["visible"] * (len(sheets) - len(states))]
    listed = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" state="{state}" r:id="rId{n}"/>' for n, state in enumerate(named, 1)
    )
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    texts = f'<Relationship Id="rId90" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    main = f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT_TYPE}.sheet.main+xml"/>'
    shapes = '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs count="3">{shapes}</cellXfs></styleSheet>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{main}</Types>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{settings}<sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{linked}{texts}'
            f'<Relationship Id="rId91" Type="{LINKS}/styles" Target="/xl/styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": styles,
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets, 1)},
    }
    return {**parts, "xl/sharedStrings.xml": strings} if strings else parts


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(rows: str, after: str = "") -> bytes:
    """A workbook of one sheet with these rows."""
    return packed(workbook_parts(sheet_xml(rows, after)))


def open_table(
    folder: Path,
    content: bytes,
    filename: str = "events.xlsx",
    columns: Sequence[str] = COLUMNS,
    required: Sequence[str] = ("ref",),
    most_rows: int = 100_000,
) -> ReadTable:
    path = folder / "table"
    path.write_bytes(content)
    return read_table(path, filename, columns, required, most_rows=most_rows)


def rows_of(table: ReadTable) -> list[tuple[int, tuple[Value, ...]]]:
    return [(row.number, row.cells) for row in table.rows]


def refusal_of(folder: Path, content: bytes, filename: str = "events.xlsx", **how: object) -> list[tuple[object, ...]]:
    """Row, column, code and values of each problem for which the table is refused; none if it is not."""
    try:
        list(open_table(folder, content, filename, **how).rows)
    except TableRefused as refusal:
        return [(each.row, each.column, each.problem.code, *each.problem.values.values()) for each in refusal.problems]
    return []
