"""The page on which a paper list is entered: with boxes and one button, and one by one as its script does."""

import re
from datetime import datetime

import pytest

from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.queries import list_headcounts
from portal.activities.queries.marking import list_people, minutes_attended
from portal.activities.services.attendance import HeadcountDraft, remove_participation
from portal.activities.services.marking import Mark, mark
from portal.core.db import db, transaction
from tests.conftest import NOW
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_page,
    send_form,
    text_of,
)
from tests.make import (
    PROJECT,
    make_event,
    make_headcounts,
    make_people,
    make_project,
    noted_queries,
    sign_in_as,
)

EVENT = f"/projects/{PROJECT}/events/1"
SHEET = f"{EVENT}/attendance"
JSON = {"Accept": "application/json"}


@pytest.fixture
def partner(app):
    """A partner's browser, and an event of one day with Jan (1), Ona (2) and K001 (3) on its sheet."""
    with app.app_context():
        make_project()
        make_event()
        make_people(1, ["ona@example.org"], name="Ona <b>", organisation="City", country="LT", status="registered")
        make_people(1, ["jan@example.org"], name="Jan", status="registered")
        make_people(1, ["K001"], group="convicted_person", status="registered")
    return sign_in_as(app, Role.PARTNER, "ols")


def people(app, position: int = 1) -> dict[str, tuple[str, bool]]:
    with app.app_context():
        return {each.label: (each.status, each.is_present) for each in list_people(1, position)}


def ids(app) -> dict[str, str]:
    with app.app_context():
        return {each.label: each.ref for each in list_people(1, 1)}


def test_the_page_lists_the_people_in_the_order_of_the_sheet(partner):
    page = partner.get(SHEET)
    rows = [text_of(row) for each in find_all(read_page(page), "ol", class_="ticks") for row in find_all(each, "li")]
    assert rows == ["1 Jan", "2 Ona <b> City · Lithuania", "3 K001"]
    assert "Entered 0" in page_text(page)
    assert "no-store" in page.headers["Cache-Control"]


def test_boxes_and_one_button_store_the_sheet(app, partner):
    known = ids(app)
    with app.app_context():
        make_headcounts(1, HeadcountDraft("spectator", 12))
    page = send_form(partner, SHEET, present=[known["Jan"], known["K001"]], sheet_count="3", name="Eva Late")
    assert page.status_code == 302
    assert people(app) == {
        "Jan": ("attended", True),
        "Ona <b>": ("registered", False),
        "K001": ("attended", True),
        "Eva Late": ("attended", True),
    }
    text = page_text(partner.get(page.location))
    assert "Entered 3 Sheet says 3 12 without names Both agree." in text
    assert "The sheet is saved." in text


def test_the_numbers_of_those_without_names_are_stored_beside_the_sheet(app, partner):
    with app.app_context():
        make_headcounts(1, HeadcountDraft("spectator", 5), HeadcountDraft("spectator", 2, gender="f"))
    form = next(find_all(read_page(partner.get(SHEET)), "form", class_="unnamed"))
    boxes = {each.attributes["name"]: each.attributes["value"] for each in find_all(form, "input")}
    spectators, staff = "box-spectator--unknown-unknown", "box-staff--unknown-unknown"
    assert (boxes[spectators], boxes[staff]) == ("7", "")
    page = partner.post(form.attributes["action"], data={**boxes, spectators: "12", staff: "3"})
    assert page.location == f"{SHEET}?session=1"
    assert "15 without names" in page_text(partner.get(page.location))
    with app.app_context():
        numbers = {(row.group, row.gender): row.number for row in list_headcounts(1)}
    assert numbers == {("spectator", "unknown"): 10, ("spectator", "f"): 2, ("staff", "unknown"): 3}
    late = partner.post(form.attributes["action"], data={**boxes, spectators: "20", "form_key": ""})
    assert late.status_code == 409
    assert read_fields(late)[spectators] == "20"


