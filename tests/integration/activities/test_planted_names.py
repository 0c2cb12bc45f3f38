"""A name that somebody gives for a convicted person or a family member, by whatever way in, is found nowhere after."""

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.activities.models import CheckinLink, Participation, RegistrationDesk
from portal.activities.queries.people_files import list_questions
from portal.activities.rules.desks import DeskDraft
from portal.activities.rules.registering import PersonDraft
from portal.activities.services.attendance import ParticipationDraft, update_participation
from portal.activities.services.registrations.answering import cancel, confirm
from portal.activities.services.registrations.desks import open_desk
from portal.core.db import Base, db
from portal.core.errors import Conflict
from portal.core.tables import Column, Sheet, write_xlsx
from portal.jobs.models import Mail
from tests.conftest import NOW, SERVER
from tests.files import as_form
from tests.integration.activities.files import bring_rows, take_back
from tests.integration.activities.people import (
    CONSENT,
    EARLY,
    make_open_event,
    make_registration,
    registration_of,
    row_of,
)
from tests.integration.pages import read_fields
from tests.make import PROJECT, make_event, make_project, make_user, sign_in, sign_in_as

# Letters that nothing else in the portal is written with.
PLANTED = ("Kvirinas", "Zubrickis", "kvirinas.zubrickis")
NAME, EMAIL = "Kvirinas Zubrickis", "kvirinas.zubrickis@example.org"
EVENT = f"/projects/{PROJECT}/events/1"
IMPORTS = f"/projects/{PROJECT}/imports"
GROUPS = ("convicted_person", "family_member")
COLUMNS = ("event", "participant", "name", "organisation", "group")

Browser = FlaskClient
Way = Callable[[Browser, str], TestResponse]


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    """The manager of a project with a workshop that is held, whose page others mark people on."""
    with app.app_context():
        make_project()
        make_event(ref="W1", status="held")
    return sign_in_as(app, Role.MANAGER)


def filled(browser: Browser, address: str, **planted: str) -> TestResponse:
    """Open the form, put in what it has no field for, and send it."""
    return browser.post(address, data={**read_fields(browser.get(address)), **planted})


def by_person_form(browser: Browser, group: str) -> TestResponse:
    return filled(browser, f"{EVENT}/participants/new", participant=EMAIL, name=NAME, organisation=NAME, group=group)


def by_coded_form(browser: Browser, group: str) -> TestResponse:
    address = f"{EVENT}/participants/new-code"
    return filled(browser, address, participant=NAME, name=NAME, email=EMAIL, organisation=NAME, group=group)


def by_short_code(browser: Browser, group: str) -> TestResponse:
    return filled(browser, f"{EVENT}/participants/new-code", participant="Kvirinas", group=group)


def by_headcounts(browser: Browser, group: str) -> TestResponse:
    address = f"{EVENT}/headcounts"
    return filled(browser, address, group=group, number=NAME, country=NAME, gender=NAME, name=NAME, email=EMAIL)


def by_walk_in(browser: Browser, group: str) -> TestResponse:
    return filled(browser, f"{EVENT}/attendance", name=NAME, email=EMAIL, organisation=NAME, group=group)


def by_coded_walk_in(browser: Browser, group: str) -> TestResponse:
    return filled(browser, f"{EVENT}/attendance/code", participant=NAME, name=NAME, email=EMAIL, group=group)


def by_csv(browser: Browser, group: str) -> TestResponse:
    content = f"{','.join(COLUMNS)}\nW1,{EMAIL},{NAME},{NAME},{group}\n"
    return upload(browser, "people.csv", content.encode())


def by_workbook(browser: Browser, group: str) -> TestResponse:
    columns = [Column(name) for name in COLUMNS]
    return upload(browser, "people.xlsx", write_xlsx([Sheet("People", columns, [["W1", EMAIL, NAME, NAME, group]])]))


def by_misread_file(browser: Browser, group: str) -> TestResponse:
    """Without the row of names, so that a person stands where columns are called."""
    return upload(browser, "people.csv", f"W1,{EMAIL},{NAME},{NAME},{group}\n".encode())


def by_pasting(browser: Browser, group: str) -> TestResponse:
    address = f"{IMPORTS}/paste?kind=participations"
    text = "\t".join(COLUMNS) + f"\nW1\t{EMAIL}\t{NAME}\t{NAME}\t{group}\n"
    return filled(browser, address, text=text, kind="participations")


def by_address(browser: Browser, group: str) -> TestResponse:
    return browser.get(f"{EVENT}/participants/{NAME}?group={group}&email={EMAIL}")


