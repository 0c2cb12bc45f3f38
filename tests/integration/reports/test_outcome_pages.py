"""The outcome table and what stands behind each figure: lists that add up, days, and who may open them."""

import json
from datetime import datetime, timedelta

import pytest

from portal.accounts.rules import Role
from portal.activities.rules.breakdowns import DIMENSIONS
from portal.activities.services.attendance import HeadcountDraft
from portal.core.db import db
from portal.projects.models import Indicator
from tests.integration.pages import links_of, page_text, read_errors, read_summary, read_table
from tests.make import (
    PROJECT,
    make_event,
    make_headcounts,
    make_people,
    make_project,
    make_tournament,
    noted_queries,
    run_portal,
    sign_in_as,
)

HOME = f"/projects/{PROJECT}"
OUTCOMES = f"{HOME}/outcomes"


@pytest.fixture
def viewer(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.VIEWER)


def make_workshops() -> None:
    """Two joint workshops with 3 and 2 people of whom one came twice, a tournament, a meeting and a lonely workshop."""
    first = make_event(ref="W1", status="held")
    make_people(first, ["p01", "p02"], country="LT")
    make_people(first, ["p03"], country="PL")
    second = make_event(ref="W2", status="held", starts=datetime(2026, 9, 15, 9), ends=datetime(2026, 9, 15, 15))
    make_people(second, ["p01", "p04"])
    make_tournament()
    make_people(make_event(ref="M1", kind="meeting", status="held", organisers=["lpro"]), ["p09"])
    make_people(make_event(ref="L1", organisers=["lps"], status="held"), ["p05"])


def achieved(client, query: str = "") -> list[str]:
    return [row[2].split()[0] for row in read_table(client.get(OUTCOMES + query), "Expected and achieved")[1:]]


def test_an_empty_project_has_a_dash_in_every_row_and_each_says_why(app, viewer):
    assert achieved(viewer) == ["–"] * 5
    for key in ("joint_actions", "workshops", "initiatives", "organisations", "public_events"):
        assert "Not reported" in page_text(viewer.get(f"{OUTCOMES}/{key}"))


def test_a_figure_is_zero_and_not_a_dash_once_something_could_have_counted(app, viewer):
    with app.app_context():
        make_event(organisers=["lps"], status="held")
    assert achieved(viewer) == ["0", "0", "–", "1", "0"]
    assert "Not reported" not in page_text(viewer.get(f"{OUTCOMES}/workshops"))


def test_the_events_behind_a_figure_add_up_to_it(app, viewer):
    with app.app_context():
        make_workshops()
    assert achieved(viewer) == ["61", "5", "56", "3", "1"]
    for key, figures in (("workshops", ["3", "2"]), ("initiatives", ["56"]), ("public_events", ["1"])):
        _, *rows, foot = read_table(viewer.get(f"{OUTCOMES}/{key}"), "Counts")
        assert [row[-1] for row in rows] == figures
        assert foot == ["Total", str(sum(map(int, figures)))]


def test_the_parts_behind_a_sum_add_up_to_it_and_lead_to_their_own_events(app, viewer):
    with app.app_context():
        make_workshops()
    page = viewer.get(f"{OUTCOMES}/joint_actions")
    _, *rows, foot = read_table(page, "The sum of these rows")
    assert [row[1:] for row in rows] == [["216", "5"], ["132", "56"]]
    assert foot == ["Total", "61"]
    assert links_of(page)["Participation in workshops and training activities"] == f"{OUTCOMES}/workshops"


def test_each_organisation_is_listed_with_the_event_that_made_it_active(app, viewer):
    with app.app_context():
        make_workshops()
        make_event(ref="P1", organisers=["kaunas"])
    page = viewer.get(f"{OUTCOMES}/organisations")
    assert [row[0].split()[0] for row in read_table(page, "Does not count")[1:]] == ["P1"]
    assert read_table(page, "Counts")[1:] == [
        ["Lithuanian Prison Service", "W1 Opening workshop", "no", "1"],
        ["Lithuanian Probation Service", "M1 Opening workshop", "no", "1"],
        ["Regional Prison Inspectorate in Olsztyn", "W1 Opening workshop", "no", "1"],
        ["Total", "3"],
    ]


