"""The difference of two means as every t-test tells it: estimate, interval, statistic, degrees of freedom and p."""

from typing import NamedTuple

from scipy import stats

from portal.surveys.rules.statistics.samples import CONFIDENCE, Interval


class Difference(NamedTuple):
    """first − second, in the unit of the answers; p is two-sided.

    `n_first` and `n_second` are all who answered on each side, `n_pairs` those who are on both. `estimate` is None
    where a side is empty; the others are None where nothing can be said of chance (fewer than two, or all equal).
    """

    n_first: int
    n_second: int
    n_pairs: int
    estimate: float | None
    standard_error: float | None = None
    ci: Interval | None = None
    statistic: float | None = None
    df: float | None = None
    p: float | None = None


def tested(known: Difference, *, standard_error: float | None, df: float | None) -> Difference:
    """`known` with interval, statistic and p of Student's t with `df`, where the error and df are above 0."""
    if known.estimate is None or not standard_error or not df or standard_error < 0 or df <= 0:
        return known
    statistic = known.estimate / standard_error
    return known._replace(
        standard_error=standard_error,
        ci=t_interval(known.estimate, standard_error, df),
        statistic=statistic,
        df=df,
        p=float(2 * stats.t.sf(abs(statistic), df)),
    )


def t_interval(estimate: float, standard_error: float, df: float) -> Interval:
    """The estimate ± t · standard error, at 95 %."""
    reach = float(stats.t.isf((1 - CONFIDENCE) / 2, df)) * standard_error
    return Interval(estimate - reach, estimate + reach)
