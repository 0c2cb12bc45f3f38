"""How answers are written for other programs."""

from decimal import Decimal

import pytest

from portal.surveys.rules.documents import Choice, Group, Instrument, Item
from portal.surveys.rules.variables import decimals_of, missing_numbers, shortened, usable_name, variables, written


@pytest.mark.parametrize(
    ("lowest", "numbers"),
    [("1", (-8, -9)), ("-7", (-8, -9)), ("-8", (-98, -99)), ("-97.5", (-98, -99)), ("-98", (-998, -999))],
)
def test_numbers_for_missing_values_lie_below_every_answer(lowest, numbers):
    assert tuple(missing_numbers(Decimal(lowest)).values()) == numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (4, 4),
        ("yes", "yes"),
        (["a", "b"], "a;b"),
        ([], ""),
        ("@dk", "dk"),
        ("@no", "refused"),
        ("1.50", "1.50"),
    ],
)
def test_answers_are_written_as_a_response_file_has_them(value, text):
    assert written(value) == text


def test_names_are_what_spss_takes_and_each_its_own():
    taken = {"LANGUAGE"}
    names = [usable_name(key, taken) for key in ("q1", "Q1", "by", "1st", "language", "a-b", "x" * 80)]
    assert names == ["q1", "Q1_2", "v_by", "v_1st", "language_2", "a_b", "x" * 59]


def test_a_letter_is_never_cut_in_two():
    assert shortened("ąąą", 5) == "ąą"
    assert shortened("plain", 64) == "plain"


def test_decimals_are_those_that_were_answered():
    assert decimals_of(["1", "2.50", "3.1"]) == 2
    assert decimals_of([]) == 0


def test_each_of_several_choices_is_a_variable_of_its_own():
    asked = Instrument(
        languages=("en",),
        title={},
        consent={},
        groups=(Group("country", (Choice("LT"), Choice("PL"))),),
        items=(
            Item("where", "multiple", choices=(Choice("work"), Choice("home"))),
            Item("years", "number"),
            Item("why", "text"),
        ),
    )
    found = variables(asked, {"years": Decimal(-20)})
    assert [each.name for each in found] == ["country", "where_work", "where_home", "years", "why"]
    assert found[0].codes == {"LT": 1, "PL": 2}
    assert list(found[3].missing.values()) == [-98, -99]
    assert found[4].is_text
