"""What a change of an indicator would do: shown before it is stored, refused as saving it would be.

The figures are those of the year of LTPL00388 in tests/vectors/outcomes.json.
"""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.projects.queries import get_project
from portal.projects.queries.structure import get_structure
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.pages import (
    find_all,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_summary,
    read_table,
    read_tables,
    text_of,
)
from tests.integration.test_outcome_vectors import make_year
from tests.make import PROJECT, make_event, make_people, make_project, noted_queries, sign_in_as

INDICATORS = f"/projects/{PROJECT}/structure/indicators"
ROWS, EVENTS = "Rows of the outcome table that change", "Events that count differently"
WORKSHOPS = "Participation in workshops and training activities"
INITIATIVES = "Active participation of community members and convicted persons in joint initiatives"
JOINT = "Participations in joint cross-border actions"
REASON = {"reason": "Agreed with the programme.", "valid_from": "2026-12-01"}


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """The browser of the manager, who has the whole year."""
    with app.app_context():
        make_year()
    return sign_in_as(app, Role.MANAGER)


def previewed(browser: FlaskClient, address: str, **changes: Any) -> TestResponse:
    """Open the indicator's form, fill in the changes, and press the button that shows what they would do."""
    page = browser.get(address, follow_redirects=True)
    return browser.post(address_of(page, "Show what this would do"), data={**read_fields(page), **changes})


def saved(browser: FlaskClient, page: TestResponse, **changes: Any) -> TestResponse:
    """Press the first button of the page that was shown."""
    form = next(form for form in find_all(read_page(page), "form") if form.attributes.get("novalidate") == "")
    address = form.attributes.get("action") or page.request.full_path
    return browser.post(address, data={**read_fields(page), **changes})


def address_of(page: TestResponse, button: str) -> str:
    return next(
        each.attributes["formaction"] for each in find_all(read_page(page), "button") if text_of(each) == button
    )


def lines(page: TestResponse, caption: str) -> list[list[str]]:
    return read_table(page, caption)[1:]


def stored(app: Flask) -> tuple[int, object]:
    with app.app_context():
        structure = get_structure(PROJECT)
        return structure.project.version, structure.rows


def test_an_event_that_begins_to_count_moves_its_row_and_the_sum(app: Flask, manager: FlaskClient):
    before = stored(app)
    page = previewed(manager, f"{INDICATORS}/initiatives/edit", measure_joint="")
    assert page.status_code == 200
    assert lines(page, ROWS) == [
        [JOINT, "348", "123 → becomes 136", "0", "35.34 % → becomes 39.08 %"],
        [INITIATIVES, "132", "78 → becomes 91", "0", "59.09 % → becomes 68.94 %"],
    ]
    assert lines(page, EVENTS) == [["S1 Support group evening", "5 May 2026", "begins to count", "–", "13"]]
    assert "Counted as of 20 November 2026. Nothing is stored yet" in page_text(page)
    assert read_fields(page)["measure_joint"] == ""
    assert stored(app) == before


def test_an_event_that_ceases_to_count_and_one_that_adds_another_number_are_named(manager: FlaskClient):
    page = previewed(manager, f"{INDICATORS}/workshops/edit", measure_event_kinds=["workshop"])
    assert [line[2] for line in lines(page, ROWS)] == ["123 → becomes 98", "45 → becomes 20"]
    assert lines(page, EVENTS) == [
        ["W2 Two-day training in Olsztyn", "15 September 2026", "ceases to count", "25", "–"]
    ]
    groups = ["community_member", "convicted_person", "family_member", "staff"]
    page = previewed(manager, f"{INDICATORS}/initiatives/edit", measure_groups=groups)
    assert lines(page, EVENTS) == [["V1 Volleyball tournament", "6 June 2026", "adds another number", "56", "66"]]


def test_another_measure_is_shown_before_it_is_chosen(manager: FlaskClient):
    page = previewed(manager, f"{INDICATORS}/workshops/edit?kind=persons")
    assert [line[2] for line in lines(page, ROWS)] == ["123 → becomes 103", "45 → becomes 25"]
    # All 20 of the people of W1 came to W2 again.
    assert lines(page, EVENTS) == [
        ["W2 Two-day training in Olsztyn", "15 September 2026", "adds another number", "25", "5"]
    ]
    page = previewed(manager, f"{INDICATORS}/organisations/edit?kind=events", target="")
    assert lines(page, ROWS) == [
        ["Cross-border partner organizations", "6 → becomes –", "5", "0", "83.33 % → becomes –"]
    ]


def test_a_target_moves_the_share_and_no_event(manager: FlaskClient):
    page = previewed(manager, f"{INDICATORS}/workshops/edit", target="90")
    assert lines(page, ROWS) == [[WORKSHOPS, "216 → becomes 90", "45", "0", "20.83 % → becomes 50.00 %"]]
    assert EVENTS not in page_text(page)
    assert "No event begins or ceases to count" in page_text(page)


