"""What a file is by its content: its first bytes, and what lies in a ZIP. Nothing is unpacked to disk.

What cannot be read is refused with the error that says why; a type that is not taken at all is None.
"""

import io
import re
import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from portal.core.files.rules import ASICE, DOCX, JPEG, MOST_UNPACKED_BYTES, PDF, PNG, XLSX, FileType

STARTS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
ZIP_START = b"PK\x03\x04"

CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {f"{each.media_type}.main+xml": each for each in (DOCX, XLSX)}
MACROS = re.compile(r"macroenabled|vbaproject", re.IGNORECASE)
MOST_XML_BYTES = 1024 * 1024

# The end of a ZIP: signature, disk numbers, entries, size and place of the directory, length of the comment.
DIRECTORY_END = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 2**16 - 1
# What a hundred thousand entries would need is no office file, and reading it would take its time.
MOST_DIRECTORY_BYTES = 2 * 1024 * 1024


class Unreadable(Exception):
    """The file starts like a type that is taken, but what follows cannot be read as one."""


class UnpacksTooLarge(Exception):
    """What is packed in the file is larger than the portal would ever unpack."""


class HoldsMacros(Exception):
    """An office file with programs in it."""


def type_of(stream: BinaryIO) -> FileType | None:
    """The type of the file by its content; None if it is none of those taken.

    Raise Unreadable, UnpacksTooLarge or HoldsMacros.
    """
    stream.seek(0)
    start = stream.read(16)
    if start.startswith(ZIP_START):
        return _type_of_packed(stream)
    return next((each for magic, each in STARTS.items() if start.startswith(magic)), None)


# What reading a damaged ZIP, or XML in an encoding that nobody knows, fails with.
BROKEN = (BadZipFile, zlib.error, expat.ExpatError, RuntimeError, LookupError, ValueError, OSError, EOFError)


def _type_of_packed(stream: BinaryIO) -> FileType | None:
    check_directory(stream)
    try:
        with ZipFile(stream) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                raise UnpacksTooLarge
            names = {entry.filename for entry in entries}
            if CONTENT_TYPES in names:
                return _type_of_office(_read(archive, CONTENT_TYPES, MOST_XML_BYTES), names)
            return ASICE if _is_container(archive, entries) else None
    except BROKEN as error:
        raise Unreadable from error


def check_directory(stream: BinaryIO) -> None:
    """Look at the size of a ZIP's directory before it is read; 64-bit ZIPs are larger than anything taken.

    Raise Unreadable where there is no directory, UnpacksTooLarge where it is too large.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - DIRECTORY_END.size - LONGEST_COMMENT))
    tail = stream.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < DIRECTORY_END.size:
        raise Unreadable
    *_, directory_bytes, _, _ = DIRECTORY_END.unpack_from(tail, found)
    if directory_bytes > MOST_DIRECTORY_BYTES or b"PK\x06\x07" in tail[max(0, found - 20) : found]:
        raise UnpacksTooLarge


def _read(archive: ZipFile, name: str, most_bytes: int) -> bytes:
    with archive.open(name) as entry:
        content = entry.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise Unreadable
    return content


def _is_container(archive: ZipFile, entries: Sequence[ZipInfo]) -> bool:
    """Whether the ZIP says of itself that it is a signed container. Source: ETSI EN 319 162-1, annex A.1."""
    if not any(entry.filename == "mimetype" for entry in entries):
        return False
    return _read(archive, "mimetype", 100).strip() == ASICE.media_type.encode()


def _type_of_office(content_types: bytes, names: set[str]) -> FileType | None:
    """The type of an office file by its main part. Source: ECMA-376 part 2, 10.1.2 (content types)."""
    stated = _stated_parts(content_types)
    if any(MACROS.search(text) for text in (*names, *(kind for _, kind in stated))):
        raise HoldsMacros
    found = {MAIN_PARTS[kind] for part, kind in stated if kind in MAIN_PARTS and part.lstrip("/") in names}
    return found.pop() if len(found) == 1 else None


def _stated_parts(content_types: bytes) -> list[tuple[str, str]]:
    """Part ('' for a whole ending) and its content type, as the file states them; raise Unreadable for a DTD."""
    stated: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        stated.append((attributes.get("PartName", ""), attributes.get("ContentType", "")))

    def refuse(*declaration: object) -> None:
        raise Unreadable

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.ParseFile(io.BytesIO(content_types))
    return stated
