"""Headcounts: parts by gender and age add up to the total, and what remains is not known."""

from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.activities.rules.headcounts import KNOWN_AGES, KNOWN_GENDERS, add_up, divide, not_known
from portal.core.errors import InvalidInputs
from portal.projects.rules.vocabulary import GENDERS


def test_twelve_of_whom_five_are_women_and_four_men_leaves_three():
    assert divide(12, {"f": 5, "m": 4}, {}) == {("f", "unknown"): 5, ("m", "unknown"): 4, ("unknown", "unknown"): 3}
    assert not_known(12, [5, 4], where="total") == 3


def test_ages_are_parts_of_their_gender_and_of_those_whose_gender_is_not_known():
    ages = {("f", "18-29"): 2, ("unknown", "under18"): 1}
    assert divide(12, {"f": 5, "m": 4}, ages) == {
        ("f", "18-29"): 2,
        ("f", "unknown"): 3,
        ("m", "unknown"): 4,
        ("unknown", "under18"): 1,
        ("unknown", "unknown"): 2,
    }


def test_without_a_total_the_parts_are_all_and_without_anything_there_is_nobody():
    assert divide(None, {"f": 5}, {("m", "30-44"): 2}) == {("f", "unknown"): 5, ("m", "30-44"): 2}
    assert divide(None, {}, {}) == {}
    assert divide(0, {}, {}) == {}
    assert not_known(None, [5], where="total") == 0


@pytest.mark.parametrize(
    ("total", "genders", "ages", "expected"),
    [
        (12, {"f": 9, "m": 4}, {}, [("total", 12, 13)]),
        (12, {"f": 5}, {("f", "18-29"): 4, ("f", "65plus"): 2}, [("part-f", 5, 6)]),
        (12, {"f": 5, "m": 7}, {("unknown", "under18"): 1}, [("total", 12, 13)]),
        (3, {"f": 2}, {("f", "18-29"): 4}, [("part-f", 2, 4), ("total", 3, 4)]),
    ],
)
def test_parts_above_what_they_are_parts_of_are_refused_with_both_numbers(total, genders, ages, expected):
    with pytest.raises(InvalidInputs) as refused:
        divide(total, genders, ages)
    found = [(each.where, each.values["total"], each.values["parts"]) for each in refused.value.problems]
    assert found == expected
    assert {each.code for each in refused.value.problems} == {"headcount-parts"}


NUMBERS = st.one_of(st.none(), st.integers(0, 50))


@given(
    NUMBERS,
    st.fixed_dictionaries(dict.fromkeys(KNOWN_GENDERS, NUMBERS)),
    st.dictionaries(st.tuples(st.sampled_from(GENDERS), st.sampled_from(KNOWN_AGES)), NUMBERS),
)
def test_what_is_stored_adds_up_to_the_total_and_to_every_part(total, genders, ages):
    try:
        rows = divide(total, genders, ages)
    except InvalidInputs:
        assume(False)
    assert all(number > 0 for number in rows.values())
    if total is not None:
        assert sum(rows.values()) == total
    for gender, number in genders.items():
        if number is not None:
            assert sum(each for (of, _), each in rows.items() if of == gender) == number
    assert {key: rows.get(key, 0) for key in ages} == {key: number or 0 for key, number in ages.items()}


def row(group: str, country: str, gender: str, number: int) -> SimpleNamespace:
    return SimpleNamespace(group=group, country=country, gender=gender, age_band="unknown", number=number)


def test_rows_add_up_by_people_by_group_and_in_all():
    sums = add_up([row("staff", "PL", "m", 2), row("staff", "", "f", 5), row("professional", "", "unknown", 3)])
    assert [(each.group, each.country, each.total) for each in sums.people] == [
        ("professional", "", 3),
        ("staff", "", 5),
        ("staff", "PL", 2),
    ]
    assert [(each.group, each.total) for each in sums.groups] == [("professional", 3), ("staff", 7)]
    assert (sums.total.total, dict(sums.total.genders)) == (10, {"f": 5, "m": 2, "x": 0, "unknown": 3})
