"""Shares of answers, without what analyses load."""

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import Final

from portal.surveys.rules.documents import LIKERT

HIGH: Final = NormalDist().inv_cdf(0.975)


def share_of_answers(kind: str, counts: Mapping[str, int] | None, n: int) -> float | None:
    """The share (0 to 1) of the `n` who answered that gave what an indicator looks for; None where nothing is counted.

    `kind` is that of the item, `counts` are its answers in their order. Of steps of agreement it is those above the
    middle; of choices it is the first one.
    """
    if not counts or not n:
        return None
    answers = list(counts)
    if kind == LIKERT:
        steps = [int(each) for each in answers]
        middle = (min(steps) + max(steps)) / 2
        return sum(number for step, number in zip(steps, counts.values(), strict=True) if step > middle) / n
    return counts[answers[0]] / n


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (0 to 1) of `n`. Source: Wilson 1927."""
    centre = share + HIGH**2 / (2 * n)
    reach = HIGH * sqrt(share * (1 - share) / n + HIGH**2 / (4 * n**2))
    whole = 1 + HIGH**2 / n
    return max(0.0, (centre - reach) / whole), min(1.0, (centre + reach) / whole)
