"""Weights that bring a sample to known margins, and what they cost."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.surveys.rules.statistics.descriptives import Description
from portal.surveys.rules.statistics.differing import Difference, t_interval
from portal.surveys.rules.statistics.independent import welch_of
from portal.surveys.rules.statistics.samples import Moments, Sample, Values, moments

Levels = NDArray[np.intp] | Sequence[int]

# Totals this close to their margin, as a share of all, are there.
REACHED: Final = 1e-10
# Stated margins may be rounded: their sums may differ by this share.
ROUNDED: Final = 0.015
MOST_ROUNDS: Final = 1000


class Kish(NamedTuple):
    """How many equally weighted respondents tell as much, and the design effect n / that number."""

    n_effective: float | None
    design_effect: float | None


def rake(levels: Sequence[Levels], margins: Sequence[Sequence[float]], start: Values | None = None) -> Sample | None:
    """The weights (respondents,) that add up to the margins in every group; None if no weights do.

    `levels`: for each group the level (0, 1 …) of each respondent; `margins`: for each group the wanted total (or
    share) of each level; all groups add up to the same. `start`: the weights to begin with (all 1).
    Raise ValueError if groups differ in their totals, lengths or levels, or a margin is negative.
    Source: Deming & Stephan 1940.
    """
    groups = [np.asarray(each, dtype=np.intp) for each in levels]
    if not groups or not len(groups[0]):
        return None
    wanted = _wanted(groups, margins)
    weights = np.ones(len(groups[0])) if start is None else np.array(start, dtype=np.float64)
    if weights.shape != groups[0].shape or not (weights >= 0).all():
        raise ValueError("Every respondent has one weight, which is not negative.")
    for _ in range(MOST_ROUNDS):
        for group, margin in zip(groups, wanted, strict=True):
            reached = np.bincount(group, weights, minlength=len(margin))
            if ((reached <= 0) & (margin > 0)).any():
                return None
            weights = weights * (margin / np.where(reached > 0, reached, 1.0))[group]
        if all(_is_reached(weights, group, margin) for group, margin in zip(groups, wanted, strict=True)):
            return weights
    return None


def _is_reached(weights: Sample, group: NDArray[np.intp], margin: Sample) -> bool:
    distance = np.abs(np.bincount(group, weights, minlength=len(margin)) - margin).max()
    return bool(distance <= REACHED * margin.sum())


def _wanted(groups: Sequence[NDArray[np.intp]], margins: Sequence[Sequence[float]]) -> list[Sample]:
    """The margins as arrays with the same sum, that of the first; raise ValueError if they cannot be meant."""
    stated = [np.asarray(each, dtype=np.float64) for each in margins]
    if len(stated) != len(groups):
        raise ValueError("Every group needs its margins.")
    for group, margin in zip(groups, stated, strict=True):
        is_known = len(group) == len(groups[0]) and group.min() >= 0 and group.max() < len(margin)
        if not is_known or not (margin >= 0).all() or not 0 < margin.sum() < np.inf:
            raise ValueError("Every respondent needs a level with a margin, which is not negative.")
    total = stated[0].sum()
    if any(abs(margin.sum() - total) > ROUNDED * total for margin in stated):
        raise ValueError("The margins of all groups add up to the same.")
    return [margin * (total / margin.sum()) for margin in stated]


def kish(weights: Values) -> Kish:
    """The effective number of respondents, (Σw)² / Σw². Source: Kish 1965."""
    sample = np.asarray(weights, dtype=np.float64)
    squares = float((sample**2).sum())
    if not squares:
        return Kish(None, None)
    n_effective = float(sample.sum()) ** 2 / squares
    return Kish(n_effective, len(sample) / n_effective)


def describe_weighted(values: Values, weights: Values) -> Description:
    """The number who answered, weighted mean and standard deviation, and the mean's interval by Kish's effective n.

    Quartiles are not given. Source: Kish 1965.
    """
    n, known = _weighted(values, weights)
    if known.mean is None:
        return Description(n)
    sd = None if known.variance is None else known.variance**0.5
    ci = t_interval(known.mean, sd / known.n**0.5, known.n - 1) if sd else None
    return Description(n, known.mean, sd, ci)


def welch_weighted(first: Values, first_weights: Values, second: Values, second_weights: Values) -> Difference:
    """The difference of two weighted means of different people, with Kish's effective n.

    Source: Kish 1965; Welch 1947.
    """
    both = _weighted(first, first_weights), _weighted(second, second_weights)
    return welch_of(Difference(both[0][0], both[1][0], 0, None), both[0][1], both[1][1])


def _weighted(values: Values, weights: Values) -> tuple[int, Moments]:
    """How many answered with a weight above 0, and their weighted moments, with n as the effective number."""
    columns = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if columns[0].shape != columns[1].shape:
        raise ValueError("Every answer needs its weight.")
    counts = ~np.isnan(columns[0]) & (columns[1] > 0)
    sample, weight = columns[0][counts], columns[1][counts]
    plain, n_effective = moments(sample), kish(weight).n_effective
    if plain.mean is None or n_effective is None:
        return 0, Moments(0, None, None)
    mean = float(np.average(sample, weights=weight))
    if plain.variance is None or n_effective <= 1:
        return len(sample), Moments(n_effective, mean, None)
    spread = float(np.average((sample - mean) ** 2, weights=weight)) * n_effective / (n_effective - 1)
    return len(sample), Moments(n_effective, mean, spread if plain.variance else 0.0)
