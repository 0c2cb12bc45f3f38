"""Answers as they are typed, and as they are kept."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import InvalidInput
from portal.surveys.rules.answers import read_answer, written_values
from portal.surveys.rules.documents import Choice, Item

LIKERT = Item("q1", "likert", least=Decimal(1), most=Decimal(5))
SINGLE = Item("met", "single", choices=(Choice("yes"), Choice("no")))
MULTIPLE = Item("where", "multiple", choices=(Choice("work"), Choice("family"), Choice("other")))
NUMBER = Item("years", "number", least=Decimal(0), most=Decimal(99))
FREE = Item("score", "number")
TEXT = Item("why", "text")
STRICT = LIKERT._replace(may_refuse=False)


@pytest.mark.parametrize(
    ("item", "texts", "value"),
    [
        (LIKERT, ["4"], 4),
        (LIKERT, [" 4 "], 4),
        (LIKERT, [], None),
        (LIKERT, ["", " "], None),
        (LIKERT, ["@dk"], "@dk"),
        (LIKERT, ["4", "4"], 4),
        (SINGLE, ["yes"], "yes"),
        (MULTIPLE, ["other", "work"], ["work", "other"]),
        (MULTIPLE, ["@no"], "@no"),
        (NUMBER, ["12,50"], "12.5"),
        (NUMBER, ["7.0"], "7"),
        (NUMBER, ["30"], "30"),
        (NUMBER, ["-0"], "0"),
        (FREE, ["-3.25"], "-3.25"),
        (TEXT, ["  Ačiū.\r\nŻółw \r\n"], "Ačiū.\nŻółw"),
    ],
)
def test_what_is_typed_becomes_an_answer(item: Item, texts: list[str], value: object):
    assert read_answer(item, texts) == value


@pytest.mark.parametrize(
    ("item", "texts", "code"),
    [
        (LIKERT, ["0"], "answer-off-scale"),
        (LIKERT, ["6"], "answer-off-scale"),
        (LIKERT, ["2.5"], "answer-off-scale"),
        (LIKERT, ["٣"], "answer-off-scale"),
        (LIKERT, ["9" * 5_000_000], "answer-off-scale"),
        (LIKERT, ["1", "2"], "answer-several"),
        (LIKERT, ["1", "@dk"], "answer-and-none"),
        (LIKERT, ["@dk", "@no"], "answer-and-none"),
        (STRICT, ["@dk"], "answer-not-offered"),
        (SINGLE, ["Yes"], "answer-not-offered"),
        (MULTIPLE, ["work", "home"], "answer-not-offered"),
        (NUMBER, ["1e3"], "answer-not-number"),
        (NUMBER, ["nan"], "answer-not-number"),
        (NUMBER, ["99.5"], "answer-too-large"),
        (NUMBER, ["-1"], "answer-too-small"),
        (TEXT, ["x" * 2_001], "answer-too-long"),
        (TEXT, ["a\x00b"], "answer-not-printable"),
    ],
)
def test_what_is_no_answer_is_named(item: Item, texts: list[str], code: str):
    with pytest.raises(InvalidInput) as refusal:
        read_answer(item, texts)
    assert (refusal.value.problem.code, refusal.value.problem.where) == (code, item.key)


@given(st.decimals(-999_999, 999_999, places=4))
def test_a_number_is_read_as_it_is_kept(number: Decimal):
    kept = read_answer(FREE, [str(number)])
    assert Decimal(str(kept)) == number
    assert read_answer(FREE, written_values(kept)) == kept
