"""Noting what was done in the field, and taking a wrong note away again."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import current_actor, record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.projects.models import Project
from portal.surveys.models import FieldworkNote, Wave
from portal.surveys.rules.fieldwork import NoteDraft, check_note
from portal.surveys.services.rows import lock_project_of, subject


def note_fieldwork(wave_id: int, draft: NoteDraft, *, now: datetime) -> int:
    """Store the note and return its id.

    Raise InvalidInputs for what cannot be noted, Conflict if the project is closed, NotFound.
    """
    with transaction() as session:
        wave = _open_wave(session, wave_id)
        zone = session.get_one(Project, wave.study.project_code).time_zone
        check_note(draft, today=now.astimezone(ZoneInfo(zone)).date())
        row = FieldworkNote(wave_id=wave_id, actor=current_actor().label, entered_at=now, **draft._asdict())
        session.add(row)
        session.flush()
        record(session, "fieldwork_noted", subject(wave.study), now=now, after=_columns(wave, row))
        return row.id


def remove_note(note_id: int, *, now: datetime) -> None:
    """Take the note away; raise Conflict if the project is closed, NotFound if the note is gone already."""
    with transaction() as session:
        row = session.get(FieldworkNote, note_id)
        if row is None:
            raise NotFound("fieldwork-unknown")
        wave = _open_wave(session, row.wave_id)
        # Somebody may have taken it away meanwhile.
        held = select(FieldworkNote).where(FieldworkNote.id == note_id).with_for_update()
        row = session.scalar(held.execution_options(populate_existing=True))
        if row is None:
            raise NotFound("fieldwork-unknown")
        record(session, "fieldwork_removed", subject(wave.study), now=now, before=_columns(wave, row))
        session.delete(row)


def _open_wave(session: Session, wave_id: int) -> Wave:
    """The wave, which cannot go meanwhile; raise NotFound, Conflict if the project is closed."""
    lock_project_of(session, wave_id)
    held = select(Wave).where(Wave.id == wave_id).with_for_update(read=True, key_share=True)
    wave = session.scalar(held.execution_options(populate_existing=True))
    if wave is None:
        raise NotFound("wave-unknown")
    return wave


def _columns(wave: Wave, row: FieldworkNote) -> dict[str, Any]:
    """What the audit keeps: the day and the numbers; of the text, which may name people, only that there was one."""
    return {
        "wave": wave.key,
        "day": row.day,
        "handed_out": row.handed_out,
        "returned": row.returned,
        "comment": f"{row.place}\n{row.text}",
    }
