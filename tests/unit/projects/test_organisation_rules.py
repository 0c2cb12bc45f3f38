"""What may be said of an organisation beside what is agreed, and what two records of one become."""

from typing import Any

import pytest

from portal.core.errors import InvalidInputs
from portal.projects.rules.duplicates import merge_problems, merge_rows, taken_spellings
from portal.projects.rules.organisations import (
    ContactDraft,
    OrganisationDetails,
    check_contact,
    check_details,
    plain_aliases,
)


def codes_of(error: InvalidInputs) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in error.problems]


def test_spellings_are_kept_in_order_each_once_and_never_a_name():
    stated = ["  Olsztyn   inspectorate ", "OLS", "", "Olsztyn inspectorate", "Regional Inspectorate"]
    assert plain_aliases(stated, ["Regional Inspectorate"]) == ("Olsztyn inspectorate", "OLS")


@pytest.mark.parametrize(
    ("details", "problems"),
    [
        (OrganisationDetails(("OLS",), "ul. Przykładowa 1\nOlsztyn"), []),
        (OrganisationDetails((), ""), []),
        (OrganisationDetails(("x" * 500,), "y" * 300), []),
        (OrganisationDetails(("x" * 501,), "y" * 301), [("aliases", "text-too-long"), ("address", "text-too-long")]),
        (OrganisationDetails(tuple(map(str, range(101))), ""), [("aliases", "list-too-long")]),
    ],
    ids=["plain", "empty", "longest", "too long", "too many"],
)
def test_what_is_said_of_an_organisation_has_its_limits(details, problems):
    if not problems:
        check_details(details)
        return
    with pytest.raises(InvalidInputs) as caught:
        check_details(details)
    assert codes_of(caught.value) == problems


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        (ContactDraft("A. Contact"), []),
        (ContactDraft("A. Contact", "Accountant", "a.contact@example.org", "+48 89 000 00 00 ext. 5"), []),
        (ContactDraft(" "), [("name", "name-missing")]),
        (ContactDraft("x" * 201), [("name", "name-malformed")]),
        (ContactDraft("A", "x" * 201), [("duty", "text-too-long")]),
        (ContactDraft("A", email="a@b"), [("email", "email-malformed")]),
        (ContactDraft("A", email="a@example.org, b@example.org"), [("email", "email-malformed")]),
        (ContactDraft("A", phone="ring the bell"), [("phone", "phone-malformed")]),
        (ContactDraft("A", phone="12"), [("phone", "phone-malformed")]),
        (ContactDraft("A", phone="1" * 41), [("phone", "phone-malformed")]),
        (ContactDraft("A", phone="123\x07"), [("phone", "phone-malformed")]),
        (
            ContactDraft("", email="a", phone="b"),
            [("name", "name-missing"), ("email", "email-malformed"), ("phone", "phone-malformed")],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_contact_has_a_name_and_what_else_is_stated_can_be_used(draft, problems):
    if not problems:
        check_contact(draft)
        return
    with pytest.raises(InvalidInputs) as caught:
        check_contact(draft)
    assert codes_of(caught.value) == problems


def columns(**changes: Any) -> dict[str, Any]:
    """A project partner without a budget."""
    stated = {
        "role": "partner",
        "country": "PL",
        "currency": "PLN",
        "budget_cents": None,
        "name": {"en": "Inspectorate"},
    }
    return {**stated, "aliases": [], "flat_rates": {}, "position": 1, **changes}


@pytest.mark.parametrize(
    ("kept", "gone", "problems"),
    [
        ({}, {}, []),
        ({"role": "lead"}, {}, []),
        ({"role": "lead", "budget_cents": 100}, {"role": "associated"}, []),
        ({}, {"role": "lead"}, ["merge-lead"]),
        ({"budget_cents": 100}, {"budget_cents": 100}, ["merge-two-budgets"]),
        ({"budget_cents": 100}, {"budget_cents": 0}, []),
        ({"budget_cents": 0}, {"budget_cents": 100}, []),
        ({}, {"budget_cents": 100}, []),
        ({"role": "associated"}, {"budget_cents": 100}, ["merge-associated"]),
        ({"role": "associated"}, {"budget_cents": 0}, []),
        ({"budget_cents": 1}, {"role": "lead", "budget_cents": 2}, ["merge-lead", "merge-two-budgets"]),
    ],
    ids=str,
)
def test_what_is_agreed_may_forbid_a_merge(kept, gone, problems):
    assert [each.code for each in merge_problems(columns(**kept), columns(**gone))] == problems


def test_names_and_spellings_of_the_one_that_goes_are_taken_over_once():
    kept = columns(name={"en": "Inspectorate", "pl": "Inspektorat"}, aliases=["OLS"])
    gone = columns(name={"en": "The Inspectorate", "pl": "Inspektorat", "lt": ""}, aliases=["OLS", "Olsztyn"])
    assert taken_spellings(kept, gone) == ("The Inspectorate", "Olsztyn")


def rows_with(kept: dict[str, Any], gone: dict[str, Any]) -> dict[str, Any]:
    activities = {"1.1": {"responsible": "gone"}, "1.2": {"responsible": "third"}, "1.3": {"responsible": ""}}
    organisations = {"kept": kept, "gone": gone, "third": columns()}
    return {"organisations": organisations, "activities": activities, "indicators": {}}


def test_the_one_that_stays_takes_over_spellings_and_activities_and_nothing_else():
    kept, gone = columns(name={"en": "A"}, role="lead"), columns(name={"en": "B"}, country="LT", currency="EUR")
    rows = rows_with(kept, gone)
    merged = merge_rows(rows, kept="kept", gone="gone")
    assert merged["organisations"] == {"kept": {**kept, "aliases": ["B"]}, "third": columns()}
    assert merged["activities"] == {
        "1.1": {"responsible": "kept"},
        "1.2": {"responsible": "third"},
        "1.3": {"responsible": ""},
    }
    assert list(rows["organisations"]) == ["kept", "gone", "third"]
    assert rows["activities"]["1.1"] == {"responsible": "gone"}


@pytest.mark.parametrize(
    ("kept", "gone", "budget", "rates"),
    [
        ({}, {"budget_cents": 500, "flat_rates": {"staff": 20}}, 500, {"staff": 20}),
        ({"flat_rates": {"travel": 5}}, {"budget_cents": 500, "flat_rates": {"staff": 20}}, 500, {"travel": 5}),
        ({"budget_cents": 0}, {"budget_cents": 500}, 500, {}),
        ({"budget_cents": 300}, {"budget_cents": 0, "flat_rates": {"staff": 20}}, 300, {}),
        ({}, {"budget_cents": 0}, None, {}),
    ],
    ids=str,
)
def test_a_budget_goes_over_whole_with_its_flat_rates_or_not_at_all(kept, gone, budget, rates):
    row: Any = merge_rows(rows_with(columns(**kept), columns(**gone)), kept="kept", gone="gone")["organisations"][
        "kept"
    ]
    assert (row["budget_cents"], row["flat_rates"]) == (budget, rates)
