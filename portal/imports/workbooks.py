"""The workbooks of a kind of file: the empty one to fill in, and the one with what is stored, in the same columns."""

import io
from collections.abc import Mapping, Sequence

from portal.core.errors import NotFound
from portal.core.tables import TemplateColumn, write_rows, write_template
from portal.imports.kinds import FileColumn, ImportKind
from portal.imports.options import list_columns


def template_workbook(kind: ImportKind, code: str, stated: Mapping[str, str] | None = None) -> bytes:
    """The workbook to fill in, which offers the project's own values too ('': only those of every project).

    `stated` is what is said of the kind's options already, on which its columns may depend.
    """
    return write_template(_columns(list_columns(kind, code, stated or {}), code))


def export_workbook(kind: ImportKind, code: str, reach: frozenset[str] | None) -> bytes:
    """Every row of the project that the reach may see; only the packed workbook is kept in memory.

    Raise NotFound where the kind hands out no rows.
    """
    if kind.export is None:
        raise NotFound("not-open")
    target = io.BytesIO()
    write_rows(_columns(kind.columns, code), kind.export(code, reach), target)
    return target.getvalue()


def _columns(columns: Sequence[FileColumn], code: str) -> list[TemplateColumn]:
    return [
        TemplateColumn(
            each.name,
            each.explanation,
            each.is_key,
            each.is_required,
            tuple(each.choices(code)) if each.choices else (),
        )
        for each in columns
    ]
