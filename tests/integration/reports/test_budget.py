"""The partner budget table: exactly the published figures, and associated organisations without money."""

import json

import pytest

from portal.accounts.rules import Role
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.money import FundSplit
from portal.projects.models import Organisation
from portal.reports.queries.budget import budget_table
from tests.integration.pages import page_text, read_table, read_tables
from tests.make import PROJECT, make_project, run_portal, sign_in_as

# As the project's own page publishes them: budget, ERDF share, partner contribution.
UNSPENT = [
    {"category": category, "budget": None, "declared": "0.00", "reported": "0.00", "certified": "0.00"}
    for category in ("staff", "office", "travel", "external", "equipment", "infrastructure")
]
PUBLISHED = {
    "lps": ("179460.00", "143568.00", "35892.00"),
    "lpro": ("83521.12", "66816.89", "16704.23"),
    "ols": ("113895.00", "91116.00", "22779.00"),
}
TOTAL = ("376876.12", "301500.89", "75375.23")
CATEGORIES = [
    {"category": name, "budget": None, "declared": "0.00", "reported": "0.00", "certified": "0.00"}
    for name in ("staff", "office", "travel", "external", "equipment", "infrastructure")
]
NOTHING_YET = {"declared": "0.00", "reported": "0.00", "certified": "0.00", "paid": "0.00"}


@pytest.fixture(autouse=True)
def _project(app):
    with app.app_context():
        make_project()


def amounts(budget: str, fund: str, contribution: str) -> dict[str, str]:
    return {"budget": budget, "fund": fund, "contribution": contribution, **NOTHING_YET, "remaining": budget}


def test_the_published_figures_come_out_to_the_cent(app):
    with app.app_context():
        table = budget_table(PROJECT)
        rows = {row.organisation.key: (row.budget, *row.split) for row in table.rows}
    assert rows == {
        "lps": (179_460_00, 143_568_00, 35_892_00),
        "lpro": (83_521_12, 66_816_89, 16_704_23),
        "ols": (113_895_00, 91_116_00, 22_779_00),
    }
    assert (table.budget, table.split) == (376_876_12, FundSplit(301_500_89, 75_375_23))


def test_totals_are_sums_of_rows_and_not_the_rate_of_a_total(app):
    with app.app_context():
        budgets = {"lps": 100_02, "lpro": 200_03, "ols": None}
        for organisation in db.session.query(Organisation).where(Organisation.key.in_(budgets)):
            organisation.budget_cents = budgets[organisation.key]
        db.session.commit()
        table = budget_table(PROJECT)
    assert [row.split.share for row in table.rows] == [80_01, 160_02]
    assert table.split == FundSplit(240_03, 60_02)


def test_an_organisation_with_a_budget_of_zero_has_a_row_and_one_without_has_none(app):
    with app.app_context():
        db.session.query(Organisation).where(Organisation.key == "ols").one().budget_cents = 0
        db.session.commit()
        rows = {row.organisation.key: row.budget for row in budget_table(PROJECT).rows}
    assert rows == {"lps": 179_460_00, "lpro": 83_521_12, "ols": 0}


def test_a_project_that_is_not_there_has_no_table(app):
    with app.app_context(), pytest.raises(NotFound) as refusal:
        budget_table("NOWHERE")
    assert refusal.value.problem.code == "project-unknown"


def test_the_json_is_as_agreed_and_lists_no_associated_organisation(app):
    result = run_portal(app, "budget", PROJECT, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    countries = {"lps": "LT", "lpro": "LT", "ols": "PL"}
    assert json.loads(result.stdout) == {
        "project": PROJECT,
        "currency": "EUR",
        "fund": "ERDF",
        "as_of": "2026-11-20",
        "partners": [
            {"organisation": key, "country": countries[key], **amounts(*published), "categories": CATEGORIES}
            for key, published in PUBLISHED.items()
        ],
        "total": amounts(*TOTAL),
    }


def test_the_command_prints_the_table_and_writes_it_to_a_file(app, tmp_path):
    lines = run_portal(app, "budget", PROJECT).stdout.splitlines()
    assert [line.split() for line in lines[2:]] == [
        *([key, *amounts(*published).values()] for key, published in PUBLISHED.items()),
        ["total", *amounts(*TOTAL).values()],
    ]
    result = run_portal(app, "budget", PROJECT, "--format", "json", "--as-of", "2026-06-30", "-o", tmp_path / "b.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads((tmp_path / "b.json").read_text())["as_of"] == "2026-06-30"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["NOWHERE"], 1), ([PROJECT, "--as-of", "2026-11-21"], 1), ([], 2), ([PROJECT, "--format", "pdf"], 2)],
)
def test_the_command_refuses_what_cannot_be_shown(app, arguments, code):
    assert run_portal(app, "budget", *arguments).exit_code == code


LANGUAGES = {
    "en": ["€83,521.12", "€66,816.89", "€16,704.23"],
    "lt": ["83 521,12 €", "66 816,89 €", "16 704,23 €"],
    "pl": ["83 521,12 €", "66 816,89 €", "16 704,23 €"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [f"/projects/{PROJECT}/partners", f"/public/{PROJECT}"])
def test_the_pages_show_the_published_figures_as_the_language_writes_them(app, page, language):
    answer = sign_in_as(app, Role.VIEWER).get(f"{page}?lang={language}")
    table = next(rows for _, rows in read_tables(answer) if LANGUAGES[language][0] in rows[2])
    assert table[2][2:] == LANGUAGES[language]
    assert len(table) == 1 + 3 + 1
    shown = [figure.translate({ord(mark): None for mark in "€ ,."}) for figure in table[-1][-3:]]
    assert shown == [figure.replace(".", "") for figure in TOTAL]


def test_associated_organisations_are_named_without_money(app):
    answer = sign_in_as(app, Role.VIEWER).get(f"/projects/{PROJECT}/partners")
    rows = read_table(answer, "Organisations")
    assert [row[0] for row in rows[4:]] == [
        "Alytus City Municipality",
        "Kaunas District Municipality",
        "Kaišiadorys District Municipality",
    ]
    money = read_table(answer, "Budget by partner")
    assert not any("Municipality" in row[0] for row in money)
    assert "6 organisations" in page_text(answer)
    assert "Lead partner assumed" in " ".join(rows[1])
