"""Invoices that are declared more than once: in one partner, across partners, as credit notes, as parts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.findings import judge
from tests.unit.budget.registers import codes, make_item, make_register

PARTS = {"number": "FV 001/2026", "invoice_total": 100_00}


def of_invoice(key: int, **changes: Any) -> Any:
    return make_item(key, **{**PARTS, **changes})


@pytest.mark.parametrize(
    ("first", "second"),
    [("FV 001/2026", "fv-1-2026"), ("FV 1", "fv 0001"), ("10/03", "10-3"), ("№ 5", "no 5")],
)
def test_numbers_are_compared_by_their_groups(first: str, second: str):
    assert codes([make_item(1, number=first), make_item(2, number=second)]) == {
        1: ["duplicate-invoice"],
        2: ["duplicate-invoice"],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "FV 11/2026"},
        {"number": "FV 0012026"},
        {"supplier": "Another caterer"},
        {"declared": -100_00, "invoice_total": -100_00},
    ],
)
def test_another_number_another_supplier_and_a_credit_note_are_no_duplicates(changes: dict[str, Any]):
    assert codes([of_invoice(1), of_invoice(2, **changes)]) == {1: [], 2: []}


@pytest.mark.parametrize("nothing", [{"number": ""}, {"supplier": ""}, {"number": "–"}])
def test_without_a_number_or_a_supplier_nothing_is_alike(nothing: dict[str, str]):
    assert codes([make_item(1, **nothing), make_item(2, **nothing)]) == {1: [], 2: []}


@pytest.mark.parametrize(
    ("parts", "allowed"),
    [
        ([{"category": "travel"}, {"category": "external"}], True),
        ([{"work_package": 1, "activity": ""}, {"work_package": 2, "activity": ""}], True),
        ([{"activity": "1.1"}, {"activity": "1.2"}], True),
        ([{"activity": "1.1"}, {"activity": "1.1"}], False),
        # Together 100.00 of 100.00, and then a cent more.
        ([{"category": "travel", "declared": 60_00}, {"declared": 40_00}], True),
        ([{"category": "travel", "declared": 60_00}, {"declared": 40_01}], False),
        # What the invoice comes to is not known, or known twice.
        ([{"category": "travel", "invoice_total": None}, {"invoice_total": None}], False),
        ([{"category": "travel", "invoice_total": 100_00}, {"invoice_total": 100_01}], False),
        ([{"category": "travel", "currency": "PLN"}, {"currency": "EUR"}], False),
        # Two differ, the third is one of them again.
        ([{"category": "travel"}, {"category": "external"}, {"category": "travel"}], False),
    ],
)
def test_parts_of_one_invoice_are_allowed_as_far_as_they_prove_it(parts: list[dict[str, Any]], allowed: bool):
    items = [of_invoice(key, **{"declared": 10_00, **part}) for key, part in enumerate(parts, 1)]
    found = judge(make_register(items))
    doubles = [key for key, each in found.items() if "duplicate-invoice" in {one.code for one in each}]
    assert doubles == ([] if allowed else [item.key for item in items])


def test_each_names_the_others_in_their_order_and_of_many_the_first():
    items = [make_item(key, number="7", reference=f"K-{key:02}") for key in range(1, 9)]
    found = judge(make_register(items))
    assert found[1][0].values["references"] == ("K-02", "K-03", "K-04", "K-05", "K-06", "…")
    assert found[8][0].values["references"] == ("K-01", "K-02", "K-03", "K-04", "K-05", "…")
    few = judge(make_register(items[:3]))
    assert [few[key][0].values["references"] for key in (1, 2, 3)] == [
        ("K-02", "K-03"),
        ("K-01", "K-03"),
        ("K-01", "K-02"),
    ]
    assert few[1][0].severity == "blocks"


def test_across_partners_it_warns_and_says_nothing_of_the_other():
    found = judge(make_register([of_invoice(1), of_invoice(2, organisation="ols")]))
    for findings in found.values():
        (only,) = findings
        assert (only.code, only.severity, only.values) == (
            "duplicate-invoice",
            "warns",
            {"case": "across", "references": ()},
        )


def test_a_double_that_another_partner_has_too_says_both():
    found = judge(make_register([of_invoice(1), of_invoice(2), of_invoice(3, organisation="ols")]))
    assert [(each.severity, each.values["references"]) for each in found[1]] == [("blocks", ("K-2",)), ("warns", ())]
    assert [each.severity for each in found[3]] == ["warns"]


@pytest.mark.parametrize(
    ("first", "second", "is_double"),
    [
        # Tax number and name of the supplier.
        (("LT1", "Caterer"), ("LT1", "Caterer, Ltd"), True),
        (("LT1", "Caterer"), ("LT2", "Caterer"), False),
        (("LT1", "Caterer"), ("", "CATERER"), True),
        (("", "Caterer"), ("", "caterer"), True),
        (("LT1", ""), ("", ""), False),
        (("LT1", "Caterer"), ("", "Printer"), False),
        (("LT1", ""), ("lt-1", "Printer"), True),
    ],
)
def test_suppliers_are_compared_by_tax_number_or_else_by_name(first, second, is_double):
    items = [
        of_invoice(key, tax_number=tax_number, supplier=name)
        for key, (tax_number, name) in enumerate([first, second], 1)
    ]
    expected = ["duplicate-invoice"] * is_double
    assert codes(items) == {1: expected, 2: expected} == codes(items[::-1])
    apart = [items[0], items[1]._replace(organisation="ols")]
    assert codes(apart) == {1: expected, 2: expected} == codes(apart[::-1])


def test_a_double_through_another_one_is_named_and_across_partners_only_a_direct_one():
    one = of_invoice(1, tax_number="LT1")
    between, other = of_invoice(2), of_invoice(3, tax_number="LT2")
    found = judge(make_register([one, between, other]))
    assert [found[key][0].values["references"] for key in (1, 2, 3)] == [("K-2", "K-3"), ("K-1", "K-3"), ("K-1", "K-2")]
    abroad = between._replace(organisation="ols")
    assert {
        key: [each.severity for each in some] for key, some in judge(make_register([one, abroad, other])).items()
    } == {
        1: ["warns"],
        2: ["warns"],
        3: ["warns"],
    }


def test_parts_that_exceed_their_invoice_or_state_two_totals_of_it_are_told_so():
    parts = [of_invoice(1, declared=60_00), of_invoice(2, declared=40_01, category="travel")]
    (over,) = judge(make_register(parts))[1]
    assert (over.values["case"], str(over.values["sum"]), str(over.values["total"])) == (
        "exceeded", "100.01 EUR", "100.00 EUR",
    )  # fmt: skip
    assert over.values["references"] == ("K-2",)
    (differ,) = judge(make_register([parts[0], parts[1]._replace(invoice_total=100_01)]))[2]
    assert (differ.values["case"], [str(each) for each in differ.values["totals"]]) == (
        "totals", ["100.00 EUR", "100.01 EUR"],
    )  # fmt: skip
    # In the same place one of them is too much, and what an invoice comes to has to be known.
    for second in (of_invoice(2, declared=40_01), parts[1]._replace(invoice_total=None)):
        assert judge(make_register([parts[0], second]))[1][0].values["case"] == "own"


def test_a_correction_is_no_double_of_what_it_corrects():
    certified = of_invoice(1, declared=60_00, state="certified", report=1)
    more = of_invoice(2, declared=5_00, corrects=1)
    assert codes([certified, more]) == {1: [], 2: []}
    # One of the correction neither, also where that took everything back.
    assert codes([certified, more, of_invoice(3, declared=1_00, corrects=2)]) == {1: [], 2: [], 3: []}
    back = of_invoice(2, declared=-60_00, invoice_total=-100_00, corrects=1)
    assert codes([certified, back, of_invoice(3, corrects=2)]) == {1: [], 2: [], 3: []}


def test_a_correction_is_a_double_of_whatever_else_has_the_invoice():
    certified = of_invoice(1, declared=60_00, state="certified", report=1)
    more, again = of_invoice(2, declared=5_00, corrects=1), of_invoice(3, declared=60_00)
    assert codes([certified, more, again]) == {key: ["duplicate-invoice"] for key in (1, 2, 3)}
    assert codes([certified, more, more._replace(key=3)]) == {1: []} | {key: ["duplicate-invoice"] for key in (2, 3)}
    # A part stays one with its correction, within the total.
    part = of_invoice(3, declared=35_00, category="travel")
    assert codes([certified, more, part]) == {1: [], 2: [], 3: []}
    (over,) = judge(make_register([certified, more, part._replace(declared=35_01)]))[3]
    assert over.values["case"] == "exceeded"


INVOICES = st.builds(
    of_invoice,
    st.just(0),
    number=st.sampled_from(["1", "01", "2", ""]),
    organisation=st.sampled_from(["lps", "ols"]),
    tax_number=st.sampled_from(["", "1", "2"]),
    supplier=st.sampled_from(["", "Caterer", "Printer"]),
    corrects=st.sampled_from([None, None, 0, 1]),
    category=st.sampled_from(["travel", "external"]),
    activity=st.sampled_from(["1.1", "1.2"]),
    declared=st.integers(-5, 60),
    invoice_total=st.sampled_from([None, 100]),
)


@given(st.lists(INVOICES, max_size=7))
def test_whoever_is_a_double_has_one_that_is_a_double_too(drawn: list[Any]):
    items = [each._replace(key=key, reference=f"K-{key}") for key, each in enumerate(drawn)]
    found = judge(make_register(items))
    named = {
        item.reference: set(finding.values["references"])
        for item in items
        for finding in found[item.key]
        if finding.code == "duplicate-invoice" and finding.severity == "blocks"
    }
    assert judge(make_register(items[::-1])) == found
    for reference, others in named.items():
        assert reference not in others
        assert all("…" in named[other] or reference in named[other] for other in others - {"…"})


@given(st.integers(1, 1_000), st.integers(1, 1_000))
def test_an_invoice_split_over_two_activities_is_no_double_and_declared_twice_is_one(first: int, second: int):
    total = first + second
    parts = [
        of_invoice(1, declared=first, activity="1.1", invoice_total=total),
        of_invoice(2, declared=second, activity="1.2", invoice_total=total),
    ]
    assert codes(parts) == {1: [], 2: []}
    again = of_invoice(3, declared=first, activity="1.3", invoice_total=total)
    assert all("duplicate-invoice" in each for each in codes([*parts, again]).values())