def test_the_difference_stands_in_words(app, partner):
    page = partner.get(send_form(partner, SHEET, present=[ids(app)["Jan"]], sheet_count="3").location)
    assert "2 signatures are not entered yet." in page_text(page)
    page = partner.get(send_form(partner, SHEET, sheet_count="0").location)
    assert "1 person more is entered than the sheet has signatures." in page_text(page)
    page = partner.get(send_form(partner, SHEET, sheet_count="").location)
    assert "Count the signatures on the paper sheet" in page_text(page)


def test_only_what_was_changed_on_the_page_is_stored(app, partner):
    """Two people have the page open; neither undoes what the other ticks."""
    known = ids(app)
    first, second = (read_fields(partner.get(SHEET)) for _ in range(2))
    partner.post(SHEET, data={**first, "present": [known["Jan"]], "sheet_count": "2"})
    partner.post(SHEET, data={**second, "present": [known["Ona <b>"]]})
    assert [name for name, (_, there) in people(app).items() if there] == ["Jan", "Ona <b>"]
    assert "Sheet says 2" in page_text(partner.get(SHEET))


def test_unticking_undoes(app, partner):
    send_form(partner, SHEET, present=[ids(app)["Jan"]])
    send_form(partner, SHEET, present=[])
    assert people(app)["Jan"] == ("registered", False)


def test_a_refused_sheet_keeps_the_ticks_and_stores_nothing(app, partner):
    known = ids(app)
    page = send_form(partner, SHEET, present=[known["Jan"]], name="Eva", email="eva", sheet_count="many")
    assert page.status_code == 422
    assert read_errors(page) == {"sheet_count": "Enter a whole number, in digits."}
    page = send_form(partner, SHEET, present=[known["Jan"]], name="Eva", email="eva")
    assert page.status_code == 422
    assert set(read_errors(page)) == {"email"}
    assert read_fields(page)["present"] == [known["Jan"]]
    assert people(app)["Jan"] == ("registered", False)
    page = send_form(partner, SHEET, email="eva@example.org")
    assert read_errors(page) == {"name": "Enter the name of the person who came, as it stands on the sheet."}


@pytest.mark.parametrize("name", ["=1+1", "<script>alert(1)</script>", "Ž" * 200])
def test_odd_names_are_stored_and_shown_as_they_are(app, partner, name: str):
    page = partner.get(send_form(partner, SHEET, name=name).location)
    assert name in page_text(page)
    assert "<script>alert" not in page.get_data(as_text=True)


@pytest.mark.parametrize("name", ["Ev\u202ea", "Eva\u0007", "Ž" * 201])
def test_names_that_cannot_be_are_refused(app, partner, name: str):
    assert send_form(partner, SHEET, name=name).status_code == 422
    assert len(people(app)) == 3


def test_forged_rows_change_nothing(app, partner):
    fields = read_fields(partner.get(SHEET))
    forged = {**fields, "listed": "x 0 99999999999-a 4711-a", "present": ["x", "4711-a", "²"], "shown": ": 1:x ²:3"}
    page = partner.post(SHEET, data=forged, follow_redirects=True)
    assert page.status_code == 200
    assert "1 person is no longer on the list" in page_text(page)
    assert not any(there for _, there in people(app).values())


def test_minutes_of_those_who_were_there_for_a_part(app, partner):
    known = ids(app)
    address = f"{SHEET}?minutes=1"
    jan, ona = ("minutes-" + known[name].partition("-")[0] for name in ("Jan", "Ona <b>"))
    page = send_form(partner, address, present=[known["Ona <b>"]], **{jan: "90"})
    assert "minutes=1" in page.location
    with app.app_context():
        assert sorted(minutes_attended(1).values()) == [90, 360]
    assert send_form(partner, address, **{ona: "361"}).status_code == 422
    send_form(partner, address, **{jan: ""})
    with app.app_context():
        assert sorted(minutes_attended(1).values()) == [360, 360]
    assert "90" not in page_text(partner.get(SHEET))


