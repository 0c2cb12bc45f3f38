"""A project's home: what waits for whom, the money, the next events and the latest changes."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.accounts.rules import ORGANISATION_ROLES, Role
from portal.activities.rules.comments import Author, TopicKind
from portal.activities.rules.drafts import EventDraft
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.comments import ask, settle
from portal.activities.services.events import create_event, move_event, remove_examples
from portal.core import clock
from portal.projects.rules.progress import ActivityProgress
from portal.projects.services.progress import record_activity_progress
from tests.conftest import NOW
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, text_of
from tests.integration.reports.plans import set_status, state_activity, version_of_plan
from tests.integration.reports.proofs import attach, let_figures_count_no_more, make_evidence, make_figure, make_held
from tests.make import (
    PROJECT,
    make_contact,
    make_event,
    make_headcounts,
    make_import,
    make_people,
    make_project,
    make_user,
    noted_queries,
    sign_in,
    sign_in_as,
    version_of,
)

BASE = f"/projects/{PROJECT}"
HOME = f"{BASE}/"
TITLE = "Networking towards Successful Resocialization of Convicts and Uniting Society for Common Trust"
# Roles that change neither events nor expenditure, so that nothing can wait for them but their own questions.
READERS = [role for role in Role if role not in (Role.MANAGER, Role.PARTNER, Role.FINANCE)]
WORKSHOP = {
    "title": {"en": "Workshop"},
    "kind": "workshop",
    "activity": "1.1",
    "organisers": ["lps"],
    "country": "LT",
    "starts": datetime(2026, 3, 10, 10),
    "ends": datetime(2026, 3, 10, 16),
}


@pytest.fixture
def project(app):
    with app.app_context():
        make_project()
    return app


@pytest.fixture
def year(project):
    with project.app_context():
        make_evidence()
    return project


def part(client, heading: str) -> list[str]:
    """The lines of the part of the home under this heading; none where there is no such part."""
    for section in find_all(read_page(client.get(HOME)), "section"):
        if [text_of(each) for each in find_all(section, "h2")] == [heading]:
            return [text_of(line) for line in find_all(section, "li")] or [
                text_of(each) for each in find_all(section, "p")
            ]
    return []


def waits(client) -> list[str]:
    return part(client, "What needs you")


def member(app, role: Role, organisation: str = "lps"):
    return sign_in_as(app, role, organisation if role in ORGANISATION_ROLES else "")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2025, 12, 31, 12, tzinfo=UTC), "Running, begins on 1 January 2026"),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), "Running, day 324 of 730, 44 % of the time"),
        # In Vilnius it is already the next day.
        (datetime(2026, 11, 20, 22, 30, tzinfo=UTC), "Running, day 325 of 730, 44 % of the time"),
        (datetime(2028, 1, 1, 12, tzinfo=UTC), "Running, its last day was 31 December 2027"),
    ],
)
def test_a_line_of_state_says_how_far_the_project_is(project, at, words):
    with project.app_context():
        user_id = make_user(Role.VIEWER)
    clock.stand_still(at)
    try:
        page = sign_in(project.test_client(), user_id, now=at).get(HOME)
    finally:
        clock.stand_still(NOW)
    assert f"Interreg VI-A Lithuania-Poland · {PROJECT} · {words}" in page_text(page)


@pytest.mark.parametrize(
    ("status", "words"), [("closed", "· Closed "), ("preparation", "· In preparation, day 324 of 730")]
)
def test_the_status_stands_in_the_line(project, status, words):
    with project.app_context():
        set_status(status)
    assert words in page_text(member(project, Role.MANAGER).get(HOME))


def test_nothing_waits_in_an_empty_project(project):
    for role in (Role.MANAGER, Role.PARTNER, Role.FINANCE):
        assert waits(member(project, role)) == ["Nothing waits for you."]


@pytest.mark.parametrize("role", READERS)
def test_those_who_can_change_nothing_see_no_empty_part(year, role):
    page = member(year, role).get(HOME)
    assert page.status_code == 200
    assert "What needs you" not in page_text(page)
    assert "Nothing waits for you." not in page_text(page)


def test_a_question_that_someone_asked_stays_with_them_until_it_is_done(year):
    with year.app_context():
        user_id = make_user(Role.VIEWER)
        ask(PROJECT, TopicKind.EVENT, 1, "Who was there?", by=Author(user_id, "Someone"), now=NOW)
        ask(PROJECT, TopicKind.EVENT, 1, "Another one's?", by=Author(99, "X"), now=NOW)
    viewer = sign_in(year.test_client(), user_id)
    assert waits(viewer) == ["1 question that you asked is open"]
    with year.app_context():
        settle(PROJECT, 1, done=True, by=Author(99, "X"), now=NOW)
    assert waits(viewer) == []


@pytest.mark.parametrize("why", ["measure", "days"])
def test_nobody_waits_for_the_file_of_a_figure_that_no_longer_counts(year, why):
    with year.app_context():
        make_figure(date(2026, 2, 1))
    manager = member(year, Role.MANAGER)
    assert any("no file proves the 7" in each for each in waits(manager))
    with year.app_context():
        let_figures_count_no_more(why)
    assert not any("no file proves" in each for each in waits(manager))


def test_what_waits_leads_to_the_exact_place(year):
    with year.app_context():
        make_figure(date(2026, 2, 1))
        make_import()
        state_activity("1.1", planned_first_day=date(2026, 1, 1), planned_last_day=date(2026, 3, 1))
    manager = member(year, Role.MANAGER)
    links = links_of(manager.get(HOME))
    expected = {
        "Event X1 ended on 2 September 2026: record who was there and mark it as held": "/events/5",
        "Event W2 was held on 11 March 2026: record who was there": "/events/2#attendance",
        "Event W1 was held on 10 March 2026. Still missing: Attendance list": (
            "/events/1/evidence/new?kind=attendance_list"
        ),
        "Cross-border partner organizations: no file proves the 7 entered by hand for 1 February 2026": (
            "/outcomes/organisations/figures/1/edit"
        ),
        "2 held events lack other evidence, such as an agenda or photos": "/evidence?missing=other",
        "A checked file waits for a decision: import it or discard it": "/imports/1",
    }
    assert {words: links.get(words) for words in expected} == {words: BASE + link for words, link in expected.items()}
    assert waits(manager)[:6] == list(expected)
    assert waits(manager)[6].endswith("was to end on 1 March 2026 and is not done")
    for link in expected.values():
        assert manager.get(BASE + link).status_code == 200


@pytest.mark.parametrize(
    ("organisation", "lines"),
    [
        (
            "lps",
            [
                "Event X1 ended on 2 September 2026: record who was there and mark it as held",
                "Event W2 was held on 11 March 2026: record who was there",
                "Event W1 was held on 10 March 2026. Still missing: Attendance list",
                "1 held event lacks other evidence, such as an agenda or photos",
            ],
        ),
        (
            "ols",
            [
                "Event X1 ended on 2 September 2026: record who was there and mark it as held",
                "Event W1 was held on 10 March 2026. Still missing: Attendance list",
                "2 held events lack other evidence, such as an agenda or photos",
            ],
        ),
        ("lpro", ["Nothing waits for you."]),
        ("kaunas", ["Nothing waits for you."]),
    ],
)
def test_a_partner_is_told_of_its_own_events_only(year, organisation, lines):
    with year.app_context():
        make_figure(date(2026, 2, 1))
        make_import()
        state_activity("1.1", "alytus", planned_last_day=date(2026, 3, 1))
    partner = member(year, Role.PARTNER, organisation)
    assert waits(partner) == lines
    filtered = [link for words, link in links_of(partner.get(HOME)).items() if "other evidence" in words]
    assert filtered in ([], [f"{BASE}/evidence?missing=other&partner={organisation}"])


def test_a_partner_is_told_what_it_answers_for_and_what_it_has_brought(year):
    with year.app_context():
        state_activity("1.1", "alytus", planned_last_day=date(2026, 3, 1))
    (late,) = waits(member(year, Role.PARTNER, "alytus"))
    assert late.startswith("1.1 ")
    assert late.endswith("was to end on 1 March 2026 and is not done")
    with year.app_context():
        set_status("closed")
    assert waits(member(year, Role.PARTNER, "kaisiadorys")) == ["Nothing waits for you."]
    assert not any("is not done" in line for line in waits(member(year, Role.MANAGER)))


def test_of_many_the_first_three_are_named_and_the_others_are_a_number_with_the_list(project):
    with project.app_context():
        for number in range(5):
            make_held(f"N{number}", date(2026, 2, 1 + number), organisers=["lps"])
        for number in range(4):
            make_people(make_held(f"P{number}", date(2026, 3, 1 + number), organisers=["lps"]), ["p1"])
    partner = member(project, Role.PARTNER)
    lines = waits(partner)
    assert [line.split()[1] if line.startswith("Event") else line for line in lines] == [
        *("N0", "N1", "N2", "and 2 more"),
        *("P0", "P1", "P2", "and 1 more"),
    ]
    links = links_of(partner.get(HOME))
    assert links["and 2 more"] == f"{BASE}/evidence?missing=people&partner=lps"
    assert links["and 1 more"] == f"{BASE}/evidence?missing=attendance&partner=lps"
    assert len(read_table(partner.get(links["and 2 more"]), "Period 1")) == 6


def test_many_events_that_are_over_lead_to_the_list_of_planned_ones(project):
    with project.app_context():
        for number in range(60):
            starts = datetime(2026, 2, 1, 10) + timedelta(days=number)
            make_event(ref=f"X{number}", starts=starts, ends=starts + timedelta(hours=1))
    assert links_of(member(project, Role.MANAGER).get(HOME))["and 57 more"] == f"{BASE}/events?status=planned"


@pytest.mark.parametrize("role", Role)
def test_the_budget_is_shown_beside_the_time_to_all_but_associated_partners(project, role):
    page = member(project, role).get(HOME)
    rows = {row[0]: row[1:] for row in read_table(page, "Budget and spending by partner")}
    nothing = ["€0.00 0.00 % of the budget", "€0.00 0.00 % of the budget", "€0.00"]
    assert rows["Lithuanian Prison Service"][:5] == ["€179,460.00", *nothing, "€179,460.00"]
    assert (rows["Total"][0], rows["ERDF share"][0]) == ("€376,876.12", "€301,500.89")
    assert "Time passed: 324 of 730 days, 44 %" in page_text(page)
    if role in ORGANISATION_ROLES:
        associated = page_text(member(project, role, "kaunas").get(HOME))
        assert "Outcomes" in associated
        assert not re.search("Money|Budget and spending|Time passed|€", associated)


def test_next_events_say_where_and_who(project):
    with project.app_context():
        soon = datetime(2026, 12, 1, 10)
        make_event(title={"en": "Winter fair"}, place="Alytus", starts=soon, ends=soon + timedelta(hours=2))
        make_event(title={"en": "Past"})
    who = "Lithuanian Prison Service, Regional Prison Inspectorate in Olsztyn"
    assert part(member(project, Role.VIEWER), "Next events") == [f"1 December 2026, 10:00 · Winter fair , Alytus {who}"]


def test_the_latest_changes_are_told_in_words_with_their_time(project):
    with project.app_context():
        event_id = make_event(ref="W1", now=NOW - timedelta(minutes=1))
        make_people(event_id, ["jonas@example.org", "p2", "p3"], name="Jonas Jonaitis")
        make_headcounts(event_id, HeadcountDraft("staff", 41))
        move_event(event_id, "held", version=version_of(event_id), now=NOW + timedelta(minutes=2))
        attach(event_id, "agenda")
        progress = ActivityProgress("running", date(2026, 1, 5), None, "")
        record_activity_progress(PROJECT, "1.1", progress, version=version_of_plan(), now=NOW + timedelta(minutes=3))
    viewer, lines = member(project, Role.VIEWER), None
    lines = part(viewer, "Latest changes")
    day = "20 November 2026"
    assert [line.replace(": ", " ") for line in lines[1:]] == [
        f"{day}, 14:00 · Evidence added Opening workshop",
        f"{day}, 14:02 · Event marked as held Opening workshop",
        f"{day}, 14:00 · Attendance recorded Opening workshop",
        f"{day}, 13:59 · Event logged Opening workshop",
        f"{day}, 14:00 · Project loaded from its file {TITLE}",
    ]
    assert lines[0].startswith(f"{day}, 14:03 · Progress of an activity recorded")
    page = viewer.get(HOME)
    assert links_of(page)["Opening workshop"] == f"{BASE}/events/{event_id}"
    for word in ("Jonas", "jonas@", "41", "@example.org", "command line"):
        assert word not in " ".join(lines)


@pytest.mark.parametrize("role", Role)
def test_only_those_who_read_the_audit_see_who_it_was(project, role):
    with project.app_context():
        make_event()
    words = " ".join(part(member(project, role), "Latest changes"))
    assert ("command line" in words) is (role in (Role.MANAGER, Role.PROGRAMME, Role.AUDITOR))


def test_at_most_eight_changes_are_told_and_what_is_gone_has_no_link(project):
    with project.app_context():
        for number in range(9):
            make_event(ref=f"E{number}", title={"en": f"Event {number}"}, now=NOW + timedelta(minutes=number))
        draft = EventDraft(**{**WORKSHOP, "ref": "GONE"})
        create_event(PROJECT, draft, now=NOW + timedelta(minutes=10), example=True)
        remove_examples(PROJECT, now=NOW + timedelta(minutes=11))
    viewer = member(project, Role.VIEWER)
    lines = part(viewer, "Latest changes")
    assert len(lines) == 8
    assert [line.endswith("GONE") for line in lines[:3]] == [True, True, False]
    assert "GONE" not in links_of(viewer.get(HOME))
    assert lines[-1].endswith("Event 3")


def test_a_change_of_an_event_that_is_gone_never_leads_to_the_one_that_has_its_number_now(project):
    with project.app_context():
        create_event(PROJECT, EventDraft(**{**WORKSHOP, "ref": "GONE"}), now=NOW, example=True)
        remove_examples(PROJECT, now=NOW + timedelta(minutes=1))
        make_event(ref="NEW", title={"en": "Another"}, now=NOW + timedelta(minutes=2))
    lines = part(member(project, Role.VIEWER), "Latest changes")
    assert [line.split()[-1] for line in lines[:2]] == ["Another", "GONE"]


def test_a_role_that_was_given_or_a_contact_is_no_change_for_everyone(project):
    manager = member(project, Role.MANAGER)
    before = part(manager, "Latest changes")
    with project.app_context():
        make_contact(PROJECT, "Jonas Jonaitis")
    assert part(manager, "Latest changes") == before


def test_the_home_asks_the_database_as_often_for_many_events_as_for_one(project):
    clients = [member(project, Role.MANAGER), member(project, Role.PARTNER), member(project, Role.VIEWER)]
    numbers = []
    for first, more in ((0, 1), (1, 25)):
        with project.app_context():
            for number in range(first, first + more):
                day = date(2026, 2, 1) + timedelta(days=number)
                make_people(make_held(f"D{number}", day), ["p1"])
                make_held(f"N{number}", day)
                make_event(ref=f"X{number}")
                attach(make_held(f"A{number}", day), "agenda")
        numbers.append([counted(project, client) for client in clients])
    assert numbers[0] == numbers[1]


def counted(app, client) -> int:
    with noted_queries(app) as statements:
        assert client.get(HOME).status_code == 200
    return len(statements)
