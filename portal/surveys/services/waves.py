"""The waves of a survey: adding them, their days, opening and closing by hand, and the open link."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.models import Project
from portal.projects.rules.closing import check_open
from portal.surveys.models import FieldworkNote, PaperSheet, Response, Sitting, Study, Token, Wave
from portal.surveys.queries.studies import find_published
from portal.surveys.rules.wave_drafts import WaveDraft, check_wave
from portal.surveys.rules.waves import BY_HAND

TOKEN_BYTES = 32
# What a wave that is taken away must not have.
HELD_BY = (Response, Token, Sitting, PaperSheet, FieldworkNote)


def add_wave(study_id: int, draft: WaveDraft, *, now: datetime) -> int:
    """Store a wave after the survey's others, with the latest published version where there is one; return its id.

    Raise InvalidInputs for what cannot be stored, Conflict if the project is closed, NotFound.
    """
    with transaction() as session:
        study = _open_study(session, study_id)
        check_wave(draft, taken=[each.key for each in study.waves])
        position = max((each.position for each in study.waves), default=0) + 1
        wave = Wave(position=position, token=secrets.token_urlsafe(TOKEN_BYTES), **draft._asdict())
        wave.instrument = find_published(study)
        study.waves.append(wave)
        session.flush()
        record(session, "wave_changed", _subject(study), now=now, after=_columns(wave))
        return wave.id


def change_wave(wave_id: int, draft: WaveDraft, *, version: int, now: datetime) -> None:
    """Store the wave's days and whether its open link leads in; its key stays, as files and codes name it.

    Raise as `add_wave` does, and Conflict if someone has changed the wave since `version`.
    """
    with transaction() as session:
        wave = _wave(session, wave_id, version)
        check_wave(draft, taken=())
        before = _columns(wave)
        wave.opens_on, wave.last_day, wave.has_open_link = draft.opens_on, draft.last_day, draft.has_open_link
        _store(session, wave, before, now)


def decide_wave(wave_id: int, by_hand: str, *, version: int, now: datetime) -> None:
    """Open or close the wave by hand ("open", "closed"), whatever its days say; '' lets the days decide again.

    Raise InvalidInput for another word, Conflict if it is not published yet or changed since `version`, NotFound.
    """
    with transaction() as session:
        wave = _wave(session, wave_id, version)
        if by_hand not in BY_HAND:
            raise InvalidInput("wave-decision", where="by_hand")
        if wave.instrument_id is None:
            raise Conflict("wave-unpublished")
        before = _columns(wave)
        wave.by_hand = by_hand
        _store(session, wave, before, now)


def remove_wave(wave_id: int, *, version: int, now: datetime) -> None:
    """Take away a wave for which nothing was answered, handed out or noted.

    Raise Conflict where something was, or if it changed since `version`, NotFound.
    """
    with transaction() as session:
        wave = _wave(session, wave_id, version)
        if is_used(session, wave_id):
            raise Conflict("wave-used", wave=wave.key)
        record(session, "wave_changed", _subject(wave.study), now=now, before=_columns(wave))
        session.delete(wave)


def is_used(session: Session, wave_id: int) -> bool:
    """Whether something was answered, handed out or noted for the wave."""
    return any(
        session.scalar(select(table.wave_id).where(table.wave_id == wave_id).limit(1)) is not None for table in HELD_BY
    )


def _open_study(session: Session, study_id: int) -> Study:
    """The survey, held against other writers; raise NotFound, Conflict if its project is closed."""
    held = select(Study).where(Study.id == study_id).with_for_update().execution_options(populate_existing=True)
    study = session.scalar(held)
    if study is None:
        raise NotFound("study-unknown")
    project = session.get(Project, study.project_code)
    check_open(project.status if project else "")
    return study


def _wave(session: Session, wave_id: int, version: int) -> Wave:
    held = select(Wave).where(Wave.id == wave_id).with_for_update().execution_options(populate_existing=True)
    wave = session.scalar(held)
    if wave is None:
        raise NotFound("wave-unknown")
    project = session.get(Project, wave.study.project_code)
    check_open(project.status if project else "")
    if wave.version != version:
        raise Conflict("wave-stale")
    return wave


def _store(session: Session, wave: Wave, before: dict[str, Any], now: datetime) -> None:
    after = _columns(wave)
    if after != before:
        wave.version += 1
        record(session, "wave_changed", _subject(wave.study), now=now, before=before, after=after)


def _subject(study: Study) -> Subject:
    return Subject("study", study.id, study.key, study.project_code)


def _columns(wave: Wave) -> dict[str, Any]:
    return {
        "wave": wave.key,
        "first_day": wave.opens_on,
        "last_day": wave.last_day,
        "by_hand": wave.by_hand,
        "open_link": wave.has_open_link,
    }
