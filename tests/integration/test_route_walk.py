"""Every address is opened and posted to by everyone: nothing fails, nothing foreign is shown, nothing foreign changes.

The walk covers what the app registers, so a new address without an argument it knows makes it stop.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select
from werkzeug.routing import Rule

from portal.accounts.guard import OPEN_ENDPOINTS, PUBLIC, SIGNED_IN, declared_access
from portal.accounts.rules import ORGANISATION_ROLES, SIGHT, Holding, Permission, Role, may
from portal.accounts.services.memberships import add_membership
from portal.activities.models import Participation
from portal.activities.rules.comments import Author, TopicKind
from portal.activities.services.comments import ask
from portal.activities.services.evidence import add_evidence
from portal.budget.rules.rates import RateDraft
from portal.budget.services.contracts import add_contract, add_contract_files
from portal.budget.services.evidence import Sorted, attach_batch
from portal.budget.services.evidence import add_evidence as add_item_evidence
from portal.budget.services.rates import add_rate
from portal.core.db import Base, db
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from portal.core.money import RateMicros
from portal.surveys.services.studies import begin_version
from tests.conftest import NOW
from tests.files import pdf
from tests.integration.budget.budgets import store_lines
from tests.integration.budget.contracts import CATERING
from tests.integration.surveys.papers import make_differing_sheet, make_note
from tests.integration.surveys.studies import answer, make_study
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_contact,
    make_event,
    make_figure,
    make_import,
    make_item,
    make_other_project,
    make_people,
    make_project,
    make_user,
    sign_in,
)

# Tables that reading may touch: when a session was last seen, and what is bookkeeping of sign-ins.
NOT_WATCHED = {"sign_ins", "sign_in_attempts", "form_keys", "alembic_version"}
# The number of the other project's event, file, question, import and role; ours have 1.
FOREIGN = 2
# Files of a wave that still takes answers are not handed out.
HANDED_OUT_LATER = {"survey_data.archive", "survey_data.sav"}
WRITING = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
BELONGS = {
    "event_id",
    "participation_id",
    "evidence_id",
    "figure_id",
    "comment_id",
    "import_id",
    "membership_id",
    "contact_id",
    "item_id",
    "batch_id",
    "contract_id",
    "file_id",
    "rate_id",
    "note_id",
}
# Pages that ask, besides what they declare, whether the thing is the person's own.
OF_ONES_OWN = {"comments.remove", "survey_fieldwork.edit", "survey_fieldwork.remove"}
# Pages that ask, besides what they declare, for the permission of any kind of file, or of the one at hand.
OF_KINDS = {
    "imports.index",
    "imports.create",
    "imports.show",
    "imports.undo",
    "imports.template",
    "imports.export",
    "pasting.create",
}
# Pages about expenditure that are not there for those who see none, and ask the others for the right to enter it.
OF_THOSE_WHO_ENTER = {
    "items.choose",
    "items.add",
    "items.edit",
    "items.remove",
    "item_evidence.add",
    "item_evidence.remove",
    "item_evidence.bulk",
    "item_evidence.batch",
    "contracts.add",
    "contracts.edit",
    "contracts.remove",
    "contracts.add_files",
    "contracts.remove_file",
    "expenditure.change",
}


class Someone(NamedTuple):
    """A browser, and what its person holds in LTPL00388 (None: nobody is signed in)."""

    name: str
    browser: FlaskClient
    holdings: list[Holding] | None


@pytest.fixture
def world(app: Flask) -> Flask:
    """Two projects, an event with a participant and a question, and an import, in each; 1 is ours, 2 is foreign."""
    with app.app_context():
        make_project()
        make_other_project()
        store_lines("lps", {("staff",): 100})
        # Named like the indicator, as addresses name both `key`; published, with a new version being edited.
        study_id = make_study(key="workshops")
        begin_version(study_id, {}, now=NOW)
        answer(study_id, "baseline", [{"q1": number % 5 + 1} for number in range(12)])
        make_differing_sheet(study_id)
        make_note(study_id)
        make_people(make_event(ref="W1", organisers=["lps", "ols"]), ["ours"])
        make_people(make_event(ref="W2", project_code=OTHER_PROJECT), ["foreign"])
        for code, event_id, text in ((PROJECT, 1, "ours"), (OTHER_PROJECT, FOREIGN, "foreign")):
            ask(code, TopicKind.EVENT, event_id, text, by=Author(0, "Someone"), now=NOW)
            kept = keep_uploads([Upload(f"{text}.pdf", io.BytesIO(pdf(text)))], now=NOW)
            add_evidence(event_id, "agenda", kept, now=NOW)
            make_import(code)
            make_contact(code, text)
            add_rate(code, RateDraft("PLN", "2026-07", RateMicros(4_256_300)), now=NOW)
            make_figure(code, "workshops", kept[0], reason=text)
            contract_id = add_contract(code, "lps", CATERING._replace(name=text), now=NOW)
            add_contract_files(code, contract_id, kept, now=NOW)
            attach_batch(code, "lps", [Sorted(f"{text}.pdf", "reference-unknown")], now=NOW)
            add_item_evidence(code, make_item("lps", project_code=code, description=text), "invoice", kept, now=NOW)
            add_membership(make_user(None, email=f"{text}@example.org"), project_code=code, role="viewer", now=NOW)
    return app


def everyone(app: Flask) -> Iterator[Someone]:
    """A visitor, a stranger, and each role: those held for an organisation by lps, which organises our event."""
    yield Someone("visitor", app.test_client(), None)
    for role in (None, *Role):
        organisation = "lps" if role in ORGANISATION_ROLES else ""
        with app.app_context():
            user_id = make_user(role, organisation, email=f"{role or 'stranger'}@example.org")
        held = [] if role is None else [Holding(role, organisation)]
        yield Someone(role or "stranger", sign_in(app.test_client(), user_id), held)


def rules(app: Flask) -> list[Rule]:
    """Every address of ours, in order."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]
    return sorted(found, key=lambda rule: rule.rule)


