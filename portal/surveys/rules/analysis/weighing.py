"""Weights that bring the answers of each wave to the known shares of the population, where there can be any."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.surveys.rules.analysis.inputs import Shape, StudyAnswers, WaveAnswers, too_few
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.margins import Margin, Margins, misfits
from portal.surveys.rules.statistics.samples import Sample
from portal.surveys.rules.statistics.weighting import rake

# Of each group of the margins the place of each respondent's level: (groups, respondents).
Places = NDArray[np.intp]

# The level of those who did not state one, or one of which no share is known.
NOT_KNOWN: Final = -1


class Weighed(NamedTuple):
    """The study with its weights, the groups to whose shares a wave at least was weighted, and what was not."""

    study: StudyAnswers
    groups: tuple[str, ...]
    doubts: list[Shape]


class _Raked(NamedTuple):
    """The weights of a wave, and where each respondent stands in the groups of the margins."""

    weights: Sample
    places: Places


def weigh(study: StudyAnswers) -> Weighed:
    """The study, each wave weighted to its margins; one that cannot be keeps the weights that came with its answers.

    A wave of too few is told nothing of, and so is neither weighted nor spoken of here.
    """
    gone = misfits(study.instrument.groups, study.margins)
    if gone:
        return Weighed(study, (), [_doubt("weights-outdated", group) for group in gone])
    waves, doubts, is_weighed = [], [], False
    for wave in study.waves:
        found = _raked(wave, study.margins) if study.margins and not too_few(wave.size) else None
        if isinstance(found, _Raked):
            is_weighed = True
            waves.append(wave._replace(weights=found.weights, places=found.places))
        else:
            waves.append(wave)
            doubts += found or []
    return Weighed(study._replace(waves=tuple(waves)), tuple(study.margins) if is_weighed else (), doubts)


def tells_of_few(values: Sample, places: Places | None) -> bool:
    """Whether a weighted figure of these values would tell of a level of too few people.

    Shares and raw figures are known, so a weighted one is an equation: with it the mean of a level that is withheld
    could be solved for. Who did not state a level is in none.
    """
    if places is None:
        return False
    here = places[:, ~np.isnan(values)]
    numbers = [np.bincount(each[each != NOT_KNOWN]) for each in here]
    return any(bool(((each > 0) & (each < MIN_RESPONDENTS)).any()) for each in numbers)


def _raked(wave: WaveAnswers, margins: Margins) -> _Raked | list[Shape]:
    """The weights, on average 1, that bring the wave to the margins, starting from those that came with the answers.

    Who did not state all groups keeps the weight to start with (on average 1): of what is not known of them nothing is
    adjusted, and their share of the wave stays what it is. Where there are no weights, what is in the way.
    Source: Deming & Stephan 1940.
    """
    empty = list(_empty_levels(wave, margins))
    if empty:
        return empty
    levels = np.stack([_levels(wave, group, margins) for group in margins])
    is_stated = (levels != NOT_KNOWN).all(axis=0)
    # All who lack a level have the same weight, and so are one cell.
    known, cells = np.unique(np.where(is_stated, levels, NOT_KNOWN), axis=1, return_inverse=True)
    cells = cells.ravel()
    if tells_of_few(np.zeros(wave.size), levels):
        return [_doubt("weights-few", wave.key, groups=list(margins), least=MIN_RESPONDENTS)]
    start = np.ones(wave.size) if wave.weights is None else wave.weights / wave.weights.mean()
    begun = np.bincount(cells, start)
    is_raked = (known != NOT_KNOWN).all(axis=0)
    found = rake(list(known[:, is_raked]), [_wanted(each) for each in margins.values()], begun[is_raked])
    if found is None:
        return [_doubt("weights-impossible", wave.key, groups=list(margins))]
    factors = np.ones(len(begun))
    factors[is_raked] = found * begun[is_raked].sum() / begun[is_raked]
    return _Raked(start * factors[cells], levels)


def _levels(wave: WaveAnswers, group: str, margins: Margins) -> Places:
    """The place of each respondent's level among those of the group whose share is known."""
    found = np.full(wave.size, NOT_KNOWN, dtype=np.intp)
    for place, level in enumerate(_shared_levels(group, margins)):
        found[wave.levels[group] == level] = place
    return found


def _empty_levels(wave: WaveAnswers, margins: Margins) -> Iterator[Shape]:
    """Levels that the population has and nobody in the wave is in."""
    for group in margins:
        for level in _shared_levels(group, margins):
            if not (wave.levels[group] == level).any():
                yield _doubt("weights-level-empty", wave.key, level=[group, level])


def _wanted(margin: Margin) -> list[float]:
    """The known shares, which may be rounded, as parts of 1."""
    shares = [share for share in margin.shares.values() if share]
    return [share / sum(shares) for share in shares]


def _shared_levels(group: str, margins: Margins) -> Sequence[str]:
    return [level for level, share in margins[group].shares.items() if share]


def _doubt(code: str, where: str, **values: object) -> Shape:
    return {"code": code, "where": where, "values": values}
