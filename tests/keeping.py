"""What many tests begin with is made once, kept, and put back as rows and files: making it anew takes far longer."""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, Table, select, text

from portal.core.db import Base, db
from portal.core.files.queries import store_folder

T = TypeVar("T")


class Kept(NamedTuple, Generic[T]):
    """What a maker returned, and what it left behind where nothing was before."""

    answer: T
    rows: Sequence[tuple[Table, list[dict[str, Any]]]]
    files: dict[str, bytes]


def made_once(make: Callable[[], T]) -> Callable[[], T]:
    """Let `make` do its work once; on an empty database later calls put back what it stored, and answer the same."""
    kept: list[Kept[T]] = []

    @wraps(make)
    def put_back() -> T:
        db.session.rollback()
        if not _is_empty():
            return make()
        if kept:
            _restore(kept[0])
        else:
            kept.append(_keep(make()))
        return kept[0].answer

    return put_back


def filled(connection: Connection) -> list[Table]:
    """The tables that hold rows, those first that others refer to."""
    tables = Base.metadata.sorted_tables
    asked = ", ".join(f'EXISTS (SELECT 1 FROM "{table.name}")' for table in tables)
    answer = connection.execute(text(f"SELECT {asked}")).one()
    return [table for table, is_filled in zip(tables, answer, strict=True) if is_filled]


def _is_empty() -> bool:
    with db.engine.connect() as connection:
        return not filled(connection)


def _keep(answer: T) -> Kept[T]:
    folder = store_folder()
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with db.engine.connect() as connection:
        rows = [(table, _rows(connection, table)) for table in filled(connection)]
    return Kept(answer, rows, files)


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def _restore(kept: Kept[T]) -> None:
    for name, content in kept.files.items():
        path = Path(store_folder(), name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with db.engine.begin() as connection:
        for table, stored in kept.rows:
            connection.execute(table.insert(), stored)
            _number_on(connection, table, stored)


def _number_on(connection: Connection, table: Table, stored: list[dict[str, Any]]) -> None:
    """Let PostgreSQL number the next row as if these had been made one by one."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    names = {"table": f'"{table.name}"', "column": column.name}
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), names)
    if sequence:
        last = max(row[column.name] for row in stored)
        connection.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": sequence, "last": last})
