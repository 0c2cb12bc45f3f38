"""Names go when their time is over, and every count stays as it was."""

import json
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.activities.models import Certificate, Participation, RetentionRule
from portal.activities.queries.people_files import list_questions
from portal.activities.queries.retention import kept_days, list_due, list_due_projects, list_runs
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.rules.registering import PersonDraft
from portal.activities.services import retention
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    update_participation,
)
from portal.activities.services.registrations.chores import lapse_due
from portal.activities.services.retention import CHORE, anonymise_daily, anonymise_due, keep_days
from portal.audit.models import AuditEntry
from portal.core.db import Base, db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.files.models import StoredFile
from portal.core.files.queries import store_folder
from portal.core.files.services import KeptUpload, add_rows, keep_made
from portal.core.files.store import path_of
from portal.imports.models import ImportedChange
from portal.jobs.models import Mail
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.reports.checks import list_violations
from portal.reports.queries.outcomes import outcome_table
from tests.conftest import NOW, SERVER
from tests.integration.activities.files import bring_rows, take_back
from tests.integration.activities.people import (
    EARLY,
    make_open_event,
    make_registration,
    make_seat,
    registration_of,
    row_of,
)
from tests.integration.reports.random_project import make_random_project
from tests.make import PROJECT, make_event, make_headcounts, make_people, make_project, run_portal, version_of

pytestmark = pytest.mark.usefixtures("in_app")

# The workshop ends on 10 March 2026 at 16:00 in Vilnius, which is 14:00 UTC; the project on 31 December 2027.
ENDED = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
AFTER_PROJECT = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def due(now: datetime = NOW) -> list[tuple[str, int, int]]:
    """Reference, how many did not attend, how many did, of the events with somebody due."""
    project = get_project(PROJECT)
    return [(each.ref, each.unattended, each.attended) for each in list_due(project, kept_days(PROJECT), now)]


def named() -> list[str]:
    """The e-mails and names that are still there, in order."""
    rows = db.session.scalars(select(Participation).order_by(Participation.id))
    return [row.name or row.participant for row in rows if not row.participant.startswith("anon-")]


@pytest.mark.parametrize(
    ("status", "is_due"),
    [
        ("cancelled", True),
        ("expired", True),
        ("absent", True),
        ("waitlisted", True),
        ("unconfirmed", True),
        ("offered", True),
        ("registered", False),
        ("attended", False),
    ],
)
def test_who_did_not_attend_is_due_ninety_days_after_the_event_ended(status, is_due):
    make_people(make_event(ref="W1"), ["ona@example.org"], status=status)
    assert due(ENDED + timedelta(days=90) - timedelta(minutes=1)) == []
    assert due(ENDED + timedelta(days=90)) == ([("W1", 1, 0)] if is_due else [])


def test_who_was_registered_for_an_event_that_was_called_off_did_not_attend():
    make_people(make_event(ref="W1", status="cancelled"), ["ona@example.org"], status="registered")
    assert due() == [("W1", 1, 0)]


def test_those_who_attended_are_kept_until_somebody_decides_for_how_long():
    make_people(make_event(ref="W1", status="held"), ["ona@example.org"])
    assert due(AFTER_PROJECT) == []
    keep_days(PROJECT, 90, 30, version=0, now=NOW)
    last = get_project(PROJECT).last_day
    midnight = datetime(last.year, last.month, last.day, 12, tzinfo=UTC)
    assert due(midnight + timedelta(days=30)) == []
    assert due(midnight + timedelta(days=31)) == [("W1", 0, 1)]


def test_the_days_are_decided_once_and_a_stale_decision_is_refused():
    assert kept_days(PROJECT) == (90, None, 0, True)
    keep_days(PROJECT, 30, None, version=0, now=NOW)
    assert kept_days(PROJECT) == (30, None, 1, False)
    with pytest.raises(Conflict) as refusal:
        keep_days(PROJECT, 10, 10, version=0, now=NOW)
    assert refusal.value.problem.code == "retention-stale"
    keep_days(PROJECT, 30, 365, version=1, now=NOW)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.changes) == ("retention_changed", {"attended_days": [None, 365]})


