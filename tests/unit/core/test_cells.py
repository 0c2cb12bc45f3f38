"""Reading one cell: as text, day, moment, whole number, yes or no, choice, list."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.errors import InvalidInput
from portal.core.money import decimal_text
from portal.core.tables.cells import as_amount, as_choice, as_day, as_list, as_moment, as_text, as_whole, as_yes_no
from portal.core.tables.messages import SENTENCES


def refusal(read, *arguments) -> tuple[str, dict[str, object]]:
    with pytest.raises(InvalidInput) as caught:
        read(*arguments)
    return caught.value.problem.code, dict(caught.value.problem.values)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Kaišiadorys", "Kaišiadorys"),
        (17, "17"),
        (Decimal("2.4"), "2.4"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00001"), "0.00001"),
        (True, "true"),
        (date(2026, 6, 30), "2026-06-30"),
        (datetime(2026, 6, 30, 14, 5), "2026-06-30 14:05"),
        (datetime(2026, 6, 30, 14, 5, 9), "2026-06-30 14:05:09"),
        (999_999_999_999_999, "999999999999999"),
        (None, None),
    ],
)
def test_text_is_what_a_person_would_have_typed(value, text):
    assert as_text(value, 40) == text


def test_text_that_is_too_long_is_refused_with_its_length():
    assert as_text("x" * 40, 40) == "x" * 40
    assert refusal(as_text, "x" * 100, 40) == ("cell-too-long", {"value": "x" * 60 + "…", "length": 100, "most": 40})


@pytest.mark.parametrize("value", [10**15, -(10**15), Decimal("1234567890123456.5")])
def test_a_number_of_which_a_spreadsheet_lost_digits_is_no_code(value):
    assert refusal(as_text, value, 40)[0] == "cell-digits-lost"


@pytest.mark.parametrize(
    "value",
    [
        *("2026-06-30", "2026-6-30", "2026/06/30", "2026.06.30", "30.06.2026", "30.6.2026"),
        *(date(2026, 6, 30), datetime(2026, 6, 30)),
    ],
)
def test_a_day_is_a_date_or_its_text_with_the_year_first_or_with_dots(value):
    assert as_day(value) == date(2026, 6, 30)
    assert type(as_day(value)) is date


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("31.02.2026", "cell-no-such-day"),
        ("31.02.", "cell-no-such-day"),
        ("2026-02-31", "cell-no-such-day"),
        ("0000-01-01", "cell-no-such-day"),
        ("2026/02/31", "cell-no-such-day"),
        ("03.31.2026", "cell-no-such-day"),
        ("31/31/2026", "cell-no-such-day"),
        ("30/02/2026", "cell-no-such-day"),
        ("03/04/2026", "cell-ambiguous-day"),
        ("3-4-2026", "cell-ambiguous-day"),
        ("03/03/2026", "cell-ambiguous-day"),
        ("06/30/2026", "cell-ambiguous-day"),
        ("30-06-2026", "cell-ambiguous-day"),
        ("30.06.", "cell-not-a-day"),
        ("30.06.26", "cell-not-a-day"),
        ("30.06-2026", "cell-not-a-day"),
        ("2026-06/30", "cell-not-a-day"),
        ("２０２６-06-30", "cell-not-a-day"),
        ("next week", "cell-not-a-day"),
        (46203, "cell-not-a-day"),
        (datetime(2026, 6, 30, 14), "cell-day-with-time"),
    ],
)
def test_other_days_are_refused_and_none_is_guessed(value, code):
    found, values = refusal(as_day, value)
    assert found == code
    assert str(values["value"]).startswith(str(value)[:10])


def test_with_dots_the_day_comes_first():
    assert as_day("03.04.2026") == date(2026, 4, 3)


@pytest.mark.parametrize("value", ["30/06/2026", "03/04/2026", "30.06."])
def test_a_refused_day_is_told_how_to_be_written(value):
    with pytest.raises(InvalidInput) as error:
        as_day(value)
    said = str(SENTENCES[error.value.problem.code])
    assert said.endswith("Write the day like 2026-03-31 or 31.03.2026.")
    assert "is not a day" not in said


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-06-30 14:00", datetime(2026, 6, 30, 14)),
        ("2026-06-30 9:05", datetime(2026, 6, 30, 9, 5)),
        ("2026-06-30T14:00:07", datetime(2026, 6, 30, 14, 0, 7)),
        ("2026-06-30   14:00", datetime(2026, 6, 30, 14)),
        ("30.06.2026 14:00", datetime(2026, 6, 30, 14)),
        ("2026/6/30 14:00", datetime(2026, 6, 30, 14)),
        (datetime(2026, 6, 30, 14), datetime(2026, 6, 30, 14)),
        (date(2026, 6, 30), datetime(2026, 6, 30)),
        (None, None),
    ],
)
def test_a_moment_is_a_day_with_a_time(value, moment):
    assert as_moment(value) == moment


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-06-30", "cell-time-missing"),
        ("31.02.2026 10:00", "cell-no-such-day"),
        ("03/04/2026 10:00", "cell-ambiguous-day"),
        ("30/06/2026 10:00", "cell-ambiguous-day"),
        ("30.06.2026", "cell-time-missing"),
        ("2026/06/30", "cell-time-missing"),
        ("2026-06-30 25:00", "cell-no-such-time"),
        ("2026-06-30 10:60", "cell-no-such-time"),
        ("2026-06-30 10:00+02:00", "cell-not-a-moment"),
        ("2026-06-30 10.00", "cell-not-a-moment"),
        ("14:00:00", "cell-not-a-moment"),
        (5, "cell-not-a-moment"),
    ],
)
def test_other_moments_are_refused(value, code):
    assert refusal(as_moment, value)[0] == code


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12),
        (Decimal("12.0"), 12),
        ("12", 12),
        ("12.0", 12),
        ("12,00", 12),
        ("+12", 12),
        ("-5", -5),
        ("−5", -5),
        ("1 234", 1234),
        ("12\u00a0345", 12345),
        ("007", 7),
        (None, None),
    ],
)
def test_a_whole_number_is_read(value, number):
    assert as_whole(value, -100, 100_000) == number


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1,234", "cell-ambiguous-number"),
        ("1.234", "cell-ambiguous-number"),
        ("1.5", "cell-not-whole"),
        (Decimal("1.5"), "cell-not-whole"),
        (Decimal("1.234"), "cell-not-whole"),
        ("1 23", "cell-not-whole"),
        ("1e3", "cell-not-whole"),
        ("१२", "cell-not-whole"),
        ("twelve", "cell-not-whole"),
        ("9" * 5000, "cell-not-whole"),
        (True, "cell-not-whole"),
        (date(2026, 6, 30), "cell-not-whole"),
    ],
)
def test_what_is_no_whole_number_is_refused(value, code):
    assert refusal(as_whole, value, 0, 10_000)[0] == code


def test_a_number_out_of_range_is_refused_with_the_range():
    assert as_whole(0, 0, 5) == 0
    assert as_whole("5", 0, 5) == 5
    assert refusal(as_whole, "6", 0, 5) == ("cell-out-of-range", {"value": "6", "least": 0, "most": 5})


VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "money.json").read_text())["read_amount"]


@pytest.mark.parametrize(("text", "amount"), VECTORS["accepted"])
def test_an_amount_in_text_is_read_as_people_type_it(text, amount):
    assert decimal_text(as_amount(text)) == amount


@pytest.mark.parametrize("text", VECTORS["refused"])
def test_an_amount_in_text_that_may_mean_two_things_or_nothing_is_refused(text):
    assert refusal(as_amount, text)[0] in {"amount-missing", "amount-ambiguous", "amount-decimals", "amount-unreadable"}


@pytest.mark.parametrize(
    ("number", "cents"),
    [
        (1234, 1234_00),
        (0, 0),
        (-5, -5_00),
        (Decimal("1234.5"), 1234_50),
        (Decimal("-12.3"), -12_30),
        (Decimal("0.30000000000000004"), 30),
        (Decimal("1234.5600001"), 1234_56),
        (Decimal("1234.5599999"), 1234_56),
        (Decimal("-0.1499999"), -15),
        (Decimal("1E+3"), 1000_00),
        (Decimal("1E-9"), 0),
        (Decimal("9999999999999.99"), 999_999_999_999_999),
    ],
)
def test_a_number_of_a_spreadsheet_is_the_amount_and_loses_only_binary_noise(number, cents):
    assert as_amount(number) == cents


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("0.005"), "amount-decimals"),
        (Decimal("1.234"), "amount-decimals"),
        (Decimal("1.000001"), "amount-decimals"),
        (10**14, "amount-too-large"),
        (Decimal("1E+300"), "amount-too-large"),
        (True, "amount-unreadable"),
        (date(2026, 6, 30), "amount-unreadable"),
        ("1" * 61, "amount-unreadable"),
    ],
)
def test_what_is_no_amount_is_refused(value, code):
    assert refusal(as_amount, value)[0] == code


def test_an_empty_cell_holds_no_amount():
    assert as_amount(None) is None


def test_yes_and_no_in_three_languages():
    assert [as_yes_no(each) for each in ("yes", "TRUE", 1, "1", "Taip", "tak", True)] == [True] * 7
    assert [as_yes_no(each) for each in ("no", "false", 0, "0", "Ne", "nie", False)] == [False] * 7
    assert as_yes_no(None) is None
    assert refusal(as_yes_no, "maybe") == ("cell-not-yes-no", {"value": "maybe"})
    assert refusal(as_yes_no, 2) == ("cell-not-yes-no", {"value": "2"})


def test_a_choice_is_taken_whatever_its_case():
    assert as_choice("Under18", ["under18", "18-29"]) == "under18"
    assert as_choice(17, ["17", "18"]) == "17"
    assert as_choice(Decimal("2.4"), {"2.4": "Workshops"}) == "2.4"
    assert as_choice(None, ["a"]) is None


def test_a_choice_that_is_none_is_refused_with_those_there_are():
    assert refusal(as_choice, "c", ["a", "b"]) == ("cell-choice", {"value": "c", "allowed": ["a", "b"]})
    many = [f"W{n}" for n in range(100)]
    assert refusal(as_choice, "c", many)[1]["allowed"] == [*many[:12], "…"]


def test_a_list_is_separated_by_semicolons():
    assert as_list(" lpro ;ols;; lpro;") == ["lpro", "ols"]
    assert as_list(17) == ["17"]
    assert as_list(None) == []
    assert as_list(" ; ") == []
