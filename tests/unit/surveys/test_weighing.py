"""Waves weighted to known shares of the population, with weights that can be reckoned by hand."""

from decimal import Decimal

import numpy as np
import pytest

from portal.surveys.rules.analysis.inputs import Asked, StudyAnswers, WaveAnswers
from portal.surveys.rules.analysis.scales import describe_values
from portal.surveys.rules.analysis.weighing import tells_of_few, weigh
from portal.surveys.rules.analysis.whole import describe_study
from portal.surveys.rules.documents import Choice, Group, Instrument, Item, Scale
from portal.surveys.rules.margins import Margin, margin_problems
from portal.surveys.rules.pairing import PairingReport

SEX = Group("sex", (Choice("F"), Choice("M")))
AGE = Group("age", (Choice("young"), Choice("65+")))
ASKED = Instrument(("en",), {}, {}, groups=(SEX, AGE), items=(Item("x", "number"),), scales=(Scale("score", ("x",)),))
HALVES = {"sex": Margin({"F": 6000, "M": 4000}, "Census 2021")}


def wave(sex, values=None, *, age=None, weights=None, key="baseline"):
    size = len(sex)
    numbers = np.array(values or [0.0] * size, dtype=float)
    levels = {"sex": np.array(sex, dtype=object), "age": np.array(age or ["young"] * size, dtype=object)}
    return WaveAnswers(
        key=key,
        asked=Asked(1, {"x": ""}),
        size=size,
        languages=np.array(["en"] * size, dtype=object),
        levels=levels,
        weights=None if weights is None else np.array(weights, dtype=float),
        numbers={"x": numbers},
        counts={"x": None},
        answered={"x": int((~np.isnan(numbers)).sum())},
        missing={"x": {}},
    )


def study(*waves, margins):
    pairs = PairingReport(np.empty((0, 2), dtype=np.intp), 0, 0, 0, 0.0)
    return StudyAnswers("trust", 1, "0" * 64, ASKED, waves, pairs, margins)


def weights_of(one, margins):
    found = weigh(study(one, margins=margins))
    return found.study.waves[0].weights, [each["code"] for each in found.doubts]


def test_ten_of_each_for_sixty_and_forty_percent():
    weights, doubts = weights_of(wave(["F"] * 10 + ["M"] * 10), HALVES)
    assert weights == pytest.approx([1.2] * 10 + [0.8] * 10)
    assert doubts == []


def test_who_did_not_say_keeps_the_mean_weight():
    weights, _doubts = weights_of(wave(["F"] * 10 + ["M"] * 10 + [None] * 10), HALVES)
    assert weights == pytest.approx([1.2] * 10 + [0.8] * 10 + [1.0] * 10)


def test_a_level_without_a_known_share_keeps_the_mean_weight():
    margins = {"age": Margin({"young": 10_000, "65+": 0}, "Census 2021")}
    weights, _doubts = weights_of(wave(["F"] * 20, age=["young"] * 10 + ["65+"] * 10), margins)
    assert weights == pytest.approx([1.0] * 20)


def test_weights_that_came_with_the_answers_are_begun_with():
    # Of F half the people count 3 and half 1: within F that stays three to one.
    weights, _doubts = weights_of(wave(["F"] * 10 + ["M"] * 10, weights=[3, 1] * 5 + [2] * 10), HALVES)
    assert weights == pytest.approx([1.8, 0.6] * 5 + [0.8] * 10)
    assert weights.mean() == pytest.approx(1)


def test_two_groups_at_once():
    # 10, 10, 10 and 30 people; by hand: any other weights would not have the odds ratio of 3 that these keep.
    sex, age = ["F"] * 20 + ["M"] * 40, (["young"] * 10 + ["65+"] * 10) + (["young"] * 10 + ["65+"] * 30)
    margins = {**HALVES, "age": Margin({"young": 5000, "65+": 5000}, "Census 2021")}
    weights, doubts = weights_of(wave(sex, age=age), margins)
    cells = [weights[:10].sum(), weights[10:20].sum(), weights[20:30].sum(), weights[30:].sum()]
    assert doubts == []
    assert (cells[0] + cells[1], cells[0] + cells[2], sum(cells)) == pytest.approx((36, 30, 60))
    assert cells[0] * cells[3] / (cells[1] * cells[2]) == pytest.approx(3)


