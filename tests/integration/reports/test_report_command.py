"""The command that writes a project's documents: what it writes, and what it refuses without writing anything."""

import io

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from tests.integration.reports.test_outcome_pdf import text_of_pdf
from tests.integration.test_outcome_vectors import make_year
from tests.make import PROJECT, make_project, run_portal, sign_in_as


@pytest.fixture
def project(app):
    with app.app_context():
        make_project()
    return app


def test_the_workbook_is_written_as_of_the_day_in_the_language(app, tmp_path):
    with app.app_context():
        make_year()
    file = tmp_path / "outcomes.xlsx"
    asked = ("--format", "xlsx", "--as-of", "2026-06-30", "--language", "lt")
    done = run_portal(app, "report", "outcomes", PROJECT, *asked, "-o", file)
    assert (done.exit_code, done.output) == (0, "")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes())).get_sheet_by_name("Outcomes").to_python()
    assert [row[2] for row in rows] == ["Pasiekti rezultatai", 76.0, 20.0, 56.0, 4.0, 1.0]


@pytest.mark.parametrize(("language", "words"), [("en", "As of 20 November 2026"), ("pl", "Stan na 20.11.2026")])
def test_the_pdf_is_written_as_of_today_and_is_that_of_the_page(app, tmp_path, language, words):
    with app.app_context():
        make_year()
    file = tmp_path / "outcomes.pdf"
    asked = ("--format", "pdf", "--language", language)
    assert run_portal(app, "report", "outcomes", PROJECT, *asked, "-o", file).exit_code == 0
    assert words in text_of_pdf(file.read_bytes())
    page = sign_in_as(app, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes.pdf?lang={language}")
    assert page.data == file.read_bytes()


@pytest.mark.parametrize("shape", ["xlsx", "pdf"])
@pytest.mark.parametrize(
    ("code", "more", "status", "said"),
    [
        ("NOTHING", (), 1, "NOTHING"),
        (PROJECT, ("--as-of", "2026-11-21"), 1, "2026-11-21 is still to come. Choose 2026-11-20 or an earlier day."),
        (PROJECT, ("--as-of", "soon"), 2, "soon"),
        (PROJECT, ("--language", "de"), 2, "de"),
    ],
)
def test_what_is_refused_writes_nothing(project, tmp_path, shape, code, more, status, said):
    file = tmp_path / "outcomes"
    file.write_text("as before")
    done = run_portal(project, "report", "outcomes", code, "--format", shape, *more, "-o", file)
    assert done.exit_code == status
    assert said in done.stderr
    assert file.read_text() == "as before"


@pytest.mark.parametrize("shape", ["xlsx", "pdf"])
def test_a_folder_that_is_not_there_is_said(project, tmp_path, shape):
    file = tmp_path / "missing" / "outcomes"
    done = run_portal(project, "report", "outcomes", PROJECT, "--format", shape, "-o", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(file) in done.stderr
    assert not file.parent.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "docx", "-o", "outcomes"),
        ("--format", "pdf"),
        ("-o", "outcomes"),
        ("--format", "pdf", "-o", "."),
    ],
)
def test_wrong_usage_is_told_from_refused_data(project, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    done = run_portal(project, "report", "outcomes", PROJECT, *words)
    assert done.exit_code == 2
    assert done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_says_what_there_is(project):
    assert "outcomes" in run_portal(project, "report", "--help").stdout
    assert "--as-of" in run_portal(project, "report", "outcomes", "--help").stdout
