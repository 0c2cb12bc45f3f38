"""What the answers say of a scale: how reliable it is, its waves, its change, that of groups, and contrasts."""

from collections.abc import Callable, Collection, Mapping
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from portal.surveys.rules.analysis.changes import (
    SCALE,
    Change,
    Measure,
    count_pairs,
    find_change,
    interval,
    restricted,
)
from portal.surveys.rules.analysis.inputs import (
    Mask,
    Shape,
    StudyAnswers,
    WaveAnswers,
    count,
    is_suppressed,
    suppressed,
    too_few,
)
from portal.surveys.rules.analysis.weighing import Cells, tells_of_few
from portal.surveys.rules.disclosure import MIN_RESPONDENTS, is_few
from portal.surveys.rules.documents import Group, Instrument, Scale
from portal.surveys.rules.hiding import hidden_levels
from portal.surveys.rules.statistics.contrasts import contrast
from portal.surveys.rules.statistics.descriptives import describe
from portal.surveys.rules.statistics.reliability import cronbach_alpha
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


# Of a level that nobody is in.
NOBODY: Final[Mapping[str, int | None]] = {"n": 0, "mean": None, "sd": None, "ci": None, "weighted": None}


class _Levels(NamedTuple):
    """Level -> its waves by key, and its change; of one group."""

    waves: Mapping[str, Mapping[str, Shape]]
    changes: Mapping[str, Change | None]


def score(study: StudyAnswers, scale: Scale) -> ScoredScale:
    """The scale's scores of every respondent."""
    answers = {wave.key: _turned(study.instrument, scale, wave) for wave in study.waves}
    scores = {key: scale_scores(each, float(scale.min_answered)) for key, each in answers.items()}
    waves = tuple(wave for wave in study.waves if _is_asked(scale, wave))
    return ScoredScale(scale, waves, answers, scores)


def _is_asked(scale: Scale, wave: WaveAnswers) -> bool:
    asked = sum(key in wave.asked.items for key in scale.items)
    return asked > 0 and asked >= scale.min_answered * len(scale.items)


def bounds_of(instrument: Instrument, scale: Scale) -> tuple[float | None, float | None]:
    """The least and the greatest score there can be; None where the items do not share one."""
    ends = {(item.least, item.most) for item in map(instrument.item, scale.items)}
    if len(ends) != 1:
        return None, None
    least, most = ends.pop()
    return None if least is None else float(least), None if most is None else float(most)


def describe_scale(study: StudyAnswers, scored: ScoredScale) -> Shape:
    """The scale as interfaces write it."""
    least, most = bounds_of(study.instrument, scored.scale)
    groups = {group.key: _find_levels(study, scored, group) for group in study.instrument.groups}
    return {
        "key": scored.scale.key,
        "items": list(scored.scale.items),
        "reverse": list(scored.scale.reverse),
        "least": least,
        "most": most,
        "alpha": _reliability(study, scored),
        "waves": {wave.key: _wave(study, scored, wave) for wave in scored.waves},
        "change": shape_of(_change(study, scored)),
        "groups": {key: _shaped(levels) for key, levels in groups.items()},
        "contrasts": [each for key, levels in groups.items() for each in _contrasts(key, levels)],
    }


def _wave(study: StudyAnswers, scored: ScoredScale, wave: WaveAnswers) -> Shape:
    """The wave's figures, and the share of scores above the middle of the scale."""
    scores = scored.scores[wave.key]
    shape = describe_values(scores, wave.weights, wave.cells)
    least, most = bounds_of(study.instrument, scored.scale)
    if not is_suppressed(shape) and least is not None and most is not None:
        shape["above_middle"] = float((scores[~np.isnan(scores)] > (least + most) / 2).mean())
    return shape


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


def shape_of(change: Change | None) -> Shape | None:
    """The change as interfaces write it; None where nothing is compared."""
    return None if change is None else change.shape


def _turned(instrument: Instrument, scale: Scale, wave: WaveAnswers) -> Answers:
    items = [instrument.item(key) for key in scale.items]
    ends = [
        None if item.least is None or item.most is None else (float(item.least), float(item.most)) for item in items
    ]
    table = np.column_stack([wave.numbers[item.key] for item in items]).reshape(wave.size, len(items))
    if not wave.size:
        return table
    return turned_round(table, reverse=[item.key in scale.reverse for item in items], bounds=ends)


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


def _measure(study: StudyAnswers, scored: ScoredScale) -> Measure | None:
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


