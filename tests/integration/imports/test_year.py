"""A partner's year out of spreadsheets: events, attendance and headcounts, brought, taken back and brought again."""

import io
from collections.abc import Iterable, Sequence

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.reports.queries.outcomes import outcome_table
from tests.conftest import NOW
from tests.integration.imports.bringing import IMPORTS, actions_of, imports_of, press, upload
from tests.integration.pages import page_text, read_summary, read_table, send_form
from tests.make import PROJECT, sign_in_as

Rows = Iterable[Sequence[str]]


@pytest.fixture
def ols(project):
    """A browser in which someone of Olsztyn has signed in, who organises everything here together with lps."""
    return sign_in_as(project, Role.PARTNER, "ols")


def header_of(browser, kind: str) -> list[str]:
    """The names of the columns of the kind's template."""
    content = browser.get(f"{IMPORTS}/template/{kind}.xlsx").data
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]


def filled_in(header: Sequence[str], rows: Rows) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            page.write_row(number, 0, row)
    return target.getvalue()


def events(number: int, **wrong: str) -> Rows:
    """Workshops of a day each in March 2026, all held; a column that is named is wrong in the third one."""
    for each in range(number):
        facts = {
            "ref": f"Y{each}",
            "title": f"Dirbtuvės Nr. {each} – warsztaty",
            "kind": "workshop",
            "activity": "1.1",
            "start": f"2026-03-{1 + each % 28:02} 10:00",
            "end": f"2026-03-{1 + each % 28:02} 16:00",
            "country": "PL",
            "organisers": "ols; lps",
            "status": "held",
        }
        yield list((facts | (wrong if each == 2 else {})).values())


COLUMNS = ["ref", "title", "kind", "activity", "start", "end", "country", "organisers", "status"]


def people(number: int) -> Rows:
    return [(f"Y{each % 40}", f"osoba{each // 40}@example.org", "professional") for each in range(number)]


def bring(browser, kind: str, header: Sequence[str], rows: Rows) -> str:
    return str(upload(browser, (f"{kind}.xlsx", filled_in(header, rows)), kind=kind).location)


def store(browser, kind: str, header: Sequence[str], rows: Rows) -> str:
    address = bring(browser, kind, header, rows)
    assert press(browser, address, "store").status_code == 302
    return address


def figures(app) -> dict[str, object]:
    """The figures of the outcome table, by row."""
    with app.app_context():
        table = outcome_table(PROJECT, NOW.date(), today=NOW.date())
        return {row.indicator.key: row.figures for row in table.rows}


def test_a_year_is_brought_taken_back_and_brought_again(project, ols):
    assert set(COLUMNS) <= set(header_of(ols, "events"))
    before = figures(project)

    wrong = bring(ols, "events", COLUMNS, events(40, kind="worksop", start="31.02.2026 10:00", organisers="lps"))
    page = ols.get(wrong)
    assert "40 rows New 39 Changed 0 Stored already 0 With errors 1" in page_text(page)
    assert {row[1] for row in read_table(page, "3 errors")[1:]} == {"kind", "start", "organisers"}
    assert {row[0] for row in read_table(page, "3 errors")[1:]} == {"Row 4"}

    brought = store(ols, "events", COLUMNS, events(40))
    header = ["event", "participant", "group"]
    attendance = store(ols, "participations", header, people(1_200))
    store(ols, "headcounts", ["event", "group", "number"], [("Y0", "community_member", "16")])
    full = figures(project)
    assert full != before
    assert [counts for state, *counts in imports_of(project) if state == "stored"] == [
        [40, 40, 0, 0],
        [1_200, 1_200, 0, 0],
        [1, 1, 0, 0],
    ]

    again = bring(ols, "participations", header, people(1_200))
    assert "Everything in the file is stored already, so nothing was changed." in page_text(ols.get(again))

    assert "Remove those first." in page_text(ols.get(f"{brought}/undo"))
    refused = ols.post(f"{brought}/undo", data={})
    assert (refused.status_code, len(read_summary(refused))) == (409, 1)
    assert figures(project) == full
    assert send_form(ols, f"{attendance}/undo").status_code == 302
    assert figures(project) != full
    store(ols, "participations", header, people(1_200))
    assert figures(project) == full
    assert [action for action, _ in actions_of(project)].count("import_undone") == 1


def test_undoing_everything_leaves_the_figures_as_they_were(project, ols):
    before = figures(project)
    brought = store(ols, "events", COLUMNS, events(5))
    attendance = store(ols, "participations", ["event", "participant"], [("Y1", "a@example.org")])
    counts = store(ols, "headcounts", ["event", "group", "number"], [("Y1", "staff", "3")])
    for address in (counts, attendance, brought):
        assert send_form(ols, f"{address}/undo").status_code == 302
    assert figures(project) == before


@pytest.mark.parametrize("kind", ["events", "participations", "headcounts"])
def test_what_is_exported_changes_nothing_when_it_is_imported(project, ols, kind):
    store(ols, "events", COLUMNS, events(5))
    store(ols, "participations", ["event", "participant", "name"], [("Y2", "b@example.org", "Żółć, „ąžuolas“")])
    store(ols, "headcounts", ["event", "group", "number"], [("Y1", "staff", "3")])
    content = ols.get(f"{IMPORTS}/export/{kind}.xlsx").data
    address = upload(ols, (f"{kind}.xlsx", content), kind=kind).location
    assert "Everything in the file is stored already" in page_text(ols.get(address))


def test_the_list_of_events_leads_to_their_import_and_their_table(project, ols):
    store(ols, "events", COLUMNS, events(5))
    viewer = sign_in_as(project, Role.VIEWER)
    for browser, imports in ((ols, True), (viewer, False)):
        page = browser.get(f"/projects/{PROJECT}/events")
        assert ("/imports/new?kind=events" in page.text) is imports
        assert "/imports/table/events.xlsx" in page.text
        content = browser.get(f"{IMPORTS}/table/events.xlsx").data
        assert len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) == 6
    assert viewer.get(f"{IMPORTS}/table/participations.xlsx").status_code == 404
    assert viewer.get(f"{IMPORTS}/export/events.xlsx").status_code == 403
