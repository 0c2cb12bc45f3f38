"""The outcome table told apart, and parts of its figures: each cell is a link to a list that adds up to it."""

from datetime import date

import pytest

from portal.accounts.rules import Role
from portal.activities.queries import get_event_by_ref
from portal.activities.rules.breakdowns import DIMENSIONS
from portal.activities.services.exclusions import exclude_event
from portal.core.db import db
from portal.projects.queries import get_project
from portal.projects.rules.figures import FigureDraft
from portal.projects.services.figures import add_figure
from tests.conftest import NOW
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_page,
    read_table,
    send_form,
    text_of,
)
from tests.integration.test_outcome_vectors import make_year
from tests.make import PROJECT, make_project, sign_in_as

OUTCOMES = f"/projects/{PROJECT}/outcomes"
WORKSHOPS = f"{OUTCOMES}/workshops"
PIVOT = "Outcomes achieved as of"
LPS, LPRO, OLS = (
    "Lithuanian Prison Service",
    "Lithuanian Probation Service",
    "Regional Prison Inspectorate in Olsztyn",
)
ROWS = ["joint_actions", "workshops", "initiatives", "organisations", "public_events"]


@pytest.fixture
def viewer(app):
    with app.app_context():
        make_year()
    return sign_in_as(app, Role.VIEWER)


def broken_down(client, query: str) -> tuple[list[str], dict[str, list[str]]]:
    """The heads of the columns, and key -> the cells of the row."""
    head, *rows = read_table(client.get(f"{OUTCOMES}?{query}"), PIVOT)
    return head[1:], {key: row[1:] for key, row in zip(ROWS, rows, strict=True)}


def listed(page) -> dict[str, str]:
    """Reference of an event that counts -> what it adds."""
    return {row[0].split()[0]: row[-1] for row in read_table(page, "Counts")[1:-1]}


def test_without_the_switch_the_table_is_not_told_apart(viewer):
    assert PIVOT not in page_text(viewer.get(OUTCOMES))
    assert viewer.get(f"{OUTCOMES}?by=&as_of=").status_code == 200


def test_the_files_are_as_of_the_same_day(viewer):
    links = links_of(viewer.get(f"{OUTCOMES}?by=period&as_of=2026-06-30"))
    assert links["Download as XLSX"] == f"{OUTCOMES}.xlsx?as_of=2026-06-30"
    assert links["Download as PDF"] == f"{OUTCOMES}.pdf?as_of=2026-06-30"


def test_an_excluded_event_stands_below_with_its_reason_and_only_a_manager_may_let_it_back(app, viewer):
    with app.app_context():
        event_id = get_event_by_ref(PROJECT, "V1").id
        exclude_event(event_id, "initiatives", "Paid by another project.", now=NOW)
    manager = sign_in_as(app, Role.MANAGER)
    for browser, shown in ((viewer, False), (manager, True)):
        page = browser.get(f"{OUTCOMES}/initiatives")
        reasons = {row[0].split()[0]: row[3] for row in read_table(page, "Does not count")[1:]}
        assert "Paid by another project." in reasons["V1"]
        addresses = {each.attributes["href"] for each in find_all(read_page(page), "a")}
        assert (f"{OUTCOMES}/initiatives/exclusions/{event_id}/remove" in addresses) is shown
        assert any(each.endswith("/add") and "/exclusions/" in each for each in addresses) is shown


def test_figures_by_hand_are_listed_with_their_reasons(app, viewer):
    with app.app_context():
        indicator = next(each for each in get_project(PROJECT).indicators if each.key == "public_events")
        indicator.measure = {"kind": "manual"}
        db.session.commit()
        for day, number in ((date(2026, 5, 1), 40), (date(2026, 10, 1), 12)):
            add_figure(PROJECT, "public_events", FigureDraft(day, number, "Counted at the door."), file=None, now=NOW)
    page = viewer.get(f"{OUTCOMES}/public_events")
    assert read_table(page, "Counts")[1:] == [
        ["1 May 2026", "Counted at the door.", "no", "40"],
        ["1 October 2026", "Counted at the door.", "no", "12"],
        ["Total", "52"],
    ]
    assert "Enter a figure" not in page_text(page)
    assert "Enter a figure" in page_text(sign_in_as(app, Role.MANAGER).get(f"{OUTCOMES}/public_events"))
    assert read_table(viewer.get(f"{OUTCOMES}/public_events?period=1"), "Counts")[-1] == ["Total", "40"]


