"""Raking to margins and figures with weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.statistics.descriptives import describe
from portal.surveys.rules.statistics.independent import welch
from portal.surveys.rules.statistics.weighting import describe_weighted, kish, rake, welch_weighted

NAN = float("nan")


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), max_size=40),
    st.integers(1, 9),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_raking_hits_every_margin(respondents, country, ages):
    # Each combination of levels has somebody, so that weights exist.
    respondents = [*respondents, *[(one, two) for one in range(2) for two in range(3)]]
    levels = np.array(respondents).T
    margins = [(country / 10, 1 - country / 10), (ages[0] / 20, ages[1] / 20, 1 - sum(ages) / 20)]
    weights = rake(levels, margins)
    for group, margin in zip(levels, margins, strict=True):
        assert np.bincount(group, weights) == pytest.approx(np.array(margin), abs=1e-8)


def test_weights_of_one_group_are_wanted_over_reached():
    assert rake([[0, 0, 0, 1]], [[50, 50]]) == pytest.approx([50 / 3] * 3 + [50])


def test_margins_that_nobody_or_nothing_can_reach_have_no_weights():
    assert rake([[0, 0]], [[1, 1]]) is None
    # All of the first are of the first: both cannot have different totals.
    assert rake([[0, 1], [0, 1]], [[1, 3], [3, 1]]) is None
    assert rake([], []) is None
    assert rake([[]], [[1, 2]]) is None


def test_a_level_nobody_wants_has_no_weight():
    assert rake([[0, 1]], [[2, 0]]) == pytest.approx([2, 0])


def test_margins_in_rounded_shares_are_taken():
    weights = rake([[0, 1, 2, 0, 1, 2], [0, 1, 1, 1, 0, 0]], [[0.333, 0.333, 0.333], [0.333, 0.667]])
    assert weights.sum() == pytest.approx(0.999)


@pytest.mark.parametrize(
    ("levels", "margins", "start"),
    [
        ([[0, 1]], [[1, 1], [1, 1]], None),
        ([[0, 2]], [[1, 1]], None),
        ([[0, -1]], [[1, 1]], None),
        ([[0, 1], [0]], [[1, 1], [2]], None),
        ([[0, 1]], [[3, -1]], None),
        ([[0, 1]], [[NAN, 1]], None),
        ([[0, 1]], [[0, 0]], None),
        ([[0, 1], [0, 1]], [[1, 1], [2, 2]], None),
        ([[0, 1]], [[1, 1]], [1]),
        ([[0, 1]], [[1, 1]], [1, -1]),
    ],
)
def test_margins_that_cannot_be_meant_are_refused(levels, margins, start):
    with pytest.raises(ValueError, match=r"margins|margin|weight"):
        rake(levels, margins, start)


values = st.lists(st.integers(1, 5).map(float), min_size=2, max_size=20)


@given(values, values, st.sampled_from([0.5, 1, 3]))
def test_equal_weights_change_nothing(first, second, weight):
    weights = [[weight] * len(each) for each in (first, second)]
    found, plain = describe_weighted(first, weights[0]), describe(first)
    assert (found.n, found.mean, found.sd) == pytest.approx((plain.n, plain.mean, plain.sd), abs=1e-12)
    test, expected = welch_weighted(first, weights[0], second, weights[1]), welch(first, second)
    assert test[:4] == pytest.approx(expected[:4], abs=1e-12)
    assert (test.p is None) == (expected.p is None)
    assert (test.p or 0) == pytest.approx(expected.p or 0)


def test_a_weighted_mean_by_hand():
    found = describe_weighted([1, 2, NAN, 5], [1, 1, 4, 2])
    # 4² / (1 + 1 + 4) = 8/3 tell as much; spread (5.0625 + 1.5625 + 2 · 3.0625) / 4 · (8/3) / (5/3).
    assert (found.n, found.mean) == (3, 3.25)
    assert found.sd == pytest.approx((12.75 / 4 * 8 / 5) ** 0.5)
    assert found.ci.low < 3.25 < found.ci.high


@pytest.mark.parametrize(
    ("sample", "weights"), [([], []), ([NAN], [1]), ([3], [2]), ([3, 3], [1, 2]), ([1, 2], [1, 0])]
)
def test_no_interval_without_effective_respondents_or_variance(sample, weights):
    assert describe_weighted(sample, weights).ci is None
    assert welch_weighted(sample, weights, sample, weights).p is None


def test_weights_of_nobody_have_no_effective_number():
    assert kish([]) == (None, None)
    assert kish([0, 0]) == (None, None)


def test_every_answer_has_its_weight():
    with pytest.raises(ValueError, match="weight"):
        describe_weighted([1, 2], [1])
