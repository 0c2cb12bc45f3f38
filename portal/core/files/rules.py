"""Rules of files: which types are taken, how large they may be, and what their names may hold.

Pure like the rules of the features: standard library only, nothing is read or written.
"""

import re
import unicodedata
from typing import NamedTuple

MEGABYTE = 1024 * 1024
MOST_FILES = 20
MOST_BYTES = 20 * MEGABYTE
# A body with several files: six of the largest, or twenty as people have them.
MOST_BODY_BYTES = 128 * MEGABYTE
MOST_PIXELS = 60_000_000
MOST_UNPACKED_BYTES = 200 * MEGABYTE

# As much of a file's hash as tells it from any other: what the audit says of a file whose name may be a person's.
HASH_SHOWN = 12
LONGEST_NAME_BYTES = 200
LONGEST_ENDING = 16
NAMELESS = "file"
# What some file system or shell would read as something else.
RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
SEPARATORS = re.compile(r"[/\\]")
# Control characters and line breaks; marks that turn the direction of the letters after them.
HIDDEN = frozenset({"Cc", "Zl", "Zp"})
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FileType(NamedTuple):
    """A type of file that is taken: as people call it, as HTTP does, and the endings its names may have."""

    label: str
    media_type: str
    endings: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = FileType("PDF", "application/pdf", (".pdf",))
PNG = FileType("PNG", "image/png", (".png",))
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg"))
DOCX = FileType("DOCX", f"{OFFICE}.wordprocessingml.document", (".docx",))
XLSX = FileType("XLSX", f"{OFFICE}.spreadsheetml.sheet", (".xlsx",))
ASICE = FileType("ASiC-E", "application/vnd.etsi.asic-e+zip", (".asice", ".sce"))
CSV = FileType("CSV", "text/csv", (".csv",))
JSON = FileType("JSON", "application/json", (".json",))

FILE_TYPES = (PDF, PNG, JPEG, DOCX, XLSX, ASICE)
IMAGE_TYPES = (PNG, JPEG)
# Tables that people bring, and lists that only some kinds of imports take.
TABLE_TYPES = (XLSX, CSV)
LIST_TYPES = (JSON,)
# What has no sign of its own: whoever reads it finds out.
TEXT_TYPES = (CSV, JSON)
ENDINGS = tuple(ending for each in FILE_TYPES for ending in each.endings)
LABELS = tuple(each.label for each in FILE_TYPES)
TABLE_ENDINGS = tuple(ending for each in TABLE_TYPES for ending in each.endings)


def ending_of(name: str) -> str:
    """What the name ends with, in lower case with its dot; '' where it has no ending."""
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot else ""


def safe_name(stated: str) -> str:
    """The name of a file as it is kept and given back: one line, without folders, at most 200 bytes, never empty.

    Control, direction and other invisible characters are left out, letters of every language stay, composed (NFC).
    """
    visible = "".join(each for each in stated if each.isspace() or _is_visible(each))
    last = SEPARATORS.split(unicodedata.normalize("NFC", visible))[-1]
    line = " ".join(last.split()).translate(RESERVED).rstrip(" .")
    stem, dot, ending = line.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = f".{ending.strip()[:LONGEST_ENDING].rstrip()}" if dot else ""
    room = LONGEST_NAME_BYTES - len(ending.encode())
    stem = stem.strip(" .").encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{stem or NAMELESS}{ending}"


def is_misleading(stated: str) -> bool:
    """Whether the name climbs out of its folder, breaks its line, or holds what turns or hides its letters."""
    return ".." in SEPARATORS.split(stated) or any(
        unicodedata.category(each) in HIDDEN or each in TURNING for each in stated
    )


def _is_visible(letter: str) -> bool:
    """Whether it is a letter, a mark, a digit, a sign or a space, and one that every reader has."""
    return unicodedata.category(letter)[0] not in "CZ"


def shared_name(name: str) -> str:
    """The name of the copy that is shared of the picture with this name."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-shared.{ending}"
