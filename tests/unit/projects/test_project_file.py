"""Project files: the real one reads as published, and a faulty one is refused with all its faults at once."""

import json
import tomllib
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from portal.core.errors import InvalidInputs, Problem
from portal.core.money import split_total
from portal.projects.rules.project_file import ProjectFacts, read_project_file, rows_of
from portal.projects.rules.vocabulary import ASSUMABLE, COUNTRIES, ZONE_BY_COUNTRY

REAL_FILE = Path(__file__).parents[3] / "portal" / "demo" / "ltpl00388.toml"

SMALL_FILE = (Path(__file__).parent / "small.toml").read_text(encoding="utf-8")


def read(text: str) -> ProjectFacts:
    return read_project_file(tomllib.loads(text))


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(InvalidInputs) as caught:
        read(text)
    return list(caught.value.problems)


def changed(old: str, new: str) -> str:
    """The small file with `old`, which must be in it, replaced once."""
    assert old in SMALL_FILE
    return SMALL_FILE.replace(old, new, 1)


@pytest.fixture(scope="module")
def real() -> ProjectFacts:
    return read(REAL_FILE.read_text(encoding="utf-8"))


def test_the_real_project_reads_as_published(real):
    assert real.project["code"] == "LTPL00388"
    assert real.project["programme_website"] == "www.lietuva-polska.eu"
    assert (real.project["first_day"], real.project["last_day"]) == (date(2026, 1, 1), date(2027, 12, 31))
    assert real.project["agreement_signed"] == date(2025, 11, 21)
    assert (real.project["cofinancing_rate_bp"], real.project["fund"]) == (80_00, "ERDF")
    assert (real.project["currency"], real.project["time_zone"]) == ("EUR", "Europe/Vilnius")
    assert list(real.project["title"]) == ["en", "lt", "pl"]
    assert real.project["title_aliases"][0].startswith("Networking towards Successful Resocialisation")


def test_the_real_budgets_add_up_to_the_published_totals(real):
    budgets = {key: row["budget_cents"] for key, row in real.organisations.items()}

    assert budgets == {
        "lps": 179_460_00,
        "lpro": 83_521_12,
        "ols": 113_895_00,
        "alytus": None,
        "kaunas": None,
        "kaisiadorys": None,
    }
    amounts = [budget for budget in budgets.values() if budget is not None]
    assert (sum(amounts), split_total(amounts, 80_00).share) == (376_876_12, 301_500_89)


def test_the_real_organisations_stand_in_file_order_with_their_currencies(real):
    rows = [(row["position"], key, row["role"], row["currency"]) for key, row in real.organisations.items()]

    assert rows == [
        (1, "lps", "lead", "EUR"),
        (2, "lpro", "partner", "EUR"),
        (3, "ols", "partner", "PLN"),
        (4, "alytus", "associated", "EUR"),
        (5, "kaunas", "associated", "EUR"),
        (6, "kaisiadorys", "associated", "EUR"),
    ]


def test_the_real_plan_and_periods_are_keyed_by_their_numbers(real):
    assert list(real.work_packages) == ["1", "2"]
    packages = [f"{number} in {row['work_package']}" for number, row in real.activities.items()]
    assert packages == ["1.1 in 1", "1.2 in 1", "2.1 in 2", "2.2 in 2", "2.3 in 2", "2.4 in 2"]
    assert list(real.periods) == ["1", "2", "3", "4"]
    assert real.periods["2"] == {"first_day": date(2026, 7, 1), "last_day": date(2026, 12, 31)}


def test_the_real_indicators_have_their_targets_and_measures(real):
    targets = {key: row["target"] for key, row in real.indicators.items()}

    assert targets == {
        "joint_actions": 348,
        "workshops": 216,
        "initiatives": 132,
        "organisations": 6,
        "public_events": 2,
    }
    assert real.indicators["joint_actions"]["measure"] == {"kind": "sum", "of": ["workshops", "initiatives"]}
    assert real.indicators["public_events"]["measure"] == {"kind": "events", "joint": True, "public": True}
    assert real.indicators["initiatives"]["note"]["en"].startswith("Participants of public tournaments")


