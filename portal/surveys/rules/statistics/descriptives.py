"""What a sample looks like: its middle, its spread, and how many stand at the ends of the scale."""

from typing import NamedTuple

import numpy as np

from portal.surveys.rules.statistics.differing import t_interval
from portal.surveys.rules.statistics.samples import EQUAL, Interval, Values, answered, moments


class Description(NamedTuple):
    """In the unit of the answers: mean with its 95 % interval (t), standard deviation (n − 1), the three quartiles."""

    n: int
    mean: float | None = None
    sd: float | None = None
    ci: Interval | None = None
    quartiles: tuple[float, float, float] | None = None


class Ends(NamedTuple):
    """Shares (0 to 1) of the answers at the least and at the greatest value that could be given."""

    floor: float | None
    ceiling: float | None


def describe(values: Values) -> Description:
    """The description of the answers. Quartiles are interpolated linearly.

    Source: Hyndman & Fan 1996, type 7; Student 1908 for the interval.
    """
    sample = answered(values)
    n, mean, variance = moments(sample)
    if mean is None:
        return Description(0)
    low, median, high = (float(each) for each in np.quantile(sample, (0.25, 0.5, 0.75)))
    sd = None if variance is None else variance**0.5
    ci = t_interval(mean, sd / n**0.5, n - 1) if sd else None
    return Description(len(sample), mean, sd, ci, (low, median, high))


def ends(values: Values, least: float, most: float) -> Ends:
    """How many of the answers (or scores) stand at the ends `least` and `most` of the scale; None without answers."""
    sample = answered(values)
    if not len(sample):
        return Ends(None, None)
    noise = EQUAL * max(abs(least), abs(most))
    return Ends(float((sample <= least + noise).mean()), float((sample >= most - noise).mean()))
