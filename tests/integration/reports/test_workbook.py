"""The outcome workbook: its lines add up to the table, in three languages, and its texts are never formulas."""

import io
import zipfile
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.activities.rules.breakdowns import DIMENSIONS, REPEATING, break_down
from portal.core.db import transaction
from portal.core.web.language import text_in
from portal.projects.models import Indicator
from portal.reports.queries.outcomes import OutcomeTable
from portal.reports.workbook import outcome_workbook
from tests.integration.reports.test_outcome_pdf import entitle, exclude
from tests.integration.test_outcome_vectors import DATES, make_year, table_on
from tests.make import (
    PROJECT,
    make_event,
    make_figure,
    make_people,
    make_project,
    make_tournament,
    noted_queries,
    sign_in_as,
)

LAST = DATES[-1]
LIKE_A_FORMULA = '=HYPERLINK("https://example.org";"open")'
HEADERS = {
    "en": ["Activity", "Expected outcomes", "Outcomes achieved", "%", "Evidenced", "Unit"],
    "lt": ["Veikla", "Laukiami rezultatai", "Pasiekti rezultatai", "%", "Pagrįsta dokumentais", "Matavimo vienetas"],
    "pl": ["Działanie", "Oczekiwane rezultaty", "Osiągnięte rezultaty", "%", "Udokumentowane", "Jednostka"],
}


