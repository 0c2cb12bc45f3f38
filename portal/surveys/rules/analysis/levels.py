"""What the answers say of the levels of a group: their waves, their changes, and how these differ."""

from collections.abc import Callable, Collection, Mapping
from itertools import combinations
from typing import Final, NamedTuple

from portal.surveys.rules.analysis.changes import Change, count_pairs, find_change, interval, restricted, shape_of
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
from portal.surveys.rules.analysis.scoring import ScoredScale, describe_values, measure_of
from portal.surveys.rules.disclosure import MIN_RESPONDENTS, is_few
from portal.surveys.rules.documents import Group
from portal.surveys.rules.hiding import hidden_levels
from portal.surveys.rules.statistics.contrasts import contrast
from portal.surveys.rules.statistics.samples import Sample

# Of a level that nobody is in.
NOBODY: Final[Mapping[str, int | None]] = {"n": 0, "mean": None, "sd": None, "ci": None, "weighted": None}


class Levels(NamedTuple):
    """Level -> its waves by key, and its change; of one group."""

    waves: Mapping[str, Mapping[str, Shape]]
    changes: Mapping[str, Change | None]


def find_levels(study: StudyAnswers, scored: ScoredScale, group: Group) -> Levels:
    """What is told of each level; a change of no level that is hidden in one of the two waves, or that lacks one.

    Where few of a level are in both waves its change is that of different people.
    """
    masks = {wave.key: _masks(group, wave) for wave in scored.waves}
    numbers = {wave.key: _numbers(scored.scores[wave.key], masks[wave.key]) for wave in scored.waves}
    overall = {level.key: sum(each[level.key] for each in numbers.values()) for level in group.levels}
    waves = {}
    for wave in scored.waves:
        total = count(scored.scores[wave.key])
        # Of a few it is not told either in which levels none of them is.
        hidden = frozenset(overall) if is_few(total) else hidden_levels(numbers[wave.key], total, overall)
        waves[wave.key] = _waves(scored, wave, masks[wave.key], hidden)
    by_level = {level.key: {key: shapes[level.key] for key, shapes in waves.items()} for level in group.levels}
    measure = measure_of(study, scored)

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
    return Levels(by_level, changes)


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


def _waves(
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


def shape_levels(levels: Levels) -> dict[str, Shape]:
    """The levels as interfaces write them; suppressed as a whole where all waves are that asked it."""
    return {
        level: suppressed()
        if waves and all(map(is_suppressed, waves.values()))
        else {"waves": dict(waves), "change": shape_of(levels.changes[level])}
        for level, waves in levels.waves.items()
    }


def contrast_levels(group: str, levels: Levels) -> list[Shape]:
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