def test_persons_stand_at_the_event_they_were_first_seen_at(app, viewer):
    """W1 had 20 people; 5 of W2's 25 had not been there before."""
    with app.app_context():
        indicator = next(each for each in get_project(PROJECT).indicators if each.key == "workshops")
        indicator.measure = {**indicator.measure, "kind": "persons"}
        db.session.commit()
    page = viewer.get(WORKSHOPS)
    assert listed(page) == {"W1": "20", "W2": "5"}
    assert "first seen at each event, plus its headcounts: at most 25 persons, of whom 25 are known" in page_text(page)


def test_by_period_every_period_begun_has_a_column_and_the_row_its_own_total(viewer):
    head, rows = broken_down(viewer, "by=period")
    assert head == ["Period 1", "Period 2", "Total"]
    assert rows == {
        "joint_actions": ["76", "47", "123"],
        "workshops": ["20", "25", "45"],
        "initiatives": ["56", "22", "78"],
        "organisations": ["4", "1", "5"],
        "public_events": ["1", "0", "1"],
    }


def test_by_country_the_countries_stand_by_their_names_and_what_is_not_people_has_none(viewer):
    head, rows = broken_down(viewer, "by=country")
    assert head == ["Lithuania", "Poland", "Not known", "Total"]
    assert rows["workshops"] == ["24", "21", "0", "45"]
    assert rows["organisations"] == ["–", "–", "–", "5"]
    assert sum(map(int, rows["initiatives"][:-1])) == 78


def test_by_partner_there_is_no_total_because_joint_events_repeat(viewer):
    head, rows = broken_down(viewer, "by=partner")
    assert head[:3] == [LPS, LPRO, OLS]
    assert "Total" not in head
    assert len(head) == 6
    assert rows["organisations"].count("1") == 5
    assert "under each of its organisers" in page_text(viewer.get(f"{OUTCOMES}?by=partner"))


def test_by_group_only_those_that_occur_stand_in_the_order_of_the_vocabulary(viewer):
    head, rows = broken_down(viewer, "by=group")
    assert head == ["Professionals", "Community members", "Convicted persons", "Total"]
    assert rows["workshops"] == ["45", "0", "0", "45"]
    assert rows["initiatives"] == ["0", "52", "26", "78"]
    assert rows["public_events"] == ["–", "–", "–", "1"]


def test_by_work_package_all_of_the_projects_stand(viewer):
    head, rows = broken_down(viewer, "by=work_package")
    assert head == ["Work package 1", "Work package 2", "Total"]
    assert all(sum(map(int, cells[:-1])) == int(cells[-1]) for cells in rows.values())


def test_before_anything_could_count_every_cell_is_a_dash(viewer):
    for dimension in DIMENSIONS:
        _, rows = broken_down(viewer, f"by={dimension}&as_of=2026-01-31")
        assert {cell for cells in rows.values() for cell in cells} <= {"–"}


def test_an_earlier_day_than_the_first_has_no_period_at_all(viewer):
    assert broken_down(viewer, "by=period&as_of=2025-12-31")[0] == ["Total"]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_cell_leads_to_a_list_that_adds_up_to_it(viewer, dimension):
    page = read_page(viewer.get(f"{OUTCOMES}?by={dimension}&as_of=2026-11-19"))
    table = next(each for each in find_all(page, "table") if PIVOT in text_of(each))
    links = list(find_all(table, "a"))
    assert links
    for link in links:
        address = link.attributes["href"]
        assert "as_of=2026-11-19" in address
        opened = viewer.get(address)
        caption = "The sum of" if "joint_actions" in address else "Counts"
        assert read_table(opened, caption)[-1][-1] == text_of(link)


def test_a_part_is_named_with_its_figure_and_lists_its_events_only(viewer):
    page = viewer.get(f"{WORKSHOPS}?period=2&country=LT")
    figure = read_table(page, "Counts")[-1][-1]
    assert f"Period 2 · Lithuania: {figure} participations" in page_text(page)
    assert listed(page) == {"W2": figure}
    assert "20.83" not in page_text(page)
    # Of the events that do not count only R1 was in the second half of the year, and W3 is to be.
    assert [row[0].split()[0] for row in read_table(page, "Does not count")[1:]] == ["R1", "W3"]


