"""Many files at once, and ZIPs: what attaches itself, what does not and why, and what is refused whole."""

import io
import stat
import struct
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.budget.models import EvidenceBatch, ExpenditureItem
from portal.budget.queries.evidence import get_batch
from portal.budget.services import evidence as services
from portal.core.db import db, transaction
from portal.core.files.queries import list_files
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.files import HTML, as_form, jpeg, office, packed, pdf
from tests.integration.budget.evidence import BULK, attached, entries, send, send_zip
from tests.integration.pages import find_all, page_text, read_errors, read_fields, read_page, read_summary, read_table
from tests.make import PROJECT, make_item, make_project, noted_queries, sign_in_as

REFUSED, ATTACHED = "Files that are not attached", "Files that are attached"


@pytest.fixture
def officer(app) -> FlaskClient:
    """Olsztyn's finance officer."""
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.FINANCE, "ols")


@pytest.fixture
def items(app, officer) -> FlaskClient:
    """The officer, with the items K-1, K-17 and the salary S-1."""
    with app.app_context():
        for reference in ("K-1", "K-17"):
            make_item("ols", reference)
        make_item("ols", "S-1", category="staff", supplier="", invoice_number="")
        make_item("lps", "K-99")
    return officer


def outcomes(app: Flask, batch_id: int = 1) -> list[tuple[str, str | None, str]]:
    with app.app_context():
        return [(each["name"], each["reference"], each["outcome"]) for each in get_batch(PROJECT, batch_id).outcomes]


def untouched(app: Flask) -> bool:
    """Whether nothing is stored: no evidence, no file, no batch."""
    with app.app_context():
        batches = db.session.scalars(select(EvidenceBatch)).all()
        return attached(app) == [] and list_files() == [] and batches == []


def test_of_a_hundred_invoices_in_a_zip_ninety_seven_attach_themselves(app, officer):
    with app.app_context():
        for number in range(1, 99):
            make_item("ols", f"K-{number}")
    files = {f"Invoices/K-{number}.pdf": pdf(str(number)) for number in range(1, 98)}
    others = {"K-98.pdf": HTML, "invoice 12.pdf": pdf("a"), "K-200.pdf": pdf("b")}
    answer = send_zip(officer, {**files, **others})
    assert (answer.status_code, answer.location) == (302, f"{BULK}/1")
    page = officer.get(answer.location)
    assert "97 of 100 files are attached." in page_text(page)
    said = read_table(page, REFUSED)[1:]
    assert [row[:2] for row in said] == [["K-98.pdf", "K-98"], ["invoice 12.pdf", "–"], ["K-200.pdf", "–"]]
    assert "Save it as a PDF and bring it again." in said[0][2]
    assert "Begin the name with the reference" in said[1][2]
    assert len(read_table(page, ATTACHED)) == 1 + 97
    assert len(attached(app)) == 97
    assert ("K-17", "invoice", "K-17.pdf") in attached(app)
    # What is not attached comes first.
    assert page.text.index("K-200.pdf") < page.text.index("Invoices/K-1.pdf")


def test_the_same_zip_again_attaches_nothing_and_says_so(app, items):
    files = {"K-1.pdf": pdf("1"), "K-17.pdf": pdf("17")}
    send_zip(items, files)
    before = attached(app)
    answer = send_zip(items, files)
    page = items.get(answer.location)
    assert "2 of 2 files are attached. None of them is new: all were attached before." in page_text(page)
    assert attached(app) == before
    send_zip(items, {**files, "K-17 payment.pdf": pdf("paid")})
    assert "3 of 3 files are attached. 2 of them were attached before." in page_text(items.get(f"{BULK}/3"))


def test_each_file_goes_where_its_name_says_as_what_its_name_says(app, items):
    send(
        items,
        BULK,
        ("K-1 przelew.pdf", pdf("1")),
        ("k_17.jpg", jpeg()),
        ("K 17 (2).pdf", pdf("2")),
        ("s-1 tabelis.pdf", pdf("3")),
        ("S-1.pdf", pdf("4")),
        ("K-99.pdf", pdf("5")),
    )
    assert attached(app) == [
        ("K-1", "payment", "K-1 przelew.pdf"),
        ("K-17", "invoice", "k_17.jpg"),
        ("K-17", "invoice", "K 17 (2).pdf"),
        ("S-1", "timesheet", "s-1 tabelis.pdf"),
        ("S-1", "other", "S-1.pdf"),
    ]
    assert outcomes(app)[-1] == ("K-99.pdf", None, "reference-unknown")
    assert [each["subject"] for each in entries(app, "item_evidence_added")] == [
        "ols K-1", "ols K-17", "ols K-17", "ols S-1", "ols S-1",
    ]  # fmt: skip


