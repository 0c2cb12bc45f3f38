"""How many answers are needed, and what can be seen with those there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portal.surveys.rules.statistics.planning import minimum_detectable_change, responses_per_wave, strictest_level


@pytest.mark.parametrize(("difference", "number"), [(0.2, 394), (0.5, 64), (0.8, 26), (-0.5, 64)])
def test_answers_per_wave_are_those_of_the_tables_of_power(difference: float, number: int):
    # Source: Cohen 1988, tables for power 0.80 and a two-sided test at 5 %.
    assert responses_per_wave(difference) == number


def test_more_power_asks_for_more_answers_and_pairs_for_fewer():
    assert responses_per_wave(0.5, power=0.9) == 86
    # d_z = 0.5 / √(2 · (1 − 0.5)) = 0.5: 34 pairs.
    assert responses_per_wave(0.5, correlation=0.5) == 34
    # Points of a scale whose standard deviation is 0.8.
    assert responses_per_wave(0.4, sd=0.8) == 64


def test_a_plan_without_an_end_is_none():
    assert responses_per_wave(0) is None
    assert responses_per_wave(0.3, sd=0) is None
    assert responses_per_wave(0.3, correlation=1) is None
    assert responses_per_wave(1e-9) is None
    assert responses_per_wave(1e-300) is None
    assert responses_per_wave(float("nan")) is None
    assert minimum_detectable_change(1, 400) is None
    assert minimum_detectable_change(400, 400, sd=0) is None


def test_even_a_great_difference_needs_two_in_each_wave():
    assert responses_per_wave(1e6) == 2
    assert responses_per_wave(1e6, correlation=0) == 2


def test_what_two_waves_can_see():
    assert minimum_detectable_change(64, 64) == pytest.approx(0.5, abs=2e-3)
    # 34 pairs, which see 0.5 a little more often than 80 times in 100.
    assert minimum_detectable_change(34, 400, correlation=0.5) == pytest.approx(0.495, abs=1e-3)
    # The normal curve: (1.95996 + 0.84162) · √(2 / 200 000).
    assert minimum_detectable_change(200_000, 200_000, sd=10) == pytest.approx(10 * 2.80159 * 0.00316228, rel=1e-4)


def test_what_is_seen_with_a_power_is_found_as_often():
    shift = minimum_detectable_change(30, 50, power=0.9)
    noncentrality = shift * (30 * 50 / 80) ** 0.5
    limit = stats.t.isf(0.025, 78)
    assert stats.nct.sf(limit, 78, noncentrality) == pytest.approx(0.9, abs=1e-6)


@given(st.floats(0.05, 3), st.sampled_from([0.5, 0.8, 0.95]), st.none() | st.sampled_from([0.0, 0.7]))
def test_the_number_found_is_the_smallest_that_sees_the_difference(difference, power, correlation):
    number = responses_per_wave(difference, power=power, correlation=correlation)
    seen = minimum_detectable_change(number, number, power=power, correlation=correlation)
    assert seen <= difference * (1 + 1e-6)
    if number > 2:
        fewer = minimum_detectable_change(number - 1, number - 1, power=power, correlation=correlation)
        assert fewer >= difference * (1 - 1e-6)


@pytest.mark.parametrize("power", [0, 0.05, 1, 80, float("nan")])
def test_power_is_a_share_above_the_level_of_the_test(power: float):
    with pytest.raises(ValueError, match="Power"):
        responses_per_wave(0.5, power=power)
    with pytest.raises(ValueError, match="Power"):
        minimum_detectable_change(50, 50, power=power)


@pytest.mark.parametrize("correlation", [-1.1, 1.1, float("nan")])
def test_a_correlation_stays_within_its_bounds(correlation: float):
    with pytest.raises(ValueError, match="correlation"):
        responses_per_wave(0.5, correlation=correlation)


def test_several_comparisons_ask_for_more_answers():
    # Cohen 1988, table 2.4.1: d = 0.5, power 0.80, two-sided 1 %: 95 or 96 a sample; 5 comparisons at 5 % together.
    assert strictest_level(5) == pytest.approx(0.01)
    assert responses_per_wave(0.5, level=strictest_level(5)) in (95, 96)
    assert responses_per_wave(0.5, level=strictest_level(1)) == responses_per_wave(0.5) == 64
    assert minimum_detectable_change(96, 96, level=0.01) == pytest.approx(0.5, abs=5e-3)


@pytest.mark.parametrize("comparisons", [0, -1])
def test_nothing_compared_has_no_level(comparisons):
    with pytest.raises(ValueError, match="one comparison"):
        strictest_level(comparisons)


@pytest.mark.parametrize("comparisons", [1, 2, 5, 20, 52, 55, 59, 100, 200, 500, 1000])
@pytest.mark.parametrize("power", [0.8, 0.9, 0.95])
def test_however_many_are_compared_the_power_is_the_one_asked_for(comparisons: int, power: float):
    level = strictest_level(comparisons)
    for n in (2, 10, 50, 200, 800):
        seen = minimum_detectable_change(n, n, power=power, level=level)
        assert seen is not None
        assert power_of(seen * (n / 2) ** 0.5, 2 * n - 2, level) == pytest.approx(power, abs=2e-3)
    for difference in (0.2, 1, 3):
        number = responses_per_wave(difference, power=power, level=level)
        assert number is not None
        assert power_of(difference * (number / 2) ** 0.5, 2 * number - 2, level) >= power - 1e-4
        fewer = number - 1
        if fewer >= 2:
            assert power_of(difference * (fewer / 2) ** 0.5, 2 * fewer - 2, level) <= power + 1e-4


def power_of(noncentrality: float, df: int, level: float) -> float:
    """How often the test finds it: the normal curve over the estimated standard deviation, in 5 000 equal parts."""
    limit = stats.t.isf(level / 2, df)
    estimated = np.sqrt(stats.chi2.ppf((np.arange(5_000) + 0.5) / 5_000, df) / df)
    return float(np.mean(stats.norm.sf(limit * estimated - noncentrality)))


def test_a_difference_of_one_among_a_thousand_needs_more_than_forty_eight():
    # With 48 in each wave it is found 73.5 times in 100 only.
    assert responses_per_wave(1, level=strictest_level(1000)) == 53
