"""Keeping how rows were before an import changed them, for the features whose rows they are."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.core.db import among
from portal.imports.models import Import, ImportedChange

# Row id -> column -> value that JSON can hold.
Before = Mapping[int, Mapping[str, Any]]


def keep_before(session: Session, import_id: int, before: Before) -> None:
    """Keep how rows were before the import changed them, the number of the import that wrote them last included."""
    rows = [{"import_id": import_id, "row_id": id_, "before": dict(columns)} for id_, columns in before.items()]
    if rows:
        session.execute(insert(ImportedChange), rows)


def rows_before(session: Session, import_id: int) -> dict[int, dict[str, Any]]:
    """How the rows that the import changed were before, by id."""
    kept = select(ImportedChange.row_id, ImportedChange.before).where(ImportedChange.import_id == import_id)
    return {row_id: dict(columns) for row_id, columns in session.execute(kept)}


def known_imports(session: Session, import_ids: Collection[int]) -> set[int]:
    """Those of the imports that have not been deleted with all that was known of them."""
    return set(session.scalars(select(Import.id).where(Import.id.in_(import_ids))))


def later_imports(session: Session, mine: Import) -> list[int]:
    """The imports that have changed rows which `mine` had written, the latest first: so they are undone."""
    changes = (
        select(ImportedChange.import_id, ImportedChange.before)
        .join(Import, Import.id == ImportedChange.import_id)
        .where(Import.id > mine.id, Import.project_code == mine.project_code, Import.kind == mine.kind)
        .where(Import.state == "stored")
    )
    found = {number for number, before in session.execute(changes) if before["import_id"] == mine.id}
    return sorted(found, reverse=True)


def forget_values(session: Session, kind: str, row_ids: Collection[int], columns: Collection[str]) -> None:
    """Empty these columns of how the rows of this kind of import were before: what named people is not kept there.

    Undoing such an import is refused by now: whoever took the names out has changed the rows.
    """
    mine = select(ImportedChange).join(Import, Import.id == ImportedChange.import_id)
    for row in session.scalars(mine.where(Import.kind == kind, among(ImportedChange.row_id, row_ids))):
        row.before = {**row.before, **dict.fromkeys(columns, "")}
