"""What may be stated of a contract, and how far its amount is used up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.amounts import Amount
from portal.budget.rules.contracts import ContractDraft, Spent, add_spent, check_contract_draft, standing
from portal.budget.rules.facts import LatestRate
from portal.core.errors import InvalidInputs
from portal.core.money import Cents, RateMicros

TODAY = date(2026, 11, 20)
RATES = {"PLN": LatestRate("2026-07", RateMicros(4_256_300))}
DRAFT = ContractDraft("C-1", "Catering", date(2026, 3, 1), Cents(100000), "EUR", "Caterer", "LT100001234", "", "")


def codes(**changes) -> list[tuple[str, str]]:
    """Where something is wrong with the draft, and what."""
    taken = changes.pop("is_taken", False)
    try:
        check_contract_draft(DRAFT._replace(**changes), currencies=["EUR", "PLN"], today=TODAY, is_taken=taken)
    except InvalidInputs as refusal:
        return [(problem.where, problem.code) for problem in refusal.problems]
    return []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"signed_on": None, "vat_number": "", "amount_cents": 0}, []),
        ({"vat_number": "PL 525-000-12-34"}, []),
        ({"reference": ""}, [("reference", "contract-reference-missing")]),
        ({"is_taken": True}, [("reference", "contract-reference-taken")]),
        ({"name": ""}, [("name", "contract-name-missing")]),
        ({"signed_on": date(2026, 11, 21)}, [("signed_on", "day-to-come")]),
        ({"signed_on": date(202, 6, 1)}, [("signed_on", "date-out-of-range")]),
        ({"amount_cents": -1}, [("amount_cents", "contract-amount")]),
        ({"amount_cents": 10**12 + 1}, [("amount_cents", "contract-amount")]),
        ({"currency": "USD"}, [("currency", "contract-currency")]),
        ({"vat_number": "LT12"}, [("vat_number", "contract-vat-number")]),
        ({"vat_number": "<b>100001234"}, [("vat_number", "contract-vat-number")]),
        ({"vat_number": "1" * 40}, [("vat_number", "contract-vat-number")]),
    ],
)
def test_each_thing_that_is_wrong_is_named_at_its_field(changes, found):
    assert codes(**changes) == found


def test_everything_that_is_wrong_is_said_at_once():
    assert len(codes(reference="", name="", currency="", vat_number="?", amount_cents=-1)) == 5


def euro(amount: int, spent: int):
    """The standing of a contract in euro with one item."""
    return standing(Amount(Cents(amount), "EUR"), Spent({"EUR": Cents(spent)}, Cents(spent)), {})


def test_what_is_declared_is_taken_off_the_amount_to_the_cent():
    assert euro(100000, 100000) == (
        Amount(Cents(100000), "EUR"), Amount(Cents(100000), "EUR"), Amount(Cents(0), "EUR"), 10000, False,
    )  # fmt: skip
    assert [euro(100000, spent).is_overrun for spent in (99999, 100000, 100001)] == [False, False, True]


def test_a_contract_without_items_remains_whole_and_one_of_nothing_has_no_share():
    untouched = standing(Amount(Cents(100), "PLN"), Spent({}, Cents(0)), {})
    assert untouched is not None
    assert (untouched.remaining, untouched.share, untouched.is_preview) == (Amount(Cents(100), "PLN"), 0, False)
    assert euro(0, 100).share is None
    assert euro(0, 100).is_overrun


def test_items_in_another_currency_are_compared_in_euro():
    # PLN 1,000.00 at 4.2563 is EUR 234.95.
    mixed = standing(Amount(Cents(23494), "EUR"), Spent({"PLN": Cents(100000)}, Cents(23495)), RATES)
    assert mixed is not None
    assert (mixed.agreed, mixed.spent) == (Amount(Cents(23494), "EUR"), Amount(Cents(23495), "EUR"))
    assert (mixed.is_overrun, mixed.is_preview) == (True, True)
    other = standing(Amount(Cents(100000), "PLN"), Spent({"EUR": Cents(23495)}, Cents(23495)), RATES)
    assert other is not None
    assert (other.remaining, other.is_overrun) == (Amount(Cents(0), "EUR"), False)


def test_without_a_rate_nothing_is_compared():
    assert standing(Amount(Cents(100), "PLN"), Spent({"EUR": Cents(1)}, Cents(1)), {}) is None
    assert standing(Amount(Cents(100), "EUR"), Spent({"PLN": Cents(1)}, Cents(0), is_partial=True), {}) is None


@pytest.mark.parametrize(
    ("amount", "spent", "said"),
    [
        # EUR 100.00 agreed; EUR 100.01 are known to be declared, whatever the krona are worth.
        (("EUR", 10000), Spent({"EUR": Cents(10001), "SEK": Cents(1)}, Cents(10001), True), ("EUR", -1)),
        (("EUR", 10000), Spent({"EUR": Cents(10000), "SEK": Cents(1)}, Cents(10000), True), None),
        # SEK 100.00 agreed and SEK 100.01 declared: no rate is needed to see it.
        (("SEK", 10000), Spent({"EUR": Cents(1), "SEK": Cents(10001)}, Cents(1), True), ("SEK", -1)),
        (("SEK", 10000), Spent({"EUR": Cents(1), "SEK": Cents(10000)}, Cents(1), True), None),
    ],
)
def test_what_is_known_may_exceed_the_amount_though_a_rate_is_missing(amount, spent, said):
    found = standing(Amount(Cents(amount[1]), amount[0]), spent, RATES)
    assert (found and (found.remaining.currency, found.remaining.cents)) == said
    assert said is None or found.is_overrun


def test_parts_are_added_up_by_contract_and_currency():
    parts = [(1, "EUR", 5, 5, True), (1, "PLN", 7, 2, True), (1, "PLN", 1, None, False), (2, "EUR", -3, -3, True)]
    assert add_spent(parts) == {
        1: Spent({"EUR": Cents(5), "PLN": Cents(8)}, Cents(7), is_partial=True),
        2: Spent({"EUR": Cents(-3)}, Cents(-3)),
    }


@given(st.integers(0, 10**12), st.lists(st.integers(-(10**12), 10**12), max_size=5))
def test_what_is_spent_and_what_remains_add_up_to_the_amount(amount, items):
    found = euro(amount, sum(items))
    assert found.spent.cents + found.remaining.cents == amount
    assert found.is_overrun == (sum(items) > amount)
