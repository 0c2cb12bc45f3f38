"""The scores of a scale, wave by wave, and what is said of any values of a wave."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from portal.surveys.rules.analysis.changes import SCALE, Measure, interval
from portal.surveys.rules.analysis.inputs import Shape, StudyAnswers, WaveAnswers, count, suppressed, too_few
from portal.surveys.rules.analysis.weighing import Cells, tells_of_few
from portal.surveys.rules.documents import Instrument, Scale
from portal.surveys.rules.statistics.descriptives import describe
from portal.surveys.rules.statistics.samples import Sample
from portal.surveys.rules.statistics.scores import Answers, scale_scores, turned_round
from portal.surveys.rules.statistics.weighting import describe_weighted, kish


class ScoredScale(NamedTuple):
    """A scale with the answers to its items, turned round, and its scores, by wave.

    `waves`: those that asked as many of its items as somebody must answer to have a score.
    """

    scale: Scale
    waves: tuple[WaveAnswers, ...]
    answers: Mapping[str, Answers]
    scores: Mapping[str, Sample]


def score(study: StudyAnswers, scale: Scale) -> ScoredScale:
    """The scale's scores of every respondent."""
    answers = {wave.key: _turned(study.instrument, scale, wave) for wave in study.waves}
    scores = {key: scale_scores(each, float(scale.min_answered)) for key, each in answers.items()}
    waves = tuple(wave for wave in study.waves if _is_asked(scale, wave))
    return ScoredScale(scale, waves, answers, scores)


def bounds_of(instrument: Instrument, scale: Scale) -> tuple[float | None, float | None]:
    """The least and the greatest score there can be; None where the items do not share one."""
    ends = {(item.least, item.most) for item in map(instrument.item, scale.items)}
    if len(ends) != 1:
        return None, None
    least, most = ends.pop()
    return None if least is None else float(least), None if most is None else float(most)


def measure_of(study: StudyAnswers, scored: ScoredScale) -> Measure | None:
    """The scores of the two waves that are compared; None where one of them did not ask for them."""
    if study.compared is None:
        return None
    first, last = study.compared
    if not {first.key, last.key} <= {wave.key for wave in scored.waves}:
        return None
    return Measure(
        SCALE,
        scored.scores[first.key],
        scored.scores[last.key],
        study.pairing.pairs,
        study.instrument.pairing.method != "none",
        first.weights,
        last.weights,
        first.cells,
        last.cells,
    )


def describe_values(values: Sample, weights: Sample | None, cells: Cells | None) -> Shape:
    """n, mean with its interval, and standard deviation of a wave's values; the weighted mean beside them.

    No weighted one where people of few in a cell could be told by it.
    """
    if too_few(count(values)):
        return suppressed()
    found = describe(values)
    shape: Shape = {"n": found.n, "mean": found.mean, "sd": found.sd, "ci": interval(found.ci), "weighted": None}
    if weights is not None and not tells_of_few(values, cells):
        weighted = describe_weighted(values, weights)
        effective = kish(weights[~np.isnan(values)]).n_effective
        shape["weighted"] = {"mean": weighted.mean, "sd": weighted.sd, "ci": interval(weighted.ci), "n_eff": effective}
    return shape


def _is_asked(scale: Scale, wave: WaveAnswers) -> bool:
    asked = sum(key in wave.asked.items for key in scale.items)
    return asked > 0 and asked >= scale.min_answered * len(scale.items)


def _turned(instrument: Instrument, scale: Scale, wave: WaveAnswers) -> Answers:
    items = [instrument.item(key) for key in scale.items]
    ends = [
        None if item.least is None or item.most is None else (float(item.least), float(item.most)) for item in items
    ]
    table = np.column_stack([wave.numbers[item.key] for item in items]).reshape(wave.size, len(items))
    if not wave.size:
        return table
    return turned_round(table, reverse=[item.key in scale.reverse for item in items], bounds=ends)
