"""By how much a sample lies above 0, whatever its shape: the Hodges-Lehmann estimate."""

from typing import Final

import numpy as np

from portal.surveys.rules.statistics.samples import Sample

# With more different values than this, the averages of all pairs are not written out but searched.
MOST_VALUES: Final = 1500
# Halvings of the range: more than the digits of a float need.
HALVINGS: Final = 64


def median_of_averages(sample: Sample) -> float | None:
    """The median of (x + y) / 2 over all pairs of the sample, each value with itself too; None for an empty one.

    Source: Hodges & Lehmann 1963; Walsh 1949.
    """
    if not len(sample):
        return None
    values, counts = np.unique(sample, return_counts=True)
    number = len(sample) * (len(sample) + 1) // 2
    places = (number + 1) // 2, number // 2 + 1
    if len(values) > MOST_VALUES:
        return (_searched(np.sort(sample), places[0]) + _searched(np.sort(sample), places[1])) / 2
    row, column = np.triu_indices(len(values))
    averages = (values[row] + values[column]) / 2
    weights = np.where(row == column, counts[row] * (counts[row] + 1) // 2, counts[row] * counts[column])
    order = np.argsort(averages)
    low, high = np.searchsorted(np.cumsum(weights[order]), places)
    return float(averages[order][low] + averages[order][high]) / 2


def _searched(ordered: Sample, place: int) -> float:
    """The average at this place (from 1) among those of all pairs, by halving the range in which it lies."""
    low, high = float(ordered[0]), float(ordered[-1])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        both_ways = int(np.searchsorted(ordered, 2 * middle - ordered, side="right").sum())
        with_itself = int(np.searchsorted(ordered, middle, side="right"))
        if (both_ways + with_itself) // 2 >= place:
            high = middle
        else:
            low = middle
    return high
