"""Pairing of codes: exact first, then most elements, one to one, ties refused."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.pairing import pair, pair_by_id


def places(report):
    return [tuple(row) for row in report.pairs.tolist()]


def figures(report):
    return report.matched, report.ambiguous, report.unmatched


def test_equal_codes_are_paired():
    report = pair(["abc", "def"], ["xyz", "abc"], 3)
    assert places(report) == [(0, 1)]
    assert figures(report) == (1, 0, 2)


def test_codes_that_agree_in_enough_elements_are_paired_after_the_equal_ones():
    # The first could be taken for the second of the other wave too, which is equal to the second here.
    report = pair(["abcX", "abcd"], ["abcd", "abcY"], 3)
    assert places(report) == [(0, 1), (1, 0)]
    assert places(pair(["abcX"], ["abYZ"], 3)) == []


def test_nobody_can_tell_which_of_two_is_right():
    report = pair(["abcd"], ["abcd", "abcd"], 3)
    assert figures(report) == (0, 3, 0)
    report = pair(["abcd", "abcd"], ["abcX"], 3)
    assert figures(report) == (0, 3, 0)
    # A chain: both in its middle have two candidates, which refuses those at its ends too.
    assert figures(pair(["abcd", "abYX"], ["abcX", "ZbYX"], 3)) == (0, 4, 0)


def test_who_is_refused_is_not_paired_with_fewer_elements():
    report = pair(["abcd", "abcd", "qbcX"], ["abcd", "qbcd"], 3)
    assert figures(report) == (1, 3, 0)
    assert places(report) == [(2, 1)]


def test_an_element_that_was_not_given_agrees_with_none():
    assert figures(pair([(None, "b", "c")], [(None, "b", "c")], 3)) == (0, 0, 2)
    assert figures(pair([(None, "b", "c")], [("", "b", "c")], 2)) == (1, 0, 0)
    assert figures(pair([(None, None)], [(None, None)], 1)) == (0, 0, 2)


@pytest.mark.parametrize(("first", "second"), [([], []), (["abc"], []), ([], ["abc"])])
def test_a_wave_without_answers_pairs_nobody(first, second):
    report = pair(first, second, 2)
    assert figures(report) == (0, 0, len(first) + len(second))
    assert report.pairs.shape == (0, 2)
    assert report.expected_false_matches == 0.0


@pytest.mark.parametrize(
    ("first", "second", "require"), [(["ab"], ["abc"], 1), (["ab"], ["ab"], 0), (["ab"], ["ab"], 3)]
)
def test_codes_that_cannot_be_compared_are_refused(first, second, require):
    with pytest.raises(ValueError, match="element"):
        pair(first, second, require)


def by_hand(first, second, require):
    """The same rule, by comparing everyone with everyone."""
    free = set(range(len(first))), set(range(len(second)))
    found = []
    for number in range(len(first[0]), require - 1, -1):
        near = [
            (one, two)
            for one, two in itertools.product(*free)
            if sum(a == b is not None for a, b in zip(first[one], second[two], strict=True)) == number
        ]
        found += [
            pair
            for pair in near
            if sum(pair[0] == one for one, _ in near) == 1 and sum(pair[1] == two for _, two in near) == 1
        ]
        free[0].difference_update(one for one, _ in near)
        free[1].difference_update(two for _, two in near)
    return sorted(found), len(free[0]) + len(free[1])


codes = st.lists(st.tuples(*[st.sampled_from([*"abc", None])] * 4), min_size=1, max_size=8)


@given(codes, codes, st.integers(1, 4))
def test_the_index_finds_what_comparing_everyone_finds(first, second, require):
    report = pair(first, second, require)
    assert (places(report), report.unmatched) == by_hand(first, second, require)
    assert 2 * report.matched + report.ambiguous + report.unmatched == len(first) + len(second)
    assert 0 <= report.expected_false_matches <= report.matched


@given(codes, codes, st.integers(1, 4))
def test_swapping_the_waves_swaps_the_pairs(first, second, require):
    there, back = pair(first, second, require), pair(second, first, require)
    assert places(there) == sorted((two, one) for one, two in places(back))
    assert figures(there) == figures(back)
    assert there.expected_false_matches == pytest.approx(back.expected_false_matches)


VALUES = (12, 10, 10, 8, 8, 6)


def drawn(chance, number):
    return [
        tuple(str(each) for each in row) for row in np.column_stack([chance.integers(0, n, number) for n in VALUES])
    ]


@pytest.mark.parametrize("require", [4, 5, 6])
def test_false_matches_are_expected_as_many_as_strangers_make(require: int):
    chance = np.random.default_rng(5)
    report = pair(drawn(chance, 1500), drawn(chance, 1500), require)
    # All are false. By chance their number varies about as much as its root.
    assert report.expected_false_matches == pytest.approx(report.matched, abs=4 * report.matched**0.5 + 2)


def test_known_people_are_found_again_and_the_false_among_them_expected():
    chance = np.random.default_rng(8)
    first = drawn(chance, 1200)
    second = [*first[:600], *drawn(chance, 600)]
    # 18 % of those who come again give another answer to one element.
    for place in np.flatnonzero(chance.random(600) < 0.18):
        second[place] = ("other", *second[place][1:])
    report = pair(first, second, 5)
    false = sum(one != two for one, two in places(report))
    assert report.matched - false > 540
    assert report.expected_false_matches == pytest.approx(false, abs=4 * max(false, 1) ** 0.5 + 2)


def test_many_codes_are_paired_by_looking_up():
    # Everyone agrees with everyone: 2 500 million pairs, none of which is written out.
    alike = [("a", "b", "c", "d", "e", "f", "g", "h")] * 50_000
    assert figures(pair(alike, alike, 6)) == (0, 100_000, 0)


def test_elements_with_many_values_are_told_apart():
    # 40 000 values in each of five elements: more combinations than 64 bits hold.
    first = [tuple(str((place * step) % 40_009) for step in (1, 3, 5, 7, 11)) for place in range(40_000)]
    report = pair(first, first[::-1], 5)
    assert figures(report) == (40_000, 0, 0)
    assert (report.pairs.sum(axis=1) == 39_999).all()
    assert report.expected_false_matches < 1e-6


def test_ids_are_paired_without_doubt():
    report = pair_by_id(["r1", "r2", "r3", "", None], ["r3", "r1", "r1", ""])
    assert places(report) == [(2, 0)]
    assert figures(report) == (1, 3, 4)
    assert report.expected_false_matches == 0.0
