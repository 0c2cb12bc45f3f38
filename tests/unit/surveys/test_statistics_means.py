"""Tests of means: against scipy, by hand, and by what must hold for any answers."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from portal.surveys.rules.statistics.contrasts import contrast
from portal.surveys.rules.statistics.descriptives import describe, ends
from portal.surveys.rules.statistics.effects import noncentral_interval
from portal.surveys.rules.statistics.families import holm
from portal.surveys.rules.statistics.independent import hedges_g, welch
from portal.surveys.rules.statistics.overlapping import partially_overlapping_t
from portal.surveys.rules.statistics.paired import d_z, paired_t

NAN = float("nan")
# Scores of a scale of five steps and three items, whose thirds no float holds exactly.
answers = st.integers(3, 15).map(lambda number: number / 3)
samples = st.lists(answers, min_size=3, max_size=30)
pairs = st.lists(st.tuples(answers, answers), min_size=3, max_size=30)


def near(expected):
    # Differences of answers above a thousand keep eight decimals.
    return pytest.approx(expected, rel=1e-7, abs=1e-8, nan_ok=False)


def same(found, expected):
    """Both tests say the same, apart from who was counted as what."""
    assert found.estimate == near(expected.estimate)
    if expected.p is None:
        assert found[4:] == expected[4:]
        return
    assert (found.standard_error, found.statistic, found.df, found.p) == near(
        (expected.standard_error, expected.statistic, expected.df, expected.p)
    )
    assert found.ci == near(expected.ci)


def columns(rows):
    return [row[0] for row in rows], [row[1] for row in rows]


def overlapping(first, second, rows, **options):
    return partially_overlapping_t(
        first, second, first_pairs=columns(rows)[0], second_pairs=columns(rows)[1], **options
    )


def test_answers_are_described_and_missing_ones_left_out():
    found = describe([1, 2, 3, 4, 10, NAN])
    assert found[:3] == (5, 4.0, pytest.approx(12.5**0.5))
    assert found.quartiles == (2, 3, 4)
    # t of 4 degrees of freedom: 2.776; standard error: √(12.5 / 5) = 1.581.
    assert found.ci == pytest.approx((4 - 2.776 * 1.581, 4 + 2.776 * 1.581), abs=1e-2)


def test_shares_at_the_ends_of_the_scale():
    assert ends([1, 5, 5, 3, NAN], 1, 5) == (0.25, 0.5)
    assert ends([NAN], 1, 5) == (None, None)


@given(samples, samples)
def test_welch_is_that_of_scipy(first, second):
    assume(len(set(first)) > 1 and len(set(second)) > 1)
    found, expected = welch(first, second), stats.ttest_ind(first, second, equal_var=False)
    interval = expected.confidence_interval()
    assert (found.statistic, found.df, found.p) == near((expected.statistic, expected.df, expected.pvalue))
    assert found.ci == near((interval.low, interval.high))


@given(pairs)
def test_paired_t_is_that_of_one_sample_of_differences(rows):
    first, second = columns(rows)
    differences = np.round(np.subtract(first, second), 10)
    assume(len(set(differences)) > 1)
    found, expected = paired_t(first, second), stats.ttest_1samp(differences, 0)
    assert (found.statistic, found.df, found.p) == near((expected.statistic, expected.df, expected.pvalue))
    assert d_z(first, second).value == near(expected.statistic / len(rows) ** 0.5)


@given(samples, samples)
def test_swapping_the_groups_turns_the_signs(first, second):
    for test in (welch, lambda one, two: overlapping(one, two, [])):
        there, back = test(first, second), test(second, first)
        same(
            there,
            back._replace(
                estimate=-back.estimate,
                statistic=None if back.statistic is None else -back.statistic,
                ci=None if back.ci is None else (-back.ci.high, -back.ci.low),
            ),
        )
    there, back = hedges_g(first, second), hedges_g(second, first)
    if there.value is not None:
        assert there.value == near(-back.value)
        assert there.ci == near((-back.ci.high, -back.ci.low))


@given(samples, samples, pairs, st.sampled_from([0.1, 7, 1000]))
def test_adding_the_same_to_all_answers_changes_nothing(first, second, rows, more):
    moved = [[each + more for each in sample] for sample in (first, second)]
    moved_rows = [(one + more, two + more) for one, two in rows]
    same(welch(*moved), welch(first, second))
    same(paired_t(*columns(moved_rows)), paired_t(*columns(rows)))
    same(overlapping(*moved, moved_rows), overlapping(first, second, rows))
    assert (hedges_g(*moved).value or 0) == near(hedges_g(first, second).value or 0)


@given(samples, samples, st.booleans())
def test_overlapping_samples_without_pairs_are_independent(first, second, equal_variances):
    assume(len(set(first)) > 1 and len(set(second)) > 1)
    found = overlapping(first, second, [], equal_variances=equal_variances)
    if not equal_variances:
        same(found, welch(first, second))
    expected = stats.ttest_ind(first, second, equal_var=equal_variances)
    assert (found.statistic, found.df, found.p) == near((expected.statistic, expected.df, expected.pvalue))


@given(pairs)
def test_overlapping_samples_of_pairs_alone_are_paired(rows):
    same(overlapping([], [], rows), paired_t(*columns(rows)))


def test_who_answered_once_of_a_pair_is_one_of_those_in_one_wave_only():
    rows = [(1, 2), (2, 2), (4, 3), (5, NAN), (NAN, 1)]
    found = overlapping([3], [4], rows)
    assert (found.n_first, found.n_second, found.n_pairs) == (5, 5, 3)
    same(found, overlapping([3, 5], [4, 1], rows[:3]))


def test_one_pair_tells_nothing_of_how_answers_go_together():
    found = overlapping([1, 2, 3], [2, 3, 5], [(4, 4)])
    assert (found.estimate, found.p) == (-1.0, None)


def test_pairs_of_which_one_answer_does_not_vary_go_together_with_nothing():
    rows = [(5, 1), (5, 2), (5, 4)]
    found = overlapping([1, 2], [3, 4], rows)
    everyone = welch([1, 2, 5, 5, 5], [3, 4, 1, 2, 4])
    assert found.standard_error == near(everyone.standard_error)
    assert found.df < everyone.df


@given(pairs, pairs)
def test_a_contrast_of_paired_changes_is_welch_of_the_differences(one, two):
    changes = [np.round(np.subtract(*columns(rows)), 10) for rows in (one, two)]
    assume(all(len(set(each)) > 1 for each in changes))
    found = contrast(paired_t(*columns(one)), paired_t(*columns(two)))
    same(found, welch(*changes))
    assert (found.n_first, found.n_second) == (len(one), len(two))


def test_a_contrast_of_independent_waves_goes_over_four_cells():
    cells = [[1, 2, 4], [2, 2, 3, 5], [1, 5, 5], [2, 3, 3, 1, 1]]
    found = contrast(welch(cells[0], cells[1]), welch(cells[2], cells[3]))
    parts = [np.var(cell, ddof=1) / len(cell) for cell in cells]
    means = [np.mean(cell) for cell in cells]
    df = sum(parts) ** 2 / sum(part**2 / (len(cell) - 1) for part, cell in zip(parts, cells, strict=True))
    assert found.estimate == near((means[0] - means[1]) - (means[2] - means[3]))
    assert (found.standard_error, found.df) == near((sum(parts) ** 0.5, df))
    assert found.p == near(2 * stats.t.sf(abs(found.estimate) / sum(parts) ** 0.5, df))
    assert (found.n_first, found.n_second) == (7, 8)


def test_interval_of_an_effect_holds_those_under_which_it_is_no_surprise():
    low, high = noncentral_interval(1.86, 18)
    assert special.nctdtr(18, low, 1.86) == pytest.approx(0.975, abs=1e-6)
    assert special.nctdtr(18, high, 1.86) == pytest.approx(0.025, abs=1e-6)


def test_interval_of_an_effect_goes_on_where_the_noncentral_t_ends():
    below, above = noncentral_interval(999.9, 99998), noncentral_interval(1000.1, 99998)
    assert above == pytest.approx((below.low + 0.2, below.high + 0.2), rel=1e-4)


DEGENERATE = [[], [NAN], [3], [3, NAN], [3, 3, 3], [0.1, 0.1, 0.1], [1 / 3 + 1e-16, 1 / 3, 1 / 3]]


@pytest.mark.parametrize(("first", "second"), [*itertools.product(DEGENERATE, DEGENERATE)])
def test_without_variance_nothing_is_said_of_chance(first, second):
    found = [welch(first, second), overlapping(first, second, [])]
    if len(first) == len(second):
        rows = list(zip(first, second, strict=True))
        found += [paired_t(first, second), overlapping([], [], rows)]
        assert d_z(first, second) == (None, None)
    for each in found:
        assert (each.standard_error, each.ci, each.statistic, each.df, each.p) == (None,) * 5
        assert (each.estimate is None) == (not each.n_first or not each.n_second)
    assert hedges_g(first, second) == (None, None)
    assert contrast(found[0], found[1]).p is None


@pytest.mark.parametrize("sample", DEGENERATE)
def test_without_variance_a_mean_has_no_interval(sample):
    found = describe(sample)
    assert found.ci is None
    assert found.sd in (None, 0.0)


def test_a_constant_change_has_no_p_although_floats_make_it_vary():
    first = [0.1 * step for step in range(1, 9)]
    assert paired_t([each + 0.3 for each in first], first).p is None


def test_pairs_have_two_sides():
    with pytest.raises(ValueError, match="same length"):
        paired_t([1, 2], [1])


@given(st.lists(st.none() | st.floats(0, 1), max_size=20))
def test_holm_keeps_the_order_and_never_makes_smaller(p_values):
    corrected = holm(p_values)
    assert [p is None for p in corrected] == [p is None for p in p_values]
    stated = sorted((p, c) for p, c in zip(p_values, corrected, strict=True) if p is not None and c is not None)
    assert all(p <= c <= 1 for p, c in stated)
    assert [c for _, c in stated] == sorted(c for _, c in stated)


def test_holm_by_hand():
    assert holm([0.04, None, 0.01, 0.03]) == pytest.approx((0.06, None, 0.03, 0.06))
    assert holm([]) == ()
