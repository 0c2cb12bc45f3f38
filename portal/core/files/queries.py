"""Reading what is stored, on disk and in the table."""

from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, select

from portal.core.db import Base, db
from portal.core.errors import NotFound
from portal.core.files import store
from portal.core.files.models import StoredFile


def store_folder() -> Path:
    """The folder of stored files of the app at hand."""
    return Path(current_app.config["DATA_DIR"]) / "evidence"


def list_files() -> list[StoredFile]:
    """Every stored file that the database knows, by hash."""
    return list(db.session.scalars(select(StoredFile).order_by(StoredFile.sha256)))


def is_unused() -> ColumnElement[bool]:
    """The condition that no row of any feature refers to the stored file."""
    columns = [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is StoredFile.__table__.c.sha256
    ]
    return and_(*(~exists().where(column == StoredFile.sha256) for column in columns))


def read_file(sha256: str) -> bytes:
    """The content of the stored file, unharmed; raise NotFound if it is gone or no longer what was stored."""
    content = store.read(store_folder(), sha256)
    if content is None:
        current_app.logger.error("the stored file %s is missing or damaged", sha256)
        raise NotFound("file-damaged")
    return content


def find_fault(file: StoredFile) -> str:
    """What is wrong with the file on the disk: "missing", "damaged", or '' where it is as it was stored."""
    measured = store.measure(store.path_of(store_folder(), file.sha256))
    if measured is None:
        return "missing"
    return "" if measured == (file.sha256, file.size_bytes) else "damaged"


def list_unknown() -> list[str]:
    """The hashes of files on the disk that the database does not know: left by a crash or a removal."""
    known = set(db.session.scalars(select(StoredFile.sha256)))
    return [path.name for path in store.list_stored(store_folder()) if path.name not in known]
