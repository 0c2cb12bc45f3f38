"""Tables of what is answered. Nothing here tells when, in which order or by whom something was answered.

Rows have random names and lie in their order. A token is deleted in the moment in which its answers are stored, so
that no column, order or time could join the two.
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.surveys.rules.answers import SOURCES


class Token(Base):
    """A right to answer once that nobody has used yet; only its hash is kept."""

    __tablename__ = "survey_tokens"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"), index=True)


class Sitting(Base):
    """Answers that somebody is still giving, known by the hash of a secret in their browser; deleted at the end."""

    __tablename__ = "survey_sittings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    # The last day on which something was answered: old ones are deleted.
    day: Mapped[date]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    groups: Mapped[dict[str, str]] = mapped_column(JSON)
    # Keyed hashes, one for each element of the code.
    pairing: Mapped[list[str]] = mapped_column(JSON)


class Response(Base):
    """What one person answered."""

    __tablename__ = "survey_responses"
    __table_args__ = (
        UniqueConstraint("wave_id", "row_key"),
        Index("ix_survey_responses_import_id", "import_id"),
        # How many of a wave came from which file is asked by every page of results.
        Index("ix_survey_responses_wave_id_import_id", "wave_id", "import_id"),
        one_of("source", SOURCES, "source"),
        CheckConstraint("weight_micros > 0", name="weight"),
        {"sqlite_with_rowid": False},
    )

    # 32 random hexadecimal digits: not the order of arrival.
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"), index=True)
    # Its natural key: the respondent or file and row of an import; else its own id.
    row_key: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    # Nothing finer than the day is kept; None of answers from paper or a file.
    day: Mapped[date | None]
    # Item key -> value as rules/answers.py reads it; what is not there was not answered.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    groups: Mapped[dict[str, str]] = mapped_column(JSON)
    # Opaque, the same in both waves only if the person agreed to it; '' where there is none.
    respondent: Mapped[str] = mapped_column(String(80), default="")
    pairing: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Millionths; None: not weighted.
    weight_micros: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))


class PaperSheet(Base):
    """A paper form typed in by two people; their answers become a response once they agree or somebody settles them."""

    __tablename__ = "paper_sheets"
    __table_args__ = (UniqueConstraint("wave_id", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"))
    # As it is written on the paper.
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    # {"answers": …, "groups": …, "pairing": …} as each of the two read the paper; None: not yet.
    first: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_by: Mapped[int]
    second: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    second_by: Mapped[int | None]
    is_settled: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
