"""A project file loaded again over what the portal holds: what people changed in the portal stands, and is named."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

Value = None | bool | int | str | date | list[Any] | dict[str, Any]
Row = Mapping[str, Value]
Rows = Mapping[str, Mapping[str, Row]]
"""Facts as table → key → column → value; the project's own row has the key ''."""


class Difference(NamedTuple):
    """A place where the portal and the file disagree, and the portal's value stands.

    The column '' is the row itself: only in the portal (`stated` is None), or only in the file because it was
    removed from the portal after the last load (`kept` is None).
    """

    table: str
    key: str
    column: str
    kept: Value
    stated: Value


class Merge(NamedTuple):
    """All the rows to store, and where they differ from the file."""

    rows: dict[str, dict[str, dict[str, Value]]]
    differences: tuple[Difference, ...]


def merge_facts(base: Rows | None, current: Rows, stated: Rows) -> Merge:
    """Merge what a file states (`stated`) into what the portal holds (`current`); `base` is what was last loaded.

    A cell takes the stated value unless it was changed in the portal since the last load; without a last load, what the
    portal holds stands. Rows are never removed, and a table that a file cannot state is kept without a word. Merging
    `stated` into the result, with `stated` as what was last loaded, gives the result again.
    """
    merged: dict[str, dict[str, dict[str, Value]]] = {}
    differences: list[Difference] = []
    for table in _both(stated, current):
        merged[table] = {}
        if table not in stated:
            merged[table] = {key: dict(row) for key, row in current[table].items()}
            continue
        for key in _both(stated.get(table, {}), current.get(table, {})):
            row, cells = _merge_row(
                _find_row(base or {}, table, key), _find_row(current, table, key), _find_row(stated, table, key)
            )
            if row is not None:
                merged[table][key] = row
            differences += (Difference(table, key, *cell) for cell in cells)
    return Merge(merged, tuple(differences))


def _merge_row(
    base: Row | None, current: Row | None, stated: Row | None
) -> tuple[dict[str, Value] | None, list[tuple[str, Value, Value]]]:
    """The merged row (None: it stays removed) and its differences as (column, kept, stated)."""
    if current is None and stated is not None:
        return (dict(stated), []) if base is None else (None, [("", None, dict(stated))])
    if current is None or stated is None:
        return dict(current or {}), [("", dict(current or {}), None)]
    kept = {
        column: value for column, value in current.items() if column not in stated or _stands(column, base, current)
    }
    differences = [
        (column, kept[column], value) for column, value in stated.items() if column in kept and kept[column] != value
    ]
    return {**stated, **kept}, differences


def _stands(column: str, base: Row | None, current: Row) -> bool:
    """Whether the portal's own value stands: it is not what was last loaded."""
    if base is None:
        return True
    # A column that is newer than the last load holds nothing, unless someone filled it since.
    return current[column] != base[column] if column in base else bool(current[column])


def _both(stated: Mapping[str, object], current: Mapping[str, object]) -> list[str]:
    return [*stated, *(key for key in current if key not in stated)]


def _find_row(rows: Rows, table: str, key: str) -> Row | None:
    return rows.get(table, {}).get(key)
