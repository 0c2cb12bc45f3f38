"""What the answers say of a scale: how reliable it is, its waves, its change, that of groups, and contrasts."""

import numpy as np

from portal.surveys.rules.analysis.changes import Change, find_change, interval, shape_of
from portal.surveys.rules.analysis.inputs import (
    Shape,
    StudyAnswers,
    WaveAnswers,
    count,
    is_suppressed,
    suppressed,
    too_few,
)
from portal.surveys.rules.analysis.levels import contrast_levels, find_levels, shape_levels
from portal.surveys.rules.analysis.scoring import ScoredScale, bounds_of, describe_values, measure_of
from portal.surveys.rules.documents import Instrument, Scale
from portal.surveys.rules.hiding import hidden_levels
from portal.surveys.rules.statistics.reliability import cronbach_alpha
from portal.surveys.rules.statistics.scores import Answers


def describe_scale(study: StudyAnswers, scored: ScoredScale) -> Shape:
    """The scale as interfaces write it."""
    least, most = bounds_of(study.instrument, scored.scale)
    groups = {group.key: find_levels(study, scored, group) for group in study.instrument.groups}
    return {
        "key": scored.scale.key,
        "items": list(scored.scale.items),
        "reverse": list(scored.scale.reverse),
        "least": least,
        "most": most,
        "alpha": _reliability(study, scored),
        "waves": {wave.key: _wave(study, scored, wave) for wave in scored.waves},
        "change": shape_of(_change(study, scored)),
        "groups": {key: shape_levels(levels) for key, levels in groups.items()},
        "contrasts": [each for key, levels in groups.items() for each in contrast_levels(key, levels)],
    }


def _wave(study: StudyAnswers, scored: ScoredScale, wave: WaveAnswers) -> Shape:
    """The wave's figures, and the share of scores above the middle of the scale."""
    scores = scored.scores[wave.key]
    shape = describe_values(scores, wave.weights, wave.cells)
    least, most = bounds_of(study.instrument, scored.scale)
    if not is_suppressed(shape) and least is not None and most is not None:
        shape["above_middle"] = float((scores[~np.isnan(scores)] > (least + most) / 2).mean())
    return shape


def _reliability(study: StudyAnswers, scored: ScoredScale) -> Shape | None:
    """Alpha by wave, and in each by language; None of a scale of one item."""
    if len(scored.scale.items) == 1:
        return None
    return {wave.key: _wave_alpha(study.instrument, scored, wave) for wave in scored.waves}


def _wave_alpha(instrument: Instrument, scored: ScoredScale, wave: WaveAnswers) -> Shape:
    scores = scored.scores[wave.key]
    if too_few(count(scores)):
        return suppressed()
    languages = {each: wave.languages == each for each in instrument.languages}
    numbers = {each: count(scores[mask]) for each, mask in languages.items()}
    hidden = hidden_levels(numbers, count(scores))
    answers = scored.answers[wave.key]
    return {
        **_alpha(answers, scored.scale),
        "languages": {
            each: suppressed() if each in hidden else _alpha(answers[mask], scored.scale)
            for each, mask in languages.items()
        },
    }


def _alpha(answers: Answers, scale: Scale) -> Shape:
    if not len(answers):
        return {"value": None, "ci": None, "n": 0}
    found = cronbach_alpha(answers, float(scale.min_answered))
    return {"value": found.value, "ci": interval(found.ci), "n": found.n}


def _change(study: StudyAnswers, scored: ScoredScale) -> Change | None:
    measure = measure_of(study, scored)
    return None if measure is None else find_change(measure)
