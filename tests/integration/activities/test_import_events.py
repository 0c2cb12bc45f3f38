"""Files of events: what is taken, what is refused, and what is said about it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from portal.activities.models import Event
from portal.activities.queries import get_event_by_ref
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.projects.models import Activity
from tests.integration.activities.files import bring_rows, counts, exported, found, plan
from tests.make import PROJECT, make_event, make_other_project, make_project

W1 = {
    "ref": "W1",
    "title": "Opening workshop",
    "title_lt": "Įvadinis seminaras",
    "title_pl": "",
    "kind": "workshop",
    "activity": "1.1",
    "start": "2026-03-10 10:00",
    "end": "2026-03-10 16:00",
    "timezone": "",
    "country": "LT",
    "place": "Alytus",
    "organisers": "lps; ols",
    "public": "no",
    "status": "held",
    "capacity": "20",
    "planned": "0",
}
FEW = {name: W1[name] for name in ("ref", "title", "kind", "activity", "start", "end", "country", "organisers")}


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def stored(ref: str = "W1") -> dict[str, Any]:
    event = get_event_by_ref(PROJECT, ref)
    return {
        "title": event.title,
        "kind": event.kind,
        "activity": event.activity.number,
        "starts": f"{event.starts_at:%Y-%m-%d %H:%M}",
        "ends": f"{event.ends_at:%Y-%m-%d %H:%M}",
        "zone": event.time_zone,
        "day": event.counting_date,
        "country": event.country,
        "place": event.place,
        "organisers": event.organiser_keys,
        "public": event.is_public,
        "status": event.status,
        "capacity": event.capacity,
        "planned": event.planned_participants,
    }


OPENING = {
    "title": {"en": "Opening workshop", "lt": "Įvadinis seminaras"},
    "kind": "workshop",
    "activity": "1.1",
    "starts": "2026-03-10 08:00",
    "ends": "2026-03-10 14:00",
    "zone": "Europe/Vilnius",
    "day": date(2026, 3, 10),
    "country": "LT",
    "place": "Alytus",
    "organisers": ["lps", "ols"],
    "public": False,
    "status": "held",
    "capacity": 20,
    "planned": 0,
}


def test_an_event_is_stored_with_all_that_is_stated(tmp_path):
    import_id = bring_rows(tmp_path, "events", W1)
    assert stored() == OPENING
    event = get_event_by_ref(PROJECT, "W1")
    assert (event.import_id, event.version, event.is_example) == (import_id, 1, False)


def test_what_a_file_does_not_say_of_a_new_event_is_the_default(tmp_path):
    bring_rows(tmp_path, "events", FEW)
    unsaid = {"title": {"en": "Opening workshop"}, "place": "", "status": "planned", "capacity": None, "planned": None}
    assert stored() == {**OPENING, **unsaid}


def test_a_column_that_is_not_there_keeps_what_is_stored_and_an_empty_cell_does_not(tmp_path):
    bring_rows(tmp_path, "events", {**W1, "public": "yes", "timezone": "Europe/Warsaw"})
    bring_rows(tmp_path, "events", {**FEW, "title": "Opening"})
    kept = {"title": {**OPENING["title"], "en": "Opening"}, "public": True}
    warsaw = {"zone": "Europe/Warsaw", "starts": "2026-03-10 09:00", "ends": "2026-03-10 15:00"}
    assert stored() == {**OPENING, **kept, **warsaw}
    empty = dict.fromkeys(("title_lt", "timezone", "place", "public", "capacity", "planned"), "")
    bring_rows(tmp_path, "events", {**FEW, **empty})
    bare = {"title": {"en": "Opening workshop"}, "place": "", "capacity": None, "planned": None}
    assert stored() == {**OPENING, **bare}


def test_another_country_brings_its_own_zone_where_the_zone_was_the_country_s_own(tmp_path):
    bring_rows(tmp_path, "events", W1)
    bring_rows(tmp_path, "events", {**FEW, "country": "PL"})
    assert (stored()["zone"], stored()["starts"]) == ("Europe/Warsaw", "2026-03-10 09:00")


def test_the_same_event_again_is_unchanged_and_a_changed_one_is_updated(tmp_path):
    bring_rows(tmp_path, "events", W1)
    assert counts(plan("events", W1)) == (0, 0, 1)
    assert counts(plan("events", FEW)) == (0, 0, 1)
    assert counts(plan("events", {**W1, "organisers": "ols;lps;ols"})) == (0, 0, 1)
    for change in ({"place": "Kaunas"}, {"organisers": "lps"}, {"capacity": 21}, {"status": "planned"}):
        assert counts(plan("events", {**W1, **change}, {**W1, "ref": "W2"})) == (1, 1, 0)


def test_cells_of_a_spreadsheet_are_taken_as_they_come():
    typed = {
        **W1,
        "start": datetime(2026, 3, 10, 10),
        "end": datetime(2026, 3, 10, 16),
        "activity": Decimal("1.1"),
        "public": False,
        "capacity": 20,
        "planned": 0,
    }
    assert counts(plan("events", {name: value or None if value == "" else value for name, value in typed.items()})) == (
        1,
        0,
        0,
    )


def test_everything_wrong_with_a_row_is_said_at_once_with_its_row_and_column():
    wrong = {
        "ref": "x" * 41,
        "title": None,
        "kind": "party",
        "activity": "9.9",
        "start": "31.02.2026 10:00",
        "end": "2026-03-10",
        "timezone": "Europe/Alytus",
        "country": "XX",
        "organisers": "lps;nobody;no-one",
        "public": "perhaps",
        "status": "done",
        "capacity": 0,
        "planned": "many",
    }
    result = plan("events", {**W1, "status": "planned"}, wrong)
    assert sorted(found(result)) == [
        (3, "activity", "unknown-value"),
        (3, "capacity", "cell-out-of-range"),
        (3, "country", "unknown-country"),
        (3, "end", "cell-time-missing"),
        (3, "kind", "cell-choice"),
        (3, "organisers", "unknown-value"),
        (3, "organisers", "unknown-value"),
        (3, "planned", "cell-not-whole"),
        (3, "public", "cell-not-yes-no"),
        (3, "ref", "cell-too-long"),
        (3, "start", "cell-no-such-day"),
        (3, "status", "cell-choice"),
        (3, "timezone", "unknown-time-zone"),
        (3, "title", "import-cell-empty"),
    ]
    assert {each.problem.values.get("value") for each in result.problems} >= {"nobody", "no-one", "9.9"}
    assert (result.rows, result.created) == (2, 1)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"ref": None}, "ref", "import-cell-empty"),
        ({"organisers": " ; "}, "organisers", "organisers-missing"),
        ({"end": "2026-03-10 10:00"}, "end", "ends-before-start"),
        ({"start": "2026-03-29 03:30", "end": "2026-03-29 10:00"}, "start", "time-skipped"),
        ({"start": "2026-10-25 03:30", "end": "2026-10-25 10:00"}, "start", "time-twice"),
        ({"start": "1989-03-10 10:00"}, "start", "date-out-of-range"),
        ({"country": "US"}, "timezone", "time-zone-needed"),
        ({"start": "2026-11-20 15:00", "end": "2026-11-20 16:00"}, "status", "event-not-begun"),
        ({"title": "x" * 201}, "title", "cell-too-long"),
        ({"place": "Aly\u200btus"}, "place", "text-unprintable"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused(change, column, code):
    assert found(plan("events", {**W1, **change})) == [(2, column, code)]


def test_one_time_that_cannot_be_read_does_not_hide_what_is_wrong_with_the_other():
    result = plan("events", {**W1, "start": "tomorrow", "end": "2026-03-29 03:30"})
    assert found(result) == [(2, "start", "cell-not-a-moment"), (2, "end", "time-skipped")]


def test_the_same_reference_twice_is_refused_naming_the_first_row():
    result = plan("events", W1, {**W1, "ref": "W2"}, {**W1, "ref": " W1 "})
    assert found(result) == [(4, "ref", "import-row-twice")]
    assert result.problems[0].problem.values == {"first": 2}


def test_an_event_goes_one_step_at_a_time():
    make_event(ref="W1", status="held")
    make_event(ref="W2", status="cancelled")
    row = {**FEW, "status": "cancelled"}
    result = plan("events", row, {**row, "ref": "W2", "status": "held"}, {**row, "ref": "W3"})
    assert found(result) == [(2, "status", "import-status-step"), (3, "status", "import-status-step")]
    assert counts(result) == (1, 0, 0)
    assert counts(plan("events", {**row, "status": "planned"})) == (0, 1, 0)


def test_a_held_event_cannot_be_put_into_the_future():
    make_event(ref="W1", status="held")
    late = {"start": "2026-11-20 15:00", "end": "2026-11-20 16:00"}
    assert found(plan("events", {**FEW, **late})) == [(2, "start", "held-in-future")]


def test_a_partner_creates_only_events_that_it_organises_too():
    rows = [{**FEW, "ref": "A1"}, {**FEW, "ref": "A2", "organisers": "lpro"}]
    assert found(plan("events", *rows, reach={"ols"})) == [(3, "organisers", "import-organisers-not-own")]
    assert found(plan("events", *rows, reach=set())) == [
        (2, "organisers", "import-organisers-not-own"),
        (3, "organisers", "import-organisers-not-own"),
    ]


def test_a_partner_changes_only_its_own_events_and_stays_their_organiser(tmp_path):
    bring_rows(tmp_path, "events", W1, {**W1, "ref": "L1", "organisers": "lpro"})
    mine, theirs = {**W1, "place": "Olsztyn"}, {**W1, "ref": "L1", "organisers": "lpro", "place": "Olsztyn"}
    assert counts(plan("events", mine, reach={"ols"})) == (0, 1, 0)
    assert found(plan("events", {**mine, "organisers": "lps"}, theirs, reach={"ols"})) == [
        (2, "organisers", "import-organisers-not-own"),
        (3, "ref", "import-event-not-own"),
    ]
    # A row that changes nothing may stand in a file of all events.
    assert counts(plan("events", W1, {**W1, "ref": "L1", "organisers": "lpro"}, reach={"ols"})) == (0, 0, 2)


def test_a_reference_of_another_project_is_free():
    make_event(ref="W1", project_code=make_other_project())
    assert counts(plan("events", W1)) == (1, 0, 0)


def test_a_number_of_an_activity_that_a_spreadsheet_may_have_shortened_is_refused():
    with transaction() as session:
        first = session.scalars(
            select(Activity).where(Activity.number == "1.1", Activity.project_code == PROJECT)
        ).one()
        tenth = {"work_package_id": first.work_package_id, "position": 99, "title": {"en": "Tenth"}}
        session.add(Activity(project_code=PROJECT, number="1.10", **tenth))
    result = plan("events", {**W1, "activity": Decimal("1.1")})
    assert found(result) == [(2, "activity", "import-activity-number")]
    assert result.problems[0].problem.values == {"value": "1.1", "other": "1.10"}
    assert counts(plan("events", W1, {**W1, "ref": "W2", "activity": "1.10"})) == (2, 0, 0)


def test_an_example_event_that_a_file_changes_is_somebody_s_from_then_on(tmp_path):
    make_event(ref="W1")
    with transaction() as session:
        session.scalars(select(Event)).one().is_example = True
    bring_rows(tmp_path, "events", W1)
    assert not get_event_by_ref(PROJECT, "W1").is_example


def test_each_event_has_its_entry_in_the_audit(tmp_path):
    bring_rows(tmp_path, "events", W1)
    bring_rows(tmp_path, "events", {**W1, "place": "Kaunas"}, {**FEW, "ref": "W2"})
    query = select(AuditEntry.subject, AuditEntry.changes).where(AuditEntry.action == "event_imported")
    entries = db.session.execute(query.order_by(AuditEntry.id)).all()
    assert [subject for subject, _ in entries] == ["W1", "W2", "W1"]
    assert entries[0].changes["organisers"] == [None, ["lps", "ols"]]
    assert entries[0].changes["activity"] == [None, "1.1"]
    assert entries[2].changes == {"place": ["Alytus", "Kaunas"]}


def test_an_event_without_an_english_title_is_exported_under_its_first_and_keeps_what_it_has(tmp_path):
    make_event(ref="W1", title={"lt": "Seminaras", "pl": "Warsztaty"})
    make_event(ref="W2", title={"pl": "Warsztaty"})
    rows = exported("events")
    shown = [(row["title"], row["title_lt"], row["title_pl"]) for row in rows]
    assert shown == [("Seminaras", "Seminaras", "Warsztaty"), ("Warsztaty", "", "Warsztaty")]
    assert counts(plan("events", *rows)) == (0, 0, 2)
    bring_rows(tmp_path, "events", {**rows[0], "title_lt": "Įvadas"}, {**rows[1], "title": "Workshop"})
    assert stored("W1")["title"] == {"lt": "Įvadas", "pl": "Warsztaty"}
    assert stored("W2")["title"] == {"en": "Workshop", "pl": "Warsztaty"}


def test_events_are_exported_in_order_of_their_references_and_only_within_the_reach():
    for ref, organisers in (("b", ["lps"]), ("B", ["ols"]), ("a", ["lps", "ols"])):
        make_event(ref=ref, organisers=organisers)
    assert [row["ref"] for row in exported("events")] == ["B", "a", "b"]
    assert [row["ref"] for row in exported("events", {"ols"})] == ["B", "a"]
    assert exported("events", set()) == []
