"""More declared than budgeted or agreed: cumulative, in the order of days, whatever the order of entry."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.facts import ContractFacts
from portal.budget.rules.findings import judge
from portal.budget.rules.overruns import running_sums
from portal.budget.rules.sums import Lump, add_up
from tests.unit.budget.registers import codes, make_item, make_partner, make_register


def on_day(key: int, declared: int, **changes: Any) -> Any:
    """An item of the key's day of March, of this amount."""
    return make_item(
        key, declared=declared, invoice_date=date(2026, 3, key), payment_date=date(2026, 6, 1), invoice_total=None,
        **changes,
    )  # fmt: skip


def of_budget(external: int, total: int | None = None, **changes: Any) -> Any:
    return make_partner(budget=total, categories={"external": external, "travel": 500_00}, **changes)


def test_ten_small_items_that_jointly_overrun_are_found_from_the_one_that_crosses_on():
    # 10 × 121.00 against 1,000.00 + 20 % = 1,200.00: the tenth makes it 1,210.00.
    items = [on_day(key, 121_00) for key in range(1, 11)]
    found = judge(make_register(items, of_budget(1_000_00)))
    assert [key for key, each in found.items() if each] == [10]
    (over,) = found[10]
    assert (over.code, over.severity) == ("over-category", "warns")
    assert {name: str(over.values[name]) for name in ("sum", "budget", "limit")} == {
        "sum": "1210.00 EUR",
        "budget": "1000.00 EUR",
        "limit": "1200.00 EUR",
    }


@pytest.mark.parametrize(
    ("scope", "percent", "limit"),
    [
        ("category", 20_00, 1_200_00),
        ("category", 12_34, 1_123_40),
        ("partner", 20_00, 1_000_00 + 600_00),
        ("", 20_00, 1_000_00),
    ],
)
def test_the_flexibility_is_data(scope: str, percent: int, limit: int):
    partner = of_budget(1_000_00, 3_000_00)
    rule = {"flexibility_scope": scope, "flexibility": percent}
    assert codes([on_day(1, limit)], partner, **rule) == {1: []}
    assert codes([on_day(1, limit + 1)], partner, **rule) == {1: ["over-category"]}


def test_the_share_of_the_flexibility_is_cut_to_the_cent():
    # 20 % of 0.04 are 0.008, so nothing beyond the 0.04 is granted.
    partner = of_budget(4)
    assert codes([on_day(1, 4)], partner) == {1: []}
    assert codes([on_day(1, 5)], partner) == {1: ["over-category"]}


def test_the_order_is_that_of_days_then_references_and_a_missing_invoice_date_is_the_payment():
    same_day = {"invoice_date": date(2026, 3, 5), "declared": 700_00, "invoice_total": None}
    items = [
        make_item(1, reference="K-2", **same_day),
        make_item(2, reference="K-1", **same_day),
        make_item(3, invoice_date=None, payment_date=date(2026, 3, 4), declared=1, invoice_total=None),
    ]
    assert codes(items, of_budget(1_000_00)) == {1: ["over-category"], 2: [], 3: []}


def test_what_is_submitted_comes_first_and_what_is_parked_does_not_count():
    items = [
        on_day(1, 100_00),
        on_day(9, 1_150_00, state="submitted"),
        on_day(8, 9_000_00, state="parked"),
        on_day(7, 1_00, state="certified"),
    ]
    assert codes(items, of_budget(1_000_00)) == {1: ["over-category"], 9: [], 8: [], 7: []}


def test_a_credit_note_lowers_what_is_declared():
    items = [on_day(1, 1_200_00), on_day(2, -50_00), on_day(3, 50_00), on_day(4, 1)]
    assert codes(items, of_budget(1_000_00)) == {1: [], 2: [], 3: [], 4: ["over-category"]}


def test_what_has_no_rate_is_left_out_and_what_is_in_another_currency_counts_in_euro():
    zloty = {"organisation": "ols", "currency": "PLN"}
    partner = make_partner("ols", currency="PLN", budget=None, categories={"external": 100_00})
    items = [on_day(1, 9_000_00, **zloty, eur=None), on_day(2, 500_00, **zloty, eur=120_00), on_day(3, 1, **zloty)]
    assert codes(items, partner) == {1: [], 2: [], 3: ["over-category"]}