def test_where_nothing_changes_the_page_says_so(manager: FlaskClient):
    page = previewed(manager, f"{INDICATORS}/workshops/edit", name_en="Workshops", note_en="As agreed.")
    assert "No row of the outcome table changes." in page_text(page)
    assert read_fields(page)["note_en"] == "As agreed."


def test_a_new_row_is_shown_with_what_it_would_count(app: Flask, manager: FlaskClient):
    facts = {"key": "closed_events", "name_en": "Closed events", "target": "4", "measure_public": "no"}
    page = previewed(manager, f"{INDICATORS}/new?kind=events", **facts)
    assert lines(page, ROWS) == [["Closed events new", "4", "4", "0", "100.00 %"]]
    assert [line[0].split()[0] for line in lines(page, EVENTS)] == ["W1", "S1", "R1", "W2"]
    assert {line[2] for line in lines(page, EVENTS)} == {"begins to count"}
    assert saved(manager, page, **REASON).status_code == 302
    # Its page has made its record: what comes again makes no other one.
    assert saved(manager, page, **REASON).status_code == 302
    assert list(stored(app)[1]["indicators"])[-1] == "closed_events"
    assert saved(manager, page, **REASON, key="another").status_code == 409


def test_saving_from_there_stores_what_was_shown(app: Flask, manager: FlaskClient):
    page = previewed(manager, f"{INDICATORS}/workshops/edit?kind=events", measure_joint="yes", target="2")
    page = previewed_again(manager, page, target="3")
    assert lines(page, ROWS)[1][1] == "216 → becomes 3"
    answer = saved(manager, page)
    assert (answer.status_code, read_errors(answer)) == (
        422,
        {"reason": "This changes what is agreed, and the project is running. Say why."},
    )
    page = previewed_again(manager, answer)
    assert lines(page, ROWS)[1][1] == "216 → becomes 3"
    assert saved(manager, page, **REASON).status_code == 302
    row = stored(app)[1]["indicators"]["workshops"]
    assert (row["target"], row["measure"]) == (
        3,
        {"kind": "events", "joint": True, "event_kinds": ["training", "workshop"]},
    )


def previewed_again(browser: FlaskClient, page: TestResponse, **changes: Any) -> TestResponse:
    return browser.post(address_of(page, "Show what this would do"), data={**read_fields(page), **changes})


def test_a_form_that_came_too_late_is_told_so_before_it_is_saved(app: Flask, manager: FlaskClient):
    page = manager.get(f"{INDICATORS}/workshops/edit")
    other = manager.get(f"{INDICATORS}/workshops/edit")
    assert saved(manager, other, target="200", **REASON).status_code == 302
    answer = previewed_again(manager, page, target="90")
    assert answer.status_code == 409
    assert read_table(answer, "What differs")[1:] == [["Target", "200", "90"]]
    again = previewed_again(manager, answer)
    assert lines(again, ROWS)[0][1] == "200 → becomes 90"
    # A form that is refused for another reason is still too late.
    assert previewed_again(manager, page, target="many").status_code == 422
    assert saved(manager, page, target="many").status_code == 422
    assert saved(manager, page, target="90", **REASON).status_code == 409


@pytest.mark.parametrize(
    ("address", "changes", "errors"),
    [
        (
            "workshops/edit?kind=sum",
            {"measure_of": ["joint_actions"]},
            {
                "measure_of": "These sums count themselves: joint_actions → workshops → joint_actions. "
                "Remove one of them from the sum of another."
            },
        ),
        (
            "joint_actions/edit",
            {"measure_of": ["workshops", "joint_actions"]},
            {"measure_of": "Choose one of those offered: workshops, initiatives, organisations, public_events."},
        ),
        (
            "joint_actions/edit",
            {"measure_of": ["gone"]},
            {"measure_of": "Choose one of those offered: workshops, initiatives, organisations, public_events."},
        ),
        ("joint_actions/edit", {"measure_of": []}, {"measure_of": "Choose at least one."}),
        (
            "initiatives/edit",
            {"measure_groups": ["convict"]},
            {
                "measure_groups": "Choose one of those offered: professional, staff, community_member, "
                "convicted_person, family_member, spectator, other, unknown."
            },
        ),
        (
            "workshops/edit",
            {"measure_event_kinds": ["party"]},
            {
                "measure_event_kinds": "Choose one of those offered: workshop, training, public_space_renewal, "
                "creative, support_group, tournament, survey_fieldwork, meeting, other."
            },
        ),
        ("workshops/edit", {"measure_joint": "maybe"}, {"measure_joint": "Choose one of those offered: yes, no."}),
        (
            "workshops/edit",
            {"measure_work_package": "9"},
            {"measure_work_package": "Choose one of those offered: 1, 2."},
        ),
        ("workshops/edit", {"target": "many"}, {"target": "Enter a whole number, in digits."}),
    ],
)
def test_what_saving_would_refuse_is_refused_at_its_field_both_ways(
    app: Flask, manager: FlaskClient, address: str, changes: dict[str, Any], errors: dict[str, str]
):
    before = stored(app)
    page = manager.get(f"{INDICATORS}/{address}")
    for answer in (previewed_again(manager, page, **changes), saved(manager, page, **changes, **REASON)):
        assert (answer.status_code, read_errors(answer)) == (422, errors)
        assert ROWS not in page_text(answer)
    assert stored(app) == before


