"""The waves of a survey: adding them, their days, opening and closing by hand, and the open link."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.models import Project
from portal.projects.rules.closing import check_open
from portal.surveys.models import Instrument, Wave
from portal.surveys.queries.studies import find_published
from portal.surveys.rules.wave_drafts import WaveDraft, check_wave
from portal.surveys.rules.waves import BY_HAND, WaveState
from portal.surveys.services.rows import hold_study, is_answered, is_used, new_wave, state_now, subject


def add_wave(study_id: int, draft: WaveDraft, *, now: datetime) -> int:
    """Store a wave after the survey's others, with the latest published version where there is one; return its id.

    Raise InvalidInputs for what cannot be stored, Conflict if the project is closed, NotFound.
    """
    with transaction() as session:
        study = hold_study(session, study_id)
        check_wave(draft, taken=[each.key for each in study.waves])
        wave = new_wave(study, draft, find_published(study))
        session.flush()
        record(session, "wave_changed", subject(study), now=now, after=_columns(wave))
        return wave.id


def change_wave(wave_id: int, draft: WaveDraft, *, version: int, now: datetime) -> int | None:
    """Store the wave's days and whether its open link leads in; its key stays, as files and codes name it.

    A wave in which nobody has answered or noted anything asks the latest published version, unless it was open all the
    time. Return the number of the version where it asks another one than before.
    Raise as `add_wave` does, and Conflict if someone has changed the wave since `version`.
    """
    with transaction() as session:
        wave = _wave(session, wave_id, version)
        check_wave(draft, taken=())
        before, state = _columns(wave), state_now(session, wave, now)
        wave.opens_on, wave.last_day, wave.has_open_link = draft.opens_on, draft.last_day, draft.has_open_link
        _ask_latest(session, wave, state, now)
        return _store(session, wave, before, now)


def decide_wave(wave_id: int, by_hand: str, *, version: int, now: datetime) -> int | None:
    """Open or close the wave by hand ("open", "closed"), whatever its days say; '' lets the days decide again.

    What it asks then, and what is returned of it, is as `change_wave` says.
    Raise InvalidInput for another word, Conflict if it is not published yet or changed since `version`, NotFound.
    """
    with transaction() as session:
        wave = _wave(session, wave_id, version)
        if by_hand not in BY_HAND:
            raise InvalidInput("wave-decision", where="by_hand")
        if wave.instrument_id is None:
            raise Conflict("wave-unpublished")
        before, state = _columns(wave), state_now(session, wave, now)
        wave.by_hand = by_hand
        _ask_latest(session, wave, state, now)
        return _store(session, wave, before, now)


def remove_wave(wave_id: int, *, version: int, now: datetime) -> None:
    """Take away a wave for which nothing was answered, handed out or noted.

    Raise Conflict where something was, or if it changed since `version`, NotFound.
    """
    with transaction() as session:
        wave = _wave(session, wave_id, version)
        if is_used(session, wave_id):
            raise Conflict("wave-used", wave=wave.key)
        record(session, "wave_changed", subject(wave.study), now=now, before=_columns(wave))
        session.delete(wave)


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


def _ask_latest(session: Session, wave: Wave, was: WaveState, now: datetime) -> None:
    """Give a wave in which nobody has answered the latest published version; who has it open is asked what is there."""
    is_open = was == WaveState.OPEN == state_now(session, wave, now)
    if wave.instrument_id is None or is_open or is_answered(session, wave.id):
        return
    published = select(Instrument).where(Instrument.study_id == wave.study_id, Instrument.content_hash != "")
    wave.instrument = session.scalars(published.order_by(Instrument.number.desc()).limit(1)).one()


def _store(session: Session, wave: Wave, before: dict[str, Any], now: datetime) -> int | None:
    """Keep the change, if it is one; return the number of the version where the wave asks another one than before."""
    after = _columns(wave)
    if after != before:
        wave.version += 1
        record(session, "wave_changed", subject(wave.study), now=now, before=before, after=after)
    return wave.instrument.number if wave.instrument and after["asked"] != before["asked"] else None


def _columns(wave: Wave) -> dict[str, Any]:
    return {
        "wave": wave.key,
        "first_day": wave.opens_on,
        "last_day": wave.last_day,
        "by_hand": wave.by_hand,
        "open_link": wave.has_open_link,
        "asked": wave.instrument.number if wave.instrument else None,
    }
