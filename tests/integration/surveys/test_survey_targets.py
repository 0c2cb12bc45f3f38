"""An indicator that is the result of a survey, on the project's pages: what it may name, and targets with decimals."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.projects.models import Indicator, Project, ProjectVersion
from portal.projects.queries import get_project
from portal.projects.queries.structure import get_structure
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import find_all as find
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_page, read_table
from tests.integration.projects.typing import fill, send
from tests.integration.surveys.phones import change_wave
from tests.integration.surveys.studies import INSTRUMENT, answer, make_study, words
from tests.make import PROJECT, PROJECT_FILE, make_project, run_portal, sign_in_as

INDICATORS = f"/projects/{PROJECT}/structure/indicators"
OUTCOMES = f"/projects/{PROJECT}/outcomes"
REASON = {"reason": "Agreed with the programme.", "valid_from": "2026-12-01"}
# 3 ± 2.201 · 1.477 / √12
SAMPLE = "n = 12, 95 % interval 2.06 to 3.94"
NEW = {"key": "trusting", "name_en": "Trust in the field"}
CHOSEN = {"measure_study": "trust", "measure_wave": "baseline", "measure_scale": "trust"}
SURVEY_ROW = """
[[indicators]]
key = "trusting"
target = {target}
name.en = "Trust in the field"
measure = {{ kind = "survey", study = "{study}", scale = "trust", wave = "baseline", statistic = "mean" }}
"""


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """The browser of the manager of a project whose survey of twelve people, which is over, says 3.00."""
    with app.app_context():
        make_project()
        study = make_study()
        answer(study, "baseline", [{"q1": 4, "q2": 4, "q3": 2}] * 8 + [{"q1": 1, "q2": 1, "q3": 5}] * 4)
    change_wave(app, by_hand="closed")
    with app.app_context():
        analyse(study, now=NOW)
    return sign_in_as(app, Role.MANAGER)


def add(manager: FlaskClient, **changes: Any) -> None:
    fill(manager, f"{INDICATORS}/new?kind=survey", **{**NEW, **CHOSEN, "target": "3,5", **REASON, **changes})


def options(page: Any, field: str) -> dict[str, str]:
    [select] = find(read_page(page), "select", name=field)
    return {each.attributes["value"]: "".join(map(str, each.children)) for each in find(select, "option")}


def load(app: Flask, folder: Path, target: str, study: str = "trust", *, exit_code: int = 0) -> str:
    file = folder / "project.toml"
    rows = SURVEY_ROW.format(target=target, study=study)
    file.write_text(PROJECT_FILE.read_text(encoding="utf-8").replace("[[indicators]]", rows + "\n[[indicators]]", 1))
    done = run_portal(app, "load", file)
    assert done.exit_code == exit_code, done.output
    return done.output


def row_of(manager: FlaskClient) -> list[str]:
    rows = read_table(manager.get(OUTCOMES), "Expected and achieved")
    return next(row for row in rows if row[0].startswith("Trust in the field"))


def test_the_form_offers_what_there_is(manager: FlaskClient) -> None:
    page = manager.get(f"{INDICATORS}/new?kind=survey", follow_redirects=True)
    assert options(page, "measure_study") == {"": "Choose a survey", "trust": "trust – Trust (en)"}
    assert options(page, "measure_wave") == {
        "": "Choose a wave",
        "baseline": "baseline – Baseline",
        "endline": "endline – Endline",
    }
    assert options(page, "measure_scale") == {"": "No scale", "trust": "trust – Trust (en)"}
    # Of texts there is neither a mean nor a share.
    assert list(options(page, "measure_item")) == ["", "q1", "q2", "q3", "met", "where", "years"]
    assert links_of(page)["Show the surveys"] == f"/projects/{PROJECT}/surveys"


def test_of_several_surveys_the_form_says_which_has_what(app: Flask, manager: FlaskClient) -> None:
    with app.app_context():
        make_study(INSTRUMENT._replace(title=words("Other")), key="other", waves={"baseline": (None, None)})
    page = manager.get(f"{INDICATORS}/new?kind=survey", follow_redirects=True)
    assert options(page, "measure_wave") == {
        "": "Choose a wave",
        "baseline": "baseline – trust: Baseline; other: Baseline",
        "endline": "endline – trust: Endline",
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"measure_study": "x"},
            {"measure_study": "There is no survey “x” yet. This project has these surveys: trust."},
        ),
        (
            {"measure_wave": "x", "measure_scale": "y"},
            {
                "measure_wave": "The survey “trust” has no wave “x”. It has these waves: baseline, endline.",
                "measure_scale": "The survey “trust” has no scale “y”. It has these scales: trust.",
            },
        ),
        (
            {"measure_scale": "", "measure_item": "y"},
            {
                "measure_item": "The survey “trust” has no question “y”. It has these questions: q1, q2, q3, met,"
                " where, years, why."
            },
        ),
        (
            {"measure_scale": "", "measure_item": "years", "measure_statistic": "share"},
            {"measure_statistic": "Answers to “years” have no share. Choose the mean, or another question."},
        ),
        ({"measure_study": ""}, {"measure_study": "Fill this in."}),
        (
            {"target": "3.555"},
            {
                "target": "What is expected of a survey's result is a number from 0 with at most two decimals. Write it"
                " like 3.5."
            },
        ),
        ({"target": "5.01"}, {"target": "This figure can only lie between 1 and 5. Enter a target from 1 to 5."}),
        (
            {"measure_statistic": "share", "target": "100.01"},
            {"target": "This figure can only lie between 0 and 100. Enter a target from 0 to 100."},
        ),
    ],
)
def test_what_is_not_there_is_refused_at_its_field_and_what_was_sent_is_kept(
    app: Flask, manager: FlaskClient, changes: dict[str, str], errors: dict[str, str]
) -> None:
    sent = {**NEW, **CHOSEN, "target": "3.5", **REASON, **changes}
    refused = send(manager, f"{INDICATORS}/new?kind=survey", **sent)
    page = manager.get(f"{INDICATORS}/new?kind=survey", follow_redirects=True)
    previewed = manager.post(f"{INDICATORS}/preview?kind=survey", data={**read_fields(page), **sent})
    for shown in (refused, previewed):
        assert (shown.status_code, read_errors(shown)) == (422, errors)
        assert {name: value for name, value in read_fields(shown).items() if name in sent} == sent
    with app.app_context():
        assert "trusting" not in get_structure(PROJECT).rows["indicators"]


def test_without_a_survey_the_form_says_so(app: Flask) -> None:
    with app.app_context():
        make_project()
    manager = sign_in_as(app, Role.MANAGER)
    refused = send(manager, f"{INDICATORS}/new?kind=survey", **{**NEW, **CHOSEN, **REASON})
    assert read_errors(refused) == {
        "measure_study": "There is no survey “trust” yet, nor any other in this project. Make it first."
    }


def test_a_target_with_decimals_is_the_same_everywhere(app: Flask, manager: FlaskClient) -> None:
    add(manager)
    # 3.00 of 3.50.
    assert row_of(manager)[1:4] == ["3.50", f"3.00 {SAMPLE}", "85.71 %"]
    assert "3.00 of 3.50" in page_text(manager.get(f"{OUTCOMES}/trusting"))
    assert "3.50" in page_text(manager.get(f"/projects/{PROJECT}/"))
    assert read_fields(manager.get(f"{INDICATORS}/trusting/edit", follow_redirects=True))["target"] == "3.50"
    done = run_portal(app, "outcomes", PROJECT)
    assert "3.00 of 3.50" in done.stdout
    public = app.test_client().get(f"/public/{PROJECT}/outcomes.json").get_json()["rows"]
    told = {row["key"]: row for row in public}["trusting"]
    assert (told["expected"], told["achieved"], told["percent"]) == ("3.50", "3.00", "85.71")
    assert (told["n"], told["ci"]) == (12, ["2.06", "3.94"])
    assert [each["key"] for each in public if "ci" in each] == ["trusting"]
    shown = page_text(app.test_client().get(f"/public/{PROJECT}"))
    assert f"3.50 3.00 {SAMPLE} 85.71 %" in shown
    book = CalamineWorkbook.from_filelike(BytesIO(manager.get(f"{OUTCOMES}.xlsx").data))
    rows = {row[0]: row for row in book.get_sheet_by_name("Outcomes").to_python()}
    assert rows["Trust in the field"][1:4] == [3.5, 3.0, 85.71]
    notes = [row[0] for row in book.get_sheet_by_name("Notes").to_python()]
    for said in (page_text(manager.get(OUTCOMES)), shown, "\n".join(notes)):
        assert f"Trust in the field: Mean · Trust (en) · Baseline: {SAMPLE}." in said
        assert "It is a mean or a share of those who answered in one wave (n), with an interval of 95 %. A dash" in said
        assert "is of the target value itself, not of the way from a baseline." in said
    pdf = PdfReader(BytesIO(manager.get(f"{OUTCOMES}.pdf").data))
    assert f"3.50 3.00 {SAMPLE} 85.71 %" in " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_a_whole_target_is_shown_whole_in_the_form_and_counts_stay_whole(app: Flask, manager: FlaskClient) -> None:
    add(manager, target="4")
    page = manager.get(f"{INDICATORS}/trusting/edit", follow_redirects=True)
    assert read_fields(page)["target"] == "4"
    assert row_of(manager)[1:4] == ["4.00", f"3.00 {SAMPLE}", "75.00 %"]
    assert "Enter a whole number, in digits." in page_text(send(manager, f"{INDICATORS}/workshops/edit", target="3.5"))
    with app.app_context():
        assert get_structure(PROJECT).rows["indicators"]["trusting"]["target"] == 400


def test_a_change_of_the_target_is_previewed_versioned_and_kept_in_the_trail(manager: FlaskClient) -> None:
    add(manager)
    page = manager.get(f"{INDICATORS}/trusting/edit", follow_redirects=True)
    changes = {"target": "3.75", **REASON}
    shown = manager.post(f"{INDICATORS}/trusting/preview", data={**read_fields(page), **changes})
    rows = read_table(shown, "Rows of the outcome table")
    # 3.00 is 80 % of 3.75.
    assert rows[1] == ["Trust in the field", "3.50 → becomes 3.75", "3.00", "–", "85.71 % → becomes 80.00 %"]
    fill(manager, f"{INDICATORS}/trusting/edit", **changes)
    assert "Target 3.50 3.75" in page_text(manager.get(f"/projects/{PROJECT}/versions/3"))
    assert "3.75" in page_text(manager.get(f"/projects/{PROJECT}/structure"))
    assert "3.75" in page_text(manager.get(f"/projects/{PROJECT}/audit"))


@pytest.mark.parametrize("target", ["3.5", '"3.5"'])
def test_a_project_file_may_state_decimals_and_name_what_comes_later(
    app: Flask, tmp_path: Path, manager: FlaskClient, target: str
) -> None:
    load(app, tmp_path, target, "later")
    assert row_of(manager)[1:3] == ["3.50", "–"]
    for address in (OUTCOMES, f"/projects/{PROJECT}/structure", f"{OUTCOMES}/trusting"):
        page = manager.get(address)
        assert "There is no survey “later” yet. This project has these surveys: trust." in page_text(page)
        assert links_of(page)["Show the surveys"] == f"/projects/{PROJECT}/surveys"
    # Everyone else is told nothing of surveys that are not there.
    assert "later" not in page_text(app.test_client().get(f"/public/{PROJECT}"))
    # The same file again changes nothing.
    with app.app_context():
        before = get_project(PROJECT).version
    load(app, tmp_path, target, "later")
    with app.app_context():
        assert get_project(PROJECT).version == before
        make_study(key="later")
    assert "There is no survey" not in page_text(manager.get(OUTCOMES))


def test_a_file_states_no_target_that_can_never_be_the_figure(app: Flask, tmp_path: Path, manager: FlaskClient) -> None:
    load(app, tmp_path, "5")
    refused = load(app, tmp_path, "5.5", exit_code=1)
    assert "indicators.trusting.target: This figure can only lie between 1 and 5." in refused
    load(app, tmp_path, "5.5", "later")


def test_what_a_file_has_named_stays_while_something_else_changes(
    app: Flask, tmp_path: Path, manager: FlaskClient
) -> None:
    load(app, tmp_path, "3.5", "later")
    address = f"{INDICATORS}/trusting/edit"
    page = manager.get(address, follow_redirects=True)
    assert options(page, "measure_study")["later"] == "later: not there yet"
    fill(manager, address, name_en="Trust in the field, anew", **REASON)
    fill(manager, address, target="3.75", **REASON)
    assert 'the portal\'s "3.75" is kept; the file says "4.00".' in load(app, tmp_path, "4", "later")
    refused = send(manager, address, measure_wave="endline", **REASON)
    assert list(read_errors(refused)) == ["measure_study"]


def test_the_page_says_what_the_figure_is_and_offers_no_filters(manager: FlaskClient) -> None:
    add(manager)
    page = manager.get(f"{OUTCOMES}/trusting")
    said = page_text(page)
    assert "Mean · Trust (en) · Baseline: 12 people answered. The interval of 95 % goes from " in said
    assert "Analysed on 20 November 2026" in said
    assert links_of(page)["Show the results of the survey"] == f"/projects/{PROJECT}/surveys/trust/results"
    assert [each.attributes["name"] for each in find(read_page(page), "select")] == []
    asked = manager.get(f"{OUTCOMES}/trusting?country=LT")
    assert asked.status_code == 422
    assert "This row is the result of a survey, which has a page of its own." in page_text(asked)
    # A day applies: before the wave there is nothing.
    before = page_text(manager.get(f"{OUTCOMES}/trusting?as_of=2026-10-31"))
    assert "Not reported" in before


def test_targets_that_stand_are_put_into_hundredths_and_back(app: Flask, manager: FlaskClient) -> None:
    add(manager, target="4")
    with app.app_context():
        module = ScriptDirectory(app.config["MIGRATIONS_DIR"]).get_revision("0007").module
        for change, expected in ((lambda target: target // 100, 4), (lambda target: target * 100, 400)):
            with transaction() as session:
                rows = get_structure(PROJECT).rows["indicators"]
                loaded = {"indicators": {key: {**row} for key, row in rows.items()}}
                session.execute(update(Project).where(Project.code == PROJECT).values(loaded=loaded))
            with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
                module.change_survey_targets(change)
            db.session.expire_all()
            stored = {row.key: row.target for row in db.session.scalars(select(Indicator))}
            assert (stored["trusting"], stored["workshops"], stored["public_events"]) == (expected, 216, 2)
            kept = [get_project(PROJECT).loaded, db.session.scalars(select(ProjectVersion.rows)).all()[-1]]
            assert [each["indicators"]["trusting"]["target"] for each in kept] == [expected, expected]
            assert [each["indicators"]["workshops"]["target"] for each in kept] == [216, 216]
            db.session.rollback()
