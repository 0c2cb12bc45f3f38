"""The main job: log the volleyball tournament, and see the same figures on every page and in every file."""

import csv
import io
import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from tests.integration.pages import page_text, read_table, send_form
from tests.make import PROJECT, make_project, make_tournament, run_portal, sign_in_as, version_of

HOME = f"/projects/{PROJECT}"
OUTCOMES = f"{HOME}/outcomes"
HEADERS = ["Activity", "Expected outcomes", "Outcomes achieved", "%", "Evidenced", "Unit"]

TOURNAMENT = {
    "title_en": "Volleyball tournament",
    "kind": "tournament",
    "activity": "2.4",
    "organisers": ["lps", "ols"],
    "audience": "public",
    "starts": "2026-06-06 11:00",
    "ends": "2026-06-06 18:00",
    "country": "LT",
    "ref": "V1",
}

# Row -> expected, achieved and per cent, as the story states them: 56 = 40 + 16, and 56 of 348 is 16.09 %.
STORY = {
    "Participations in joint cross-border actions": (348, 56, "16.09"),
    "Participation in workshops and training activities": (216, None, None),
    "Active participation of community members and convicted persons in joint initiatives": (132, 56, "42.42"),
    "Cross-border partner organizations": (6, 2, "33.33"),
    "Jointly organised cross-border public events": (2, 1, "50.00"),
}
EMPTY = {name: (expected, None, None) for name, (expected, _, _) in STORY.items()}
NAMES = list(STORY)


@pytest.fixture
def partner(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.PARTNER, "lps")


def number(text: str) -> int | None:
    """The figure that the cell begins with; what is said of it may follow."""
    return None if text == "–" else int(text.split()[0])


def share(text: str) -> str | None:
    return None if text in ("–", "") else text.removesuffix(" %")


def on_page(client, address: str):
    rows = {}
    for name, expected, achieved, percent, *_ in read_table(client.get(address), "Expected and achieved")[1:]:
        [row] = [each for each in NAMES if name.startswith(each)]
        rows[row] = (number(expected), number(achieved), share(percent))
    return rows


def in_json(app):
    document = json.loads(run_portal(app, "outcomes", PROJECT, "--format", "json").stdout)
    return {row["name"]: (row["expected"], row["achieved"], row["percent"]) for row in document["rows"]}


def in_csv(app):
    header, *rows = csv.reader(io.StringIO(run_portal(app, "outcomes", PROJECT, "--format", "csv").stdout))
    assert header == HEADERS
    return {name: (int(e), int(a) if a else None, p or None) for name, e, a, p, *_ in rows}


def in_workbook(content: bytes):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    header, *rows = book.get_sheet_by_name("Outcomes").to_python()
    assert header == HEADERS
    return {name: (int(e), None if a == "" else int(a), None if p == "" else f"{p:.2f}") for name, e, a, p, *_ in rows}


def everywhere(app, client, folder):
    """What each page and file says, by where it stands."""
    run_portal(app, "outcomes", PROJECT, "--format", "xlsx", "-o", folder / "outcomes.xlsx")
    return {
        "page": on_page(client, OUTCOMES),
        "home": on_page(client, HOME + "/"),
        "public page": on_page(app.test_client(), f"/public/{PROJECT}"),
        "JSON": in_json(app),
        "CSV": in_csv(app),
        "XLSX of the page": in_workbook(client.get(f"{OUTCOMES}.xlsx").data),
        "XLSX of the command": in_workbook((folder / "outcomes.xlsx").read_bytes()),
    }


def test_before_anything_is_logged_every_row_is_unreported_everywhere(app, partner, tmp_path):
    assert all(rows == EMPTY for rows in everywhere(app, partner, tmp_path).values())


def test_the_story_of_the_volleyball_tournament(app, partner, tmp_path):
    event = send_form(partner, f"{HOME}/events/new", **TOURNAMENT).location
    boxes = {"box-community_member--unknown-unknown": "40", "box-convicted_person--unknown-unknown": "16"}
    assert send_form(partner, f"{event}/headcounts", **boxes).location == event
    assert everywhere(app, partner, tmp_path)["page"] == EMPTY
    assert partner.post(f"{event}/status", data={"wanted": "held", "version": 2}).location == event
    for place, rows in everywhere(app, partner, tmp_path).items():
        assert (place, rows) == (place, STORY)


