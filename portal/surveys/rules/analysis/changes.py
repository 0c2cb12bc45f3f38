"""How something changed between two waves: the test that the data ask for, why that one, and what it says.

Source: rules of surveys, analysis.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.surveys.rules.analysis.inputs import Mask, Shape, count, suppressed, too_few
from portal.surveys.rules.analysis.weighing import Cells, tells_of_few
from portal.surveys.rules.disclosure import is_few
from portal.surveys.rules.judging import INDEPENDENT, OVERLAPPING, PAIRED
from portal.surveys.rules.statistics.differing import Difference
from portal.surveys.rules.statistics.effects import Effect
from portal.surveys.rules.statistics.independent import RankTest, hedges_g, mann_whitney, welch
from portal.surveys.rules.statistics.overlapping import partially_overlapping_t
from portal.surveys.rules.statistics.paired import d_z, mcnemar, paired_t, wilcoxon
from portal.surveys.rules.statistics.samples import Interval, Sample
from portal.surveys.rules.statistics.weighting import welch_weighted

# What is measured: a mean of items, one step of agreement, a number, or whether people chose the first of two answers.
SCALE: Final = "scale"
ORDINAL: Final = "ordinal"
NUMBER: Final = "number"
YES_NO: Final = "yes-no"

# One pair alone tells nothing of how its two answers go together.
LEAST_PAIRS: Final = 2


class Measure(NamedTuple):
    """Values of two waves, one place for each respondent (NaN: none), and the places of those who are in both.

    `pairs` (n, 2): places in the first and in the last wave. `is_pairing`: whether the study looks for them at all.
    """

    kind: str
    first: Sample
    last: Sample
    pairs: NDArray[np.intp]
    is_pairing: bool
    first_weights: Sample | None = None
    last_weights: Sample | None = None
    first_cells: Cells | None = None
    last_cells: Cells | None = None


class Change(NamedTuple):
    """A change as interfaces write it, the difference of means behind it (None where it is not told), and its pairs."""

    shape: Shape
    difference: Difference | None = None
    pairs: int = 0


class _Parts(NamedTuple):
    """A measure's values by who gave them: in one wave only, or in both (one pair in each place)."""

    first: Sample
    last: Sample
    first_only: Sample
    last_only: Sample
    first_pairs: Sample
    last_pairs: Sample


def restricted(measure: Measure, first: Mask, last: Mask) -> Measure:
    """The measure of these respondents only, without weights; who is in the masks in one wave only is in no pair.

    A part that was weighted too would tell, with the weighted whole, of the other parts.
    """
    return measure._replace(
        first=np.where(first, measure.first, np.nan),
        last=np.where(last, measure.last, np.nan),
        first_weights=None,
        last_weights=None,
    )


def find_change(measure: Measure, *, least_pairs: int = LEAST_PAIRS) -> Change:
    """The change from the first to the last wave; not told where either has too few values.

    With fewer than `least_pairs` pairs all are taken for different people.
    """
    if too_few(count(measure.first)) or too_few(count(measure.last)):
        return Change(suppressed())
    parts = _part(measure)
    design = _design(parts, least_pairs)
    difference = _difference(design, parts)
    shape: Shape = {
        "design": design,
        "estimate": difference.estimate,
        "ci": interval(difference.ci),
        "tests": [_test(measure.kind, design, parts, difference)],
        "effects": _effects(measure.kind, design, parts),
        "verdict": "cannot-tell",
        "why": _why(measure, design, parts),
        "weighted": _weighted(measure, design),
    }
    return Change(shape, difference, len(parts.first_pairs))


def shape_of(change: Change | None) -> Shape | None:
    """The change as interfaces write it; None where nothing is compared."""
    return None if change is None else change.shape


def count_pairs(measure: Measure) -> int:
    """How many have a value in both waves."""
    return len(_part(measure).first_pairs)


def interval(stated: Interval | None) -> list[float] | None:
    """The interval as JSON holds it."""
    return None if stated is None else [stated.low, stated.high]


def _part(measure: Measure) -> _Parts:
    pairs = measure.pairs
    both = ~np.isnan(measure.first[pairs[:, 0]]) & ~np.isnan(measure.last[pairs[:, 1]])
    pairs = pairs[both]
    return _Parts(
        _answered(measure.first),
        _answered(measure.last),
        _answered(np.delete(measure.first, pairs[:, 0])),
        _answered(np.delete(measure.last, pairs[:, 1])),
        measure.first[pairs[:, 0]],
        measure.last[pairs[:, 1]],
    )