def test_every_kind_of_trouble_with_one_file_is_only_that_files(app, items):
    with app.app_context(), transaction() as session:
        make_item("ols", "k17")
        item = session.scalars(select(ExpenditureItem).where(ExpenditureItem.internal_reference == "S-1")).one()
        item.state, item.report_number, item.eur_cents = "certified", 1, item.declared_cents
    send_zip(
        items,
        {
            "K_17.pdf": pdf("a"),
            "S-1.pdf": pdf("b"),
            "K-1.svg": b"<svg/>",
            "K-1 empty.pdf": b"",
            "K-1.png": pdf("c"),
            "K-1 broken.docx": office()[:-30],
            "K-1 huge.pdf": bytes(20 * 1024 * 1024 + 1),
            ".DS_Store": b"x",
            "__MACOSX/._K-1.pdf": b"x",
            "K-1 good.pdf": pdf("good"),
        },
    )
    assert [outcome for _, _, outcome in outcomes(app)] == [
        "reference-ambiguous", "certified", "upload-type", "upload-empty", "upload-ending", "upload-broken",
        "upload-too-large", "skipped", "skipped", "attached",
    ]  # fmt: skip
    page = items.get(f"{BULK}/1")
    assert "1 of 8 files are attached." in page_text(page)
    assert len(read_table(page, "Files that were left out")) == 1 + 2
    assert [row[2] for row in read_table(page, REFUSED)[1:] if "." not in row[2]] == []
    assert [each[2] for each in attached(app)] == ["K-1 good.pdf"]


def test_a_name_that_misleads_is_listed_plainly_and_its_file_is_not_attached(app, items):
    send(items, BULK, ("K-1 \u202efdp.exe.pdf", pdf()), ("../K-1.pdf", pdf()))
    assert outcomes(app) == [("K-1 fdp.exe.pdf", "K-1", "upload-name"), ("K-1.pdf", "K-1", "upload-name")]
    assert attached(app) == []


def test_the_same_content_twice_for_one_item_is_one_file(app, items):
    send_zip(items, {"K-1.pdf": pdf(), "K-1 (2).pdf": pdf()})
    assert [outcome for _, _, outcome in outcomes(app)] == ["attached", "attached-already"]
    assert len(attached(app)) == 1


GOOD = {"K-1.pdf": pdf()}


def with_link() -> bytes:
    """A ZIP of a good file and a link."""
    target, link = io.BytesIO(), zipfile.ZipInfo("K-17.pdf")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("K-1.pdf", pdf())
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


def bomb() -> bytes:
    """A ZIP of a good file and one that says it unpacks to 400 MB."""
    content = packed({**GOOD, "K-17.pdf": bytes(123_456)}, zipfile.ZIP_DEFLATED)
    return content.replace(struct.pack("<L", 123_456), struct.pack("<L", 400 * 1024 * 1024))


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed({**GOOD, "../../K-17.pdf": pdf()}), "points outside the ZIP"),
        (with_link(), "is a link"),
        (packed({**GOOD, **{f"{each}.pdf": b"x" for each in range(10_000)}}), "more than 500 files"),
        (bomb(), "larger than 300 MB once unpacked"),
        (packed({**GOOD, "more.zip": packed(GOOD)}), "another archive"),
        (packed(GOOD)[:-40], "cannot be unpacked"),
        (packed({**GOOD, "K-2.pdf": pdf("2")}).replace(b"K-2.pdf", b"K-1.pdf"), "twice under the same name"),
        (packed({}), "holds no file"),
    ],
)
def test_a_hostile_zip_is_refused_whole_with_one_plain_message(app, items, content, words):
    answer = send(items, BULK, ("invoices.zip", content))
    assert answer.status_code in (413, 422)
    (said,) = read_summary(answer)
    assert words in said
    assert said.startswith("Files: “invoices.zip”")
    assert read_errors(answer).keys() == {"files"}
    assert untouched(app)


def test_a_zip_that_proves_damaged_behind_good_files_leaves_no_row(app, items):
    content = packed({**GOOD, "K-17.pdf": pdf("flipped")}).replace(b"flipped", b"flopped")
    answer = send(items, BULK, ("invoices.zip", content))
    assert (answer.status_code, untouched(app)) == (422, True)
    assert "it is damaged" in read_summary(answer)[0]


