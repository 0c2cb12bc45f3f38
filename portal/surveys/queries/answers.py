"""The frames of a study as the arrays that rules calculate with, and what they say.

numpy and scipy are loaded by what is called here, not by this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portal.core.db import db
from portal.core.errors import Conflict, NotFound
from portal.surveys.models import Study
from portal.surveys.queries.analyses import fingerprint
from portal.surveys.queries.frames import StudyFrames, WaveFrame, group_column, numbers_of, read_frames
from portal.surveys.rules.comparing import compared_places
from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, Item

if TYPE_CHECKING:
    import pandas as pd

    from portal.surveys.rules.analysis.inputs import StudyAnswers, WaveAnswers
    from portal.surveys.rules.analysis.pairs import Marks

# How often the answers are read again because others came meanwhile; then what was read last is taken.
ATTEMPTS: Final = 3


class Computed(NamedTuple):
    """What a study's answers say, and the fingerprint of those that were read."""

    fingerprint: str
    result: dict[str, Any]


def compute(study_id: int) -> Computed:
    """What the study's answers say, as interfaces write it; nothing is kept.

    Raise NotFound, Conflict (study-unpublished) while nothing is asked.
    """
    from portal.surveys.rules.analysis.whole import describe_study

    known, frames = _read(study_id)
    answers = to_answers(frames)
    del frames
    return Computed(known, describe_study(answers))


def _read(study_id: int) -> tuple[str, StudyFrames]:
    """The answers with the fingerprint that they have: read again where others came meanwhile."""
    for attempt in range(1, ATTEMPTS + 1):
        study = db.session.get(Study, study_id)
        if study is None:
            raise NotFound("study-unknown")
        known = fingerprint(study)
        frames = read_frames(study)
        if frames is None:
            raise Conflict("study-unpublished")
        if attempt == ATTEMPTS or fingerprint(db.session.get_one(Study, study_id)) == known:
            return known, frames
    raise AssertionError("unreachable")


def to_answers(frames: StudyFrames) -> StudyAnswers:
    """The study's answers; who is in both of the waves that are compared is found by what the instrument says."""
    from portal.surveys.rules.analysis.inputs import StudyAnswers
    from portal.surveys.rules.analysis.pairs import find_pairs

    waves = tuple(_to_wave(frames, wave) for wave in frames.waves)
    first, last = compared_places([wave.size for wave in frames.waves]) or (0, None)
    last_marks = None if last is None else _marks(frames.waves[last])
    pairs = find_pairs(frames.instrument.pairing, _marks(frames.waves[first]), last_marks)
    return StudyAnswers(frames.key, frames.number, frames.content_hash, frames.instrument, waves, pairs, frames.margins)


def _to_wave(frames: StudyFrames, frame: WaveFrame) -> WaveAnswers:
    from portal.surveys.rules.analysis.inputs import Asked, WaveAnswers

    items = frames.instrument.items
    weights = frame.people["weight"].astype(float)
    return WaveAnswers(
        key=frame.key,
        asked=Asked(frame.number, frame.items, frame.scales),
        size=frame.size,
        languages=frame.people["language"].to_numpy(object),
        levels={each.key: frame.people[group_column(each.key)].to_numpy(object) for each in frames.instrument.groups},
        # An answer without a weight counts once.
        weights=weights.fillna(1.0).to_numpy(float) if weights.notna().any() else None,
        numbers={item.key: numbers_of(item, frame.answers[item.key]).to_numpy(float) for item in items},
        counts={item.key: _count(item, frame.answers[item.key]) for item in items},
        answered={item.key: int(frame.answers[item.key].notna().sum()) for item in items},
        missing=frame.missing,
    )


def _count(item: Item, column: pd.Series) -> Mapping[str, int] | None:
    """Answer -> how many gave it, also those that nobody gave; None of numbers and texts."""
    if item.kind == LIKERT and item.least is not None and item.most is not None:
        found = column.value_counts()
        return {str(step): int(found.get(step, 0)) for step in range(int(item.least), int(item.most) + 1)}
    if item.kind in (SINGLE, MULTIPLE):
        found = (column.explode() if item.kind == MULTIPLE else column).value_counts()
        return {choice.key: int(found.get(choice.key, 0)) for choice in item.choices}
    return None


def _marks(frame: WaveFrame) -> Marks:
    from portal.surveys.rules.analysis.pairs import Marks

    return Marks(frame.pairing, frame.people["respondent"].tolist())
