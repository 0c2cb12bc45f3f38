"""`portal evidence add`, and what `portal check` then says of the files."""

import io
import json

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.queries import list_evidence
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.files import store
from portal.core.files.models import StoredFile
from portal.core.files.queries import store_folder
from portal.reports.checks import list_notes
from tests.conftest import NOW
from tests.files import HTML, pdf
from tests.make import PROJECT, make_event, make_project, make_tournament, make_user, run_portal


@pytest.fixture(autouse=True)
def _event(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "data")
    with app.app_context():
        make_project()
        make_event(ref="W1")


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "Žaliūkas–Łódź.pdf"
    path.write_bytes(pdf())
    return path


def add(app, *words):
    return run_portal(app, "evidence", "add", *words, "--project", PROJECT)


def attached(app, event_id: int = 1) -> list[tuple[str, str]]:
    with app.app_context():
        return [(item.row.kind, item.row.filename) for item in list_evidence(event_id)]


def test_files_are_attached_and_the_same_ones_again_change_nothing(app, scan):
    first = add(app, scan, "--event", "W1", "--kind", "attendance_list")
    assert (first.exit_code, first.stdout) == (0, "W1: 1 added as attendance_list, 0 attached already.\n")
    assert attached(app) == [("attendance_list", "Žaliūkas–Łódź.pdf")]
    again = add(app, scan, "--event", "W1", "--kind", "attendance_list", "--format", "json")
    assert json.loads(again.stdout) == {"event": "W1", "kind": "attendance_list", "added": 0, "unchanged": 1}
    assert len(attached(app)) == 1


def test_without_a_kind_a_file_proves_no_attendance(app, scan):
    assert add(app, scan, "--event", "W1").exit_code == 0
    assert attached(app) == [("other", "Žaliūkas–Łódź.pdf")]


def test_one_refused_file_keeps_all_of_them_out_and_every_problem_is_printed(app, scan, tmp_path):
    (tmp_path / "page.pdf").write_bytes(HTML)
    (tmp_path / "empty.pdf").write_bytes(b"")
    result = add(app, scan, tmp_path / "page.pdf", tmp_path / "empty.pdf", "--event", "W1")
    assert (result.exit_code, result.stdout) == (1, "")
    codes = [line.rpartition("[")[2].rstrip("]") for line in result.stderr.splitlines()]
    assert codes == ["upload-not-what-it-says", "upload-empty"]
    assert attached(app) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--event", "W9"], 1, "event-unknown"),
        (["--event", "W1", "--kind", "selfie"], 2, "attendance_list"),
        ([], 2, "--event"),
        (["--event", "W1", "--item", "K-17"], 2, "--event"),
        (["--event", "W1", "--kind", "timesheet"], 2, "attendance_list"),
        (["--event", "W1", "--organisation", "alytus"], 1, "W1 is not organised by alytus."),
        (["--event", "W1", "--as", "nobody@example.org"], 1, "nobody@example.org"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(app, scan, words, code, said):
    result = add(app, scan, *words)
    assert (result.exit_code, result.stdout, said in result.stderr) == (code, "", True)
    assert attached(app) == []


def test_as_someone_only_those_who_edit_the_event_attach_files(app, scan):
    with app.app_context():
        make_user(None, email="stranger@example.org")
        make_user(Role.VIEWER, email="viewer@example.org")
        make_user(Role.PARTNER, "lpro", email="other@example.org")
        make_user(Role.MANAGER, email="boss@example.org")
    for email, code in (("stranger", "not-a-member"), ("viewer", "not-allowed"), ("other", "not-allowed")):
        result = add(app, scan, "--event", "W1", "--as", f"{email}@example.org")
        assert (result.exit_code, f"[{code}]" in result.stderr) == (1, True)
    assert attached(app) == []
    assert add(app, scan, "--event", "W1", "--as", "boss@example.org").exit_code == 0
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence_added")).one()
        assert (entry.actor, entry.acting_for) == ("boss@example.org", "lps")


def test_a_file_or_a_project_that_is_not_there_is_named(app, scan, tmp_path):
    missing = add(app, tmp_path / "missing.pdf", "--event", "W1")
    assert (missing.exit_code, "missing.pdf" in missing.stderr) == (1, True)
    assert run_portal(app, "evidence", "add", scan, "--project", "NOWHERE", "--event", "W1").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--kind", "attendance_list", "--no-names"], "evidence-tally-needed"),
        (["--kind", "photos"], "evidence-names"),
        (["--kind", "photos", "--no-names"], ""),
        (["--kind", "tally_sheet"], ""),
    ],
)
def test_where_convicted_persons_were_a_tally_sheet_is_taken_and_no_list_of_names(app, scan, words, code):
    with app.app_context():
        event_id = make_tournament()
    result = add(app, scan, "--event", "V1", *words)
    assert (result.exit_code, code in result.stderr) == (1 if code else 0, True)
    assert len(attached(app, event_id)) == (0 if code else 1)


def test_the_audit_names_the_command_line_or_the_account_that_is_named(app, scan):
    with app.app_context():
        make_user(Role.MANAGER, email="ona@example.org")
    add(app, scan, "--event", "W1")
    add(app, scan, "--event", "W1", "--kind", "agenda", "--as", "ona@example.org")
    with app.app_context():
        query = select(AuditEntry.actor).where(AuditEntry.action == "evidence_added").order_by(AuditEntry.id)
        assert db.session.scalars(query).all() == ["command line", "ona@example.org"]


def test_the_check_names_one_flipped_byte_and_one_missing_file(app, scan, tmp_path):
    (tmp_path / "other.pdf").write_bytes(pdf("other"))
    add(app, scan, "--event", "W1", "--kind", "attendance_list")
    add(app, tmp_path / "other.pdf", "--event", "W1", "--kind", "agenda")
    assert run_portal(app, "check").exit_code == 0
    with app.app_context():
        paths = {item.row.kind: store.path_of(store_folder(), item.row.sha256) for item in list_evidence(1)}
    content = bytearray(paths["attendance_list"].read_bytes())
    content[-1] ^= 1
    paths["attendance_list"].write_bytes(content)
    paths["agenda"].unlink()
    result = run_portal(app, "check")
    assert result.exit_code == 1
    assert sorted(result.stderr.splitlines()) == [
        f"file-damaged: {PROJECT} W1 attendance_list, {paths['attendance_list'].name}",
        f"file-missing: {PROJECT} W1 agenda, {paths['agenda'].name}",
    ]


def test_sending_a_damaged_file_again_mends_it(app, scan):
    add(app, scan, "--event", "W1")
    with app.app_context():
        path = store.path_of(store_folder(), db.session.scalars(select(StoredFile.sha256)).one())
    path.write_bytes(b"damaged")
    add(app, scan, "--event", "W1")
    assert run_portal(app, "check").exit_code == 0


def test_a_file_without_a_row_is_worth_a_note_and_no_violation(app):
    with app.app_context():
        sha256 = store.keep(store_folder(), io.BytesIO(pdf()), now=NOW).sha256
        assert [(note.invariant, note.subject.split(":")[0]) for note in list_notes()] == [("file-without-row", sha256)]
    assert run_portal(app, "check").exit_code == 0
