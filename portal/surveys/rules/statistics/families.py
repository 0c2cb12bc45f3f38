"""Several tests at once: p-values of a family, corrected."""

from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Each p corrected for the number of tests, in the order given; None stays None and is no test.

    Source: Holm 1979.
    """
    stated = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    corrected: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, place) in enumerate(stated):
        highest = max(highest, min(1.0, (len(stated) - rank) * p))
        corrected[place] = highest
    return tuple(corrected)