def access(app: Flask, rule: Rule) -> str | None:
    """What the address's view declares."""
    return declared_access(app.view_functions[rule.endpoint])


def arguments(app: Flask, *, foreign: bool) -> dict[str, Any]:
    """A value for every argument that addresses have; foreign things are those of the other project."""
    with app.app_context():
        people = db.session.scalars(select(Participation).order_by(Participation.id)).all()
    return {
        "code": PROJECT,
        "key": "workshops",
        "table": "indicators",
        "section": "facts",
        "number": 1,
        "event_id": FOREIGN if foreign else 1,
        "participation_id": people[1 if foreign else 0].id,
        "evidence_id": FOREIGN if foreign else 1,
        "figure_id": FOREIGN if foreign else 1,
        "activity_number": "1.1",
        "deliverable_number": "D1.1.1",
        "comment_id": FOREIGN if foreign else 1,
        "import_id": FOREIGN if foreign else 1,
        "kind": "events",
        "membership_id": FOREIGN if foreign else 1,
        "contact_id": FOREIGN if foreign else 1,
        "item_id": FOREIGN if foreign else 1,
        "batch_id": FOREIGN if foreign else 1,
        "contract_id": FOREIGN if foreign else 1,
        "file_id": FOREIGN if foreign else 1,
        "rate_id": FOREIGN if foreign else 1,
        "organisation_key": "lps",
        "other": "lpro",
        "user_id": 1,
        "mail_id": 1,
        "job_id": 1,
        "token": "no-such-token",
        "study_id": 1,
        "mark": "0" * 16,
        "secret": "0" * 48,
        "sha256": "0" * 64,
        "position": 1,
        "group": "community_member",
        "certificate_code": "A" * 26,
        "wave": "baseline",
        "language": "lt",
        "item_key": "q1",
        "part": "sections",
        "part_key": "views",
        "note_id": FOREIGN if foreign else 1,
    }


def address(rule: Rule, values: dict[str, Any]) -> str:
    """The address with its arguments filled in."""
    path = rule.rule
    for name in rule.arguments:
        for written in (f"<{name}>", f"<int:{name}>"):
            path = path.replace(written, str(values[name]))
    return path


def digest(app: Flask) -> str:
    """What the database holds, in a few letters."""
    with app.app_context():
        rows = [
            [table.name, [list(map(str, row)) for row in db.session.execute(select(table))]]
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_WATCHED
        ]
        db.session.remove()
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


