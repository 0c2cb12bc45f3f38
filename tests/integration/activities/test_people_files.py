"""The workbooks of who registered for an event and of who was there: text is text, numbers are numbers."""

import io
from datetime import datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.activities.queries.marking import list_people, minutes_attended
from portal.activities.queries.people_files import list_questions, read_attendance
from portal.activities.rules.registering import PersonDraft
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    update_participation,
)
from portal.activities.services.marking import Mark, mark
from portal.activities.services.paper_sheets import set_sheet_count
from tests.conftest import NOW
from tests.integration.activities.people import EARLY, make_open_event, make_registration, make_seat
from tests.integration.pages import links_of
from tests.make import PROJECT, make_event, make_headcounts, make_people, make_project, noted_queries, sign_in_as

EVENT = f"/projects/{PROJECT}/events/1"
LIST, ATTENDANCE = f"{EVENT}/participants.xlsx", f"{EVENT}/attendance.xlsx"


def read_book(content: bytes) -> dict[str, list[list[Any]]]:
    """Sheet -> its rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def organiser(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.PARTNER, "ols")


def test_the_list_of_participants_holds_what_was_stated_in_the_order_of_arrival(app, organiser):
    with app.app_context():
        event_id = make_open_event(ref="W1")
        text, choice = (each.id for each in list_questions(event_id))
        add_participation(event_id, ParticipationDraft("tom@example.org", "staff", name="=1+1"), now=EARLY)
        answers = {text: "=HYPERLINK(1)", choice: 0}
        make_registration(event_id, "ona@example.org", PersonDraft("Jan Janowski"), answers=answers)
        make_seat(event_id, "eva@example.org", name="Eva")
        add_participation(event_id, ParticipationDraft("LT0042", "convicted_person", status="absent"), now=EARLY)
    answer = organiser.get(LIST)
    name = f"{PROJECT}-W1-participants-en.xlsx"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    sheets = read_book(answer.data)
    header, ona, jan, eva, tom, coded = sheets["Participants"]
    assert header[7:9] == ["Registered on", "Confirmed on"]
    assert header[-2:] == ["What do you eat?", "Which day?"]
    assert ona[:6] == [1, "Ona Onaitė", "ona@example.org", "Library of Alytus", "Lithuania", "Not known"]
    # 12:00 in UTC is 14:00 on the clocks of Vilnius.
    assert ona[6:] == ["Not confirmed", datetime(2026, 2, 1, 14, 0), "", "=HYPERLINK(1)", "Monday"]
    assert (jan[0], jan[1], jan[9]) == (2, "Jan Janowski", "")
    assert (eva[6], eva[8]) == ("Registered", datetime(2026, 2, 1, 14, 0))
    assert (tom[0], tom[1], tom[7]) == ("", "=1+1", "")
    assert coded[:3] == ["", "", "LT0042"]
    assert sheets["Notes"][1] == ["W1 Opening workshop"]


def test_the_attendance_list_holds_hours_by_session_and_their_sums(app, organiser):
    with app.app_context():
        days = {"starts": datetime(2026, 3, 10, 10, 0), "ends": datetime(2026, 3, 11, 16, 0)}
        event_id = make_event(ref="W1", status="held", **days)
        make_people(event_id, ["ona@example.org"], name="Ona", status="registered")
        make_people(event_id, ["jan@example.org"], name="Jan", status="registered")
        make_people(event_id, ["eva@example.org"], name="Eva", status="waitlisted")
        jan, ona = (each.id for each in list_people(event_id, 1) if each.name != "Eva")
        for position, person, minutes in ((1, ona, None), (2, ona, 90), (1, jan, 45)):
            mark(event_id, position, Mark(person, is_present=True, minutes=minutes), now=NOW, by=1)
        mark(event_id, 1, Mark(jan, is_present=False), now=NOW, by=1)
        set_sheet_count(event_id, 1, 2, now=NOW)
        make_headcounts(event_id, HeadcountDraft("staff", 12))
    sheets = read_book(organiser.get(ATTENDANCE).data)
    header, jan_row, ona_row, hours, present, signed = sheets["Attendance"]
    assert header[6:] == ["2026-03-10 10:00", "2026-03-11 10:00", "Hours", "Attendance"]
    assert (jan_row[:2], jan_row[6:]) == ([1, "Jan"], ["", "", "", "Registered"])
    assert (ona_row[:2], ona_row[6:]) == ([2, "Ona"], [6, 1.5, 7.5, "Attended"])
    assert (hours[1], hours[6:9]) == ("Hours", [6, 1.5, 7.5])
    assert (present[1], present[6:9]) == ("People present", [1, 1, 1])
    assert (signed[1], signed[6:8]) == ("On the paper sheet", [2, ""])
    assert "People without names (headcounts) at this event: 12." in [row[0] for row in sheets["Notes"]]


def test_the_attendance_list_says_the_same_as_the_page_and_the_certificates(in_app):
    make_project()
    event_id = make_event()
    make_people(event_id, ["ona@example.org"], name="Ona")
    make_people(event_id, ["jan@example.org"], name="Jan", status="registered")
    jan = next(each.id for each in list_people(event_id, 1) if each.name == "Jan")
    mark(event_id, 1, Mark(jan, is_present=True), now=NOW, by=1)
    absent = ParticipationDraft("jan@example.org", "professional", "Jan", status="absent")
    update_participation(jan, absent, event_id=event_id, now=NOW)
    listed = {each.name: sum(each.minutes.values()) for each in read_attendance(event_id).people}
    assert listed == {"Ona": 360, "Jan": 0}
    shown = {each.id: each.name for each in list_people(event_id, 1)}
    assert {shown[id_]: number for id_, number in minutes_attended(event_id).items()} == {"Ona": 360}


def test_hours_that_do_not_come_out_even_are_numbers_that_can_be_added(app, organiser):
    with app.app_context():
        event_id = make_event(ref="W1", status="held")
        make_people(event_id, ["jan@example.org", "ona@example.org"], status="registered")
        for person, minutes in zip(list_people(event_id, 1), (100, 20), strict=True):
            mark(event_id, 1, Mark(person.id, is_present=True, minutes=minutes), now=NOW, by=1)
    _, first, second, hours, *_ = read_book(organiser.get(ATTENDANCE).data)["Attendance"]
    assert [row[6:8] for row in (first, second, hours)] == [[1.67, 1.67], [0.33, 0.33], [2, 2]]


def test_sheets_are_named_in_the_language_of_the_reader(app, organiser):
    with app.app_context():
        make_event(ref="W1")
    for language, list_name, attendance, notes in (
        ("lt", "Dalyviai", "Dalyvavimas", "Pastabos"),
        ("pl", "Uczestnicy", "Obecność", "Uwagi"),
    ):
        assert list(read_book(organiser.get(f"{LIST}?lang={language}").data)) == [list_name, notes]
        assert list(read_book(organiser.get(f"{ATTENDANCE}?lang={language}").data)) == [attendance, notes]


def test_an_empty_event_has_empty_lists(app, organiser):
    with app.app_context():
        make_event(ref="W1")
    assert len(read_book(organiser.get(LIST).data)["Participants"]) == 1
    assert [row[1] for row in read_book(organiser.get(ATTENDANCE).data)["Attendance"]][1:] == [
        "Hours",
        "People present",
        "On the paper sheet",
    ]


def test_the_page_of_participants_leads_to_both(app, organiser):
    with app.app_context():
        make_event(ref="W1")
    links = links_of(organiser.get(f"{EVENT}/participants"))
    assert (links["List of participants (XLSX)"], links["Attendance list (XLSX)"]) == (LIST, ATTENDANCE)


@pytest.mark.parametrize("address", [LIST, ATTENDANCE])
@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [
        (Role.MANAGER, "", 200),
        (Role.CONTROLLER, "lps", 200),
        (Role.CONTROLLER, "lpro", 404),
        (Role.PARTNER, "lpro", 404),
        (Role.VIEWER, "", 404),
        (Role.PROGRAMME, "", 404),
    ],
)
def test_only_those_who_see_names_get_them(app, address, role, organisation, status):
    with app.app_context():
        make_project()
        make_event(ref="W1")
    assert sign_in_as(app, role, organisation).get(address).status_code == status


@pytest.mark.parametrize("address", [LIST, ATTENDANCE])
def test_the_number_of_queries_does_not_grow_with_the_people(app, organiser, address):
    with app.app_context():
        event_id = make_event(ref="W1")
        make_people(event_id, ["p1@example.org"])
    with noted_queries(app) as few:
        organiser.get(address)
    with app.app_context():
        make_people(event_id, [f"p{number}@example.org" for number in range(2, 12)])
    with noted_queries(app) as many:
        organiser.get(address)
    assert len(many) == len(few)
