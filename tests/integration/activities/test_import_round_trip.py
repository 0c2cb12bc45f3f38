"""What is exported and imported again changes nothing; what has changed since it was looked at is not overwritten."""

import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.activities.queries import get_event_by_ref
from portal.activities.rules.participants import PARTICIPATION_STATUSES, SENSITIVE_GROUPS
from portal.activities.services.attendance import HeadcountDraft, ParticipationDraft, add_participation
from portal.activities.services.events import move_event
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.imports.kinds import Cancelled, Request
from portal.imports.models import Import
from portal.imports.rows import STEP
from portal.imports.services.checking import check_file
from portal.imports.workbooks import export_workbook
from portal.projects.models import Activity
from portal.projects.rules.vocabulary import AGE_BANDS, GENDERS, GROUPS
from tests.conftest import NOW, empty_database
from tests.integration.activities.files import bring_rows, counts, exported, found, kind, plan, request, table
from tests.integration.activities.test_import_events import FEW, W1
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_headcounts,
    make_other_project,
    make_people,
    make_project,
    noted_queries,
)

KINDS = ("events", "participations", "headcounts")
FORMULA = '=HYPERLINK("http://example.org","x")'


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def again(name: str, folder: Path, reach: frozenset[str] | None = None) -> tuple[int, int, int]:
    """What importing the workbook of the export would do."""
    path = folder / f"{name}.xlsx"
    path.write_bytes(export_workbook(kind(name), PROJECT, reach))
    checked = check_file(kind(name), request(reach), path, path.name)
    assert found(checked.plan) == []
    return counts(checked.plan)


def make_rich_project() -> None:
    """Events in three languages and other zones, people under e-mails and codes, texts that look like formulas."""
    apart = unicodedata.normalize("NFD", "Šiaulių ąžuolas")
    make_event(ref="W1", title={"en": "Workshop", "lt": apart, "pl": "Żółw"}, place="  Alytus   arena ", capacity=20)
    make_event(ref="=1+1", title={"lt": FORMULA}, place="@home", organisers=["lpro"], planned_participants=0)
    make_event(ref="-5", title={"pl": "-5"}, country="US", time_zone="America/New_York", is_public=True)
    make_event(ref="007", country="PT", time_zone="Atlantic/Azores", status="held", place="2026-03-10")
    make_event(
        ref="W5", starts=datetime(2026, 10, 24, 23, 0), ends=datetime(2026, 10, 25, 5, 0, 30), status="cancelled"
    )
    event_id = make_event(ref="W6", title={"en": "Same", "lt": "Same"}, country="PL", organisers=["ols"])
    make_people(event_id, ["ona@example.org", "007", "1e5", "=cmd", "Šuo1"], name=FORMULA, organisation="+370 5 1")
    make_people(event_id, ["K001", "A12"], group="convicted_person")
    for status in PARTICIPATION_STATUSES:
        facts = {"status": status, "gender": "x", "age_band": "65plus", "country": "PL", "group": "unknown"}
        make_people(event_id, [f"p-{status}"], name=f"'{apart}", **facts)
    make_headcounts(event_id, *(HeadcountDraft(group, at) for at, group in enumerate(GROUPS, start=1)))
    make_headcounts(event_id, HeadcountDraft("staff", 1_000_000, "LT", "f", "18-29"))


def test_an_export_imported_again_changes_nothing(tmp_path):
    make_rich_project()
    assert [again(name, tmp_path) for name in KINDS] == [(0, 0, 6), (0, 0, 15), (0, 0, 9)]
    assert [again(name, tmp_path, frozenset({"ols"})) for name in KINDS] == [(0, 0, 5), (0, 0, 15), (0, 0, 9)]
    for name in KINDS:
        rows = exported(name)
        assert counts(plan(name, *rows)) == (0, 0, len(rows))


def test_an_export_imported_into_an_empty_project_gives_the_same_export(tmp_path):
    make_rich_project()
    make_other_project()
    before = {name: exported(name) for name in KINDS}
    for name in KINDS:
        there = request(project_code=OTHER_PROJECT)
        result = kind(name).plan(there, table(before[name]))
        assert found(result) == []
        with transaction() as session:
            kind(name).store(session, _import(session, name), result, NOW)
    rows = exported("events", project_code=OTHER_PROJECT)
    assert [row["ref"] for row in rows] == [row["ref"] for row in before["events"]]
    # A title in column `title` is an English one where there was no event before.
    assert next(row for row in rows if row["ref"] == "-5")["title"] == "-5"
    assert exported("headcounts", project_code=OTHER_PROJECT) == before["headcounts"]
    people = exported("participations", project_code=OTHER_PROJECT)
    assert [row["participant"] for row in people] == [row["participant"] for row in before["participations"]]


