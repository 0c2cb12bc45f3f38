"""Files of participations: what is taken, what is refused, and what is said about it."""

import pytest
from sqlalchemy import select

from portal.activities.queries import list_participations
from portal.activities.services.attendance import ParticipationDraft, add_participation
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict
from portal.projects.models import Project
from tests.conftest import NOW
from tests.integration.activities.files import bring_rows, counts, exported, found, plan
from tests.make import PROJECT, make_event, make_other_project, make_people, make_project, version_of

ONA = {
    "event": "W1",
    "participant": "Ona@Example.org",
    "name": "Ona",
    "organisation": "City of Alytus",
    "country": "LT",
    "group": "professional",
    "gender": "f",
    "age_band": "30-44",
    "status": "attended",
}


@pytest.fixture(autouse=True)
def event_id(in_app) -> int:
    make_project()
    return make_event(ref="W1")


def people(event_id: int) -> list[tuple[str, ...]]:
    return [
        (row.participant, row.name, row.organisation, row.country, row.group, row.gender, row.age_band, row.status)
        for row in list_participations(event_id).rows
    ]


def test_a_person_is_stored_with_all_that_is_stated_and_the_e_mail_in_lower_case(event_id, tmp_path):
    before = version_of(event_id)
    import_id = bring_rows(tmp_path, "participations", ONA)
    assert people(event_id) == [
        ("ona@example.org", "Ona", "City of Alytus", "LT", "professional", "f", "30-44", "attended")
    ]
    assert [row.import_id for row in list_participations(event_id).rows] == [import_id]
    assert version_of(event_id) == before + 1


def test_what_a_file_does_not_say_of_a_new_person_is_unknown_and_the_person_attended(event_id, tmp_path):
    bring_rows(tmp_path, "participations", {"event": "W1", "participant": "p01"})
    bring_rows(tmp_path, "participations", {**dict.fromkeys(ONA, ""), "event": "W1", "participant": "p02"})
    nothing = ("", "", "", "unknown", "unknown", "unknown", "attended")
    assert people(event_id) == [("p01", *nothing), ("p02", *nothing)]


def test_a_column_that_is_not_there_keeps_what_is_stored_and_an_empty_cell_does_not(event_id, tmp_path):
    bring_rows(tmp_path, "participations", ONA)
    bring_rows(tmp_path, "participations", {"event": "W1", "participant": "ona@example.org", "status": "absent"})
    assert people(event_id)[0][1:] == ("Ona", "City of Alytus", "LT", "professional", "f", "30-44", "absent")
    bring_rows(tmp_path, "participations", {"event": "W1", "participant": "ona@example.org", "name": "", "gender": ""})
    assert people(event_id)[0][1:] == ("", "City of Alytus", "LT", "professional", "unknown", "30-44", "absent")


def test_the_same_person_again_is_unchanged_and_a_changed_one_is_updated(event_id, tmp_path):
    bring_rows(tmp_path, "participations", ONA)
    assert counts(plan("participations", ONA)) == (0, 0, 1)
    changed = {**ONA, "country": "pl"}
    new = {**ONA, "participant": "p01", "name": None}
    assert counts(plan("participations", changed, new)) == (1, 1, 0)


def test_everything_wrong_with_a_row_is_said_at_once_with_its_row_and_column():
    wrong = {
        "event": "W9",
        "participant": "two words",
        "country": "XX",
        "group": "guest",
        "gender": "female",
        "age_band": "young",
        "status": "came",
    }
    result = plan(
        "participations",
        {
            **wrong,
            "event": "W1",
            "participant": "p01",
            **dict.fromkeys(("country", "group", "gender", "age_band", "status")),
        },
        wrong,
    )
    assert sorted(found(result)) == [
        (3, "age_band", "cell-choice"),
        (3, "country", "unknown-country"),
        (3, "event", "import-event-unknown"),
        (3, "gender", "cell-choice"),
        (3, "group", "cell-choice"),
        (3, "participant", "participant-code"),
        (3, "status", "cell-choice"),
    ]
    assert (result.rows, result.created, len(result.errors)) == (2, 1, 7)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"event": None}, "event", "import-cell-empty"),
        ({"participant": None}, "participant", "import-cell-empty"),
        ({"participant": "ona@"}, "participant", "participant-email"),
        ({"participant": "x" * 41}, "participant", "participant-code"),
        ({"name": "x" * 201}, "name", "cell-too-long"),
        ({"name": "O\u200bna"}, "name", "text-unprintable"),
    ],
)
def test_a_cell_that_cannot_be_kept_is_refused(change, column, code):
    assert found(plan("participations", {**ONA, **change})) == [(2, column, code)]