def test_each_day_has_a_sheet_of_its_own(app, partner):
    with app.app_context(), transaction() as session:
        session.get_one(Event, 1).ends_at = datetime.fromisoformat("2026-03-11T14:00:00+00:00")
    first, second = (f"{SHEET}?session={number}" for number in (1, 2))
    links = links_of(partner.get(SHEET))
    assert [link for name, link in links.items() if re.match(r"Day [12], ", name)] == [first, second]
    send_form(partner, second, present=[ids(app)["Jan"]], sheet_count="1")
    assert people(app, 1)["Jan"] == ("attended", False)
    assert people(app, 2)["Jan"] == ("attended", True)
    assert partner.get(f"{SHEET}?session=3").status_code == 404
    assert partner.post(f"{SHEET}?session=x").status_code == 404


def test_one_mark_answers_with_the_count_in_words(app, partner):
    known = ids(app)
    send_form(partner, SHEET, sheet_count="2")
    answer = partner.post(f"{SHEET}/mark?session=1", data={"person": known["Jan"], "present": "1"}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json == {"entered": "1", "words": "1 signature is not entered yet.", "errors": []}
    for data in ({"person": f"999-{known['Jan']}", "present": "1"}, {"person": "x", "present": "1"}):
        assert partner.post(f"{SHEET}/mark", data=data, headers=JSON).status_code == 404
    assert partner.post(f"{SHEET}/mark", data={"person": known["Jan"]}, headers=JSON).status_code == 422


def test_last_marks_are_not_headed_before_there_is_one(app, partner):
    def is_hidden() -> bool:
        [section] = find_all(read_page(partner.get(SHEET)), "section", **{"aria-labelledby": "latest-title"})
        return "hidden" in section.attributes

    assert is_hidden()
    send_form(partner, SHEET, present=[ids(app)["Jan"]])
    assert not is_hidden()


def test_the_last_marks_can_be_undone_beside_the_list(app, partner):
    send_form(partner, SHEET, present=[ids(app)["Jan"]])
    page = read_page(partner.get(SHEET))
    [form] = [each for box in find_all(page, "ul", id="latest") for each in find_all(box, "form")]
    fields = {each.attributes["name"]: each.attributes["value"] for each in find_all(form, "input")}
    assert partner.post(form.attributes["action"], data=fields).status_code == 302
    assert people(app)["Jan"] == ("registered", False)


def test_a_convicted_walk_in_is_asked_for_a_code_only(app, partner):
    page = partner.get(f"{SHEET}/code?session=1")
    assert {"name", "email", "organisation"}.isdisjoint(read_fields(page))
    answer = send_form(partner, f"{SHEET}/code?session=1", group="convicted_person")
    assert answer.location == f"{SHEET}?session=1"
    assert people(app)["K002"] == ("attended", True)
    refused = send_form(partner, f"{SHEET}/code?session=1", group="family_member", participant="Jonas K.")
    assert refused.status_code == 422


def test_nothing_sensitive_can_be_smuggled_into_the_row_of_walk_ins(app, partner):
    fields = {**read_fields(partner.get(SHEET)), "name": "Secret Person", "group": "convicted_person"}
    page = partner.post(SHEET, data=fields)
    assert page.status_code == 422
    assert len(people(app)) == 3


def test_everyone_else_is_absent_after_a_page_that_names_them(app, partner):
    send_form(partner, SHEET, present=[ids(app)["Jan"]])
    page = partner.get(f"{SHEET}/absent")
    assert "2 people have a seat and are marked at no session: 2 Ona <b> 3 K001" in page_text(page)
    text = page_text(partner.post(f"{SHEET}/absent", data=read_fields(page), follow_redirects=True))
    assert "2 people are marked as absent." in text
    assert people(app)["K001"] == ("absent", False)
    assert "Everyone who has a seat is marked already." in page_text(partner.get(f"{SHEET}/absent"))


def test_who_came_onto_the_list_after_it_was_shown_is_shown_before_they_are_absent(app, partner):
    fields = read_fields(partner.get(f"{SHEET}/absent"))
    with app.app_context():
        make_people(1, ["late@example.org"], name="Late", status="registered")
    page = partner.post(f"{SHEET}/absent", data=fields)
    assert page.status_code == 409
    assert "Late" in page_text(page)
    assert people(app)["Late"] == ("registered", False)
    assert partner.post(f"{SHEET}/absent", data=read_fields(page)).status_code == 302
    assert people(app)["Late"] == ("absent", False)


def test_a_page_of_somebody_who_was_removed_marks_nobody_else(app, partner):
    """SQLite gives the number of the last row that was deleted to the next one."""
    known = ids(app)["K001"]
    with app.app_context():
        remove_participation(int(known.partition("-")[0]), event_id=1, now=NOW)
        make_people(1, ["late@example.org"], name="Late", status="registered")
    for data in ({"person": known, "present": "1"}, {"person": known.partition("-")[0], "present": "1"}):
        assert partner.post(f"{SHEET}/mark?session=1", data=data, headers=JSON).status_code == 404
    assert people(app)["Late"] == ("registered", False)


def test_nobody_is_absent_on_the_page_before_the_event_begins(app):
    with app.app_context():
        make_project()
        starts = datetime(2026, 11, 20, 18, 0)
        make_event(starts=starts, ends=starts.replace(hour=20))
        make_people(1, ["ona@example.org"], name="Ona", status="registered")
    partner = sign_in_as(app, Role.PARTNER, "ols")
    page = partner.get(f"{SHEET}/absent")
    assert "Mark who is absent after its start." in page_text(page)
    assert "Mark them as absent" not in page_text(page)
    assert partner.post(f"{SHEET}/absent", data={"version": "1"}).status_code == 409


def test_before_its_first_day_an_event_only_says_when(app):
    with app.app_context():
        make_project()
        starts = datetime(2026, 11, 22, 10, 0)
        make_event(starts=starts, ends=starts.replace(hour=16))
    partner = sign_in_as(app, Role.PARTNER, "ols")
    page = partner.get(SHEET)
    assert "Attendance can be recorded from the event's first day on, 2026-11-22." in page_text(page)
    assert "Save the sheet" not in page_text(page)
    answer = partner.post(SHEET, data={**read_fields(page), "sheet_count": "3"})
    assert answer.status_code == 409


def test_only_organisers_and_the_manager_enter_attendance(app, partner):
    for role, organisation, status in (
        (Role.MANAGER, "", 200),
        (Role.PARTNER, "lps", 200),
        (Role.PARTNER, "lpro", 403),
        (Role.VIEWER, "", 403),
        (Role.CONTROLLER, "ols", 403),
    ):
        browser = sign_in_as(app, role, organisation)
        for page in ("", "/code", "/absent", "/link"):
            assert browser.get(SHEET + page).status_code == status, (role, page)
        data = {"person": ids(app)["Ona <b>"], "present": "1"}
        assert browser.post(f"{SHEET}/mark", data=data).status_code == (302 if status == 200 else 403)


def test_the_event_leads_to_the_sheet(partner):
    assert links_of(partner.get(EVENT))["Record attendance"] == SHEET


def test_a_long_list_costs_no_more_queries_than_a_short_one(app, partner):
    with noted_queries(app) as few:
        partner.get(SHEET)
    with app.app_context():
        make_people(1, [f"p{number}@example.org" for number in range(40)], status="registered")
        for person in list_people(1, 1):
            mark(1, 1, Mark(person.id, is_present=True), now=NOW, by=0)
        db.session.remove()
    partner.get(SHEET)
    with noted_queries(app) as many:
        partner.get(SHEET)
    assert len(many) <= len(few)
