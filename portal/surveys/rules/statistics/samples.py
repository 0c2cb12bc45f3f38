"""Samples as arrays, and the few figures of them that every test begins with."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Sample = NDArray[np.float64]
Values = NDArray[np.float64] | Sequence[float]

CONFIDENCE: Final = 0.95
# Numbers that differ by less than this share of the largest are equal: they differ by rounding alone.
EQUAL: Final = 1e-12


class Interval(NamedTuple):
    """A confidence interval, both ends included, in the unit of the estimate."""

    low: float
    high: float


class Moments(NamedTuple):
    """How many answered, their mean, and the variance with n − 1 (None for fewer than two, 0 where all are equal)."""

    n: float
    mean: float | None
    variance: float | None


def answered(values: Values) -> Sample:
    """The values that are there, without NaN, in their order; shape (n,)."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    return sample[~np.isnan(sample)]


def answered_pairs(first: Values, second: Values) -> tuple[Sample, Sample]:
    """Both columns of the pairs that have both values; shapes (n,). Raise ValueError if their lengths differ."""
    columns = np.asarray(first, dtype=np.float64).ravel(), np.asarray(second, dtype=np.float64).ravel()
    if len(columns[0]) != len(columns[1]):
        raise ValueError("Pairs need two columns of the same length.")
    complete = ~(np.isnan(columns[0]) | np.isnan(columns[1]))
    return columns[0][complete], columns[1][complete]


def differences(first: Values, second: Values) -> Sample:
    """The first less the second of complete pairs, free of the noise of floats, so that equal differences are equal."""
    columns = answered_pairs(first, second)
    return without_noise(columns[0] - columns[1], largest(*columns))


def largest(*samples: Sample) -> float:
    """The largest absolute value in the samples; 0 for empty ones."""
    return max((float(np.abs(sample).max()) for sample in samples if len(sample)), default=0.0)


def without_noise(sample: Sample, size: float) -> Sample:
    """The sample rounded to twelve digits of `size`, the largest number it was calculated from."""
    if size == 0:
        return sample
    return np.round(sample, 11 - math.floor(math.log10(size))) + 0.0


def moments(sample: Sample) -> Moments:
    """The figures of a sample without NaN."""
    if not len(sample):
        return Moments(0, None, None)
    mean = float(sample.mean())
    if len(sample) == 1:
        return Moments(1, mean, None)
    is_constant = float(np.ptp(sample)) <= EQUAL * largest(sample)
    return Moments(len(sample), mean, 0.0 if is_constant else float(sample.var(ddof=1)))
