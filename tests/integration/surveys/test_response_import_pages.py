"""Files of responses by the command and by the pages: what they take, and what a template asks for."""

import json
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from tests.files import as_form
from tests.integration.pages import find_all, links_of, page_text, read_fields, read_page, text_of
from tests.integration.surveys.response_files import ROWS, write
from tests.integration.surveys.studies import INSTRUMENT, make_study
from tests.make import PROJECT, make_project, run_portal, sign_in_as

IMPORTS = f"/projects/{PROJECT}/imports"


def run(app: Any, *arguments: str) -> tuple[int, Any]:
    result = run_portal(app, "import", "responses", *arguments, "--format", "json")
    return result.exit_code, json.loads(result.stdout) if result.stdout.startswith("{") else result.output


def test_the_command_brings_a_file(app, tmp_path):
    with app.app_context():
        make_project()
        make_study()
    path = str(write(tmp_path, ROWS))
    place = ("--project", PROJECT, "--study", "trust", "--wave", "baseline")
    assert run(app, path, *place, "--dry-run")[1]["created"] == 4
    code, said = run(app, path, *place)
    assert (code, said["created"], said["errors"]) == (0, 4, [])
    assert run(app, path, *place)[1]["unchanged"] == 4
    code, said = run(app, str(write(tmp_path, "q1,q2\n1,9\n", "b.csv")), *place)
    assert code == 1
    assert [(each["row"], each["column"], each["code"]) for each in said["errors"]] == [(2, "q2", "answer-off-scale")]
    assert run(app, path, "--project", PROJECT, "--study", "trust")[0] == 2
    assert run(app, path, "--project", PROJECT, "--study", "trust", "--wave", "middle")[0] == 1


def columns_of(content: bytes) -> list[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]]


ASKED = ["country", "q1", "q2", "q3", "met", "where", "years", "why", "c1", "c2", "c3"]


def test_the_template_has_the_columns_of_the_survey(app, tmp_path):
    with app.app_context():
        make_project()
        make_study()
    target = tmp_path / "template.xlsx"
    made = run_portal(app, "template", "responses", "--project", PROJECT, "--study", "trust", "-o", target)
    assert made.exit_code == 0, made.output
    assert columns_of(target.read_bytes()) == ["respondent", "language", "weight", *ASKED]
    assert (
        run_portal(app, "template", "responses", "--project", PROJECT, "--study", "other", "-o", target).exit_code == 2
    )
    assert run_portal(app, "template", "responses", "-o", target).exit_code == 0
    assert columns_of(target.read_bytes()) == ["respondent", "language", "weight"]


def test_the_pages_take_a_file_of_the_survey_that_is_chosen(app, tmp_path):
    with app.app_context():
        make_project()
        make_study()
        make_study(key="other", instrument=INSTRUMENT._replace(items=INSTRUMENT.items[:1], scales=()))
    browser = sign_in_as(app, Role.RESEARCHER)
    page = browser.get(f"{IMPORTS}/new?kind=responses&study=trust&wave=baseline")
    assert read_fields(page)["study"] == "trust"
    # Surveys with the same title are told apart.
    assert {"Trust (en) (trust)", "Trust (en) (other)"} <= {
        text_of(each) for each in find_all(read_page(page), "option")
    }
    assert {"Baseline (baseline)", "Endline (endline)"} <= {
        text_of(each) for each in find_all(read_page(page), "option")
    }
    assert any("study=trust" in address for address in links_of(page).values())
    template = browser.get(f"{IMPORTS}/template/responses.xlsx?study=other")
    assert columns_of(template.data) == ["respondent", "language", "weight", "country", "q1", "c1", "c2", "c3"]
    fields = {**read_fields(page), "study": "trust", "wave": "endline"}
    sent = browser.post(f"{IMPORTS}/new?kind=responses", **as_form(fields, file=[("answers.csv", ROWS.encode())]))
    assert sent.status_code == 302, page_text(sent)
    shown = browser.get(sent.headers["Location"])
    assert "Import 4 rows" in page_text(shown)
    assert "Trust (en) (trust)" in page_text(shown)
    assert browser.get(f"{IMPORTS}/export/responses.xlsx").status_code == 404
    assert "Answers to a survey as XLSX" not in page_text(browser.get(IMPORTS))


def test_pages_and_command_name_the_other_wave_that_has_the_file(app, tmp_path):
    with app.app_context():
        make_project()
        make_study()
    path, place = str(write(tmp_path, ROWS)), ("--project", PROJECT, "--study", "trust", "--wave")
    assert run(app, path, *place, "baseline")[1]["warnings"] == []
    browser = sign_in_as(app, Role.RESEARCHER)
    fields = read_fields(browser.get(f"{IMPORTS}/new?kind=responses&study=trust&wave=endline"))
    sent = browser.post(
        f"{IMPORTS}/new?kind=responses",
        **as_form({**fields, "wave": "endline"}, file=[("answers.csv", ROWS.encode())]),
    )
    said = page_text(browser.get(sent.headers["Location"]))
    assert "2 warnings: the file can be imported all the same" in said
    assert "The wave “endline” is not open yet." in said
    assert "has brought answers into the wave “baseline” of this survey already" in said
    told = run_portal(app, "import", "responses", path, *place, "endline")
    assert told.exit_code == 0
    assert "undo this import on its page. [response-other-wave]" in told.stderr


def test_pasted_rows_are_read_in_the_columns_of_the_survey(app):
    with app.app_context():
        make_project()
        make_study()
    browser = sign_in_as(app, Role.RESEARCHER)
    page = browser.get(f"{IMPORTS}/paste?kind=responses&study=trust&wave=baseline")
    assert "respondent, language, weight, country, q1" in page_text(page)
    fields = {**read_fields(page), "wave": "baseline", "text": "q1\tq9\n4\t1"}
    refused = browser.post(f"{IMPORTS}/paste?kind=responses", data=fields)
    assert (refused.status_code, "q9" in page_text(refused)) == (422, True)
    taken = browser.post(f"{IMPORTS}/paste?kind=responses", data={**fields, "text": "q1\tq2\n4\t1"})
    assert taken.status_code == 302, page_text(taken)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.VIEWER, Role.AUDITOR])
def test_who_does_not_edit_surveys_brings_no_file(app, role):
    with app.app_context():
        make_project()
        make_study()
    browser = sign_in_as(app, role, "lps" if role is Role.PARTNER else "")
    assert browser.get(f"{IMPORTS}/new?kind=responses").status_code == 403
    assert browser.get(f"{IMPORTS}/template/responses.xlsx").status_code == 403