def test_the_real_rules_and_reporting_are_marked_as_assumed(real):
    assert real.project["assumed"] == list(ASSUMABLE)
    assert real.project["reporting_assumed"] is True
    due = [real.project[f"{step}_due_days"] for step in ("partner_report", "control", "project_report")]
    assert due == [30, 90, 120]
    assert (real.project["flexibility_scope"], real.project["flexibility_percent_bp"]) == ("category", 20_00)
    assert real.project["payment_grace_days"] == 0


def test_facts_are_json_apart_from_their_dates(real):
    rows = rows_of(real)

    assert list(rows) == ["project", "organisations", "work_packages", "activities", "indicators", "periods"]
    assert rows["project"] == {"": real.project}
    assert json.loads(json.dumps(rows, default=date.isoformat))["indicators"] == rows["indicators"]


def test_what_a_file_leaves_out_gets_its_default():
    facts = read(SMALL_FILE.partition("[[work_packages]]")[0] + '[[indicators]]\nkey = "told"\n')

    assert facts.project["time_zone"] == "Europe/Vilnius"
    assert facts.project["programme_website"] == ""
    assert facts.project["agreement_signed"] is None
    assert (facts.project.get("assumed", []), facts.project["reporting_assumed"]) == ([], False)
    assert (facts.project["partner_report_due_days"], facts.project["payment_grace_days"]) == (None, 0)
    assert (facts.project["flexibility_scope"], facts.project["flexibility_percent_bp"]) == ("", None)
    assert (facts.organisations["two"]["currency"], facts.organisations["two"]["flat_rates"]) == ("EUR", {})
    assert facts.indicators["told"] == {
        "position": 1,
        "code": "",
        "unit": "",
        "target": None,
        "name": {},
        "measure": {"kind": "manual"},
        "note": {},
    }
    assert (facts.work_packages, facts.activities, facts.periods) == ({}, {}, {})


def test_the_target_of_money_is_a_quoted_amount_and_kept_in_cents():
    facts = read(changed("target = 10", 'target = "505335.00"').replace('"participations"', '"money"'))

    assert facts.indicators["visits"]["target"] == 505_335_00


def test_a_note_may_be_text_in_english_or_a_text_per_language():
    facts = read(changed("target = 10", 'note.pl = "Uwaga"'))

    assert facts.indicators["visits"]["note"] == {"pl": "Uwaga"}


def test_stated_totals_are_compared_with_the_sums_of_truncated_rows():
    facts = read(changed('fund = "ERDF"', 'fund = "ERDF"\ntotal_budget = "300.05"\nfund_total = "240.03"'))

    assert facts.organisations["two"]["budget_cents"] == 200_03


@pytest.mark.parametrize(
    ("reporting", "expected"),
    [("assumed = true", True), ("assumed = false", False), ("control_due_days = 90", False)],
)
def test_reporting_may_say_itself_that_it_is_assumed(reporting, expected):
    facts = read(changed("[reporting]", f"[reporting]\n{reporting}"))

    assert (facts.project.get("assumed", []), facts.project["reporting_assumed"]) == ([], expected)


def test_periods_may_leave_days_uncovered():
    facts = read(SMALL_FILE + "\n[[reporting.periods]]\nnumber = 3\nstart = 2027-07-01\nlast_day = 2028-01-31\n")

    assert list(facts.periods) == ["1", "3"]


def test_flat_rates_may_stand_at_their_ceilings():
    rates = "{ staff = 20, travel = 15, office_on_staff = 15 }"
    facts = read(changed('name.en = "Two"', f'name.en = "Two"\nflat_rates = {rates}'))

    assert facts.organisations["two"]["flat_rates"] == {"staff": 20, "travel": 15, "office_on_staff": 15}


