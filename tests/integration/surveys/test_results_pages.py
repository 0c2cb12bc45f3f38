"""The page of results: what it says before and after the analysis, to whom, how fast, and what it never says."""

import subprocess
import sys

import pytest

from portal.accounts.rules import Role
from portal.surveys.naming import withheld
from portal.surveys.queries.analyses import analysis_job
from tests.integration.pages import find_all, page_text, read_page, read_table, read_tables, send_form, text_of
from tests.integration.surveys.kept import keep_analysis
from tests.integration.surveys.studies import make_study
from tests.make import PROJECT, make_project, sign_in_as
from tests.unit.surveys.analysed import RESULT, analysed, change

RESULTS = f"/projects/{PROJECT}/surveys/trust/results"


@pytest.fixture
def study(app):
    """The id of a published survey."""
    with app.app_context():
        make_project()
        return make_study()


@pytest.fixture
def viewer(app, study):
    """A browser of somebody who may only read, with an analysis that is kept."""
    with app.app_context():
        keep_analysis(study, RESULT)
    return sign_in_as(app, Role.VIEWER)


def test_before_the_analysis_the_page_offers_it_to_those_who_may(app, study):
    page = page_text(sign_in_as(app, Role.RESEARCHER).get(RESULTS))
    assert "Not analysed yet" in page
    assert "Analyse the answers" in page
    assert "no figure of fewer than 10 people" in page
    assert "Analyse the answers" not in page_text(sign_in_as(app, Role.VIEWER).get(RESULTS))


def test_pressing_the_button_asks_the_worker_and_shows_that_it_works(app, study):
    researcher = sign_in_as(app, Role.RESEARCHER)
    assert send_form(researcher, RESULTS).status_code in (200, 302, 405)
    page = researcher.get(RESULTS)
    form = next(each for each in find_all(read_page(page), "form") if each.attributes["action"].endswith("/analyse"))
    fields = {each.attributes["name"]: each.attributes.get("value", "") for each in find_all(form, "input")}
    assert researcher.post(f"{RESULTS}/analyse", data=fields).status_code == 302
    with app.app_context():
        assert analysis_job(study).state == "waiting"
    page = page_text(researcher.get(RESULTS))
    assert "The answers are being analysed." in page
    assert "Look again" in page
    assert "0 %" in page


def test_those_who_may_not_analyse_are_refused(viewer):
    assert viewer.post(f"{RESULTS}/analyse").status_code == 403


def test_a_survey_that_is_not_there_has_no_results(viewer):
    assert viewer.get(f"/projects/{PROJECT}/surveys/nothing/results").status_code == 404


def test_a_survey_that_is_not_published_says_so(app):
    with app.app_context():
        make_project()
        make_study(is_published=False)
    assert "not published yet" in page_text(sign_in_as(app, Role.RESEARCHER).get(RESULTS))


def test_the_plain_paragraph_stands_first(viewer):
    section = next(find_all(read_page(viewer.get(RESULTS)), "section", aria_labelledby="plain"))
    assert text_of(section) == (
        "In plain words How many people answered: Baseline – 412; Endline – 398; followup – fewer than 10, so nothing"
        " is said about them. Trust (en): the average rose from 2.91 to 3.10 on the scale from 1 to 5 (a small change);"
        " with 95 % confidence the rise is 0.08 to 0.30 points. We cannot tell whether the change differs between"
        " groups (“Country”). Counted the wrong way round, as it seems: “3. I would be afraid. (en)”. Check this before"
        " you conclude anything about: “Trust (en)”."
        " The waves did not ask all the same questions, so the change may come from"
        " that: “Trust (en)”. The survey does not show why this is so: other things than the project may have caused"
        " it. The figures speak of the people who answered, not of everybody."
        " ↑ Back to the contents of this page"
    )


def test_of_identical_waves_the_page_says_that_we_cannot_tell(app, study):
    with app.app_context():
        keep_analysis(study, analysed(change(0.0, (-0.11, 0.11), 1.0, effect=0.0)))
    page = page_text(sign_in_as(app, Role.VIEWER).get(RESULTS))
    assert "Trust (en): we cannot tell whether anything has changed." in page
    assert "a change of −0.11 to +0.11 would fit these answers" in page
    assert "rose from" not in page


def test_averages_stand_with_their_interval_and_what_is_of_too_few_is_said_as_such(viewer):
    rows = read_table(viewer.get(RESULTS), "Averages with their intervals")
    assert rows[0] == [
        "Who",
        "Wave",
        "Answers",
        "Average",
        "Standard deviation",
        "Confidence interval",
        "Weighted average",
        "1 … 5",
    ]
    assert rows[1][:7] == [
        "Everybody",
        "Baseline",
        "405",
        "2.91",
        "0.77",
        "2.83 to 2.99",
        "2.95 (effective number 366)",
    ]
    rows = groups_table(viewer.get(RESULTS), "Averages with their intervals")
    assert rows[4][:4] == ["PL (en)", "Endline", "withheld (tells of fewer than 10)", ""]
    assert rows[5][:3] == ["other", "", "withheld (tells of fewer than 10)"]


def test_the_change_names_its_test_its_effect_and_why(viewer):
    page = viewer.get(RESULTS)
    assert read_table(page, "Change between two waves")[1] == [
        "Everybody",
        "+0.19",
        "+0.08 to +0.30",
        "Hedges' g 0.25 (+0.11 to +0.39)",
        "Partially overlapping samples t-test: t = 3.51, df = 700.1",
        "< 0.001",
        "0.001",
    ]
    assert "Some people were found in both waves (pairs: 168) and others in one only" in page_text(page)
    assert read_table(page, "Does the change differ")[1][:2] == ["LT (en) and PL (en)", "+0.05"]