def test_above_the_whole_budget_blocks_and_is_summed_over_all_categories():
    items = [on_day(1, 400_00), on_day(2, 400_00, category="travel"), on_day(3, 200_01)]
    found = judge(make_register(items, make_partner(budget=1_000_00)))
    assert {key: [(each.code, each.severity) for each in findings] for key, findings in found.items()} == {
        1: [],
        2: [],
        3: [("over-partner", "blocks")],
    }
    assert str(found[3][0].values["sum"]) == "1000.01 EUR"


def test_the_whole_budget_pays_for_the_flat_rates_too():
    # 15 % of 869.57 are 130.4355, cut to 130.43: together 1,000.00. One cent more is too many.
    partner = make_partner(flat_rates={"office_on_staff": 15})
    staff = {"category": "staff"}
    assert codes([on_day(1, 869_57, **staff), on_day(2, 1, **staff)], partner) == {1: [], 2: ["over-partner"]}
    # A real cost in the flat category adds nothing: it is blocked by itself.
    assert codes([on_day(1, 5_000_00, category="office")], partner) == {1: ["flat-rate-category"]}


def test_flat_rates_are_taken_of_each_report_as_the_overview_takes_them():
    # 15 % of 0.33 are 0.0495, cut to 0.04: three reports come to 3 * 0.37 = 1.11, all staff at once to 0.99 + 0.14.
    partner = make_partner(budget=112, flat_rates={"office_on_staff": 15})
    staff = {"category": "staff"}
    items = [on_day(key, 33, **staff, state="certified", report=key) for key in (1, 2)]
    assert codes([*items, on_day(3, 33, **staff)], partner) == {1: [], 2: [], 3: []}
    assert codes([*items, on_day(3, 35, **staff)], partner) == {1: [], 2: [], 3: ["over-partner"]}
    # What is open stands together like one report: 0.66 give 0.09.
    open_rest = [items[0], on_day(2, 33, **staff), on_day(3, 34, **staff)]
    found = judge(make_register(open_rest, make_partner(budget=1, flat_rates={"office_on_staff": 15})))
    assert [str(found[key][0].values["sum"]) for key in (2, 3)] == ["0.74 EUR", "1.14 EUR"]


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["staff", "external"]), st.sampled_from([None, 1, 2, 3])),
             min_size=1, max_size=9),
    st.sampled_from([{}, {"office_on_staff": 15}, {"staff": 20, "office_on_direct": 7}, {"other_on_staff": 40}]),
)  # fmt: skip
def test_the_sum_at_the_last_item_is_what_the_overview_says_is_declared(drawn, rates):
    items = [
        on_day(key, cents, category=category, report=report, state="submitted" if report else "open")
        for key, (cents, category, report) in enumerate([*drawn, (1, "external", None)], 1)
    ]
    partner = make_partner(flat_rates=rates)
    lumps = [Lump("lps", each.category, "EUR", each.report, 1, each.declared) for each in items]
    running = running_sums(make_register(items, partner))
    assert running[len(items)].partner == add_up(lumps, rates).spent.declared


def test_a_project_that_is_not_kept_in_euro_is_not_compared_with_euro():
    assert codes([on_day(1, 5_000_00)], of_budget(1_000_00, 1_000_00), currency="PLN") == {1: []}


def test_a_contract_is_exceeded_by_all_items_that_name_it_in_every_state():
    named = {"contract_id": 7}
    items = [on_day(1, 600_00, **named, state="certified"), on_day(2, 400_00, **named), on_day(3, 5_000_00)]
    partner = make_partner(budget=None)
    assert codes(items, partner) == {1: [], 2: [], 3: []}
    found = judge(make_register([*items, on_day(4, 1, **named)], partner))
    assert {key: [each.code for each in findings] for key, findings in found.items()} == {
        1: ["contract-overrun"],
        2: ["contract-overrun"],
        3: [],
        4: ["contract-overrun"],
    }
    values = found[4][0].values
    assert (values["contract"], str(values["sum"]), str(values["amount"])) == ("C-7", "1000.01 EUR", "1000.00 EUR")
    assert codes([*items, on_day(4, 1, **named), on_day(5, -1, **named)], partner)[4] == []


