"""What was spent: each report takes its flat rates and its fund share on its own, and the rows are the total."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.sums import (
    ItemSum,
    Lump,
    Shares,
    Spent,
    add_shares,
    add_spent,
    add_up,
    flat_spent,
    lost_cents,
    split_spent,
    tell_apart,
)
from portal.core.money import FundSplit, read_amount, split_fund
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "money.json").read_text(encoding="utf-8"))
EIGHTY = 80_00
RATES = (
    {},
    {"office_on_staff": 15, "travel": 15},
    {"staff": 20, "office_on_direct": 7},
    {"staff": 20, "travel": 15},
    {"other_on_staff": 40},
)


def lump(category: str = "staff", eur: int = 100_00, report: int | None = None, **stated: object) -> Lump:
    return Lump("lps", category, "EUR", report, 1, eur, **stated)


@pytest.mark.parametrize("case", VECTORS["flat_rates"])
def test_flat_rates_of_what_is_not_submitted_are_those_of_the_rules(case):
    lumps = [lump(category, read_amount(amount)) for category, amount in case["real"].items()]
    sums = add_up(lumps, case["rates"])
    expected = {name: read_amount(amount) for name, amount in case["expect"].items()}
    assert sums.spent == (expected.pop("total"), 0, 0)
    declared = {name: spent.declared for name, spent in sums.categories.items()}
    assert expected.items() <= declared.items()
    assert set(declared) == {*REAL_COST_CATEGORIES, *(["other"] if "other_on_staff" in case["rates"] else [])}


def test_each_report_truncates_its_own_flat_amount():
    # 15 % of 0.33 is 0.04, and of 0.66 it would be 0.09.
    lumps = [lump(eur=33, report=1), lump(eur=33)]
    sums = add_up(lumps, {"office_on_staff": 15})
    assert [report.number for report in sums.reports] == [1, None]
    assert sums.categories["office"] == (8, 4, 0)
    assert sums.spent == (66 + 8, 33 + 4, 0)


def test_what_is_certified_has_its_own_flat_amount():
    sums = add_up([lump(report=1, certified=50_00)], {"office_on_staff": 15})
    assert sums.spent == (115_00, 115_00, 57_50)


def test_a_parked_or_open_item_is_declared_and_not_reported():
    assert add_up([lump(eur=10_00), lump(eur=5_00, report=2)], {}).spent == (15_00, 5_00, 0)


def test_real_costs_in_a_flat_category_count_nowhere_and_are_told():
    lumps = [lump(eur=100_00), lump("office", 7_00), lump("office", 3_00, report=1)]
    sums = add_up(lumps, {"office_on_staff": 15})
    assert sums.spent == (115_00, 0, 0)
    assert sums.blocked == {"office": ItemSum(2, 10_00)}


def test_amounts_without_a_rate_are_told_by_currency_and_not_counted():
    lumps = [
        lump(eur=100_00),
        Lump("ols", "staff", "PLN", None, 3, eur=20_00, previewed=1, unrated=2, unrated_cents=500_00),
        Lump("ols", "travel", "PLN", None, 1, eur=0, unrated=1, unrated_cents=50_00),
    ]
    sums = add_up(lumps, {})
    assert sums.spent.declared == 120_00
    assert sums.unrated == {"PLN": ItemSum(3, 550_00)}
    assert sums.previewed == {"PLN"}


def test_nothing_entered_is_zero_in_every_category():
    sums = add_up([], {})
    assert sums.categories == dict.fromkeys(REAL_COST_CATEGORIES, Spent(0, 0, 0))
    assert split_spent(sums.reports, EIGHTY) == Shares(FundSplit(0, 0), FundSplit(0, 0), FundSplit(0, 0))


def test_the_fund_share_is_the_sum_of_the_reports_shares():
    sums = add_up([lump(eur=100_02, report=1), lump(eur=200_03, report=2)], {})
    shares = split_spent(sums.reports, EIGHTY)
    assert shares.reported == shares.declared == FundSplit(240_03, 60_02)
    assert add_shares([shares, shares]).reported == FundSplit(480_06, 120_04)


def test_a_budget_reported_in_six_parts_loses_a_cent_of_the_fund_share():
    case = VECTORS["rounding_residue"]
    lumps = [lump("staff", read_amount(each), number) for number, each in enumerate(case["declared"], start=1)]
    budget = read_amount(case["budget"])
    sums = add_up(lumps, {})
    assert split_spent(sums.reports, EIGHTY).reported.share == read_amount(case["sum_of_shares"])
    assert lost_cents(budget, sums, EIGHTY) == read_amount(case["residue"])
    assert lost_cents(budget, add_up(lumps[:-1], {}), EIGHTY) is None
    assert lost_cents(0, add_up([], {}), EIGHTY) is None


def test_flat_amounts_have_no_work_package():
    lumps = [lump(eur=100_00, work_package=2), lump("travel", 40_00, work_package=2), lump("office", 9_00)]
    places, flat = tell_apart(lumps, {"office_on_staff": 15}, lambda each: each.work_package)
    assert places == {2: (140_00, 0, 0)}
    assert flat == (15_00, 0, 0)


LUMPS = st.lists(
    st.builds(
        Lump,
        organisation=st.just("lps"),
        category=st.sampled_from(REAL_COST_CATEGORIES),
        currency=st.sampled_from(["EUR", "PLN"]),
        report=st.sampled_from([None, 1, 2]),
        items=st.integers(1, 9),
        eur=st.integers(-(10**12), 10**12),
        certified=st.integers(-(10**12), 10**12),
        work_package=st.integers(0, 3),
        period=st.integers(0, 3),
    ),
    max_size=20,
)


@given(LUMPS, st.sampled_from(RATES), st.integers(0, 2**32))
def test_the_order_of_entry_changes_nothing(lumps, rates, seed):
    mixed = random.Random(seed).sample(lumps, len(lumps))
    assert add_up(mixed, rates) == add_up(lumps, rates)


@given(LUMPS, st.sampled_from(RATES))
def test_what_is_reversed_in_the_same_reports_leaves_nothing(lumps, rates):
    reversal = [each._replace(eur=-each.eur, certified=-each.certified) for each in lumps]
    assert add_up([*lumps, *reversal], rates).spent == (0, 0, 0)


@given(LUMPS, st.sampled_from(RATES))
def test_a_reversal_in_another_report_cancels_to_the_cent(lumps, rates):
    one = [each._replace(report=1) for each in lumps]
    other = [each._replace(report=2, eur=-each.eur, certified=-each.certified) for each in lumps]
    sums = add_up([*one, *other], rates)
    assert sums.spent == (0, 0, 0)
    assert split_spent(sums.reports, EIGHTY).reported == FundSplit(0, 0)


@given(LUMPS, st.sampled_from(RATES))
def test_categories_reports_and_places_each_add_up_to_the_total(lumps, rates):
    sums = add_up(lumps, rates)
    assert add_spent(sums.categories.values()) == sums.spent
    assert add_spent(report.spent for report in sums.reports) == sums.spent
    for place in (lambda each: each.work_package, lambda each: each.period):
        places, flat = tell_apart(lumps, rates, place)
        assert add_spent([*places.values(), flat]) == sums.spent
        assert flat == flat_spent(sums)


@given(LUMPS, st.sampled_from(RATES), st.integers(0, 100_00))
def test_share_and_contribution_add_up_to_what_was_spent(lumps, rates, rate):
    sums = add_up(lumps, rates)
    for split, cents in zip(split_spent(sums.reports, rate), sums.spent, strict=True):
        assert split.share + split.contribution == cents


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.integers(0, 100_00))
def test_a_budget_in_any_parts_loses_less_than_a_cent_for_each_and_gains_none(parts, rate):
    sums = add_up([lump(eur=part, report=number) for number, part in enumerate(parts, start=1)], {})
    lost = lost_cents(sum(parts), sums, rate)
    assert 0 <= lost < len(parts)
    assert lost == split_fund(sum(parts), rate).share - split_spent(sums.reports, rate).reported.share


@given(LUMPS, st.sampled_from(RATES))
def test_real_costs_in_flat_categories_change_no_total(lumps, rates):
    real = [each for each in lumps if each.category not in flat_categories(rates)]
    assert add_up(lumps, rates).spent == add_up(real, rates).spent
