"""Standardised effects, and their intervals by the noncentral t distribution."""

from typing import Final, NamedTuple

from scipy import special, stats

from portal.surveys.rules.statistics.samples import CONFIDENCE, Interval

# Beyond this t its noncentral distribution is no longer calculated reliably; the normal curve is then close enough.
GREATEST_T: Final = 1000.0


class Effect(NamedTuple):
    """An effect in standard deviations with its 95 % interval; None where nothing varies."""

    value: float | None = None
    ci: Interval | None = None


def noncentral_interval(statistic: float, df: float) -> Interval:
    """The noncentralities under which this t, with these degrees of freedom, is not surprising (95 %).

    Source: Cumming & Finch 2001; for great t the normal approximation of Johnson & Welch 1940.
    """
    tail = (1 - CONFIDENCE) / 2
    if abs(statistic) > GREATEST_T:
        reach = float(stats.norm.isf(tail)) * (1 + statistic**2 / (2 * df)) ** 0.5
        return Interval(statistic - reach, statistic + reach)
    # Calculated for the positive side only, so that swapping the samples turns the interval round exactly.
    low, high = (float(special.nctdtrinc(df, each, abs(statistic))) for each in (1 - tail, tail))
    return Interval(low, high) if statistic >= 0 else Interval(-high, -low)