def test_the_same_person_twice_in_a_file_is_refused_naming_the_first_row():
    result = plan("participations", ONA, {**ONA, "participant": "p01"}, {**ONA, "participant": "ONA@example.org"})
    assert found(result) == [(4, "participant", "import-row-twice")]
    assert result.problems[0].problem.values == {"first": 2}


def test_one_person_may_be_at_two_events_of_a_file():
    make_event(ref="W2")
    assert counts(plan("participations", ONA, {**ONA, "event": "W2"})) == (2, 0, 0)


def test_a_partner_brings_people_only_to_own_events_and_others_are_as_unknown_as_none(tmp_path):
    make_event(ref="L1", organisers=["lpro"])
    make_people(make_event(ref="O1", organisers=["lpro"]), ["ona@example.org"])
    rows = [{**ONA, "event": ref} for ref in ("W1", "L1", "O1", "W9")]
    result = plan("participations", *rows, reach={"ols"})
    assert found(result) == [(row, "event", "import-event-unknown") for row in (3, 4, 5)]
    assert {each.problem.values["value"] for each in result.problems} == {"L1", "O1", "W9"}
    assert counts(result) == (1, 0, 0)


def test_an_event_of_another_project_is_unknown():
    other = make_other_project()
    make_event(ref="X1", project_code=other)
    assert found(plan("participations", {**ONA, "event": "X1"})) == [(2, "event", "import-event-unknown")]


CODED = {**ONA, "participant": "K001", "name": None, "organisation": None, "group": "convicted_person"}


def test_a_person_of_a_sensitive_group_is_taken_under_a_code():
    assert counts(plan("participations", CODED, {**CODED, "participant": "ABC12", "group": "family_member"})) == (
        2,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"name": "Jonas Petraitis"}, "group", "sensitive-name"),
        ({"organisation": "Jonas Petraitis"}, "group", "sensitive-name"),
        ({"participant": "jonas.petraitis@example.org"}, "group", "sensitive-name"),
        ({"participant": "Jonas"}, "participant", "sensitive-code"),
        ({"participant": None, "name": "Jonas Petraitis"}, "participant", "import-cell-empty"),
        ({"country": "Jonas Petraitis"}, "country", "unknown-country"),
        ({"status": "Jonas Petraitis"}, "status", "cell-choice"),
        ({"name": "Jonas Petraitis " * 20}, "name", "cell-too-long"),
    ],
)
def test_what_would_name_a_person_of_a_sensitive_group_is_refused_and_never_repeated(change, column, code):
    result = plan("participations", {**CODED, **change})
    assert (2, column, code) in found(result)
    assert "Petraitis" not in repr(result.problems)
    assert "Jonas" not in repr(result.problems)


def test_a_row_whose_cells_have_slipped_repeats_no_name_either():
    slipped = {**CODED, "organisation": None, "country": "LT", "group": "Jonas Petraitis", "gender": "convicted_person"}
    result = plan("participations", slipped)
    assert found(result) == [(2, "group", "cell-choice"), (2, "gender", "cell-choice")]
    assert "Petraitis" not in repr(result.problems)


