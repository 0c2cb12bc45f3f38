"""What evidence is missing, by period: who may read it, what it says, what its filters leave, and its workbook."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import ORGANISATION_ROLES, Role
from portal.activities.services.evidence import add_evidence
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from tests.conftest import NOW
from tests.files import pdf
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, read_tables
from tests.integration.reports.proofs import attach, let_figures_count_no_more, make_evidence, make_figure, make_held
from tests.make import PROJECT, make_people, make_project, make_tournament, noted_queries, sign_in_as

BASE = f"/projects/{PROJECT}"
GAPS = f"{BASE}/evidence"
P1, P2 = "1 January 2026 – 30 June 2026", "1 July 2026 – 31 December 2026"


@pytest.fixture
def viewer(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.VIEWER)


@pytest.fixture
def year(app, viewer):
    with app.app_context():
        make_evidence()
    return viewer


def missing(client, query: str = "") -> dict[str, list[str]]:
    """Period -> the references or the names of what lacks evidence, in order."""
    tables = [each for each in read_tables(client.get(GAPS + query)) if each[0].endswith("what is missing")]
    return {
        caption.partition(":")[0].strip(): [row[0].split(" · ")[0].split()[-1] for row in rows[1:]]
        for caption, rows in tables
    }


def test_a_project_without_events_lacks_nothing(viewer):
    page = viewer.get(GAPS)
    assert "Nothing is missing." in page_text(page)
    assert read_table(page, "How complete the evidence is")[1:] == [
        ["Period 1", P1, "0 of 0", "Nothing held"],
        ["Period 2", P2, "0 of 0", "Nothing held"],
    ]


def test_each_begun_period_says_how_many_of_its_held_events_are_complete_and_no_period_comes_last(year):
    page = year.get(GAPS)
    assert read_table(page, "How complete the evidence is")[1:] == [
        ["Period 1", P1, "0 of 3", "Incomplete"],
        ["Period 2", P2, "1 of 1", "Complete"],
        ["No period", "–", "0 of 1", "Incomplete"],
    ]
    assert "4 events or figures lack evidence" in page_text(page)


def test_people_come_first_then_the_attendance_then_the_rest(year):
    assert missing(year) == {"Period 1": ["W2", "W1", "V1"], "No period": ["L1"]}
    rows = {row[0].split(" · ")[0].split()[-1]: row[-1] for row in read_table(year.get(GAPS), "Period 1")[1:]}
    assert rows["W2"].startswith("Missing Attendance: nobody is recorded Missing Agenda")
    assert "Attendance list" not in rows["W2"]
    assert rows["W1"] == (
        "Missing Attendance list Until it is there, nothing of this event counts as evidenced. "
        "Missing Agenda Missing Photos Missing Presentation"
    )
    assert rows["V1"] == "Missing Agenda Missing Photos Missing Publicity"


def test_what_matters_is_told_by_a_sign_of_its_own_and_not_by_colour_alone(year):
    marks = [each.attributes.get("class") for each in find_all(read_page(year.get(f"{GAPS}?period=1")), "span")]
    # The two periods that are not complete, W2 and W1; then three other kinds for each of three events.
    assert marks.count("mark mark-late") == 4
    assert marks.count("mark mark-planned") == 9


def test_a_list_of_names_where_nobody_may_be_named_is_to_be_replaced(app, viewer):
    with app.app_context():
        event_id = make_held("S1", date(2026, 3, 1), kind="support_group")
        make_people(event_id, ["p1"])
        attach(event_id, "attendance_list")
        make_people(event_id, ["K01"], group="convicted_person")
    assert read_table(viewer.get(GAPS), "Period 1")[1][-1] == (
        "Missing Tally sheet without names"
        " A list of names is attached: replace it, nobody of these groups may be named."
    )


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?period=1", {"Period 1": ["W2", "W1", "V1"]}),
        ("?period=2", {}),
        ("?period=none", {"No period": ["L1"]}),
        ("?partner=ols", {"Period 1": ["W1", "V1"], "No period": ["L1"]}),
        ("?partner=kaunas", {}),
        ("?missing=people", {"Period 1": ["W2"]}),
        ("?missing=attendance", {"Period 1": ["W1"]}),
        ("?missing=other", {"Period 1": ["V1"], "No period": ["L1"]}),
        ("?missing=file", {}),
        ("?period=1&partner=ols&missing=other", {"Period 1": ["V1"]}),
    ],
)
def test_filters_live_in_the_address(year, query, left):
    assert missing(year, query) == left
    chosen = [each.attributes["value"] for each in find_all(read_page(year.get(GAPS + query)), "option", selected="")]
    assert chosen == [part.partition("=")[2] for part in query[1:].split("&")]


def test_a_partners_periods_count_its_own_events(year):
    rows = read_table(year.get(f"{GAPS}?partner=lpro"), "How complete the evidence is")[1:]
    assert [row[2] for row in rows] == ["0 of 0", "1 of 1"]


@pytest.mark.parametrize("query", ["period=9", "period=x", "partner=%3Cb%3E", "missing=everything", "per_page=1000000"])
@pytest.mark.parametrize("address", [GAPS, f"{GAPS}.xlsx"])
def test_a_filter_value_that_does_not_exist_is_refused_with_those_that_do(year, query, address):
    if address.endswith(".xlsx") and query.startswith("per_page"):
        return
    answer = year.get(f"{address}?{query}")
    assert answer.status_code == 422
    assert "Use one of:" in page_text(answer) or query.startswith("per_page")


@pytest.mark.parametrize("why", ["measure", "days"])
def test_no_file_is_asked_of_a_figure_that_no_longer_counts(app, year, why):
    with app.app_context():
        make_figure(date(2026, 2, 1))
    assert "7 entered by hand" in page_text(year.get(GAPS))
    with app.app_context():
        let_figures_count_no_more(why)
    assert "7 entered by hand" not in page_text(year.get(GAPS))


def test_figures_entered_by_hand_need_a_file_and_are_no_partners(app, year):
    with app.app_context():
        make_figure(date(2026, 2, 1))
    name = "Cross-border partner organizations"
    page = year.get(GAPS)
    assert read_table(page, "How complete the evidence is")[1] == ["Period 1", P1, "0 of 3", "0 of 1", "Incomplete"]
    assert [row[0] for row in read_table(page, "Period 1")[1:]][2] == f"{name} 7 entered by hand"
    assert missing(year, "?missing=file") == {"Period 1": ["hand"]}
    assert "7 entered by hand" not in page_text(year.get(f"{GAPS}?partner=lps"))
    assert links_of(sign_in_as(app, Role.MANAGER).get(GAPS))["File that proves it"].endswith("/figures/1/edit")
    assert "File that proves it" not in links_of(page)


@pytest.mark.parametrize("role", Role)
def test_every_member_reads_it_and_a_stranger_does_not(app, year, role):
    organisation = "kaunas" if role in ORGANISATION_ROLES else ""
    member = year if role == Role.VIEWER else sign_in_as(app, role, organisation)
    for address in (GAPS, f"{GAPS}.xlsx"):
        assert member.get(address).status_code == 200
        assert app.test_client().get(address).status_code == 302
    assert sign_in_as(app, None).get(GAPS).status_code == 404


def test_only_those_who_may_add_it_are_led_to_the_form(app, year):
    """The first event, W1, is of lps and ols; the second, W2, of lps alone."""
    add = f"{BASE}/events/1/evidence/new?kind=attendance_list"
    record = f"{BASE}/events/2#attendance"
    for role, organisation, adds, records in (
        (Role.MANAGER, "", True, True),
        (Role.PARTNER, "lps", True, True),
        (Role.PARTNER, "ols", True, False),
        (Role.PARTNER, "kaunas", False, False),
        (Role.CONTROLLER, "lps", False, False),
        (Role.AUDITOR, "", False, False),
    ):
        links = [
            link.attributes["href"] for link in find_all(read_page(sign_in_as(app, role, organisation).get(GAPS)), "a")
        ]
        assert (add in links, record in links) == (adds, records)
        assert f"{BASE}/events/1#evidence" in links


def test_no_names_and_no_files_are_told(app, year):
    with app.app_context():
        kept = keep_uploads([Upload("Jonas Jonaitis.pdf", io.BytesIO(pdf("x")))], now=NOW)
        add_evidence(1, "agenda", kept, now=NOW)
        make_people(1, ["jonas@example.org"], name="Jonas Jonaitis")
    assert "Jonas" not in year.get(GAPS).text


def test_the_list_has_at_most_a_hundred_rows_a_page(app, viewer):
    with app.app_context():
        for number in range(51):
            make_held(f"D{number:02d}", date(2026, 2, 1) + timedelta(days=number))
    first = viewer.get(f"{GAPS}?missing=people")
    assert len(missing(viewer, "?missing=people")["Period 1"]) == 50
    second = viewer.get(links_of(first)["Next page →"])
    assert "missing=people" in second.request.url
    assert missing(viewer, "?missing=people&page=2") == {"Period 1": ["D50"]}
    assert len(missing(viewer, "?per_page=100")["Period 1"]) == 51


def test_the_page_asks_the_database_as_often_for_many_events_as_for_one(app, viewer):
    numbers = []
    for first, more in ((0, 1), (1, 20)):
        with app.app_context():
            for number in range(first, first + more):
                make_people(make_held(f"D{number:02d}", date(2026, 2, 1) + timedelta(days=number)), ["p1"])
        with noted_queries(app) as statements:
            assert viewer.get(GAPS).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def sheets(answer) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_holds_what_the_filter_leaves(app, year):
    with app.app_context():
        make_figure(date(2026, 2, 1))
    found = sheets(year.get(f"{GAPS}.xlsx"))
    assert [row[:1] + row[3:] for row in found["Periods"][1:]] == [
        [1, 3, 0, 1, 0],
        [2, 1, 1, 0, 0],
        ["No period", 1, 0, 0, 0],
    ]
    assert [(row[1], row[4], row[6], row[7]) for row in found["Missing"][1:]] == [
        ("W2", date(2026, 3, 11), "Nobody is recorded", "Agenda; Photos; Presentation"),
        ("W1", date(2026, 3, 10), "The attendance is not proven", "Attendance list; Agenda; Photos; Presentation"),
        ("organisations", date(2026, 2, 1), "A figure entered by hand has no file", "File"),
        ("V1", date(2026, 6, 6), "Only other evidence is missing", "Agenda; Photos; Publicity"),
        ("L1", date(2025, 12, 30), "Only other evidence is missing", "Photos"),
    ]
    assert [row[1] for row in sheets(year.get(f"{GAPS}.xlsx?missing=other"))["Missing"][1:]] == ["V1", "L1"]


def test_the_list_of_events_tells_evidenced_from_not_proven_and_can_be_filtered_by_it(app, year):
    def states(query: str = "") -> dict[str, str]:
        rows = read_table(year.get(f"{BASE}/events{query}"), "Events, latest first")[1:]
        return {row[0].split()[-1]: row[5] for row in rows}

    assert states() == {
        "X1": "–",
        "M1": "Evidenced",
        "V1": "Evidenced",
        "W2": "Not proven",
        "W1": "Not proven",
        "L1": "Evidenced",
    }
    assert list(states("?evidence=missing")) == ["W2", "W1"]
    assert list(states("?evidence=there&organisation=ols")) == ["V1", "L1"]
    assert year.get(f"{BASE}/events?evidence=x").status_code == 422
    assert links_of(year.get(f"{BASE}/events"))["Missing evidence"] == GAPS


def test_an_event_is_complete_once_its_last_kind_is_there(app, viewer):
    with app.app_context():
        attach(make_tournament(), "tally_sheet", "agenda", "photos", "publicity")
    assert read_table(viewer.get(GAPS), "How complete the evidence is")[1][2:] == ["1 of 1", "Complete"]
    assert missing(viewer) == {}
