"""One count: the figures of a random project, counted anew in plain Python, stand on every page and in every file.

The figures are compared with the command's JSON, the outcome page and its breakdowns, the workbook, the PDF's text, the
public page and the public JSON, as of days of which one lies before the project.
"""

import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.integration.pages import read_table
from tests.integration.reports.plain_count import Figures, count_plainly
from tests.integration.reports.random_project import MEASURES, make_random_project
from tests.integration.reports.test_outcome_pdf import text_of_pdf
from tests.make import PROJECT, run_portal, sign_in_as

OUTCOMES = f"/projects/{PROJECT}/outcomes"
PUBLIC = f"/public/{PROJECT}"
TODAY = NOW.date()
DAYS = (date(2025, 12, 31), date(2026, 3, 15), date(2026, 6, 30), TODAY)
SEEDS = (1, 2, 3)
COUNTRIES = {"LT": "Lithuania", "PL": "Poland", "DE": "Germany", "unknown": "Not known"}
FEW = "<10"
SUPPRESSED = {"suppressed": True}


@pytest.fixture(params=SEEDS)
def random_app(app, request):
    with app.app_context():
        make_random_project(request.param)
    return app


@pytest.fixture
def viewer(random_app):
    return sign_in_as(random_app, Role.VIEWER)


def counted(app, day: date = TODAY) -> dict[str, Figures]:
    """Name of a row -> its figures, in plain Python."""
    with app.app_context():
        return {named(key): figures for key, figures in count_plainly(day).items()}


def named(key: str) -> str:
    return f"Row of {key}"


def number(text: str) -> int | None:
    """The number that stands in a cell; None for "–"."""
    return None if text.startswith("–") else int(re.sub(r"\D", "", text))


def row_of(cell: str) -> str:
    """The row's name out of a cell that also says its unit."""
    return next(named(key) for key in MEASURES if cell.split()[2] == key)


def only(figures: dict[str, Figures], *names: str) -> dict[str, Any]:
    return {row: tuple(each[name] for name in names) for row, each in figures.items()}


def without_zeros(parts: dict[str, int] | None) -> dict[str, int] | None:
    return None if parts is None else {value: figure for value, figure in parts.items() if figure}


def test_the_commands_json_says_what_plain_python_counts(random_app):
    for day in DAYS:
        document = json.loads(run_portal(random_app, "outcomes", PROJECT, "--format", "json", "--as-of", day).stdout)
        rows = {row["name"]: row for row in document["rows"]}
        names = ("achieved", "evidenced", "persons", "percent", "by_period")
        assert only(rows, *names) == only(counted(random_app, day), *names)
        by_country = {name: without_zeros(row["by_country"]) for name, row in rows.items()}
        assert by_country == {name: without_zeros(row["by_country"]) for name, row in counted(random_app, day).items()}


def test_the_page_says_what_plain_python_counts(random_app, viewer):
    for day in DAYS:
        expected = counted(random_app, day)
        for name, _, achieved, percent, evidenced, *_ in read_table(
            viewer.get(f"{OUTCOMES}?as_of={day}"), "Expected and"
        )[1:]:
            figures = expected.pop(row_of(name))
            said, _, persons = achieved.partition("At most")
            assert number(said) == figures["achieved"]
            assert (number(persons) if persons else 0) == (figures["persons"] or 0)
            assert (None if percent == "–" else re.sub(r"[^\d.]", "", percent)) == figures["percent"]
            assert number(evidenced) == figures["evidenced"]
        assert expected == {}


@pytest.mark.parametrize(("by", "name"), [("period", "by_period"), ("country", "by_country")])
def test_the_page_told_apart_says_what_plain_python_counts(random_app, viewer, by, name):
    head, *rows = read_table(viewer.get(f"{OUTCOMES}?by={by}"), "Outcomes achieved as of")
    expected = counted(random_app)
    for first, *cells in rows:
        said = dict(zip(head[1:], cells, strict=True))
        figures = expected.pop(row_of(first))
        for value, figure in (figures[name] or {}).items():
            assert number(said[heading(by, value)]) == figure
    assert expected == {}