def test_days_below_nothing_are_refused():
    with pytest.raises(InvalidInput) as refusal:
        keep_days(PROJECT, -1, 40_000, version=0, now=NOW)
    assert [each.where for each in refusal.value.problems] == ["unattended_days", "attended_days"]
    assert db.session.get(RetentionRule, PROJECT) is None


def test_a_project_that_is_not_there_is_not_found():
    for act in (lambda: anonymise_due("NONE", now=NOW), lambda: keep_days("NONE", 1, 1, version=0, now=NOW)):
        with pytest.raises(NotFound):
            act()


def test_a_row_names_nobody_any_more_and_keeps_what_is_counted():
    event_id = make_event(ref="W1")
    facts = {"country": "PL", "gender": "f", "age_band": "30-44", "name": "Ona Onaitė", "organisation": "Library"}
    make_people(event_id, ["ona@example.org"], status="absent", **facts)
    make_people(event_id, ["jan@example.org"], status="attended", name="Jan")
    version = version_of(event_id)
    assert anonymise_due(PROJECT, now=NOW) == (1, 1)
    row = row_of(1)
    assert row.participant.startswith("anon-")
    assert len(row.participant) == 21
    assert (row.name, row.organisation, row.anonymised_at) == ("", "", NOW)
    assert (row.country, row.gender, row.age_band, row.group, row.status) == (
        "PL", "f", "30-44", "professional", "absent",
    )  # fmt: skip
    assert row_of(2).name == "Jan"
    assert version_of(event_id) == version + 1
    assert anonymise_due(PROJECT, now=NOW) == (0, 0)


def test_the_audit_keeps_numbers_only():
    for ref, people in (("W1", ["a@example.org", "b@example.org"]), ("W2", ["a@example.org"])):
        make_people(make_event(ref=ref), people, status="absent", name="Ona Onaitė")
    assert anonymise_due(PROJECT, now=NOW) == (3, 2)
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "people_anonymised").order_by(AuditEntry.id)
    )
    assert [(row.subject, row.changes) for row in rows] == [
        ("W1", {"people": [None, 2]}),
        ("W2", {"people": [None, 1]}),
    ]
    assert [(run.people, run.events, run.actor) for run in list_runs(PROJECT)] == [(3, 2, "command line")]


def test_a_registration_loses_its_address_its_answers_its_link_and_its_mails():
    event_id = make_open_event(ref="W1")
    asked = [each.id for each in list_questions(event_id)]
    row_id = make_registration(
        event_id, "ona@example.org", PersonDraft("Jan Janowski"), answers={asked[0]: "No fish", asked[1]: 1}
    )
    other = make_seat(event_id, "eva@example.org", name="Eva")
    nonce = registration_of(row_id).nonce
    lapse_due(EARLY + timedelta(days=3))
    assert (row_of(row_id).status, row_of(row_id + 1).status, row_of(other).status) == (
        "expired", "expired", "registered",
    )  # fmt: skip
    assert anonymise_due(PROJECT, now=NOW) == (2, 1)
    mine = registration_of(row_id)
    assert (mine.email, mine.answers, mine.nonce != nonce, mine.leader_id) == ("", {}, True, row_id)
    assert registration_of(row_id + 1).leader_id == row_id
    assert {mail.recipient for mail in db.session.scalars(select(Mail))} == {"eva@example.org"}
    assert row_of(other).name == "Eva"
    assert list_violations() == []


def test_a_code_of_a_sensitive_group_stays_wherever_it_stands():
    event_id = make_event(ref="W1")
    add_participation(event_id, ParticipationDraft("LT0042", "convicted_person", status="absent"), now=NOW)
    other = make_event(ref="W2")
    add_participation(other, ParticipationDraft("LT0042", "staff", status="absent"), now=NOW)
    assert due() == []
    assert anonymise_due(PROJECT, now=NOW) == (0, 0)
    assert named() == ["LT0042", "LT0042"]


