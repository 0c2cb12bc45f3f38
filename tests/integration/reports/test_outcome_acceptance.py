"""The year of the acceptance cases, brought by commands as files, and read from every page and file at three dates."""

import io
import json
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from tests.files import pdf
from tests.integration.pages import find_all, page_text, read_page, read_table, send_form, text_of
from tests.integration.test_outcome_vectors import CASES, DATES, VECTORS
from tests.make import PROJECT, PROJECT_FILE, run_portal, sign_in_as

OUTCOMES = f"/projects/{PROJECT}/outcomes"
KINDS = ("events", "participations", "headcounts")
LAST = DATES[-1]


@pytest.fixture
def year(app, tmp_path):
    """LTPL00388 with the year: imported, and with the attendance evidence of the cases."""
    assert run_portal(app, "load", PROJECT_FILE).exit_code == 0
    for kind in KINDS:
        assert run_portal(app, "import", kind, VECTORS / f"outcomes-{kind}.csv", "--project", PROJECT).exit_code == 0
    add_evidence(app, tmp_path, "W1", "attendance_list")
    add_evidence(app, tmp_path, "V1", "tally_sheet")
    return app


@pytest.fixture
def manager(year):
    return sign_in_as(year, Role.MANAGER)


def add_evidence(app, folder, ref: str, kind: str) -> None:
    file = folder / f"{ref}.pdf"
    file.write_bytes(pdf(ref))
    done = run_portal(app, "evidence", "add", file, "--project", PROJECT, "--event", ref, "--kind", kind)
    assert done.exit_code == 0


def expected_on(day: date) -> dict[str, Any]:
    return CASES[f"expect_as_of_{day:%Y_%m_%d}"]


def in_json(app, day: date = LAST) -> dict[str, Any]:
    document = json.loads(run_portal(app, "outcomes", PROJECT, "--format", "json", "--as-of", day).stdout)
    assert document["as_of"] == day.isoformat()
    return {row["key"]: row for row in document["rows"]}


def on_page(client, address: str) -> dict[str, int | None]:
    """Name of a row -> what the page's table says was achieved."""
    rows = read_table(client.get(address), "Expected and achieved")[1:]
    return {row[0]: None if row[2].startswith("–") else int(row[2].split()[0]) for row in rows}


def in_workbook(content: bytes) -> dict[str, tuple[int | None, int | None]]:
    """Name of a row -> what the workbook says was achieved and evidenced."""
    _, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Outcomes").to_python()
    return {row[0]: (whole(row[2]), whole(row[4])) for row in rows}


def whole(cell: Any) -> int | None:
    return None if cell == "" else int(cell)


@pytest.mark.parametrize("day", DATES)
def test_the_year_is_the_same_in_json_on_the_page_and_in_the_workbook(year, manager, day):
    found, expected = in_json(year, day), expected_on(day)
    for key, figures in expected.items():
        assert {name: found[key][name] for name in figures} == figures
    page = on_page(manager, f"{OUTCOMES}?as_of={day}")
    book = in_workbook(manager.get(f"{OUTCOMES}.xlsx?as_of={day}").data)
    for row in found.values():
        [said] = [number for name, number in page.items() if name.startswith(row["name"])]
        assert said == row["achieved"]
        assert book[row["name"]] == (row["achieved"], row["evidenced"])


def test_the_manager_is_shown_how_the_figure_came_about(year, manager, tmp_path):
    table = read_table(manager.get(OUTCOMES), "Expected and achieved")
    [row] = [row for row in table if row[0].startswith("Participation in workshops")]
    text = " ".join(row)
    assert "216" in text
    assert "20.83" in text
    assert in_json(year)["workshops"]["evidenced"] == 20
    page = manager.get(f"{OUTCOMES}/workshops")
    _, *counts, foot = read_table(page, "Counts")
    assert [each[0].split()[0] for each in counts] == ["W1", "W2"]
    assert foot[-1] == "45"
    reasons = {each[0].split()[0]: " ".join(each) for each in read_table(page, "Does not count")[1:]}
    assert {"W0", "S1", "M1"} <= set(reasons)
    assert "outside the project's days" in reasons["W0"]
    assert "25" in page_text(page)
    add_evidence(year, tmp_path, "W2", "attendance_list")
    assert in_json(year)["workshops"]["evidenced"] == 45


def test_an_excluded_tournament_leaves_its_row_and_the_reason_stands_in_the_drill_down(year, manager):
    link = next(
        each.attributes["href"]
        for each in find_all(read_page(manager.get(f"{OUTCOMES}/initiatives")), "a")
        if "/exclusions/" in each.attributes["href"] and "V1" in each.attributes.get("aria-label", "V1")
    )
    refused = send_form(manager, link, reason="  ")
    assert refused.status_code == 422
    assert in_json(year)["initiatives"]["achieved"] == 78
    assert send_form(manager, link, reason="Counted as a public event instead.").status_code == 302
    rows = in_json(year)
    assert (rows["initiatives"]["achieved"], rows["joint_actions"]["achieved"]) == (22, 67)
    assert rows["public_events"]["achieved"] == 1
    page = manager.get(f"{OUTCOMES}/initiatives")
    left_out = {each[0].split()[0]: " ".join(each) for each in read_table(page, "Does not count")[1:]}
    assert "Counted as a public event instead." in left_out["V1"]


def figures_of(app, client) -> dict[str, Any]:
    """Every place where the workshops' figure stands."""
    row, total = in_json(app)["workshops"], in_json(app)["joint_actions"]
    name, drill_down = row["name"], client.get(f"{OUTCOMES}/workshops")
    public = app.test_client().get(f"/public/{PROJECT}/outcomes.json").get_json()
    [shown] = [each for each in public["rows"] if each["key"] == "workshops"]
    return {
        "row": row["achieved"],
        "sum": total["achieved"],
        "period": row["by_period"]["2"],
        "country": row["by_country"]["PL"],
        "drill-down": int(read_table(drill_down, "Counts")[-1][-1]),
        "workbook": in_workbook(client.get(f"{OUTCOMES}.xlsx").data)[name][0],
        "public JSON": shown["achieved"],
        **{
            place: next(number for each, number in on_page(browser, address).items() if each.startswith(name))
            for place, browser, address in (
                ("page", client, OUTCOMES),
                ("home", client, f"/projects/{PROJECT}/"),
                ("public page", app.test_client(), f"/public/{PROJECT}"),
            )
        },
    }


def test_one_attendee_marked_as_absent_moves_every_place_by_one(year, manager):
    before = figures_of(year, manager)
    assert before["row"] == 45
    event = next(
        each.attributes["href"]
        for each in find_all(read_page(manager.get(f"{OUTCOMES}/workshops")), "a")
        if each.attributes["href"].startswith(f"/projects/{PROJECT}/events/") and "W2" in text_of(each)
    )
    people = manager.get(f"{event}/participants")
    row = next(
        link.attributes["href"]
        for line in find_all(read_page(people), "tr")
        for link in find_all(line, "a")
        if "Poland" in text_of(line) and text_of(link) == "Edit"
    )
    assert send_form(manager, row, status="absent").status_code == 302
    after = figures_of(year, manager)
    assert {place: before[place] - figure for place, figure in after.items()} == dict.fromkeys(before, 1)
