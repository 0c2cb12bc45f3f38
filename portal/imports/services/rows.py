"""Rows that imports write: under the import's number, with how they were before, and taken back by both."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Date, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core.db import UtcDateTime
from portal.core.errors import Conflict
from portal.imports.models import Import
from portal.imports.services.changes import Before, keep_before, known_imports, later_imports, rows_before

CHUNK = 1000

# A table whose rows have an id and bear the number of the import that wrote them last, `import_id`.
Model = Any
Item = TypeVar("Item")


class RowChanges(Protocol):
    """Rows to make, and rows to change with their ids, as NamedTuples of columns."""

    @property
    def created(self) -> Sequence[Any]:
        """The rows to make."""

    @property
    def updated(self) -> Sequence[tuple[int, Any]]:
        """The rows to change, by their ids."""


class Written(NamedTuple):
    """What an import wrote, all of it still as it was written: rows it made, and row id -> how a row was before."""

    project_code: str
    created: list[int]
    changed: dict[int, dict[str, Any]]


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items, as many at a time as one statement takes."""
    for first in range(0, len(items), CHUNK):
        yield items[first : first + CHUNK]


def load_rows(
    session: Session, model: Model, columns: Sequence[Any], condition: ColumnElement[bool]
) -> dict[int, dict[str, Any]]:
    """Row id -> column -> value, of the rows that meet the condition."""
    rows = session.execute(select(model.id, *columns).where(condition).order_by(model.id))
    return {id_: dict(zip((each.key for each in columns), values, strict=True)) for id_, *values in rows}


def store_rows(session: Session, model: Model, import_id: int, changes: RowChanges, facts: Sequence[Any]) -> None:
    """Write the rows of the changes under the import's number; keep the `facts` of those that were there before.

    Raise Conflict if one of the rows to change is gone.
    """
    for some in chunks(changes.created):
        session.execute(insert(model), [{**row._asdict(), "import_id": import_id} for row in some])
    for some in chunks(changes.updated):
        ids = [id_ for id_, _ in some]
        before = load_rows(session, model, (*facts, model.import_id), model.id.in_(ids))
        if len(before) < len(ids):
            raise Conflict("import-stale")
        keep_before(session, import_id, {id_: _as_kept(columns) for id_, columns in before.items()})
        session.execute(update(model), [{"id": id_, **row._asdict(), "import_id": import_id} for id_, row in some])


def written_by(session: Session, model: Model, import_id: int) -> Written:
    """What the import wrote; raise Conflict if any of it has been changed or removed since.

    Call it with everything held that could change.
    """
    mine = session.get_one(Import, import_id)
    before = rows_before(session, import_id)
    bearing = list(session.scalars(select(model.id).where(model.import_id == import_id).order_by(model.id)))
    written = mine.created + mine.updated
    if len(bearing) < written:
        changed = written - len(bearing)
        if later := later_imports(session, mine):
            raise Conflict("import-rows-taken-over", imports=later, changed=changed, written=written)
        raise Conflict("import-rows-changed", changed=changed, written=written)
    return Written(mine.project_code, [id_ for id_ in bearing if id_ not in before], before)


def remove_rows(session: Session, model: Model, ids: Sequence[int]) -> None:
    """Delete these rows, with what the database deletes with them."""
    for some in chunks(ids):
        session.execute(delete(model).where(model.id.in_(some)).execution_options(synchronize_session=False))


def restore_rows(session: Session, model: Model, before: Before) -> None:
    """Let these rows be as they were before an import changed them."""
    earlier = known_imports(session, {columns["import_id"] for columns in before.values()} - {None})
    rows = [
        {
            "id": id_,
            **{name: _from_kept(model, name, value) for name, value in columns.items()},
            "import_id": columns["import_id"] if columns["import_id"] in earlier else None,
        }
        for id_, columns in before.items()
    ]
    for some in chunks(rows):
        session.execute(update(model), list(some))


def _as_kept(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as JSON holds them: days and moments as texts."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}


def _from_kept(model: Model, name: str, value: Any) -> Any:
    """The value as its column takes it."""
    if not isinstance(value, str):
        return value
    kind = model.__table__.c[name].type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