def test_somebody_who_attended_twice_is_one_person_before_and_after():
    for ref in ("W1", "W2"):
        make_people(make_event(ref=ref, status="held"), ["ona@example.org", "jan@example.org"], name="Someone")
    keep_days(PROJECT, 90, 0, version=0, now=NOW)
    assert anonymise_due(PROJECT, now=AFTER_PROJECT) == (4, 2)
    by_event = defaultdict(list)
    for row in db.session.scalars(select(Participation).order_by(Participation.id)):
        by_event[row.event_id].append(row.participant)
    first, second = by_event.values()
    assert first == second
    assert len(set(first)) == 2


def figures(code: str = PROJECT) -> dict[str, object]:
    """Key of a row -> everything that is counted of it, its pieces in an order that the database has no part in."""
    rows = outcome_table(code, NOW.date(), today=NOW.date()).rows
    pieces = {row.indicator.key: tuple(sorted(row.figures.pieces, key=repr)) for row in rows}
    return {row.indicator.key: row.figures._replace(pieces=pieces[row.indicator.key]) for row in rows}


def name_everybody(chance: random.Random) -> None:
    """Let everyone who nowhere in the project is of a sensitive group be known by an e-mail and a name."""
    with transaction() as session:
        rows = session.scalars(select(Participation)).all()
        coded = {row.participant for row in rows if row.group in SENSITIVE_GROUPS}
        for row in rows:
            if row.participant not in coded:
                row.name = f"Person {row.participant}"
                row.participant = f"{row.participant.lower()}@example.org"


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_of_a_random_project_are_the_same_before_and_after(seed):
    db.session.delete(db.session.get_one(Project, PROJECT))
    db.session.commit()
    make_random_project(seed)
    name_everybody(random.Random(seed))
    keep_days(PROJECT, 0, 0, version=0, now=NOW)
    before = figures()
    assert anonymise_due(PROJECT, now=NOW).people > 10
    assert figures() == before
    assert anonymise_due(PROJECT, now=AFTER_PROJECT).people > 10
    assert figures() == before
    assert not [name for name in named() if "@" in name or name.startswith("Person")]


def test_headcounts_are_left_alone():
    event_id = make_event(status="held")
    make_headcounts(event_id, HeadcountDraft("staff", 4))
    make_people(event_id, ["ona@example.org"], status="absent")
    before = figures()
    anonymise_due(PROJECT, now=NOW)
    assert figures() == before


def test_the_file_of_a_certificate_goes_and_its_code_stays():
    event_id = make_event(status="held")
    make_people(event_id, ["ona@example.org"], name="Ona")
    kept = keep_made(b"%PDF-1.4 Ona %%EOF", "application/pdf", now=NOW)
    with transaction() as session:
        add_rows(session, [KeptUpload("ona.pdf", kept)], now=NOW)
        facts = {"minutes": 300, "of_minutes": 360, "issued_at": NOW}
        session.add(Certificate(participation_id=1, code="A" * 26, name="Ona", facts={}, sha256=kept.sha256, **facts))
    keep_days(PROJECT, 90, 0, version=0, now=NOW)
    anonymise_due(PROJECT, now=AFTER_PROJECT)
    row = db.session.scalars(select(Certificate)).one()
    assert (row.code, row.name, row.minutes) == ("A" * 26, "", 300)
    assert [file.sha256 for file in db.session.scalars(select(StoredFile))] == [row.sha256] != [kept.sha256]
    assert not path_of(store_folder(), kept.sha256).exists()
    assert list_violations() == []


def test_an_import_of_people_cannot_be_undone_once_some_are_anonymous_and_keeps_no_earlier_name(tmp_path):
    event_id = make_event(ref="W1")
    make_people(event_id, ["ona@example.org"], name="Earlier Name", organisation="Earlier Library", status="absent")
    row = {"event": "W1", "participant": "ona@example.org", "name": "Ona", "organisation": "L", "status": "absent"}
    import_id = bring_rows(tmp_path, "participations", row)
    anonymise_due(PROJECT, now=NOW)
    with pytest.raises(Conflict) as refusal:
        take_back(import_id)
    assert refusal.value.problem.code == "import-rows-changed"
    db.session.rollback()
    kept = json.dumps([each.before for each in db.session.scalars(select(ImportedChange))])
    assert "Earlier" not in kept


