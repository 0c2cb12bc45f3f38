"""Undoing imports: exactly their rows go, and only while nothing depends on them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.activities.models import Event, EventEvidence, Headcount, Participation
from portal.activities.queries import get_event_by_ref, list_headcounts, list_participations
from portal.activities.queries.exclusions import list_exclusions
from portal.activities.rules.comments import Author
from portal.activities.rules.drafts import EventDraft
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    record_headcounts,
    remove_participation,
    update_participation,
)
from portal.activities.services.comments import ask
from portal.activities.services.events import move_event, update_event
from portal.activities.services.exclusions import exclude_event, include_event
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.core.files.models import StoredFile
from portal.core.sentences import sentences
from portal.imports.models import Import, ImportedChange
from portal.imports.queries import get_import, list_obstacles
from portal.projects.models import Activity
from tests.conftest import NOW
from tests.integration.activities.files import bring_rows, exported, take_back
from tests.integration.activities.test_import_events import FEW, OPENING, W1, stored
from tests.make import PROJECT, make_event, make_headcounts, make_other_project, make_people, make_project, version_of

ONA = {"event": "W1", "participant": "ona@example.org", "name": "Ona", "country": "LT", "group": "professional"}
STAFF = {"event": "W1", "group": "staff", "country": "LT", "number": 10}
SOMEONE = ParticipationDraft("ona@example.org", "staff", name="Someone", country="PL", age_band="18-29")


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def row_of(model: type[Any]) -> dict[str, Any]:
    """The one row of the table, by column."""
    row = db.session.scalars(select(model)).one()
    return {column.key: getattr(row, column.key) for column in model.__table__.columns}


def refused(import_id: int) -> dict[str, Any]:
    """Why the import cannot be undone: the code and the numbers; fail if it can, or if anything is done.

    Whoever only asks is told the same.
    """
    before = [exported(name) for name in ("events", "participations", "headcounts")]
    with pytest.raises(Conflict) as error:
        take_back(import_id)
    db.session.rollback()
    assert list_obstacles(get_import(PROJECT, import_id)) == sentences(error.value)
    assert [exported(name) for name in ("events", "participations", "headcounts")] == before
    return {"code": error.value.problem.code, **error.value.problem.values}


def test_new_events_go_and_changed_ones_are_as_they_were(tmp_path):
    first = bring_rows(tmp_path, "events", W1)
    second = bring_rows(
        tmp_path,
        "events",
        {**W1, "place": "Kaunas", "organisers": "lpro", "status": "planned", "start": "2026-03-10 11:00"},
        {**FEW, "ref": "W2"},
    )
    assert stored()["organisers"] == ["lpro"]
    version = version_of(get_event_by_ref(PROJECT, "W1").id)
    take_back(second)
    assert stored() == OPENING
    event = get_event_by_ref(PROJECT, "W1")
    assert (event.import_id, event.version) == (first, version + 1)
    assert [row["ref"] for row in exported("events")] == ["W1"]
    take_back(first)
    assert exported("events") == []
    assert db.session.scalars(select(ImportedChange)).all() == []


def test_an_example_event_is_one_again(tmp_path):
    make_event(ref="W1")
    with transaction() as session:
        session.scalars(select(Event)).one().is_example = True
    take_back(bring_rows(tmp_path, "events", W1))
    event = get_event_by_ref(PROJECT, "W1")
    assert (event.is_example, event.import_id) == (True, None)


def test_new_people_go_and_changed_ones_are_as_they_were(tmp_path):
    event_id = make_event(ref="W1")
    make_people(event_id, ["p01"])
    add_participation(event_id, SOMEONE, now=NOW)
    before = exported("participations")
    import_id = bring_rows(tmp_path, "participations", ONA, {**ONA, "participant": "p02"})
    assert len(exported("participations")) == 3
    version = version_of(event_id)
    take_back(import_id)
    assert exported("participations") == before
    assert {row.import_id for row in list_participations(event_id).rows} == {None}
    assert version_of(event_id) == version + 1


def test_new_numbers_go_and_changed_ones_are_as_they_were(tmp_path):
    event_id = make_event(ref="W1")
    make_headcounts(event_id, HeadcountDraft("staff", 4, "LT"), HeadcountDraft("other", 1))
    before = exported("headcounts")
    import_id = bring_rows(tmp_path, "headcounts", STAFF, {**STAFF, "country": "PL"})
    assert [row["number"] for row in exported("headcounts")] == [1, 10, 10]
    take_back(import_id)
    assert exported("headcounts") == before
    assert {row.import_id for row in list_headcounts(event_id)} == {None}


def test_a_row_that_two_imports_wrote_is_undone_from_the_last(tmp_path):
    make_event(ref="W1")
    first = bring_rows(tmp_path, "participations", ONA)
    second = bring_rows(tmp_path, "participations", {**ONA, "country": "PL"})
    assert refused(first) == {"code": "import-rows-taken-over", "imports": [second], "changed": 1, "written": 1}
    take_back(second)
    assert exported("participations")[0]["country"] == "LT"
    assert row_of(Participation)["import_id"] == first
    take_back(first)
    assert exported("participations") == []


def test_a_row_whose_earlier_import_has_been_deleted_is_nobody_s_again(tmp_path):
    make_event(ref="W1")
    first = bring_rows(tmp_path, "participations", ONA)
    second = bring_rows(tmp_path, "participations", {**ONA, "country": "PL"})
    with transaction() as session:
        session.delete(session.get_one(Import, first))
    take_back(second)
    assert (row_of(Participation)["country"], row_of(Participation)["import_id"]) == ("LT", None)


def event_id() -> int:
    return get_event_by_ref(PROJECT, "W1").id


def edit_event() -> None:
    form = {"ref": "W1", "title": {"en": "Opening"}, "kind": "workshop", "activity": "1.1", "organisers": ["lps"]}
    event = get_event_by_ref(PROJECT, "W1")
    times = {"starts": event.starts_at.replace(tzinfo=None), "ends": event.ends_at.replace(tzinfo=None)}
    update_event(event.id, EventDraft(**form, **times, country="LT"), version=event.version, now=NOW)


def hold_event() -> None:
    move_event(event_id(), "planned", version=version_of(event_id()), now=NOW)


@pytest.mark.parametrize("change", [edit_event, hold_event])
def test_an_imported_event_that_a_person_has_changed_stays(tmp_path, change: Callable[[], None]):
    import_id = bring_rows(tmp_path, "events", W1, {**W1, "ref": "W2"})
    change()
    assert get_event_by_ref(PROJECT, "W1").import_id is None
    assert refused(import_id) == {"code": "import-rows-changed", "changed": 1, "written": 2}


def edit_person() -> None:
    row = list_participations(event_id()).rows[0]
    update_participation(row.id, SOMEONE, event_id=event_id(), now=NOW)


def remove_person() -> None:
    remove_participation(list_participations(event_id()).rows[0].id, event_id=event_id(), now=NOW)


@pytest.mark.parametrize("change", [edit_person, remove_person])
def test_an_imported_person_whom_somebody_has_changed_or_removed_keeps_the_import(tmp_path, change):
    make_event(ref="W1")
    import_id = bring_rows(tmp_path, "participations", ONA, {**ONA, "participant": "p02"})
    change()
    assert refused(import_id) == {"code": "import-rows-changed", "changed": 1, "written": 2}


@pytest.mark.parametrize("number", [11, 0])
def test_an_imported_number_that_somebody_has_changed_or_taken_away_keeps_the_import(tmp_path, number):
    make_event(ref="W1")
    import_id = bring_rows(tmp_path, "headcounts", STAFF, {**STAFF, "country": "PL"})
    record_headcounts(event_id(), [HeadcountDraft("staff", number, "LT")], version=version_of(event_id()), now=NOW)
    assert refused(import_id) == {"code": "import-rows-changed", "changed": 1, "written": 2}


def test_a_number_that_is_sent_again_as_it_is_stays_the_import_s(tmp_path):
    make_event(ref="W1")
    import_id = bring_rows(tmp_path, "headcounts", STAFF)
    same = [HeadcountDraft("staff", 10, "LT"), HeadcountDraft("other", 2)]
    record_headcounts(event_id(), same, version=version_of(event_id()), now=NOW)
    take_back(import_id)
    assert [(row["group"], row["number"]) for row in exported("headcounts")] == [("other", 2)]


def attach_file() -> None:
    with transaction() as session:
        session.add(StoredFile(sha256="a" * 64, size_bytes=1, media_type="application/pdf", stored_at=NOW))
        session.flush()
        session.add(EventEvidence(event_id=event_id(), kind="agenda", sha256="a" * 64, filename="a.pdf", added_at=NOW))


@pytest.mark.parametrize(
    ("add", "what"),
    [
        (lambda: make_people(event_id(), ["p01"]), "people"),
        (lambda: make_headcounts(event_id(), HeadcountDraft("staff", 1)), "numbers"),
        (attach_file, "files"),
        (lambda: ask(PROJECT, "event", event_id(), "When?", by=Author(1, "Ona"), now=NOW), "comments"),
        (lambda: exclude_event(event_id(), "workshops", "Counted elsewhere", now=NOW), "exclusions"),
    ],
)
def test_an_imported_event_to_which_something_was_added_stays(tmp_path, add, what):
    import_id = bring_rows(tmp_path, "events", W1, {**W1, "ref": "W2"})
    add()
    none = {"people": 0, "numbers": 0, "files": 0, "comments": 0, "exclusions": 0}
    assert refused(import_id) == {"code": "import-depended-on", **none, what: 1}


def test_an_imported_event_that_counts_again_can_go(tmp_path):
    import_id = bring_rows(tmp_path, "events", W1)
    exclude_event(event_id(), "workshops", "Counted elsewhere", now=NOW)
    include_event(event_id(), "workshops", now=NOW)
    take_back(import_id)
    assert exported("events") == []


def test_an_event_that_an_import_only_changed_stays_excluded_when_the_import_is_undone(tmp_path):
    make_event(ref="W1")
    import_id = bring_rows(tmp_path, "events", {**W1, "place": "Kaunas"})
    exclude_event(event_id(), "workshops", "Counted elsewhere", now=NOW)
    take_back(import_id)
    assert [(stored()["place"], row.reason) for row in list_exclusions(event_id()).values()] == [
        ("", "Counted elsewhere")
    ]


def test_people_on_an_event_that_an_import_only_changed_are_no_obstacle(tmp_path):
    make_people(make_event(ref="W1"), ["p01"])
    import_id = bring_rows(tmp_path, "events", {**W1, "place": "Kaunas"})
    make_people(event_id(), ["p02"])
    take_back(import_id)
    assert stored()["place"] == ""
    assert len(exported("participations")) == 2


def test_an_event_does_not_go_back_to_an_activity_that_is_no_longer_there(tmp_path):
    make_event(ref="W1", activity="1.2")
    import_id = bring_rows(tmp_path, "events", W1)
    with transaction() as session:
        gone = select(Activity).where(Activity.project_code == PROJECT, Activity.number == "1.2")
        session.delete(session.scalars(gone).one())
    assert refused(import_id) == {"code": "import-undo-gone"}


def test_what_would_tie_a_name_to_a_sensitive_group_by_now_is_not_restored(tmp_path):
    make_event(ref="W2")
    add_participation(make_event(ref="W1"), ParticipationDraft("K001", "professional", name="Ona"), now=NOW)
    import_id = bring_rows(tmp_path, "participations", {"event": "W1", "participant": "K001", "name": ""})
    sensitive = ParticipationDraft("K001", "convicted_person")
    add_participation(get_event_by_ref(PROJECT, "W2").id, sensitive, now=NOW)
    assert refused(import_id) == {"code": "import-undo-ties"}


def test_what_is_taken_back_is_in_the_audit(tmp_path):
    bring_rows(tmp_path, "events", W1)
    add_participation(event_id(), SOMEONE, now=NOW)
    make_headcounts(event_id(), HeadcountDraft("staff", 4, "LT"))
    people = bring_rows(tmp_path, "participations", ONA, {**ONA, "participant": "p02"})
    numbers = bring_rows(tmp_path, "headcounts", STAFF, {**STAFF, "country": "PL"})
    events = bring_rows(tmp_path, "events", {**W1, "place": "Kaunas"}, {**FEW, "ref": "W2"})
    for import_id in (people, numbers, events):
        take_back(import_id)
    rows = select(AuditEntry.action, AuditEntry.subject, AuditEntry.changes)
    rows = rows.where(AuditEntry.action.like("%import_undone"), AuditEntry.subject_kind == "event")
    found = db.session.execute(rows.order_by(AuditEntry.id)).all()
    assert [row for row in found if row.subject == "W1"] == [
        ("participations_import_undone", "W1", {"removed": [None, 1], "restored": [None, 1]}),
        (
            "headcounts_import_undone",
            "W1",
            {"staff, LT, unknown, unknown": [10, 4], "staff, PL, unknown, unknown": [10, None]},
        ),
        ("event_import_undone", "W1", {"place": ["Kaunas", "Alytus"]}),
    ]
    gone = next(row for row in found if row.subject == "W2")
    assert gone.changes["kind"] == ["workshop", None]


def test_another_project_s_rows_stay(tmp_path):
    other = make_other_project()
    make_event(ref="W1", project_code=other)
    import_id = bring_rows(tmp_path, "events", W1)
    take_back(import_id)
    assert len(db.session.scalars(select(Event)).all()) == 1
    assert db.session.scalars(select(Headcount)).all() == []
