"""Levels that are not told of, so that nobody can reckon those of too few people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.hiding import hidden_levels


@pytest.mark.parametrize(
    ("numbers", "total", "hidden"),
    [
        ({"LT": 60, "PL": 50}, 110, set()),
        # 69 less 60 would be the nine.
        ({"LT": 60, "PL": 9}, 69, {"LT", "PL"}),
        ({"LT": 60, "PL": 9, "LV": 30}, 99, {"PL", "LV"}),
        # Nobody is no person, and no secret.
        ({"LT": 60, "PL": 0}, 60, set()),
        ({"LT": 60, "PL": 9, "LV": 0}, 69, {"LT", "PL"}),
        ({"LT": 0, "PL": 0}, 0, set()),
        # Nine and eight together are 17 people.
        ({"LT": 60, "PL": 9, "LV": 8}, 77, {"PL", "LV"}),
        # Four and four are eight: the next smallest goes with them.
        ({"LT": 60, "PL": 4, "LV": 4, "EE": 20}, 88, {"PL", "LV", "EE"}),
        # Three who did not say where they live could be reckoned from the whole.
        ({"LT": 60, "PL": 50}, 113, {"PL"}),
        ({"LT": 60, "PL": 50}, 120, set()),
        # Of equals the last is hidden.
        ({"LT": 20, "PL": 20, "LV": 1}, 41, {"PL", "LV"}),
        ({}, 5, set()),
    ],
)
def test_which_levels_are_hidden(numbers: dict[str, int], total: int, hidden: set[str]) -> None:
    assert hidden_levels(numbers, total) == hidden


def test_waves_hide_the_same_levels_where_they_can() -> None:
    first, last = {"f": 199, "m": 204, "x": 9}, {"f": 200, "m": 189, "x": 9}
    overall = {level: first[level] + last[level] for level in first}
    assert hidden_levels(first, 412) != hidden_levels(last, 398)
    assert hidden_levels(first, 412, overall) == hidden_levels(last, 398, overall) == {"m", "x"}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=6), st.integers(0, 30))
def test_no_figure_of_too_few_can_be_reckoned(numbers: dict[str, int], silent: int) -> None:
    total = sum(numbers.values()) + silent
    hidden = hidden_levels(numbers, total)
    shown = {level: number for level, number in numbers.items() if number and level not in hidden}
    assert all(numbers[level] for level in hidden)
    rest = total - sum(shown.values())
    assert all(number >= MIN_RESPONDENTS for number in shown.values())
    assert rest == 0 or rest >= MIN_RESPONDENTS or not shown
