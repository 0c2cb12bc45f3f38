"""Scores, reliability and items that go against their scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.statistics.reliability import (
    cronbach_alpha,
    item_total_correlations,
    pairwise_covariance,
    wrongly_reversed,
)
from portal.surveys.rules.statistics.scores import has_score, scale_scores, turned_round

NAN = float("nan")


def table(*rows):
    return np.array(rows, dtype=float)


def test_reversed_items_are_turned_round_within_their_own_bounds():
    stated = table([1, 1, 0], [5, 2, NAN])
    found = turned_round(stated, reverse=[True, False, True], bounds=[(1, 5), None, (0, 10)])
    np.testing.assert_array_equal(found, [[5, 1, 10], [1, 2, NAN]])
    np.testing.assert_array_equal(stated, [[1, 1, 0], [5, 2, NAN]])


@pytest.mark.parametrize(
    ("reverse", "bounds"), [([True, False], [None, (1, 5)]), ([True], [(1, 5)]), ([False, False], [None])]
)
def test_an_item_without_bounds_cannot_be_turned_round(reverse, bounds):
    with pytest.raises(ValueError, match="bounds"):
        turned_round(table([1, 2]), reverse=reverse, bounds=bounds)


def test_a_score_is_the_mean_of_what_was_answered_if_that_is_enough():
    answers = table([1, 2, 3, 4, 5], [1, 2, 3, 4, NAN], [1, 2, 3, NAN, NAN], [NAN] * 5)
    np.testing.assert_array_equal(scale_scores(answers), [3, 2.5, NAN, NAN])
    np.testing.assert_array_equal(scale_scores(answers, 0.6), [3, 2.5, 2, NAN])
    np.testing.assert_array_equal(scale_scores(answers, 0.0), [3, 2.5, 2, NAN])


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.7, 0.9])
def test_a_share_that_floats_do_not_hold_is_reached_all_the_same(share: float):
    answers = table([1.0] * round(share * 10) + [NAN] * (10 - round(share * 10)))
    assert has_score(answers, share).tolist() == [True]


def test_alpha_by_hand():
    # Variances 1 and 1, covariance 0.5: 2 · (1 − 2 / 3).
    found = cronbach_alpha(table([1, 1], [2, 3], [3, 2]))
    assert (found.n, found.items, found.value) == (3, 2, pytest.approx(2 / 3))
    assert found.ci.low < 2 / 3 < found.ci.high


def test_covariances_are_those_of_the_rows_that_have_both():
    answers = table([1, 2, 9], [2, 1, NAN], [4, 5, 1], [5, NAN, 2], [3, 3, 3])
    found = pairwise_covariance(answers)
    for one, two in ((0, 1), (0, 2), (1, 2), (0, 0), (2, 2)):
        both = ~np.isnan(answers[:, [one, two]]).any(axis=1)
        assert found[one, two] == pytest.approx(np.cov(answers[both][:, one], answers[both][:, two])[0, 1])


def test_alpha_is_of_those_who_have_a_score():
    answers = table(*[[x, x + y, y] for x in range(4) for y in range(4)])
    with_few = np.vstack((answers, [[9, NAN, NAN]] * 3))
    assert cronbach_alpha(with_few) == cronbach_alpha(answers)
    assert cronbach_alpha(with_few, 0.3).n == 19


def test_items_that_say_the_same_have_an_alpha_of_one():
    found = cronbach_alpha(table(*[[x, x, x] for x in range(1, 6)]))
    assert (found.value, found.ci) == (pytest.approx(1), pytest.approx((1, 1)))


@pytest.mark.parametrize(
    "answers",
    [
        np.empty((0, 3)),
        np.empty((3, 0)),
        table([1, 2, 3]),
        table([1], [2], [3]),
        table([2, 2], [2, 2], [2, 2]),
        table([0.1, 0.3], [0.1, 0.3], [0.1, 0.3]),
        table([1, 3], [2, 2], [3, 1]),
        table([1, NAN], [2, NAN], [NAN, 3], [NAN, 4]),
        table([NAN, NAN], [NAN, NAN]),
    ],
)
def test_no_alpha_without_items_people_or_variance(answers):
    found = cronbach_alpha(answers, 0.5)
    assert (found.value, found.ci) == (None, None)


def simulated(*turned: int, items: int = 6) -> np.ndarray:
    chance = np.random.default_rng(11)
    answers = chance.normal(size=(200, 1)) + chance.normal(size=(200, items))
    answers[:, list(turned)] *= -1
    answers[chance.random(answers.shape) < 0.1] = NAN
    return answers


def test_the_item_total_correlation_leaves_the_item_out():
    answers = table([1, 2, 3], [2, 1, 5], [4, 5, 4], [3, 3, 1])
    expected = [np.corrcoef(answers[:, i], np.delete(answers, i, axis=1).sum(axis=1))[0, 1] for i in range(3)]
    assert item_total_correlations(answers) == pytest.approx(expected)


@pytest.mark.parametrize("wrong", [(), (0,), (4,), (1, 3)])
def test_items_that_were_turned_wrongly_are_named_and_no_others(wrong: tuple[int, ...]):
    assert wrongly_reversed(simulated(*wrong)) == wrong


def test_one_of_three_is_named_although_it_drags_down_the_others():
    assert wrongly_reversed(simulated(2, items=3)) == (2,)


def test_of_two_items_that_go_against_each_other_nobody_can_tell_which():
    assert wrongly_reversed(simulated(1, items=2)) == (0, 1)


@pytest.mark.parametrize("answers", [np.empty((0, 2)), table([1], [2]), table([2, 1], [2, 2], [2, 3])])
def test_items_that_do_not_vary_go_against_nothing(answers):
    assert set(item_total_correlations(answers)) == {None}
    assert wrongly_reversed(answers) == ()


grid = st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=3, max_size=12)


@given(grid, st.sampled_from([0.1, 100]))
def test_adding_the_same_to_an_item_changes_no_reliability(rows, more):
    answers = table(*rows)
    found, moved = cronbach_alpha(answers), cronbach_alpha(np.add(answers, [more, 0, 0, 0]))
    assert (found.value is None) == (moved.value is None)
    if found.value is not None:
        assert found.value == pytest.approx(moved.value, rel=1e-6, abs=1e-6)


@given(grid)
def test_turning_round_twice_is_turning_nothing(rows):
    options = {"reverse": [True, False, True, True], "bounds": [(1, 5)] * 4}
    once = turned_round(table(*rows), **options)
    np.testing.assert_array_equal(turned_round(once, **options), table(*rows))