def test_ten_faults_are_named_at_once_in_the_order_of_the_file():
    text = """
[project]
code = "ltpl"
programme = "Interreg"
fund = "ERDF"
cofinancing_rate = 80
currency = "EUR"
start = 2027-01-01
last_day = 2026-12-31
total_budget = "1000.00"
title.en = "Ten"
colour = "blue"

[[organisations]]
key = "one"
role = "lead"
country = "LT"
budget = "300.00"
name.en = "One"

[[organisations]]
key = "one"
role = "partner"
country = "XX"
name.lt = "Du"

[[indicators]]
key = "all"
measure = { kind = "sum", of = ["part"] }

[[indicators]]
key = "part"
target = "12"
measure = { kind = "sum", of = ["all"] }
"""
    assert [(problem.where, problem.code) for problem in problems_of(text)] == [
        ("project.code", "project-code-malformed"),
        ("project.cofinancing_rate", "percent-not-quoted"),
        ("project.last_day", "last-day-before-start"),
        ("project.total_budget", "total-differs"),
        ("project.colour", "unknown-key"),
        ("organisations.#2.key", "duplicate-key"),
        ("organisations.#2.country", "unknown-country"),
        ("organisations.#2.name.en", "missing-key"),
        ("indicators.all.measure.of", "sum-cycle"),
        ("indicators.part.target", "not-whole-number"),
    ]


@pytest.mark.parametrize("broken", ["", "project = 1", "organisations = 1", "indicators = [1]\nwork_packages = [[]]"])
def test_a_file_of_the_wrong_shape_is_refused_and_not_tripped_over(broken):
    assert problems_of(broken)


def test_what_could_not_be_read_makes_no_second_problem():
    text = changed('fund = "ERDF"', 'fund = "ERDF"\ntotal_budget = "300.05"').replace('budget = "200.03"', "budget = 2")
    assert [problem.code for problem in problems_of(text)] == ["amount-not-quoted"]

    text = changed('country = "LT"', 'country = "Lithuania"')
    assert [problem.code for problem in problems_of(text)] == ["unknown-country"]

    text = (
        changed('kind = "participations"', 'kind = "sum", of = ["odd"]') + '[[indicators]]\nkey = "odd"\nmeasure = 1\n'
    )
    assert [problem.code for problem in problems_of(text)] == ["not-a-table"]


def test_a_number_too_long_to_print_is_refused_like_any_other():
    (problem,) = problems_of(changed("number = 1\n[[work", f"number = 0x{'f' * 9999}\n[[work"))

    assert problem == Problem("number-out-of-range", "work_packages.#1.number", {"least": 1, "most": 999})


ASSISTANCE_FILE = """
[project]
code = "FS-POSTPEN"
programme = "Justice Fund"
fund = "Justice Fund"
cofinancing_rate = 100
currency = "PLN"
last_day = 2025-12-31
{project_type}

[project.title]
en = "Post-penitentiary assistance"

{table}
"""


@pytest.mark.parametrize(
    ("project_type", "table", "where"),
    [
        ('project_type = "assistance"', "[assistance]\nextension_months = 0", "project.project_type"),
        ('project_type = "assistance"', "", "project.project_type"),
        ("", "[assistance]\nextension_months = 0", "assistance"),
        ("", '[[forms]]\nkey = "food_vouchers"', "forms"),
        ('project_type = "cooperation"', '[[offices]]\ncontact = "Someone"', "offices"),
    ],
)
def test_an_assistance_project_is_refused_with_that_one_problem(project_type, table, where):
    text = ASSISTANCE_FILE.format(project_type=project_type, table=table)

    assert problems_of(text) == [Problem("assistance-not-yet", where)]


def test_every_country_with_a_time_zone_is_a_country_whose_zone_exists():
    assert set(ZONE_BY_COUNTRY) <= COUNTRIES
    assert set(ZONE_BY_COUNTRY.values()) <= available_timezones()