def test_a_summed_indicator_does_not_become_the_result_of_a_survey(app: Flask, manager: FlaskClient):
    page = manager.get(f"{INDICATORS}/workshops/edit?kind=survey")
    survey = {"measure_study": "trust", "measure_wave": "endline", "measure_scale": "trust", "target": ""}
    for answer in (previewed_again(manager, page, **survey), saved(manager, page, **survey, **REASON)):
        assert answer.status_code == 422
        [said] = read_summary(answer)
        assert said.startswith("The sums joint_actions add this indicator up, and the result of a survey cannot be")
        assert said.endswith("Take it out of them first, or choose another measure.")


@pytest.mark.parametrize(
    "address",
    ["workshops/edit?kind=parties", "workshops/preview?kind=parties", "new?kind=parties", "preview?kind=parties"],
)
def test_a_measure_that_does_not_exist_is_refused_with_those_that_do(app: Flask, manager: FlaskClient, address: str):
    before = stored(app)
    for send in (manager.get, manager.post):
        answer = send(f"{INDICATORS}/{address}", follow_redirects=True)
        assert answer.status_code == 422
        assert "There is no measure “parties”. Go back and choose one of: Participations, Persons" in page_text(answer)
    assert stored(app) == before


def test_what_is_not_there_and_who_may_not(app: Flask, manager: FlaskClient):
    assert manager.post(f"{INDICATORS}/gone/preview").status_code == 404
    answer = manager.get(f"{INDICATORS}/workshops/preview?kind=events")
    assert (answer.status_code, answer.location) == (302, f"{INDICATORS}/workshops/edit?kind=events")
    assert manager.get(f"{INDICATORS}/preview?kind=events").location == f"{INDICATORS}/new?kind=events"
    for role in (Role.VIEWER, Role.PROGRAMME, Role.AUDITOR, Role.RESEARCHER):
        browser = sign_in_as(app, role)
        assert browser.post(f"{INDICATORS}/workshops/preview").status_code == 403
        assert browser.post(f"{INDICATORS}/preview?kind=events").status_code == 403
    assert sign_in_as(app, None).post(f"{INDICATORS}/workshops/preview").status_code == 404


def test_a_closed_project_shows_no_change(app: Flask, manager: FlaskClient):
    page = manager.get(f"{INDICATORS}/workshops/edit")
    with app.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    answer = previewed_again(manager, page, target="90")
    assert (answer.status_code, ROWS in page_text(answer)) == (409, False)
    assert "The project is closed" in read_summary(answer)[0]


def test_only_fifty_events_are_listed_with_the_number_of_the_rest(app: Flask):
    with app.app_context():
        make_project()
        for number in range(52):
            starts, ends = datetime(2026, 3, 10, 10), datetime(2026, 3, 10, 12)
            make_people(make_event(ref=f"W{number}", status="held", starts=starts, ends=ends), [f"P{number}"])
    manager = sign_in_as(app, Role.MANAGER)
    page = previewed(manager, f"{INDICATORS}/workshops/edit", measure_event_kinds=["training"])
    assert (len(lines(page, EVENTS)), "and 2 more events" in page_text(page)) == (50, True)


def test_the_number_of_queries_does_not_grow_with_the_events(app: Flask, manager: FlaskClient):
    page = manager.get(f"{INDICATORS}/workshops/edit")

    def asked() -> int:
        with noted_queries(app) as statements:
            assert previewed_again(manager, page, measure_joint="").status_code == 200
        return len(statements)

    asked()
    before = asked()
    with app.app_context():
        for number in range(20):
            make_people(make_event(ref=f"X{number}", status="held", organisers=["lps"]), [f"P{number}"])
    assert asked() == before


def test_the_reading_stays_marked_as_assumed_until_the_mark_is_taken_off(manager: FlaskClient):
    for address in ("workshops/edit", "new?kind=events"):
        page = manager.get(f"{INDICATORS}/{address}", follow_redirects=True)
        assert "How rows are counted is marked as assumed" in page_text(page)
    assert "marked as assumed" not in page_text(manager.get(f"/projects/{PROJECT}/structure/organisations/lps/edit"))


def test_an_edited_note_stands_under_the_table_in_each_language(manager: FlaskClient):
    notes = {
        "note_en": "Counts each visit.",
        "note_lt": "Skaičiuojamas kiekvienas.",
        "note_pl": "Liczy się każda wizyta.",
    }
    page = manager.get(f"{INDICATORS}/workshops/edit")
    assert saved(manager, page, **notes).status_code == 302
    for language in ("en", "lt", "pl"):
        text = page_text(manager.get(f"/projects/{PROJECT}/outcomes?lang={language}"))
        assert notes[f"note_{language}"] in text
    assert len(read_tables(manager.get(f"/projects/{PROJECT}/outcomes"))) >= 1
