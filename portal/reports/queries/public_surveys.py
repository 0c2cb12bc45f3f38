"""What everyone may read of surveys: waves that are over, of enough people, with small numbers withheld."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from portal.core.errors import NotFound
from portal.projects.queries import get_published_project
from portal.reports.rules.public_answers import AnswerTable, answer_tables, count_answers
from portal.surveys.queries.handing_out import count_responses, known_by, list_answered
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.studies import StudyRow, WaveRow, document_of, get_study, list_studies
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.waves import WaveState

# Counting tens of thousands of answers takes seconds; what was counted of some stands until there are others.
WAVES_KEPT: Final = 64


class ToldWave(NamedTuple):
    """A wave that is over: its key, how many people answered, what it asked, and the tables."""

    key: str
    number: int
    instrument: Instrument
    tables: Sequence[AnswerTable]


def list_public_surveys(code: str, today: date) -> list[tuple[StudyRow, Instrument]]:
    """The published project's surveys of which anything is told, in the order in which they were made.

    Each with what its last such wave asked, which has its title.
    """
    project = get_published_project(code)
    found = [(study, _over(study, today)) for study in list_studies(project.code)]
    return [(study, document_of(waves[-1].instrument)) for study, waves in found if waves and waves[-1].instrument]


def get_public_survey(code: str, key: str, today: date) -> list[ToldWave]:
    """What is told of the published project's survey, wave by wave; raise NotFound where it is nothing."""
    study = get_study(get_published_project(code).code, key)
    # An import may be undone between the two questions.
    told = [wave for wave in map(_told, _over(study, today)) if wave.number >= MIN_RESPONDENTS]
    if not told:
        raise NotFound("study-unknown")
    return told


def _over(study: StudyRow, today: date) -> list[WaveRow]:
    """The waves that take no more answers and have enough."""
    return [wave for wave in study.waves if _is_over(wave, today) and count_responses(wave.id) >= MIN_RESPONDENTS]


def _is_over(wave: WaveRow, today: date) -> bool:
    return wave.instrument is not None and state_of(wave, today) == WaveState.CLOSED


def _told(wave: WaveRow) -> ToldWave:
    row = wave.instrument
    if row is None:
        raise NotFound("study-unknown")
    instrument = document_of(row)
    known = known_by(wave.id)
    place = (row.content_hash, wave.id, known)
    if place not in _kept:
        people = ((each.groups, each.answers) for each in list_answered(wave.id))
        _kept[place] = tuple(answer_tables(instrument, count_answers(instrument, people)))
        while len(_kept) > WAVES_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return ToldWave(wave.key, sum(number for _source, number, *_names in known), instrument, _kept[place])


# By the questionnaire, the wave and its answers: answers to other waves change nothing.
_kept: dict[tuple[str, int, tuple[tuple[int, int, str, str], ...]], tuple[AnswerTable, ...]] = {}