def test_a_form_without_files_or_with_two_zips_says_what_to_choose(app, items):
    assert read_summary(send(items, BULK)) == ["Files: Choose at least one file."]
    two = send(items, BULK, ("a.zip", packed({"K-1.pdf": pdf()})), ("b.zip", packed({"K-1.pdf": pdf()})))
    assert (two.status_code, read_summary(two)) == (422, ["Files: Choose one ZIP at a time."])
    assert untouched(app)


def test_an_officer_is_not_asked_for_the_organisation_and_reaches_no_other(app, items):
    page = items.get(BULK)
    assert list(find_all(read_page(page), "select")) == []
    answer = send_zip(items, {"K-99.pdf": pdf()}, organisation="lps")
    assert answer.status_code == 422
    assert untouched(app)


def test_the_manager_chooses_and_the_audit_says_for_whom(app, items):
    manager = sign_in_as(app, Role.MANAGER)
    assert send_zip(manager, {"K-1.pdf": pdf()}).status_code == 422
    assert send_zip(manager, {"K-1.pdf": pdf()}, organisation="ols").status_code == 302
    assert [(each["subject"], each["for"]) for each in entries(app, "item_evidence_added")] == [("ols K-1", "ols")]


def test_names_of_files_that_may_name_whose_salary_it_is_are_masked(app, items):
    send_zip(items, {"S-1 Jonas.pdf": pdf("1"), "Jonas Jonaitis.pdf": pdf("2"), "K-1 catering.pdf": pdf("3")})
    assert items.get(f"{BULK}/1").text.count("Jonas") == 2
    manager = sign_in_as(app, Role.MANAGER)
    page = manager.get(f"{BULK}/1")
    assert ("Jonas" in page.text, "K-1 catering.pdf" in page.text) == (False, True)
    send_zip(manager, {"S-1 Petras.pdf": pdf("4")}, organisation="ols")
    assert "S-1 Petras.pdf" in manager.get(f"{BULK}/2").text


@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [(Role.FINANCE, "lps", 404), (Role.CONTROLLER, "ols", 403), (Role.AUDITOR, "", 403), (Role.VIEWER, "", 404)],
)
def test_what_became_of_files_is_open_to_those_who_bring_them(app, items, role, organisation, status):
    send_zip(items, {"K-1.pdf": pdf()})
    assert sign_in_as(app, role, organisation).get(f"{BULK}/1").status_code == status
    assert items.get(f"{BULK}/2").status_code == 404


def test_a_closed_project_takes_no_files(app, items):
    typed = {name: value for name, value in read_fields(items.get(BULK)).items() if name != "files"}
    with app.app_context(), transaction():
        get_project(PROJECT).status = "closed"
    assert items.get(BULK).status_code == 409
    answer = items.post(BULK, **as_form(typed, files=[("K-1.pdf", pdf())]))
    assert (answer.status_code, attached(app)) == (409, [])


def test_an_item_that_changes_while_files_are_looked_at_is_taken_as_it_is_by_then(app, items):
    with app.app_context():
        files = services.sort_files(PROJECT, "ols", read_uploads("K-1.pdf", "K-17.pdf", "S-1.pdf"), now=NOW)
        with transaction() as session:
            gone, renamed, certified = session.scalars(
                select(ExpenditureItem)
                .where(ExpenditureItem.internal_reference.in_(["K-1", "K-17", "S-1"]))
                .order_by(ExpenditureItem.internal_reference)
            )
            session.delete(gone)
            renamed.internal_reference = "K-18"
            certified.state, certified.report_number, certified.eur_cents = "certified", 1, certified.declared_cents
        services.attach_batch(PROJECT, "ols", files, now=NOW)
    assert [outcome for _, _, outcome in outcomes(app)] == ["reference-unknown", "reference-unknown", "certified"]
    assert attached(app) == []


def read_uploads(*names: str):
    return [services.Upload(name, io.BytesIO(pdf(name))) for name in names]


def test_as_many_statements_are_asked_for_sixty_files_as_for_two(app, items):
    def asked(number: int) -> int:
        with app.app_context():
            for each in range(number):
                make_item("ols", f"N{number}-{each}")
        with noted_queries(app) as statements:
            send_zip(items, {f"N{number}-{each}.pdf": pdf(f"{number} {each}") for each in range(number)})
        return sum(each.startswith("SELECT") for each in statements)

    asked(1)
    assert asked(2) == asked(60)
