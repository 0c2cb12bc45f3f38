"""CSV as people save it: encoding and separator are found out, line breaks inside quotes belong to the cell.

Everything is read in pieces of bounded size, whatever the file holds.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from portal.core.errors import Problem
from portal.core.files.rules import MEGABYTE, MOST_BYTES
from portal.core.tables.places import LAST_COLUMN, LAST_ROW, cell_name
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.sources import Raw, Source

SEPARATORS = (",", ";", "\t")
CHUNK = 1024 * 1024
# The longest record that is taken, in characters: more than any table has, less than a file without line breaks.
MOST_RECORD = 1_000_000
# A cell may be as long as its record: who reads the column says which length is too much, and in which row.
# It holds for every reader of the process: set for a while only, it would change under a file that is being read.
csv.field_size_limit(MOST_RECORD)
# What a first line that does nothing but state the separator falls into.
STATED_SEPARATOR = ["sep=", ""]

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
OTHER_FORMATS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")
GUESSES = {"cp1257": "Windows-1257", "cp1250": "Windows-1250"}
LETTERS = frozenset("ąčęėįšųūžĄČĘĖĮŠŲŪŽćłńóśźżĆŁŃÓŚŹŻ")
# Rare ones weigh less: one byte is ę in one encoding and ź in the other, and so is another with ę and ć.
RARE = frozenset("ćźĆŹ")
# Signs that texts in both languages have, and which tell nothing.
NEUTRAL = frozenset("„“”‚‘’–—…€§°«»·•\u00a0äöüßÄÖÜéÉ")
ASCII = bytes(range(128))
# What the writer leads with an apostrophe, so that it is no formula; with as many apostrophes as the text has itself.
LED = re.compile(r"'+[=+\-@\t\r]")


class Counted(NamedTuple):
    """What one pass over the bytes tells: whether they are UTF-8, how many lines, and which bytes beyond ASCII."""

    is_utf8: bool
    lines: int
    beyond: Counter[int]


def open_text(path: Path, columns: Sequence[str]) -> Source:
    """The records of a CSV; raise TableRefused if it is none."""
    start = _start(path)
    encoding = next((each for mark, each in MARKS.items() if start.startswith(mark)), "")
    counted = _count(path, is_plain=encoding != "utf-16")
    guessed = ""
    if not encoding:
        encoding = "utf-8" if counted.is_utf8 else _guess(counted.beyond)
        guessed = GUESSES.get(encoding, "")
    separator = _separator(path, encoding, columns)

    def rows() -> Iterator[tuple[int, Raw]]:
        return _rows(path, encoding, separator)

    return Source(rows, counted.lines + 1, lambda: sum(any(cells) for _, cells in rows()), guessed)


def _start(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TableRefused([RowProblem(0, "", Problem("table-too-large", "", {"limit": MOST_BYTES // MEGABYTE}))])
    with path.open("rb") as stream:
        start = stream.read(16)
    if start.startswith(OTHER_FORMATS):
        raise TableRefused([RowProblem(0, "", Problem("csv-other-format"))])
    return start


def _count(path: Path, *, is_plain: bool) -> Counted:
    decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, lines, beyond = True, 0, Counter[int]()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if is_plain and b"\0" in chunk:
                raise TableRefused([RowProblem(0, "", Problem("csv-no-text"))])
            lines += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
            beyond.update(chunk.translate(None, ASCII))
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8, decoder = False, codecs.getincrementaldecoder("latin-1")()
    return Counted(is_utf8, lines, beyond)


def _guess(beyond: Counter[int]) -> str:
    """The encoding in which the bytes are Lithuanian or Polish letters; raise TableRefused if in neither."""
    scores = {encoding: _score(beyond, encoding) for encoding in GUESSES}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] == float("-inf"):
        raise TableRefused([RowProblem(0, "", Problem("csv-encoding"))])
    return best


def _score(beyond: Counter[int], encoding: str) -> float:
    """How many more bytes are letters of the two languages than are none; minus infinity if one is nothing at all."""
    score = 0.0
    for byte, count in beyond.items():
        try:
            sign = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            return float("-inf")
        if sign not in NEUTRAL:
            score += count * (0.5 if sign in RARE else 1 if sign in LETTERS else -1)
    return score


def _separator(path: Path, encoding: str, columns: Sequence[str]) -> str:
    """The separator by which the first row names most columns, and has most cells."""
    known = {name.casefold() for name in columns}
    return max(SEPARATORS, key=lambda separator: _fitness(_rows(path, encoding, separator), known))


def _fitness(rows: Iterator[tuple[int, Raw]], known: Collection[str]) -> tuple[int, int]:
    """How many known names and how many cells the first row has; rows of nothing but separators fit well, too."""
    try:
        names = next((names for _, cells in rows if any(names := [str(cell).strip() for cell in cells])), None)
    except TableRefused:
        return -1, 0
    return (0, LAST_COLUMN) if names is None else (sum(name.casefold() in known for name in names), len(names))


def _rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, Raw]]:
    """Number and cells of each record; raise TableRefused where the file cannot be told apart into records."""
    room = MOST_RECORD

    def lines() -> Iterator[str]:
        nonlocal room
        while line := stream.readline(MOST_RECORD + 1):
            room -= len(line)
            if room < 0:
                raise csv.Error
            yield line

    number = 0
    with path.open(encoding=encoding, newline="") as stream:
        try:
            for number, record in enumerate(csv.reader(lines(), delimiter=separator, strict=True), start=1):
                room = MOST_RECORD
                if number > LAST_ROW:
                    raise TableRefused([RowProblem(number, "", Problem("csv-too-long", "", {"most": LAST_ROW}))])
                if len(record) > LAST_COLUMN:
                    cell = cell_name(number, LAST_COLUMN)
                    raise TableRefused([RowProblem(number, "", Problem("cell-without-column", "", {"cell": cell}))])
                if number > 1 or record != STATED_SEPARATOR:
                    yield number, [_unled(cell) for cell in record]
        except csv.Error as error:
            wrong = Problem("csv-quotes") if room >= 0 else Problem("csv-row-too-long", "", {"most": MOST_RECORD})
            raise TableRefused([RowProblem(number + 1, "", wrong)]) from error
        except UnicodeError as error:
            raise TableRefused([RowProblem(number + 1, "", Problem("csv-encoding"))]) from error


def _unled(cell: str) -> str:
    """The text as it was before the writer led it with an apostrophe."""
    return cell[1:] if cell.startswith("'") and LED.match(cell) else cell