@pytest.mark.parametrize(
    ("contract", "declared", "found"),
    [
        # All in złoty: compared in złoty, whatever the rate.
        (ContractFacts("C", 1_000_00, "PLN"), [(600_00, "PLN"), (400_01, "PLN")], True),
        (ContractFacts("C", 1_000_00, "PLN"), [(600_00, "PLN"), (400_00, "PLN")], False),
        # PLN 1,000.00 at 4.2563 are EUR 234.95; PLN 600.00 are EUR 140.97, which leaves EUR 93.98.
        (ContractFacts("C", 1_000_00, "PLN"), [(600_00, "PLN"), (93_98, "EUR")], False),
        (ContractFacts("C", 1_000_00, "PLN"), [(600_00, "PLN"), (93_99, "EUR")], True),
        # No rate of the contract's currency is known: nothing can be said.
        (ContractFacts("C", 1, "SEK"), [(600_00, "EUR")], False),
        # Nor of an item's: what is known is within the amount, or above it already.
        (ContractFacts("C", 600_00, "EUR"), [(600_00, "EUR"), (1, "SEK")], False),
        (ContractFacts("C", 599_99, "EUR"), [(600_00, "EUR"), (1, "SEK")], True),
    ],
)
def test_a_contract_is_compared_in_its_currency_or_else_in_euro(contract, declared, found):
    eur = {"EUR": lambda cents: cents, "PLN": lambda cents: 140_97 if cents == 600_00 else 94_00, "SEK": lambda _: None}
    items = [
        on_day(key, cents, currency=currency, eur=eur[currency](cents), contract_id=7, organisation="ols")
        for key, (cents, currency) in enumerate(declared, 1)
    ]
    partner = make_partner("ols", currency="PLN", budget=None)
    judged = judge(make_register(items, partner, contracts={7: contract}))
    said = [[each.code for each in findings if each.code == "contract-overrun"] for findings in judged.values()]
    assert said == [["contract-overrun"] * found] * len(items)


ITEMS = st.lists(
    st.builds(
        on_day,
        st.integers(1, 28),
        st.integers(-300, 900),
        category=st.sampled_from(["staff", "external", "travel", "office"]),
        state=st.sampled_from(["open", "in_report", "submitted", "certified", "parked"]),
        organisation=st.sampled_from(["lps", "ols"]),
        number=st.sampled_from(["1", "2", "3"]),
        contract_id=st.sampled_from([None, 7]),
    ),
    max_size=12,
)
PARTNERS = [
    make_partner(key, budget=3_000, categories={"staff": 900, "external": 800, "travel": 0}, flat_rates=rates)
    for key, rates in (("lps", {"office_on_staff": 15}), ("ols", {}))
]
SMALL_CONTRACT = {7: ContractFacts("C-7", 1_500, "EUR")}


def numbered(drawn: list[Any]) -> list[Any]:
    return [
        each._replace(key=key, reference=f"K-{key}", order_key=f"{each.order_key[:10]} K-{key}")
        for key, each in enumerate(drawn)
    ]


@given(ITEMS, st.randoms(use_true_random=False))
def test_what_is_found_does_not_depend_on_the_order_of_entry(drawn: list[Any], random: Any):
    items = numbered(drawn)
    shuffled = random.sample(items, len(items))
    found = judge(make_register(items, *PARTNERS, contracts=SMALL_CONTRACT))
    assert judge(make_register(shuffled, *PARTNERS, contracts=SMALL_CONTRACT)) == found


@given(ITEMS)
def test_a_category_is_exceeded_where_the_plain_sum_up_to_the_item_is(drawn: list[Any]):
    items = numbered(drawn)
    found = judge(make_register(items, *PARTNERS))
    for item in items:
        before = [
            each.declared
            for each in items
            if (each.organisation, each.category) == (item.organisation, item.category)
            and (
                each.state in ("submitted", "certified")
                or (each.state in ("open", "in_report") and each.order_key <= item.order_key)
            )
        ]
        # 900 + 20 % and 800 + 20 %; the line of 0.00 for travel is a line.
        limit = {"staff": 1_080, "external": 960, "travel": 0}.get(item.category)
        over = item.state in ("open", "in_report") and limit is not None and sum(before) > limit
        assert ("over-category" in {each.code for each in found[item.key]}) == over


@given(st.integers(2, 5_000), st.integers(1, 4_999), st.integers(0, 5_000))
def test_splitting_an_item_changes_nothing_for_what_comes_after(declared: int, cut: int, limit: int):
    cut = min(cut, declared - 1)
    last = on_day(9, 100)
    partner = make_partner(budget=limit, categories={"external": limit})
    whole = codes([on_day(1, declared), last], partner)
    parts = codes([on_day(1, cut), on_day(2, declared - cut), last], partner)
    assert parts[9] == whole[9]
    assert parts[2] == whole[1]
