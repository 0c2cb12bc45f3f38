"""What is refused when files are sent: each with its message, its status, and nothing stored."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from tests.files import HTML, SVG, WORD, as_form, office, pdf, png
from tests.integration.activities.uploads import EVENTS, NEW, attached, entries, send, stored
from tests.integration.pages import (
    page_text,
    read_errors,
    read_fields,
    read_summary,
)
from tests.make import make_event, make_project, sign_in_as


@pytest.fixture
def manager(app) -> FlaskClient:
    with app.app_context():
        make_project()
        make_event(ref="W1")
    return sign_in_as(app, Role.MANAGER)


HUGE = ("huge.png", png(50_000, 50_000))


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([("list.pdf", HTML)], 415, "“list.pdf” does not hold what its name says"),
        ([("logo.svg", SVG)], 415, "“logo.svg” is of a type that is not accepted. Accepted are: PDF, PNG"),
        ([("page.html", HTML)], 415, "“page.html” is of a type that is not accepted"),
        ([("scan.pdf", pdf() + bytes(30_000_000))], 413, "“scan.pdf” is larger than 20 MB"),
        ([HUGE], 413, "“huge.png” has more than 60 million pixels"),
        ([("empty.pdf", b"")], 422, "“empty.pdf” is empty"),
        ([("cut.docx", office()[:-30])], 422, "“cut.docx” cannot be read"),
        ([("macro.docx", office(WORD, **{"vbaProject.bin": b"x"}))], 415, "“macro.docx” holds macros"),
        ([("list.docx", pdf())], 415, "its content is PDF. Name it .pdf"),
        ([], 422, "Choose at least one file."),
        ([(f"{n}.pdf", pdf(str(n))) for n in range(21)], 422, "Choose at most 20 files at once."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_taken_gets_its_message_at_the_field_and_its_status(app, manager, files, status, said):
    answer = send(manager, *files)
    assert answer.status_code == status
    assert said in read_errors(answer)["files"]
    assert (attached(app), stored(app), entries(app, "evidence_added")) == ([], 0, [])


def test_one_bad_file_among_several_keeps_all_of_them_out_and_every_problem_is_named(app, manager):
    files = [("good.pdf", pdf()), ("list.pdf", HTML), ("empty.pdf", b"")]
    answer = send(manager, *files, photo=[HUGE])
    assert answer.status_code == 422
    errors = read_errors(answer)
    assert "“list.pdf”" in errors["files"]
    assert "“empty.pdf”" in errors["files"]
    assert "“huge.png”" in errors["photo"]
    assert len(read_summary(answer)) == 3
    assert (attached(app), stored(app)) == ([], 0)


def test_what_is_typed_stays_when_a_file_is_refused(manager):
    assert read_fields(send(manager, ("a.pdf", HTML), kind="publicity"))["kind"] == "publicity"


def test_a_kind_that_does_not_exist_is_refused_at_its_field(app, manager):
    answer = send(manager, ("a.pdf", pdf()), kind="selfie")
    assert (answer.status_code, "kind" in read_errors(answer), attached(app)) == (422, True, [])


def test_a_request_larger_than_several_files_is_refused_whole(manager):
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            raise AssertionError("what is too large is not read")

    length = str(129 * 1024 * 1024)
    head = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": length, "wsgi.input": Endless()}
    answer = manager.post(NEW, environ_overrides=head)
    assert answer.status_code == 413
    assert "too large" in page_text(answer)


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        (f"{EVENTS}/1/headcounts", "multipart/form-data; boundary=x"),
        (NEW, "application/x-www-form-urlencoded"),
    ],
)
def test_only_files_and_only_where_they_are_taken_may_be_large(manager, address, content_type):
    assert manager.post(address, data=b"x" * 3_000_000, content_type=content_type).status_code == 413


def test_whoever_has_not_signed_in_sends_nothing_large(app, manager):
    stranger = app.test_client()
    assert stranger.post(NEW, **as_form({}, files=[("a.pdf", bytes(3_000_000))])).status_code in (302, 413)
    assert attached(app) == []


def test_five_megabytes_of_fields_are_refused(manager):
    assert manager.post(NEW, **as_form({"kind": "x" * 5_000_000}, files=[("a.pdf", pdf())])).status_code == 413