def upload(browser: Browser, name: str, content: bytes) -> TestResponse:
    fields = read_fields(browser.get(f"{IMPORTS}/new?kind=participations"))
    form = as_form({**fields, "kind": "participations"}, file=[(name, content)])
    return browser.post(f"{IMPORTS}/new", **form, follow_redirects=True)


WAYS: tuple[Way, ...] = (
    by_person_form,
    by_coded_form,
    by_short_code,
    by_headcounts,
    by_walk_in,
    by_coded_walk_in,
    by_csv,
    by_workbook,
    by_misread_file,
    by_pasting,
    by_address,
)
# What was pasted or stands where a number belongs is shown again to be mended, and each page's address stands in its
# links to other languages.
SHOWN_AGAIN = {by_pasting, by_address, by_headcounts}


def holds_name(content: bytes) -> bool:
    """Whether a part of the planted name stands in what was stored or handed out, packed or not."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return any(holds_name(package.read(name)) for name in package.namelist())
    return any(name.encode().lower() in content.lower() for name in PLANTED)


def stored(app: Flask) -> Iterator[tuple[str, bytes]]:
    """Everything that is kept, by where: each table row by row, the bytes of the database's files, the folder."""
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            yield f"table {table.name}", repr(db.session.execute(select(table)).all()).encode()
        path = Path(str(db.engine.url.database))
        db.session.remove()
        for file in [] if SERVER else sorted(path.parent.glob(f"{path.name}*")):
            yield file.name, file.read_bytes()
        for file in sorted(Path(app.config["DATA_DIR"]).rglob("*")):
            if file.is_file():
                yield str(file), file.read_bytes()


