"""What the Commission's files say, and what is refused in them."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.items import LARGEST_ITEM
from portal.budget.rules.rates import (
    LEAST_RATE,
    ListedRate,
    RateDraft,
    check_rate,
    month_after,
    months_before,
    read_inforeuro,
    read_month,
    read_number,
)
from portal.core.errors import InvalidInput
from portal.core.money import ONE_TO_ONE, Cents, RateMicros, convert, rate_text

KNOWN = {"EUR", "PLN", "USD"}


def of_month(currency: str, value: str, country: str = "XX") -> str:
    """An entry of the month form, its value as JSON writes it."""
    return (
        f'{{"country": "{country}", "currency": "money", "isoA3Code": "{currency}", "isoA2Code": "{country}",'
        f' "value": {value}, "comment": null}}'
    )


def history(currency: str = "PLN", amount: Any = "4.2563", **changes: str) -> dict[str, Any]:
    """An entry of the history form, of July 2026 against the euro unless changed."""
    days = {"refCurrencyIso": "EUR", "dateStart": "01/07/2026", "dateEnd": "31/07/2026"}
    return {"currencyIso": currency, "amount": amount, **days, **changes}


def read(*entries: str, month: str = "2026-07") -> list[ListedRate]:
    return read_inforeuro(f"[{', '.join(entries)}]", month=month, currencies=KNOWN)


def refusals(text: str, month: str = "2026-07") -> list[tuple[int, str, str]]:
    """Place, field and code of everything that is wrong with a file."""
    with pytest.raises(InvalidInput) as refused:
        read_inforeuro(text, month=month, currencies=KNOWN)
    return [(each.row, each.where, each.code) for each in refused.value.problems]


def test_the_month_form_holds_the_month_that_is_said_beside_it():
    assert read(of_month("PLN", "4.2563"), of_month("USD", "1.1")) == [
        ListedRate(1, "PLN", "2026-07", RateMicros(4_256_300)),
        ListedRate(2, "USD", "2026-07", RateMicros(1_100_000)),
    ]


@pytest.mark.parametrize(
    ("stated", "micros"),
    [
        ("4.2563", 4_256_300),
        ('"4.2563"', 4_256_300),
        ('"4,2563"', 4_256_300),
        ("4", 4_000_000),
        ("4.25630000", 4_256_300),
        ("0.0001", 100),
        ("4.2563e0", 4_256_300),
        ("16250", 16_250_000_000),
    ],
)
def test_a_value_is_a_number_or_a_text(stated: str, micros: int):
    assert [each.rate for each in read(of_month("PLN", stated))] == [micros]


@pytest.mark.parametrize(
    "stated", ["4.2563001", '"4.2563001"', "null", "true", "0", "-4.2", '""', '"about 4"', "[4]", "1e400", "1e-400"]
)
def test_a_value_that_is_no_rate_is_refused_at_its_entry(stated: str):
    assert [(row, where) for row, where, _ in refusals(f"[{of_month('USD', '1.1')}, {of_month('PLN', stated)}]")] == [
        (2, "value")
    ]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_is_no_json(constant: str):
    assert refusals(f"[{of_month('PLN', constant)}]") == [(0, "", "rates-not-json")]


def test_a_month_form_without_a_month_is_refused():
    assert refusals(f"[{of_month('PLN', '4.2563')}]", month="") == [(0, "", "rates-month-missing")]


def test_countries_of_one_currency_repeat_its_rate_once():
    listed = read(of_month("USD", "1.1", "US"), of_month("USD", "1.10", "EC"), of_month("PLN", "4.2563"))
    assert [(each.row, each.currency) for each in listed] == [(1, "USD"), (3, "PLN")]


def test_countries_of_one_currency_must_agree():
    text = f"[{of_month('USD', '1.1')}, {of_month('USD', '1.2')}]"
    assert refusals(text) == [(2, "rate", "rates-disagree")]


def test_currencies_that_are_not_known_have_no_rate_whatever_is_said_of_them():
    listed = read(of_month("VES", "36582.1234567"), of_month("PLN", "4.2563"))
    assert [(each.currency, each.rate) for each in listed] == [("VES", None), ("PLN", 4_256_300)]


@pytest.mark.parametrize("currency", [None, "zloty", "", 7, "PL"])
def test_an_entry_without_a_currencys_code_is_left_out(currency: Any):
    text = json.dumps([history(currency), history()])
    assert [each.rate for each in read_inforeuro(text, month="", currencies=KNOWN)] == [None, 4_256_300]
    month = of_month("PLN", "4.2563").replace('"PLN"', json.dumps(currency))
    assert [each.rate for each in read(month, of_month("USD", "1.1"))] == [None, 1_100_000]


def test_of_a_time_before_the_portals_years_nothing_is_used():
    text = json.dumps([
        history(dateStart="01/12/1989", dateEnd="31/12/1989"),
        history("USD", dateStart="01/12/1989", dateEnd="31/01/1990"),
    ])  # fmt: skip
    assert read_inforeuro(text, month="", currencies=KNOWN) == [
        ListedRate(1, "PLN", "", None),
        ListedRate(2, "USD", "", None),
        ListedRate(2, "USD", "1990-01", RateMicros(4_256_300)),
    ]


def test_the_largest_item_stays_in_64_bits_at_the_least_rate_and_a_smaller_rate_is_refused():
    assert convert(Cents(LARGEST_ITEM), LEAST_RATE) == 10**16
    assert 2 * LARGEST_ITEM * ONE_TO_ONE + RateMicros(10**15) < 2**63
    assert refusals(f"[{of_month('PLN', '0.000099')}]") == [(1, "value", "rate-too-small")]
    with pytest.raises(InvalidInput) as refused:
        check_rate(RateDraft("PLN", "2026-07", RateMicros(99)), currencies=KNOWN)
    assert refused.value.problem.code == "rate-too-small"
    check_rate(RateDraft("PLN", "2026-07", LEAST_RATE), currencies=KNOWN)


def test_a_history_says_its_months_itself():
    text = json.dumps([history(), history(amount=4.3, dateStart="01/08/2026", dateEnd="31/08/2026")])
    listed = read_inforeuro(text, month="", currencies=KNOWN)
    assert [(each.month, each.rate) for each in listed] == [("2026-07", 4_256_300), ("2026-08", 4_300_000)]


def test_a_rate_over_several_months_is_one_of_each():
    text = json.dumps([history(dateStart="01/11/2025", dateEnd="28/02/2026")])
    months = [each.month for each in read_inforeuro(text, month="", currencies=KNOWN)]
    assert months == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"refCurrencyIso": "USD"}, "refCurrencyIso", "rates-not-of-euro"),
        ({"dateStart": "2026-07-01"}, "dateStart", "rates-no-day"),
        ({"dateEnd": "31/06/2026"}, "dateEnd", "rates-no-day"),
        ({"dateEnd": "31/12/9999"}, "dateEnd", "rates-no-day"),
        ({"dateStart": "02/07/2026"}, "dateEnd", "rates-not-whole-months"),
        ({"dateEnd": "30/07/2026"}, "dateEnd", "rates-not-whole-months"),
        ({"dateEnd": "30/06/2026"}, "dateEnd", "rates-not-whole-months"),
        ({"refCurrencyIso": "euro"}, "refCurrencyIso", "rates-no-currency"),
        ({"amount": "4.25631234"}, "amount", "rate-unreadable"),
    ],
)
def test_what_is_wrong_with_an_entry_of_a_history_is_said_at_its_field(changes: dict[str, str], where: str, code: str):
    assert refusals(json.dumps([history("USD"), history(**changes)]), month="") == [(2, where, code)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<html>not here</html>", "rates-not-json"),
        ("", "rates-not-json"),
        ("[" * 100_000, "rates-not-json"),
        ("{}", "rates-other-form"),
        ("[]", "rates-other-form"),
        ("[1]", "rates-other-form"),
        ('[{"isoA3Code": "PLN"}]', "rates-other-form"),
        (f"[{of_month('PLN', '4')}, {json.dumps(history())}]", "rates-other-form"),
    ],
)
def test_what_is_no_list_of_rates_is_refused_as_a_whole(text: str, code: str):
    assert refusals(text) == [(0, "", code)]


def test_of_very_many_faults_the_first_hundred_are_named():
    assert len(refusals(f"[{', '.join(of_month('PLN', 'null') for _ in range(500))}]")) == 100


@given(st.integers(min_value=LEAST_RATE, max_value=10**12))
def test_a_rate_written_as_a_number_or_as_a_text_reads_back(micros: int):
    text = rate_text(RateMicros(micros))
    assert read_number(text) == read_number(Decimal(text)) == micros


@pytest.mark.parametrize("text", ["2026-7", "2026-13", "2026-00", "07.2026", "1820-01", "2026-07-01", "juli"])
def test_what_is_no_month_is_refused(text: str):
    with pytest.raises(InvalidInput, match="month-unreadable"):
        read_month(text)


def test_months_follow_each_other_over_the_year():
    assert (month_after("2026-11"), month_after("2026-12")) == ("2026-12", "2027-01")
    assert months_before("2026-02", 4) == ["2026-02", "2026-01", "2025-12", "2025-11"]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (RateDraft("PLN", "2026-07", RateMicros(4_256_300)), []),
        (RateDraft("EUR", "2026-07", RateMicros(1_000_000)), [("currency", "rate-of-euro")]),
        (
            RateDraft("ABC", "July", RateMicros(10**6)),
            [("currency", "rate-currency-unknown"), ("month", "month-unreadable")],
        ),
        (RateDraft("PLN", "2026-07", RateMicros(0)), [("rate", "rate-not-positive")]),
    ],
)
def test_all_that_keeps_a_rate_from_being_stored_is_said(draft: RateDraft, found: list[tuple[str, str]]):
    try:
        check_rate(draft, currencies=KNOWN)
    except InvalidInput as refused:
        assert [(each.where, each.code) for each in refused.problems] == found
    else:
        assert found == []
