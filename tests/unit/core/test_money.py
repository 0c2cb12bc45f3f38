"""Money: the acceptance vectors, the errors one by one, and the properties that hold for every amount."""

import json
import re
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import InvalidInput, Problem
from portal.core.money import (
    BasisPoints,
    Cents,
    decimal_text,
    percent_text,
    percentage,
    read_amount,
    read_percent,
    rounding_residue,
    split_fund,
    split_total,
    to_decimal,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "money.json").read_text(encoding="utf-8"))

NO_NUMBERS = ["€", "-", "five", "NaN", "Infinity", "1e3", "1_000", "0x10", "5 USD", "5 %", "\u0661\u0662", "\uff15"]
MISPLACED_SIGNS = ["5-", "5-€", "--5", "-€-5", "+5", "€ 5 zł", "€5€", ".5", "5."]
UNEVEN_GROUPS = ["1 23,45", "1234 567", "1  234", "1 234.567 890", "1,234,56", "012,345.67", "1'234.56", "5\n6"]
TWO_DECIMAL_SIGNS = ["1,234,567,89", "1.234,567.89", "1.23.45", "1,2.3"]
REFUSED_AMOUNTS = {
    "amount-missing": ["", " \u00a0\t"],
    "amount-ambiguous": ["1,234", "1.234", "12.345", "-123,456", "€ 1,234", "1.000 zł"],
    "amount-decimals": ["0.005", "0,123", "1234.567", "1,234.567", "1 234,567", "1.2345"],
    "amount-too-large": ["10000000000000.01", "-10 000 000 000 000,01", "9" * 5_000],
    "amount-unreadable": NO_NUMBERS + MISPLACED_SIGNS + UNEVEN_GROUPS + TWO_DECIMAL_SIGNS,
}
REFUSED_RATES = {
    "percent-unreadable": [
        "",
        "%",
        "eighty",
        "66.667",
        ".5",
        "5.",
        "80 %%",
        "8 0",
        "+80",
        "1e1",
        "NaN",
        "\u0668\u0660",
    ],
    "percent-out-of-range": ["100.01", "-0.01", "\u22125", "9" * 5_000],
}

AMOUNTS = st.integers(-(10**15), 10**15).map(Cents)
RATES = st.integers(0, 10_000).map(BasisPoints)


def cents(text: str) -> Cents:
    """The vectors' `text` in cents, read without the code under test."""
    return Cents(int(Decimal(text) * 100))


def all_cents(texts: list[str]) -> list[Cents]:
    return [cents(text) for text in texts]


def rate_bp(text: str) -> BasisPoints:
    return BasisPoints(int(Decimal(text) * 100))


def each_text(refused: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(code, text) for code, texts in refused.items() for text in texts]


def short(value: object) -> str:
    return ascii(value)[:40]


def split_id(case: dict[str, str]) -> str:
    return f"{case['amount']} at {case['rate_percent']} %"


def total_id(case: dict[str, Any]) -> str:
    return f"{' + '.join(case['amounts'])} at {case['rate_percent']} %"


# The fund's share


def test_the_grant_is_rounded_down_and_the_partner_carries_the_cent():
    assert split_fund(83_521_12, 80_00) == (66_816_89, 16_704_23)


@pytest.mark.parametrize("case", VECTORS["split_fund"], ids=split_id)
def test_an_amount_splits_as_published(case):
    split = split_fund(cents(case["amount"]), rate_bp(case["rate_percent"]))
    assert split == (cents(case["share"]), cents(case["contribution"]))


@pytest.mark.parametrize("rate", [-1, 10_001])
def test_a_rate_below_nothing_or_above_everything_is_refused(rate):
    with pytest.raises(InvalidInput) as refusal:
        split_fund(100_00, rate)
    assert refusal.value.problems == (Problem("rate-out-of-range", values={"rate": rate}),)


@given(AMOUNTS, RATES)
def test_the_parts_add_up_to_the_amount(amount, rate):
    split = split_fund(amount, rate)
    assert split.share + split.contribution == amount


@given(AMOUNTS, RATES)
def test_a_reversal_cancels_to_the_cent(amount, rate):
    split, reversal = split_fund(amount, rate), split_fund(-amount, rate)
    assert reversal == (-split.share, -split.contribution)


@given(AMOUNTS, RATES)
def test_the_share_never_exceeds_the_rate_and_misses_it_by_less_than_a_cent(amount, rate):
    exact = abs(Fraction(amount * rate, 10_000))
    assert exact - 1 < abs(split_fund(amount, rate).share) <= exact


@given(AMOUNTS, RATES)
def test_both_parts_have_the_sign_of_the_amount(amount, rate):
    assert all(part == 0 or (part > 0) == (amount > 0) for part in split_fund(amount, rate))


# Totals and the rounding residue


