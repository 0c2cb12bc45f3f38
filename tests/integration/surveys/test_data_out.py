"""Answers as files: CSV with a codebook, and SPSS; nothing from a few, and nothing that tells who or when."""

import csv
import io
import zipfile

import pyreadstat
import pytest

from portal.accounts.rules import Role
from portal.core.db import db
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from portal.surveys.models import Analysis
from portal.surveys.queries.studies import get_study, get_wave
from portal.surveys.rules.documents import Choice, Item, Scale
from portal.surveys.services.analysing import analyse
from portal.surveys.services.waves import decide_wave
from tests.conftest import NOW
from tests.integration.pages import find_all, links_of, page_text, read_fields, read_page, text_of
from tests.integration.surveys.studies import INSTRUMENT, answer, choice, make_study
from tests.make import PROJECT, make_project, sign_in_as

PAGE = f"/projects/{PROJECT}/surveys/trust/data"
LITHUANIAN, POLISH = "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ", "ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ"
HARD = {"en": "Neighbours", "lt": f"Kaimynai {LITHUANIAN}", "pl": f"Sąsiedzi {POLISH}"}
ASKED = INSTRUMENT._replace(
    title=HARD,
    items=(
        Item("q1", "likert", HARD, "views", least=INSTRUMENT.items[0].least, most=INSTRUMENT.items[0].most)._replace(
            labels=(HARD, {}, {}, {}, HARD)
        ),
        *INSTRUMENT.items[1:3],
        Item("met", "single", HARD, "you", choices=(Choice("yes", HARD), choice("no"))),
        *INSTRUMENT.items[4:],
        Item("by", "number", HARD, "you"),
    ),
    scales=(Scale("trust", ("q1", "q2", "q3"), HARD, reverse=("q3",)),),
)
FULL = {
    "q1": 5,
    "q2": "@dk",
    "q3": 1,
    "met": "yes",
    "where": ["work", "other"],
    "years": "12.5",
    "why": f'"{LITHUANIAN}";\n{POLISH}',
    "by": "-8",
}
EMPTY: dict[str, object] = {}
TYPED = {"q1": "@no", "met": "@dk", "where": "@no", "years": "@dk", "why": "@no", "by": "@no"}


@pytest.fixture
def study(app):
    with app.app_context():
        make_project()
        study_id = make_study(ASKED)
        answer(study_id, "baseline", [FULL] * 8, groups={"country": "LT"}, language="lt")
        answer(study_id, "baseline", [TYPED], groups={"country": "PL"}, language="pl")
        answer(study_id, "baseline", [EMPTY])
        answer(study_id, "endline", [FULL] * 9)
        decide("baseline", "closed")
        decide("endline", "closed")
    return app


def decide(wave: str, by_hand: str) -> None:
    row = get_wave(get_study(PROJECT, "trust"), wave)
    decide_wave(row.id, by_hand, version=row.version, now=NOW)


def researcher(app):
    return sign_in_as(app, Role.RESEARCHER)


def csv_of(browser) -> tuple[bytes, list[dict[str, str]]]:
    archive = zipfile.ZipFile(io.BytesIO(browser.get(f"{PAGE}/baseline.zip").data))
    assert archive.namelist() == ["trust-baseline.csv", "codebook.xlsx"]
    content = archive.read("trust-baseline.csv")
    return content, list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sav_of(tmp_path, browser, language: str):
    answer_ = browser.get(f"{PAGE}/baseline.sav?language={language}")
    assert answer_.status_code == 200
    path = tmp_path / "read.sav"
    path.write_bytes(answer_.data)
    return pyreadstat.read_sav(path, user_missing=True)


def test_csv_has_a_row_for_each_person_in_the_columns_of_a_response_file(study):
    content, rows = csv_of(researcher(study))
    assert content.startswith(b"\xef\xbb\xbflanguage,country,q1,q2,q3,met,where,years,why,by\r\n")
    assert len(rows) == 10
    [empty] = [row for row in rows if row["language"] == "en"]
    assert set(empty.values()) == {"en", ""}
    [typed] = [row for row in rows if row["language"] == "pl"]
    assert [typed[name] for name in ("q1", "met", "where", "years", "why")] == [
        "refused",
        "dk",
        "refused",
        "dk",
        "refused",
    ]
    full = next(row for row in rows if row["language"] == "lt")
    assert (full["q1"], full["q2"], full["where"], full["years"]) == ("5", "dk", "work;other", "12.5")
    assert full["why"] == f'"{LITHUANIAN}";\n{POLISH}'


