"""Loading project files: the facts are stored, a second time changes nothing, and the portal's own values stand."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import InvalidInput, InvalidInputs
from portal.projects.models import Activity, Indicator, Organisation, Project, ReportingPeriod, WorkPackage
from portal.projects.queries import find_project, get_project, list_organisations, list_work_packages
from portal.projects.rules.merging import Difference
from portal.reports.loading import load_file
from tests.conftest import NOW
from tests.make import PROJECT_FILE, make_other_project, make_project

pytestmark = pytest.mark.usefixtures("in_app")

TABLES = (Project, Organisation, WorkPackage, Activity, Indicator, ReportingPeriod)


def count_rows() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def changed_file(folder, *replacements: tuple[str, str]):
    text = PROJECT_FILE.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = folder / "changed.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_real_file_gives_the_projects_own_facts():
    project = get_project(make_project())
    assert (project.programme, project.fund, project.currency) == ("Interreg VI-A Lithuania-Poland", "ERDF", "EUR")
    assert project.cofinancing_rate_bp == 80_00
    assert (project.first_day, project.last_day) == (date(2026, 1, 1), date(2027, 12, 31))
    assert project.agreement_signed == date(2025, 11, 21)
    assert project.time_zone == "Europe/Vilnius"
    assert set(project.title) == {"en", "lt", "pl"}
    assert len(project.title_aliases) == 1
    assert (project.flexibility_scope, project.flexibility_percent_bp) == ("category", 20_00)
    assert "measures" in project.assumed


def test_the_real_file_gives_six_organisations_of_which_three_have_no_budget():
    organisations = list_organisations(make_project())
    assert [(each.key, each.role, each.country, each.currency, each.budget_cents) for each in organisations] == [
        ("lps", "lead", "LT", "EUR", 179_460_00),
        ("lpro", "partner", "LT", "EUR", 83_521_12),
        ("ols", "partner", "PL", "PLN", 113_895_00),
        ("alytus", "associated", "LT", "EUR", None),
        ("kaunas", "associated", "LT", "EUR", None),
        ("kaisiadorys", "associated", "LT", "EUR", None),
    ]


def test_the_real_file_gives_two_work_packages_with_their_activities():
    packages = list_work_packages(make_project())
    assert {package.number: [each.number for each in package.activities] for package in packages} == {
        1: ["1.1", "1.2"],
        2: ["2.1", "2.2", "2.3", "2.4"],
    }
    tournaments = packages[1].activities[3]
    assert tournaments.title["lt"].startswith("Tarptautiniai sporto renginiai")


def test_the_real_file_gives_five_outcome_rows_and_four_periods():
    project = get_project(make_project())
    assert [(each.key, each.code, each.target) for each in project.indicators] == [
        ("joint_actions", "RCO81", 348),
        ("workshops", "RCO81", 216),
        ("initiatives", "RCO81", 132),
        ("organisations", "RCO87", 6),
        ("public_events", "RCO115", 2),
    ]
    assert [(each.number, each.first_day, each.last_day) for each in project.periods] == [
        (1, date(2026, 1, 1), date(2026, 6, 30)),
        (2, date(2026, 7, 1), date(2026, 12, 31)),
        (3, date(2027, 1, 1), date(2027, 6, 30)),
        (4, date(2027, 7, 1), date(2027, 12, 31)),
    ]


def test_loading_again_changes_nothing():
    first = load_file(PROJECT_FILE, now=NOW)
    rows = count_rows()
    again = load_file(PROJECT_FILE, now=NOW)
    assert (first.created, again.created) == (True, False)
    assert not again.changed
    assert again.differences == ()
    assert count_rows() == rows


def test_a_value_changed_in_the_file_alone_is_taken_over(tmp_path):
    make_project()
    loaded = load_file(
        changed_file(tmp_path, ("target = 2  ", "target = 3  "), ('name.en = "Alytus', 'name.en = "City of Alytus')),
        now=NOW,
    )
    assert loaded.changed
    assert loaded.differences == ()
    assert [each.target for each in get_project("LTPL00388").indicators][-1] == 3


def test_a_value_changed_in_the_portal_is_kept_and_reported_each_time():
    make_project()
    row = db.session.scalars(select(Indicator).where(Indicator.key == "public_events")).one()
    row.target = 5
    db.session.commit()
    for _time in range(2):
        loaded = load_file(PROJECT_FILE, now=NOW)
        assert loaded.differences == (Difference("indicators", "public_events", "target", 5, 2),)
        assert db.session.scalar(select(Indicator.target).where(Indicator.key == "public_events")) == 5


def test_a_row_added_in_the_portal_is_kept_and_reported():
    make_project()
    db.session.add(
        Indicator(
            project_code="LTPL00388", key="own", position=9, unit="", name={}, measure={"kind": "manual"}, note={}
        )
    )
    db.session.commit()
    [difference] = load_file(PROJECT_FILE, now=NOW).differences
    assert (difference.table, difference.key, difference.column, difference.stated) == ("indicators", "own", "", None)
    assert len(get_project("LTPL00388").indicators) == 6


def test_a_row_removed_in_the_portal_stays_removed_and_is_reported():
    make_project()
    db.session.delete(db.session.scalars(select(Organisation).where(Organisation.key == "kaisiadorys")).one())
    db.session.commit()
    [difference] = load_file(PROJECT_FILE, now=NOW).differences
    assert (difference.table, difference.key, difference.column) == ("organisations", "kaisiadorys", "")
    assert difference.kept is None
    assert len(list_organisations("LTPL00388")) == 5


def test_projects_with_the_same_keys_stand_side_by_side():
    make_project()
    make_other_project()
    assert [len(list_organisations(code)) for code in ("LTPL00388", "LTPL00999")] == [6, 6]


# Each replacement makes one fault, and the problem it makes: where, and its code.
TEN_FAULTS = [
    ('cofinancing_rate = "80" ', "cofinancing_rate = 80 ", ("project.cofinancing_rate", "percent-not-quoted")),
    ('currency = "EUR"\n', 'currency = "ZLT"\n', ("project.currency", "unknown-currency")),
    ("last_day = 2027-12-31   ", "last_day = 2025-12-31   ", ("project.last_day", "last-day-before-start")),
    ('budget = "83521.12"', "budget = 83521.12", ("organisations.lpro.budget", "amount-not-quoted")),
    ('country = "PL"', 'country = "pl"', ("organisations.ols.country", "unknown-country")),
    ('key = "kaunas"', 'key = "alytus"', ("organisations.#5.key", "duplicate-key")),
    ('number = "2.4"', 'number = "3.4"', ("work_packages.2.activities.3.4.number", "activity-number")),
    (
        'of = ["workshops", "initiatives"]',
        'of = ["workshops", "seminars"]',
        ("indicators.joint_actions.measure.of", "unknown-indicator"),
    ),
    ('kind = "events"', 'kind = "parties"', ("indicators.public_events.measure.kind", "unknown-value")),
    ("payment_grace_days = 0", "grace_days = 0", ("rules.grace_days", "unknown-key")),
]


def test_a_file_with_ten_faults_names_all_ten_in_its_order_and_stores_nothing(tmp_path):
    path = changed_file(tmp_path, *((old, new) for old, new, _ in TEN_FAULTS))
    with pytest.raises(InvalidInputs) as refusal:
        load_file(path, now=NOW)
    assert [(each.where, each.code) for each in refusal.value.problems] == [fault for *_, fault in TEN_FAULTS]
    assert count_rows() == [0] * len(TABLES)


def test_a_refused_file_leaves_a_loaded_project_as_it_was(tmp_path):
    make_project()
    with pytest.raises(InvalidInputs):
        load_file(changed_file(tmp_path, ("target = 132", "target = 133"), ("target = 216", "target = -1")), now=NOW)
    assert [each.target for each in get_project("LTPL00388").indicators] == [348, 216, 132, 6, 2]


def test_a_stated_total_that_differs_from_its_rows_is_refused(tmp_path):
    with pytest.raises(InvalidInputs) as refusal:
        load_file(changed_file(tmp_path, ('total_budget = "376876.12"', 'total_budget = "376876.13"')), now=NOW)
    [problem] = refusal.value.problems
    assert (problem.code, problem.where) == ("total-differs", "project.total_budget")
    assert problem.values == {"value": "376876.13", "sum": "376876.12"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file-unreadable"),
        (b"[project\n", "file-not-toml"),
        (b'[project]\ncode = "\xff"\n', "file-not-toml"),
        (b"[" * 5_000, "file-not-toml"),
        (b"# " + b"x" * 2_000_000, "file-too-large"),
        (b"", "missing-key"),
    ],
    ids=["not there", "no TOML", "no UTF-8", "nested without end", "too large", "empty"],
)
def test_what_is_no_project_file_is_refused(tmp_path, content, code):
    path = tmp_path / "project.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput) as refusal:
        load_file(path, now=NOW)
    assert refusal.value.problem.code == code
    assert find_project("LTPL00388") is None


def test_a_folder_is_refused_as_a_file(tmp_path):
    with pytest.raises(InvalidInput) as refusal:
        load_file(tmp_path, now=NOW)
    assert refusal.value.problem.code == "file-unreadable"


def test_a_file_of_an_assistance_project_is_refused_with_one_sentence(tmp_path):
    path = changed_file(tmp_path, ('currency = "EUR"\n', 'currency = "EUR"\nproject_type = "assistance"\n'))
    with pytest.raises(InvalidInputs) as refusal:
        load_file(path, now=NOW)
    assert [problem.code for problem in refusal.value.problems] == ["assistance-not-yet"]
    assert count_rows() == [0] * len(TABLES)
