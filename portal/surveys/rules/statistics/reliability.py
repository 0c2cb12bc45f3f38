"""Whether the items of a scale hold together. Answers are turned round already; NaN where there is none."""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from portal.surveys.rules.statistics.samples import CONFIDENCE, EQUAL, Interval, largest
from portal.surveys.rules.statistics.scores import Answers, has_score


class Alpha(NamedTuple):
    """Cronbach's alpha of `items` items with Feldt's 95 % interval; `n` respondents with a score."""

    n: int
    items: int
    value: float | None = None
    ci: Interval | None = None


def cronbach_alpha(answers: Answers, min_answered: float = 0.8) -> Alpha:
    """Alpha of those who have a score, from the pairwise-complete covariance matrix; shape (respondents, items).

    None for one item, for fewer than two respondents (in all, or for a pair of items), and where the sum of the items
    does not vary. Source: Cronbach 1951; Feldt 1965 for the interval; rules of surveys, scales.
    """
    scored = answers[has_score(answers, min_answered)]
    known = Alpha(len(scored), answers.shape[1])
    covariance = pairwise_covariance(scored) if known.n > 1 and known.items > 1 else None
    if covariance is None:
        return known
    total = float(covariance.sum())
    if total <= EQUAL * largest(scored[~np.isnan(scored)]) ** 2:
        return known
    value = known.items / (known.items - 1) * (1 - float(np.trace(covariance)) / total)
    # Pairwise covariances of few answers can contradict each other, and then tell nothing.
    return known if value > 1 + EQUAL else known._replace(value=min(value, 1.0), ci=feldt_interval(value, known))


def feldt_interval(value: float, known: Alpha) -> Interval:
    """The 95 % interval of an alpha of this value for these respondents and items. Source: Feldt 1965."""
    freedom = known.n - 1, (known.n - 1) * (known.items - 1)
    tail = (1 - CONFIDENCE) / 2
    low, high = (1 - max(1 - value, 0.0) * float(stats.f.isf(each, *freedom)) for each in (tail, 1 - tail))
    return Interval(low, high)


def pairwise_covariance(answers: Answers) -> Answers | None:
    """The covariances (n − 1) of the columns, each from the rows that have both; shape (items, items).

    None if two columns have fewer than two rows in common.
    """
    is_there = (~np.isnan(answers)).astype(np.float64)
    number = is_there.T @ is_there
    if not number.size or number.min() < 2:
        return None
    # Less the mean of their item, so that large numbers lose no digits.
    means = np.where(is_there > 0, answers, 0.0).sum(axis=0) / is_there.sum(axis=0)
    filled = np.where(is_there > 0, answers - means, 0.0)
    # Cell i, j: the sum of item i over the rows that have item j too.
    sums = filled.T @ is_there
    covariance: Answers = (filled.T @ filled - sums * sums.T / number) / (number - 1)
    # An item that does not vary goes together with none.
    varies = np.diag(covariance) > EQUAL * largest(answers[~np.isnan(answers)]) ** 2
    return np.where(varies[:, None] & varies, covariance, 0.0)


def item_total_correlations(answers: Answers) -> tuple[float | None, ...]:
    """For each item, its correlation with the sum of the other items, from the pairwise-complete covariance matrix.

    None where either does not vary, for one item, and where two items have fewer than two respondents in common.
    Source: Nunnally & Bernstein 1994, corrected item-total correlation.
    """
    covariance = pairwise_covariance(answers)
    return _item_totals(covariance) if covariance is not None else (None,) * answers.shape[1]


def wrongly_reversed(answers: Answers) -> tuple[int, ...]:
    """Columns of items that look as if turned round wrongly (or not, where they should be), in order.

    Such an item goes against the others: its corrected item-total correlation is negative. It also drags down that of
    its neighbours; so the lowest is turned round first and the others are judged anew. Where half of the items go
    against the other half nobody can tell which are wrong, and all that are negative are named.
    """
    covariance = pairwise_covariance(answers)
    if covariance is None:
        return ()
    against = negative = _negative(covariance)
    turned: set[int] = set()
    for _ in range(len(covariance)):
        if not against:
            break
        lowest = min(against, key=lambda item: against[item])
        covariance[lowest, :] *= -1
        covariance[:, lowest] *= -1
        turned ^= {lowest}
        against = _negative(covariance)
    return tuple(sorted(turned if 2 * len(turned) < len(covariance) else negative))


def _item_totals(covariance: Answers) -> tuple[float | None, ...]:
    variances, sums, total = np.diag(covariance), covariance.sum(axis=1), float(covariance.sum())
    found: list[float | None] = []
    for variance, with_all in zip(variances.tolist(), sums.tolist(), strict=True):
        rest = total - 2 * with_all + variance
        if variance <= 0 or rest <= EQUAL * float(variances.max()):
            found.append(None)
        else:
            found.append(max(-1.0, min(1.0, (with_all - variance) / math.sqrt(variance * rest))))
    return tuple(found)


def _negative(covariance: Answers) -> dict[int, float]:
    found = enumerate(_item_totals(covariance))
    return {item: value for item, value in found if value is not None and value < -EQUAL}
