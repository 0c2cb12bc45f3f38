"""Reading studies, their versions and waves."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.errors import NotFound
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Study, Wave
from portal.surveys.rules.documents import Instrument, from_content
from portal.surveys.rules.editing import column_keys

# How many versions a process keeps at hand for those who answer.
VERSIONS_KEPT: Final = 32

# What views may call a study and a wave without knowing the models.
StudyRow = Study
WaveRow = Wave


def list_studies(code: str) -> Sequence[Study]:
    """The project's studies with their versions and waves, in the order in which they were made."""
    mine = select(Study).where(Study.project_code == code).order_by(Study.id)
    return db.session.scalars(mine.options(selectinload(Study.instruments), selectinload(Study.waves))).all()


def get_study(code: str, key: str) -> Study:
    """The project's study with this key; raise NotFound."""
    study = db.session.scalar(select(Study).where(Study.project_code == code, Study.key == key))
    if study is None:
        raise NotFound("study-unknown")
    return study


def find_study(code: str, key: str) -> Study | None:
    """The project's study with this key; None where there is none."""
    return db.session.scalar(select(Study).where(Study.project_code == code, Study.key == key))


def get_wave(study: Study, key: str) -> Wave:
    """The study's wave with this key; raise NotFound."""
    for wave in study.waves:
        if wave.key == key:
            return wave
    raise NotFound("wave-unknown")


def find_draft(study: Study) -> InstrumentRow | None:
    """The version that is being edited; None where the latest is published."""
    latest = study.instruments[-1]
    return None if latest.content_hash else latest


def find_published(study: Study) -> InstrumentRow | None:
    """The latest version that is published; None where there is none."""
    return next((row for row in reversed(study.instruments) if row.content_hash), None)


def document_of(row: InstrumentRow) -> Instrument:
    """What this version asks."""
    return from_content(row.content)


@lru_cache(maxsize=VERSIONS_KEPT)
def asked_in(content_hash: str) -> Instrument:
    """What the published version with this hash asks; raise NotFound. It is frozen, so it is read once and kept."""
    content = db.session.scalar(
        select(InstrumentRow.content).where(InstrumentRow.content_hash == content_hash).limit(1)
    )
    if content is None:
        raise NotFound("study-unknown")
    return from_content(content)


def published_documents(study: Study) -> list[Instrument]:
    """What each published version of the study asks, the latest last."""
    return [document_of(row) for row in study.instruments if row.content_hash]


def published_keys(study: Study) -> set[str]:
    """The keys of all items and groups that a published version of the study asks."""
    return {key for asked in published_documents(study) for key in column_keys(asked)}