@pytest.mark.parametrize("case", VECTORS["totals_are_sums"], ids=total_id)
def test_a_total_is_the_sum_of_its_rows(case):
    split = split_total(all_cents(case["amounts"]), rate_bp(case["rate_percent"]))
    assert split == (cents(case["share"]), cents(case["contribution"]))
    assert sum(split) == cents(case["total"])


def test_a_total_is_not_the_rate_applied_to_the_total():
    assert split_total([100_02, 200_03], 80_00).share == 240_03
    assert split_fund(300_05, 80_00).share == 240_04


def test_no_rows_add_up_to_nothing():
    assert split_total([], 80_00) == (0, 0)


def test_a_total_takes_its_rows_from_a_generator():
    assert split_total((amount for amount in [100_02, 200_03]), 80_00) == (240_03, 60_02)


@pytest.mark.parametrize("amounts", [[], [100_00]], ids=["no rows", "one row"])
def test_a_total_refuses_a_rate_out_of_range(amounts):
    with pytest.raises(InvalidInput) as refusal:
        split_total(amounts, 10_001)
    assert refusal.value.problems == (Problem("rate-out-of-range", values={"rate": 10_001}),)


def test_a_budget_declared_in_six_parts_loses_a_cent_to_truncation():
    case = VECTORS["rounding_residue"]
    budget, declared, rate = cents(case["budget"]), all_cents(case["declared"]), rate_bp(case["rate_percent"])
    assert split_fund(budget, rate).share == cents(case["share_of_budget"])
    assert split_total(declared, rate).share == cents(case["sum_of_shares"])
    assert rounding_residue(budget, iter(declared), rate) == cents(case["residue"])


def test_a_correction_can_turn_the_residue_negative():
    assert rounding_residue(1, [3, -2], 80_00) == -1


def test_a_budget_declared_in_part_has_no_residue_yet():
    with pytest.raises(InvalidInput) as refusal:
        rounding_residue(100_00, iter([60_00, 30_00]), 80_00)
    problem = Problem("budget-not-fully-declared", values={"budget": 100_00, "declared": 90_00})
    assert refusal.value.problems == (problem,)


def test_the_residue_refuses_a_rate_out_of_range():
    with pytest.raises(InvalidInput) as refusal:
        rounding_residue(100_00, [100_00], -1)
    assert refusal.value.problems == (Problem("rate-out-of-range", values={"rate": -1}),)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), RATES)
def test_each_part_but_one_loses_less_than_a_cent(parts, rate):
    assert 0 <= rounding_residue(sum(parts), parts, rate) < len(parts)


# Percentages


@pytest.mark.parametrize(
    ("part", "whole", "expected_bp"),
    [
        (45, 216, 20_83),
        (2, 3, 66_67),
        (1, 3, 33_33),
        (1, 20_000, 1),  # exactly half of a hundredth of a percent
        (-1, 20_000, -1),
        (1, -20_000, -1),
        (-1, -20_000, 1),
        (1, 20_001, 0),
        (0, 5, 0),
        (0, -5, 0),
        (7, 5, 140_00),
    ],
)
def test_a_percentage_is_rounded_half_away_from_zero(part, whole, expected_bp):
    assert percentage(part, whole) == expected_bp


@pytest.mark.parametrize("part", [0, 5])
def test_a_percentage_of_nothing_is_no_figure(part):
    assert percentage(part, 0) is None


# Small wholes as well, so that exact halves (and both neighbours) come up.
@given(st.integers(-(10**15), 10**15), st.integers(-40_000, 40_000).filter(bool))
def test_a_percentage_is_the_nearest_one_and_half_goes_away_from_zero(part, whole):
    exact = Fraction(part, whole) * 10_000
    rounded = percentage(part, whole)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(st.integers(-(10**9), 10**9))
def test_an_exact_half_always_goes_away_from_zero(half):
    odd = 2 * half + 1
    assert abs(percentage(odd, 20_000)) == (abs(odd) + 1) // 2


# Reading amounts


@pytest.mark.parametrize(("text", "expected"), VECTORS["read_amount"]["accepted"], ids=ascii)
def test_an_amount_is_read_as_people_type_it(text, expected):
    assert read_amount(text) == cents(expected)


@pytest.mark.parametrize("text", VECTORS["read_amount"]["refused"], ids=ascii)
def test_an_amount_that_could_be_misread_is_refused(text):
    with pytest.raises(InvalidInput) as refusal:
        read_amount(text)
    (problem,) = refusal.value.problems
    assert problem.code in {"amount-missing", "amount-ambiguous", "amount-decimals", "amount-unreadable"}
    assert problem.values == {"value": text}


@pytest.mark.parametrize(
    "text", ["€5", "5 €", "EUR 5,00", "5.0 eur", "zł 5", "5zł", "5\u00a0ZŁ", "PLN5", "5 pln"], ids=ascii
)
def test_a_currency_is_skipped_before_or_after_the_amount(text):
    assert read_amount(text) == 5_00


