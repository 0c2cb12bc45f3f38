"""What an indicator names that a survey does not have."""

from decimal import Decimal
from typing import Any

import pytest

from portal.surveys.rules.documents import Choice, Instrument, Item, Scale
from portal.surveys.rules.measured import measured_problems, statistics_of, study_problem, target_problem

FIVE = {"least": Decimal(1), "most": Decimal(5)}
YES_NO = (Choice("yes"), Choice("no"))
ITEMS = (
    Item("q1", "likert", **FIVE),
    Item("met", "single", choices=YES_NO),
    Item("from", "single", choices=(*YES_NO, Choice("other"))),
    Item("where", "multiple", choices=YES_NO),
    Item("years", "number"),
    Item("why", "text"),
)
SEVEN = Item("q7", "likert", least=Decimal(1), most=Decimal(7))
SCALES = (Scale("trust", ("q1",)), Scale("mixed", ("q1", "q7")))
DOCUMENT = Instrument(("en",), {}, {}, items=(*ITEMS, SEVEN), scales=SCALES)
EMPTY = Instrument(("en",), {}, {})
MEASURE = {"kind": "survey", "study": "s", "wave": "baseline", "statistic": "mean"}


def said(measure: dict[str, Any], *, waves: tuple[str, ...] = ("baseline",), document: Instrument = DOCUMENT) -> Any:
    problems = measured_problems({**MEASURE, **measure}, waves, [document])
    return [(each.code, each.where, each.values.get("keys")) for each in problems]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ({"scale": "trust"}, []),
        ({"scale": "trust", "statistic": "share"}, []),
        ({"item": "met"}, []),
        ({"item": "where", "statistic": "share"}, []),
        ({"scale": "q1"}, [("measured-scale", "scale", ["trust", "mixed"])]),
        ({"item": "trust"}, [("measured-item", "item", ["q1", "met", "from", "where", "years", "why", "q7"])]),
        ({"item": "from"}, [("measured-without-mean", "statistic", None)]),
        ({"item": "years", "statistic": "share"}, [("measured-without-share", "statistic", None)]),
        ({"item": "why"}, [("measured-text", "item", None)]),
        ({"scale": "mixed"}, []),
        ({"scale": "mixed", "statistic": "share"}, [("measured-without-share", "statistic", None)]),
        (
            {"wave": "endline", "scale": "x"},
            [("measured-wave", "wave", ["baseline"]), ("measured-scale", "scale", ["trust", "mixed"])],
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(measure: dict[str, Any], expected: list[Any]) -> None:
    assert said(measure) == expected


def test_where_there_is_nothing_that_is_said() -> None:
    assert said({"scale": "trust"}, waves=(), document=EMPTY) == [
        ("measured-no-wave", "wave", []),
        ("measured-no-scale", "scale", []),
    ]
    assert said({"item": "q1"}, document=EMPTY) == [("measured-no-item", "item", [])]
    assert study_problem("x", []).code == "measured-no-study"
    assert study_problem("x", ["a"]) == ("measured-study", "study", {"key": "x", "keys": ["a"]}, 0)


def test_what_can_be_told_of_each_kind_of_item() -> None:
    assert {each.key: statistics_of(each) for each in ITEMS} == {
        "q1": ("mean", "share"),
        "met": ("mean", "share"),
        "from": ("share",),
        "where": ("share",),
        "years": ("mean",),
        "why": (),
    }


@pytest.mark.parametrize(
    ("measure", "target", "problem"),
    [
        ({"item": "q1"}, "5", None),
        ({"item": "q1"}, "5.01", ("target-outside", "target", {"least": 1, "most": 5}, 0)),
        ({"item": "q1"}, "0.99", ("target-outside", "target", {"least": 1, "most": 5}, 0)),
        # The mean of yes (1) and no (0).
        ({"item": "met"}, "1.5", ("target-outside", "target", {"least": 0, "most": 1}, 0)),
        ({"item": "met", "statistic": "share"}, "100", None),
        ({"item": "met", "statistic": "share"}, "100.01", ("target-outside", "target", {"least": 0, "most": 100}, 0)),
        # A scale of questions with several ends may reach the widest of them.
        ({"scale": "mixed"}, "7", None),
        ({"scale": "mixed"}, "7.01", ("target-outside", "target", {"least": 1, "most": 7}, 0)),
        ({"item": "years"}, "1000", None),
        ({"item": "age"}, "17.5", ("target-below", "target", {"least": Decimal("17.75")}, 0)),
        ({"item": "hours"}, "25", ("target-above", "target", {"most": 24}, 0)),
        ({"scale": "unknown"}, "1000", None),
        ({"item": "unknown"}, "1000", None),
    ],
)
def test_a_target_lies_where_the_figure_can_be(measure: dict[str, Any], target: str, problem: Any) -> None:
    age, hours = Item("age", "number", least=Decimal("17.75")), Item("hours", "number", most=Decimal(24))
    document = DOCUMENT._replace(items=(*DOCUMENT.items, age, hours))
    assert target_problem({**MEASURE, **measure}, Decimal(target), [EMPTY, document]) == problem