@pytest.mark.parametrize(
    ("one", "margins", "code"),
    [
        (wave(["F"] * 20), HALVES, "weights-level-empty"),
        (wave(["F"] * 11 + ["M"] * 9), HALVES, "weights-few"),
        # One who did not say, and three of a level without a known share.
        (wave(["F"] * 10 + ["M"] * 10 + [None]), HALVES, "weights-few"),
        (
            wave(["F"] * 23, age=["young"] * 20 + ["65+"] * 3),
            {"age": Margin({"young": 10_000, "65+": 0}, "Census 2021")},
            "weights-few",
        ),
        # Ten and more of each level, but three who are young and M.
        (
            wave(["F"] * 20 + ["M"] * 23, age=["young"] * 10 + ["65+"] * 10 + ["young"] * 3 + ["65+"] * 20),
            {**HALVES, "age": Margin({"young": 5000, "65+": 5000}, "Census 2021")},
            "weights-few",
        ),
        (wave(["F"] * 20), {"sex": Margin({"F": 10_000}, "")}, "weights-outdated"),
        (wave(["F"] * 20), {"town": Margin({"big": 10_000}, "")}, "weights-outdated"),
        (
            # Nobody young is M, nobody old F: both shares cannot be had at once.
            wave(["F"] * 10 + ["M"] * 10, age=["young"] * 10 + ["65+"] * 10),
            {**HALVES, "age": Margin({"young": 3000, "65+": 7000}, "")},
            "weights-impossible",
        ),
    ],
)
def test_what_cannot_be_weighted_stays_as_it_is_and_says_why(one, margins, code):
    assert weights_of(one, margins) == (None, [code])
    document = describe_study(study(one, margins=margins))
    assert document["weighting"] is None
    assert code in [each["code"] for each in document["warnings"]]


def test_the_weighted_mean_stands_beside_the_raw_one():
    one = wave(["F"] * 10 + ["M"] * 10, [1.0, 3.0] * 5 + [3.0, 5.0] * 5)
    document = describe_study(study(one, margins=HALVES))
    # Σw² = 10 · 1.44 + 10 · 0.64 = 20.8, so 400 / 20.8 equally weighted ones.
    assert document["weighting"]["margins"] == ["sex"]
    assert document["weighting"]["source"] == "Census 2021"
    assert document["weighting"]["waves"]["baseline"] == pytest.approx({"n": 20, "n_eff": 400 / 20.8, "deff": 1.04})
    figures = document["scales"][0]["waves"]["baseline"]
    # F 2, M 4: 0.6 · 2 + 0.4 · 4.
    assert (figures["mean"], figures["weighted"]["mean"]) == pytest.approx((3.0, 2.8))
    assert document["items"][0]["waves"]["baseline"]["quartiles"] == pytest.approx([2.5, 3.0, 3.5])


def test_the_change_is_weighted_where_both_waves_are():
    waves = (
        wave(["F"] * 10 + ["M"] * 10, [1.0, 3.0] * 5 + [3.0, 5.0] * 5),
        wave(["F"] * 20 + ["M"] * 10, [2.0, 4.0] * 10 + [3.0, 5.0] * 5, key="endline"),
    )
    change = describe_study(study(*waves, margins=HALVES))["scales"][0]["change"]
    # Raw: (20 · 3 + 10 · 4) / 30 − 3; weighted: 0.6 · 3 + 0.4 · 4 − 2.8.
    assert change["estimate"] == pytest.approx(1 / 3)
    assert change["weighted"]["estimate"] == pytest.approx(0.6)
    half = waves[1]._replace(levels={**waves[1].levels, "sex": np.array(["F"] * 30, dtype=object)})
    assert describe_study(study(waves[0], half, margins=HALVES))["scales"][0]["change"]["weighted"] is None


def test_no_weighted_figure_tells_of_fewer_than_ten():
    # Eleven of M answered, nine of them this question: with the shares, their number and mean could be solved for.
    values = [1.0] * 20 + [5.0] * 9 + [np.nan] * 2
    document = describe_study(study(wave(["F"] * 20 + ["M"] * 11, values), margins=HALVES))
    assert document["scales"][0]["waves"]["baseline"]["weighted"] is None
    assert document["scales"][0]["groups"]["sex"]["M"] == {"suppressed": True}
    cells = np.array([0] * 10 + [1] * 10)
    assert not tells_of_few(np.zeros(20), cells)
    assert tells_of_few(np.array([np.nan] + [0.0] * 19), cells)
    assert not tells_of_few(np.array([np.nan] * 10 + [0.0] * 10), cells)
    assert describe_values(np.arange(20.0), np.ones(20), cells)["weighted"] is not None


@pytest.mark.parametrize(
    ("margin", "problems"),
    [
        (Margin({"F": 5205, "M": 4800}, "Census"), []),
        (Margin({"F": 5206, "M": 4800}, "Census"), [("margin-sum", "margins.#1.shares")]),
        (Margin({"F": 10_000}, "Census"), [("margin-share-missing", "margins.#1.shares.M")]),
        (
            Margin({"F": 5000, "M": 5000, "X": 0}, " "),
            [("margin-source-missing", "margins.#1.source"), ("group-level-unknown", "margins.#1.shares.X")],
        ),
    ],
)
def test_shares_add_up_to_the_whole_and_have_a_source(margin, problems):
    found = list(margin_problems(ASKED.groups, {"sex": margin}))
    assert [(each.code, each.where) for each in found] == problems


def test_a_sum_says_by_how_much_it_misses():
    (problem,) = margin_problems(ASKED.groups, {"sex": Margin({"F": 5000, "M": 4950}, "Census")})
    assert dict(problem.values) == {"case": "less", "sum": Decimal("99.50"), "miss": Decimal("0.50")}
    (problem,) = margin_problems(ASKED.groups, {"town": Margin({}, "Census")})
    assert (problem.code, problem.where) == ("margin-group-unknown", "margins.#1.group")