def test_what_is_still_to_come_does_not_count_yet_as_of_today_and_is_not_spoken_of_as_of_an_earlier_day(viewer):
    def ignored(query: str) -> list[str]:
        return [row[0].split()[0] for row in read_table(viewer.get(WORKSHOPS + query), "Does not count")[1:]]

    assert ignored("") == ["W0", "M1", "S1", "V1", "R1", "W3"]
    assert ignored("?as_of=2026-11-19") == ["W0", "M1", "S1", "V1", "R1"]


def test_the_parts_of_a_narrowed_sum_are_narrowed_alike(viewer):
    page = viewer.get(f"{OUTCOMES}/joint_actions?period=1")
    _, *rows, foot = read_table(page, "The sum of these rows")
    assert [row[-1] for row in rows] == ["20", "56"]
    assert foot[-1] == "76"
    assert f"{WORKSHOPS}?period=1" in [each.attributes["href"] for each in find_all(read_page(page), "a")]


def test_the_small_tables_add_up_to_what_is_selected(viewer):
    page = viewer.get(f"{WORKSHOPS}?country=PL")
    for caption in ("By reporting period", "By country"):
        assert sum(int(row[1]) for row in read_table(page, caption)[1:]) == 21


def test_the_history_says_when_the_figure_grew(viewer):
    page = viewer.get(WORKSHOPS)
    assert [row[1:] for row in read_table(page, "By day")[1:]] == [["20", "20"], ["25", "45"]]
    assert "Expected: 216" in page_text(page)
    assert read_table(viewer.get(f"{WORKSHOPS}?country=PL"), "By day")[-1][-1] == "21"
    assert "How the figure grew" not in page_text(viewer.get(f"{WORKSHOPS}?as_of=2026-01-31"))


def test_the_present_pace_is_told_as_an_estimate(viewer):
    """20 November is day 324 of 730: 45 × 730 ÷ 324 = 101.4; 30 June is day 181: 20 × 730 ÷ 181 = 80.7."""
    assert "At the present pace: 101 by 31 December 2027" in page_text(viewer.get(OUTCOMES))
    page = page_text(viewer.get(WORKSHOPS))
    assert "At the present pace: 101 by 31 December 2027 of expected 216." in page
    assert "An estimate" in page
    assert "With planned events:" in page
    earlier = page_text(viewer.get(f"{WORKSHOPS}?as_of=2026-06-30"))
    assert "At the present pace: 80 by 31 December 2027 of expected 216." in earlier
    assert "With planned events:" not in earlier
    assert "present pace" not in page_text(viewer.get(f"{OUTCOMES}?as_of=2026-01-31"))


