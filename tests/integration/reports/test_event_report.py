"""The report of an event as PDF: its figures add up, nobody is named, and it speaks three languages."""

import io

import pytest

from portal.accounts.rules import Role
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.evidence import add_evidence
from portal.activities.services.marking import Mark, mark
from portal.activities.services.paper_sheets import set_sheet_count
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from tests.conftest import NOW
from tests.files import pdf
from tests.integration.reports.printed import make_person, make_training, text_of_pdf
from tests.make import PROJECT, make_event, make_headcounts, make_people, make_project, sign_in_as

ADDRESS = f"/projects/{PROJECT}/events/1/report.pdf"


@pytest.fixture
def manager(app):
    """A browser of the manager; at the held training were two named people and seven counted ones."""
    with app.app_context():
        make_project()
        make_training(status="held", capacity=50, planned_participants=20)
        make_person(1, "Anna Vardenytė", country="LT", gender="f", age_band="30-44")
        make_person(1, "Jan Nazwisko", country="PL", gender="m", age_band="65plus")
        make_person(1, "Gone Nowhere", status="cancelled")
        make_people(1, ["absent@example.org"], status="absent")
        make_headcounts(1, HeadcountDraft("community_member", 4, "LT", "f"), HeadcountDraft("spectator", 3))
        mark(1, 2, Mark(2, is_present=False), now=NOW, by=0)
        set_sheet_count(1, 1, 5, now=NOW)
        kept = keep_uploads([Upload("signed list.pdf", io.BytesIO(pdf("list")))], now=NOW)
        add_evidence(1, "attendance_list", kept, now=NOW)
    return sign_in_as(app, Role.MANAGER)


def said_by(browser, query=""):
    answer = browser.get(f"{ADDRESS}{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return text_of_pdf(answer.data)


def test_the_figures_add_up_and_what_is_not_known_is_said(manager):
    said = said_by(manager)
    assert "People in all 9 On the list of participants 2 People counted without names 7" in said
    assert "By country Country Number of people Lithuania 5 Poland 1 Not known 3 Total 9" in said
    assert "By group Group Number of people Professionals 2 Community members 4 Spectators 3 Total 9" in said
    assert "By gender Gender Number of people Female 5 Male 1 Not known 3 Total 9" in said
    assert "By age Age Number of people 30–44 1 65 and over 1 Not known 7 Total 9" in said
    assert "Attended 0 2 2 Absent 0 1 1 Cancelled 0 1 1 Total 0 4 4" in said
    assert "Community members Lithuania Female Not known 4" in said


def test_each_session_has_its_attendance_beside_the_sheets_count(manager):
    said = said_by(manager)
    assert "1 10 March 2026, 10:00–16:00 2 5 2 11 March 2026, 10:00–16:00 1 –" in said


def test_facts_and_what_it_counts_towards_and_why(manager):
    said = said_by(manager)
    for words in (
        "Report of the event: Training",
        "Reference T1",
        "Joint, because organisers come from Lithuania and Poland.",
        "Participation in workshops and training activities Counts 6 Because: held on 10 March 2026",
        "Lithuanian Prison Service",
        "Seats 50",
        "Planned participants 20",
        "Attendance list signed list.pdf",
        "Small numbers are not hidden",
        "Co-funded by the European Union",
    ):
        assert words in said


def test_nobody_is_named(manager):
    said = said_by(manager)
    for word in ("Anna", "Vardenytė", "Nazwisko", "Gone Nowhere", "example.org"):
        assert word not in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Training", "10 March 2026", "Evidence", "Female")),
        ("lt", ("Mokymai pareigūnams", "2026-03-10", "Patvirtinamieji dokumentai", "Moter")),
        ("pl", ("Szkolenie dla kuratorów", "10.03.2026", "Dowody", "Kobieta")),
    ],
)
def test_it_speaks_the_language_of_the_page(manager, language, words):
    said = said_by(manager, f"?lang={language}")
    for word in words:
        assert word in said


def test_members_who_see_no_names_see_the_figures_and_no_files(app, manager):
    said = said_by(sign_in_as(app, Role.VIEWER))
    assert "People in all 9" in said
    assert "signed list" not in said
    assert "The attendance is evidenced by files that the organisers can open." in said


def test_an_event_without_anything_has_a_report_too(app):
    with app.app_context():
        make_project()
        make_event(organisers=["lps"])
    said = said_by(sign_in_as(app, Role.MANAGER))
    assert "Not joint, because all organisers come from Lithuania." in said
    assert "People in all 0" in said
    assert "The attendance is not evidenced yet." in said
    assert "By gender" not in said


def test_it_is_not_there_for_strangers_or_of_other_events(app, manager):
    assert sign_in_as(app, None).get(ADDRESS).status_code == 404
    assert app.test_client().get(ADDRESS).status_code == 302
    assert manager.get(f"/projects/{PROJECT}/events/99/report.pdf").status_code == 404
