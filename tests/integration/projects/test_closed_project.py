"""The pages of a closed project: everything can be read, and nothing is offered that would be refused."""

import io
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.activities.rules.comments import TopicKind
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.comments import Author, ask
from portal.activities.services.evidence import add_evidence
from portal.core.db import db
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from portal.imports.kinds import Request
from portal.imports.services.storing import prepare, store
from portal.projects.models import Project
from tests.conftest import NOW
from tests.files import pdf
from tests.integration.pages import find_all, links_of, page_text, read_page
from tests.make import (
    PROJECT,
    make_contact,
    make_event,
    make_figure,
    make_headcounts,
    make_import,
    make_people,
    make_project,
    make_user,
    sign_in_as,
)

HOME = f"/projects/{PROJECT}/"
CLOSED = "The project is closed: its plan, events and figures change no more. Questions can still be asked."
# What a closed project still takes: its status, its people, questions and answers, and that what names people goes.
STILL_TAKEN = frozenset(
    {
        "accounts.logout",
        "comments.answer",
        "comments.ask_about_activity",
        "comments.ask_about_event",
        "comments.remove",
        "comments.settle",
        "comments.show",
        "imports.discard",
        "members.give",
        "members.invite",
        "members.remove",
        "members.resend",
        "organisations.remove_contact",
        "projects.new",
        "retention.anonymise",
        "retention.index",
        "retention.person",
        "retention.person_file",
        "retention.withdraw",
        "status.copy",
        "status.move",
    }
)


@pytest.fixture
def closed(app: Flask) -> Flask:
    """A project with something in each of its rooms, which has been closed."""
    with app.app_context():
        make_project()
        make_event(ref="W0")
        event_id = make_event(ref="W1", status="held")
        make_people(event_id, ["ours"])
        make_headcounts(event_id, HeadcountDraft("staff", 2))
        kept = keep_uploads([Upload("agenda.pdf", io.BytesIO(pdf()))], now=NOW)
        add_evidence(event_id, "agenda", kept, now=NOW)
        ask(PROJECT, TopicKind.EVENT, event_id, "Who was there?", by=Author(0, "Someone"), now=NOW)
        make_contact(PROJECT, "Ona Onaitė")
        make_figure(PROJECT, "workshops")
        make_user(Role.PARTNER, "ols", email="partner@example.org")
        # The second file still waits as it did when the project was closed.
        stored, _ = make_import(), make_import()
        store(stored, prepare(stored, Request(PROJECT, None, NOW, lambda rows: None)), now=NOW)
        db.session.get_one(Project, PROJECT).status = "closed"
        db.session.commit()
    return app


def endpoint_of(app: Flask, path: str, method: str) -> str | None:
    """What answers this method at the address; None where nothing does."""
    try:
        return str(app.url_map.bind("127.0.0.1").match(path, method=method)[0])
    except HTTPException:
        return None


def offers_of(answer: TestResponse) -> tuple[set[str], set[str]]:
    """The paths of the project that the page leads to, and those that its forms are sent to."""
    page, here = read_page(answer), answer.request.path
    links = {urlsplit(each.attributes["href"]).path for each in find_all(page, "a") if "href" in each.attributes}
    forms = {each.attributes.get("action") or here for each in find_all(page, "form", method="post")}
    return {link for link in links if link.startswith(HOME)}, {urlsplit(form).path for form in forms}


def walk(app: Flask, browser: FlaskClient) -> tuple[dict[str, str], list[str]]:
    """Endpoint that takes forms -> a page that offers it; and the pages read, beginning at the project's home."""
    offered: dict[str, str] = {}
    seen, waiting = {HOME}, [HOME]
    read = []
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html":
            continue
        read.append(path)
        links, forms = offers_of(answer)
        writing = {link: endpoint for link in links | forms if (endpoint := endpoint_of(app, link, "POST"))}
        offered |= dict.fromkeys(writing.values(), path)
        waiting += sorted(links - seen - writing.keys())
        seen |= links
    return offered, read


@pytest.mark.parametrize(("role", "organisation"), [(Role.MANAGER, ""), (Role.PARTNER, "lps"), (Role.VIEWER, "")])
def test_nothing_is_offered_that_would_be_refused(closed, role, organisation):
    offered, read = walk(closed, sign_in_as(closed, role, organisation))
    assert {endpoint: page for endpoint, page in offered.items() if endpoint not in STILL_TAKEN} == {}
    assert {HOME, f"{HOME}plan", f"{HOME}events", f"{HOME}events/2", f"{HOME}outcomes", f"{HOME}members"} <= set(read)


def test_every_page_says_once_that_it_is_closed_and_how_it_is_opened_again(closed):
    manager, viewer = sign_in_as(closed, Role.MANAGER), sign_in_as(closed, Role.VIEWER)
    for page in ("", "events", "events/2", "plan", "imports", "structure", "structure/project/facts", "status"):
        answer = manager.get(f"{HOME}{page}")
        assert (page, page_text(answer).count("The project is closed")) == (page, 1)
        assert links_of(answer)["Open the project again"] == f"{HOME}status"
    said = page_text(viewer.get(f"{HOME}events"))
    assert f"{CLOSED} A manager can open it again." in said


def test_what_is_still_taken_is_still_offered(closed):
    offered, read = walk(closed, sign_in_as(closed, Role.MANAGER))
    expected = {"status.move", "members.invite", "members.remove", "comments.show", "comments.ask_about_event"}
    assert expected | {"comments.settle", "organisations.remove_contact", "imports.discard"} <= offered.keys()
    assert {f"{HOME}imports", f"{HOME}structure", f"{HOME}events/2/participants", f"{HOME}audit"} <= set(read)


def test_a_running_project_is_not_called_closed_and_offers_its_forms(closed):
    with closed.app_context():
        db.session.get_one(Project, PROJECT).status = "running"
        db.session.commit()
    offered, _ = walk(closed, sign_in_as(closed, Role.MANAGER))
    assert {"events.create", "events.edit", "evidence.add", "imports.create", "imports.undo"} <= offered.keys()
    assert "The project is closed" not in page_text(sign_in_as(closed, Role.VIEWER).get(f"{HOME}events"))
