"""The table of stored files."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, UtcDateTime


class StoredFile(Base):
    """A file in the evidence folder, known by the SHA-256 of its content in hex; the same content is kept once."""

    __tablename__ = "stored_files"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="size"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
