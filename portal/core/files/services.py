"""Keeping files: first on the disk, then their rows in the transaction of whoever refers to them.

What nothing refers to any more loses its row at once. Its place on the disk it loses with the next sweep, once it was
kept a day ago or longer: whoever is just sending the same content keeps it anew, and does not find it gone.
"""

import io
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import BinaryIO, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from portal.core.db import after_commit, db, transaction
from portal.core.errors import Conflict, InvalidInput
from portal.core.files import store
from portal.core.files.checking import Checked, Upload, check_table, check_uploads, raise_all
from portal.core.files.contents import Unreadable
from portal.core.files.images import shareable
from portal.core.files.models import StoredFile
from portal.core.files.queries import is_unused, store_folder
from portal.core.files.rules import IMAGE_TYPES, TABLE_ENDINGS

GRACE = timedelta(days=1)
SWEPT = "swept"


class Kept(NamedTuple):
    """A file that lies in the store; its row is written by `add_rows`."""

    sha256: str
    size_bytes: int
    media_type: str


class KeptUpload(NamedTuple):
    """What someone sent, kept: its name, the file, and the copy of a picture that is to be shared."""

    name: str
    original: Kept
    shared: Kept | None = None


def keep_uploads(uploads: Sequence[Upload], *, now: datetime, share: bool = False) -> list[KeptUpload]:
    """Check the files and keep them all on the disk; with `share` each picture gets a copy to share.

    Raise InvalidInputs with everything that is wrong with any of them, and then none is kept. Call it before the
    transaction: writing takes its time, and a row must not be there before its file.
    """
    checked = check_uploads(uploads)
    _tidy(now)
    with ExitStack() as open_copies:
        copies = _copies(checked, open_copies) if share else [None] * len(checked)
        return [
            KeptUpload(each.name, _keep(each, each.stream, now), _keep(each, copy, now) if copy else None)
            for each, copy in zip(checked, copies, strict=True)
        ]


def keep_table(upload: Upload, *, now: datetime, endings: Collection[str] = TABLE_ENDINGS) -> KeptUpload:
    """Check the table that is to be imported and keep it on the disk; raise InvalidInput. Not inside a transaction."""
    checked = check_table(upload, endings)
    _tidy(now)
    return KeptUpload(checked.name, _keep(checked, checked.stream, now))


def keep_made(content: bytes, media_type: str, *, now: datetime) -> Kept:
    """Keep on the disk what the portal itself has made; its row is written by `add_rows`."""
    return Kept(*store.keep(store_folder(), io.BytesIO(content), now=now), media_type)


def add_rows(session: Session, kept: Iterable[KeptUpload], *, now: datetime) -> None:
    """Write the rows of the files in the caller's transaction, and hold them against removal until it ends.

    Raise Conflict if a file is not in the store any more.
    """
    files = {file.sha256: file for each in kept for file in (each.original, each.shared) if file}
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    for sha256 in sorted(files):
        if not store.path_of(store_folder(), sha256).is_file():
            raise Conflict("file-gone", where="files")
        adding = insert(StoredFile).values(**files[sha256]._asdict(), stored_at=now)
        same = {"size_bytes": adding.excluded.size_bytes}
        # A row that is there stays as it is; the update only waits for, and then holds off, whoever removes it.
        session.execute(adding.on_conflict_do_update(index_elements=["sha256"], set_=same))


def remove_rows(session: Session, hashes: Collection[str]) -> None:
    """Take away, in the caller's transaction, the rows of those files to which nothing refers any more."""
    session.flush()
    held = select(StoredFile).where(StoredFile.sha256.in_(hashes)).order_by(StoredFile.sha256).with_for_update()
    session.scalars(held).all()
    session.execute(delete(StoredFile).where(StoredFile.sha256.in_(hashes), is_unused()))


def forget(session: Session, sha256: str) -> None:
    """Take away the row of a file that nothing refers to any more, and the file itself once that is committed.

    For files that must not stay: whoever sends the same content at that moment is told to send it once more.
    """
    remove_rows(session, [sha256])
    after_commit(session, _remove_files, sha256)


def _remove_files(hashes: Sequence[str]) -> None:
    """Delete the files of which no row is left."""
    known = set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes))))
    for sha256 in set(hashes) - known:
        store.path_of(store_folder(), sha256).unlink(missing_ok=True)


def sweep(*, now: datetime) -> None:
    """Delete what was kept a day ago or longer and nothing refers to, and what crashes left half written.

    Not to be called inside a transaction: what that would roll back must keep its file.
    """
    with transaction() as session:
        session.execute(delete(StoredFile).where(StoredFile.stored_at < now - GRACE, is_unused()))
        used = frozenset(session.scalars(select(StoredFile.sha256)))
    store.remove_unused(store_folder(), used, before=now - GRACE)
    store.remove_incoming(store_folder(), before=now - GRACE)


def _tidy(now: datetime) -> None:
    """Sweep once a day, also where no worker does it."""
    mark = store_folder() / SWEPT
    if mark.exists() and abs(now.timestamp() - float(mark.read_text() or 0)) < GRACE.total_seconds():
        return
    sweep(now=now)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(now.timestamp()))


def _keep(file: Checked, stream: BinaryIO, now: datetime) -> Kept:
    return Kept(*store.keep(store_folder(), stream, now=now), file.kind.media_type)


def _copies(checked: Sequence[Checked], open_copies: ExitStack) -> list[BinaryIO | None]:
    """For each picture the copy to share; raise InvalidInputs naming those that are broken."""
    copies: list[BinaryIO | None] = []
    refusals: list[InvalidInput] = []
    for each in checked:
        try:
            copy = shareable(each.stream, each.kind) if each.kind in IMAGE_TYPES else None
            copies.append(open_copies.enter_context(copy) if copy else None)
        except Unreadable:
            refusals.append(InvalidInput("upload-broken", where=each.where, name=each.name))
    raise_all(refusals)
    return copies