WORDS = st.text("aąžŁ09 =+-@'\"%,;", max_size=12).map(lambda text: " ".join(text.split()))
CODES = st.from_regex(r"[A-Z]{0,3}[0-9]{2,8}", fullmatch=True)
OPEN_GROUPS = [group for group in GROUPS if group not in SENSITIVE_GROUPS]
FACTS: dict[str, st.SearchStrategy[str]] = {
    "country": st.sampled_from(("", "LT", "PL", "XK")),
    "gender": st.sampled_from(GENDERS),
    "age_band": st.sampled_from(AGE_BANDS),
    "status": st.sampled_from(PARTICIPATION_STATUSES),
}
NAMED = st.builds(
    ParticipationDraft,
    st.from_regex(r"[a-z0-9=+'-]{1,8}(@example\.org)?", fullmatch=True),
    st.sampled_from(OPEN_GROUPS),
    WORDS,
    WORDS,
    **FACTS,
).filter(lambda draft: not draft.participant.isdigit())
NAMELESS = st.just("")
CODED = st.builds(ParticipationDraft, CODES, st.sampled_from(sorted(SENSITIVE_GROUPS)), NAMELESS, NAMELESS, **FACTS)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(st.one_of(NAMED, CODED), unique_by=lambda draft: draft.participant, min_size=1, max_size=8))
def test_whoever_was_recorded_by_hand_comes_back_from_a_file_as_the_same(people, tmp_path):
    empty_database()
    make_project()
    event_id = make_event(ref="W1")
    for draft in people:
        add_participation(event_id, draft, now=NOW)
    assert again("participations", tmp_path) == (0, 0, len(people))


def _import(session: Any, name: str) -> int:
    """The number of a new import."""
    row = Import(project_code=OTHER_PROJECT, kind=name, filename="a.csv", content_sha256="a", state="stored")
    row.added_at = NOW
    session.add(row)
    session.flush()
    return row.id


ONA = {"event": "W1", "participant": "ona@example.org", "name": "Ona", "group": "professional"}
STAFF = {"event": "W1", "group": "staff", "number": 4}


def store(name: str, result: Any) -> None:
    with transaction() as session:
        kind(name).store(session, _import(session, name), result, NOW)


def hold(ref: str = "W1") -> None:
    event = get_event_by_ref(PROJECT, ref)
    move_event(event.id, "held", version=event.version, now=NOW)


@pytest.mark.parametrize(
    ("name", "row"),
    [("events", {**W1, "place": "Kaunas"}), ("participations", ONA), ("headcounts", STAFF)],
)
def test_what_was_compared_with_an_event_that_has_changed_since_is_not_stored(name, row):
    make_other_project()
    make_event(ref="W1")
    result = plan(name, row)
    hold()
    before = {each: exported(each) for each in KINDS}
    with pytest.raises(Conflict, match="import-stale"):
        store(name, result)
    assert {each: exported(each) for each in KINDS} == before


def test_a_new_event_whose_reference_has_been_taken_meanwhile_is_not_stored():
    make_other_project()
    result = plan("events", W1)
    make_event(ref="W1")
    with pytest.raises(Conflict, match="import-stale"):
        store("events", result)


def test_a_new_event_whose_activity_is_gone_meanwhile_is_not_stored():
    make_other_project()
    result = plan("events", {**FEW, "activity": "1.2"})
    with transaction() as session:
        mine = select(Activity).where(Activity.project_code == PROJECT, Activity.number == "1.2")
        session.delete(session.scalars(mine).one())
    with pytest.raises(Conflict, match="import-stale"):
        store("events", result)


def test_a_code_that_was_taken_for_a_sensitive_group_meanwhile_at_another_event_is_given_no_name():
    make_other_project()
    make_event(ref="W1")
    elsewhere = make_event(ref="W2")
    result = plan("participations", {**ONA, "participant": "K001"})
    add_participation(elsewhere, ParticipationDraft("K001", "family_member"), now=NOW)
    with pytest.raises(Conflict, match="import-stale"):
        store("participations", result)


def test_a_change_at_an_event_that_the_file_leaves_as_it_is_does_not_matter(tmp_path):
    make_event(ref="W1")
    make_event(ref="W2")
    bring_rows(tmp_path, "participations", ONA)
    make_other_project()
    result = plan("participations", ONA, {**ONA, "event": "W2"})
    hold("W1")
    store("participations", result)
    assert len(exported("participations")) == 2


def test_whoever_waits_is_told_how_many_rows_are_done_and_may_give_up():
    make_event(ref="W1")
    told: list[int] = []
    rows = [{"event": "W1", "participant": f"p{number}"} for number in range(2 * STEP + 1)]
    kind("participations").plan(Request(PROJECT, None, NOW, told.append), table(rows))
    assert told == [STEP, 2 * STEP, 2 * STEP + 1]

    def give_up(done: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        kind("participations").plan(Request(PROJECT, None, NOW, give_up), table(rows))


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_many_rows_asks_the_database_no_more_often_than_one_of_few(app, name):
    for number in range(3):
        make_event(ref=f"W{number}")
    events = [{**FEW, "ref": f"N{number}"} for number in range(STEP)]
    people = [{**ONA, "participant": f"p{number}"} for number in range(STEP)]
    numbers = [
        {"event": f"W{number % 3}", "group": group, "country": country, "number": 1}
        for number, group in enumerate(GROUPS)
        for country in ("", "LT", "PL")
    ]
    rows = {"events": events, "participations": people, "headcounts": numbers}[name]
    with noted_queries(app) as few:
        plan(name, rows[0])
    with noted_queries(app) as many:
        plan(name, *rows)
    # Whether a transaction is begun depends on what was read before.
    asked_many, asked_few = ([each for each in asked if each != "BEGIN"] for asked in (many, few))
    assert len(asked_many) == len(asked_few) > 1
