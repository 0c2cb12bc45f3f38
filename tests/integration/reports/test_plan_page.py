"""The plan page: what is late first, the plan in tables and as a drawing, and how the targets stand."""

from datetime import date, datetime

import pytest

from portal.accounts.rules import Role
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.events import move_event
from portal.core.db import transaction
from portal.projects.models import Activity, Deliverable, Project
from tests.conftest import NOW
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, read_tables, text_of
from tests.integration.reports.plans import set_status, state_activity, state_deliverable
from tests.make import (
    PROJECT,
    make_event,
    make_headcounts,
    make_project,
    make_tournament,
    noted_queries,
    sign_in_as,
    version_of,
)

PLAN = f"/projects/{PROJECT}/plan"
TARGETS = "Targets"


@pytest.fixture
def viewer(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.VIEWER)


@pytest.fixture
def manager(app, viewer):
    return sign_in_as(app, Role.MANAGER)


def make_next_year(month: int = 3, **changes) -> int:
    """A workshop of lps and ols, planned for the 10th of that month of 2027, with the changes."""
    stated = {"starts": datetime(2027, month, 10, 10, 0), "ends": datetime(2027, month, 10, 16, 0)}
    return make_event(**{**stated, **changes})


def late_links(response) -> dict[str, str]:
    """What the block of what is late says -> where it leads, in its order."""
    block = next(find_all(read_page(response), "section", aria_labelledby="late"))
    return {text_of(link): link.attributes["href"] for link in find_all(block, "a")}


def test_an_activity_shows_its_partner_days_status_and_events(app, viewer):
    with app.app_context():
        state_activity(
            "1.1",
            "ols",
            planned_first_day=date(2026, 2, 1),
            planned_last_day=date(2027, 10, 31),
            actual_first_day=date(2026, 3, 1),
            status="running",
            note="The second workshop moves to spring.",
        )
        make_event(status="held")
        make_next_year()
        make_next_year(4, status="cancelled")
    row = read_table(viewer.get(PLAN), "Activities")[1]
    assert row == [
        (
            "1.1 Joint workshops and training sessions for Lithuanian and Polish professionals "
            "Responsible partner: Regional Prison Inspectorate in Olsztyn Note: The second workshop moves to spring."
        ),
        "1 February 2026 – 31 October 2027",
        "from 1 March 2026",
        "Running",
        "1",
        "1",
    ]


def test_deliverables_stand_below_the_activities_of_their_work_package(app, viewer):
    with app.app_context():
        state_deliverable("D1.1.1", "1.1", due_day=date(2026, 6, 30))
        state_deliverable("D1.1.2", "1.1", due_day=date(2026, 6, 30), delivered_day=date(2026, 7, 2))
        state_deliverable("D1.2.1", "1.2", due_day=date(2027, 6, 30))
    answer = viewer.get(PLAN)
    assert [caption for caption, _ in read_tables(answer)][:3] == [
        "Activities and their events",
        "Deliverables",
        "Activities and their events",
    ]
    assert read_table(answer, "Deliverables")[1:] == [
        ["D1.1.1 The deliverable D1.1.1", "30 June 2026", "–", "Overdue"],
        ["D1.1.2 The deliverable D1.1.2", "30 June 2026", "2 July 2026", "Delivered"],
        ["D1.2.1 The deliverable D1.2.1", "30 June 2027", "–", "Not delivered yet"],
    ]


def test_what_is_late_comes_first_the_oldest_on_top_and_leads_to_where_it_is_mended(app, manager, viewer):
    with app.app_context():
        state_activity("1.1", planned_first_day=date(2026, 1, 1), planned_last_day=date(2026, 9, 30), status="running")
        state_activity("1.2", planned_first_day=date(2026, 11, 19), planned_last_day=date(2026, 12, 31))
        state_activity("2.1", planned_first_day=date(2026, 11, 20), planned_last_day=date(2026, 12, 31))
        state_activity("2.2", planned_first_day=date(2026, 1, 1), planned_last_day=date(2026, 2, 1), status="done")
        state_deliverable("D1.1.1", "1.1", due_day=date(2026, 6, 30))
        state_deliverable("D1.1.2", "1.1", due_day=date(2026, 11, 20))
        event_id = make_event(title={"en": "Forgotten workshop"})
        make_next_year()
    titles = "1.1 Joint workshops", "1.2 Development of a research tool"
    late = late_links(manager.get(PLAN))
    assert [text for text in late if not text.startswith(titles)] == [
        "Forgotten workshop was planned for 10 March 2026: mark it as held, or cancel it",
        "D1.1.1 The deliverable D1.1.1 was due on 30 June 2026 and is not delivered",
    ]
    assert [text.rpartition(" was to ")[2] for text in late if text.startswith(titles)] == [
        "end on 30 September 2026 and is not done",
        "begin on 19 November 2026 and has not begun",
    ]
    event = f"/projects/{PROJECT}/events/{event_id}"
    assert list(late.values()) == [
        event,
        f"{PLAN}/deliverables/D1.1.1/progress",
        f"{PLAN}/activities/1.1/progress",
        f"{PLAN}/activities/1.2/progress",
    ]
    for address in late.values():
        assert manager.get(address).status_code == 200
    # Who cannot record progress is led to where it is shown.
    readable = [event, f"{PLAN}/activities/1.1", f"{PLAN}/activities/1.1", f"{PLAN}/activities/1.2"]
    assert list(late_links(viewer.get(PLAN)).values()) == readable
    with app.app_context():
        set_status("closed")
    assert list(late_links(manager.get(PLAN)).values()) == readable


