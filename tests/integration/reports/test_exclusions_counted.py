"""What excluding an event does to the outcome table, and that other acts on the project leave exclusions alone."""

from datetime import date

import pytest

from portal.accounts.rules import Role
from portal.activities.queries import get_event_by_ref
from portal.activities.queries.exclusions import list_exclusions
from portal.activities.services.exclusions import exclude_event, include_event
from portal.core.errors import Conflict
from portal.projects.rules.contract import Reason
from portal.projects.services.structure import Edit, remove_row, save_row
from portal.reports.checks import list_violations
from portal.reports.queries.merging import preview_merge
from portal.reports.queries.outcomes import outcome_table
from portal.reports.services.merging import merge_organisations
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_table, send_form
from tests.integration.projects.figures import edit_now
from tests.integration.test_outcome_vectors import make_year, table_on
from tests.make import PROJECT, make_event, make_project, make_tournament, sign_in_as

TODAY = date(2026, 11, 20)


def figures(day: date = TODAY) -> dict[str, int | None]:
    return {row.indicator.key: row.figures.achieved for row in table_on(day).rows}


def event_id(ref: str) -> int:
    return get_event_by_ref(PROJECT, ref).id


def active_through() -> dict[str, str]:
    [row] = [row for row in table_on(TODAY).rows if row.indicator.key == "organisations"]
    return {each.key: each.event.ref for each in row.figures.organisations}


@pytest.mark.usefixtures("in_app")
def test_without_the_tournament_the_initiatives_fall_and_nothing_else_but_their_sum():
    make_year()
    before = figures()
    exclude_event(event_id("V1"), "initiatives", "Counted by the municipality.", now=NOW)
    assert figures() == {**before, "initiatives": 22, "joint_actions": 67}
    assert (before["public_events"], before["organisations"]) == (1, 5)
    assert figures(date(2026, 6, 30))["initiatives"] == 0
    assert list_violations() == []
    include_event(event_id("V1"), "initiatives", now=NOW)
    assert figures() == before


@pytest.mark.usefixtures("in_app")
def test_organisations_of_an_excluded_event_are_active_through_the_next_one():
    make_year()
    assert active_through()["lps"] == "M1"
    for ref in ("M1", "W1"):
        exclude_event(event_id(ref), "organisations", "No cooperation took place.", now=NOW)
    # W1 and M1 were the first of lps and ols; the tournament is the next that they organised.
    assert active_through() == {"lps": "V1", "lpro": "S1", "ols": "V1", "alytus": "V1", "kaunas": "R1"}
    exclude_event(event_id("R1"), "organisations", "No cooperation took place.", now=NOW)
    assert figures()["organisations"] == 4


@pytest.mark.usefixtures("in_app")
def test_a_row_whose_only_event_is_excluded_is_0_and_not_unreported():
    make_project()
    only = make_event(ref="W1", status="held", is_public=True)
    for key in ("workshops", "organisations", "public_events"):
        exclude_event(only, key, "Not ours.", now=NOW)
    assert figures() == {
        "joint_actions": 0,
        "workshops": 0,
        "initiatives": None,
        "organisations": 0,
        "public_events": 0,
    }


@pytest.mark.usefixtures("in_app")
def test_merging_two_organisations_keeps_what_is_excluded():
    make_year()
    exclude_event(event_id("R1"), "initiatives", "Not ours.", now=NOW)
    merge = preview_merge(PROJECT, "alytus", "kaunas")
    edit = Edit(merge.project.version, Reason("The same one", TODAY))
    merge_organisations(PROJECT, kept="alytus", gone="kaunas", seen=merge.seal, edit=edit, now=NOW)
    assert [each.reason for each in list_exclusions(event_id("R1")).values()] == ["Not ours."]
    rows = {row.indicator.key: row.figures.achieved for row in outcome_table(PROJECT, TODAY, today=TODAY).rows}
    assert (rows["initiatives"], rows["organisations"]) == (56, 4)


# Rows to which no events add.
OTHER_MEASURES = [
    {"kind": "manual"},
    {"kind": "sum", "of": ["workshops"]},
    {"kind": "organisations", "roles": ["lead"], "active": False},
]


def change_measure(measure: dict) -> None:
    stated = {"key": "public_events", "name": {"en": "Public events"}, "target": 3, "measure": measure}
    save_row(PROJECT, "indicators", stated, edit=edit_now(), now=NOW, key="public_events")


@pytest.mark.parametrize("measure", OTHER_MEASURES, ids=lambda each: each["kind"])
@pytest.mark.parametrize("place", ["row", "event"])
def test_after_another_measure_a_decision_is_still_listed_and_taken_back_and_the_row_removed(app, measure, place):
    with app.app_context():
        make_project()
        number = make_tournament()
        exclude_event(number, "public_events", "Counted by the municipality.", now=NOW)
    manager = sign_in_as(app, Role.MANAGER)
    assert "1 event is excluded from rows" in page_text(manager.get(f"/projects/{PROJECT}/outcomes"))
    with app.app_context():
        change_measure(measure)
        with pytest.raises(Conflict) as refused:
            remove_row(PROJECT, "indicators", "public_events", edit=edit_now(), now=NOW)
        assert refused.value.problem.code == "indicator-with-exclusions"
    # No figure lacks the event any more, but the reason is not lost.
    assert "excluded from rows" not in page_text(manager.get(f"/projects/{PROJECT}/outcomes"))
    pages = {"row": f"/projects/{PROJECT}/outcomes/public_events", "event": f"/projects/{PROJECT}/events/{number}"}
    for address in pages.values():
        said = page_text(manager.get(address))
        assert "the manager excluded it from this row" in said
        assert "Counted by the municipality." in said
    back = {text: href for text, href in links_of(manager.get(pages[place])).items() if "count again" in text}
    assert send_form(manager, *back.values()).status_code == 302
    assert "the manager excluded it" not in page_text(manager.get(pages["event"]))
    with app.app_context():
        remove_row(PROJECT, "indicators", "public_events", edit=edit_now(), now=NOW)


def test_a_row_that_counts_no_events_lists_of_the_others_none(app):
    with app.app_context():
        make_year()
        exclude_event(event_id("V1"), "public_events", "Counted by the municipality.", now=NOW)
        change_measure({"kind": "manual"})
    page = sign_in_as(app, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/public_events")
    [row] = read_table(page, "Does not count")[1:]
    assert row[0].startswith("V1 ")
    assert row[3].startswith("the manager excluded it from this row: ")