def test_no_file_tells_who_or_when(study):
    with study.app_context():
        names = list(db.session.execute(db.text("SELECT id FROM survey_responses")).scalars())
    browser = researcher(study)
    content, _rows = csv_of(browser)
    sav = browser.get(f"{PAGE}/baseline.sav").data
    for handed in (content, sav):
        assert not any(name.encode() in handed for name in names)
        assert b"2026-11-10" not in handed


def test_weights_are_handed_out_where_there_are_any(study, tmp_path):
    with study.app_context():
        db.session.execute(db.text("UPDATE survey_responses SET weight_micros = 1250000 WHERE language = 'pl'"))
        db.session.commit()
    browser = researcher(study)
    assert sorted(row["weight"] for row in csv_of(browser)[1]) == [""] * 9 + ["1.25"]
    frame, _meta = sav_of(tmp_path, browser, "en")
    assert frame["weight"].sum() == 1.25


def test_spss_reads_back_labels_letters_and_typed_missing_values(study, tmp_path):
    frame, meta = sav_of(tmp_path, researcher(study), "lt")
    names = [
        "language",
        "country",
        "q1",
        "q2",
        "q3",
        "met",
        "where_work",
        "where_family",
        "where_other",
        "years",
        "why",
        "v_by",
    ]
    assert list(frame.columns) == names
    assert meta.column_names_to_labels["q1"] == HARD["lt"]
    assert meta.column_names_to_labels["where_work"] == "work (lt) – Where? (lt)"
    assert meta.variable_value_labels["q1"][5.0] == HARD["lt"]
    assert meta.variable_value_labels["met"][1.0] == HARD["lt"]
    assert set(meta.variable_value_labels["q1"]) == {1.0, 5.0, -8.0, -9.0}
    assert meta.missing_ranges["q1"] == [{"lo": -8.0, "hi": -8.0}, {"lo": -9.0, "hi": -9.0}]
    full = frame[frame["language"] == "lt"].iloc[0]
    assert [full[name] for name in names[1:10]] == [1.0, 5.0, -8.0, 1.0, 1.0, 1.0, 0.0, 1.0, 12.5]
    assert full["why"] == FULL["why"]
    [typed] = [row for _place, row in frame[frame["language"] == "pl"].iterrows()]
    assert [typed[name] for name in ("country", "q1", "met", "where_work", "where_other")] == [
        2.0,
        -9.0,
        -8.0,
        -9.0,
        -9.0,
    ]
    assert typed["why"] == "refused"
    [empty] = [row for _place, row in frame[frame["language"] == "en"].iterrows()]
    assert empty.isna().sum() == len(names) - 2
    assert meta.file_label.startswith("Kaimynai")


def test_numbers_that_stand_for_missing_values_never_occur_among_answers(study, tmp_path):
    frame, meta = sav_of(tmp_path, researcher(study), "en")
    # -8 was answered, so longer numbers stand for what is missing.
    assert meta.missing_ranges["v_by"] == [{"lo": -98.0, "hi": -98.0}, {"lo": -99.0, "hi": -99.0}]
    assert sorted(frame["v_by"].dropna().unique()) == [-99.0, -8.0]


def test_polish_letters_come_back_too(study, tmp_path):
    _frame, meta = sav_of(tmp_path, researcher(study), "pl")
    assert meta.column_names_to_labels["met"] == HARD["pl"]
    assert POLISH in meta.variable_value_labels["met"][1.0]


def test_the_codebook_explains_each_column_in_the_languages_of_the_survey(study):
    from python_calamine import CalamineWorkbook

    archive = zipfile.ZipFile(io.BytesIO(researcher(study).get(f"{PAGE}/baseline.zip").data))
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("codebook.xlsx")))
    rows = book.get_sheet_by_name("Variables").to_python()
    assert rows[0][-3:] == ["English", "Lietuvių", "Polski"]
    [asked] = [row for row in rows if row[0] == "q1"]
    assert asked[-3:] == list(HARD.values())
    [several] = [row for row in rows if row[0] == "where"]
    assert several[4:6] == ["met = yes", "where_work, where_family, where_other"]
    values = book.get_sheet_by_name("Values").to_python()
    assert [row[:3] for row in values if row[0] == "met"] == [["met", "yes", 1.0], ["met", "no", 2.0]]
    [scale] = book.get_sheet_by_name("Scales").to_python()[1:]
    assert scale[:3] == ["trust", "q1, q2, q3", "q3"]