def test_bars_of_answers_repeat_the_shares_of_their_row(viewer):
    page = viewer.get(RESULTS)
    rows = read_table(page, "Answers in steps")
    assert rows[1][:6] == ["1. People deserve a second chance. (en)", "Baseline", "410", "17 %", "24 %", "59 %"]
    drawn = [each for each in find_all(read_page(page), "svg") if each.attributes["class"] == "bar likert"]
    assert len(drawn) == 2
    # 70 of 410 are low, 100 in the middle and 240 high: 500 units are everybody, so (70 + 50) / 410 of them lie left.
    first = next(find_all(drawn[0], "rect", class_="tone-no-2"))
    assert (first.attributes["x"], first.attributes["width"]) == ("354", "24")


def test_how_often_each_answer_was_given_stands_below(viewer):
    rows = dict(read_tables(viewer.get(RESULTS)))["1. People deserve a second chance. (en) (Agreement on a scale)"]
    assert rows[1] == ["1", "20 (5 %)", "15 (4 %)"]
    assert rows[-3:] == [["Don't know", "1", "4"], ["Prefer not to say", "1", "3"], ["No answer", "0", "1"]]


def test_pairs_warnings_and_limits_are_told(viewer):
    page = viewer.get(RESULTS)
    assert read_table(page, "Pairs of answers")[1][1:] == ["170", "4", "466", "0.3"]
    said = page_text(page)
    assert "Question 3 “I would be afraid. (en)” (Baseline): against the rest of the scale “Trust (en)”" in said
    assert "Not validated. (en)" in said
    assert "People chose themselves whether to answer." in said
    assert "No figure is given of fewer than 10 people." in said


def test_a_few_pairs_are_told_without_their_number(app, study):
    result = analysed()
    few = {"suppressed": True}
    result["scales"][0]["change"]["why"]["values"]["pairs"] = few
    result["pairing"] = {"method": "code", **few}
    with app.app_context():
        keep_analysis(study, result)
    page = sign_in_as(app, Role.VIEWER).get(RESULTS)
    with app.test_request_context():
        said = withheld()
    assert f"Some people were found in both waves (pairs: {said}) and others in one only" in page_text(page)
    assert read_table(page, "Pairs of answers")[1][1:] == [said, "", "", ""]


def test_a_few_that_were_found_in_one_wave_only_are_not_counted(app, study):
    result = analysed()
    result["pairing"] |= {"ambiguous": {"suppressed": True}, "unmatched": None}
    with app.app_context():
        keep_analysis(study, result)
    page = sign_in_as(app, Role.VIEWER).get(RESULTS)
    with app.test_request_context():
        assert read_table(page, "Pairs of answers")[1][1:] == ["170", withheld(), "–", "0.3"]


@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_the_page_speaks_each_language(viewer, language):
    page = viewer.get(f"{RESULTS}?lang={language}")
    assert page.status_code == 200
    assert f"Trust ({language})" in page_text(page)


def test_showing_results_loads_nothing_that_computes_them():
    script = (
        "import sys, portal.surveys.views.results, portal.surveys.showing.results, portal.reports.views.survey_report\n"
        "print([name for name in ('numpy', 'scipy', 'pandas', 'docx') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"


def groups_table(page, caption):
    """The rows of the second table with this caption: that of the groups."""
    return [rows for name, rows in read_tables(page) if name.startswith(caption)][1]


def test_the_contents_lead_to_every_section_and_each_section_leads_back(viewer):
    page = read_page(viewer.get(RESULTS))
    nav = next(find_all(page, "nav", aria_label="On this page"))
    anchors = [each.attributes["href"].removeprefix("#") for each in find_all(nav, "a")]
    sections = [each.attributes["aria-labelledby"] for each in find_all(page, "section", class_="result-section")]
    assert anchors == sections
    assert anchors[:2] == ["plain", "warnings"]
    assert len([each for each in find_all(page, "a") if each.attributes.get("href") == "#contents"]) == len(sections)


def test_groups_and_reliability_are_folded_away(viewer):
    folded = list(find_all(read_page(viewer.get(RESULTS)), "details", class_="more"))
    assert [text_of(next(find_all(each, "summary"))) for each in folded] == [
        "Groups: averages, changes and differences (Trust (en))",
        "Questions of this scale and its reliability (Trust (en))",
        "How often each answer was given (Single questions)",
        "Show : How the figures were made",
    ]


def test_beneath_changes_it_is_said_that_intervals_are_not_corrected(viewer):
    said = page_text(viewer.get(RESULTS))
    # Everybody's change, that of groups, their contrasts, and the change of single questions.
    assert said.count("The corrected p allows for the number of comparisons (Holm)") == 4


def test_questions_with_the_same_warning_are_named_together(app, study):
    missing = [
        {"code": "many-missing", "where": key, "values": {"wave": wave, "share": share, "n": 412}}
        for wave, share in (("baseline", 0.31), ("endline", 0.25))
        for key in ("q1", "q3")
    ]
    result = {**analysed(), "warnings": missing}
    with app.app_context():
        keep_analysis(study, result)
    said = page_text(sign_in_as(app, Role.VIEWER).get(RESULTS))
    assert "Questions 1 and 3 (Baseline and Endline): 25 % to 31 % gave no answer that counts." in said
