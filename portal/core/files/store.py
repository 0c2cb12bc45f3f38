"""The folder of stored files: each lies at ab/cd/<its SHA-256>, written whole and fsynced before anyone refers to it.

`folder` is the store's; what a crash leaves behind is at most a file that no row refers to. The age of a file is
counted from `now` of whoever kept it, not from the clock of the disk.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

INCOMING = "incoming"
CHUNK_BYTES = 1024 * 1024
HASH = re.compile(r"[0-9a-f]{64}")


class Content(NamedTuple):
    """What is in a file: its SHA-256 in hex and its size."""

    sha256: str
    size_bytes: int


def path_of(folder: Path, sha256: str) -> Path:
    """Where the file with this hash lies; raise ValueError if it is no hash."""
    if not HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hex")
    return folder / sha256[:2] / sha256[2:4] / sha256


def keep(folder: Path, stream: BinaryIO, *, now: datetime) -> Content:
    """Store what is in the stream and return its hash and size; it is on the disk when this returns.

    Content that is there already is written again in its place, which changes nothing and heals a damaged copy.
    """
    incoming = folder / INCOMING / secrets.token_hex(16)
    incoming.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        content = _write(incoming, stream)
        os.utime(incoming, (now.timestamp(), now.timestamp()))
        target = path_of(folder, content.sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        incoming.replace(target)
    finally:
        incoming.unlink(missing_ok=True)
    for changed in (target.parent, target.parent.parent, folder, folder.parent):
        _sync_folder(changed)
    return content


def read(folder: Path, sha256: str) -> bytes | None:
    """The content with this hash; None if it is not there, or no longer what was kept."""
    try:
        content = path_of(folder, sha256).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def measure(path: Path) -> Content | None:
    """The hash and the size of the file as it is now; None if there is none."""
    try:
        with path.open("rb") as file:
            return Content(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())
    except FileNotFoundError:
        return None


def list_stored(folder: Path) -> Iterator[Path]:
    """Every file in the store, by hash; what is still coming in is left out."""
    return (path for path in sorted(folder.glob("??/??/*")) if HASH.fullmatch(path.name))


def remove_incoming(folder: Path, *, before: datetime) -> None:
    """Delete what a crash left half written before this instant."""
    for path in (folder / INCOMING).glob("*"):
        _remove_older(path, before)


def remove_unused(folder: Path, used: frozenset[str], *, before: datetime) -> None:
    """Delete the files kept before this instant whose hash is not among those in use."""
    for path in list_stored(folder):
        if path.name not in used:
            _remove_older(path, before)


def _write(path: Path, stream: BinaryIO) -> Content:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := stream.read(CHUNK_BYTES):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Content(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    """Let the names in the folder survive a power cut, as the content of its files does."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove_older(path: Path, before: datetime) -> None:
    try:
        if path.stat().st_mtime < before.timestamp():
            path.unlink()
    except FileNotFoundError:
        # Someone else has removed it.
        return
