"""Pages of a project's structure: who may, what a stale or refused form keeps, and what each says."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.queries import list_holdings
from portal.accounts.rules import Holding, Role
from portal.projects.queries import get_project
from portal.projects.queries.structure import get_structure
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary, read_table
from tests.integration.projects.typing import NEW, fill, send
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_project,
    make_user,
    noted_queries,
    sign_in,
    sign_in_as,
)

STRUCTURE = f"/projects/{PROJECT}/structure"
REASON = {"reason": "Agreed with the programme.", "valid_from": "2026-12-01"}


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """The browser of the manager of LTPL00388."""
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.MANAGER)


def test_only_the_manager_sees_the_structure_and_everyone_the_versions(app: Flask, manager: FlaskClient):
    viewer = sign_in_as(app, Role.VIEWER)
    assert manager.get(STRUCTURE).status_code == 200
    assert viewer.get(STRUCTURE).status_code == 403
    assert "Project" not in links_of(viewer.get(f"/projects/{PROJECT}/members"))
    answer = viewer.get(f"/projects/{PROJECT}/versions")
    assert "Nothing that is agreed has changed" in page_text(answer)
    fill(manager, f"{STRUCTURE}/indicators/public_events/edit", target="3", **REASON)
    assert read_table(viewer.get(f"/projects/{PROJECT}/versions"), "Versions")[1][:3] == [
        "Version 2",
        "1 December 2026",
        "Agreed with the programme.",
    ]
    assert "Target 2 3" in page_text(viewer.get(f"/projects/{PROJECT}/versions/2"))
    assert viewer.get(f"/projects/{PROJECT}/versions/3").status_code == 404


def test_a_version_tells_what_changed_in_words(manager: FlaskClient):
    fill(manager, f"{STRUCTURE}/work_packages/new", **REASON)
    assert read_table(manager.get(f"/projects/{PROJECT}/versions/2"), "What is agreed anew")[1:] == [
        ["Work package 3", "–", "added"]
    ]
    fill(manager, f"{STRUCTURE}/organisations/lpro/edit", budget="83 000", flat_rates_staff="20", **REASON)
    fill(manager, f"{STRUCTURE}/activities/1.1/edit", responsible="ols", planned_first_day="2026-03-01", **REASON)
    fill(manager, f"{STRUCTURE}/activities/2.3/remove", **REASON)
    assert read_table(manager.get(f"/projects/{PROJECT}/versions/3"), "What is agreed anew")[1:] == [
        ["Organisation Lithuanian Probation Service: Budget", "€83,521.12", "€83,000.00"],
        [
            "Organisation Lithuanian Probation Service: Flat rates",
            "–",
            "Staff, in per cent of travel, external expertise, equipment and works: 20 %",
        ],
    ]
    assert read_table(manager.get(f"/projects/{PROJECT}/versions/4"), "What is agreed anew")[1:] == [
        ["Activity 1.1: Responsible partner", "–", "Regional Prison Inspectorate in Olsztyn"],
        ["Activity 1.1: Planned first day", "–", "1 March 2026"],
    ]
    [gone, *held] = read_table(manager.get(f"/projects/{PROJECT}/versions/5"), "What is agreed anew")[1:]
    assert gone == ["Activity 2.3", "–", "removed"]
    assert [line[0] for line in held] == ["Activity 2.3: Work package", "Activity 2.3: Title"]


def test_who_made_a_version_is_told_to_those_who_may_read_the_audit(app: Flask, manager: FlaskClient):
    fill(manager, f"{STRUCTURE}/indicators/public_events/edit", target="3", **REASON)
    viewer, auditor = sign_in_as(app, Role.VIEWER), sign_in_as(app, Role.AUDITOR)
    for path in ("versions", "versions/2"):
        assert "manager-@example.org" in page_text(auditor.get(f"/projects/{PROJECT}/{path}"))
        assert "manager-@example.org" not in page_text(viewer.get(f"/projects/{PROJECT}/{path}"))


def test_only_administrators_and_managers_make_projects(app: Flask, manager: FlaskClient):
    assert sign_in_as(app, Role.PARTNER, "ols").get(NEW, follow_redirects=True).status_code == 404
    stranger = sign_in_as(app, None)
    assert stranger.get(NEW, follow_redirects=True).status_code == 404
    assert "New project" not in links_of(stranger.get("/projects/"))
    assert manager.get(NEW, follow_redirects=True).status_code == 200


def test_who_copies_a_project_manages_the_new_one(app: Flask, manager: FlaskClient):
    page = fill(
        manager,
        f"/projects/{PROJECT}/copy",
        code="COPY-1",
        title_en="The next one",
        start="2028-01-01",
        last_day="2029-12-31",
        keep_budgets="y",
    )
    assert page.request.path == "/projects/COPY-1/structure"
    assert read_table(page, "Organisations")[1][3] == "€179,460.00"
    with app.app_context():
        manager_id = 1
        assert list_holdings(manager_id, "COPY-1") == [Holding(Role.MANAGER)]


def test_a_project_in_preparation_is_not_public(app: Flask, manager: FlaskClient):
    copied = {"code": "COPY-1", "title_en": "The next one", "start": "2028-01-01", "last_day": "2029-12-31"}
    page = fill(manager, f"/projects/{PROJECT}/copy", **copied)
    visitor = app.test_client()
    assert "Public page" not in links_of(page)
    assert visitor.get("/public/COPY-1").status_code == 404
    assert "The next one" not in page_text(visitor.get("/"))
    fill(manager, "/projects/COPY-1/status")
    assert visitor.get("/public/COPY-1").status_code == 200


def test_a_stale_form_keeps_what_was_typed_and_shows_what_differs(app: Flask, manager: FlaskClient):
    address = f"{STRUCTURE}/organisations/ols/edit"
    opened = read_fields(manager.get(address))
    fill(manager, address, name_pl="Inspektorat")
    late = manager.post(address, data={**opened, "name_pl": "OISW Olsztyn"})
    assert late.status_code == 409
    assert read_table(late, "What differs")[1:] == [["Name in Polish", "Inspektorat", "OISW Olsztyn"]]
    again = manager.post(address, data=read_fields(late))
    assert again.status_code == 302
    with app.app_context():
        assert get_structure(PROJECT).rows["organisations"]["ols"]["name"]["pl"] == "OISW Olsztyn"


def test_what_cannot_be_stored_is_named_at_its_field_and_kept(manager: FlaskClient):
    answer = send(manager, f"{STRUCTURE}/organisations/ols/edit", budget="1,234", role="lead", **REASON)
    assert answer.status_code == 422
    assert list(read_errors(answer)) == ["budget"]
    assert read_fields(answer)["budget"] == "1,234"
    answer = send(manager, f"{STRUCTURE}/organisations/ols/edit", role="lead", **REASON)
    assert read_errors(answer) == {"role": "“lps” is already the lead. Give one of the two another role."}


def test_amounts_are_shown_as_the_language_writes_them_and_read_back(app: Flask, manager: FlaskClient):
    address = f"{STRUCTURE}/organisations/lpro/edit"
    for language, shown in (("en", "83,521.12"), ("lt", "83 521,12"), ("pl", "83 521,12")):
        fields = read_fields(manager.get(f"{address}?lang={language}"))
        assert fields["budget"] == shown
        assert manager.post(address, data=fields).status_code == 302
    with app.app_context():
        # Nothing was changed by it.
        assert get_project(PROJECT).version == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("manual", []),
        ("sum", ["measure_of"]),
        ("organisations", ["measure_roles", "measure_active"]),
        ("events", ["measure_joint", "measure_public", "measure_event_kinds"]),
        ("survey", ["measure_study", "measure_scale", "measure_item", "measure_wave", "measure_statistic"]),
    ],
)
def test_an_indicators_form_has_the_fields_of_its_kind(manager: FlaskClient, kind: str, expected: list[str]):
    page = manager.get(f"{STRUCTURE}/indicators/new?kind={kind}", follow_redirects=True)
    assert {name for name in read_fields(page) if name.startswith("measure_")} == set(expected)


def test_an_indicator_without_a_kind_asks_for_one_first(manager: FlaskClient):
    page = manager.get(f"{STRUCTURE}/indicators/new", follow_redirects=True)
    assert page.request.path == f"{STRUCTURE}/measures"
    address = links_of(page)["Sum of other indicators"]
    fields = {"key": "both", "name_en": "Both", "measure_of": ["workshops", "initiatives"]}
    done = fill(manager, address, **fields, **REASON)
    assert "Indicators to add up: workshops, initiatives" in page_text(done)


def test_an_indicator_takes_another_measure(app: Flask, manager: FlaskClient):
    address = links_of(manager.get(f"{STRUCTURE}/measures?key=workshops"))["Persons"]
    fill(manager, address, measure_work_package="1", **REASON)
    with app.app_context():
        measure = get_structure(PROJECT).rows["indicators"]["workshops"]["measure"]
    # What both kinds take is kept.
    assert measure["kind"] == "persons"
    assert (measure["joint"], measure["work_package"]) == (True, 1)


def test_a_row_with_events_says_why_it_stays(app: Flask, manager: FlaskClient):
    with app.app_context():
        make_event(activity="1.1")
    answer = send(manager, f"{STRUCTURE}/activities/1.1/remove", **REASON)
    assert answer.status_code == 409
    assert read_summary(answer) == ["This activity has events. Give those another activity first."]
    done = fill(manager, f"{STRUCTURE}/activities/2.3/remove", **REASON)
    assert "2.3 " not in page_text(done)


def test_what_is_not_there_is_not_found(app: Flask, manager: FlaskClient):
    for path in (
        "organisations/nobody/edit",
        "nonsense/new",
        "activities/9.9/remove",
        "project/nonsense",
        "nonsense/1/edit",
    ):
        assert manager.get(f"{STRUCTURE}/{path}", follow_redirects=True).status_code == 404
    assert manager.get(f"{STRUCTURE}/measures?key=nobody").status_code == 404


def test_another_project_is_not_there(app: Flask, manager: FlaskClient):
    with app.app_context():
        make_other_project()
    for path in ("structure", "structure/organisations/lps/edit", "status", "copy", "versions", "versions/1"):
        assert manager.get(f"/projects/{OTHER_PROJECT}/{path}").status_code == 404


def test_a_form_sent_twice_adds_one_row(app: Flask, manager: FlaskClient):
    page = manager.get(f"{STRUCTURE}/deliverables/new?in=1.1", follow_redirects=True)
    fields = {**read_fields(page), "title_en": "Handbook", **REASON}
    assert fields["number"] == "D1.1.1"
    for _time in range(2):
        assert manager.post(page.request.full_path, data=fields).status_code == 302
    with app.app_context():
        assert list(get_structure(PROJECT).rows["deliverables"]) == ["D1.1.1"]


def test_the_structure_takes_the_same_number_of_queries_however_large_it_is(app: Flask, manager: FlaskClient):
    with noted_queries(app) as few:
        manager.get(STRUCTURE)
    for number in ("2.5", "2.6"):
        fill(manager, f"{STRUCTURE}/activities/new?in=2", number=number, **REASON)
        fill(manager, f"{STRUCTURE}/deliverables/new?in={number}", **REASON)
    with noted_queries(app) as more:
        manager.get(STRUCTURE)
    assert len(few) == len(more)


def test_an_administrator_sees_no_structure_of_a_project_they_are_no_member_of(app: Flask, manager: FlaskClient):
    with app.app_context():
        user_id = make_user(None, email="new-admin@example.org", admin=True)
    admin = sign_in(app.test_client(), user_id)
    assert admin.get(STRUCTURE).status_code == 404
    assert manager.get(STRUCTURE).status_code == 200