def test_removing_the_polish_organiser_takes_the_tournament_out_of_its_rows_and_the_pages_say_why(
    app, partner, tmp_path
):
    with app.app_context():
        event_id = make_tournament()
    event = f"{HOME}/events/{event_id}"
    assert send_form(partner, f"{event}/edit", organisers=["lps"]).location == event
    for rows in everywhere(app, partner, tmp_path).values():
        assert [rows[name][1] for name in NAMES] == [0, None, 0, 1, 0]
    why = "it is not joint: its organisers come from one country"
    assert why in page_text(partner.get(event))
    assert "Not joint, because all organisers come from Lithuania." in page_text(partner.get(event))
    for key in ("initiatives", "public_events"):
        assert read_table(partner.get(f"{OUTCOMES}/{key}"), "Does not count")[1] == [
            "V1 Volleyball tournament",
            "Tournament",
            "6 June 2026",
            why,
        ]


def test_planning_the_tournament_again_takes_it_out_of_every_row(app, partner, tmp_path):
    with app.app_context():
        event_id = make_tournament()
        version = version_of(event_id)
    partner.post(f"{HOME}/events/{event_id}/status", data={"wanted": "planned", "version": version})
    assert all(rows == EMPTY for rows in everywhere(app, partner, tmp_path).values())


def test_the_json_has_the_agreed_keys_and_the_events_behind_each_figure(app, partner):
    with app.app_context():
        make_tournament()
    document = json.loads(run_portal(app, "outcomes", PROJECT, "--format", "json").stdout)
    assert list(document) == ["project", "as_of", "example_data", "rows"]
    assert (document["project"], document["as_of"], document["example_data"]) == (PROJECT, "2026-11-20", False)
    rows = {row["key"]: row for row in document["rows"]}
    assert rows["initiatives"] == {
        "key": "initiatives",
        "code": "RCO81",
        "name": NAMES[2],
        "unit": "participations",
        "expected": 132,
        "achieved": 56,
        "evidenced": 0,
        "percent": "42.42",
        "persons": 56,
        "by_period": {"1": 56, "2": 0},
        "by_country": {"unknown": 56},
        "events": [{"ref": "V1", "counts": 56, "evidenced": False}],
    }
    assert rows["joint_actions"]["parts"] == ["workshops", "initiatives"]
    assert rows["organisations"]["organisations"] == [{"key": "lps", "event": "V1"}, {"key": "ols", "event": "V1"}]
    unreported = ("achieved", "evidenced", "percent", "persons", "by_period", "by_country")
    assert [rows["workshops"][name] for name in unreported] == [None] * 6
    assert rows["workshops"]["events"] == []


def test_the_workbook_lists_the_counting_events_with_real_days_and_says_what_was_counted(app, partner):
    with app.app_context():
        make_tournament()
    answer = partner.get(f"{OUTCOMES}.xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert f"{PROJECT}-outcomes-2026-11-20-en.xlsx" in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == ["Outcomes", "Events", "Breakdowns", "Excluded", "Notes"]
    header, row = book.get_sheet_by_name("Events").to_python()
    assert row[:6] == ["V1", "Volleyball tournament", "Tournament", date(2026, 6, 6), "lps; ols", "no"]
    adds = {name: cell for name, cell in zip(header[6:], row[6:], strict=True) if cell != ""}
    assert {name.partition(": ")[2]: cell for name, cell in adds.items()} == {NAMES[2]: 56, NAMES[3]: 2, NAMES[4]: 1}
    notes = " ".join(str(row[0]) for row in book.get_sheet_by_name("Notes").to_python())
    assert "Networking towards Successful Resocialization" in notes
    assert "Assumed" in notes


def test_the_command_prints_a_table_that_people_can_read(app, partner):
    with app.app_context():
        make_tournament()
    result = run_portal(app, "outcomes", PROJECT)
    assert (result.exit_code, result.stderr) == (0, "")
    head, *lines = result.stdout.splitlines()
    assert head == "LTPL00388, as of 2026-11-20"
    assert [line.split() for line in lines][2][:4] == ["56", "of", "132", "42.42"]
    assert [line.split() for line in lines][1][:3] == ["–", "of", "216"]
