"""What everyone may read of surveys: waves that are over, of enough people, with small numbers withheld.

It is of the answers as they were counted when the survey was analysed; these counts stay until at least 10 answers have
changed and it is analysed again. So nobody learns by looking twice what a few people answered.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from portal.core.errors import NotFound
from portal.projects.queries import get_published_project
from portal.reports.rules.public_answers import AnswerTable, answer_tables, left_out_items, left_out_levels
from portal.surveys.queries.overviews import VersionRow
from portal.surveys.queries.standing import CountedWave, public_waves
from portal.surveys.queries.studies import StudyRow, WaveRow, document_of, get_study, list_studies
from portal.surveys.rules.documents import Instrument, Item

# What is withheld is worked out once for the same counts.
WAVES_KEPT: Final = 64


class ToldWave(NamedTuple):
    """A wave that is over: its key, on which day it was counted, how many had answered, what it asked, the tables.

    And the `levels` that have no column and the `items` that have no table, as they would tell of a few people.
    """

    key: str
    day: date
    number: int
    instrument: Instrument
    tables: Sequence[AnswerTable]
    levels: Sequence[str]
    items: Sequence[Item]


def list_public_surveys(code: str, today: date) -> list[tuple[StudyRow, Instrument]]:
    """The published project's surveys of which anything is told, in the order in which they were made.

    Each with what its last such wave asked, which has its title.
    """
    project = get_published_project(code)
    studies = list_studies(project.code)
    counted = public_waves(studies, today)
    found = [(study, _told_of(study, counted)) for study in studies]
    return [(study, document_of(told[-1][1])) for study, told in found if told]


def get_public_survey(code: str, key: str, today: date) -> list[ToldWave]:
    """What is told of the published project's survey, wave by wave; raise NotFound where it is nothing."""
    study = get_study(get_published_project(code).code, key)
    waves = _told_of(study, public_waves([study], today))
    told = [_told(wave.key, document_of(asked), counted) for wave, asked, counted in waves]
    if not told:
        raise NotFound("study-unknown")
    return told


def _told_of(study: StudyRow, counted: Mapping[int, CountedWave]) -> list[tuple[WaveRow, VersionRow, CountedWave]]:
    """The waves of which anything is told, each with the version that it asked and what was counted."""
    return [(wave, wave.instrument, counted[wave.id]) for wave in study.waves if wave.instrument and wave.id in counted]


def _told(key: str, instrument: Instrument, counted: CountedWave) -> ToldWave:
    place = (counted.content_hash, counted.mark)
    tables = _kept.get(place)
    if tables is None:
        tables = _kept[place] = tuple(answer_tables(instrument, counted.counted))
        while len(_kept) > WAVES_KEPT:
            _kept.pop(next(iter(_kept)), None)
    levels = left_out_levels(counted.counted.people) if tables else []
    items = left_out_items(instrument, tables)
    return ToldWave(key, counted.day, counted.number, instrument, tables, levels, items)


# By the questionnaire and the counts.
_kept: dict[tuple[str, str], tuple[AnswerTable, ...]] = {}
