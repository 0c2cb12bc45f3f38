"""What everyone may read of surveys: waves that are over, of enough people, with small numbers withheld.

It is of the answers as they were counted when the survey was analysed; these counts stay until at least 10 answers have
changed and it is analysed again. So nobody learns by looking twice what a few people answered.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from portal.core.errors import NotFound
from portal.projects.queries import get_published_project
from portal.reports.rules.public_answers import AnswerTable, answer_tables
from portal.surveys.queries.handing_out import count_responses
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.standing import CountedWave, counted_waves
from portal.surveys.queries.studies import StudyRow, WaveRow, document_of, get_study, list_studies
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.waves import WaveState

# What is withheld is worked out once for the same counts.
WAVES_KEPT: Final = 64


class ToldWave(NamedTuple):
    """A wave that is over: its key, on which day it was counted, how many had answered, what it asked, the tables."""

    key: str
    day: date
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
    counted = counted_waves(study)
    told = [_told(wave, counted[wave.key]) for wave in _over(study, today)]
    if not told:
        raise NotFound("study-unknown")
    return told


def _over(study: StudyRow, today: date) -> list[WaveRow]:
    """The waves that take no more answers, were counted as their version asks, and still have enough."""
    counted = counted_waves(study)
    return [
        wave
        for wave in study.waves
        if wave.instrument is not None
        and wave.key in counted
        and counted[wave.key].content_hash == wave.instrument.content_hash
        and state_of(wave, today) == WaveState.CLOSED
        and count_responses(wave.id) >= MIN_RESPONDENTS
    ]


def _told(wave: WaveRow, counted: CountedWave) -> ToldWave:
    if wave.instrument is None:
        raise NotFound("study-unknown")
    instrument = document_of(wave.instrument)
    place = (counted.content_hash, counted.mark)
    if place not in _kept:
        _kept[place] = tuple(answer_tables(instrument, counted.counted))
        while len(_kept) > WAVES_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return ToldWave(wave.key, counted.day, counted.number, instrument, _kept[place])


# By the questionnaire and the counts.
_kept: dict[tuple[str, str], tuple[AnswerTable, ...]] = {}