def handed_out(app: Flask, organiser: FlaskClient) -> Iterator[tuple[str, bytes]]:
    """Every page and file that could repeat it."""
    for address in (
        f"{EVENT}/participants",
        f"{EVENT}/participants.xlsx",
        f"{EVENT}/attendance",
        f"{EVENT}/attendance.xlsx",
        f"{EVENT}/report.pdf",
        EVENT,
        IMPORTS,
        f"{IMPORTS}/export/participations.xlsx",
        f"/projects/{PROJECT}/audit",
        f"/projects/{PROJECT}/audit.xlsx",
        f"/public/{PROJECT}",
    ):
        yield address, organiser.get(address).data
    with app.app_context():
        admin = make_user(None, email="admin@example.org", admin=True)
    browser = sign_in(app.test_client(), admin)
    for address in ("/admin/outbox", "/admin/jobs"):
        yield address, browser.get(address).data


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("group", GROUPS)
def test_it_is_refused_and_found_nowhere(
    app: Flask, organiser: FlaskClient, way: Way, group: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    answer = way(organiser, group)
    assert answer.status_code in {200, 302, 404, 409, 422}
    assert way in SHOWN_AGAIN or not holds_name(answer.data)
    with app.app_context():
        assert db.session.scalars(select(Participation)).all() == []
    found = [place for place, content in stored(app) if holds_name(content)]
    assert found == []
    assert [place for place, content in handed_out(app, organiser) if holds_name(content)] == []
    assert not holds_name(caplog.text.encode())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_ways_are_ways(app: Flask, organiser: FlaskClient, way: Way):
    """Sent without a sensitive group or with a plain code, what each way sends is read, or is no way for anybody."""
    answer = way(organiser, "professional")
    assert answer.status_code < 500


def test_the_page_of_a_helper_takes_no_names(app: Flask, organiser: FlaskClient):
    with app.app_context():
        event_id = make_event(ref="W2", starts=datetime(2026, 11, 20, 9, 0), ends=datetime(2026, 11, 20, 18, 0))
    organiser.post(f"/projects/{PROJECT}/events/{event_id}/attendance/link", data={"act": "make"})
    with app.app_context():
        token = db.session.scalars(select(CheckinLink.token)).one()
    helper = app.test_client()
    answer = helper.post(f"/checkin/{token}", data={"mark": NAME, "name": NAME, "email": EMAIL, "group": GROUPS[0]})
    assert answer.status_code in {200, 302, 404, 422}
    assert not holds_name(answer.data)
    assert [place for place, content in stored(app) if holds_name(content)] == []


def test_whoever_registers_is_never_kept_as_one_of_them(app: Flask):
    """The page has no field for a group: what is sent as one says nothing, and the name is that of a registrant."""
    with app.app_context():
        make_project()
        moment = datetime(2026, 11, 21, 9, 0)
        event_id = make_event(ref="W1", starts=moment, ends=moment.replace(hour=17))
        open_now(event_id)
        token = db.session.scalars(select(RegistrationDesk.token)).one()
    browser = app.test_client()
    filled(browser, f"/register/{token}", name=NAME, email=EMAIL, group="convicted_person", consent="1")
    with app.app_context():
        assert [(row.name, row.group) for row in db.session.scalars(select(Participation))] == [(NAME, "unknown")]
        for table in Base.metadata.sorted_tables:
            rows = repr(db.session.execute(select(table)).all())
            assert "convicted_person" not in rows or not holds_name(rows.encode())


def naming_tables() -> list[str]:
    """The tables that hold the planted name."""
    db.session.expire_all()
    tables = {table.name: db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables}
    return [name for name, rows in tables.items() if holds_name(repr(rows).encode())]


@pytest.mark.parametrize("group", GROUPS)
def test_somebody_who_registered_and_is_regrouped_as_one_of_them_is_named_nowhere(in_app: Flask, group: str):
    make_project()
    event_id = make_open_event(ref="W2")
    answers = {list_questions(event_id)[0].id: NAME}
    row = make_registration(event_id, EMAIL, PersonDraft("Ona"), name=NAME, organisation=NAME, answers=answers)
    confirm(event_id, registration_of(row).nonce, now=EARLY)
    assert set(naming_tables()) == {"participations", "registrations", "mails"}
    draft = ParticipationDraft("K001", group, status="registered")
    update_participation(row, draft, event_id=event_id, now=EARLY)
    assert row_of(row).group == group
    assert naming_tables() == []


def test_a_companion_who_is_regrouped_loses_the_address_of_who_registered_them(in_app: Flask):
    make_project()
    event_id = make_open_event(ref="W2")
    row = make_registration(event_id, EMAIL, PersonDraft("Ona"), name=NAME)
    companion = db.session.scalars(select(Participation.id).where(Participation.name == "Ona")).one()
    cancel(event_id, registration_of(row).nonce, only=row, now=EARLY)
    assert registration_of(companion).email == EMAIL
    draft = ParticipationDraft("K001", "convicted_person", status="registered")
    update_participation(companion, draft, event_id=event_id, now=EARLY)
    assert registration_of(companion).email == ""
    assert [mail for mail in db.session.scalars(select(Mail)) if mail.values["registration"] == companion] == []


def test_companions_of_somebody_who_is_regrouped_lose_the_address_too(in_app: Flask):
    make_project()
    event_id = make_open_event(ref="W2")
    row = make_registration(event_id, EMAIL, PersonDraft("Ona"), name=NAME)
    cancel(event_id, registration_of(row).nonce, only=row, now=EARLY)
    draft = ParticipationDraft("K001", "convicted_person", status="cancelled")
    update_participation(row, draft, event_id=event_id, now=EARLY)
    assert naming_tables() == []


@pytest.mark.parametrize("group", GROUPS)
def test_what_files_had_named_before_a_file_regroups_it_is_named_nowhere(in_app: Flask, group: str, tmp_path: Path):
    make_project()
    make_event(ref="W1")
    row = {"event": "W1", "participant": "AB12", "group": "staff"}
    for name in (NAME, ""):
        bring_rows(tmp_path, "participations", {**row, "name": name, "organisation": name})
    assert naming_tables() == ["imported_changes"]
    last = bring_rows(tmp_path, "participations", {**row, "group": group})
    assert naming_tables() == []
    with pytest.raises(Conflict, match="import-rows-changed"):
        take_back(last)


def test_what_files_had_named_before_a_page_regroups_it_is_named_nowhere(in_app: Flask, tmp_path: Path):
    make_project()
    event_id = make_event(ref="W1")
    for known in ("other", "staff"):
        bring_rows(tmp_path, "participations", {"event": "W1", "participant": "AB12", "name": NAME, "group": known})
    row = db.session.scalars(select(Participation.id)).one()
    update_participation(row, ParticipationDraft("AB12", "convicted_person"), event_id=event_id, now=NOW)
    assert naming_tables() == []


def open_now(event_id: int) -> None:
    """Open registration for the event as of now."""
    times = {"opens": datetime(2026, 11, 1, 9, 0), "closes": datetime(2026, 11, 21, 8, 0)}
    open_desk(event_id, DeskDraft(**times, consent=CONSENT), now=NOW)


@pytest.mark.parametrize("group", GROUPS)
def test_no_registration_page_can_be_one_for_them(app: Flask, organiser: FlaskClient, group: str):
    with app.app_context():
        starts = datetime(2026, 12, 10, 9, 0)
        event_id = make_event(ref="W2", starts=starts, ends=starts.replace(hour=17))
    answer = filled(organiser, f"/projects/{PROJECT}/events/{event_id}/registration/edit", group=group)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(RegistrationDesk)).all() == []
