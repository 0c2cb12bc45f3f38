"""How a study's answers stand towards those that were analysed, and how often each was given in waves that are over.

Beside every result the portal keeps a record that is told nowhere. Its "answers" are, by wave, where answers came from
and how many did; its "waves" are the counts of waves that were over, by which everyone is told of them.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from portal.core.db import db
from portal.surveys.models import Analysis, Instrument, Response, Study, Wave
from portal.surveys.queries.analyses import RECORD
from portal.surveys.queries.handing_out import list_answered
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.studies import document_of
from portal.surveys.rules.counting import Counted, count_answers, from_content, to_content
from portal.surveys.rules.disclosure import MIN_RESPONDENTS, gives_away, is_few, number_changed
from portal.surveys.rules.waves import WaveState

TENS: Final = 10
# Wave key -> number of the import that wrote answers last ("": none did) -> how many these are.
Sources = Mapping[str, Mapping[str, int]]


class Standing(NamedTuple):
    """What has changed since the study was analysed.

    `changed`: wave key -> at least how many answers came, went or were replaced, of waves of which anything was or can
    be told. `is_open`: whether a wave takes answers. `is_due`: whether a wave is over of which everyone could be told
    what they are not yet.
    """

    changed: Mapping[str, int]
    is_open: bool
    is_due: bool

    @property
    def is_refused(self) -> bool:
        """Whether a new analysis, beside the last, would tell what few people answered while others still do."""
        return self.is_open and gives_away(self.changed.values())

    @property
    def full_tens(self) -> int:
        """How many answers changed at least in all waves together, in full tens."""
        return sum(self.changed.values()) // TENS * TENS


class CountedWave(NamedTuple):
    """What a wave's answers were when they were counted for everyone: on which day, how many, and of which version.

    `mark` tells the counts from any others.
    """

    day: date
    number: int
    content_hash: str
    counted: Counted
    mark: str


def get_standing(study: Study, today: date) -> Standing | None:
    """How the study's answers stand towards what was analysed last; None if nothing was."""
    kept = db.session.get(Analysis, study.id)
    if kept is None:
        return None
    record, now = kept.result.get(RECORD, {}), answer_sources(study)
    analysed = {each["key"]: each["n"] for each in kept.result["waves"] if each.get("n")}
    before: Sources = record.get("answers", {})
    states = {wave.key: state_of(wave, today) for wave in study.waves}
    return Standing(
        {key: _changed(analysed.get(key, 0), before.get(key), now.get(key, {})) for key in states},
        WaveState.OPEN in states.values(),
        any(_is_due(record, wave.key, now.get(wave.key, {})) for wave, _asked in _over(study, today)),
    )


def make_record(study: Study, today: date) -> dict[str, Any]:
    """What is kept beside a result of the study's answers as they are.

    The counts of a wave that is over stay as they were kept before unless at least 10 answers have changed: else, who
    compares what everyone is told on two days would know what a few people answered.
    """
    kept = db.session.get(Analysis, study.id)
    record, now = (kept.result.get(RECORD, {}) if kept is not None else {}), answer_sources(study)
    waves = dict(record.get("waves", {}))
    for wave, asked in _over(study, today):
        if _is_due(record, wave.key, now.get(wave.key, {})):
            people = ((each.groups, each.answers) for each in list_answered(wave.id))
            counted = to_content(count_answers(document_of(asked), people))
            waves[wave.key] = _dated(counted, asked.content_hash, now[wave.key], today)
    return {"answers": now, "waves": waves}


def counted_waves(study: Study) -> Mapping[str, CountedWave]:
    """Wave key -> what everyone may be told of the wave by, of those that were over when the study was analysed."""
    kept = db.session.get(Analysis, study.id)
    record = kept.result.get(RECORD, {}) if kept is not None else {}
    return {key: _read(content) for key, content in record.get("waves", {}).items()}


def answer_sources(study: Study) -> dict[str, dict[str, int]]:
    """Where each wave's answers come from, and how many do."""
    source = func.coalesce(Response.import_id, 0)
    counted = select(Wave.key, source, func.count()).join(Wave, Wave.id == Response.wave_id)
    found: dict[str, dict[str, int]] = {}
    for key, number, many in db.session.execute(counted.where(Wave.study_id == study.id).group_by(Wave.key, source)):
        found.setdefault(key, {})[str(number or "")] = many
    return found


def _changed(analysed: int, before: Mapping[str, int] | None, now: Mapping[str, int]) -> int:
    """How many answers changed; of a wave of which nothing was told all are new, once there are enough to tell of."""
    if not analysed:
        number = sum(now.values())
        return 0 if is_few(number) else number
    if before is None or sum(before.values()) != analysed:
        return abs(sum(now.values()) - analysed)
    return number_changed(before, now)


def _over(study: Study, today: date) -> list[tuple[Wave, Instrument]]:
    """The waves that take no more answers, each with the version that it asked."""
    asked = [(wave, wave.instrument) for wave in study.waves if wave.instrument is not None]
    return [(wave, row) for wave, row in asked if state_of(wave, today) == WaveState.CLOSED]


def _is_due(record: Mapping[str, Any], key: str, now: Mapping[str, int]) -> bool:
    """Whether a wave that is over is to be counted, or counted anew."""
    kept = record.get("waves", {}).get(key)
    if sum(now.values()) < MIN_RESPONDENTS:
        return False
    return kept is None or number_changed(kept["answers"], now) >= MIN_RESPONDENTS


def _dated(counted: dict[str, Any], asked: str, sources: Mapping[str, int], today: date) -> dict[str, Any]:
    """The counts with their day, where the answers came from, and the hash of the version that was asked."""
    mark = hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()
    return {"day": today.isoformat(), "hash": asked, "mark": mark, "answers": dict(sources), "counted": counted}


def _read(content: Mapping[str, Any]) -> CountedWave:
    counted = from_content(content["counted"])
    number = sum(counted.people.values())
    return CountedWave(date.fromisoformat(content["day"]), number, content["hash"], counted, content["mark"])