def sheets_of(table: OutcomeTable, language: str = "en") -> dict[str, list[list[Any]]]:
    """Name of a sheet -> its rows, the header first."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(outcome_workbook(table, language)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def names_of(table: OutcomeTable, language: str = "en") -> list[str]:
    return [text_in(row.indicator.name, language) for row in table.rows]


def measure(key: str, **stated: Any) -> None:
    """Let the row be counted by this measure."""
    with transaction() as session:
        session.query(Indicator).filter_by(key=key).one().measure = stated


def added_up(rows: list[list[Any]], by: str) -> Counter[str]:
    """Row -> the sum of its lines of the sheet `Breakdowns` in this breakdown."""
    sums: Counter[str] = Counter()
    for name, dimension, _, figure in rows[1:]:
        if dimension == by:
            sums[name] += int(figure)
    return sums


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_the_first_sheet_is_the_table_at_each_date(language):
    make_year()
    for day in DATES:
        table = table_on(day)
        sheets = sheets_of(table, language)
        assert list(sheets) == ["Outcomes", "Events", "Breakdowns", "Excluded", "Notes"]
        assert sheets["Outcomes"][0] == HEADERS[language]
        expected = [
            [
                row.indicator.target,
                row.figures.achieved,
                None if row.percent is None else row.percent / 100,
                row.figures.evidenced,
            ]
            for row in table.rows
        ]
        cells = [[None if cell == "" else cell for cell in row[1:5]] for row in sheets["Outcomes"][1:]]
        assert cells == expected
        assert [row[0] for row in sheets["Outcomes"][1:]] == names_of(table, language)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("day", DATES)
def test_the_events_of_each_row_add_up_to_its_figure(day):
    make_year()
    measure("joint_actions", kind="persons", joint=True)
    table = table_on(day)
    header, *rows = sheets_of(table)["Events"]
    counted = [row for row in table.rows if row.measure.kind != "sum"]
    assert [name.partition(": ")[2] for name in header[6:]] == [text_in(row.indicator.name) for row in counted]
    for place, row in enumerate(counted, start=6):
        assert sum(int(line[place] or 0) for line in rows) == (row.figures.achieved or 0)
    assert len({line[0] for line in rows}) == len(rows)


@pytest.mark.usefixtures("in_app")
def test_each_counting_event_is_one_line_with_its_day():
    make_project()
    make_tournament()
    rows = sheets_of(table_on(LAST))["Events"]
    assert [row[:6] for row in rows[1:]] == [
        ["V1", "Volleyball tournament", "Tournament", date(2026, 6, 6), "lps; ols", "no"]
    ]
    # People of the initiatives, organisations that it made active, the event itself.
    assert rows[1][6:] == ["", 56.0, 2.0, 1.0]


@pytest.mark.usefixtures("in_app")
def test_the_lines_of_each_breakdown_add_up_to_the_row():
    make_year()
    table = table_on(LAST)
    lines = sheets_of(table)["Breakdowns"]
    achieved = {text_in(row.indicator.name): row.figures.achieved for row in table.rows}
    assert lines[0] == ["Activity", "Broken down by", "Value", "Figure"]
    assert added_up(lines, "Reporting period") == achieved
    assert added_up(lines, "Work package") == achieved
    people = {name: achieved[name] for name in names_of(table)[:3]}
    assert added_up(lines, "Country of the participants") == people
    # Files are handed on: how many people of a group there were is for members only.
    assert added_up(lines, "Group") == {}
    assert all(added_up(lines, "Partner")[name] >= figure for name, figure in achieved.items())


@pytest.mark.usefixtures("in_app")
def test_breakdowns_say_their_values_in_words():
    make_year()
    name = "Participation in workshops and training activities"
    lines = [row[1:] for row in sheets_of(table_on(LAST))["Breakdowns"] if row[0] == name]
    assert ["Reporting period", "Period 1 (1 January 2026 to 30 June 2026)", 20.0] in lines
    assert ["Country of the participants", "Lithuania", 24.0] in lines
    assert ["Country of the participants", "Poland", 21.0] in lines
    assert ["Partner", "Regional Prison Inspectorate in Olsztyn", 45.0] in lines
    assert {line[0] for line in lines} == {
        "Reporting period",
        "Country of the participants",
        "Partner",
        "Work package",
    }


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_the_breakdowns_have_a_line_for_everything_that_is_broken_down(language):
    make_year()
    table = table_on(LAST)
    expected = [
        figure
        for row in table.rows
        for dimension in DIMENSIONS
        if dimension != "group"
        for figure in (break_down(row.figures, dimension, table.periods) or {}).values()
    ]
    lines = sheets_of(table, language)["Breakdowns"][1:]
    assert sorted(int(line[3]) for line in lines) == sorted(expected)
    assert {"partner"} == REPEATING


@pytest.mark.usefixtures("in_app")
def test_nothing_reported_has_no_lines():
    make_project()
    sheets = sheets_of(table_on(date(2026, 1, 31)))
    assert (len(sheets["Events"]), len(sheets["Breakdowns"]), len(sheets["Excluded"])) == (1, 1, 1)


@pytest.mark.usefixtures("in_app")
def test_an_excluded_event_is_listed_with_its_reason_and_counts_elsewhere():
    make_project()
    exclude(make_tournament(), "initiatives", "Counted as a public event only.")
    exclude(
        make_event(ref="W9", starts=datetime(2026, 11, 25, 9), ends=datetime(2026, 11, 25, 11)), "workshops", "Late"
    )
    table = table_on(LAST)
    sheets = sheets_of(table)
    assert sheets["Excluded"] == [
        ["Reference", "Title", "Day", "Excluded from", "Reason"],
        ["V1", "Volleyball tournament", date(2026, 6, 6), names_of(table)[2], "Counted as a public event only."],
    ]
    assert sheets["Events"][1][6:] == ["", "", 2.0, 1.0]
    notes = [row[0] for row in sheets["Notes"]]
    assert "1 event is excluded from rows by the manager; the reasons are listed with the figures." in notes


@pytest.mark.usefixtures("in_app")
def test_figures_entered_by_hand_are_listed_with_day_reason_and_proof():
    make_project()
    measure("public_events", kind="manual")
    make_figure(PROJECT, "public_events", number=7)
    make_figure(PROJECT, "public_events", number=0, day=date(2026, 4, 1), reason=LIKE_A_FORMULA)
    table = table_on(LAST)
    sheets = sheets_of(table)
    assert sheets["Figures"] == [
        ["Activity", "Day", "Number", "Reason", "Evidenced"],
        [names_of(table)[4], date(2026, 3, 10), 7.0, "Lists of the library.", "no"],
        [names_of(table)[4], date(2026, 4, 1), 0.0, LIKE_A_FORMULA, "no"],
    ]
    assert sheets["Outcomes"][5][2] == 7.0
    lines = [row[1:] for row in sheets["Breakdowns"] if row[0] == names_of(table)[4]]
    assert ["Work package", "No work package", 7.0] in lines


@pytest.mark.usefixtures("in_app")
def test_text_is_text_on_every_sheet():
    make_project()
    entitle("workshops", LIKE_A_FORMULA)
    exclude(make_tournament(title={"en": LIKE_A_FORMULA}), "initiatives", LIKE_A_FORMULA)
    make_people(make_event(title={"en": LIKE_A_FORMULA}, status="held"), ["p1"])
    content = outcome_workbook(table_on(LAST), "en")
    assert b"<f>" not in unpacked(content)
    sheets = sheets_of(table_on(LAST))
    assert sheets["Outcomes"][2][0] == sheets["Events"][1][1] == sheets["Excluded"][1][4] == LIKE_A_FORMULA


def unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("language", "title", "statement"),
    [
        ("en", "Networking towards", "Co-funded by the European Union."),
        ("lt", "Tinklaveika siekiant", "Bendrai finansuoja Europos Sąjunga."),
        ("pl", "Tworzenie sieci", "Współfinansowane przez Unię Europejską."),
    ],
)
def test_the_notes_say_what_was_counted_by_which_rules_and_who_pays(language, title, statement):
    make_project()
    table = table_on(LAST)
    said = "\n".join(str(row[0]) for row in sheets_of(table, language)["Notes"])
    assert f"{PROJECT}: {title}" in said
    assert statement in said
    for row in table.rows:
        if row.indicator.note:
            assert text_in(row.indicator.note, language) in said


def test_more_events_ask_no_more_of_the_database(app):
    with app.app_context():
        make_project()
    viewer = sign_in_as(app, Role.VIEWER)
    asked = []
    for refs in (("A1", "A2"), ("B1", "B2", "B3", "B4")):
        with app.app_context():
            for ref in refs:
                exclude(make_tournament(ref=ref), "initiatives", "Counted elsewhere.")
        with noted_queries(app) as statements:
            assert viewer.get(f"/projects/{PROJECT}/outcomes.xlsx").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]