@pytest.mark.parametrize("text", ["-€5", "€-5", "€ -5", "- € 5", "\u22125 zł", "- 5", "-5EUR"], ids=ascii)
def test_a_minus_stands_before_the_number_or_the_currency(text):
    assert read_amount(text) == -5_00


@pytest.mark.parametrize(
    ("text", "expected_cents"),
    [
        ("1,234,567", 1_234_567_00),
        ("1.234.567", 1_234_567_00),
        ("1 234", 1_234_00),
        ("1,234.5", 1_234_50),
        ("12\u202f345\u00a0678.90", 12_345_678_90),
        ("  5,00\t", 5_00),
        ("007", 7_00),
        ("-0", 0),
        ("10000000000000", 10**15),
        ("-10 000 000 000 000,00", -(10**15)),
        ("0" * 5_000 + "7", 7_00),
    ],
    ids=short,
)
def test_what_has_one_meaning_is_read(text, expected_cents):
    assert read_amount(text) == expected_cents


@pytest.mark.parametrize(("code", "text"), each_text(REFUSED_AMOUNTS), ids=short)
def test_a_refused_amount_says_why(code, text):
    with pytest.raises(InvalidInput) as refusal:
        read_amount(text)
    assert refusal.value.problems == (Problem(code, values={"value": text}),)


def test_the_limit_holds_under_any_decimal_context():
    with localcontext() as context:
        context.prec = 3
        with pytest.raises(InvalidInput) as refusal:
            read_amount("10000000000000.01")
    assert refusal.value.problem.code == "amount-too-large"


def meaning_cents(text: str) -> int:
    """What an accepted `text` must mean: its digits, of which one or two after a last point or comma are decimals."""
    ending = re.search(r"[.,]([0-9]{1,2})[^0-9]*$", text)
    decimals = len(ending[1]) if ending else 0
    magnitude = int(re.sub(r"[^0-9]", "", text)) * 10 ** (2 - decimals)
    return -magnitude if re.search("[-\u2212]", text) else magnitude


@given(st.text(alphabet="0123456789 .,-€zł%e\u00a0\u202f\u2212", max_size=12))
def test_any_text_is_read_for_what_it_means_or_refused(text):
    try:
        amount = read_amount(text)
    except InvalidInput:
        return
    assert amount == meaning_cents(text)


# Reading rates


@pytest.mark.parametrize(
    ("text", "expected_bp"),
    [
        ("80", 80_00),
        ("66.67", 66_67),
        ("66,67", 66_67),
        ("7,5", 7_50),
        ("0", 0),
        ("-0", 0),
        ("0.01", 1),
        ("100", 100_00),
        ("100.00", 100_00),
        (" 80\u00a0% ", 80_00),
        ("80%", 80_00),
        ("0" * 5_000 + "80", 80_00),
    ],
    ids=short,
)
def test_a_rate_is_read_as_people_type_it(text, expected_bp):
    assert read_percent(text) == expected_bp


@pytest.mark.parametrize(("code", "text"), each_text(REFUSED_RATES), ids=short)
def test_a_refused_rate_says_why(code, text):
    with pytest.raises(InvalidInput) as refusal:
        read_percent(text)
    assert refusal.value.problems == (Problem(code, values={"value": text}),)


# Writing amounts and rates


@pytest.mark.parametrize(
    ("amount_cents", "expected"),
    [(-12_30, "-12.30"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-100, "-1.00"), (376_876_12, "376876.12")],
)
def test_an_amount_is_written_with_a_point_and_two_decimals(amount_cents, expected):
    assert decimal_text(amount_cents) == expected


@pytest.mark.parametrize(("rate", "expected"), [(20_83, "20.83"), (80_00, "80.00"), (140_00, "140.00"), (-1, "-0.01")])
def test_a_percentage_is_written_with_a_point_and_two_decimals(rate, expected):
    assert percent_text(rate) == expected


@given(AMOUNTS)
def test_an_amount_written_and_read_back_is_the_same(amount):
    assert read_amount(decimal_text(amount)) == amount


@given(RATES)
def test_a_rate_written_and_read_back_is_the_same(rate):
    assert read_percent(percent_text(rate)) == rate


@given(AMOUNTS)
def test_an_amount_grouped_in_any_of_the_ways_people_do_is_read_back(amount):
    for group, point in [(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ".")]:
        grouped = f"{to_decimal(amount):,.2f}".translate({ord(","): group, ord("."): point})
        assert read_amount(grouped) == amount


def test_a_decimal_is_exact_and_keeps_its_two_decimals():
    assert str(to_decimal(-12_30)) == "-12.30"


@given(AMOUNTS)
def test_a_decimal_is_exact_under_any_decimal_context(amount):
    with localcontext() as context:
        context.prec = 3
        decimal = to_decimal(amount)
    assert Fraction(decimal) == Fraction(amount, 100)
