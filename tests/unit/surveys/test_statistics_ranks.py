"""Tests of ranks and of yes and no: against scipy, by hand, and by what must hold for any answers."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portal.surveys.rules.statistics.independent import mann_whitney
from portal.surveys.rules.statistics.paired import mcnemar, wilcoxon
from portal.surveys.rules.statistics.shifts import MOST_VALUES, median_of_averages

NAN = float("nan")
answers = st.integers(3, 15).map(lambda number: number / 3)
samples = st.lists(answers, min_size=1, max_size=60)
pairs = st.lists(st.tuples(answers, answers), min_size=1, max_size=60)


def near(expected):
    return pytest.approx(expected, rel=1e-7, abs=1e-9)


@given(samples, samples)
def test_swapping_the_groups_turns_the_rank_biserial_round(first, second):
    there, back = mann_whitney(first, second), mann_whitney(second, first)
    assert there.p == (None if back.p is None else near(back.p))
    if there.p is not None:
        assert there.rank_biserial == near(-back.rank_biserial)
        higher = sum(np.sign(round(one - two, 9)) for one in first for two in second)
        assert there.rank_biserial == near(higher / len(first) / len(second))


@given(pairs)
def test_swapping_the_waves_turns_the_signed_ranks_round(rows):
    first, second = zip(*rows, strict=True)
    there, back = wilcoxon(first, second), wilcoxon(second, first)
    assert there.p == (None if back.p is None else near(back.p))
    if there.p is not None:
        assert there.rank_biserial == near(-back.rank_biserial)
        assert there.shift == near(-back.shift)


@given(samples, samples, pairs)
def test_adding_the_same_to_all_answers_changes_no_rank(first, second, rows):
    more = 0.1
    assert mann_whitney([x + more for x in first], [x + more for x in second]) == mann_whitney(first, second)
    one, two = np.array(rows).T
    moved, found = wilcoxon(one + more, two + more), wilcoxon(one, two)
    assert moved[:6] == found[:6]
    assert (moved.shift or 0.0) == near(found.shift or 0.0)


def test_many_answers_on_five_steps_are_compared_as_scipy_does():
    chance = np.random.default_rng(7)
    first, second = chance.integers(1, 6, 200) * 1.0, chance.integers(1, 6, 200) * 1.0
    found = mann_whitney(first, second)
    assert not found.is_exact
    assert found.p == near(stats.mannwhitneyu(first, second).pvalue)
    expected = stats.wilcoxon(first, second, correction=True, method="asymptotic")
    assert wilcoxon(first, second).p == near(expected.pvalue)


def test_ranks_are_counted_exactly_below_fifty_without_ties():
    first, second = np.arange(49) * 2.0, np.arange(49) * 2.0 + 31
    assert mann_whitney(first, second).is_exact
    assert not mann_whitney([*first, 500], second).is_exact
    assert not mann_whitney(first, first).is_exact
    gains = np.arange(1.0, 50)
    assert wilcoxon(gains, gains * 0).is_exact
    assert not wilcoxon([*gains, 50], [0.0] * 50).is_exact
    assert not wilcoxon([*gains[:9], 0], [0.0] * 10).is_exact


def test_all_higher_is_a_rank_biserial_of_one():
    found = mann_whitney([4, 5, 6], [1, 2, 3])
    assert (found.statistic, found.rank_biserial, found.p) == (9, 1, near(2 / 20))
    found = wilcoxon([2, 4, 6], [1, 2, 3])
    assert (found.statistic, found.rank_biserial, found.p, found.shift) == (6, 1, near(2 / 8), 2)


def test_differences_that_are_equal_but_for_the_noise_of_floats_are_ties():
    # 0.3 − 0.1 and 0.5 − 0.3 are different floats.
    found = wilcoxon([0.3, 0.5, 0.1], [0.1, 0.3, 0.2])
    assert (found.statistic, found.is_exact) == (5, False)


DEGENERATE = [[], [NAN], [3], [3, 3, 3], [0.1 + 0.2, 0.3, 0.3]]


@pytest.mark.parametrize(("first", "second"), [*itertools.product(DEGENERATE, DEGENERATE)])
def test_no_rank_where_all_answers_are_equal_or_none(first, second):
    values = {round(x, 9) for x in (*first, *second) if x == x}
    if len(values) < 2:
        assert mann_whitney(first, second)[2:] == (None, None, None, False, None)
    if len(first) == len(second) and len(values) < 2:
        assert wilcoxon(first, second)[2:] == (None, None, None, False, None)


@given(st.lists(st.integers(-9, 9).map(float), min_size=1, max_size=25))
def test_hodges_lehmann_is_the_median_of_all_averages(sample):
    every = [(one + two) / 2 for place, one in enumerate(sample) for two in sample[place:]]
    assert median_of_averages(np.array(sample)) == pytest.approx(np.median(every))


def test_many_different_values_have_the_same_median_of_averages():
    sample = np.random.default_rng(3).normal(size=MOST_VALUES + 1)
    row, column = np.triu_indices(len(sample))
    assert median_of_averages(sample) == pytest.approx(np.median((sample[row] + sample[column]) / 2), abs=1e-9)
    assert median_of_averages(np.array([])) is None


def yes_no(both: int, only_first: int, only_second: int, neither: int):
    rows = [(1, 1)] * both + [(1, 0)] * only_first + [(0, 1)] * only_second + [(0, 0)] * neither
    return tuple(zip(*rows, strict=True)) if rows else ((), ())


def test_few_who_changed_are_counted_exactly():
    found = mcnemar(*yes_no(10, 1, 7, 2))
    assert (found.n, found.only_first, found.only_second, found.estimate) == (20, 1, 7, -0.3)
    # Of 8 who changed, at most 1 in one direction: 2 · (1 + 8) / 256.
    assert (found.is_exact, found.statistic, found.p) == (True, None, near(2 * 9 / 256))
    assert found.ci.low < -0.3 < found.ci.high < 0


def test_many_who_changed_are_compared_by_chi_squared():
    found = mcnemar(*yes_no(0, 10, 30, 5))
    assert (found.is_exact, found.statistic) == (False, 19**2 / 40)
    assert found.p == near(stats.chi2.sf(19**2 / 40, 1))
    assert mcnemar(*yes_no(0, 20, 20, 0)).p == 1


def test_nobody_changed():
    assert mcnemar(*yes_no(3, 0, 0, 3)).p is None
    assert mcnemar([], []) == (0, 0, 0, None, None, None, None, False)
    assert mcnemar([1, NAN], [NAN, 0]).n == 0


@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_swapping_the_waves_turns_the_change_round(cells):
    first, second = yes_no(*cells)
    there, back = mcnemar(first, second), mcnemar(second, first)
    assert there.p == (None if back.p is None else near(back.p))
    if there.n:
        assert there.estimate == -back.estimate
        assert there.ci == near((-back.ci.high, -back.ci.low))


def test_other_answers_are_no_yes_or_no():
    with pytest.raises(ValueError, match="1 and 0"):
        mcnemar([1, 2], [0, 1])
