"""Which answers of two waves come from the same person, by the elements of a code or by the respondent's id.

Imported by what analyses only: numpy is loaded here.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

# The (hashed) elements of one response; None where an element was not given.
Code = Sequence[str | None]
# One row per response, one column per element: the number of its value, or NOT_GIVEN.
Table = NDArray[np.int64]
NOT_GIVEN: Final = -1
GREATEST_KEY: Final = 2**62
# Rounds in which the expected number of false matches settles.
ROUNDS: Final = 100


class PairingReport(NamedTuple):
    """What pairing found. `pairs` (matched, 2): places in the first and in the second wave, by the first.

    `matched` counts pairs, `ambiguous` and `unmatched` responses of both waves:
    2 · matched + ambiguous + unmatched is the number of all responses.
    """

    pairs: NDArray[np.intp]
    matched: int
    ambiguous: int
    unmatched: int
    expected_false_matches: float


def pair(first: Sequence[Code], second: Sequence[Code], require: int) -> PairingReport:
    """Pair responses whose codes agree: first in all elements, then in all but one … down to `require` of them.

    An element that was not given agrees with none. Of several partners that agree in equally many elements nobody can
    tell which is right: they are refused, and all of them are ambiguous. Every response is in one pair at most.
    Raise ValueError if codes differ in length or `require` is not between 1 and that.
    Source: rules of surveys, anonymous pairing.
    """
    tables = _numbered(first, second)
    elements = tables[0].shape[1]
    if require < 1 or require > elements > 0:
        raise ValueError("At least one element must agree, and at most all of them.")
    partner = np.full(len(first), NOT_GIVEN)
    is_free = np.ones(len(first), dtype=bool), np.ones(len(second), dtype=bool)
    for number in range(elements, require - 1, -1):
        # Nobody who is still free agrees with a free one in more elements: such were taken or refused above.
        found = _candidates(tables, is_free, number)
        matched = _one_to_one(*found)
        partner[matched] = found[0].partner[matched]
        for free, side in zip(is_free, found, strict=True):
            free &= side.number == 0
    pairs = np.column_stack((np.flatnonzero(partner >= 0), partner[partner >= 0]))
    unmatched = int(is_free[0].sum() + is_free[1].sum())
    expected = _expected_false_matches(tables, require, len(pairs))
    return PairingReport(pairs, len(pairs), len(first) + len(second) - 2 * len(pairs) - unmatched, unmatched, expected)


class _Candidates(NamedTuple):
    """For each response of a wave, how many of the other wave agree, and where the partner is if it is one."""

    number: NDArray[np.int64]
    partner: NDArray[np.int64]


def _candidates(
    tables: tuple[Table, Table], is_free: tuple[NDArray[np.bool_], NDArray[np.bool_]], number: int
) -> tuple[_Candidates, _Candidates]:
    """Who among the free agrees in exactly this many elements: both waves are looked up by each set of elements.

    Two that agree in exactly so many do so in one set only, hence the numbers of all sets add up.
    """
    rows = np.flatnonzero(is_free[0]), np.flatnonzero(is_free[1])
    sides = tuple(_Candidates(np.zeros(len(free), np.int64), np.zeros(len(free), np.int64)) for free in is_free)
    for columns in combinations(range(tables[0].shape[1]), number):
        parts = tables[0][rows[0]][:, columns], tables[1][rows[1]][:, columns]
        given = (parts[0] != NOT_GIVEN).all(axis=1), (parts[1] != NOT_GIVEN).all(axis=1)
        keys = _keys(np.concatenate((parts[0][given[0]], parts[1][given[1]])))
        places = rows[0][given[0]], rows[1][given[1]]
        split = keys[: len(places[0])], keys[len(places[0]) :]
        size = int(keys.max(initial=-1)) + 1
        for side, other in ((0, 1), (1, 0)):
            sides[side].number[places[side]] += np.bincount(split[other], minlength=size)[split[side]]
            # The sum of the places of all candidates: where there is one, this is its place.
            sums = np.bincount(split[other], places[other].astype(np.float64), minlength=size)
            sides[side].partner[places[side]] += sums.astype(np.int64)[split[side]]
    return sides[0], sides[1]


def _one_to_one(first: _Candidates, second: _Candidates) -> NDArray[np.intp]:
    """Places in the first wave of those who have one candidate, who has no other either."""
    single = np.flatnonzero(first.number == 1)
    matched: NDArray[np.intp] = single[second.number[first.partner[single]] == 1]
    return matched


def _keys(parts: Table) -> NDArray[np.int64]:
    """A number (0, 1 …) for each row: the same for equal rows, another for different ones."""
    keys, size = np.zeros(len(parts), dtype=np.int64), 1
    for column in parts.T:
        values = int(column.max(initial=0)) + 1
        if size * values > GREATEST_KEY:
            # No more keys than rows, so that what follows stays within 64 bits.
            keys, size = np.unique(keys, return_inverse=True)[1], len(parts)
        keys, size = keys * values + column, size * values
    return np.unique(keys, return_inverse=True)[1]


def _numbered(first: Sequence[Code], second: Sequence[Code]) -> tuple[Table, Table]:
    """Both waves with a number for each value of each element; raise ValueError if codes differ in length."""
    elements = len(first[0]) if len(first) else len(second[0]) if len(second) else 0
    if any(len(code) != elements for wave in (first, second) for code in wave):
        raise ValueError("All codes have the same elements.")
    known: list[dict[str, int]] = [{} for _ in range(elements)]
    tables = [
        [
            [
                values.setdefault(value, len(values)) if value else NOT_GIVEN
                for values, value in zip(known, code, strict=True)
            ]
            for code in wave
        ]
        for wave in (first, second)
    ]
    numbered = [np.array(table, dtype=np.int64).reshape(len(table), elements) for table in tables]
    return numbered[0], numbered[1]


def _expected_false_matches(tables: tuple[Table, Table], require: int, matched: int) -> float:
    """How many of the pairs are likely to be two people whose elements agree by chance.

    The chance that two people agree in an element is that of drawing the same value from both waves; elements are
    taken as independent. Everyone without a true partner in the other wave may meet everyone there without one.
    """
    # Every false match is a match; and without any there is nothing to doubt.
    usable = [table[(table != NOT_GIVEN).sum(axis=1) >= require] for table in tables]
    if not matched:
        return 0.0
    chances = _by_number([_agreement(*columns) for columns in zip(usable[0].T, usable[1].T, strict=True)])
    alone = len(usable[0]) - matched, len(usable[1]) - matched
    expected = 0.0
    for _ in range(ROUNDS):
        # What is matched falsely has no true partner and adds to those who meet by chance.
        by_chance = _matched_by_chance(alone[0] + expected, alone[1] + expected, chances[require:])
        expected = min(float(matched), by_chance)
    return expected


def _matched_by_chance(first: float, second: float, chances: Sequence[float]) -> float:
    """How many of so many strangers are paired: they agree in that many elements, and neither with a third.

    `chances` of two people to agree in `require`, `require` + 1 … elements.
    """
    number = 0.0
    for chance in reversed(chances):
        number += first * second * chance * math.exp(-(first + second) * chance)
        # Those with a candidate are free no longer.
        first, second = first * math.exp(-second * chance), second * math.exp(-first * chance)
    return number


def _agreement(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """The chance that a value of each column, drawn at random, is given and the same."""
    size = int(max(first.max(initial=0), second.max(initial=0))) + 1
    shares = [np.bincount(each[each != NOT_GIVEN], minlength=size) / len(each) for each in (first, second)]
    return float(shares[0] @ shares[1])


def _by_number(chances: Sequence[float]) -> Sequence[float]:
    """The chances that none, one, two … of independent events happen."""
    numbers = np.array([1.0])
    for chance in chances:
        numbers = np.convolve(numbers, (1 - chance, chance))
    found: list[float] = numbers.tolist()
    return found


def pair_by_id(first: Sequence[str | None], second: Sequence[str | None]) -> PairingReport:
    """Pair responses with the same respondent's id; an id that stands twice in a wave is ambiguous, "" or None is none.

    No false matches are expected: an id is one person's.
    """
    waves = [[(each,) for each in wave] for wave in (first, second)]
    return pair(waves[0], waves[1], 1)._replace(expected_false_matches=0.0)
