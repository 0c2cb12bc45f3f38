"""A survey as its page shows it: the state of its draft, its waves with how many have answered, and what comes next."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Conflict, NotFound, Problem
from portal.projects.queries import get_project
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Response, Study
from portal.surveys.queries.paper import WaitingSheets, waiting_sheets
from portal.surveys.queries.studies import WaveRow, document_of, find_draft
from portal.surveys.rules.checking import MissingText, check_instrument, missing_texts
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.instrument_files import StudyFile
from portal.surveys.rules.margins import Margins, margins_from_content, misfits
from portal.surveys.rules.next_steps import NextStep, step_of_draft, step_of_waves
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.rules.waves import WaveState, wave_state

VersionRow = InstrumentRow


class DraftState(NamedTuple):
    """What is being edited, and what still keeps it from being published."""

    row: VersionRow
    instrument: Instrument
    problems: Sequence[Problem]
    missing: Sequence[MissingText]


class WaveItem(NamedTuple):
    """A wave, its state today, and how many have answered: None where it is fewer than may be told.

    How many of its paper forms wait is for those alone who type them in.
    """

    row: WaveRow
    state: WaveState
    number: int | None
    waiting: WaitingSheets


class StudyOverview(NamedTuple):
    """A survey with what comes next; `draft` is None where the latest version is published."""

    study: Study
    draft: DraftState | None
    waves: Sequence[WaveItem]
    step: NextStep


def get_overview(study: Study, today: date) -> StudyOverview:
    """The survey as it is on this day, in the project's zone."""
    return _overview(study, response_numbers(study), waiting_sheets(study), today)


def list_overviews(studies: Sequence[Study], today: date) -> list[StudyOverview]:
    """The surveys as they are on this day, in the project's zone."""
    numbers, waiting = response_numbers(*studies), waiting_sheets(*studies)
    return [_overview(study, numbers, waiting, today) for study in studies]


def _overview(
    study: Study, numbers: Mapping[int, int | None], waiting: Mapping[int, WaitingSheets], today: date
) -> StudyOverview:
    """`numbers` and `waiting` are by wave id, as `response_numbers` and `waiting_sheets` give them."""
    draft = _draft_state(study)
    waves = [WaveItem(wave, state_of(wave, today), numbers[wave.id], waiting[wave.id]) for wave in study.waves]
    if draft:
        counts = {"items": len(draft.instrument.items), "problems": len(draft.problems), "missing": len(draft.missing)}
        return StudyOverview(study, draft, waves, step_of_draft(**counts))
    has_answers = any(each.number is not None for each in waves)
    return StudyOverview(study, None, waves, step_of_waves([each.state for each in waves], has_answers=has_answers))


def state_of(wave: WaveRow, today: date) -> WaveState:
    """Whether the wave takes answers on this day, in the project's zone; none does once the project is closed."""
    return _state(wave, wave.by_hand, today)


def state_by_days(wave: WaveRow, today: date) -> WaveState:
    """What its state would be if its days alone decided."""
    return _state(wave, "", today)


def _state(wave: WaveRow, by_hand: str, today: date) -> WaveState:
    return wave_state(
        is_published=wave.instrument_id is not None,
        is_over=get_project(wave.study.project_code).status == "closed",
        by_hand=by_hand,
        opens_on=wave.opens_on,
        last_day=wave.last_day,
        today=today,
    )


def response_numbers(*studies: Study) -> Mapping[int, int | None]:
    """Wave id -> how many have answered, of these surveys; None where it is fewer than may be told."""
    ids = [wave.id for study in studies for wave in study.waves]
    counted = select(Response.wave_id, func.count()).where(Response.wave_id.in_(ids)).group_by(Response.wave_id)
    found: dict[int, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    return {each: number if (number := found.get(each, 0)) >= MIN_RESPONDENTS else None for each in ids}


def get_draft(study: Study) -> VersionRow:
    """The version that is being edited; raise Conflict where all are published and so frozen."""
    draft = find_draft(study)
    if draft is None:
        raise Conflict("study-frozen")
    return draft


def get_version(study: Study, number: int) -> VersionRow:
    """The version with this number; raise NotFound."""
    for each in study.instruments:
        if each.number == number:
            return each
    raise NotFound("study-version-unknown")


def study_file(study: Study, row: VersionRow) -> StudyFile:
    """The survey with this version as its file states it."""
    waves = tuple(WaveDraft(each.key, each.opens_on, each.last_day, each.has_open_link) for each in study.waves)
    return StudyFile(study.key, study.project_code, document_of(row), waves, _fitting(study, row))


def _fitting(study: Study, row: VersionRow) -> Margins:
    """The known shares of the survey; those that do not fit this version are none of its file."""
    margins = margins_from_content(study.margins)
    gone = misfits(document_of(row).groups, margins)
    return {group: margin for group, margin in margins.items() if group not in gone}


def version_before(study: Study, row: VersionRow) -> VersionRow | None:
    """The version before this one; None before the first."""
    return next((each for each in reversed(study.instruments) if each.number < row.number), None)


def _draft_state(study: Study) -> DraftState | None:
    row = find_draft(study)
    if row is None:
        return None
    instrument = document_of(row)
    return DraftState(row, instrument, check_instrument(instrument), missing_texts(instrument))