def test_periods_add_up_and_each_person_is_one_person(app, viewer):
    with app.app_context():
        make_workshops()
    page = viewer.get(f"{OUTCOMES}/workshops")
    assert read_table(page, "By reporting period") == [
        ["Reporting period", "Outcomes achieved"],
        ["Period 1", "3"],
        ["Period 2", "2"],
    ]
    assert "4 different persons" in page_text(page)
    assert "At most 56 persons" in page_text(viewer.get(f"{OUTCOMES}/initiatives"))


def test_what_does_not_count_is_listed_with_every_reason(app, viewer):
    with app.app_context():
        make_workshops()
        make_event(ref="P1", organisers=["lps"], starts=datetime(2025, 12, 30, 9), ends=datetime(2025, 12, 30, 11))
    rows = {row[0].split()[0]: row[3] for row in read_table(viewer.get(f"{OUTCOMES}/workshops"), "Does not count")[1:]}
    assert set(rows) == {"V1", "M1", "L1", "P1"}
    assert rows["L1"] == "it is not joint: its organisers come from one country"
    assert [part.strip() for part in rows["P1"].split(";")] == [
        "it is not marked as held",
        "outside the project's days",
        "it is not joint: its organisers come from one country",
    ]


def test_the_table_can_be_had_as_of_an_earlier_day(app, viewer):
    with app.app_context():
        make_workshops()
    assert achieved(viewer, "?as_of=2026-06-05") == ["3", "3", "–", "3", "0"]
    assert achieved(viewer, "?as_of=2026-06-06") == ["59", "3", "56", "3", "1"]
    page = viewer.get(f"{OUTCOMES}?as_of=2026-06-05")
    assert "as of 5 June 2026" in page_text(page)
    link = links_of(page)["3"]
    assert link.endswith("?as_of=2026-06-05")
    assert read_table(viewer.get(f"{OUTCOMES}/workshops?as_of=2026-06-05"), "Counts")[-1] == ["Total", "3"]
    assert "2026-06-05" in viewer.get(f"{OUTCOMES}.xlsx?as_of=2026-06-05").headers["Content-Disposition"]


@pytest.mark.parametrize("page", ["", "/workshops", ".xlsx"])
@pytest.mark.parametrize("as_of", ["2026-11-21", "9999-12-31", "soon", "2026-02-30", "20.11.2026"])
def test_a_day_still_to_come_or_no_day_at_all_is_refused(viewer, page, as_of):
    refused = viewer.get(f"{OUTCOMES}{page}?as_of={as_of}")
    assert refused.status_code == 422
    assert as_of in page_text(refused)


def test_a_refused_day_is_explained_at_its_field_above_the_table_of_today(viewer):
    refused = viewer.get(f"{OUTCOMES}?as_of=2026-11-21")
    assert "2026-11-20" in read_errors(refused)["as_of"]
    [line] = read_summary(refused)
    assert line.startswith("As of: ")
    assert len(read_table(refused, "Expected and achieved outcomes as of 20 November 2026")) == 6


def test_a_row_that_is_not_in_the_table_is_not_found(viewer):
    assert viewer.get(f"{OUTCOMES}/happiness").status_code == 404


@pytest.mark.parametrize("role", Role)
def test_every_member_opens_the_outcomes_and_a_stranger_does_not(app, role):
    with app.app_context():
        make_project()
    organisation = "ols" if role in (Role.PARTNER, Role.FINANCE, Role.CONTROLLER) else ""
    member, stranger = sign_in_as(app, role, organisation), sign_in_as(app, None)
    for address in (
        OUTCOMES,
        f"{OUTCOMES}/workshops",
        f"{OUTCOMES}.xlsx",
        HOME + "/",
        f"{HOME}/plan",
        f"{HOME}/partners",
    ):
        assert member.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
        assert app.test_client().get(address).status_code == 302


def test_the_public_page_and_no_other_opens_without_a_sign_in(app, viewer):
    with app.app_context():
        make_workshops()
    assert app.test_client().get(f"/public/{PROJECT}").status_code == 200
    assert app.test_client().get("/public/NOWHERE").status_code == 404