def test_a_plan_in_time_says_so(viewer):
    page = page_text(viewer.get(PLAN))
    assert "Nothing is late." in page
    assert "No activity has days or events yet, so there is nothing to draw." in page


def test_more_forgotten_events_than_the_page_names_are_a_link_away(app, viewer):
    with app.app_context():
        for number in range(50):
            make_event(title={"en": f"Forgotten {number}"})
    answer = viewer.get(PLAN)
    more = "More events are over and not marked as held: see all that are planned"
    assert links_of(answer)[more] == f"/projects/{PROJECT}/events?status=planned"


def test_an_empty_plan_explains_what_belongs_there(app, viewer):
    with app.app_context(), transaction() as session:
        session.get_one(Project, PROJECT).work_packages = []
    page = page_text(viewer.get(PLAN))
    assert "Work packages, their activities and what these hand over belong here. None is stated yet." in page
    assert "Timeline" not in page
    assert "Write the plan" not in page
    links = links_of(sign_in_as(app, Role.MANAGER).get(PLAN))
    assert links["Write the plan"] == links["Edit the plan"] == f"/projects/{PROJECT}/structure"
    assert "Will the targets be reached?" in page


def test_the_timeline_is_one_picture_with_a_name_and_draws_what_the_tables_say(app, viewer):
    with app.app_context():
        state_activity(
            "1.1",
            planned_first_day=date(2026, 1, 1),
            planned_last_day=date(2026, 6, 30),
            actual_first_day=date(2026, 2, 1),
            status="running",
        )
        state_deliverable("D1.1.1", "1.1", due_day=date(2026, 6, 30))
        state_deliverable("D1.1.2", "1.1", due_day=date(2026, 6, 30), delivered_day=date(2026, 7, 2))
        make_event(status="held")
        make_next_year()
    answer = viewer.get(PLAN)
    drawing = next(find_all(read_page(answer), "svg", class_="timeline"))
    assert drawing.attributes["role"] == "img"
    named = drawing.attributes["aria-labelledby"].split()
    assert [text_of(each) for tag in ("title", "desc") for each in find_all(drawing, tag)] == [
        "Timeline of the plan",
        "The tables on this page name the same activities, deliverables and days.",
    ]
    assert named == [each.attributes["id"] for tag in ("title", "desc") for each in find_all(drawing, tag)]
    words = [text_of(each) for each in find_all(drawing, "text")]
    assert words[:2] == ["Jan 2026", "Apr 2026"]
    assert "Today" in words
    assert [word for word in words if word.endswith(("1.1", "2.4"))] == ["▲ 1.1", "2.4"]
    # 730 days on 858 units: January to June are 181 days, 1 February to 20 November 293.
    late = next(find_all(drawing, "rect", class_="tl-planned tl-late"))
    assert (late.attributes["x"], late.attributes["width"]) == ("90", "212")
    actual = next(find_all(drawing, "rect", class_="tl-actual"))
    assert (actual.attributes["x"], actual.attributes["width"]) == ("126", "344")
    for shape, kind in (("path", "tl-mark tl-overdue"), ("path", "tl-mark tl-delivered")):
        assert len(list(find_all(drawing, shape, class_=kind))) == 1
    for kind in ("held", "planned"):
        assert len(list(find_all(drawing, "circle", class_=f"tl-event tl-event-{kind}"))) == 1


@pytest.mark.parametrize(("language", "month"), [("en", "Jan 2026"), ("lt", "2026-01"), ("pl", "sty 2026")])
def test_the_months_are_named_in_the_readers_language(app, viewer, language, month):
    with app.app_context():
        make_event()
    drawing = next(find_all(read_page(viewer.get(f"{PLAN}?lang={language}")), "svg", class_="timeline"))
    assert text_of(next(find_all(drawing, "text"))) == month


def test_the_page_says_in_words_whether_216_will_be_reached(app, viewer):
    """45 were there, 120 more are planned: 51 are missing. A closed workshop of one country adds nothing."""
    with app.app_context():
        make_headcounts(make_event(ref="W1", status="held"), HeadcountDraft("professional", 45))
        make_next_year(3, ref="W2", planned_participants=50)
        make_next_year(4, ref="W3", planned_participants=70)
        make_next_year(5, ref="W4", planned_participants=1000, organisers=["lps"])
        make_next_year(6, ref="W5")
        make_event(ref="W6", planned_participants=30)
    answer = viewer.get(PLAN)
    row = read_table(answer, TARGETS)[2]
    assert row == [
        "Participation in workshops and training activities participations",
        "216",
        "45",
        "120",
        "51",
        (
            "Short Achieved so far 45, planned 120 more: 51 short of 216. "
            "1 planned event states no number of participants: W5 "
            "1 event is over and not marked as held, so it adds nothing here: W6"
        ),
    ]