def test_a_person_who_is_of_a_sensitive_group_already_is_given_no_name(event_id):
    add_participation(event_id, ParticipationDraft("K001", "convicted_person"), now=NOW)
    named = {"event": "W1", "participant": "K001", "name": "Jonas Petraitis"}
    assert found(plan("participations", named)) == [(2, "group", "sensitive-name")]
    assert "Petraitis" not in repr(plan("participations", named).problems)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_file_may_not_tie_a_name_to_a_code_of_a_sensitive_group(swapped):
    make_event(ref="W2")
    named = {**ONA, "participant": "K001", "event": "W2"}
    rows = [named, CODED] if swapped else [CODED, named]
    assert found(plan("participations", *rows)) == [
        (2, "participant", "sensitive-elsewhere"),
        (3, "participant", "sensitive-elsewhere"),
    ]


def test_nor_to_one_that_is_stored_at_any_event_of_the_project():
    elsewhere = make_event(ref="L1", organisers=["lpro"])
    add_participation(elsewhere, ParticipationDraft("K001", "convicted_person"), now=NOW)
    add_participation(elsewhere, ParticipationDraft("K002", "professional", name="Ona"), now=NOW)
    rows = [{**ONA, "participant": "K001"}, {**CODED, "participant": "K002"}]
    assert found(plan("participations", *rows, reach={"ols"})) == [
        (2, "participant", "sensitive-elsewhere"),
        (3, "participant", "sensitive-elsewhere"),
    ]


@pytest.mark.parametrize(
    ("stored", "row"),
    [
        (ParticipationDraft("K001", "professional", name="Ona"), CODED),
        (ParticipationDraft("K001", "family_member"), {**ONA, "participant": "K001"}),
    ],
)
def test_a_named_row_does_not_become_one_of_a_sensitive_group_nor_the_other_way_round(event_id, stored, row):
    # How the row was before is kept with the import: it would tell the name.
    add_participation(event_id, stored, now=NOW)
    assert found(plan("participations", row)) == [(2, "participant", "sensitive-elsewhere")]


def test_the_same_code_in_another_project_ties_nothing():
    other = make_other_project()
    elsewhere = make_event(ref="X1", project_code=other)
    add_participation(elsewhere, ParticipationDraft("K001", "professional", name="Ona"), now=NOW)
    assert counts(plan("participations", CODED)) == (1, 0, 0)


def test_people_are_exported_by_event_and_participant_and_only_within_the_reach(tmp_path):
    make_people(make_event(ref="L1", organisers=["lpro"]), ["p09"])
    bring_rows(tmp_path, "participations", ONA, {**ONA, "participant": "B1"}, {**ONA, "participant": "a1"})
    keys = [(row["event"], row["participant"]) for row in exported("participations")]
    assert keys == [("L1", "p09"), ("W1", "B1"), ("W1", "a1"), ("W1", "ona@example.org")]
    assert {row["event"] for row in exported("participations", {"ols"})} == {"W1"}
    assert exported("participations", set()) == []


def test_what_is_imported_is_counted_for_each_event_in_the_audit_and_names_nobody(tmp_path):
    bring_rows(tmp_path, "participations", ONA, {**ONA, "participant": "p01"})
    bring_rows(tmp_path, "participations", {**ONA, "status": "absent"}, {**ONA, "participant": "p02"})
    entries = select(AuditEntry.subject, AuditEntry.changes).where(AuditEntry.action == "participations_imported")
    assert db.session.execute(entries.order_by(AuditEntry.id)).all() == [
        ("W1", {"created": [None, 2]}),
        ("W1", {"created": [None, 1], "updated": [None, 1]}),
    ]


def test_a_file_with_a_thousand_errors_is_not_read_to_its_end():
    result = plan("participations", *({**ONA, "event": "W9", "gender": "?"} for _ in range(3000)))
    codes = [each.problem.code for each in result.problems]
    assert codes[0] == "import-many-errors"
    # Two errors a row, and five hundred rows at a time.
    assert 1000 <= len(codes) <= 2001
    assert result.rows < 3000


def test_a_file_for_a_closed_project_is_not_stored(event_id, tmp_path):
    db.session.get_one(Project, PROJECT).status = "closed"
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        bring_rows(tmp_path, "participations", ONA)
    assert refusal.value.problem.code == "project-closed"
    assert people(event_id) == []
