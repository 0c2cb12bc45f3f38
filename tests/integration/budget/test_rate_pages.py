"""Exchange rates entered by hand: the list, the forms, what is used for previews, and what stays frozen."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.budget.queries.items import get_item
from portal.budget.queries.rates import count_frozen_at, get_rate
from portal.budget.rules.rates import RateDraft
from portal.budget.services.rates import add_rate, change_rate, remove_rate
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.money import RateMicros
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.pages import page_text, read_errors, read_fields, read_table, send_form
from tests.make import OTHER_PROJECT, PROJECT, make_item, make_other_project, make_project, noted_queries, sign_in_as

RATES = f"/projects/{PROJECT}/rates"
JULY = RateDraft("PLN", "2026-07", RateMicros(4_256_300))


@pytest.fixture
def project(app: Flask) -> Flask:
    """LTPL00388 with the rates of July and, to come, December, and an item of ols that is frozen at July's."""
    with app.app_context():
        make_project()
        add_rate(PROJECT, JULY, now=NOW)
        add_rate(PROJECT, RateDraft("PLN", "2026-12", RateMicros(5_000_000)), now=NOW)
        frozen = {"state": "submitted", "report_number": 1, "eur_cents": 23_49, "rate_micros": 4_256_300}
        make_item("ols", "O-1", rate_month="2026-07", **frozen)
        make_item("ols", "O-2")
    return app


def test_a_project_without_rates_says_what_belongs_there(app: Flask):
    with app.app_context():
        make_project()
    text = page_text(sign_in_as(app, Role.VIEWER).get(RATES))
    assert "No rate is stored yet." in text
    assert "Enter a rate" not in text


def test_every_rate_stands_with_its_source_its_use_and_what_is_frozen_at_it(project: Flask):
    rows = read_table(sign_in_as(project, Role.VIEWER).get(RATES), "Exchange rates")
    assert [row[:4] for row in rows[1:]] == [
        ["2026-12", "PLN", "5.0000", "Entered by hand"],
        ["2026-07 Used for previews", "PLN", "4.2563", "Entered by hand"],
    ]
    assert [row[4:] for row in rows] == [["Entered"], ["20 November 2026, 14:00"], ["20 November 2026, 14:00"]]


@pytest.mark.parametrize(
    ("role", "organisation", "who", "frozen"),
    [
        (Role.MANAGER, "", " command line", ["3"]),
        (Role.AUDITOR, "", " command line", ["3"]),
        (Role.FINANCE, "ols", "", ["1"]),
        (Role.CONTROLLER, "lps", "", ["2"]),
        (Role.FINANCE, "lpro", "", ["0"]),
        (Role.PARTNER, "ols", "", []),
    ],
)
def test_who_entered_a_rate_and_what_is_frozen_at_it_is_told_within_sight(project, role, organisation, who, frozen):
    with project.app_context():
        for number in range(2):
            stated = {"state": "submitted", "report_number": 1, "eur_cents": 23_49, "rate_micros": 4_256_300}
            make_item("lps", f"L-{number}", currency="PLN", rate_month="2026-07", **stated)
    browser = sign_in_as(project, role, organisation)
    rows = read_table(browser.get(RATES), "Exchange rates")
    assert rows[2][4 : 5 + len(frozen)] == [f"20 November 2026, 14:00{who}", *frozen]
    if role in (Role.MANAGER, Role.FINANCE):
        text = page_text(browser.get(f"{RATES}/1/remove"))
        assert ("command line" in text) is (role is Role.MANAGER)
        assert ("is frozen at the rate" in text, "are frozen at the rate" in text) == (frozen == ["1"], frozen == ["3"])


@pytest.mark.sqlite_only
def test_frozen_items_are_counted_from_an_index_alone(project: Flask):
    with project.app_context():
        rate = get_rate(PROJECT, 1)
        with noted_queries(project) as statements:
            assert count_frozen_at(rate, None) == 1
        counted = next(each for each in statements if "count(*)" in each)
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {counted}", ("1",) * counted.count("?"))
        assert any("USING COVERING INDEX ix_expenditure_items_rates" in row[3] for row in plan)


def test_a_rate_is_typed_as_people_do(project: Flask):
    officer = sign_in_as(project, Role.FINANCE, "ols")
    assert send_form(officer, f"{RATES}/add", currency="PLN", month="2026-08", rate="4,3").status_code == 302
    assert "4.3000" in page_text(officer.get(RATES))


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"rate": "4.25631234"}, {"rate"}),
        ({"rate": "0"}, {"rate"}),
        ({"rate": ""}, {"rate"}),
        ({"month": "July"}, {"month"}),
        ({"month": "2026-07"}, {"month"}),
        ({"currency": ""}, {"currency"}),
        ({"currency": "EUR"}, {"currency"}),
        ({"currency": "XXX", "month": "2026-13", "rate": "x"}, {"currency", "month", "rate"}),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field(project: Flask, typed: dict[str, str], errors: set[str]):
    stated = {"currency": "PLN", "month": "2026-08", "rate": "4.3", **typed}
    answer = send_form(sign_in_as(project, Role.FINANCE, "ols"), f"{RATES}/add", **stated)
    assert answer.status_code == 422
    assert set(read_errors(answer)) == errors
    assert read_fields(answer)["rate"] in (typed.get("rate", "4.3"), "4.300000")


