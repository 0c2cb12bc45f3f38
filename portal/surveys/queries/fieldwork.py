"""Reading the log of fieldwork."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.surveys.models import FieldworkNote
from portal.surveys.queries.studies import WaveRow
from portal.surveys.rules.fieldwork import FieldworkSums


def list_notes(wave: WaveRow) -> Sequence[FieldworkNote]:
    """The wave's notes, the latest day first."""
    mine = select(FieldworkNote).where(FieldworkNote.wave_id == wave.id)
    return db.session.scalars(mine.order_by(FieldworkNote.day.desc(), FieldworkNote.id.desc())).all()


def sum_notes(wave: WaveRow) -> FieldworkSums:
    """How many forms went out and came back in the wave."""
    sums = select(func.sum(FieldworkNote.handed_out), func.sum(FieldworkNote.returned))
    handed_out, returned = db.session.execute(sums.where(FieldworkNote.wave_id == wave.id)).one()
    return FieldworkSums(int(handed_out or 0), int(returned or 0))


def get_note(wave: WaveRow, note_id: int) -> FieldworkNote:
    """The wave's note with this id; raise NotFound, also for another wave's."""
    row = db.session.get(FieldworkNote, note_id)
    if row is None or row.wave_id != wave.id:
        raise NotFound("fieldwork-unknown")
    return row