def test_somebody_named_again_is_due_again():
    make_people(make_event(), ["ona@example.org"], name="Ona", status="absent")
    anonymise_due(PROJECT, now=NOW)
    db.session.execute(update(Participation).values(name="Ona"))
    db.session.commit()
    assert anonymise_due(PROJECT, now=NOW) == (1, 1)


def test_somebody_known_again_by_an_e_mail_alone_is_due_again():
    event_id = make_event()
    make_people(event_id, ["ona@example.org"], name="Ona", status="absent")
    anonymise_due(PROJECT, now=NOW)
    row = db.session.scalars(select(Participation.id)).one()
    again = ParticipationDraft("ona@example.org", "professional", status="absent")
    update_participation(row, again, event_id=event_id, now=NOW)
    assert anonymise_due(PROJECT, now=NOW) == (1, 1)
    assert named() == []


def test_a_project_in_which_it_fails_keeps_no_other_waiting(in_app, monkeypatch, caplog):
    asked = []

    def fail(code: str, *, now: datetime) -> None:
        asked.append(code)
        raise RuntimeError("broken")

    monkeypatch.setattr(retention, "list_due_projects", lambda now: ["A", "B"])
    monkeypatch.setattr(retention, "anonymise_due", fail)
    in_app.extensions.pop(CHORE, None)
    anonymise_daily(NOW)
    in_app.extensions.pop(CHORE, None)
    assert asked == ["A", "B"]
    assert "names in A were not taken out" in caplog.text


def test_a_closed_project_lets_names_go_too():
    make_people(make_event(ref="W1"), ["ona@example.org"], status="absent")
    db.session.get_one(Project, PROJECT).status = "closed"
    db.session.commit()
    keep_days(PROJECT, 90, 0, version=0, now=NOW)
    assert anonymise_due(PROJECT, now=NOW) == (1, 1)


def test_the_chore_does_what_is_due_once_a_day(in_app):
    in_app.extensions.pop(CHORE, None)
    make_people(make_event(ref="W1"), ["ona@example.org"], status="absent")
    assert list_due_projects(NOW) == [PROJECT]
    anonymise_daily(NOW)
    assert named() == []
    assert [run.actor for run in list_runs(PROJECT)] == ["portal"]
    make_people(make_event(ref="W2"), ["jan@example.org"], status="absent")
    anonymise_daily(NOW + timedelta(minutes=1))
    assert named() == ["jan@example.org"]
    anonymise_daily(NOW + timedelta(days=1))
    assert named() == []
    in_app.extensions.pop(CHORE, None)


def test_the_command_says_what_is_due_and_does_it(in_app):
    make_people(make_event(ref="W1"), ["ona@example.org", "jan@example.org"], status="absent")
    db.session.remove()
    tried = run_portal(in_app, "retention", PROJECT, "--dry-run", "--format", "json")
    row = {"event": "W1", "unattended": 2, "attended": 0}
    assert json.loads(tried.stdout) == {"project": PROJECT, "dry_run": True, "people": 2, "events": [row]}
    assert len(named()) == 2
    db.session.remove()
    done = run_portal(in_app, "retention", PROJECT)
    assert done.stdout.splitlines()[-1] == f"{PROJECT}: 2 people at 1 event made anonymous."
    assert [run.actor for run in list_runs(PROJECT)] == ["command line"]
    assert named() == []
    db.session.remove()
    again = run_portal(in_app, "retention", PROJECT, "--format", "json")
    assert json.loads(again.stdout)["people"] == 0
    refused = run_portal(in_app, "retention", "NONE", "--format", "json")
    assert (refused.exit_code, json.loads(refused.stdout)["errors"][0]["code"]) == (1, "project-unknown")


def test_the_name_is_gone_from_the_bytes_of_the_database_too():
    make_people(make_event(ref="W1"), ["kvirinas@example.org"], name="Kvirinas Zubrickis", status="absent")
    assert b"Zubrickis" in written_out()
    anonymise_due(PROJECT, now=NOW)
    assert b"Zubrickis" not in written_out()
    assert b"kvirinas" not in written_out()


def written_out() -> bytes:
    """What SQLite's files hold, its log among them; of PostgreSQL, what its tables hold."""
    if SERVER:
        return repr([db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables]).encode()
    path = Path(str(db.engine.url.database))
    db.session.remove()
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