def test_a_changed_rate_moves_previews_and_no_frozen_item(project: Flask):
    officer = sign_in_as(project, Role.FINANCE, "ols")
    assert "1 item is frozen at the rate of this month and keeps it." in page_text(officer.get(f"{RATES}/1/edit"))
    assert send_form(officer, f"{RATES}/1/edit", rate="4").status_code == 302
    rows = read_table(officer.get(f"/projects/{PROJECT}/expenditure"), "Items of expenditure")
    amounts = {row[0].split()[0]: row[3].partition(" ")[2] for row in rows if len(row) == 6}
    assert (amounts["O-1"], amounts["O-2"]) == ("€23.49", "€25.00 preview")
    with project.app_context():
        assert (get_item(PROJECT, 1).eur_cents, get_item(PROJECT, 1).rate_micros) == (23_49, 4_256_300)
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rate_changed")).one()
        assert entry.changes == {"rate": ["4.256300", "4.000000"]}


def test_of_two_people_who_change_one_rate_the_second_sees_both_values(project: Flask):
    officer = sign_in_as(project, Role.FINANCE, "ols")
    fields = read_fields(officer.get(f"{RATES}/1/edit"))
    with project.app_context():
        change_rate(PROJECT, 1, RateMicros(4_100_000), version=1, now=NOW)
    answer = officer.post(f"{RATES}/1/edit", data={**fields, "rate": "4.2"})
    assert answer.status_code == 409
    assert read_fields(answer)["rate"] == "4.200000"
    assert "What differs" in page_text(answer)
    assert officer.post(f"{RATES}/1/edit", data={**read_fields(answer)}).status_code == 302
    with project.app_context():
        assert get_rate(PROJECT, 1).rate_micros == 4_200_000


def test_a_rate_is_removed_after_being_asked(project: Flask):
    officer = sign_in_as(project, Role.FINANCE, "ols")
    text = page_text(officer.get(f"{RATES}/1/remove"))
    assert "Previews are made at this rate." in text
    assert "keeps it" in text
    assert send_form(officer, f"{RATES}/1/remove").status_code == 302
    with project.app_context(), pytest.raises(NotFound, match="rate-unknown"):
        get_rate(PROJECT, 1)


def test_the_same_again_changes_nothing(project: Flask):
    with project.app_context():
        change_rate(PROJECT, 1, JULY.rate, version=1, now=NOW)
        assert get_rate(PROJECT, 1).version == 1
        with pytest.raises(InvalidInput, match="rate-there"):
            add_rate(PROJECT, JULY, now=NOW)


def test_a_stale_version_removes_nothing(project: Flask):
    with project.app_context(), pytest.raises(Conflict, match="rate-stale"):
        remove_rate(PROJECT, 1, version=0, now=NOW)


def test_another_projects_rate_is_not_there(project: Flask):
    with project.app_context():
        make_other_project()
        foreign = add_rate(OTHER_PROJECT, JULY, now=NOW)
    assert sign_in_as(project, Role.MANAGER).get(f"{RATES}/{foreign}/edit").status_code == 404


def test_those_who_may_not_enter_expenditure_read_only(project: Flask):
    viewer = sign_in_as(project, Role.VIEWER)
    assert viewer.get(f"{RATES}/add").status_code == 403
    assert "Edit" not in page_text(viewer.get(RATES)).split("Exchange rates, latest month first")[1]


def test_a_closed_project_takes_no_rate(project: Flask):
    officer = sign_in_as(project, Role.FINANCE, "ols")
    fields = read_fields(officer.get(f"{RATES}/1/edit"))
    with project.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    assert officer.get(f"{RATES}/add").status_code == 409
    assert officer.post(f"{RATES}/1/edit", data={**fields, "rate": "4"}).status_code == 409
    assert "Enter a rate" not in page_text(officer.get(RATES))


def test_the_list_is_filtered_paged_and_asks_the_same_number_of_questions(project: Flask):
    viewer = sign_in_as(project, Role.VIEWER)
    viewer.get(RATES)
    with noted_queries(project) as few:
        viewer.get(RATES)
    with project.app_context():
        for month in range(1, 7):
            for currency in ("PLN", "USD"):
                add_rate(PROJECT, RateDraft(currency, f"2026-{month:02}", RateMicros(10**6 + month)), now=NOW)
    with noted_queries(project) as many:
        page = viewer.get(f"{RATES}?currency=USD&per_page=4")
    assert [row[1] for row in read_table(page, "Exchange rates")[1:]] == ["USD"] * 4
    assert "Page 1 of 2" in page_text(page)
    assert len(many) == len(few)
    refused = viewer.get(f"{RATES}?currency=ZZZ")
    assert (refused.status_code, "currency" in read_errors(refused)) == (422, True)
