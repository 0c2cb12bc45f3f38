"""The workbooks of a kind of file: the empty one to fill in, and the one with what is stored, in the same columns."""

import io

from portal.core.tables import TemplateColumn, write_rows, write_template
from portal.imports.kinds import ImportKind


def template_workbook(kind: ImportKind, code: str) -> bytes:
    """The workbook to fill in, which offers the project's own values too ('': only those of every project)."""
    return write_template(_columns(kind, code))


def export_workbook(kind: ImportKind, code: str, reach: frozenset[str] | None) -> bytes:
    """Every row of the project that the reach may see; only the packed workbook is kept in memory."""
    target = io.BytesIO()
    write_rows(_columns(kind, code), kind.export(code, reach), target)
    return target.getvalue()


def _columns(kind: ImportKind, code: str) -> list[TemplateColumn]:
    return [
        TemplateColumn(
            each.name,
            each.explanation,
            each.is_key,
            each.is_required,
            tuple(each.choices(code)) if each.choices else (),
        )
        for each in kind.columns
    ]
