"""Tables of imports."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, UtcDateTime, one_of
from portal.imports.rules import IMPORT_STATES


class Import(Base):
    """One file that someone brought, and what became of it.

    While it waits to be checked or stored the file itself lies in the store; afterwards only its hash stays.
    """

    __tablename__ = "imports"
    __table_args__ = (
        one_of("state", IMPORT_STATES, "state"),
        CheckConstraint("row_count >= 0 AND created >= 0 AND updated >= 0 AND unchanged >= 0", name="counts"),
        Index("ix_imports_project_code_id", "project_code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(255))
    # The SHA-256 of the file's content in hex, which outlives the file.
    content_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True)
    # What was said beside the file: whose rows it holds, which month. Option -> value, without those left open.
    options: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # The encoding that was taken for that of a CSV file; '' where there was no doubt.
    guessed_encoding: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20))
    # The job that checks or stores a long file (NULL: none does).
    job_id: Mapped[int | None]
    row_count: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    # What is wrong with which rows: {"row", "column", "code", "values", "severity", "rows"}; the first of many.
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    error_count: Mapped[int] = mapped_column(default=0)
    warning_count: Mapped[int] = mapped_column(default=0)
    # Who brought it, as the audit knows them.
    added_by: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str] = mapped_column(String(254), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportedChange(Base):
    """A row that an import changed, as it was before; what an import created carries the import's number itself."""

    __tablename__ = "imported_changes"
    __table_args__ = (Index("ix_imported_changes_import_id", "import_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    row_id: Mapped[int]
    # Column -> value before, the number of the import that had written it before included.
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