def _answered(values: Sample) -> Sample:
    return values[~np.isnan(values)]


def _design(parts: _Parts, least_pairs: int) -> str:
    """What the answers are: of different people as long as it is not known who is in both waves."""
    if len(parts.first_pairs) < least_pairs:
        return INDEPENDENT
    is_alone = not len(parts.first_only) and not len(parts.last_only)
    return PAIRED if is_alone else OVERLAPPING


def _difference(design: str, parts: _Parts) -> Difference:
    if design == INDEPENDENT:
        return welch(parts.last, parts.first)
    if design == PAIRED:
        return paired_t(parts.last_pairs, parts.first_pairs)
    return partially_overlapping_t(
        parts.last_only, parts.first_only, first_pairs=parts.last_pairs, second_pairs=parts.first_pairs
    )


def _test(kind: str, design: str, parts: _Parts, difference: Difference) -> Shape:
    if design == OVERLAPPING:
        return _told("partially_overlapping_t", difference.statistic, difference.df, difference.p)
    if kind == ORDINAL:
        name, ranks = _ranks(design, parts)
        return _told(name, ranks.statistic, None, ranks.p)
    if kind == YES_NO and design == PAIRED:
        found = mcnemar(parts.last_pairs, parts.first_pairs)
        return _told("mcnemar", found.statistic, None if found.statistic is None else 1, found.p)
    name = "welch" if design == INDEPENDENT else "paired_t"
    return _told(name, difference.statistic, difference.df, difference.p)


def _told(name: str, statistic: float | None, df: float | None, p: float | None) -> Shape:
    return {"name": name, "statistic": statistic, "df": df, "p": p, "p_holm": None}


def _ranks(design: str, parts: _Parts) -> tuple[str, RankTest]:
    if design == PAIRED:
        return "wilcoxon", wilcoxon(parts.last_pairs, parts.first_pairs)
    return "mann_whitney", mann_whitney(parts.last, parts.first)


def _effects(kind: str, design: str, parts: _Parts) -> list[Shape]:
    """The effects beside the test; a share that changed is an effect already."""
    if kind == YES_NO:
        return []
    if kind == ORDINAL and design != OVERLAPPING:
        return [{"name": "rank_biserial", "value": _ranks(design, parts)[1].rank_biserial, "ci": None}]
    if design == PAIRED:
        return [_effect("d_z", d_z(parts.last_pairs, parts.first_pairs))]
    return [_effect("hedges_g", hedges_g(parts.last, parts.first))]


def _effect(name: str, found: Effect) -> Shape:
    return {"name": name, "value": found.value, "ci": interval(found.ci)}


def _why(measure: Measure, design: str, parts: _Parts) -> Shape:
    """Why these are different people, the same, or partly the same, and how many of each there are.

    How many pairs there are is told of none or of enough; not (None) where it would tell that few are in one wave only.
    """
    pairs = len(parts.first_pairs)
    code = {PAIRED: "all-matched", OVERLAPPING: "partly-same"}.get(design, "none-matched")
    if design == INDEPENDENT and pairs:
        code = "too-few-pairs"
    if not measure.is_pairing:
        code = "not-paired"
    alone = len(parts.first_only), len(parts.last_only)
    told = suppressed() if is_few(pairs) else None if pairs and any(map(is_few, alone)) else pairs
    values = {"measure": measure.kind, "pairs": told, "first": len(parts.first), "second": len(parts.last)}
    return {"code": code, "values": values}


def _weighted(measure: Measure, design: str) -> Shape | None:
    """The change of the weighted means, of different people, beside the raw one; None where nothing is weighted.

    None, too, where only one of both waves was brought to known shares: it would be that of who answered as well.
    """
    weights: Sequence[Sample | None] = (measure.last_weights, measure.first_weights)
    if design != INDEPENDENT or all(each is None for each in weights):
        return None
    if (measure.first_cells is None) != (measure.last_cells is None):
        return None
    if tells_of_few(measure.first, measure.first_cells) or tells_of_few(measure.last, measure.last_cells):
        return None
    last, first = (
        np.ones(len(values)) if each is None else each
        for each, values in zip(weights, (measure.last, measure.first), strict=True)
    )
    found = welch_weighted(measure.last, last, measure.first, first)
    return {"estimate": found.estimate, "ci": interval(found.ci)}
