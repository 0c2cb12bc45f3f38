"""The known shares of the population: entering them, files with them, and what they do to the results."""

import json

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.projects.models import Project
from portal.surveys.models import Study
from portal.surveys.queries.analyses import find_analysis
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import find_all, page_text, read_errors, read_page, read_summary, read_table, text_of
from tests.integration.surveys.analysing import HEAD
from tests.integration.surveys.studies import answer, make_study
from tests.make import PROJECT, make_project, run_portal, sign_in_as

PAGE = f"/projects/{PROJECT}/surveys/trust/margins"
EDIT = f"{PAGE}/edit"
LT, PL, SOURCE = "share-country-4c54", "share-country-504c", "source-country"
STATED = {LT: "60", PL: "40,00 %", SOURCE: "Statistics Lithuania, table 1, 2025", "version": "1"}
KEPT = {"country": {"shares": {"LT": 6000, "PL": 4000}, "source": "Statistics Lithuania, table 1, 2025"}}


@pytest.fixture
def study(app):
    with app.app_context():
        make_project()
        return make_study()


@pytest.fixture
def researcher(app, study):
    return sign_in_as(app, Role.RESEARCHER)


def kept(app, study):
    with app.app_context():
        return db.session.get_one(Study, study).margins


def test_shares_are_entered_shown_and_taken_away_again(app, study, researcher):
    assert "No shares are entered" in page_text(researcher.get(PAGE))
    assert PAGE in researcher.get(f"/projects/{PROJECT}/surveys/trust").text
    answer = researcher.post(EDIT, data=STATED)
    assert (answer.status_code, kept(app, study)) == (302, KEPT)
    text = page_text(researcher.get(PAGE))
    assert "Source: Statistics Lithuania, table 1, 2025" in text
    assert read_table(researcher.get(PAGE), "Country")[1][1] == "60.00 %"
    assert researcher.post(EDIT, data={LT: "", PL: "", SOURCE: "", "version": "2"}).status_code == 302
    assert kept(app, study) == {}
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "margins_changed")).all()
        said = "country: LT 60.00 %, PL 40.00 % (Statistics Lithuania, table 1, 2025)"
        assert [each.changes for each in entries] == [{"margins": [[], [said]]}, {"margins": [[said], []]}]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({PL: "39.94"}, LT, "The shares add up to 99.94 %; 0.06 are missing to 100 %."),
        ({PL: "41"}, LT, "that is 1.00 more than 100 %"),
        ({PL: ""}, PL, "The share of this answer is missing."),
        ({PL: "many"}, PL, ""),
        ({SOURCE: ""}, SOURCE, "Say where the shares come from"),
        ({SOURCE: "x" * 301}, SOURCE, "Shorten this"),
    ],
)
def test_what_is_wrong_stands_at_its_field(app, study, researcher, changed, field, said):
    answer = researcher.post(EDIT, data={**STATED, **changed})
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {field}
    assert said in page_text(answer)
    assert kept(app, study) == {}


def test_what_is_needed_is_not_called_optional_and_errors_name_the_group(researcher):
    page = researcher.get(EDIT)
    assert "optional" not in page_text(page)
    assert [text_of(each) for each in find_all(read_page(page), "label", **{"for": SOURCE})] == [
        "Where the shares come from"
    ]
    said = read_summary(researcher.post(EDIT, data={**STATED, PL: "", SOURCE: ""}))
    assert [each.partition(":")[0] for each in said] == ["Country – PL (en)", "Country – Where the shares come from"]


def test_a_stale_form_keeps_what_was_typed(app, study, researcher):
    assert researcher.post(EDIT, data=STATED).status_code == 302
    answer = researcher.post(EDIT, data={**STATED, LT: "70", PL: "30"})
    assert answer.status_code == 409
    assert "Someone else has changed the shares" in page_text(answer)
    assert 'value="70.00"' in answer.text
    assert kept(app, study) == KEPT