def test_an_unknown_breakdown_is_refused_at_its_field_and_the_page_still_shown(viewer):
    refused = viewer.get(f"{OUTCOMES}?by=colour&as_of=2026-06-30")
    assert refused.status_code == 422
    assert read_errors(refused) == {
        "by": "“colour” is not known here. Use one of: period, country, partner, group, work_package."
    }
    assert read_table(refused, "Expected and achieved outcomes as of 30 June 2026")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("period", "9", "1, 2, 3, 4, none"),
        ("country", "DE", "LT, PL, unknown"),
        ("partner", "acme", "lps, lpro, ols, alytus, kaunas, kaisiadorys"),
        ("group", "convicts", "professional, staff"),
        ("work_package", "3", "1, 2, none"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_with_those_that_do(viewer, name, value, allowed):
    refused = viewer.get(f"{WORKSHOPS}?{name}={value}")
    assert refused.status_code == 422
    assert f"“{value}” is not known here. Use one of: {allowed}" in read_errors(refused)[name]
    assert read_table(refused, "Counts")[-1] == ["Total", "45"]


def test_what_is_not_people_is_not_narrowed_by_country(viewer):
    refused = viewer.get(f"{OUTCOMES}/organisations?country=LT")
    assert refused.status_code == 422
    assert "does not count people" in read_errors(refused)["country"]


def test_several_mistakes_are_each_told_at_their_field(viewer):
    refused = viewer.get(f"{WORKSHOPS}?as_of=2027-01-01&period=x&partner=y")
    assert set(read_errors(refused)) == {"as_of", "period", "partner"}


@pytest.mark.parametrize("address", ["outcomes", "outcomes/workshops", "events", "audit", "imports", "plan"])
def test_a_page_of_more_than_a_hundred_rows_is_refused_with_the_cure(app, address):
    with app.app_context():
        make_project()
    manager = sign_in_as(app, Role.MANAGER)
    for per_page in ("1000000", "101", "0", "-1", "5.5", "ten", "٣", "1" * 5000):
        refused = manager.get(f"/projects/{PROJECT}/{address}?per_page={per_page}")
        assert refused.status_code == 422
        assert "Ask for a whole number from 1 to 100." in page_text(refused)
    for per_page in ("", "1", "100"):
        assert manager.get(f"/projects/{PROJECT}/{address}?per_page={per_page}").status_code == 200


def test_lists_are_paged_each_for_itself(viewer):
    page = viewer.get(f"{WORKSHOPS}?per_page=1&page=2&other_page=3")
    assert listed(page) == {"W2": "25"}
    assert read_table(page, "Counts")[-1] == ["Total of all pages", "45"]
    other = [row[0].split()[0] for row in read_table(page, "Does not count")[1:]]
    assert len(other) == 1
    links = [each.attributes["href"] for each in find_all(read_page(page), "a")]
    assert f"{WORKSHOPS}?per_page=1&other_page=3&page=1#counts" in links
    assert f"{WORKSHOPS}?per_page=1&page=2&other_page=2#others" in links
    assert listed(viewer.get(f"{WORKSHOPS}?per_page=1&page=99")) == {"W2": "25"}


def test_the_events_list_is_as_long_as_asked(viewer):
    page = viewer.get(f"/projects/{PROJECT}/events?per_page=3&page=2")
    assert len(read_table(page, "Events")) == 4
    assert "Page 2 of" in page_text(page)


def addresses_of(page) -> list[str]:
    """The addresses among the outcomes that the page links to."""
    return [each.attributes["href"] for each in find_all(read_page(page), "a") if OUTCOMES in each.attributes["href"]]


@pytest.mark.parametrize("day", ["2027-01-01", "someday"])
@pytest.mark.parametrize("query", ["?by=period", "/workshops?period=1&per_page=1", "/joint_actions?country=LT"])
def test_no_link_repeats_a_day_that_was_refused(viewer, query, day):
    refused = viewer.get(f"{OUTCOMES}{query}&as_of={day}")
    assert refused.status_code == 422
    addresses = addresses_of(refused)
    assert addresses
    assert not [address for address in addresses if "as_of" in address and "lang=" not in address]


def test_the_pages_of_a_list_are_of_the_same_day(viewer):
    page = viewer.get(f"{WORKSHOPS}?as_of=2026-11-19&per_page=1&country=xx")
    assert f"{WORKSHOPS}?as_of=2026-11-19&per_page=1&page=2#counts" in addresses_of(page)


def test_after_a_decision_on_an_event_the_same_part_of_the_row_is_shown(app, viewer):
    with app.app_context():
        event_id = get_event_by_ref(PROJECT, "W2").id
    manager = sign_in_as(app, Role.MANAGER)
    part = f"{WORKSHOPS}?as_of=2026-11-19&period=2&country=PL"
    [exclude] = [each for each in addresses_of(manager.get(part)) if f"/exclusions/{event_id}/add" in each]
    assert addresses_of(manager.get(exclude)).count(part) == 2
    assert send_form(manager, exclude, reason="Counted twice.").location == part
    [back] = [each for each in addresses_of(manager.get(part)) if f"/exclusions/{event_id}/remove" in each]
    assert addresses_of(manager.get(back)).count(part) == 2
    assert send_form(manager, back).location == part


def test_only_what_selects_a_part_of_the_row_is_carried_through_a_decision(app, viewer):
    with app.app_context():
        event_id = get_event_by_ref(PROJECT, "W2").id
    address = f"{WORKSHOPS}/exclusions/{event_id}/add?period=2&back=//example.org&code=x&key=y&_scheme=ftp"
    done = send_form(sign_in_as(app, Role.MANAGER), address, reason="Counted twice.")
    assert done.location == f"{WORKSHOPS}?period=2"
