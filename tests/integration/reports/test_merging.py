"""Two records of one organisation are merged after a preview: all of it at once, nothing more, nothing less."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.accounts.queries import list_holdings
from portal.accounts.rules import Holding, Role
from portal.core.db import Base, db
from portal.projects.models import Contact
from portal.projects.queries import get_organisation, list_organisations, list_responsibilities
from portal.projects.rules.contract import Reason
from portal.projects.services.structure import Edit
from portal.reports.queries.merging import list_moved_figures, preview_merge
from portal.reports.queries.outcomes import outcome_table
from portal.reports.services.merging import merge_organisations
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_table
from tests.integration.reports.duplicates import (
    DOUBLE,
    MERGE,
    TODAY,
    entries,
    make_doubled,
    organisers,
    press,
)
from tests.make import (
    PROJECT,
    make_event,
    make_project,
    sign_in_as,
)


@pytest.fixture
def doubled(app):
    make_doubled(app)
    return app


@pytest.fixture
def manager(doubled):
    return sign_in_as(doubled, Role.MANAGER)


def test_the_preview_says_exactly_what_happens(manager):
    assert manager.get(f"{MERGE}?other=double").location == DOUBLE
    page = manager.get(DOUBLE)
    text = page_text(page)
    for said in (
        "“OISW Olsztyn” (double) goes, “Regional Prison Inspectorate in Olsztyn” stays",
        "It is also written: OISW Olsztyn; OISW",
        "The address: ul. Przykładowa 1",
        "1 contact : A. Contact",
        "It answers for 1 more activity : 1.2",
        "3 events get it as organiser: JOINT, ALONE, BOTH",
        "Organised by both until now, then by the one: BOTH",
        "Someone · Partner: has this role for the record that stays, with all that is open to it",
        "Someone · Partner: has this role for both, and keeps the one",
        "Merge the two records",
    ):
        assert said.replace(" :", ":") in text.replace(" :", ":")
    assert "No longer joint" not in text
    assert read_table(page, "What comes out differently")[1:] == [["Cross-border partner organizations", "3", "2"]]


def test_merging_does_what_the_preview_said(doubled, manager):
    done = press(manager)
    assert (done.status_code, done.location) == (302, f"/projects/{PROJECT}/organisations/ols")
    assert organisers(doubled) == {
        "BOTH": ["ols"],
        "ALONE": ["ols"],
        "JOINT": ["lps", "ols"],
        "OTHER": ["lps", "ols"],
    }
    with doubled.app_context():
        kept = get_organisation(PROJECT, "ols")
        assert kept.aliases[1:] == ["OISW Olsztyn", "OISW"]
        assert kept.address == "ul. Przykładowa 1"
        assert [each.name for each in kept.contacts] == ["A. Contact"]
        assert [each.number for each in list_responsibilities(kept)] == ["1.2"]
        assert list_holdings(1, PROJECT) == [Holding(Role.PARTNER, "ols")]
        assert list_holdings(2, PROJECT) == [Holding(Role.PARTNER, "ols")]
        assert (kept.role, kept.country, kept.budget_cents) == ("partner", "PL", 113_895_00)
    assert manager.get(f"/projects/{PROJECT}/organisations/double").status_code == 404
    assert manager.get(DOUBLE).status_code == 404
    assert "OISW Olsztyn" in page_text(manager.get(f"/projects/{PROJECT}/organisations/ols"))


def test_the_audit_keeps_it_on_both_records_and_on_all_that_moved(doubled, manager):
    press(manager)
    [merged] = entries(doubled, "organisations_merged")
    assert (merged.actor, merged.subject) == ("manager-@example.org", "ols")
    assert merged.changes["merged"] == [None, "double"]
    assert merged.changes["reason"] == [None, "It was recorded twice."]
    assert merged.changes["address"] == ["", "ul. Przykładowa 1"]
    [away] = entries(doubled, "organisation_merged_away")
    assert (away.subject, away.changes["merged_into"]) == ("double", [None, "ols"])
    assert away.changes["name"] == [{"en": "OISW Olsztyn"}, None]
    changed = entries(doubled, "event_changed")
    assert [(each.subject, each.changes) for each in changed] == [
        ("BOTH", {"organisers": [["ols", "double"], ["ols"]]}),
        ("ALONE", {"organisers": [["double"], ["ols"]]}),
        ("JOINT", {"organisers": [["lps", "double"], ["lps", "ols"]]}),
    ]
    assert [each.changes for each in entries(doubled, "membership_moved")] == [{"organisation": ["double", "ols"]}]
    assert len(entries(doubled, "membership_removed")) == 1
    for action in ("organisations_merged", "organisation_merged_away", "contact_removed"):
        assert all("A. Contact" not in str(each.changes) for each in entries(doubled, action))


def test_the_other_one_may_be_kept_instead_and_takes_the_budget_over_whole(doubled, manager):
    with doubled.app_context():
        get_organisation(PROJECT, "double").role = "partner"
        db.session.commit()
    swapped = links_of(manager.get(DOUBLE))["Keep the other one instead"]
    assert swapped == f"/projects/{PROJECT}/organisations/double/merge/ols"
    assert "The budget: €113,895.00" in page_text(manager.get(swapped))
    assert press(manager, swapped).status_code == 302
    with doubled.app_context():
        kept = get_organisation(PROJECT, "double")
        assert (kept.budget_cents, kept.name["en"]) == (113_895_00, "OISW Olsztyn")
        assert "Regional Prison Inspectorate in Olsztyn" in kept.aliases
        assert sum(each.budget_cents or 0 for each in kept.project.organisations) == 376_876_12


def test_an_address_that_both_have_stays_and_the_preview_says_which_is_lost(doubled, manager):
    with doubled.app_context():
        get_organisation(PROJECT, "ols").address = "ul. Inna 2"
        db.session.commit()
    assert "The address stays as it is. Lost is: ul. Przykładowa 1" in page_text(manager.get(DOUBLE))
    press(manager)
    with doubled.app_context():
        assert get_organisation(PROJECT, "ols").address == "ul. Inna 2"


def test_a_contact_that_both_name_with_the_same_words_is_kept_once(doubled, manager):
    with doubled.app_context():
        db.session.add(Contact(organisation=get_organisation(PROJECT, "ols"), name="A. Contact"))
        db.session.commit()
    assert "0 contacts" in page_text(manager.get(DOUBLE))
    press(manager)
    with doubled.app_context():
        assert [each.name for each in get_organisation(PROJECT, "ols").contacts] == ["A. Contact"]
        assert len(db.session.scalars(select(Contact)).all()) == 1
    assert len(entries(doubled, "contact_removed")) == 1


def test_where_the_countries_differ_the_preview_says_which_events_and_figures_change(doubled, manager):
    """JOINT was of LT and PL; once the duplicate is the Lithuanian lpro, its twelve people count no longer."""
    address = f"/projects/{PROJECT}/organisations/lpro/merge/double"
    page = manager.get(address)
    text = page_text(page)
    assert "The record that goes is from another country: Poland." in text
    assert "No longer joint, because all organisers then come from one country: JOINT" in text
    moved = {row[0]: row[1:] for row in read_table(page, "What comes out differently")[1:]}
    assert ["12", "0"] in moved.values()
    assert press(manager, address).status_code == 302
    with doubled.app_context():
        after = outcome_table(PROJECT, TODAY, today=TODAY)
        shown = {row.indicator.name["en"]: str(row.figures.achieved) for row in after.rows}
        assert {name: figures[1] for name, figures in moved.items()} == {name: shown[name] for name in moved}


@pytest.mark.parametrize("kept", ["ols", "lpro", "lps", "alytus"])
def test_every_figure_comes_out_as_the_preview_says_and_the_others_stay(doubled, kept):
    with doubled.app_context():
        before = {row.indicator.key: row.figures.achieved for row in outcome_table(PROJECT, TODAY, today=TODAY).rows}
        merge = preview_merge(PROJECT, kept, "double")
        moved = {each.indicator.key: (each.before, each.after) for each in list_moved_figures(merge, TODAY)}
        edit = Edit(merge.project.version, Reason("Recorded twice", TODAY))
        merge_organisations(PROJECT, kept=kept, gone="double", seen=merge.seal, edit=edit, now=NOW)
        after = {row.indicator.key: row.figures.achieved for row in outcome_table(PROJECT, TODAY, today=TODAY).rows}
    assert {key: (before[key], after[key]) for key in before if before[key] != after[key]} == moved


def test_all_that_refers_to_an_organisation_is_moved_by_a_merge(app):
    """A new table that refers to organisations needs its part in the merge, or rows are lost or in the way."""
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
        for column in key.columns
        if key.referred_table.name == "organisations" and column.name != "project_code"
    }
    assert found == {
        "activities.responsible_id",
        "budget_lines.organisation_id",
        "contacts.organisation_id",
        "contracts.organisation_id",
        "contributions.organisation_id",
        "event_organisers.organisation_id",
        "evidence_batches.organisation_id",
        "expenditure_items.organisation_id",
        "memberships.organisation_key",
    }


def test_a_merge_of_many_events_asks_for_each_once(doubled, manager):
    with doubled.app_context():
        for number in range(30):
            starts = datetime(2026, 4, 1 + number % 28, 10)
            make_event(ref=f"M{number}", organisers=["double"], starts=starts, ends=starts.replace(hour=12))
    assert "33 events get it as organiser:" in page_text(manager.get(DOUBLE))
    assert press(manager).status_code == 302
    assert all("double" not in keys for keys in organisers(doubled).values())


def test_loading_the_project_file_again_does_not_bring_the_record_back(doubled, manager):
    assert press(manager, f"/projects/{PROJECT}/organisations/lpro/merge/alytus").status_code == 302
    with doubled.app_context():
        make_project()
        keys = [each.key for each in list_organisations(PROJECT)]
        assert "alytus" not in keys
        assert "Alytus City Municipality" in get_organisation(PROJECT, "lpro").aliases
