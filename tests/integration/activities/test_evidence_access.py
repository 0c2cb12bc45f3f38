"""Who may open evidence: the organisers, the manager and the organisers' controllers; stolen ids open nothing."""

import io

import pytest

from portal.accounts.rules import Role
from portal.activities.queries import list_evidence
from portal.activities.services.evidence import add_evidence
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from tests.conftest import NOW
from tests.files import as_form, jpeg
from tests.integration.pages import links_of, page_text
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, sign_in_as

EVENTS = f"/projects/{PROJECT}/events"

# For each person what add, original, shared and remove answer; the event is organised by lps and ols.
PEOPLE = {
    "manager": (Role.MANAGER, "", [200, 200, 200, 200]),
    "organiser": (Role.PARTNER, "ols", [200, 200, 200, 200]),
    "other partner": (Role.PARTNER, "lpro", [403, 404, 404, 403]),
    "finance of an organiser": (Role.FINANCE, "ols", [403, 404, 404, 403]),
    "controller of an organiser": (Role.CONTROLLER, "ols", [403, 200, 200, 403]),
    "other controller": (Role.CONTROLLER, "lpro", [403, 404, 404, 403]),
    "programme": (Role.PROGRAMME, "", [403, 404, 404, 403]),
    "researcher": (Role.RESEARCHER, "", [403, 404, 404, 403]),
    "auditor": (Role.AUDITOR, "", [403, 404, 404, 403]),
    "viewer": (Role.VIEWER, "", [403, 404, 404, 403]),
    "stranger": (None, "", [404, 404, 404, 404]),
}
PAGES = ["new", "1", "1/shared", "1/remove"]


@pytest.fixture
def event_id(app) -> int:
    """An event with a photo."""
    with app.app_context():
        make_project()
        event_id = make_event(ref="W1")
        kept = keep_uploads([Upload("Ona Onaitė.jpg", io.BytesIO(jpeg()))], now=NOW, share=True)
        add_evidence(event_id, "photos", kept, now=NOW)
    return event_id


@pytest.mark.parametrize("person", PEOPLE)
def test_each_page_opens_to_whom_the_agreed_table_says(app, event_id, person):
    role, organisation, answers = PEOPLE[person]
    client = sign_in_as(app, role, organisation)
    assert [client.get(f"{EVENTS}/{event_id}/evidence/{page}").status_code for page in PAGES] == answers


@pytest.mark.parametrize("person", [name for name, (_, _, answers) in PEOPLE.items() if answers[0] != 200])
def test_whoever_may_not_change_the_event_changes_nothing_by_sending_a_form(app, event_id, person):
    role, organisation, answers = PEOPLE[person]
    client = sign_in_as(app, role, organisation)
    sent = as_form({"kind": "other"}, files=[("b.jpg", jpeg(80))])
    added = client.post(f"{EVENTS}/{event_id}/evidence/new", **sent)
    removed = client.post(f"{EVENTS}/{event_id}/evidence/1/remove", data={"form_key": "x" * 32})
    assert [added.status_code, removed.status_code] == [answers[0], answers[3]]
    with app.app_context():
        assert [item.row.filename for item in list_evidence(event_id)] == ["Ona Onaitė.jpg"]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_name_of_a_file_is_shown_to_those_who_may_open_it(app, event_id, person):
    role, organisation, answers = PEOPLE[person]
    page = sign_in_as(app, role, organisation).get(f"{EVENTS}/{event_id}")
    assert ("Ona" in page_text(page)) is (answers[1] == 200)
    assert ("Add evidence" in links_of(page)) is (answers[0] == 200)


def test_evidence_of_another_event_is_not_there(app, event_id):
    with app.app_context():
        other = make_event(ref="W2")
    client = sign_in_as(app, Role.MANAGER)
    for page in PAGES[1:]:
        assert client.get(f"{EVENTS}/{other}/evidence/{page}").status_code == 404
    assert client.post(f"{EVENTS}/{other}/evidence/1/remove").status_code == 404
    with app.app_context():
        assert len(list_evidence(event_id)) == 1


def test_evidence_of_another_project_is_not_there(app, event_id):
    client = sign_in_as(app, Role.MANAGER)
    with app.app_context():
        make_other_project()
        other = make_event(ref="W2", project_code=OTHER_PROJECT)
    for page in PAGES:
        assert client.get(f"/projects/{OTHER_PROJECT}/events/{event_id}/evidence/{page}").status_code == 404
        assert client.get(f"{EVENTS}/{other}/evidence/{page}").status_code == 404


def test_whoever_has_not_signed_in_is_sent_to_sign_in(client, event_id):
    for page in PAGES:
        assert client.get(f"{EVENTS}/{event_id}/evidence/{page}").location.startswith("/login?next=")
