"""Files that are made, or happen, to be too much: each is answered plainly, at once and in little memory."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.tables import COLUMNS, HEADER, MAIN, row_of, sheet_xml, workbook_parts

# What reads a file asks no database.
pytestmark = pytest.mark.sqlite_only

SECONDS = 5
MEGABYTES = 150
BILLION = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))

READ = """
import json, sys, time
from pathlib import Path
from portal.core.tables.problems import TableRefused
from portal.core.tables.reading import read_table
import python_calamine

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024

path, columns = Path(sys.argv[1]), sys.argv[2:]
before, start, rows, problems = peak(), time.process_time(), 0, []
try:
    for row in read_table(path, path.name, columns, columns[:1]).rows:
        rows += 1
except TableRefused as refusal:
    problems = [[each.row, each.column, each.problem.code] for each in refusal.problems]
print(json.dumps([rows, problems[:1], time.process_time() - start, peak() - before]))
"""


def pack(pieces: Iterable[bytes], part: str = "xl/worksheets/sheet1.xml", **parts: str) -> bytes:
    """A workbook with one part that is written in pieces, as it may be larger than the memory."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in workbook_parts(sheet_xml(HEADER + row_of(2, "W1")), **parts).items():
            with archive.open(name, "w") as stream:
                stream.writelines(pieces if name == part else [content.encode()])
    return target.getvalue()


def sheet(rows: Iterable[str], header: str = HEADER) -> bytes:
    start = f'<worksheet xmlns="{MAIN}"><sheetData>{header}'
    return pack([start.encode(), *(row.encode() for row in rows), b"</sheetData></worksheet>"])


def filled(number: int) -> str:
    return row_of(number, f"W{number}", "Workshop", "2026-03-10 09:00", "12")


def zip_bomb() -> bytes:
    return pack([b" " * 1024 * 1024] * 210)


def zip_bomb_that_says_it_is_small() -> bytes:
    content = bytearray(zip_bomb())
    place = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(content)


def texts(pieces: Iterable[bytes]) -> bytes:
    start = f'<sst xmlns="{MAIN}"><si><t>'.encode()
    return pack([start, *pieces, b"</t></si></sst>"], "xl/sharedStrings.xml", strings="written in pieces")


def entity_bomb() -> bytes:
    return pack([sheet_xml(HEADER + row_of(2, "&a9;"), before=f"{BILLION}]>").encode()])


def csv_of(content: bytes) -> bytes:
    return ",".join(COLUMNS).encode() + b"\n" + content


HOSTILE: dict[str, tuple[Callable[[], bytes], list[object]]] = {
    "zip-bomb.xlsx": (zip_bomb, [0, "", "xlsx-unpacks-too-large"]),
    "small-zip-bomb.xlsx": (zip_bomb_that_says_it_is_small, [0, "", "xlsx-broken"]),
    "entity-bomb.xlsx": (entity_bomb, [0, "", "xlsx-entities"]),
    "entities-in-texts.xlsx": (
        lambda: pack([BILLION.encode(), b"]><sst/>"], "xl/sharedStrings.xml", strings="x"),
        [0, "", "xlsx-entities"],
    ),
    "rows.xlsx": (lambda: sheet(map(filled, range(2, 100_003))), [0, "", "table-too-many-rows"]),
    "corner.xlsx": (
        lambda: sheet(['<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']),
        [1_048_576, "", "cell-without-column"],
    ),
    "row-that-lies.xlsx": (
        lambda: sheet(['<row r="2"><c r="A2"><v>1</v></c><c r="A1048576"><v>1</v></c></row>']),
        [0, "", "xlsx-broken"],
    ),
    "cells.xlsx": (
        lambda: sheet(["<row>" + "<c><v>1</v></c>" * 900 + "</row>"] * 14_000),
        [0, "", "xlsx-too-many-cells"],
    ),
    "formulas.xlsx": (
        lambda: sheet(f'<row r="{n}"><c r="B{n}"><f>1</f><v>1</v></c></row>' for n in range(2, 100_000)),
        [2, "title", "xlsx-formula"],
    ),
    "long-text.xlsx": (lambda: texts([b"x" * 1024 * 1024] * 39), [0, "", "xlsx-broken"]),
    "texts.xlsx": (lambda: texts([b"</t></si><si><t>" * 1000] * 2000), [0, "", "xlsx-unpacks-too-large"]),
    "large.xlsx": (lambda: b"PK\x03\x04" + bytes(20 * 1024 * 1024), [0, "", "table-too-large"]),
    "rows.csv": (lambda: csv_of(b"W1,a,b,c\n" * 100_001), [0, "", "table-too-many-rows"]),
    "lines.csv": (lambda: csv_of(b"\n" * 20_000_000), [1_048_577, "", "csv-too-long"]),
    "commas.csv": (lambda: csv_of(b"," * 20_000_000), [2, "", "csv-row-too-long"]),
    "wide.csv": (lambda: csv_of((b"," * 900_000 + b"\n") * 20), [2, "", "cell-without-column"]),
    "quote.csv": (lambda: csv_of(b'"' + b"x\n" * 9_000_000), [2, "", "csv-row-too-long"]),
    "nul.csv": (lambda: csv_of(bytes(20_000_000)), [0, "", "csv-no-text"]),
    "large.csv": (lambda: csv_of(b"W1,a,b,c\n" * 2_400_000), [0, "", "table-too-large"]),
}


def answer(folder: Path, name: str, content: bytes) -> tuple[int, list[list[object]]]:
    """How many rows the file gives and the first of its problems, read in a process of its own."""
    path = folder / name
    path.write_bytes(content)
    found = subprocess.run([sys.executable, "-c", READ, path, *COLUMNS], capture_output=True, check=True, text=True)
    rows, problems, seconds, megabytes = json.loads(found.stdout)
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    return rows, problems


@pytest.mark.parametrize("name", HOSTILE)
def test_too_much_is_refused_at_once_and_in_little_memory(tmp_path, name):
    build, problem = HOSTILE[name]
    assert answer(tmp_path, name, build()) == (0, [problem])


@pytest.mark.parametrize(
    "row",
    [
        '<row r="{n}" s="1" customFormat="1" ht="20"/>',
        '<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/><c r="C{n}" s="1"/></row>',
        "<row><c/></row>",
    ],
)
def test_a_million_blank_rows_that_are_only_formatted_do_not_count(tmp_path, row):
    blank = (row.replace("{n}", str(n)) for n in range(3, 1_000_003))
    assert answer(tmp_path, "blank.xlsx", sheet([filled(2), *blank])) == (1, [])


def test_as_many_rows_as_are_taken_are_read_in_little_memory(tmp_path):
    assert answer(tmp_path, "most.xlsx", sheet(map(filled, range(2, 100_002)))) == (100_000, [])
    assert answer(tmp_path, "most.csv", csv_of(b"W1,a,b,c\n" * 100_000)) == (100_000, [])
