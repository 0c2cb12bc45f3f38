"""Changing a project's rows: what is read, where a row stands, what keeps it from going, what is agreed."""

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Conflict, InvalidInputs
from portal.projects.rules.contract import (
    Change,
    Reason,
    changes_between,
    check_move,
    check_reason,
    gaps,
)
from portal.projects.rules.copying import copied_rows, shifted_day
from portal.projects.rules.plain_rows import plain_rows, read_plain_rows
from portal.projects.rules.sections import read_section
from portal.projects.rules.structure import StatedRow, read_row
from portal.projects.rules.structure_rows import next_number, obstacles, with_row, without_row

ROWS = {
    "project": {
        "": {
            "code": "P-1",
            "programme": "Interreg",
            "programme_website": "",
            "fund": "ERDF",
            "cofinancing_rate_bp": 80_00,
            "currency": "EUR",
            "agreement_signed": None,
            "first_day": date(2026, 1, 1),
            "last_day": date(2027, 12, 31),
            "time_zone": "Europe/Vilnius",
            "title": {"en": "Project"},
            "title_aliases": [],
            "funding_statement": {},
            "summary": {},
            "assumed": [],
            "reporting_assumed": False,
        }
    },
    "organisations": {
        "town": {"position": 1, "role": "lead", "country": "LT", "currency": "EUR", "budget_cents": 100_00,
                 "name": {"en": "Town"}, "aliases": ["City"], "flat_rates": {}},
        "club": {"position": 2, "role": "partner", "country": "PL", "currency": "PLN", "budget_cents": None,
                 "name": {"en": "Club"}, "aliases": [], "flat_rates": {}},
    },
    "work_packages": {"1": {"title": {}}, "2": {"title": {}}},
    "activities": {
        "1.2": {"work_package": 1, "title": {}, "responsible": "town", "planned_first_day": date(2026, 3, 1),
                "planned_last_day": date(2026, 3, 31)},
        "1.10": {"work_package": 1, "title": {}, "responsible": "", "planned_first_day": None,
                 "planned_last_day": None},
    },
    "deliverables": {"D1.2.1": {"activity": "1.2", "title": {}, "due_day": date(2026, 4, 15)}},
    "indicators": {
        "people": {"position": 1, "code": "", "unit": "", "target": 10, "name": {}, "note": {},
                   "measure": {"kind": "participations", "work_package": 2}},
        "all": {"position": 2, "code": "", "unit": "", "target": None, "name": {}, "note": {},
                "measure": {"kind": "sum", "of": ["people"]}},
    },
    "periods": {"1": {"first_day": date(2026, 1, 1), "last_day": date(2026, 6, 30)}},
}  # fmt: skip


def problems(table, stated, key=""):
    """(code, where) of each problem of the stated row."""
    with pytest.raises(InvalidInputs) as refusal:
        read_row(table, stated, ROWS, key=key)
    return [(problem.code, problem.where) for problem in refusal.value.problems]


def test_an_organisation_is_read_as_from_a_file_and_keeps_its_other_spellings():
    stated = {"key": "town", "role": "lead", "country": "LT", "budget": "1 234,56", "name": {"en": "Town"}}
    row = read_row("organisations", stated, ROWS, key="town")
    assert (row.columns["budget_cents"], row.columns["currency"], row.columns["aliases"]) == (1_234_56, "EUR", ["City"])


@pytest.mark.parametrize(
    ("table", "stated", "expected"),
    [
        ("organisations", {"key": "club", "role": "partner", "country": "PL", "name": {"en": "x"}},
         [("duplicate-key", "key")]),
        ("organisations", {"key": "new", "role": "associated", "country": "XX", "budget": "1", "name": {"en": "x"}},
         [("unknown-country", "country"), ("associated-with-budget", "budget")]),
        ("organisations",
         {"key": "new", "role": "partner", "country": "PL", "name": {"en": "x"},
          "flat_rates": {"staff": 10, "other_on_staff": 40}},
         [("flat-rates-exclude", "flat_rates_other_on_staff")]),
        ("periods", {"number": 1, "start": date(2026, 7, 1), "last_day": date(2026, 6, 1)},
         [("last-day-before-start", "last_day"), ("duplicate-key", "number")]),
        ("activities", {"number": "2.1", "work_package": 1}, [("activity-number", "number")]),
        ("activities", {"number": "3.1", "work_package": 3}, [("unknown-work-package", "work_package")]),
        ("activities", {"number": "1.3", "work_package": 1, "responsible": "nobody"},
         [("unknown-value", "responsible")]),
        ("activities",
         {"number": "1.3", "work_package": 1, "planned_first_day": date(2026, 2, 1),
          "planned_last_day": date(2026, 1, 1)},
         [("last-day-before-start", "planned_last_day")]),
        ("deliverables", {"number": "D/1", "activity": "9.9"},
         [("deliverable-number", "number"), ("activity-unknown", "activity")]),
        ("indicators", {"key": "x", "measure": {"kind": "survey", "study": "s", "wave": "w", "statistic": "mean"}},
         [("scale-or-item", "measure")]),
    ],
)  # fmt: skip
def test_what_a_page_states_wrongly_is_named_at_its_field(table, stated, expected):
    assert problems(table, stated) == expected


