"""The published examples of the vectors, with their expected values and tolerances."""

import json
from pathlib import Path

import numpy as np
import pytest

from portal.surveys.rules.statistics.families import holm
from portal.surveys.rules.statistics.independent import hedges_g, mann_whitney, welch
from portal.surveys.rules.statistics.overlapping import partially_overlapping_t
from portal.surveys.rules.statistics.paired import d_z, paired_t, wilcoxon
from portal.surveys.rules.statistics.reliability import cronbach_alpha
from portal.surveys.rules.statistics.weighting import kish, rake

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "statistics.json").read_text(encoding="utf-8"))


def near(expected):
    return pytest.approx(expected, rel=1e-4)


def p_near(expected):
    return pytest.approx(expected, abs=1e-5)


SLEEP = VECTORS["S1_S2_sleep"]


def test_sleep_of_the_same_people():
    expected = SLEEP["paired"]
    found = paired_t(SLEEP["g1"], SLEEP["g2"])
    assert (found.statistic, found.df) == (near(expected["t"]), expected["df"])
    assert found.p == p_near(expected["p"])
    assert found.ci == near(tuple(expected["ci95"]))
    assert found.estimate == near(expected["mean_diff"])
    assert d_z(SLEEP["g1"], SLEEP["g2"]).value == pytest.approx(expected["dz"], rel=1e-12)


def test_sleep_as_if_of_different_people():
    expected = SLEEP["welch"]
    found = welch(SLEEP["g1"], SLEEP["g2"])
    assert (found.statistic, found.df) == (near(expected["t"]), near(expected["df"]))
    assert found.p == p_near(expected["p"])
    assert found.ci == near(tuple(expected["ci95"]))
    assert hedges_g(SLEEP["g1"], SLEEP["g2"]).value == pytest.approx(SLEEP["hedges_g_exactJ"], rel=1e-12)


def test_sleep_with_pooled_variances_is_the_overlapping_test_without_pairs():
    expected = SLEEP["pooled"]
    found = partially_overlapping_t(SLEEP["g1"], SLEEP["g2"], first_pairs=[], second_pairs=[], equal_variances=True)
    assert (found.df, found.p) == (expected["df"], p_near(expected["p"]))
    assert found.ci == near(tuple(expected["ci95"]))


def test_depression_before_and_after():
    expected = VECTORS["S3_depression"]
    found = wilcoxon(expected["x"], expected["y"])
    assert found.is_exact
    assert found.statistic == expected["V"]
    assert 9 * 10 / 2 - found.statistic == expected["W_minus"]
    assert found.p == pytest.approx(expected["p_two_exact"], abs=1e-12)
    assert found.p / 2 == pytest.approx(expected["p_greater_exact"], abs=1e-12)
    assert found.rank_biserial == pytest.approx(expected["rank_biserial"])
    assert found.shift == pytest.approx(expected["hodges_lehmann"])


def test_permeability_of_two_groups():
    expected = VECTORS["S4_permeability"]
    found = mann_whitney(expected["x"], expected["y"])
    assert found.is_exact
    assert found.statistic == expected["U"]
    assert found.p / 2 == pytest.approx(expected["p_greater_exact"], abs=1e-12)
    assert found.rank_biserial == pytest.approx(2 * 35 / 50 - 1)


OVERLAP = VECTORS["S7_partover"]


@pytest.mark.parametrize("kind", ["equal", "unequal"])
def test_partly_the_same_people(kind: str):
    found = partially_overlapping_t(
        OVERLAP["a_unpaired"],
        OVERLAP["b_unpaired"],
        first_pairs=OVERLAP["a_paired"],
        second_pairs=OVERLAP["b_paired"],
        equal_variances=kind == "equal",
    )
    expected = OVERLAP[kind]
    assert (found.n_first, found.n_second, found.n_pairs) == (16, 16, 8)
    assert found.statistic == pytest.approx(expected["t"], rel=1e-9)
    assert found.df == pytest.approx(expected["df"], rel=1e-9)
    assert found.p == pytest.approx(expected["p"], abs=1e-9)
    if kind == "equal":
        assert round(found.p, 3) == OVERLAP["published_p_equal_var"]


def test_what_is_lost_by_leaving_out_a_part_of_them():
    expected = OVERLAP["contrast"]
    assert paired_t(OVERLAP["a_paired"], OVERLAP["b_paired"]).p == p_near(expected["paired_only_p"])
    unpaired = OVERLAP["a_unpaired"], OVERLAP["b_unpaired"]
    pooled = partially_overlapping_t(*unpaired, first_pairs=[], second_pairs=[], equal_variances=True)
    assert pooled.p == p_near(expected["unpaired_only_p"])
    assert welch(*unpaired).p == pytest.approx(expected["unpaired_only_p"], abs=1e-3)
    everyone = [OVERLAP[f"{each}_unpaired"] + OVERLAP[f"{each}_paired"] for each in "ab"]
    assert welch(*everyone).p == p_near(expected["naive_welch_p"])


def test_alpha_of_ten_items():
    expected = VECTORS["S10_alpha_likert"]
    found = cronbach_alpha(np.array(expected["rows"], dtype=float))
    assert (found.n, found.items) == (15, 10)
    assert found.value == pytest.approx(expected["alpha"], rel=1e-9)
    assert [round(each, 3) for each in found.ci] == expected["ci"]


def test_three_of_fifteen_remain_after_holm():
    expected = VECTORS["S14_multiplicity"]
    corrected = holm(expected["p"])
    assert sum(p <= expected["alpha"] for p in corrected) == expected["holm"] == expected["bonferroni"]
    assert corrected[:3] == pytest.approx((15 * 0.0001, 14 * 0.0004, 13 * 0.0019))


def test_a_table_is_raked_to_its_margins():
    expected = VECTORS["S16_rake2"]
    cells = np.array(expected["table"], dtype=float)
    found = rake([[0, 0, 1, 1], [0, 1, 0, 1]], [expected["rows"], expected["cols"]], cells.ravel())
    table = found.reshape(2, 2)
    assert table == pytest.approx(np.array(expected["expected"]), rel=1e-7)
    assert table[0, 0] * table[1, 1] / table[0, 1] / table[1, 0] == pytest.approx(expected["odds_ratio"])


def test_effective_number_of_weighted_respondents():
    expected = VECTORS["S18_kish"]
    assert kish(expected["w"]) == pytest.approx((expected["n_eff"], expected["deff"]))