def test_each_kind_of_row_is_forecast_in_its_own_way(app, viewer):
    with app.app_context():
        make_tournament()
        make_next_year(3, planned_participants=300)
        make_next_year(5, kind="tournament", activity="2.4", is_public=True, planned_participants=70)
        make_next_year(6, kind="meeting", organisers=["lps", "ols", "lpro"], planned_participants=9)
    rows = {cells[0].partition(" ")[0]: cells[1:] for cells in read_table(viewer.get(PLAN), TARGETS)[1:]}
    # 40 community members and 16 convicted persons were at the tournament.
    assert rows["Participations"][:4] == ["348", "56", "370", "0"]
    assert rows["Participation"][:4] == ["216", "–", "300", "0"]
    assert rows["Active"][:4] == ["132", "56", "70", "6"]
    # lps and ols have held something; the meeting makes lpro active.
    assert rows["Cross-border"][:4] == ["6", "2", "1", "3"]
    assert rows["Jointly"][:4] == ["2", "1", "1", "0"]
    assert rows["Participation"][4] == "Enough is planned Nothing achieved so far, planned 300: enough to reach 216."
    assert rows["Active"][4] == "Short Achieved so far 56, planned 70 more: 6 short of 132."
    assert rows["Jointly"][4] == "Enough is planned Achieved so far 1, planned 1 more: enough to reach 2."


def test_a_target_that_is_reached_is_called_reached(app, viewer):
    with app.app_context():
        make_tournament()
        make_tournament(ref="V2")
    row = read_table(viewer.get(PLAN), TARGETS)[5]
    assert row[1:] == ["2", "2", "0", "0", "Reached Reached: 2 of 2."]


def test_rows_without_a_target_are_left_out_and_those_without_events_are_not_known(app, viewer):
    with app.app_context(), transaction() as session:
        indicators = {each.key: each for each in session.get_one(Project, PROJECT).indicators}
        indicators["organisations"].target = None
        indicators["public_events"].measure = {"kind": "manual"}
    rows = read_table(viewer.get(PLAN), TARGETS)[1:]
    assert [row[1] for row in rows] == ["348", "216", "132", "2"]
    assert rows[3][2:] == [
        "–",
        "–",
        "2",
        "Not known 2 short of 2 so far. Planned events do not say what they add to this row.",
    ]


def test_what_is_planned_counts_once_it_is_held_just_as_forecast(app, viewer):
    with app.app_context():
        event_id = make_event(planned_participants=30, ends=datetime(2026, 12, 10, 16, 0))
        make_headcounts(event_id, HeadcountDraft("professional", 30))
    assert read_table(viewer.get(PLAN), TARGETS)[2][2:4] == ["–", "30"]
    with app.app_context():
        move_event(event_id, "held", version=version_of(event_id), now=NOW)
    assert read_table(viewer.get(PLAN), TARGETS)[2][2:4] == ["30", "0"]


def test_the_page_asks_the_database_as_often_for_a_large_plan_as_for_a_small_one(app, manager):
    with app.app_context():
        fill_plan(1)
    few = counted(app, manager, PLAN)
    with app.app_context():
        fill_plan(9)
    assert counted(app, manager, PLAN) == few


def test_the_page_of_an_activity_asks_as_often_for_forty_events_as_for_one(app, manager):
    with app.app_context():
        make_event(ref="F0")
        state_deliverable("D1.1.0", "1.1")
    few = counted(app, manager, f"{PLAN}/activities/1.1")
    with app.app_context():
        for number in range(1, 40):
            make_event(ref=f"F{number}")
            state_deliverable(f"D1.1.{number}", "1.1", due_day=date(2026, 6, 30))
    assert counted(app, manager, f"{PLAN}/activities/1.1") == few


def fill_plan(number: int) -> None:
    """More late activities, deliverables and events of every status in every work package."""
    with transaction() as session:
        project = session.get_one(Project, PROJECT)
        for package in project.work_packages:
            for _ in range(number):
                place = len(package.activities) + 1
                package.activities.append(new_activity(f"{package.number}.9{place}", place, project.organisations))
    for place in range(number):
        make_event(activity="1.1")
        make_event(activity="2.4", status="held")
        make_next_year(1 + place, planned_participants=None)


def new_activity(number: str, place: int, partners):
    return Activity(
        project_code=PROJECT,
        number=number,
        position=place,
        title={"en": number},
        responsible=partners[place % len(partners)],
        planned_first_day=date(2026, 1, 1),
        planned_last_day=date(2026, 2, 1),
        deliverables=[
            Deliverable(
                project_code=PROJECT, position=1, number=f"D{number}", title={"en": number}, due_day=date(2026, 2, 1)
            )
        ],
    )


def counted(app, client, address: str) -> int:
    with noted_queries(app) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
