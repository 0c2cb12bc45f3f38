"""Changing a project on its pages: versions, staleness, what may not go, and files loaded over it."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.queries import get_event
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound
from portal.projects.queries import get_project
from portal.projects.queries.structure import get_structure
from portal.projects.queries.versions import get_version, list_versions
from portal.projects.rules.contract import Reason
from portal.projects.services.structure import Edit, remove_row, save_row, save_section
from portal.projects.services.structure_new import copy_project, create_project
from portal.projects.services.structure_status import move_project
from portal.reports.loading import load_file
from tests.conftest import NOW
from tests.make import PROJECT, PROJECT_FILE, make_event, make_project, make_user

pytestmark = pytest.mark.usefixtures("in_app")

WHY = Reason("Agreed with the programme.", date(2026, 12, 1))


def edit(reason: Reason = WHY) -> Edit:
    """A form that was opened just now."""
    return Edit(get_project(PROJECT).version, reason)


def period(number: int, start: date, last_day: date) -> dict[str, object]:
    return {"number": number, "start": start, "last_day": last_day}


def save_target(target: int, how: Edit) -> None:
    row = get_structure(PROJECT).rows["indicators"]["public_events"]
    stated = {"target": target, "code": row["code"], "unit": row["unit"], "name": row["name"], "note": row["note"]}
    save_row(PROJECT, "indicators", {**stated, "measure": row["measure"]}, key="public_events", edit=how, now=NOW)


def test_a_contractual_change_makes_two_versions_the_first_time_and_one_later():
    make_project()
    save_target(3, edit())
    save_target(4, edit())
    assert [(each.number, each.reason, each.valid_from) for each in list_versions(PROJECT)] == [
        (3, WHY.text, WHY.valid_from),
        (2, WHY.text, WHY.valid_from),
        (1, "as-agreed", date(2025, 11, 21)),
    ]
    targets = [get_version(PROJECT, number).rows["indicators"]["public_events"]["target"] for number in (1, 2, 3)]
    assert targets == [2, 3, 4]
    assert [change[:5] for change in get_version(PROJECT, 3).changes] == [
        ("indicators", "public_events", "target", 3, 4)
    ]


def test_the_audit_holds_what_changed_and_why():
    make_project()
    save_target(3, edit())
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "project_changed")).one()
    assert entry.changes == {
        "indicators.public_events.target": [2, 3],
        "reason": [None, WHY.text],
        "valid_from": [None, "2026-12-01"],
        "version": [None, 2],
    }


def test_without_a_reason_nothing_that_is_agreed_changes():
    make_project()
    with pytest.raises(InvalidInputs) as refusal:
        save_target(3, edit(Reason("", date(2026, 12, 1))))
    assert [(each.code, each.where) for each in refusal.value.problems] == [("reason-missing", "reason")]
    assert get_structure(PROJECT).rows["indicators"]["public_events"]["target"] == 2
    assert list_versions(PROJECT) == []


def test_texts_change_without_a_reason_and_make_no_version():
    make_project()
    save_section(PROJECT, "texts", {"summary": {"en": "Short."}}, edit=edit(Reason()), now=NOW)
    project = get_project(PROJECT)
    assert (project.summary, project.funding_statement, project.version) == ({"en": "Short."}, {}, 2)
    assert list_versions(PROJECT) == []


def test_a_change_that_changes_nothing_leaves_no_trace():
    make_project()
    save_target(2, edit(Reason()))
    assert get_project(PROJECT).version == 1
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "project_changed")).all() == []


def test_a_form_that_was_opened_before_another_change_is_stale():
    make_project()
    opened = edit()
    save_target(3, edit())
    with pytest.raises(Conflict) as refusal:
        save_target(4, opened)
    assert refusal.value.problem.code == "project-stale"


def test_rows_that_contradict_each_other_are_refused():
    make_project()
    with pytest.raises(InvalidInputs) as refusal:
        save_row(PROJECT, "periods", period(5, date(2027, 12, 1), date(2028, 1, 31)), edit=edit(), now=NOW)
    assert refusal.value.problem.code == "periods-overlap"
    stated = {"role": "lead", "country": "LT", "name": {"en": "Second"}}
    with pytest.raises(InvalidInputs) as refusal:
        save_row(PROJECT, "organisations", stated, key="lpro", edit=edit(), now=NOW)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("two-leads", "role")


def test_a_renumbered_activity_keeps_its_events():
    make_project()
    event_id = make_event(activity="1.1")
    row = get_structure(PROJECT).rows["activities"]["1.1"]
    stated = {"number": "1.3", "work_package": 1, "title": row["title"]}
    assert save_row(PROJECT, "activities", stated, key="1.1", edit=edit(), now=NOW) == "1.3"
    assert list(get_structure(PROJECT).rows["activities"])[:2] == ["1.2", "1.3"]
    assert get_event(PROJECT, event_id).activity.number == "1.3"


def test_what_is_referred_to_stays():
    make_project()
    make_event(activity="1.1", organisers=["lps", "ols"])
    make_user(Role.PARTNER, "alytus")
    before = get_structure(PROJECT).rows
    for table, key, code in (
        ("activities", "1.1", "activity-with-events"),
        ("organisations", "ols", "organisation-with-events"),
        ("organisations", "alytus", "organisation-with-members"),
        ("indicators", "workshops", "indicator-summed"),
        ("work_packages", "1", "work-package-with-activities"),
    ):
        with pytest.raises(Conflict) as refusal:
            remove_row(PROJECT, table, key, edit=edit(), now=NOW)
        assert refusal.value.problem.code == code
    assert get_structure(PROJECT).rows == before


def test_a_row_that_nothing_refers_to_goes_and_is_not_found_again():
    make_project()
    remove_row(PROJECT, "activities", "2.3", edit=edit(), now=NOW)
    assert "2.3" not in get_structure(PROJECT).rows["activities"]
    with pytest.raises(NotFound):
        remove_row(PROJECT, "activities", "2.3", edit=edit(), now=NOW)


def plan_of_11() -> dict[str, object]:
    return {
        "number": "1.1",
        "work_package": 1,
        "title": get_structure(PROJECT).rows["activities"]["1.1"]["title"],
        "responsible": "ols",
        "planned_first_day": date(2026, 3, 1),
        "planned_last_day": date(2026, 9, 30),
    }


def test_what_a_file_does_not_state_survives_its_loading():
    make_project()
    save_row(PROJECT, "activities", plan_of_11(), key="1.1", edit=edit(), now=NOW)
    save_row(PROJECT, "deliverables", {"number": "D1.1.1", "activity": "1.1"}, edit=edit(), now=NOW)
    before = get_structure(PROJECT).rows
    loaded = load_file(PROJECT_FILE, now=NOW)
    assert (loaded.changed, loaded.differences) == (False, ())
    assert get_structure(PROJECT).rows == before
    assert before["activities"]["1.1"]["responsible"] == "ols"
    assert list(before["deliverables"]) == ["D1.1.1"]


def test_a_target_changed_on_a_page_is_kept_and_reported_when_the_file_is_loaded():
    make_project()
    save_target(3, edit())
    [difference] = load_file(PROJECT_FILE, now=NOW).differences
    assert difference == ("indicators", "public_events", "target", 3, 2)


def changed_file(folder, old: str, new: str):
    text = PROJECT_FILE.read_text(encoding="utf-8")
    assert old in text
    path = folder / "changed.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_file_that_changes_what_is_agreed_makes_a_version_and_makes_forms_stale(tmp_path):
    make_project()
    opened = edit()
    load_file(changed_file(tmp_path, "target = 2  ", "target = 3  "), now=NOW)
    assert [(each.number, each.reason) for each in list_versions(PROJECT)] == [(2, "project-file"), (1, "as-agreed")]
    with pytest.raises(Conflict):
        save_target(4, opened)


def test_a_closed_project_takes_no_change_and_no_file(tmp_path):
    make_project()
    move_project(PROJECT, "closed", version=1, now=NOW)
    with pytest.raises(Conflict) as refusal:
        save_target(3, edit())
    assert refusal.value.problem.code == "project-closed"
    with pytest.raises(Conflict):
        load_file(changed_file(tmp_path, "target = 2  ", "target = 3  "), now=NOW)
    assert not load_file(PROJECT_FILE, now=NOW).changed
    move_project(PROJECT, "running", version=2, now=NOW)
    save_target(3, edit())


NEW = {
    "project": {
        "code": "NEW-1",
        "programme": "Interreg",
        "fund": "ERDF",
        "cofinancing_rate": "80",
        "currency": "EUR",
        "start": date(2027, 1, 1),
        "last_day": date(2028, 12, 31),
        "title": {"en": "New"},
    },
    "organisations": [{"key": "town", "role": "lead", "country": "PL", "name": {"en": "Town"}}],
}


def test_a_new_project_is_in_preparation_and_changes_without_a_reason():
    user_id = make_user(None)
    assert create_project(NEW, user_id=user_id, now=NOW) == "NEW-1"
    project = get_project("NEW-1")
    assert (project.status, project.version, project.time_zone) == ("preparation", 1, "Europe/Warsaw")
    save_row("NEW-1", "periods", period(1, date(2027, 1, 1), date(2027, 6, 30)), edit=Edit(1), now=NOW)
    assert list_versions("NEW-1") == []
    move_project("NEW-1", "running", version=2, now=NOW)
    [version] = list_versions("NEW-1")
    assert (version.number, version.valid_from, list(version.rows["periods"])) == (1, date(2027, 1, 1), ["1"])


def test_a_code_is_given_once():
    make_project()
    user_id = make_user(None)
    taken = {**NEW, "project": {**NEW["project"], "code": PROJECT}}
    with pytest.raises(InvalidInput) as refusal:
        create_project(taken, user_id=user_id, now=NOW)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("project-code-taken", "code")


def test_what_is_wrong_with_a_new_project_is_named_at_the_fields_of_its_form():
    wrong = {
        "project": {**NEW["project"], "code": "small", "cofinancing_rate": "101"},
        "organisations": [{"key": "Town Hall", "role": "lead", "country": "LT", "name": {"en": "Town"}}],
    }
    with pytest.raises(InvalidInputs) as refusal:
        create_project(wrong, user_id=1, now=NOW)
    assert [(each.code, each.where) for each in refusal.value.problems] == [
        ("project-code-malformed", "code"),
        ("percent-out-of-range", "cofinancing_rate"),
        ("key-malformed", "lead_key"),
    ]


def test_a_copy_has_the_structure_and_nothing_else():
    make_project()
    make_event()
    user_id = make_user()
    stated = {"code": "COPY-1", "title": {"en": "Copy"}, "start": date(2028, 1, 1), "last_day": date(2029, 12, 31)}
    save_row(PROJECT, "activities", plan_of_11(), key="1.1", edit=edit(), now=NOW)
    copy_project(PROJECT, stated, keep_budgets=False, user_id=user_id, now=NOW)
    source, copy = get_structure(PROJECT).rows, get_structure("COPY-1").rows
    for table in ("work_packages", "indicators"):
        assert copy[table] == source[table]
    assert copy["activities"]["1.1"]["planned_last_day"] == date(2028, 9, 30)
    assert (copy["periods"], copy["organisations"]["lps"]["budget_cents"]) == ({}, None)
    project = get_project("COPY-1")
    assert (project.status, project.last_day, project.agreement_signed) == ("preparation", date(2029, 12, 31), None)
