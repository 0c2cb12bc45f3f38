"""Weights that bring the answers of each wave to the known shares of the population, where there can be any."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.surveys.rules.analysis.inputs import Shape, StudyAnswers, WaveAnswers, too_few
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.margins import Margin, Margins, misfits
from portal.surveys.rules.statistics.samples import Sample
from portal.surveys.rules.statistics.weighting import rake

# Which people share all their levels of the groups of the margins: the number of the cell of each respondent.
Cells = NDArray[np.intp]
# Of each group the place of each respondent's level.
Places = NDArray[np.intp]

# The level of those who did not state one, or one of which no share is known.
NOT_KNOWN: Final = -1


class Weighed(NamedTuple):
    """The study with its weights, the groups to whose shares a wave at least was weighted, and what was not."""

    study: StudyAnswers
    groups: tuple[str, ...]
    doubts: list[Shape]


class _Raked(NamedTuple):
    """The weights of a wave, and the cell of each respondent."""

    weights: Sample
    cells: Cells


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
            waves.append(wave._replace(weights=found.weights, cells=found.cells))
        else:
            waves.append(wave)
            doubts += found or []
    return Weighed(study._replace(waves=tuple(waves)), tuple(study.margins) if is_weighed else (), doubts)


def tells_of_few(values: Sample, cells: Cells | None) -> bool:
    """Whether a weighted figure of these values would tell of too few people.

    Shares and raw figures are known, so weighted ones are equations: with them the number and the mean of people who
    share their levels, or have stated none, could be solved for.
    """
    if cells is None:
        return False
    numbers = np.bincount(cells[~np.isnan(values)])
    return bool(((numbers > 0) & (numbers < MIN_RESPONDENTS)).any())


def _raked(wave: WaveAnswers, margins: Margins) -> _Raked | list[Shape]:
    """The weights, on average 1, that bring the wave to the margins, starting from those that came with the answers.

    Who did not state all groups keeps the weight to start with (on average 1): of what is not known of them nothing is
    adjusted, and their share of the wave stays what it is. Where there are no weights, what is in the way.
    Source: Deming & Stephan 1940.
    """
    empty = list(_empty_levels(wave, margins))
    if empty:
        return empty
    cells = _cells([_places(wave, group, margins[group].shares) for group in margins])
    if tells_of_few(np.zeros(wave.size), cells):
        return [_doubt("weights-few", wave.key, groups=list(margins), least=MIN_RESPONDENTS)]
    levels = np.stack([_places(wave, group, _shared_levels(group, margins)) for group in margins])
    start = np.ones(wave.size) if wave.weights is None else wave.weights / wave.weights.mean()
    weights = start.copy()
    is_stated = (levels != NOT_KNOWN).all(axis=0)
    wanted = [_wanted(each) for each in margins.values()]
    found = rake(list(levels[:, is_stated]), wanted, start[is_stated])
    if found is None:
        return [_doubt("weights-impossible", wave.key, groups=list(margins))]
    weights[is_stated] = found * start[is_stated].sum()
    return _Raked(weights, cells)


def _cells(places: Sequence[Places]) -> Cells:
    """The number of the cell of each respondent: those who share their levels of all groups, none stated among them."""
    return np.unique(np.stack(places), axis=1, return_inverse=True)[1].ravel()


def _places(wave: WaveAnswers, group: str, levels: Iterable[str]) -> Places:
    """The place of each respondent's level among these of the group; NOT_KNOWN for any other."""
    found = np.full(wave.size, NOT_KNOWN, dtype=np.intp)
    for place, level in enumerate(levels):
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
