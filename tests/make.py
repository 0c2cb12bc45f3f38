"""Plain functions that make what tests need, through the services. Each needs an app context."""

import io
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from portal.accounts.guard import TOKEN
from portal.accounts.models import Membership, User
from portal.accounts.rules import Role
from portal.accounts.services.sessions import begin
from portal.activities.models import Event
from portal.activities.queries import get_event
from portal.activities.rules.drafts import EventDraft
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    record_headcounts,
)
from portal.activities.services.events import create_event, move_event, remove_examples
from portal.budget.models import ExpenditureItem
from portal.budget.rules.drafts import ItemDraft, keys_of
from portal.cli import cli
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.files.checking import Upload
from portal.core.files.services import KeptUpload, add_rows
from portal.core.money import Cents
from portal.demo import install
from portal.imports.kinds import Request
from portal.imports.queries import get_kind
from portal.imports.services.bringing import bring, keep_and_check
from portal.projects.models import Activity, ManualFigure
from portal.projects.queries import get_indicator, get_project
from portal.projects.rules.organisations import ContactDraft
from portal.projects.rules.project_file import read_project_file
from portal.projects.services import load_project
from portal.projects.services.organisations import add_contact
from portal.reports.loading import load_file
from tests.conftest import NOW
from tests.keeping import made_once

PROJECT = "LTPL00388"
OTHER_PROJECT = "LTPL00999"
PROJECT_FILE = Path(__file__).parents[1] / "portal" / "demo" / "ltpl00388.toml"
CATERING = ItemDraft(
    internal_reference="K-1",
    category="external",
    work_package_id=None,
    activity_id=None,
    event_id=None,
    contract_id=None,
    supplier="Catering and Sons",
    supplier_tax_number="LT100001234",
    invoice_number="INV 7/2026",
    invoice_date=date(2026, 3, 10),
    payment_date=date(2026, 3, 20),
    description="Catering",
    invoice_total_cents=Cents(10000),
    vat_cents=Cents(0),
    declared_cents=Cents(10000),
    currency="EUR",
    corrects_id=None,
)


@made_once
def make_demo() -> None:
    """What the demonstration loads: LTPL00388 with example activity, and the demo accounts."""
    install(now=NOW)


@made_once
def make_demo_without_activity() -> None:
    """LTPL00388 with the demo accounts, its example activity removed."""
    install(now=NOW)
    remove_examples(PROJECT, now=NOW)


@made_once
def make_project() -> str:
    """LTPL00388 from its file, without example activity; return its code."""
    return load_file(PROJECT_FILE, now=NOW).code


def make_event(*, status: str = "planned", now: datetime = NOW, project_code: str = PROJECT, **changes: Any) -> int:
    """A workshop of lps and ols in March 2026 with the changes; return its id."""
    stated: dict[str, Any] = {
        "title": {"en": "Opening workshop"},
        "kind": "workshop",
        "activity": "1.1",
        "organisers": ["lps", "ols"],
        "country": "LT",
        "starts": datetime(2026, 3, 10, 10, 0),
        "ends": datetime(2026, 3, 10, 16, 0),
    }
    event_id = create_event(project_code, EventDraft(**{**stated, **changes}), now=now)
    if status != "planned":
        move_event(event_id, status, version=version_of(event_id), now=now)
    return event_id


def place_event(event_id: int, activity: str) -> None:
    """Move the event to the project's activity of this number, straight in the tables."""
    with transaction() as session:
        row = session.get_one(Event, event_id)
        mine = select(Activity.id).where(Activity.project_code == row.project_code, Activity.number == activity)
        row.activity_id = session.scalars(mine).one()


def version_of(event_id: int) -> int:
    """The event's version as stored."""
    return get_event(PROJECT, event_id).version


def make_headcounts(event_id: int, *drafts: HeadcountDraft) -> None:
    """Record these headcounts at the event."""
    record_headcounts(event_id, drafts, version=version_of(event_id), now=NOW)


def make_people(event_id: int, participants: Iterable[str], **facts: str) -> None:
    """Record these participants at the event, as professionals who attended unless `facts` say otherwise."""
    for participant in participants:
        add_participation(event_id, ParticipationDraft(participant, **{"group": "professional", **facts}), now=NOW)


def make_user(
    role: Role | None = Role.MANAGER, organisation: str = "", email: str = "someone@example.org", *, admin: bool = False
) -> int:
    """An account with this role in LTPL00388 (None: no membership) that cannot sign in by password; return its id."""
    with transaction() as session:
        user = User(email=email, name="Someone", password_hash="none", is_admin=admin, created_at=NOW)
        session.add(user)
        session.flush()
        # Straight into the tables, so that the audit of a test holds what the test does.
        if role is not None:
            key = organisation or None
            session.add(Membership(user_id=user.id, project_code=PROJECT, role=role, organisation_key=key))
        return user.id


def sign_in(client: FlaskClient, user_id: int, *, now: datetime = NOW) -> FlaskClient:
    """Let the browser be signed in as the user since `now`. Opens a context of its own."""
    with client.application.app_context(), transaction() as stored:
        token = begin(stored, user_id, now=now)
    with client.session_transaction() as session:
        session[TOKEN] = token
    return client


