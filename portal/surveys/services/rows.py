"""What services of surveys share: the survey they change, held against others, and what the audit says of it."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.services.events import lock_project
from portal.audit.services import Subject
from portal.core.errors import Conflict, InvalidInputs, NotFound, Problem
from portal.core.files.rules import HASH_SHOWN
from portal.projects.models import Project
from portal.projects.rules.closing import check_open
from portal.surveys.models import FieldworkNote, PaperSheet, Response, Sitting, Study, Token, Wave
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.queries.studies import find_draft
from portal.surveys.rules.documents import Instrument, content_hash, to_content
from portal.surveys.rules.secrets import LETTERS, LINK_LENGTH
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.rules.waves import WaveState, wave_state

SALT_BYTES = 32
# What a wave must not have that is to ask another version; codes fit any.
ANSWERED_BY = (Response, Sitting, PaperSheet, FieldworkNote)
# What a wave that is taken away must not have.
HELD_BY = (*ANSWERED_BY, Token)


def new_secret(length: int) -> str:
    """So many letters and digits that nobody can guess, easily read on paper."""
    return "".join(secrets.choice(LETTERS) for _letter in range(length))


def new_salt() -> str:
    """What keyed hashes of a survey's pairing codes are made with."""
    return secrets.token_hex(SALT_BYTES)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise InvalidInputs if there are problems."""
    if problems:
        raise InvalidInputs(problems)


def hold_project(session: Session, code: str) -> Project:
    """The project, held so that nobody else adds to it; raise NotFound, Conflict if it is closed."""
    project = session.get(Project, code, with_for_update=True)
    if project is None:
        raise NotFound("project-unknown", code=code)
    check_open(project.status)
    return project


def lock_project_of(session: Session, wave_id: int) -> None:
    """Hold the wave's project, always before the wave; raise NotFound, Conflict if the project is closed."""
    code = session.scalar(select(Study.project_code).join(Wave, Wave.study_id == Study.id).where(Wave.id == wave_id))
    if code is None:
        raise NotFound("wave-unknown")
    lock_project(session, code)


def hold_study(session: Session, study_id: int) -> Study:
    """The survey, held against other writers; raise NotFound, Conflict if its project is closed."""
    study = held_study(session, study_id)
    project = session.get(Project, study.project_code)
    check_open(project.status if project else "")
    return study


def held_study(session: Session, study_id: int) -> Study:
    """The survey, held against other writers also if its project is closed; raise NotFound."""
    held = select(Study).where(Study.id == study_id).with_for_update().execution_options(populate_existing=True)
    study = session.scalar(held)
    if study is None:
        raise NotFound("study-unknown")
    return study


def hold_waves(session: Session, study: Study) -> Sequence[Wave]:
    """The survey's waves in their order, held against whoever types, answers or notes in them."""
    mine = select(Wave).where(Wave.study_id == study.id).order_by(Wave.id).with_for_update()
    session.scalars(mine.execution_options(populate_existing=True)).all()
    session.refresh(study, ["waves"])
    return study.waves


def is_used(session: Session, wave_id: int) -> bool:
    """Whether something was answered, handed out or noted for the wave."""
    return _has_any(session, wave_id, HELD_BY)


def state_now(session: Session, wave: Wave, now: datetime) -> WaveState:
    """Whether the wave, were it published, takes answers at this moment; its project is held, and so is not closed."""
    project = session.get_one(Project, wave.study.project_code)
    return wave_state(
        is_published=True,
        is_over=False,
        by_hand=wave.by_hand,
        opens_on=wave.opens_on,
        last_day=wave.last_day,
        today=now.astimezone(ZoneInfo(project.time_zone)).date(),
    )


def is_answered(session: Session, wave_id: int) -> bool:
    """Whether somebody answers or has answered in the wave, its forms were typed in, or somebody was in the field."""
    return _has_any(session, wave_id, ANSWERED_BY)


def _has_any(session: Session, wave_id: int, tables: Iterable[Any]) -> bool:
    return any(
        session.scalar(select(table.wave_id).where(table.wave_id == wave_id).limit(1)) is not None for table in tables
    )


def held_draft(study: Study, version: int) -> InstrumentRow:
    """The version that is being edited; raise Conflict if there is none or someone has changed it since `version`."""
    draft = find_draft(study)
    if draft is None:
        raise Conflict("study-frozen")
    if draft.version != version:
        raise Conflict("study-stale")
    return draft


def new_version(study: Study, instrument: Instrument, mapping: dict[str, str], now: datetime) -> InstrumentRow:
    """A draft of the survey after its other versions."""
    number = max((row.number for row in study.instruments), default=0) + 1
    row = InstrumentRow(
        number=number, content=to_content(instrument), mapping=mapping, version=1, created_at=now, updated_at=now
    )
    study.instruments.append(row)
    return row


def new_wave(study: Study, draft: WaveDraft, row: InstrumentRow | None) -> Wave:
    """A wave after the survey's others, with this version of the instrument."""
    position = max((each.position for each in study.waves), default=0) + 1
    wave = Wave(position=position, token=new_secret(LINK_LENGTH).lower(), **draft._asdict())
    wave.instrument = row
    study.waves.append(wave)
    return wave


def subject(study: Study) -> Subject:
    """The survey as the audit knows it."""
    return Subject("study", study.id, study.key, study.project_code)


def facts(row: InstrumentRow, instrument: Instrument) -> dict[str, Any]:
    """What the audit says of a version: its number, languages, how much it asks, and what tells it from any other."""
    return {
        "number": row.number,
        "languages": list(instrument.languages),
        "items": len(instrument.items),
        "scales": len(instrument.scales),
        "hash": content_hash(instrument)[:HASH_SHOWN],
    }
