"""Partly the same people: the partially overlapping samples t-test."""

import math

import numpy as np

from portal.surveys.rules.statistics.differing import Difference, tested
from portal.surveys.rules.statistics.independent import welch_satterthwaite
from portal.surveys.rules.statistics.samples import EQUAL, Moments, Sample, Values, answered, answered_pairs, moments


def partially_overlapping_t(
    first_only: Values,
    second_only: Values,
    *,
    first_pairs: Values,
    second_pairs: Values,
    equal_variances: bool = False,
) -> Difference:
    """The difference of the means of all in the first and all in the second, some of whom are in both.

    `first_pairs` and `second_pairs` have the same length, one person per place (raise ValueError if not); a person with
    one of both answers counts among those in one sample only. Without pairs this is Welch's test, and with pairs alone
    the paired one (for unequal variances). One pair alone tells nothing of how both answers go together: None.
    Source: Derrick, Toher & White 2017, T_new1 (equal variances) and T_new2 (unequal).
    """
    pairs = answered_pairs(first_pairs, second_pairs)
    everyone = _all_of(first_only, first_pairs), _all_of(second_only, second_pairs)
    both = moments(everyone[0]), moments(everyone[1])
    known = Difference(len(everyone[0]), len(everyone[1]), len(pairs[0]), None)
    if both[0].mean is None or both[1].mean is None:
        return known
    known = known._replace(estimate=both[0].mean - both[1].mean)
    if both[0].variance is None or both[1].variance is None or known.n_pairs == 1:
        return known
    if equal_variances:
        both = _pooled(*both)
    parts = _variances_of_means(*both)
    together = _correlation(*pairs) * known.n_pairs * (parts[0] * parts[1] / (both[0].n * both[1].n)) ** 0.5
    variance = sum(parts) - 2 * together
    if variance <= EQUAL * sum(parts):
        return known
    return tested(known, standard_error=variance**0.5, df=_df(known, parts, equal_variances=equal_variances))


def _df(known: Difference, parts: tuple[float, float], *, equal_variances: bool) -> float | None:
    """Between those of the pairs (n − 1) and those of independent samples, by the share of people in one only."""
    n_pairs, everyone = known.n_pairs, known.n_first + known.n_second
    alone = everyone - 2 * n_pairs
    if equal_variances:
        independent: float | None = alone + 2 * n_pairs - 2
        return n_pairs - 1 + (alone + n_pairs - 1) / everyone * alone
    independent = welch_satterthwaite(parts, (known.n_first - 1, known.n_second - 1))
    return None if independent is None else n_pairs - 1 + (independent - n_pairs + 1) / everyone * alone


def _all_of(only: Values, paired: Values) -> Sample:
    return np.concatenate((answered(only), answered(paired)))


def _pooled(first: Moments, second: Moments) -> tuple[Moments, Moments]:
    """Both with their common variance."""
    sums = (first.n - 1) * (first.variance or 0.0) + (second.n - 1) * (second.variance or 0.0)
    common = sums / (first.n + second.n - 2)
    return first._replace(variance=common), second._replace(variance=common)


def _variances_of_means(first: Moments, second: Moments) -> tuple[float, float]:
    return (first.variance or 0.0) / first.n, (second.variance or 0.0) / second.n


def _correlation(first: Sample, second: Sample) -> float:
    """Pearson's correlation of the pairs; 0 where either answer does not vary and so cannot go with the other."""
    both = moments(first), moments(second)
    if not both[0].variance or not both[1].variance:
        return 0.0
    covariance = float(np.dot(first - first.mean(), second - second.mean())) / (len(first) - 1)
    return max(-1.0, min(1.0, covariance / math.sqrt(both[0].variance * both[1].variance)))