def make_other_project() -> str:
    """A project with the same facts under another code; return that code."""
    stated = tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))
    stated["project"]["code"] = OTHER_PROJECT
    return load_project(read_project_file(stated), now=NOW).code


def make_contact(project_code: str, name: str) -> int:
    """A contact of this name at the project's lps; return its id."""
    version = get_project(project_code).version
    return add_contact(project_code, "lps", ContactDraft(name), version=version, now=NOW)


def make_tournament(**changes: Any) -> int:
    """The volleyball tournament of lps and ols, held on 6 June 2026, where 40 community members and 16 convicted
    persons were counted; return its id."""
    stated: dict[str, Any] = {
        "ref": "V1",
        "title": {"en": "Volleyball tournament", "lt": "Tinklinio turnyras", "pl": "Turniej siatkówki"},
        "kind": "tournament",
        "activity": "2.4",
        "starts": datetime(2026, 6, 6, 11, 0),
        "ends": datetime(2026, 6, 6, 18, 0),
        "is_public": True,
        "status": "held",
    }
    event_id = make_event(**{**stated, **changes})
    make_headcounts(event_id, HeadcountDraft("community_member", 40), HeadcountDraft("convicted_person", 16))
    return event_id


def make_figure(project_code: str, key: str, file: KeptUpload | None = None, **stated: Any) -> int:
    """12 on 10 March 2026 by the lists of the library, or as stated, for the indicator of any kind; return its id.

    Straight into the tables, so that it is there too where the indicator has been entered by hand only once.
    """
    values = {"day": date(2026, 3, 10), "number": 12, "reason": "Lists of the library.", **stated}
    with transaction() as session:
        add_rows(session, [file] if file else [], now=NOW)
        proof = {"sha256": file.original.sha256, "filename": file.name} if file else {}
        row = ManualFigure(
            indicator=get_indicator(project_code, key), actor="command line", entered_at=NOW, **values, **proof
        )
        session.add(row)
        session.flush()
        return row.id


def make_item(organisation: str, reference: str = "K-1", *, project_code: str = PROJECT, **changes: Any) -> int:
    """An invoice of 100.00 for catering, dated 10 March 2026 and paid ten days later, or as stated; return its id.

    In the organisation's own currency. `changes` are columns of the table, or `work_package` and `activity` by their
    numbers. Straight into the tables, so that an item can stand in any state.
    """
    values = dict(changes)
    with transaction() as session:
        project = get_project(project_code)
        partner = next(each for each in project.organisations if each.key == organisation)
        packages = {each.number: each for each in project.work_packages}
        activities = {each.number: each.id for package in packages.values() for each in package.activities}
        if "work_package" in values:
            values["work_package_id"] = packages[values.pop("work_package")].id
        if "activity" in values:
            values["activity_id"] = activities[values.pop("activity")]
        stated = {name: values.pop(name) for name in ItemDraft._fields if name in values}
        draft = CATERING._replace(**{"internal_reference": reference, "currency": partner.currency, **stated})
        row = ExpenditureItem(project_code=project_code, organisation=partner, created_at=NOW, updated_at=NOW)
        for name, value in {**draft._asdict(), **keys_of(draft)._asdict(), **values}.items():
            setattr(row, name, value)
        session.add(row)
        session.flush()
        return row.id


def make_import(project_code: str = PROJECT) -> int:
    """A file of one workshop, which is checked and not yet imported; return the import's id."""
    row = f"X1,Workshop,workshop,1.1,2026-03-10 10:00,2026-03-10 16:00,LT,{project_code},lps"
    content = f"ref,title,kind,activity,start,end,country,place,organisers\n{row}\n"
    request = Request(project_code, None, NOW, lambda rows: None)
    brought = keep_and_check(get_kind("events"), request, Upload("events.csv", io.BytesIO(content.encode())))
    return bring(brought, now=NOW)


def sign_in_as(app: Flask, role: Role | None, organisation: str = "") -> FlaskClient:
    """A browser in which someone with this role in LTPL00388 has signed in. Opens a context of its own."""
    with app.app_context():
        user_id = make_user(role, organisation, email=f"{role or 'stranger'}-{organisation}@example.org")
    return sign_in(app.test_client(), user_id)


@contextmanager
def noted_queries(app: Flask) -> Iterator[list[str]]:
    """Note every statement that reaches the app's database inside the block. Opens a context of its own."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def run_portal(app: Flask, *arguments: str | Path, **environment: str) -> Result:
    """What the command `portal` answers on the app's database; a failure that is no refusal is raised."""
    opened: set[Engine] = set()

    def keep(connection: Any) -> None:
        opened.add(connection.engine)

    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    env = {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_DATA_DIR": str(app.config["DATA_DIR"]),
        "PORTAL_SECRET_KEY": "x" * 32,
        "PORTAL_NOW": NOW.isoformat(),
        **environment,
    }
    event.listen(Engine, "engine_connect", keep)
    try:
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(cli, words, env=env, catch_exceptions=False, prog_name="portal")
    finally:
        # The command has set the clock as its own environment says.
        clock.stand_still(NOW)
        event.remove(Engine, "engine_connect", keep)
        # The command's own app is gone, and its connections must not outlive the database they are on.
        for engine in opened:
            engine.dispose()
