"""Pages of evidence: attaching files, handing them out, taking them off."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.models import EventEvidence
from portal.core.db import db
from portal.core.files import store
from portal.core.files.models import StoredFile
from portal.core.files.queries import store_folder
from tests.files import EXCEL, HTML, WORD, as_form, container, jpeg, office, pdf, png
from tests.integration.activities.uploads import EVENTS, NEW, attached, entries, send, stored
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_table,
)
from tests.make import make_event, make_people, make_project, make_tournament, sign_in_as


@pytest.fixture
def manager(app) -> FlaskClient:
    with app.app_context():
        make_project()
        make_event(ref="W1")
    return sign_in_as(app, Role.MANAGER)


def test_a_list_is_attached_and_the_event_says_so(app, manager):
    answer = send(manager, ("Žaliūkas–Łódź.pdf", pdf()))
    assert (answer.status_code, answer.location) == (302, f"{EVENTS}/1#evidence")
    assert attached(app) == [("attendance_list", "Žaliūkas–Łódź.pdf")]
    page = manager.get(f"{EVENTS}/1")
    assert "1 new file is attached." in page_text(page)
    assert [row[:3] for row in read_table(page, "Files")[1:]] == [["Žaliūkas–Łódź.pdf", "Attendance list", "1 kB"]]
    assert "There Attendance list" in page_text(page)


EVERY_TYPE = [
    ("a.pdf", pdf(), "application/pdf"),
    ("b.PNG", png(), "image/png"),
    ("c.jpg", jpeg(), "image/jpeg"),
    ("d.jpeg", jpeg(60), "image/jpeg"),
    ("e.docx", office(WORD), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("f.xlsx", office(EXCEL), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("g.asice", container(), "application/vnd.etsi.asic-e+zip"),
]


def test_every_type_that_is_taken_comes_back_as_it_was_and_only_to_be_saved(app, manager):
    send(manager, *((name, content) for name, content, _ in EVERY_TYPE), kind="other")
    for number, (name, content, media_type) in enumerate(EVERY_TYPE, start=1):
        answer = manager.get(f"{EVENTS}/1/evidence/{number}")
        assert (answer.status_code, answer.data, answer.content_type) == (200, content, media_type)
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_letters_of_every_language_survive_in_the_name_of_what_is_handed_out(manager):
    send(manager, ("Žaliūkas–Łódź.pdf", pdf()))
    header = manager.get(f"{EVENTS}/1/evidence/1").headers["Content-Disposition"]
    assert header.startswith("attachment; ")
    assert "filename*=UTF-8''%C5%BDali%C5%ABkas%E2%80%93%C5%81%C3%B3d%C5%BA.pdf" in header


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a" * 400 + ".pdf", "a" * 196 + ".pdf"),
        ("<script>.pdf", "_script_.pdf"),
    ],
)
def test_a_clumsy_name_is_kept_as_one_safe_line(app, manager, name, kept):
    assert send(manager, (name, pdf())).status_code == 302
    assert attached(app) == [("attendance_list", kept)]
    assert b"<script>" not in manager.get(f"{EVENTS}/1").data


@pytest.mark.parametrize("name", ["../../list.pdf", "li\0st.pdf", "\u202efdp.list.pdf"])
def test_a_hostile_name_is_refused_with_the_cure_and_nothing_is_kept(app, manager, name):
    answer = send(manager, (name, pdf()))
    assert answer.status_code == 422
    assert "Give the file a plain name" in page_text(answer)
    assert attached(app) == []


def test_a_name_with_line_breaks_forges_no_header(app, manager):
    boundary, crlf = "x", "\r\n"
    part = f'--{boundary}{crlf}Content-Disposition: form-data; name="files"; filename="a%0d%0ab\\\nc.pdf"{crlf}{crlf}'
    kind = f'--{boundary}{crlf}Content-Disposition: form-data; name="kind"{crlf}{crlf}other{crlf}'
    body = kind.encode() + part.encode() + pdf() + f"{crlf}--{boundary}--{crlf}".encode()
    answer = manager.post(NEW, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code < 500
    for _, name in attached(app):
        assert name.isprintable()


def test_the_same_form_sent_twice_attaches_once_and_with_another_file_it_is_another(app, manager):
    fields = {name: value for name, value in read_fields(manager.get(NEW)).items() if name not in ("files", "photo")}
    for content in (pdf(), pdf(), pdf("second")):
        assert manager.post(NEW, **as_form(fields, files=[("a.pdf", content)])).status_code == 302
    assert len(attached(app)) == 2
    assert len(entries(app, "evidence_added")) == 2


def test_the_same_file_is_attached_once_for_each_kind_and_stored_once(app, manager):
    send(manager, ("a.pdf", pdf()), ("b.pdf", pdf()), kind="agenda")
    send(manager, ("c.pdf", pdf()), kind="agenda")
    send(manager, ("c.pdf", pdf()), kind="other")
    assert attached(app) == [("agenda", "a.pdf"), ("other", "c.pdf")]
    assert stored(app) == 1


def test_a_photo_from_the_camera_is_kept_and_its_copy_knows_no_place(app, manager):
    photo = jpeg(turned=True)
    assert send(manager, kind="photos", photo=[("image.jpg", photo)]).status_code == 302
    page = manager.get(f"{EVENTS}/1")
    links = links_of(page)
    copy = manager.get(links["Copy to share, without place and camera"])
    assert copy.headers["Content-Disposition"] == "attachment; filename=image-shared.jpg"
    assert (b"Exif" in copy.data, copy.content_type) == (False, "image/jpeg")
    assert manager.get(links["image.jpg"]).data == photo


def test_the_form_offers_the_camera_and_several_files(manager):
    page = read_page(manager.get(NEW))
    [files], [photo] = (list(find_all(page, "input", type="file", name=name)) for name in ("files", "photo"))
    assert "multiple" in files.attributes
    assert ".asice" in files.attributes["accept"]
    assert (photo.attributes["accept"], photo.attributes["capture"]) == ("image/*", "environment")
    [form] = (each for each in find_all(page, "form", method="post") if "enctype" in each.attributes)
    assert form.attributes["enctype"] == "multipart/form-data"


def test_other_pictures_have_no_copy_to_share(manager):
    send(manager, ("scan.jpg", jpeg()), kind="attendance_list")
    assert manager.get(f"{EVENTS}/1/evidence/1/shared").status_code == 404


def test_the_checklist_leads_to_the_form_for_what_is_missing(manager):
    links = links_of(manager.get(f"{EVENTS}/1"))
    assert read_fields(manager.get(links["Agenda"]))["kind"] == "agenda"
    assert read_fields(manager.get(f"{NEW}?kind=nonsense"))["kind"] == "attendance_list"


@pytest.fixture
def tournament(app) -> FlaskClient:
    """A manager at an event where convicted persons were."""
    with app.app_context():
        make_project()
        make_tournament()
    return sign_in_as(app, Role.MANAGER)


def test_where_convicted_persons_were_no_list_of_names_is_taken(app, tournament):
    assert "Attendance list" not in page_text(tournament.get(NEW))
    answer = send(tournament, ("list.pdf", pdf()), kind="attendance_list", no_names="none")
    assert (answer.status_code, "kind" in read_errors(answer), attached(app), stored(app)) == (422, True, [], 0)


def test_where_convicted_persons_were_someone_says_that_nobody_is_named(app, tournament):
    answer = send(tournament, ("tally.pdf", pdf()))
    assert (answer.status_code, "confirm it" in read_errors(answer)["no_names"]) == (422, True)
    assert (attached(app), stored(app)) == ([], 0)
    assert send(tournament, ("tally.pdf", pdf()), no_names="none").status_code == 302
    assert attached(app) == [("tally_sheet", "tally.pdf")]


def test_what_is_wrong_with_files_and_elsewhere_is_said_together(app, tournament):
    answer = send(tournament, ("list.pdf", HTML))
    assert answer.status_code == 422
    assert read_errors(answer).keys() == {"files", "no_names"}
    assert stored(app) == 0


def test_a_list_of_names_from_before_is_named_as_one_to_replace(app, manager):
    send(manager, ("list.pdf", pdf()))
    with app.app_context():
        make_people(1, [""], group="family_member")
    page = page_text(manager.get(f"{EVENTS}/1"))
    assert "A list of names is attached." in page
    assert "Missing Tally sheet without names" in page


def test_a_file_is_taken_off_after_a_question_and_the_audit_names_no_name(app, manager):
    send(manager, ("Ona Onaitė.pdf", pdf()))
    page = manager.get(f"{EVENTS}/1/evidence/1/remove")
    assert "Ona Onaitė.pdf (Attendance list)" in page_text(page)
    answer = manager.post(f"{EVENTS}/1/evidence/1/remove", data=read_fields(page))
    assert (answer.status_code, attached(app), stored(app)) == (302, [], 0)
    assert manager.get(f"{EVENTS}/1/evidence/1").status_code == 404
    [added], [removed] = entries(app, "evidence_added"), entries(app, "evidence_removed")
    with app.app_context():
        [kept] = [path.name for path in store.list_stored(store_folder()) if path.read_bytes() == pdf()]
    assert added == {"subject": "W1", "kind": [None, "attendance_list"], "file": [None, kept[:12]]}
    assert removed == {"subject": "W1", "kind": ["attendance_list", None], "file": [kept[:12], None]}


def test_a_file_that_another_event_uses_stays_stored(app, manager):
    with app.app_context():
        make_event(ref="W2")
    for event_id in (1, 2):
        send(manager, ("a.pdf", pdf()), address=f"{EVENTS}/{event_id}/evidence/new")
    page = f"{EVENTS}/1/evidence/1/remove"
    manager.post(page, data=read_fields(manager.get(page)))
    assert (attached(app, 1), attached(app, 2), stored(app)) == ([], [("attendance_list", "a.pdf")], 1)
    assert manager.get(f"{EVENTS}/2/evidence/2").data == pdf()


def test_the_row_says_who_added_it(app, manager):
    send(manager, ("a.pdf", pdf()))
    with app.app_context():
        assert db.session.scalars(select(EventEvidence.added_by)).all() == [1]


def test_a_file_damaged_on_the_disk_is_not_handed_out(app, manager):
    send(manager, ("a.pdf", pdf("to be damaged")))
    with app.app_context():
        path = store.path_of(store_folder(), db.session.scalars(select(StoredFile.sha256)).one())
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"!")
    answer = manager.get(f"{EVENTS}/1/evidence/1")
    assert (answer.status_code, "damaged" in page_text(answer)) == (404, True)
    path.write_bytes(whole)
