"""The parts of a workbook, unpacked in pieces: what the package says of its own sizes is never trusted."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from portal.core.errors import Problem
from portal.core.files.contents import HoldsMacros, UnpacksTooLarge, Unreadable, type_of
from portal.core.files.rules import MEGABYTE, MOST_BYTES, MOST_UNPACKED_BYTES, XLSX
from portal.core.tables.problems import RowProblem, TableRefused

CHUNK = 256 * 1024
# Old Excel files and workbooks with a password are of this format.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError, NotImplementedError)


def refusal(problem: Problem, row: int = 0) -> TableRefused:
    """The refusal of the whole file, or of it because of one row."""
    return TableRefused([RowProblem(row, "", problem)])


def broken() -> TableRefused:
    """The refusal of what starts like a workbook, and then is none."""
    return refusal(Problem("xlsx-broken"))


def check_package(path: Path) -> None:
    """Raise TableRefused if the file is no workbook or says itself that it is too large."""
    if path.stat().st_size > MOST_BYTES:
        raise refusal(Problem("table-too-large", "", {"limit": MOST_BYTES // MEGABYTE}))
    with path.open("rb") as stream:
        if stream.read(len(COMPOUND)) == COMPOUND:
            raise refusal(Problem("xlsx-locked"))
        _check_type(stream)


def _check_type(stream: BinaryIO) -> None:
    try:
        kind = type_of(stream)
    except HoldsMacros as error:
        raise refusal(Problem("xlsx-macros")) from error
    except UnpacksTooLarge as error:
        raise too_much() from error
    except (Unreadable, LookupError) as error:
        raise broken() from error
    if kind is not XLSX:
        raise refusal(Problem("xlsx-other-format"))


def too_much() -> TableRefused:
    """The refusal of what unpacks to more than is ever unpacked."""
    return refusal(Problem("xlsx-unpacks-too-large", "", {"limit": MOST_UNPACKED_BYTES // MEGABYTE}))


class Package:
    """The parts of a workbook by their names in whatever case, each read once; together no more than is unpacked."""

    def __init__(self, archive: ZipFile) -> None:
        names = archive.namelist()
        self._archive = archive
        self._names = {name.casefold(): name for name in names}
        self._room = MOST_UNPACKED_BYTES
        if len(self._names) != len(names):
            raise broken()

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def pieces(self, name: str, most_bytes: int = MOST_UNPACKED_BYTES) -> Iterator[bytes]:
        """The content of a part, piece by piece; raise TableRefused if it is damaged, missing or too large."""
        try:
            with self._archive.open(self._names[name.casefold()]) as part:
                while piece := part.read(CHUNK):
                    most_bytes -= len(piece)
                    self._room -= len(piece)
                    if min(most_bytes, self._room) < 0:
                        raise too_much()
                    yield piece
        except BROKEN as error:
            raise broken() from error

    def read(self, name: str, most_bytes: int) -> bytes:
        """The whole of a small part."""
        return b"".join(self.pieces(name, most_bytes))
