"""Scores of scales: the mean of the answered items, some of them turned round first. Source: rules of surveys."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portal.surveys.rules.statistics.samples import Sample

# One row per respondent, one column per item, NaN where there is no answer.
Answers = NDArray[np.float64]


def turned_round(answers: Answers, *, reverse: Sequence[bool], bounds: Sequence[tuple[float, float] | None]) -> Answers:
    """The answers with greatest + least − x in the columns that are reversed; shape (respondents, items) as given.

    `bounds` are (least, greatest) of each item; None for an item without, which cannot be reversed.
    Raise ValueError if a reversed item has no bounds, or the number of columns differs.
    """
    table = np.array(answers, dtype=np.float64, ndmin=2)
    if not table.shape[1] == len(reverse) == len(bounds):
        raise ValueError("Every item needs a flag and bounds.")
    for column, (is_reversed, ends) in enumerate(zip(reverse, bounds, strict=True)):
        if is_reversed and ends is None:
            raise ValueError("An item without bounds cannot be reversed.")
        if is_reversed and ends is not None:
            table[:, column] = ends[0] + ends[1] - table[:, column]
    return table


def has_score(answers: Answers, min_answered: float = 0.8) -> NDArray[np.bool_]:
    """Who has answered at least this share (0 to 1) of the items, and at least one; shape (respondents,)."""
    number = (~np.isnan(answers)).sum(axis=1)
    # A little below: 0.7 · 10 is 7.000000000000001 as a float.
    needed: NDArray[np.bool_] = (number >= min_answered * answers.shape[1] - 1e-9) & (number > 0)
    return needed


def scale_scores(answers: Answers, min_answered: float = 0.8) -> Sample:
    """The mean of the answered items of each respondent, NaN for those without a score; shape (respondents,).

    `answers` are turned round already. Source: rules of surveys, scales.
    """
    is_there = ~np.isnan(answers)
    number = is_there.sum(axis=1)
    means: Sample = np.where(is_there, answers, 0.0).sum(axis=1) / np.maximum(number, 1)
    return np.where(has_score(answers, min_answered), means, np.nan)
