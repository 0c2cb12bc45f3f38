"""Certificates of attendance: issued once, kept by hash, checked by their code, and never for convicted persons."""

import io
from datetime import datetime
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.models import Event, Participation
from portal.activities.queries.certificates import list_certificates
from portal.activities.services.attendance import ParticipationDraft, remove_participation, update_participation
from portal.activities.services.certificates import issue_certificates
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.core.files import store
from portal.core.files.models import StoredFile
from portal.core.files.queries import read_file, store_folder
from portal.projects.queries import get_project
from portal.reports.views import certificates
from tests.conftest import NOW
from tests.integration.pages import (
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
)
from tests.integration.reports.certificates import ADDRESS, ANNA, JAN, codes, issue, make_organiser
from tests.integration.reports.printed import HARD_NAMES, id_of, make_person, make_training, read_pdf, text_of_pdf
from tests.make import PROJECT, make_people, make_project, make_user, noted_queries, sign_in, sign_in_as


@pytest.fixture
def organiser(app):
    return make_organiser(app)


def test_the_page_says_who_reaches_the_threshold_and_who_does_not(organiser):
    rows = read_table(organiser.get(ADDRESS), "Who attended")[1:]
    assert rows == [[ANNA, "–", "12 hours", "Not issued yet"], [JAN, "–", "6 hours", "Attended too little"]]
    lower = read_table(organiser.get(f"{ADDRESS}?percent=50"), "Who attended")[1:]
    assert [row[3] for row in lower] == ["Not issued yet", "Not issued yet"]
    assert read_table(organiser.get(f"{ADDRESS}?percent=51"), "Who attended")[2][3] == "Attended too little"


def test_a_certificate_says_who_attended_what_for_how_long_in_two_languages(app, organiser):
    answer = issue(organiser)
    assert answer.status_code == 302
    page = organiser.get(answer.headers["Location"])
    assert "1 certificate is issued." in page_text(page)
    (code,) = codes(app)
    with app.app_context():
        person = id_of(ANNA)
    pdf = organiser.get(f"{ADDRESS}/{person}.pdf")
    said = text_of_pdf(pdf.data)
    assert len(read_pdf(pdf.data).pages) == 1
    for words in (
        ANNA,
        "Mokymai pareigūnams",
        "Szkolenie dla kuratorów",
        "2026-03-10 – 2026-03-11, Olsztyn, Lenkija",
        "10.03.2026 – 11.03.2026, Olsztyn, Polska",
        "12 valandų",
        "12 godzin",
        "Lietuvos kalėjimų tarnyba",
        "Litewska Służba Więzienna",
        "Bendrai finansuoja Europos Sąjunga",
        "Współfinansowane przez Unię Europejską",
        "2026-11-20",
        f"http://127.0.0.1:5000/certificate/{code}",
    ):
        assert words in said
    assert JAN not in said


def test_a_part_of_the_time_is_said_as_a_part(app, organiser):
    issue(organiser, f"{ADDRESS}?percent=50", first="en", second="")
    with app.app_context():
        person = id_of(JAN)
    said = text_of_pdf(organiser.get(f"{ADDRESS}/{person}.pdf").data)
    assert "6 hours of 12 hours" in said
    # It goes to the public, which is not told that the wording is assumed.
    assert "Co-funded by the European Union" in said
    assert "wording assumed" not in said


def test_a_certificate_is_made_once_and_kept(app, organiser):
    issue(organiser)
    with app.app_context():
        person, before = id_of(ANNA), list_certificates(1)[0].sha256
    first = organiser.get(f"{ADDRESS}/{person}.pdf").data
    with app.app_context(), transaction() as session:
        session.get_one(Event, 1).title = {"en": "Renamed"}
    again = issue(organiser, f"{ADDRESS}?percent=50")
    assert "1 certificate is issued." in page_text(organiser.get(again.headers["Location"]))
    with app.app_context():
        assert next(row.sha256 for row in list_certificates(1)) == before
        assert len(list_certificates(1)) == 2
    assert organiser.get(f"{ADDRESS}/{person}.pdf").data == first