def test_a_new_activity_stands_by_its_number():
    after = with_row(ROWS, "activities", StatedRow("1.3", dict(ROWS["activities"]["1.2"])))
    assert list(after["activities"]) == ["1.2", "1.3", "1.10"]


def test_a_renumbered_activity_takes_its_deliverables_along():
    after = with_row(ROWS, "activities", StatedRow("1.11", dict(ROWS["activities"]["1.2"])), key="1.2")
    assert list(after["activities"]) == ["1.10", "1.11"]
    assert after["deliverables"]["D1.2.1"]["activity"] == "1.11"


def test_a_row_gets_the_place_that_is_asked_for():
    row = ROWS["organisations"]["club"]
    after = with_row(ROWS, "organisations", StatedRow("club", dict(row), place=1), key="club")
    assert [(key, row["position"]) for key, row in after["organisations"].items()] == [("club", 1), ("town", 2)]


def test_places_close_up_after_a_row_that_goes():
    assert without_row(ROWS, "organisations", "town")["organisations"]["club"]["position"] == 1


def test_changing_rows_leaves_those_given_alone():
    before = deepcopy(ROWS)
    with_row(ROWS, "activities", StatedRow("2.1", {**ROWS["activities"]["1.2"], "work_package": 2}), key="1.2")
    without_row(ROWS, "indicators", "people")
    copied_rows(ROWS, {**ROWS["project"][""], "code": "P-2"}, keep_budgets=False)
    assert before == ROWS


@pytest.mark.parametrize(
    ("table", "key", "codes"),
    [
        ("organisations", "town", ["organisation-responsible"]),
        ("organisations", "club", []),
        ("work_packages", "1", ["work-package-with-activities"]),
        ("work_packages", "2", ["work-package-measured"]),
        ("activities", "1.2", ["activity-with-deliverables"]),
        ("activities", "1.10", []),
        ("indicators", "people", ["indicator-summed"]),
        ("indicators", "all", []),
        ("periods", "1", []),
    ],
)
def test_what_the_project_itself_still_names_cannot_go(table, key, codes):
    assert [problem.code for problem in obstacles(ROWS, table, key)] == codes


@pytest.mark.parametrize(
    ("table", "parent", "number"),
    [("periods", "", "2"), ("work_packages", "", "3"), ("activities", "1", "1.1"), ("deliverables", "1.2", "D1.2.2")],
)
def test_a_free_number_is_offered(table, parent, number):
    assert next_number(ROWS, table, parent) == number


def test_a_section_keeps_to_its_own_columns():
    columns = read_section("rules", {"flexibility_scope": "partner", "flexibility_percent": "20"}, ROWS)
    assert columns == {"flexibility_scope": "partner", "flexibility_percent_bp": 20_00, "payment_grace_days": 0}


def test_half_a_flexibility_rule_is_refused_at_its_field():
    with pytest.raises(InvalidInputs) as refusal:
        read_section("rules", {"flexibility_scope": "partner"}, ROWS)
    assert [(each.code, each.where) for each in refusal.value.problems] == [("missing-key", "flexibility_percent")]


def facts(**changes):
    """The project's table of ROWS, with the changes."""
    stated = {
        "programme": "Interreg",
        "fund": "ERDF",
        "cofinancing_rate": "80",
        "currency": "EUR",
        "start": date(2026, 1, 1),
        "last_day": date(2027, 12, 31),
        "title": {"en": "Project"},
    }
    return {**stated, **changes}


def test_without_a_time_zone_that_of_the_leads_country_holds():
    assert read_section("facts", facts(), ROWS)["time_zone"] == "Europe/Vilnius"
    far = {**ROWS, "organisations": {"town": {**ROWS["organisations"]["town"], "country": "US"}}}
    with pytest.raises(InvalidInputs) as refusal:
        read_section("facts", facts(), far)
    assert [(each.code, each.where) for each in refusal.value.problems] == [("time-zone-missing", "time_zone")]


