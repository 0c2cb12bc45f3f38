"""A ZIP of files that someone sends: looked at as a whole before anything in it is read, then unpacked file by file.

What it says of its own sizes is checked and never trusted. One that could do harm is refused whole; whether a file in
it can be kept is another question, which `checking` answers.
"""

import re
import stat
import zlib
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from portal.core.errors import InvalidInput
from portal.core.files.checking import TooLarge, Upload
from portal.core.files.contents import UnpacksTooLarge, Unreadable, check_directory
from portal.core.files.rules import MEGABYTE, MOST_BYTES, ending_of, is_misleading, safe_name

ARCHIVE_ENDING: Final = ".zip"
# Archives are not looked for inside archives.
ARCHIVE_ENDINGS: Final = frozenset({ARCHIVE_ENDING, ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
MOST_ARCHIVE_BYTES: Final = 100 * MEGABYTE
MOST_ARCHIVE_UNPACKED: Final = 300 * MEGABYTE
# What programs leave beside people's files.
LEFTOVERS: Final = frozenset({"thumbs.db", "desktop.ini"})

CHUNK: Final = 256 * 1024
IN_MEMORY: Final = MEGABYTE
IS_ENCRYPTED: Final = 0x1
IS_UTF8: Final = 0x800
METHODS: Final = frozenset({ZIP_STORED, ZIP_DEFLATED})
BROKEN: Final = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError, NotImplementedError)
_ABSOLUTE: Final = re.compile(r"[/\\]|[A-Za-z]:")


def is_archive(name: str) -> bool:
    """Whether a file of this name is unpacked rather than kept."""
    return ending_of(name) == ARCHIVE_ENDING


def is_leftover(path: str) -> bool:
    """Whether the file is not what someone packed, but what a program left there: hidden, or for macOS or Windows."""
    folder, _, name = path.rpartition("/")
    return name.startswith(".") or name.lower() in LEFTOVERS or folder.partition("/")[0] == "__MACOSX"


def unpack(archive: Upload, *, most_files: int, code_page: str = "cp437") -> Iterator[Upload]:
    """Each file in the ZIP under its path there, one at a time; folders are left out.

    Names that do not say that they are in UTF-8 and are not are read in `code_page`. A file that is larger than any
    that is kept is cut off behind that size.
    Raise InvalidInput with the one thing that is wrong with the whole, before the first file, or where the content of
    a file is damaged.
    """
    with _opened(archive, most_files) as zipped:
        entries = zipped.infolist()
        _check_size(archive, entries, most_files)
        for path, entry in _checked(archive, entries, code_page):
            with SpooledTemporaryFile(max_size=IN_MEMORY) as stream:
                _copy(archive, zipped, entry, cast(BinaryIO, stream))
                yield Upload(path, cast(BinaryIO, stream), archive.where)


def _opened(archive: Upload, most_files: int) -> ZipFile:
    if archive.stream.seek(0, 2) > MOST_ARCHIVE_BYTES:
        limit = MOST_ARCHIVE_BYTES // MEGABYTE
        raise TooLarge("zip-too-large", where=archive.where, name=safe_name(archive.name), limit=limit)
    try:
        check_directory(archive.stream)
        return ZipFile(archive.stream)
    except UnpacksTooLarge as error:
        raise _too_many(archive, most_files) from error
    except (Unreadable, *BROKEN) as error:
        raise _broken(archive) from error


def _check_size(archive: Upload, entries: Sequence[ZipInfo], most_files: int) -> None:
    files = [entry for entry in entries if not entry.is_dir()]
    if len(files) > most_files or len(entries) > 2 * most_files:
        raise _too_many(archive, most_files)
    if not files:
        raise InvalidInput("zip-empty", where=archive.where, name=safe_name(archive.name))
    if sum(entry.file_size for entry in entries) > MOST_ARCHIVE_UNPACKED:
        limit = MOST_ARCHIVE_UNPACKED // MEGABYTE
        raise TooLarge("zip-unpacks-too-large", where=archive.where, name=safe_name(archive.name), limit=limit)


def _checked(archive: Upload, entries: Sequence[ZipInfo], code_page: str) -> list[tuple[str, ZipInfo]]:
    """The path of each file with its entry, once nothing about any of them is wrong."""
    paths = [_path(entry, code_page) for entry in entries]
    for path, entry in zip(paths, entries, strict=True):
        _check_entry(archive, path, entry)
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise InvalidInput("zip-twice", where=archive.where, name=safe_name(archive.name), file=safe_name(twice))
    return [(path, entry) for path, entry in zip(paths, entries, strict=True) if not entry.is_dir()]


def _check_entry(archive: Upload, path: str, entry: ZipInfo) -> None:
    """Raise InvalidInput for an entry that no ZIP of plain files has."""
    where, name, file = archive.where, safe_name(archive.name), safe_name(path)
    if entry.flag_bits & IS_ENCRYPTED:
        raise InvalidInput("zip-locked", where=where, name=name)
    if is_misleading(path) or "\0" in entry.orig_filename or _ABSOLUTE.match(path) or not _is_plain(entry):
        raise InvalidInput("zip-hostile", where=where, name=name, file=file)
    if ending_of(path) in ARCHIVE_ENDINGS:
        raise InvalidInput("zip-nested", where=where, name=name, file=file)
    if entry.compress_type not in METHODS:
        raise _broken(archive)


def _is_plain(entry: ZipInfo) -> bool:
    """Whether the entry is a file or a folder, rather than a link or a device."""
    return stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG, stat.S_IFDIR)


def _path(entry: ZipInfo, code_page: str) -> str:
    """The path of the entry, with slashes, as whoever packed it saw it."""
    path = entry.filename
    if not entry.flag_bits & IS_UTF8:
        # So the library reads what does not say how it is written, and every byte has its letter there.
        try:
            written = path.encode("cp437")
        except UnicodeEncodeError:
            # Another place in the archive has said the name, and the library has taken it from there.
            return path.replace("\\", "/")
        try:
            path = written.decode("utf-8")
        except UnicodeDecodeError:
            path = written.decode(code_page)
    return path.replace("\\", "/")


def _copy(archive: Upload, zipped: ZipFile, entry: ZipInfo, target: BinaryIO) -> None:
    room = MOST_BYTES + 1
    try:
        with zipped.open(entry) as packed:
            while room and (piece := packed.read(min(CHUNK, room))):
                room -= len(piece)
                target.write(piece)
    except BROKEN as error:
        raise _broken(archive) from error


def _broken(archive: Upload) -> InvalidInput:
    return InvalidInput("zip-broken", where=archive.where, name=safe_name(archive.name))


def _too_many(archive: Upload, most_files: int) -> TooLarge:
    return TooLarge("zip-too-many", where=archive.where, name=safe_name(archive.name), most=most_files)