def heading(by: str, value: str) -> str:
    return f"Period {value}" if by == "period" else COUNTRIES[value]


def test_the_workbook_says_what_plain_python_counts(random_app, viewer):
    for day in DAYS:
        book = CalamineWorkbook.from_filelike(io.BytesIO(viewer.get(f"{OUTCOMES}.xlsx?as_of={day}").data))
        _, *rows = book.get_sheet_by_name("Outcomes").to_python()
        expected = counted(random_app, day)
        said = {name: (cell(achieved), cell(evidenced)) for name, _, achieved, _, evidenced, *_ in rows}
        assert said == only(expected, "achieved", "evidenced")
        shares = {name: None if percent == "" else f"{percent:.2f}" for name, _, _, percent, *_ in rows}
        assert shares == {name: figures["percent"] for name, figures in expected.items()}
        _, *lines = book.get_sheet_by_name("Breakdowns").to_python()
        for name, figures in expected.items():
            parts = {(by, value): int(figure) for row, by, value, figure in lines if row == name}
            periods = {
                int(value.split()[1]): figure for (by, value), figure in parts.items() if by == "Reporting period"
            }
            assert periods == {int(value): figure for value, figure in (figures["by_period"] or {}).items()}
            countries = {value: figure for (by, value), figure in parts.items() if by.startswith("Country") and figure}
            by_country = without_zeros(figures["by_country"]) or {}
            assert countries == {COUNTRIES[value]: figure for value, figure in by_country.items()}


def cell(value: Any) -> int | None:
    return None if value == "" else int(value)


def test_the_pdf_says_what_plain_python_counts(random_app, viewer):
    for day in DAYS:
        said = text_of_pdf(viewer.get(f"{OUTCOMES}.pdf?as_of={day}").data)
        with random_app.app_context():
            targets = {named(each.key): each.target for each in get_project(PROJECT).indicators}
        for name, figures in counted(random_app, day).items():
            percent = "–" if figures["percent"] is None else f"{Decimal(figures['percent']):,} %"
            line = (name, shown(targets[name]), shown(figures["achieved"]), percent, shown(figures["evidenced"]))
            assert " ".join(line) in said
            if figures["by_period"]:
                parts = " ".join(shown(figure) for figure in figures["by_period"].values())
                assert f"{name} {parts} {shown(figures['achieved'])}" in said


def shown(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def test_the_public_json_says_what_plain_python_counts_or_nothing(random_app):
    for query, day in (("", TODAY), ("?as_of=2026-06-30", date(2026, 6, 30))):
        rows = random_app.test_client().get(f"{PUBLIC}/outcomes.json{query}").get_json()["rows"]
        expected = counted(random_app, day)
        told = 0
        for row in rows:
            figures = expected.pop(row["name"])
            for name in ("achieved", "evidenced", "percent"):
                told += agrees(row[name], figures[name])
            for name in ("by_period", "by_country"):
                if isinstance(row[name], dict) and row[name] != SUPPRESSED:
                    # A country from which nobody came is told, or withheld, like any other.
                    told += sum(agrees(figure, figures[name].get(value, 0)) for value, figure in row[name].items())
        assert expected == {}
        assert told > len(rows)


def agrees(said: Any, figure: Any) -> bool:
    """Whether the public is told the figure, which then must be the one that is counted."""
    if said == SUPPRESSED:
        return False
    assert said == figure
    return True


def test_the_public_page_says_what_plain_python_counts_or_nothing(random_app):
    expected = counted(random_app)
    told = 0
    for name, _, achieved, *_ in read_table(random_app.test_client().get(PUBLIC), "Expected and achieved")[1:]:
        figures = expected.pop(row_of(name))
        if achieved != FEW:
            told += 1
            assert number(achieved) == figures["achieved"]
    assert expected == {}
    assert told > len(MEASURES) / 2
