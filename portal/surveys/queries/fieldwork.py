"""Reading the log of fieldwork."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.surveys.models import FieldworkNote
from portal.surveys.queries.studies import StudyRow, WaveRow
from portal.surveys.rules.fieldwork import FieldworkSums, NoteDraft

# What views and forms may call a note without knowing the models.
NoteRow = FieldworkNote


def list_notes(wave: WaveRow) -> Sequence[FieldworkNote]:
    """The wave's notes, the latest day first."""
    mine = select(FieldworkNote).where(FieldworkNote.wave_id == wave.id)
    return db.session.scalars(mine.order_by(FieldworkNote.day.desc(), FieldworkNote.id.desc())).all()


def sum_notes(wave: WaveRow, *, without: int | None = None) -> FieldworkSums:
    """How many forms went out and came back in the wave; the note with the id `without` does not count."""
    sums = select(func.sum(FieldworkNote.handed_out), func.sum(FieldworkNote.returned))
    mine = sums.where(FieldworkNote.wave_id == wave.id)
    if without is not None:
        mine = mine.where(FieldworkNote.id != without)
    handed_out, returned = db.session.execute(mine).one()
    return FieldworkSums(int(handed_out or 0), int(returned or 0))


def sums_of_waves(study: StudyRow) -> Mapping[str, FieldworkSums]:
    """Key of the wave -> how many forms went out and came back, of the waves that have notes."""
    sums = select(FieldworkNote.wave_id, func.sum(FieldworkNote.handed_out), func.sum(FieldworkNote.returned))
    mine = sums.where(FieldworkNote.wave_id.in_([wave.id for wave in study.waves]))
    keys = {wave.id: wave.key for wave in study.waves}
    rows = db.session.execute(mine.group_by(FieldworkNote.wave_id))
    return {keys[row[0]]: FieldworkSums(int(row[1]), int(row[2])) for row in rows}


def draft_of(note: NoteRow) -> NoteDraft:
    """What the note says."""
    return NoteDraft(note.day, note.place, note.text, note.handed_out, note.returned)


def get_note(wave: WaveRow, note_id: int) -> FieldworkNote:
    """The wave's note with this id; raise NotFound, also for another wave's."""
    row = db.session.get(FieldworkNote, note_id)
    if row is None or row.wave_id != wave.id:
        raise NotFound("fieldwork-unknown")
    return row