def test_readers_see_the_shares_and_a_closed_project_keeps_them(app, study, researcher):
    viewer = sign_in_as(app, Role.VIEWER)
    assert (viewer.get(PAGE).status_code, viewer.get(EDIT).status_code) == (200, 403)
    with app.app_context(), transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    assert researcher.post(EDIT, data=STATED).status_code == 409
    assert kept(app, study) == {}


def test_shares_that_fit_no_more_are_named(app, study, researcher):
    with app.app_context(), transaction() as session:
        gone = {"country": {"shares": {"LT": 5000, "PL": 4000, "LV": 1000}, "source": "Census"}}
        session.get_one(Study, study).margins = gone
    assert "nothing is weighted by known shares" in page_text(researcher.get(PAGE))
    with app.app_context():
        fill(study)
        document = analyse(study, now=NOW)
        assert document["weighting"] is None
        assert {"code": "weights-outdated", "where": "country", "values": {}} in document["warnings"]


def fill(study):
    for wave in ("baseline", "endline"):
        for country, step in (("LT", 2), ("PL", 4)):
            many = [{"q1": step, "q2": step, "q3": 6 - step + number % 2} for number in range(10)]
            answer(study, wave, many, groups={"country": country})


def test_other_shares_ask_for_a_new_analysis_whose_page_tells_of_them(app, study, researcher):
    with app.app_context():
        fill(study)
        analyse(study, now=NOW)
        assert find_analysis(study).is_current
    researcher.post(EDIT, data=STATED)
    with app.app_context():
        assert not find_analysis(study).is_current
        document = analyse(study, now=NOW)
        assert document["weighting"]["waves"]["baseline"] == pytest.approx({"n": 20, "n_eff": 400 / 20.8, "deff": 1.04})
    page = page_text(researcher.get(f"/projects/{PROJECT}/surveys/trust/results"))
    assert "weighted to the known shares of the population by “Country”" in page
    assert "Source: Statistics Lithuania, table 1, 2025" in page
    assert "Weighted average" in page
    assert "Weighted change" in page
    assert "Median (quartiles)" in page
    for kind in ("pdf", "docx"):
        report = researcher.get(f"/projects/{PROJECT}/surveys/trust/report.{kind}?language=lt")
        assert (report.status_code, len(report.data) > 5000) == (200, True)


GROUPS = """
[[groups]]
key = "age"
levels = ["18-64", "65+"]
text.en = "How old are you?"
[[items]]
key = "x"
type = "number"
text.en = "How many?"
"""
MARGINS = '[[margins]]\ngroup = "age"\nshares.18-64 = 79.5\nshares."65+" = "20.50"\nsource = "Census 2021"\n'


def test_a_file_brings_shares_and_gives_them_back(app, tmp_path):
    with app.app_context():
        make_project()
    path = tmp_path / "study.toml"

    def load(text):
        path.write_text(text, encoding="utf-8")
        done = run_portal(app, "survey", "load", path, "--format", "json")
        return json.loads(done.stdout)["result"] if done.exit_code == 0 else done.output

    assert load(HEAD + GROUPS) == "created"
    assert load(HEAD + GROUPS + MARGINS) == "updated"
    assert load(HEAD + GROUPS) == "unchanged"
    with app.app_context():
        study = db.session.scalars(select(Study)).one()
        assert study.margins == {"age": {"shares": {"18-64": 7950, "65+": 2050}, "source": "Census 2021"}}
    browser = sign_in_as(app, Role.RESEARCHER)
    text = browser.get(f"/projects/{PROJECT}/surveys/published/versions/1/file").text
    assert '"65+" = "20.50"' in text or 'shares."65+" = "20.50"' in text
    assert load(text) == "unchanged"
    assert "margins.#1.shares" in load(HEAD + GROUPS + MARGINS.replace("79.5", "70"))
    assert "margins.#1.shares.18-64" in load(HEAD + GROUPS + MARGINS.replace("79.5", "true"))


def test_a_sum_is_said_as_the_language_writes_numbers(researcher):
    errors = read_errors(researcher.post(f"{EDIT}?lang=lt", data={**STATED, PL: "39.94"}))
    assert "99,94 %" in errors[LT]
    assert "0,06" in errors[LT]