CONTRACTUAL = [
    ("project", "", "last_day", date(2028, 12, 31)),
    ("project", "", "cofinancing_rate_bp", 85_00),
    ("organisations", "club", "budget_cents", 1),
    ("organisations", "club", "role", "associated"),
    ("activities", "1.2", "planned_last_day", date(2026, 4, 30)),
    ("activities", "1.2", "responsible", "club"),
    ("deliverables", "D1.2.1", "due_day", None),
    ("indicators", "people", "target", 11),
    ("indicators", "people", "measure", {"kind": "manual"}),
    ("periods", "1", "last_day", date(2026, 7, 31)),
]
FREE = [
    ("project", "", "title", {"en": "Other"}),
    ("project", "", "summary", {"en": "Text"}),
    ("project", "", "assumed", ["codes"]),
    ("organisations", "club", "name", {"en": "Society"}),
    ("organisations", "club", "aliases", ["Society"]),
    ("activities", "1.2", "title", {"lt": "Veikla"}),
    ("indicators", "people", "code", "RCO81"),
    ("indicators", "people", "note", {"en": "Note"}),
]


@pytest.mark.parametrize(
    ("table", "key", "column", "value", "wanted"),
    [(*each, True) for each in CONTRACTUAL] + [(*each, False) for each in FREE],
)
def test_what_is_agreed_is_told_from_what_changes_freely(table, key, column, value, wanted):
    after = deepcopy(ROWS)
    after[table][key][column] = value
    [change] = changes_between(ROWS, after)
    assert (change[:3], change.is_contractual) == ((table, key, column), wanted)


def test_rows_that_come_or_go_are_always_agreed():
    after = {**ROWS, "work_packages": {"1": {"title": {"en": "One"}}}}
    assert all(change.is_contractual for change in changes_between(ROWS, after) if change.key == "2")
    assert Change("work_packages", "2", "title", {}, None, is_there=False) in changes_between(ROWS, after)


def test_a_reason_is_a_text_and_a_day():
    with pytest.raises(InvalidInputs) as refusal:
        check_reason(Reason(" ", None))
    assert [(each.code, each.where) for each in refusal.value.problems] == [
        ("reason-missing", "reason"),
        ("valid-from-missing", "valid_from"),
    ]
    with pytest.raises(InvalidInputs) as refusal:
        check_reason(Reason("x" * 2_001, date(1980, 1, 1)))
    assert [each.code for each in refusal.value.problems] == ["text-too-long", "date-out-of-range"]


@pytest.mark.parametrize(
    ("status", "wanted"), [("preparation", "running"), ("running", "closed"), ("closed", "running")]
)
def test_these_moves_are_allowed(status, wanted):
    check_move(status, wanted)


@pytest.mark.parametrize(
    ("status", "wanted"), [("preparation", "closed"), ("running", "preparation"), ("running", "running")]
)
def test_these_moves_are_refused(status, wanted):
    with pytest.raises(Conflict):
        check_move(status, wanted)


def test_what_is_missing_is_named():
    assert gaps(ROWS) == ["responsible"]
    assert gaps({**{table: {} for table in ROWS}, "project": ROWS["project"]}) == [
        "lead", "budget", "periods", "activities", "indicators",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "before", "after", "expected"),
    [
        # Both begin on the first of a month: whole months, and a month's end stays one.
        (date(2026, 3, 31), date(2026, 1, 1), date(2027, 7, 1), date(2027, 9, 30)),
        (date(2027, 12, 31), date(2026, 1, 1), date(2028, 1, 1), date(2029, 12, 31)),
        (date(2026, 2, 28), date(2026, 1, 1), date(2028, 1, 1), date(2028, 2, 29)),
        # Otherwise as many days on.
        (date(2026, 1, 10), date(2026, 1, 1), date(2026, 1, 16), date(2026, 1, 25)),
        (date(2190, 6, 1), date(2026, 1, 1), date(2199, 1, 1), date(2199, 12, 31)),
    ],
)
def test_days_move_with_the_first_day(day, before, after, expected):
    assert shifted_day(day, before, after) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_a_day_that_moves_nowhere_stays(day, first_day):
    assert shifted_day(day, first_day, first_day) == day


def test_a_copy_has_the_structure_without_budgets_and_periods():
    new = {**ROWS["project"][""], "code": "P-2", "first_day": date(2027, 1, 1), "title": {"en": "Next"}}
    after = copied_rows(ROWS, new, keep_budgets=False)
    assert after["periods"] == {}
    assert [row["budget_cents"] for row in after["organisations"].values()] == [None, None]
    assert after["activities"]["1.2"]["planned_first_day"] == date(2027, 3, 1)
    assert after["deliverables"]["D1.2.1"]["due_day"] == date(2027, 4, 15)
    assert (after["project"][""]["code"], after["project"][""]["fund"]) == ("P-2", "ERDF")
    assert copied_rows(ROWS, new, keep_budgets=True)["organisations"]["town"]["budget_cents"] == 100_00


def test_rows_kept_as_json_are_read_again():
    assert read_plain_rows(plain_rows(ROWS)) == ROWS