def test_a_double_click_issues_once_and_says_the_same(app, organiser):
    fields = read_fields(organiser.get(ADDRESS))
    first, second = (organiser.post(f"{ADDRESS}/issue", data=fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(codes(app)) == 1
    with app.app_context():
        assert len(list(store.list_stored(store_folder()))) == 1


def test_a_refused_page_leads_on_to_the_other_people_of_the_list(app, organiser):
    with app.app_context():
        make_people(1, [f"p{number}@example.org" for number in range(60)])
    answer = issue(organiser, people="7")
    assert answer.status_code == 409
    following = links_of(answer)["Next page →"]
    assert following.startswith(ADDRESS + "?")
    page = organiser.get(following)
    assert page.status_code == 200
    assert "Page 2 of 2" in page_text(page)


def test_a_page_asks_the_database_as_often_for_many_people_as_for_few(app, organiser):
    def asked():
        with noted_queries(app) as statements:
            assert organiser.get(ADDRESS).status_code == 200
        return len(statements)

    issue(organiser)
    few = asked()
    with app.app_context():
        make_people(1, [f"p{number}@example.org" for number in range(10)], name="Someone")
    issue(organiser)
    assert len(codes(app)) == 11
    assert asked() == few


def test_what_has_changed_since_the_page_was_shown_is_not_issued(app, organiser):
    fields = read_fields(organiser.get(ADDRESS))
    with app.app_context():
        make_person(1, "Late Comer")
    answer = organiser.post(f"{ADDRESS}/issue", data=fields)
    assert answer.status_code == 409
    assert "has changed since this page was shown" in page_text(answer)
    assert codes(app) == []
    assert read_fields(answer)["people"] == "2"
    assert organiser.post(f"{ADDRESS}/issue", data=read_fields(answer)).status_code == 302
    assert len(codes(app)) == 2


@pytest.mark.parametrize("percent", ["0", "101", "-5", "many", "", "999999999999"])
def test_a_threshold_that_cannot_be_is_refused(app, organiser, percent):
    answer = organiser.get(f"{ADDRESS}?percent={percent}")
    assert answer.status_code == 422
    assert read_errors(answer) == {"percent": "Enter a threshold from 1 to 100 percent."}
    label = "Attended at least, in percent of 12 hours"
    assert read_summary(answer) == [f"{label}: Enter a threshold from 1 to 100 percent."]
    sent = issue(organiser, percent=percent)
    assert sent.status_code == 422
    assert "from 1 to 100 percent" in page_text(sent)
    assert codes(app) == []


@pytest.mark.parametrize("changes", [{"first": "de"}, {"second": "lt"}, {"people": "x"}, {"people": "7"}])
def test_a_form_that_cannot_be_issues_nothing(app, organiser, changes):
    assert issue(organiser, **changes).status_code in (409, 422)
    assert codes(app) == []


def test_convicted_persons_and_family_members_get_none(app, organiser):
    with app.app_context():
        make_people(1, ["K017"], group="convicted_person")
        make_people(1, ["K018"], group="family_member")
    page = organiser.get(ADDRESS)
    assert "2 convicted persons or family members were there" in page_text(page)
    assert "K017" not in page_text(page)
    issue(organiser, f"{ADDRESS}?percent=1")
    assert len(codes(app)) == 2


def test_whoever_has_no_name_gets_none_and_the_page_says_so(app, organiser):
    with app.app_context():
        make_people(1, ["T-17"])
    rows = {row[0]: row[3] for row in read_table(organiser.get(ADDRESS), "Who attended")[1:]}
    assert rows["T-17"] == "No name is known to write on it"


def test_before_the_end_and_of_a_cancelled_event_none_is_issued(app):
    with app.app_context():
        make_project()
        make_training(starts=datetime(2026, 11, 20, 10, 0), ends=datetime(2026, 11, 20, 23, 0))
        make_person(1, ANNA)
        with pytest.raises(Conflict) as refusal:
            issue_certificates(1, [], percent=80, now=NOW)
        assert refusal.value.problem.code == "certificate-early"
    browser = sign_in_as(app, Role.MANAGER)
    page = browser.get(ADDRESS)
    assert "once the event has ended" in page_text(page)
    sent = browser.post(f"{ADDRESS}/issue", data={"first": "en", "percent": "80", "people": "0"})
    assert sent.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).all() == []
        assert list(store.list_stored(store_folder())) == []


def test_all_certificates_come_in_one_file_to_print_and_one_by_one_in_a_zip(app, organiser):
    with app.app_context():
        for name in HARD_NAMES:
            make_person(1, name)
        make_person(1, "../../etc/passwd")
    issue(organiser)
    combined = organiser.get(f"{ADDRESS}.pdf")
    pages = read_pdf(combined.data).pages
    assert len(pages) == 4
    said = text_of_pdf(combined.data)
    assert all(name in said for name in (ANNA, *HARD_NAMES))
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == (842, 595)
    archive = ZipFile(io.BytesIO(organiser.get(f"{ADDRESS}.zip").data))
    names = archive.namelist()
    assert len(names) == 4
    assert not any("/" in name or ".." in name for name in names)
    for name in names:
        if HARD_NAMES[0] in name:
            assert HARD_NAMES[0] in text_of_pdf(archive.read(name))


def test_no_file_of_the_zip_is_named_like_a_formula(app, organiser):
    with app.app_context():
        for number, name in enumerate(("=1+1/cmd", "' @SUM(A1)", "+-=")):
            make_people(1, [f"p{number}@example.org"], name=name)
    issue(organiser)
    names = ZipFile(io.BytesIO(organiser.get(f"{ADDRESS}.zip").data)).namelist()
    said = {each[3:] for each in names}
    assert said >= {" 1+1 cmd.pdf", " SUM(A1).pdf", ".pdf"}
    assert not any(each.strip().startswith(("=", "+", "-", "@", "'")) for each in said)


def test_without_certificates_there_is_no_file(organiser):
    assert organiser.get(f"{ADDRESS}.pdf").status_code == 404
    assert organiser.get(f"{ADDRESS}.zip").status_code == 404
    assert organiser.get(f"{ADDRESS}/1.pdf").status_code == 404


def test_an_event_corrected_while_its_certificates_are_drawn_up_is_not_certified_as_it_was(app, organiser, monkeypatch):
    fields = read_fields(organiser.get(ADDRESS))
    draw_up = certificates.draw_up_certificates

    def draw_up_too_early(project, event, *stated, **facts):
        drafts = draw_up(project, event, *stated, **facts)
        event.place = "Kaunas"
        return drafts

    monkeypatch.setattr(certificates, "draw_up_certificates", draw_up_too_early)
    answer = organiser.post(f"{ADDRESS}/issue", data=fields)
    assert answer.status_code == 409
    assert codes(app) == []


def test_a_mistaken_certificate_is_taken_back_with_its_file_and_issued_anew(app, organiser):
    issue(organiser)
    (code,) = codes(app)
    with app.app_context():
        person, sha256 = id_of(ANNA), list_certificates(1)[0].sha256
        assert read_file(sha256)
    address = f"{ADDRESS}/{person}/withdraw"
    page = organiser.get(address)
    assert ANNA in page_text(page)
    assert organiser.post(address, data=read_fields(page)).status_code == 302
    assert app.test_client().get(f"/certificate/{code}").status_code == 404
    with app.app_context():
        assert not store.path_of(store_folder(), sha256).exists()
    assert organiser.post(address, data=read_fields(page)).status_code == 302
    assert organiser.get(address).status_code == 404
    issue(organiser)
    assert codes(app) not in ([], [code])


def test_whoever_is_recorded_as_convicted_later_has_no_certificate_and_no_file_any_more(app, organiser):
    issue(organiser)
    (code,) = codes(app)
    with app.app_context():
        person, sha256 = id_of(ANNA), list_certificates(1)[0].sha256
        update_participation(person, ParticipationDraft("K017", "convicted_person"), event_id=1, now=NOW)
        assert not store.path_of(store_folder(), sha256).exists()
        assert list_certificates(1) == []
    for ending in ("", ".pdf"):
        assert app.test_client().get(f"/certificate/{code}{ending}").status_code == 404


def test_whoever_is_taken_off_the_event_has_no_certificate_any_more(app, organiser):
    issue(organiser)
    (code,) = codes(app)
    with app.app_context():
        person, sha256 = id_of(ANNA), list_certificates(1)[0].sha256
        remove_participation(person, event_id=1, now=NOW)
        assert not store.path_of(store_folder(), sha256).exists()
    assert app.test_client().get(f"/certificate/{code}").status_code == 404


def test_a_closed_project_issues_no_more(app, organiser):
    fields = read_fields(organiser.get(ADDRESS))
    with app.app_context(), transaction():
        get_project(PROJECT).status = "closed"
    assert organiser.post(f"{ADDRESS}/issue", data=fields).status_code == 409
    assert codes(app) == []
    assert read_table(organiser.get(ADDRESS), "Who attended")


@pytest.mark.parametrize(
    ("role", "organisation", "seen", "issued"),
    [
        (Role.MANAGER, "", 200, 302),
        (Role.PARTNER, "ols", 200, 302),
        (Role.PARTNER, "lpro", 404, 403),
        (Role.CONTROLLER, "lps", 200, 403),
        (Role.VIEWER, "", 404, 403),
        (None, "", 404, 404),
    ],
)
def test_organisers_issue_and_those_who_see_names_read(app, organiser, role, organisation, seen, issued):
    fields = read_fields(organiser.get(ADDRESS))
    with app.app_context():
        person = id_of(ANNA)
        user = make_user(role, organisation, email="tester@example.org")
    browser = sign_in(app.test_client(), user)
    page = browser.get(ADDRESS)
    assert page.status_code == seen
    assert browser.post(f"{ADDRESS}/issue", data=fields).status_code == issued
    if issued != 302:
        issue(organiser)
    for address in (f"{ADDRESS}.pdf", f"{ADDRESS}.zip", f"{ADDRESS}/{person}.pdf"):
        assert browser.get(address).status_code == seen
    assert browser.get(f"{ADDRESS}/{person}/withdraw").status_code == (200 if issued == 302 else issued)


def test_of_many_twenty_five_are_issued_at_once_and_the_others_after_that(app, organiser):
    with app.app_context(), transaction() as session:
        for number in range(27):
            facts = {"participant": f"p{number}@example.org", "name": f"Dalyvis {number:03d}", "group": "professional"}
            session.add(Participation(event_id=1, **facts))
    page = organiser.get(ADDRESS)
    assert "25 certificates can be issued" in page_text(page)
    assert "28 people reach the threshold" in page_text(page)
    assert organiser.post(f"{ADDRESS}/issue", data=read_fields(page)).status_code == 302
    assert len(set(codes(app))) == 25
    issue(organiser)
    assert len(set(codes(app))) == 28
    assert len(read_pdf(organiser.get(f"{ADDRESS}.pdf").data).pages) == 28
