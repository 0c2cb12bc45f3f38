"""Noting what was done in the field, mending a note, and taking a wrong one away again."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import current_actor, record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound
from portal.projects.models import Project
from portal.surveys.models import FieldworkNote, Wave
from portal.surveys.queries.fieldwork import draft_of, sum_notes
from portal.surveys.rules.fieldwork import NoteDraft, check_author, check_note, check_removal, version_of
from portal.surveys.services.rows import lock_project_of, subject


def note_fieldwork(wave_id: int, draft: NoteDraft, *, now: datetime) -> int:
    """Store the note and return its id.

    Raise InvalidInputs for what cannot be noted, Conflict if the project is closed, NotFound.
    """
    with transaction() as session:
        wave = _open_wave(session, wave_id)
        check_note(draft, today=_today(session, wave, now), others=sum_notes(wave))
        row = FieldworkNote(wave_id=wave_id, actor=current_actor().label, entered_at=now, **draft._asdict())
        session.add(row)
        session.flush()
        record(session, "fieldwork_noted", subject(wave.study), now=now, after=_columns(wave, row))
        return row.id


def change_note(note_id: int, draft: NoteDraft, *, version: int, now: datetime, changes_all: bool = False) -> None:
    """Store what the note says now; who noted it first stays its author.

    Raise InvalidInputs for what cannot be noted, NotAllowed for somebody else's note unless one `changes_all`, Conflict
    if it says something else than at `version` or the project is closed, NotFound.
    """
    with transaction() as session:
        wave, row = _held_note(session, note_id, version, changes_all=changes_all)
        stored, others = draft_of(row), sum_notes(wave, without=row.id)
        check_note(draft, today=_today(session, wave, now), others=others, before=stored)
        if draft == stored:
            return
        before = _columns(wave, row)
        row.day, row.place, row.text = draft.day, draft.place, draft.text
        row.handed_out, row.returned = draft.handed_out, draft.returned
        record(session, "fieldwork_changed", subject(wave.study), now=now, before=before, after=_columns(wave, row))


def remove_note(note_id: int, *, version: int, now: datetime, changes_all: bool = False) -> None:
    """Take the note away; raise as `change_note` does, and Conflict if forms that it handed out came back since."""
    with transaction() as session:
        wave, row = _held_note(session, note_id, version, changes_all=changes_all)
        check_removal(draft_of(row), others=sum_notes(wave, without=row.id))
        record(session, "fieldwork_removed", subject(wave.study), now=now, before=_columns(wave, row))
        session.delete(row)


def _held_note(session: Session, note_id: int, version: int, *, changes_all: bool) -> tuple[Wave, FieldworkNote]:
    """The note with its wave, held against others who change it."""
    row = session.get(FieldworkNote, note_id)
    if row is None:
        raise NotFound("fieldwork-unknown")
    wave = _open_wave(session, row.wave_id)
    # Somebody may have taken it away meanwhile.
    held = select(FieldworkNote).where(FieldworkNote.id == note_id).with_for_update()
    row = session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("fieldwork-unknown")
    check_author(row.actor, current_actor().label, changes_all=changes_all)
    if version_of(draft_of(row)) != version:
        raise Conflict("fieldwork-stale")
    return wave, row


def _today(session: Session, wave: Wave, now: datetime) -> date:
    return now.astimezone(ZoneInfo(session.get_one(Project, wave.study.project_code).time_zone)).date()


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