def test_the_sheets_of_the_codebook_are_named_in_the_language_of_the_page(study):
    from python_calamine import CalamineWorkbook

    browser = researcher(study)
    for language, scales, notes in (("lt", "Skalės", "Pastabos"), ("pl", "Skale", "Uwagi")):
        archive = zipfile.ZipFile(io.BytesIO(browser.get(f"{PAGE}/baseline.zip?lang={language}").data))
        names = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("codebook.xlsx"))).sheet_names
        assert names[2:] == [scales, notes]
        assert len(set(names)) == 4


def test_of_fewer_than_ten_nothing_is_handed_out_and_no_number_is_told(study):
    browser = researcher(study)
    page = browser.get(PAGE)
    assert "Fewer than 10 people have answered" in page_text(page)
    assert not any("endline" in address for address in links_of(page).values())
    for kind in ("zip", "sav"):
        refused = browser.get(f"{PAGE}/endline.{kind}")
        assert refused.status_code == 409
        assert "Fewer than 10 people have answered in this wave" in page_text(refused)


def test_no_file_is_handed_out_while_a_wave_takes_answers(study):
    browser = researcher(study)
    for by_hand, status in (("open", 409), ("closed", 200), ("", 409)):
        with study.app_context():
            decide("baseline", by_hand)
            db.session.remove()
        page = browser.get(PAGE)
        assert (f"{PAGE}/baseline.zip" in links_of(page).values()) == (status == 200)
        assert ("handed out once it takes no more answers" in page_text(page)) == (status == 409)
        assert {browser.get(f"{PAGE}/baseline.{kind}").status_code for kind in ("zip", "sav")} == {status}
    assert "files that are taken one after the other" in page_text(browser.get(f"{PAGE}/baseline.zip"))
    with study.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
        db.session.remove()
    assert browser.get(f"{PAGE}/baseline.zip").status_code == 200


def test_a_wave_that_never_opened_is_closed_by_hand_and_told_of(study):
    with study.app_context():
        study_id = get_study(PROJECT, "trust").id
        decide("endline", "")
        answer(study_id, "endline", [FULL] * 20, source="file")
        analyse(study_id, now=NOW)
        db.session.remove()
    browser, wave, told = researcher(study), PAGE.replace("/data", "/waves/endline"), f"/public/{PROJECT}/surveys/trust"
    unopened = "It is not open yet and holds answers already, from files or paper forms. Close it"
    page = browser.get(PAGE)
    assert unopened in page_text(page)
    assert links_of(page)["Go to the wave"] == wave
    assert browser.get(f"{PAGE}/endline.zip").status_code == 409
    assert "Endline" not in page_text(study.test_client().get(told))
    presses = {text_of(each) for each in find_all(read_page(browser.get(wave)), "button")}
    assert {"Open the wave now", "Close the wave"} <= presses
    assert unopened in page_text(browser.get(wave))
    fields = read_fields(browser.get(wave))
    assert browser.post(f"{wave}/decide", data={**fields, "by_hand": "closed"}).status_code == 302
    page = page_text(browser.get(wave))
    assert "Close the wave" not in page
    assert unopened not in page
    assert unopened not in page_text(browser.get(PAGE))
    assert {browser.get(f"{PAGE}/endline.{kind}").status_code for kind in ("zip", "sav")} == {200}
    with study.app_context():
        analyse(study_id, now=NOW)
        counted = db.session.get_one(Analysis, study_id).result["waves"]
        db.session.remove()
    assert [each["n"] for each in counted] == [10, 29]
    assert "29 people answered" in page_text(study.test_client().get(told))


def test_a_wave_of_a_few_that_never_opened_tells_nothing_of_them(study):
    with study.app_context():
        decide("endline", "")
        db.session.remove()
    browser = researcher(study)
    assert "holds answers already" not in page_text(browser.get(PAGE))
    assert "Close the wave" not in page_text(browser.get(PAGE.replace("/data", "/waves/endline")))


def test_only_those_who_edit_surveys_have_the_answers(study):
    for role, organisation in ((Role.PARTNER, "lps"), (Role.VIEWER, "")):
        browser = sign_in_as(study, role, organisation)
        assert {browser.get(f"{PAGE}{end}").status_code for end in ("", "/baseline.zip", "/baseline.sav")} == {403}
    assert sign_in_as(study, None).get(f"{PAGE}/baseline.zip").status_code == 404


def test_what_is_not_there_is_named(study):
    browser = researcher(study)
    assert browser.get(f"{PAGE}/summer.zip").status_code == 404
    refused = browser.get(f"{PAGE}/baseline.sav?language=de")
    assert refused.status_code == 422
    assert "English, Lietuvių, Polski" in page_text(refused)
