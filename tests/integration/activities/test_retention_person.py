"""What is kept of one person is shown, handed out and taken out; the address is in no address, log or history."""

import io
import json
import logging

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.models import Event, Participation
from portal.activities.own_data import told_of
from portal.activities.queries.people_files import list_questions
from portal.activities.rules.registering import PersonDraft
from portal.activities.services.attendance import ParticipationDraft, add_participation
from portal.activities.services.retention import withdraw
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import InvalidInput, NotFound
from portal.jobs.models import Mail
from portal.projects.models import Project
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.activities.people import (
    EARLY,
    make_open_event,
    make_registration,
    make_seat,
    registration_of,
    row_of,
)
from tests.integration.pages import find_all, page_text, read_errors, read_page, read_table, send_form
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_people,
    make_project,
    noted_queries,
    sign_in_as,
)

PAGE = f"/projects/{PROJECT}/retention/person"
ONA = "ona@example.org"


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
        event_id = make_open_event(ref="W1")
        text, choice = (each.id for each in list_questions(event_id))
        make_registration(event_id, ONA, PersonDraft("Jan Janowski"), answers={text: "=No fish", choice: 1})
        make_people(make_event(ref="W2", status="held"), [ONA], name="Ona Onaitė", country="LT")
        make_other_project()
        make_people(make_event(ref="X1", project_code=OTHER_PROJECT), [ONA], name="Ona elsewhere")
    return sign_in_as(app, Role.MANAGER)


def hidden(answer) -> list[dict[str, str]]:
    """The hidden and named values of each form of the page that is sent."""
    return [
        {each.attributes["name"]: each.attributes.get("value", "") for each in find_all(form, "input")}
        for form in find_all(next(find_all(read_page(answer), "main")), "form", method="post")
    ]


def test_the_page_shows_everything_and_no_other_project(manager):
    page = send_form(manager, PAGE, email=" ONA@example.org ")
    assert page.status_code == 200
    rows = read_table(page, "By event")[1:]
    assert [row[0] for row in rows] == ["W1 Opening workshop", "W2 Opening workshop"]
    assert rows[0][2:5] == ["Ona Onaitė", "Library of Alytus", "Lithuania"]
    assert "Not known" not in rows[0][5]
    assert "What do you eat? =No fish" in rows[0][8]
    assert "Which day? Friday" in rows[0][8]
    assert "Consent, version 1: I agree." in rows[0][8]
    assert "elsewhere" not in page_text(page)
    assert "Jan Janowski" not in page_text(page)


@pytest.mark.parametrize(
    ("known", "told"),
    [((), ""), (("group",), "Professionals"), (("gender", "age_band"), "Female, 30–44")],
)
def test_of_group_gender_and_age_only_what_is_known_is_told(in_app, known, told):
    facts = {"group": "professional", "gender": "f", "age_band": "30-44"}
    row = Participation(**{name: facts[name] if name in known else "unknown" for name in facts})
    with in_app.test_request_context():
        assert told_of(row) == told


