"""Different people in both samples: Welch's t, Hedges' g, Mann-Whitney."""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy import special, stats

from portal.surveys.rules.statistics.differing import Difference, tested
from portal.surveys.rules.statistics.effects import Effect, noncentral_interval
from portal.surveys.rules.statistics.samples import (
    Interval,
    Moments,
    Values,
    answered,
    largest,
    moments,
    without_noise,
)

# Ranks of fewer than this many on each side are counted exactly.
EXACT_BELOW: Final = 50


class RankTest(NamedTuple):
    """A test of ranks, first against second; p is two-sided.

    `statistic` is U of the first sample (Mann-Whitney) or the sum of the positive ranks (Wilcoxon);
    `rank_biserial` lies between −1 (every first is below) and 1; `is_exact`: p by counting, not by the normal curve.
    `shift` is the Hodges-Lehmann estimate in the unit of the answers (Wilcoxon only).
    """

    n_first: int
    n_second: int
    statistic: float | None = None
    p: float | None = None
    rank_biserial: float | None = None
    is_exact: bool = False
    shift: float | None = None


def welch(first: Values, second: Values) -> Difference:
    """The difference of the means of two groups of different people, whose variances may differ.

    Source: Welch 1947; Satterthwaite 1946 for the degrees of freedom.
    """
    samples = answered(first), answered(second)
    known = Difference(len(samples[0]), len(samples[1]), 0, None)
    return welch_of(known, moments(samples[0]), moments(samples[1]))


def welch_of(known: Difference, first: Moments, second: Moments) -> Difference:
    """Welch's test from the moments of both groups; the numbers of answers in `known` are kept."""
    if first.mean is None or second.mean is None:
        return known
    known = known._replace(estimate=first.mean - second.mean)
    if first.variance is None or second.variance is None:
        return known
    parts = first.variance / first.n, second.variance / second.n
    return tested(known, standard_error=sum(parts) ** 0.5, df=welch_satterthwaite(parts, (first.n - 1, second.n - 1)))


def welch_satterthwaite(parts: tuple[float, float], df: tuple[float, float]) -> float | None:
    """The degrees of freedom of a sum of two variances of means; None if both are 0. Source: Satterthwaite 1946."""
    total = sum(parts)
    if not total:
        return None
    shares = parts[0] / total, parts[1] / total
    return float(1 / (shares[0] ** 2 / df[0] + shares[1] ** 2 / df[1]))


def hedges_g(first: Values, second: Values) -> Effect:
    """The difference in pooled standard deviations, corrected for small samples, with its 95 % interval.

    Source: Hedges 1981 (exact correction); the interval by the noncentral t, Cumming & Finch 2001.
    """
    both = moments(answered(first)), moments(answered(second))
    n_first, n_second = both[0].n, both[1].n
    if both[0].mean is None or both[1].mean is None or both[0].variance is None or both[1].variance is None:
        return Effect()
    df = n_first + n_second - 2
    pooled = ((n_first - 1) * both[0].variance + (n_second - 1) * both[1].variance) / df
    if not pooled:
        return Effect()
    cohen_d = (both[0].mean - both[1].mean) / pooled**0.5
    size = (n_first * n_second / (n_first + n_second)) ** 0.5
    low, high = noncentral_interval(cohen_d * size, df)
    return Effect(cohen_d * small_sample_correction(df), Interval(low / size, high / size))


def small_sample_correction(df: float) -> float:
    """What Cohen's d is multiplied with so that it is right on average. Source: Hedges 1981, J(m)."""
    return math.exp(float(special.gammaln(df / 2) - special.gammaln((df - 1) / 2))) / math.sqrt(df / 2)


def mann_whitney(first: Values, second: Values) -> RankTest:
    """Whether answers of the first sample tend to be higher; for single ordinal items.

    Exact where both samples are below 50 and no two values are equal; otherwise the normal curve, corrected for ties
    and continuity. Source: Mann & Whitney 1947; Kerby 2014 for the rank-biserial correlation.
    """
    samples = answered(first), answered(second)
    known = RankTest(len(samples[0]), len(samples[1]))
    together = without_noise(np.concatenate(samples), largest(*samples))
    distinct = len(np.unique(together))
    if not known.n_first or not known.n_second or distinct < 2:
        return known
    is_exact = max(known.n_first, known.n_second) < EXACT_BELOW and distinct == len(together)
    found = stats.mannwhitneyu(
        together[: known.n_first], together[known.n_first :], method="exact" if is_exact else "asymptotic"
    )
    statistic = float(found.statistic)
    rank_biserial = 2 * statistic / (known.n_first * known.n_second) - 1
    return known._replace(statistic=statistic, p=float(found.pvalue), rank_biserial=rank_biserial, is_exact=is_exact)
