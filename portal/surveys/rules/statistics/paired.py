"""The same people twice: paired t with d_z, Wilcoxon's signed ranks, McNemar. Pairs without both answers are left out.

`first` and `second` have the same length, one pair per place; raise ValueError if not.
"""

from typing import Final, NamedTuple

import numpy as np
from scipy import stats

from portal.surveys.rules.statistics.differing import Difference, tested
from portal.surveys.rules.statistics.effects import Effect, noncentral_interval
from portal.surveys.rules.statistics.independent import EXACT_BELOW, RankTest
from portal.surveys.rules.statistics.samples import (
    CONFIDENCE,
    Interval,
    Sample,
    Values,
    answered_pairs,
    differences,
    moments,
)
from portal.surveys.rules.statistics.shifts import median_of_averages

# Fewer people who changed their answer than this are counted exactly.
EXACT_CHANGES_BELOW: Final = 25


class YesNoChange(NamedTuple):
    """A yes/no question asked twice. `only_first` said yes in the first alone, `only_second` in the second alone.

    `estimate` is the share (0 to 1) of yes in the first less that in the second, with its 95 % interval;
    `statistic` is chi-squared with one degree of freedom, None where p is counted exactly.
    """

    n: int
    only_first: int
    only_second: int
    estimate: float | None = None
    ci: Interval | None = None
    statistic: float | None = None
    p: float | None = None
    is_exact: bool = False


def paired_t(first: Values, second: Values) -> Difference:
    """The mean of the differences of the pairs. Source: Student 1908."""
    n, mean, variance = moments(differences(first, second))
    known = Difference(int(n), int(n), int(n), mean)
    return tested(known, standard_error=(variance / n) ** 0.5 if variance else None, df=n - 1)


def d_z(first: Values, second: Values) -> Effect:
    """The mean difference in standard deviations of the differences, with its 95 % interval.

    Source: Cohen 1988; the interval by the noncentral t, Cumming & Finch 2001.
    """
    n, mean, variance = moments(differences(first, second))
    if mean is None or not variance:
        return Effect()
    value = mean / variance**0.5
    low, high = noncentral_interval(value * n**0.5, n - 1)
    return Effect(value, Interval(low / n**0.5, high / n**0.5))


def wilcoxon(first: Values, second: Values) -> RankTest:
    """Whether the differences of the pairs tend to be above 0; pairs without a difference are left out of the ranks.

    Exact below 50 differing pairs where none is 0 and no two are equal; otherwise the normal curve, corrected for ties
    and continuity. Source: Wilcoxon 1945; Kerby 2014 (matched rank-biserial); Hodges & Lehmann 1963 (shift).
    """
    sample = differences(first, second)
    known = RankTest(len(sample), len(sample))
    differing = sample[sample != 0]
    n = len(differing)
    if not n:
        return known
    ranks = stats.rankdata(np.abs(differing))
    positive = float(ranks[differing > 0].sum())
    is_exact = n == len(sample) and n < EXACT_BELOW and len(np.unique(ranks)) == n
    p = stats.wilcoxon(differing, method="exact").pvalue if is_exact else _normal_p(ranks, positive)
    return known._replace(
        statistic=positive,
        p=float(p),
        rank_biserial=4 * positive / (n * (n + 1)) - 1,
        is_exact=is_exact,
        shift=median_of_averages(sample),
    )


def _normal_p(ranks: Sample, positive: float) -> float:
    """The two-sided p of the sum of positive ranks by the normal curve, corrected for ties and continuity."""
    n = len(ranks)
    tied = np.unique(ranks, return_counts=True)[1].astype(np.float64)
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((tied**3 - tied).sum()) / 48
    distance = max(abs(positive - n * (n + 1) / 4) - 0.5, 0.0)
    return float(2 * stats.norm.sf(distance / variance**0.5))


def mcnemar(first: Values, second: Values) -> YesNoChange:
    """Whether more people changed from yes to no than back; values are 1 (yes) and 0 (no).

    Exact (binomial) below 25 who changed, otherwise chi-squared corrected for continuity; p is None if nobody changed.
    Raise ValueError for other values. Source: McNemar 1947; Edwards 1948; Bonett & Price 2012 for the interval.
    """
    columns = answered_pairs(first, second)
    if not np.isin(np.concatenate(columns), (0, 1)).all():
        raise ValueError("Answers to a yes/no question are 1 and 0.")
    n, gain = len(columns[0]), columns[0] - columns[1]
    only_first, only_second = int((gain > 0).sum()), int((gain < 0).sum())
    known = YesNoChange(n, only_first, only_second)
    if not n:
        return known
    known = known._replace(estimate=(only_first - only_second) / n, ci=_share_interval(known))
    changed = only_first + only_second
    if not changed:
        return known
    if changed < EXACT_CHANGES_BELOW:
        return known._replace(p=float(stats.binomtest(only_first, changed).pvalue), is_exact=True)
    statistic = max(abs(only_first - only_second) - 1, 0) ** 2 / changed
    return known._replace(statistic=statistic, p=float(stats.chi2.sf(statistic, 1)))


def _share_interval(known: YesNoChange) -> Interval:
    """The interval of a difference of paired shares, at most from −1 to 1. Source: Bonett & Price 2012."""
    n = known.n + 2
    shares = (known.only_first + 1) / n, (known.only_second + 1) / n
    middle = shares[0] - shares[1]
    reach = float(stats.norm.isf((1 - CONFIDENCE) / 2)) * ((sum(shares) - middle**2) / n) ** 0.5
    return Interval(max(middle - reach, -1.0), min(middle + reach, 1.0))