def _change(study: StudyAnswers, scored: ScoredScale) -> Change | None:
    measure = _measure(study, scored)
    return None if measure is None else find_change(measure)


def _find_levels(study: StudyAnswers, scored: ScoredScale, group: Group) -> _Levels:
    """What is told of each level; a change of no level that is hidden in one of the two waves, or that lacks one.

    Where few of a level are in both waves its change is that of different people.
    """
    masks = {wave.key: _masks(group, wave) for wave in scored.waves}
    numbers = {wave.key: _numbers(scored.scores[wave.key], masks[wave.key]) for wave in scored.waves}
    overall = {level.key: sum(each[level.key] for each in numbers.values()) for level in group.levels}
    waves = {}
    for wave in scored.waves:
        hidden = hidden_levels(numbers[wave.key], count(scored.scores[wave.key]), overall)
        waves[wave.key] = _level_waves(scored, wave, masks[wave.key], hidden)
    by_level = {level.key: {key: shapes[level.key] for key, shapes in waves.items()} for level in group.levels}
    measure = _measure(study, scored)

    def change(level: str) -> Change | None:
        if measure is None or study.compared is None:
            return None
        first, last = (each.key for each in study.compared)
        ends = by_level[level][first], by_level[level][last]
        if any(is_suppressed(end) for end in ends):
            return Change(suppressed())
        if not all(end["n"] for end in ends):
            return None
        return find_change(restricted(measure, masks[first][level], masks[last][level]), least_pairs=MIN_RESPONDENTS)

    changes = _by_level(group, change)
    if measure is not None:
        _hide_pairs(changes, count_pairs(measure))
    return _Levels(by_level, changes)


def _hide_pairs(changes: Mapping[str, Change | None], total: int) -> None:
    """Let no number of pairs of a level tell, with the `total`, one that is not told: None in place of all of them."""
    told = {level: each for level, each in changes.items() if each is not None and each.difference is not None}
    values = [each.shape["why"]["values"] for each in told.values()]
    is_hidden = any(not isinstance(each["pairs"], int) for each in values)
    if is_hidden or is_few(total - sum(each.pairs for each in told.values())):
        for each, change in zip(values, told.values(), strict=True):
            if not too_few(change.pairs):
                each["pairs"] = None


def _by_level(group: Group, change: Callable[[str], Change | None]) -> dict[str, Change | None]:
    return {level.key: change(level.key) for level in group.levels}


def _masks(group: Group, wave: WaveAnswers) -> dict[str, Mask]:
    return {level.key: wave.levels[group.key] == level.key for level in group.levels}


def _numbers(scores: Sample, masks: Mapping[str, Mask]) -> dict[str, int]:
    return {level: count(scores[mask]) for level, mask in masks.items()}


def _level_waves(
    scored: ScoredScale, wave: WaveAnswers, masks: Mapping[str, Mask], hidden: Collection[str]
) -> dict[str, Shape]:
    """Level -> its raw figures in this wave; levels that could be reckoned from the others are hidden."""
    scores = scored.scores[wave.key]

    def figures(level: str, mask: Mask) -> Shape:
        if level in hidden:
            return suppressed()
        if not count(scores[mask]):
            return dict(NOBODY)
        return describe_values(scores[mask], None, None)

    return {level: figures(level, mask) for level, mask in masks.items()}


def _shaped(levels: _Levels) -> dict[str, Shape]:
    """The levels as interfaces write them; suppressed as a whole where no wave is told."""
    return {
        level: suppressed()
        if all(is_suppressed(each) for each in waves.values())
        else {"waves": dict(waves), "change": shape_of(levels.changes[level])}
        for level, waves in levels.waves.items()
    }


def _contrasts(group: str, levels: _Levels) -> list[Shape]:
    """Every two levels in their order: the change of the first less that of the second."""
    return [
        {"by": group, "levels": [first, second], **_contrast(changes[0], changes[1])}
        for first, second in combinations(levels.changes, 2)
        if None not in (changes := (levels.changes[first], levels.changes[second]))
    ]


def _contrast(first: Change | None, second: Change | None) -> Shape:
    if first is None or second is None or first.difference is None or second.difference is None:
        return suppressed()
    found = contrast(first.difference, second.difference)
    return {
        "estimate": found.estimate,
        "ci": interval(found.ci),
        "statistic": found.statistic,
        "df": found.df,
        "p": found.p,
        "p_holm": None,
        "verdict": "cannot-tell",
    }
