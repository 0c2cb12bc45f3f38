"""`portal import` and `portal template`."""

import json

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from tests.files import pdf
from tests.integration.imports.bringing import BASKET, actions_of, csv_of, fruits_of, imports_of
from tests.make import PROJECT, make_user, run_portal


@pytest.fixture
def basket(tmp_path):
    path = tmp_path / "basket.csv"
    path.write_bytes(csv_of(BASKET))
    return path


def bring(app, *words, kind: str = "fruits"):
    return run_portal(app, "import", kind, *words, "--project", PROJECT)


def result(**changes):
    counts = {"kind": "fruits", "rows": 3, "created": 3, "updated": 0, "unchanged": 0, "errors": [], "warnings": []}
    return counts | changes


WARNING = {"row": 0, "column": "name", "code": "number-unreadable"}


def shape(answer) -> dict:
    """The one document on the standard output, sentences apart."""
    found = json.loads(answer.stdout)
    for each in found["errors"] + found["warnings"]:
        assert each.pop("message").endswith(".")
    return found


def test_a_file_is_imported_and_listed(project, basket):
    answer = bring(project, basket, "--format", "json")
    assert (answer.exit_code, shape(answer)) == (0, result(warnings=[WARNING]))
    assert imports_of(project) == [("stored", 3, 3, 0, 0)]
    assert actions_of(project) == [("import_stored", "command line")]
    assert len(fruits_of(project)) == 3


def test_the_same_file_again_changes_nothing_and_lists_nothing(project, basket):
    bring(project, basket)
    answer = bring(project, basket, "--format", "json")
    assert (answer.exit_code, shape(answer)) == (0, result(created=0, unchanged=3))
    assert len(imports_of(project)) == 1


def test_a_trial_stores_nothing(project, basket):
    answer = bring(project, basket, "--dry-run", "--format", "json")
    assert (answer.exit_code, shape(answer)) == (0, result(warnings=[WARNING]))
    assert (fruits_of(project), imports_of(project)) == ({}, [])


def test_a_refused_file_answers_in_the_same_shape_and_stores_nothing(project, basket):
    basket.write_bytes(csv_of(["apple,blue,lps", "pear,green,lps"]))
    answer = bring(project, basket, "--format", "json")
    error = {"row": 2, "column": "colour", "code": "unknown-value"}
    assert (answer.exit_code, shape(answer)) == (1, result(rows=2, created=0, errors=[error]))
    assert (fruits_of(project), imports_of(project)) == ({}, [])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.pdf", pdf(), "upload-type"),
        ("list.xlsx", pdf(), "upload-not-what-it-says"),
        ("empty.csv", b"", "upload-empty"),
        ("a.csv", csv_of([]), "import-no-rows"),
        ("a.csv", b"nonsense\n1\n", "column-unknown"),
    ],
)
def test_a_file_that_is_no_table_answers_in_the_same_shape(project, tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    answer = bring(project, tmp_path / name, "--format", "json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert (found["errors"][0]["code"], found["created"], found["updated"]) == (code, 0, 0)


def test_without_json_a_person_reads_a_summary_and_the_errors_beside_it(project, basket):
    answer = bring(project, basket)
    assert answer.stdout == "fruits: 3 rows: 3 new, 0 changed, 0 as stored, 0 errors.\n"
    assert answer.stderr.startswith("warning: name: ")
    basket.write_bytes(csv_of(["apple,blue,lps"]))
    answer = bring(project, basket)
    assert answer.stdout == "fruits: 1 rows: 0 new, 0 changed, 0 as stored, 1 errors. Refused, nothing is stored.\n"
    assert answer.stderr.startswith("error: row 2, colour: ")
    assert answer.stderr.endswith("[unknown-value]\n")


def test_as_someone_only_what_that_person_may_import_is_taken(project, basket):
    with project.app_context():
        make_user(Role.PARTNER, "lps", email="lps@example.org")
        make_user(Role.VIEWER, email="viewer@example.org")
        make_user(None, email="stranger@example.org")
    answer = bring(project, basket, "--as", "lps@example.org", "--format", "json")
    assert [each["code"] for each in json.loads(answer.stdout)["errors"]] == ["not-allowed"]
    basket.write_bytes(csv_of(BASKET[:2]))
    assert bring(project, basket, "--as", "lps@example.org").exit_code == 0
    assert actions_of(project) == [("import_stored", "lps@example.org")]
    for email, code in (("viewer@example.org", "not-allowed"), ("stranger@example.org", "not-a-member")):
        answer = bring(project, basket, "--as", email)
        assert (answer.exit_code, f"[{code}]" in answer.stderr) == (1, True)


def test_for_an_organisation_only_its_rows_are_taken(project, basket):
    answer = bring(project, basket, "--organisation", "lps", "--format", "json")
    assert [each["row"] for each in json.loads(answer.stdout)["errors"]] == [4]
    basket.write_bytes(csv_of(BASKET[:2]))
    with project.app_context():
        make_user(Role.MANAGER, email="manager@example.org")
        make_user(Role.PARTNER, "ols", email="ols@example.org")
    answer = bring(project, basket, "--organisation", "lps", "--as", "ols@example.org")
    assert (answer.exit_code, "[not-allowed]" in answer.stderr) == (1, True)
    assert bring(project, basket, "--organisation", "lps", "--as", "manager@example.org").exit_code == 0
    with project.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import_stored")).one()
        assert (entry.actor, entry.acting_for) == ("manager@example.org", "lps")


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ((), "vegetables", "There are no imports of the kind “vegetables”."),
        ((), "ledger", "Files of the kind “ledger” cannot be imported yet."),
        (("--organisation", "nobody"), "fruits", "The project has no organisation “nobody”."),
        (("--as", "nobody@example.org"), "fruits", "“nobody@example.org” has no open account."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(project, basket, words, kind, said):
    answer = bring(project, basket, *words, kind=kind)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert said in answer.stderr


def test_a_project_or_a_file_that_does_not_exist_is_refused(project, basket, tmp_path):
    assert "[project-unknown]" in run_portal(project, "import", "fruits", basket, "--project", "X1").stderr
    answer = bring(project, tmp_path / "nowhere.csv")
    assert (answer.exit_code, "nowhere.csv" in answer.stderr) == (1, True)
    assert run_portal(project, "import", "fruits", basket).exit_code == 2


def test_a_template_offers_a_projects_values_only_for_that_project(project, tmp_path):
    for words, count in ((["--project", PROJECT], 1), ([], 0)):
        path = tmp_path / f"template{count}.xlsx"
        assert run_portal(project, "template", "fruits", "-o", path, *words).exit_code == 0
        book = CalamineWorkbook.from_path(path)
        assert book.get_sheet_by_index(0).to_python()[0] == ["name", "colour", "organisation"]
        said = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
        assert ("lpro" in said) is bool(count)
        assert "yellow" in said
    assert run_portal(project, "template", "ledger").exit_code == 1
