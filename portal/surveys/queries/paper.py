"""Reading paper sheets."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Conflict, NotFound
from portal.surveys.models import PaperSheet
from portal.surveys.queries.studies import WaveRow, document_of
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.paper import SheetState, sheet_state

SheetRow = PaperSheet


class SheetItem(NamedTuple):
    """A sheet, and how far it is."""

    row: PaperSheet
    state: SheetState


def list_sheets(wave: WaveRow) -> Sequence[SheetItem]:
    """The wave's sheets by their numbers."""
    mine = select(PaperSheet).where(PaperSheet.wave_id == wave.id).order_by(PaperSheet.number)
    return [_item(row) for row in db.session.scalars(mine)]


def count_states(sheets: Sequence[SheetItem]) -> dict[SheetState, int]:
    """How many sheets are how far; every state, in its order."""
    counted = Counter(sheet.state for sheet in sheets)
    return {state: counted[state] for state in SheetState}


def find_sheet(wave: WaveRow, number: int) -> SheetItem | None:
    """The wave's sheet with this number."""
    row = db.session.scalar(select(PaperSheet).where(PaperSheet.wave_id == wave.id, PaperSheet.number == number))
    return _item(row) if row else None


def get_sheet(wave: WaveRow, number: int) -> SheetItem:
    """The wave's sheet with this number; raise NotFound."""
    found = find_sheet(wave, number)
    if found is None:
        raise NotFound("paper-unknown")
    return found


def asked_in(wave: WaveRow) -> Instrument:
    """What the wave asks; raise Conflict where that is not published yet."""
    if wave.instrument is None:
        raise Conflict("wave-unpublished")
    return document_of(wave.instrument)


def _item(row: PaperSheet) -> SheetItem:
    return SheetItem(row, sheet_state(row.first, row.second, is_settled=row.is_settled))
