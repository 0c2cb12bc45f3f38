"""Reading paper sheets."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Text, case, cast, func, select

from portal.core.db import db
from portal.core.errors import Conflict, NotFound
from portal.core.web.paging import PAGE_SIZE, ListPage
from portal.surveys.models import PaperSheet, Study
from portal.surveys.queries.studies import WaveRow, document_of
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.paper import SheetState, sheet_state

SheetRow = PaperSheet

# How far a sheet is, as `sheet_state` says. The typings of one that is stored are empty alike, down to their letters.
STATE = case(
    (PaperSheet.second.is_(None), SheetState.ONCE.value),
    (PaperSheet.is_settled, SheetState.SETTLED.value),
    (cast(PaperSheet.first, Text) == cast(PaperSheet.second, Text), SheetState.AGREE.value),
    else_=SheetState.DIFFER.value,
)


class SheetItem(NamedTuple):
    """A sheet, and how far it is."""

    row: PaperSheet
    state: SheetState


class ListedSheet(NamedTuple):
    """A sheet as a list shows it, without what was typed."""

    number: int
    language: str
    first_by: int
    state: SheetState


class WaitingSheets(NamedTuple):
    """How many sheets of a wave are typed in once only, and of how many the two typings differ."""

    once: int = 0
    differ: int = 0


def list_sheets(wave: WaveRow, page: int = 1, size: int = PAGE_SIZE) -> ListPage[ListedSheet]:
    """A page of `size` of the wave's sheets, by their numbers; the last page if there are fewer."""
    total = sum(count_states(wave).values())
    last = max(1, -(-total // size))
    number = min(page, last)
    wanted = select(PaperSheet.number, PaperSheet.language, PaperSheet.first_by, STATE)
    mine = wanted.where(PaperSheet.wave_id == wave.id).order_by(PaperSheet.number)
    rows = db.session.execute(mine.limit(size).offset((number - 1) * size))
    return ListPage([ListedSheet(row[0], row[1], row[2], SheetState(row[3])) for row in rows], number, last, total)


def count_states(wave: WaveRow) -> Mapping[SheetState, int]:
    """How many of the wave's sheets are how far; every state, in its order."""
    state = STATE.label("state")
    counted = select(state, func.count()).where(PaperSheet.wave_id == wave.id).group_by(state)
    found: dict[str, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    return {each: found.get(each, 0) for each in SheetState}


def waiting_sheets(*studies: Study) -> Mapping[int, WaitingSheets]:
    """Wave id -> how many of its sheets wait, of these surveys."""
    ids = [wave.id for study in studies for wave in study.waves]
    state = STATE.label("state")
    counted = select(PaperSheet.wave_id, state, func.count()).where(PaperSheet.wave_id.in_(ids))
    found = {(row[0], row[1]): row[2] for row in db.session.execute(counted.group_by(PaperSheet.wave_id, state))}
    kinds = WaitingSheets._fields
    return {each: WaitingSheets(*(found.get((each, kind), 0) for kind in kinds)) for each in ids}


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


def hash_asked(wave: WaveRow) -> str:
    """The hash of what the wave asks, which tells it from any other version; '' where that is not published yet."""
    return wave.instrument.content_hash if wave.instrument else ""


def _item(row: PaperSheet) -> SheetItem:
    return SheetItem(row, sheet_state(row.first, row.second, is_settled=row.is_settled))