def test_the_workbook_has_its_sheets_and_headers_in_the_language_of_the_reader(manager):
    answer = manager.post(f"{PAGE}/file?lang=pl", data={"email": ONA, "shape": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == ["Wydarzenia", "Odpowiedzi", "Obecność", "Uwagi"]


def test_an_unknown_address_keeps_nothing(manager):
    assert "Nothing is kept under this address" in page_text(send_form(manager, PAGE, email="nobody@example.org"))


@pytest.mark.parametrize("typed", ["", "ona", "a b@example.org", f"{'x' * 300}@example.org"])
def test_what_is_no_address_is_refused(manager, typed):
    answer = send_form(manager, PAGE, email=typed)
    assert answer.status_code == 422
    assert "email" in read_errors(answer)


def test_the_workbook_holds_text_and_dates(manager):
    answer = manager.post(f"{PAGE}/file", data={"email": ONA, "shape": "xlsx"})
    assert answer.headers["Content-Disposition"] == f"attachment; filename={PROJECT}-person.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == ["Events", "Answers", "Attendance", "Notes"]
    header, first, second = book.get_sheet_by_name("Events").to_python()
    told = dict(zip(header, first, strict=True))
    assert (told["Reference"], told["E-mail"], told["Consent"]) == ("W1", ONA, "I agree.")
    assert told["People registered with this person"] == 1
    assert dict(zip(header, second, strict=True))["Version of the consent"] == ""
    assert book.get_sheet_by_name("Answers").to_python()[1:] == [
        ["W1", "What do you eat?", "=No fish"],
        ["W1", "Which day?", "Friday"],
    ]


def test_the_document_holds_plain_values(manager):
    answer = manager.post(f"{PAGE}/file", data={"email": ONA, "shape": "json"})
    document = json.loads(answer.data)
    assert (document["project"], document["email"], len(document["places"])) == (PROJECT, ONA, 2)
    first = document["places"][0]
    assert first["registration"]["consent"]["text"]["lt"] == "Sutinku."
    assert first["answers"][1]["answer"]["en"] == "Friday"
    assert document["places"][1]["registration"] is None


def test_a_file_of_no_address_is_refused_on_the_page(manager):
    assert manager.post(f"{PAGE}/file", data={"shape": "json"}).status_code == 422
    assert manager.get(f"{PAGE}/file").status_code == 405


def test_the_data_go_after_a_page_that_says_what_happens(app, manager, caplog):
    caplog.set_level(logging.DEBUG)
    page = send_form(manager, PAGE, email=ONA)
    asked = manager.post(f"{PAGE}/withdraw", data=hidden(page)[-1])
    assert asked.status_code == 200
    assert "This cannot be undone" in page_text(asked)
    done = manager.post(f"{PAGE}/withdraw", data=hidden(asked)[0])
    assert (done.status_code, done.location) == (302, PAGE)
    assert "taken out of the project" in page_text(manager.get(PAGE))
    with app.app_context():
        mine = select(Participation).join(Event).where(Event.project_code == PROJECT)
        rows = db.session.scalars(mine.order_by(Participation.id)).all()
        # The event is over, so nothing is cancelled any more.
        assert [(row.name, row.status) for row in rows] == [
            ("", "unconfirmed"),
            ("Jan Janowski", "unconfirmed"),
            ("", "attended"),
        ]
        assert all(ONA not in json.dumps([row.subject, row.changes]) for row in db.session.scalars(select(AuditEntry)))
        theirs = db.session.scalars(select(Participation).join(Event).where(Event.project_code == OTHER_PROJECT)).one()
        assert theirs.participant == ONA
    assert ONA not in caplog.text
    assert "Nothing is kept" in page_text(send_form(manager, PAGE, email=ONA))


def test_opening_the_withdrawal_leads_to_the_page(manager):
    answer = manager.get(f"{PAGE}/withdraw")
    assert (answer.status_code, answer.location) == (302, PAGE)
    assert manager.post(f"{PAGE}/withdraw", data={"email": "x", "confirmed": "1"}).status_code == 422


def test_a_seat_that_is_given_up_passes_to_the_next_in_the_queue(app):
    with app.app_context():
        make_project()
        event_id = make_open_event(ref="W1", capacity=1)
        mine, next_one = make_seat(event_id, ONA), make_registration(event_id, "jan@example.org", name="Jan")
        assert withdraw(PROJECT, ONA, now=EARLY) == (1, 1)
        assert (row_of(mine).status, row_of(mine).name) == ("cancelled", "")
        assert (row_of(next_one).status, row_of(next_one).name) == ("offered", "Jan")
        assert {mail.recipient for mail in db.session.scalars(select(Mail))} == {"jan@example.org"}
        assert list_violations() == []


def test_somebody_whom_the_organiser_wrote_down_gives_the_seat_up_too(app):
    with app.app_context():
        make_project()
        event_id = make_open_event(ref="W1", capacity=1)
        add_participation(event_id, ParticipationDraft(ONA, "staff", status="registered"), now=EARLY)
        assert db.session.get_one(Event, event_id).seats_taken == 1
        withdraw(PROJECT, ONA, now=EARLY)
        assert db.session.get_one(Event, event_id).seats_taken == 0


def test_what_was_attended_stays_and_both_rows_are_one_person(app):
    with app.app_context():
        make_project()
        for ref in ("W1", "W2"):
            make_people(make_event(ref=ref, status="held"), [ONA], name="Ona")
        make_people(make_event(ref="W3"), [ONA], status="absent")
        assert withdraw(PROJECT, ONA, now=NOW) == (3, 3)
        keys = list(db.session.scalars(select(Participation.participant).order_by(Participation.id)))
        assert keys[0] == keys[1] != keys[2]
        assert withdraw(PROJECT, ONA, now=NOW) == (0, 0)


def test_whoever_was_registered_along_keeps_the_place_without_mails(app):
    with app.app_context():
        make_project()
        event_id = make_open_event(ref="W1")
        leader = make_registration(event_id, ONA, PersonDraft("Jan Janowski"))
        withdraw(PROJECT, ONA, now=EARLY)
        assert (row_of(leader + 1).name, row_of(leader + 1).status) == ("Jan Janowski", "unconfirmed")
        assert registration_of(leader + 1).email == ""
        assert list(db.session.scalars(select(Mail))) == []


def test_in_a_closed_project_names_go_and_places_stay_as_they_are(app):
    with app.app_context():
        make_project()
        mine = make_seat(make_open_event(ref="W1"), ONA)
        db.session.get_one(Project, PROJECT).status = "closed"
        db.session.commit()
        assert withdraw(PROJECT, ONA, now=EARLY) == (1, 1)
        assert (row_of(mine).name, row_of(mine).status) == ("", "registered")


def test_what_is_no_address_or_no_project_is_refused(app):
    with app.app_context():
        make_project()
        with pytest.raises(InvalidInput):
            withdraw(PROJECT, "K001", now=NOW)
        with pytest.raises(NotFound):
            withdraw("NONE", ONA, now=NOW)


def test_a_page_asks_the_database_as_often_for_many_places_as_for_few(app, manager):
    def asked() -> int:
        with noted_queries(app) as statements:
            assert send_form(manager, PAGE, email=ONA).status_code == 200
        return len(statements)

    few = asked()
    with app.app_context():
        for number in range(3, 9):
            event_id = make_open_event(ref=f"W{number}")
            make_registration(event_id, ONA, PersonDraft("Jan Janowski"), answers={})
    assert asked() == few