@contextmanager
def noted_writing(app: Flask) -> Iterator[set[str]]:
    """Note the watched tables in which rows are changed, and that is committed, inside the block."""
    begun: set[str] = set()
    written: set[str] = set()

    def look(connection: Connection, cursor: Any, statement: str, *rest: object) -> None:
        found = WRITING.match(statement)
        if found and cursor.rowcount and found[1] not in NOT_WATCHED:
            begun.add(found[1])

    def keep(connection: Connection) -> None:
        written.update(begun)
        begun.clear()

    def forget(connection: Connection) -> None:
        begun.clear()

    with app.app_context():
        engine = db.engine
    heard = (("after_cursor_execute", look), ("commit", keep), ("rollback", forget))
    for name, listener in heard:
        event.listen(engine, name, listener)
    yield written
    for name, listener in heard:
        event.remove(engine, name, listener)


def enters(someone: Someone) -> bool:
    """Whether they may enter expenditure of anyone at all."""
    return bool(someone.holdings) and may(Permission.ENTER_EXPENDITURE, someone.holdings or [])


def expected(someone: Someone, declared: str | None) -> set[int]:
    """The statuses with which a page that declares this may answer someone who asks for it."""
    if declared == PUBLIC:
        return {200, 302, 404, 405, 422}
    if someone.holdings is None:
        return {302, 405}
    if declared == SIGNED_IN:
        return {200, 302, 405}
    if declared not in set(Permission):
        # Administration: not there for those who do not administer.
        return {403, 404, 405}
    permission = Permission(declared)
    if not someone.holdings:
        return {404, 405}
    if not may(permission, someone.holdings):
        return {404, 405} if permission in SIGHT else {403, 405}
    return {200, 302, 308, 404, 405, 422}


def test_everyone_gets_what_the_address_declares_nothing_fails_and_reading_changes_nothing(world: Flask):
    people = list(everyone(world))
    values = arguments(world, foreign=False)
    before = digest(world)
    wrong = []
    for someone in people:
        for rule in rules(world):
            answer = someone.browser.get(address(rule, values))
            own = {403} if rule.endpoint in OF_ONES_OWN | OF_KINDS else set()
            if rule.endpoint in HANDED_OUT_LATER and someone.holdings:
                own |= {409}
            allowed = expected(someone, access(world, rule)) | own
            if rule.endpoint in OF_THOSE_WHO_ENTER and 200 in allowed and not enters(someone):
                # Some forms are given their key first, which is a redirect.
                allowed = {302, 403, 404}
            if answer.status_code not in allowed:
                wrong.append(f"{someone.name}: GET {rule.rule} answers {answer.status_code}")
    assert wrong == []
    assert digest(world) == before


def test_foreign_things_are_not_found_and_not_changed(world: Flask):
    """With the number of one foreign thing in the address, the rest of it being ours."""
    people = list(everyone(world))
    ours, theirs = arguments(world, foreign=False), arguments(world, foreign=True)
    before = digest(world)
    wrong = []
    for someone in people:
        for rule in rules(world):
            for stolen in sorted(rule.arguments & BELONGS):
                for method in (someone.browser.get, someone.browser.post):
                    answer = method(address(rule, {**ours, stolen: theirs[stolen]}))
                    if answer.status_code not in {302, 403, 404, 405} or "foreign" in answer.text:
                        wrong.append(f"{someone.name}: {method.__name__} {rule.rule}, {stolen}: {answer.status_code}")
    assert wrong == []
    assert digest(world) == before


def test_an_empty_or_nonsensical_form_never_fails_and_a_refused_one_changes_nothing(world: Flask):
    values = arguments(world, foreign=False)
    nonsense = {"version": "x", "group": "convict", "event_id": "2", "is_admin": "1", "role": "manager"}
    sent = [rule for rule in rules(world) if "POST" in (rule.methods or ()) and rule.endpoint != "accounts.logout"]
    failed, changed, succeeded = [], [], 0
    people = list(everyone(world))
    with noted_writing(world) as written:
        for someone, rule, form in product(people, sent, ({}, nonsense)):
            written.clear()
            answer = someone.browser.post(address(rule, values), data=form)
            succeeded += bool(written)
            if answer.status_code >= 500:
                failed.append(f"{someone.name}: POST {rule.rule} answers {answer.status_code}")
            if answer.status_code >= 400 and written:
                changed.append(f"{someone.name}: POST {rule.rule} is refused and changes {written}")
    # Some forms need no field: what they store is noticed.
    assert succeeded
    assert (failed, changed) == ([], [])