def test_every_page_asks_the_database_as_often_for_forty_events_as_for_one(app, viewer):
    pages = [HOME + "/", f"{HOME}/plan", OUTCOMES, f"{OUTCOMES}.xlsx", f"/public/{PROJECT}"]
    pages += [f"{OUTCOMES}/{key}" for key in ("joint_actions", "workshops", "organisations", "public_events")]
    pages += [f"{OUTCOMES}?by={dimension}" for dimension in DIMENSIONS]
    pages += [f"{OUTCOMES}/workshops?period=1&partner=lps&work_package=1&group=professional&per_page=5"]
    make_days(app, 1)
    few = {page: count_queries(app, viewer, page) for page in pages}
    make_days(app, 39)
    assert {page: count_queries(app, viewer, page) for page in pages} == few


def make_days(app, number: int) -> None:
    with app.app_context():
        for day in range(number):
            starts = datetime(2026, 2, 1 + day % 28, 10)
            event_id = make_event(starts=starts, ends=starts + timedelta(hours=1), status="held")
            make_people(event_id, ["p01", "p02"])
            make_headcounts(event_id, HeadcountDraft("staff", 2))


def count_queries(app, client, address: str) -> int:
    with noted_queries(app) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_row_whose_measure_is_not_counted_yet_is_unreported_and_opens(app, viewer):
    with app.app_context():
        make_tournament()
        for indicator in db.session.query(Indicator).where(Indicator.key.in_(["workshops", "initiatives"])):
            indicator.measure = {"kind": "manual"}
        db.session.commit()
    assert achieved(viewer) == ["–", "–", "–", "2", "1"]
    assert "Not reported" in page_text(viewer.get(f"{OUTCOMES}/initiatives"))
    assert run_portal(app, "outcomes", PROJECT, "--format", "json").exit_code == 0


def test_a_file_that_cannot_be_written_is_refused_by_its_name(app, viewer):
    result = run_portal(app, "outcomes", PROJECT, "--format", "json", "-o", "/nowhere/outcomes.json")
    assert result.exit_code == 1
    assert [each["code"] for each in json.loads(result.stdout)["errors"]] == ["file"]
    assert "/nowhere/outcomes.json" in result.stderr


def test_the_plan_counts_the_planned_and_held_events_of_each_activity(app, viewer):
    with app.app_context():
        make_event()
        make_event(status="cancelled")
        make_tournament()
    page = viewer.get(f"{HOME}/plan")
    assert read_table(page, "Activities")[1][-2:] == ["1", "0"]
    assert "Work package 2" in page_text(page)


def test_the_home_page_says_what_waits_for_whom(app, viewer):
    with app.app_context():
        make_event(organisers=["lps"], title={"en": "Forgotten workshop"})
    waiting = "Forgotten workshop ended on 10 March 2026"
    assert waiting in page_text(sign_in_as(app, Role.PARTNER, "lps").get(HOME + "/"))
    assert waiting in page_text(sign_in_as(app, Role.MANAGER).get(HOME + "/"))
    partner = page_text(sign_in_as(app, Role.PARTNER, "ols").get(HOME + "/"))
    assert waiting not in partner
    assert "Nothing waits for you." in partner
    assert "What needs you" not in page_text(viewer.get(HOME + "/"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["LTPL00388", "--as-of", "2026-11-21"], 1, "2026-11-21"),
        (["NOWHERE"], 1, "NOWHERE"),
        (["LTPL00388", "--as-of", "soon"], 2, "soon"),
        (["LTPL00388", "--format", "pdf"], 2, "pdf"),
        (["LTPL00388", "--language", "de"], 2, "de"),
        ([], 2, "CODE"),
    ],
)
def test_the_command_refuses_what_cannot_be_shown(app, viewer, arguments, code, words):
    result = run_portal(app, "outcomes", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("language", "name"),
    [("lt", "Dalyvavimas seminaruose ir mokymuose"), ("pl", "Uczestnictwo w warsztatach i szkoleniach")],
)
def test_the_command_names_the_rows_in_the_language_asked_for(app, viewer, language, name):
    document = json.loads(run_portal(app, "outcomes", PROJECT, "--format", "json", "--language", language).stdout)
    assert document["rows"][1]["name"] == name
    assert name in run_portal(app, "outcomes", PROJECT, "--language", language).stdout
    assert name in run_portal(app, "outcomes", PROJECT, "--format", "csv", "--language", language).stdout
