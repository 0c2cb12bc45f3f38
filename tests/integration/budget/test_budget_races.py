"""Two managers at the same budget at the same moment; and a page that asks no more for a larger budget."""

from flask import Flask

from portal.accounts.rules import Role
from portal.budget.queries.budget_versions import last_number
from portal.budget.queries.budgets import load_rows
from portal.budget.rules.lines import Place
from portal.budget.services.lines import change_contributions, change_lines
from portal.core.money import Cents
from tests.conftest import NOW
from tests.integration.activities.test_exclusion_races import told
from tests.integration.budget.budgets import opened, store_contributions, store_lines
from tests.integration.files.test_races import together
from tests.make import PROJECT, make_project, noted_queries, sign_in_as

ROUNDS = 3


def test_of_several_changes_of_one_version_one_is_stored_and_the_others_are_told(app: Flask):
    with app.app_context():
        make_project()

    def line(key: str, version: int, cents: int):
        wanted = {Place("staff"): Cents(cents)}
        return told(lambda: change_lines(PROJECT, key, wanted, edit=opened(version), now=NOW))

    def share(version: int, cents: int):
        wanted = {"own": ("", Cents(cents))}
        return told(lambda: change_contributions(PROJECT, "lps", wanted, edit=opened(version), now=NOW))

    for version in range(ROUNDS):
        cents = version + 1
        answers = together(app, line("lps", version, cents), line("ols", version, cents), share(version, cents))
        assert sorted(answers) == ["", "budget-stale", "budget-stale"]
        with app.app_context():
            rows = load_rows(PROJECT)
            assert last_number(PROJECT) == version + 1
            assert [each.cents for each in (*rows.lines, *rows.contributions)].count(cents) == 1


def test_the_page_of_a_larger_budget_asks_the_database_no_more(app: Flask):
    with app.app_context():
        make_project()
        store_lines("lps", {("staff",): 100})
    browser = sign_in_as(app, Role.VIEWER)
    asked = []
    for _round in range(2):
        browser.get(f"/projects/{PROJECT}/budget/lines")
        with noted_queries(app) as statements:
            assert browser.get(f"/projects/{PROJECT}/budget/lines").status_code == 200
        asked.append(len(statements))
        with app.app_context():
            for key in ("lps", "lpro", "ols"):
                places = [("staff", package, period) for package in range(3) for period in range(5)]
                store_lines(key, dict.fromkeys(places, 5))
                store_contributions(key, own=("", 5), private=("Company", 6))
    assert asked[0] == asked[1]
