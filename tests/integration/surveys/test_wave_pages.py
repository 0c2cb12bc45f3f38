"""Waves of a survey: their days, opening and closing by hand, the open link, and how many have answered."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from portal.surveys.queries.studies import WaveRow, get_study, get_wave
from portal.surveys.rules.secrets import normal_link
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.services.waves import add_wave, change_wave, decide_wave, remove_wave
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_table, send_form
from tests.integration.surveys.phones import LINK, VIEWS, begin, fill, send
from tests.integration.surveys.studies import answer, make_study, wave_of
from tests.make import PROJECT, make_project, sign_in_as

TRUST = f"/projects/{PROJECT}/surveys/trust"
WAVES = f"{TRUST}/waves"


@pytest.fixture
def researcher(app: Flask) -> FlaskClient:
    """The browser of the researcher of LTPL00388, which has a published survey with two waves; the first is open."""
    with app.app_context():
        make_project()
        make_study()
    return sign_in_as(app, Role.RESEARCHER)


def stored(app: Flask, key: str = "baseline") -> WaveRow:
    with app.app_context():
        wave = get_wave(get_study(PROJECT, "trust"), key)
        _ = wave.instrument
        return wave


def respond(app: Flask, number: int) -> None:
    with app.app_context():
        answer(1, "baseline", [{"q1": 3}] * number)


def decide(browser: FlaskClient, by_hand: str, wave: str = "baseline") -> int:
    fields = read_fields(browser.get(f"{WAVES}/{wave}"))
    return browser.post(f"{WAVES}/{wave}/decide", data={**fields, "by_hand": by_hand}).status_code


def test_a_wave_is_added_with_its_days_and_asks_the_published_version(app: Flask, researcher: FlaskClient):
    sent = send_form(researcher, WAVES, key="middle", opens_on="2027-01-01", last_day="2027-01-31")
    assert (sent.status_code, sent.location) == (302, f"{WAVES}/middle")
    wave = stored(app, "middle")
    assert (wave.opens_on, wave.last_day, wave.has_open_link) == (date(2027, 1, 1), date(2027, 1, 31), True)
    assert (wave.position, wave.instrument.number) == (3, 1)
    assert normal_link(wave.token) == wave.token
    assert "1 January 2027 – 31 January 2027" in page_text(researcher.get(f"{WAVES}/middle"))


@pytest.mark.parametrize("page", ["paper", "fieldwork", "codes", "papers"])
def test_pages_of_a_wave_lead_back_to_it_by_its_name(researcher: FlaskClient, page: str):
    assert links_of(researcher.get(f"{WAVES}/endline/{page}"))["← Endline"] == f"{WAVES}/endline"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": "two words"}, "key"),
        ({"key": "Baseline"}, "key"),
        ({"opens_on": "", "last_day": "2027-01-01"}, "opens_on"),
        ({"opens_on": "2027-01-02", "last_day": "2027-01-01"}, "last_day"),
        ({"opens_on": "31.02.2027"}, "opens_on"),
    ],
)
def test_what_a_wave_cannot_be_is_said_at_its_field(app: Flask, researcher: FlaskClient, typed, field):
    sent = send_form(researcher, WAVES, **{"key": "middle", **typed})
    assert (sent.status_code, list(read_errors(sent))) == (422, [field])
    with app.app_context():
        assert len(get_study(PROJECT, "trust").waves) == 2


def test_days_and_open_link_are_changed(app: Flask, researcher: FlaskClient):
    page = researcher.get(f"{WAVES}/baseline")
    assert links_of(page)["http://127.0.0.1:5000/survey/trust-baseline-token"].endswith("/survey/trust-baseline-token")
    sent = send_form(researcher, f"{WAVES}/baseline/edit", opens_on="2026-11-02", has_open_link=[])
    assert sent.status_code == 302
    assert (stored(app).opens_on, stored(app).has_open_link) == (date(2026, 11, 2), False)
    assert "Off: only personal codes lead in" in page_text(researcher.get(f"{WAVES}/baseline"))


def test_who_has_begun_ends_though_the_open_link_is_switched_off(app: Flask, researcher: FlaskClient):
    begun, late = app.test_client(), app.test_client()
    begin(begun)
    assert send_form(researcher, f"{WAVES}/baseline/edit", has_open_link=[]).status_code == 302
    assert "You have begun to answer on this device." in page_text(begun.get(LINK))
    assert fill(begun, VIEWS, q1="4").status_code == 303
    assert send(begun).location == f"{LINK}/thanks"
    assert begin(late).location == f"{LINK}/code"
    assert fill(late, VIEWS, q1="4").status_code == 409
    assert send(late, key="l" * 32).status_code == 409


def test_a_stale_form_of_a_wave_keeps_what_was_typed(app: Flask, researcher: FlaskClient):
    fields = read_fields(researcher.get(f"{WAVES}/baseline/edit"))
    assert send_form(researcher, f"{WAVES}/baseline/edit", last_day="2026-12-24").status_code == 302
    late = researcher.post(f"{WAVES}/baseline/edit", data={**fields, "last_day": "2026-12-01"})
    assert late.status_code == 409
    assert read_fields(late)["last_day"] == "2026-12-01"
    assert read_table(late, "What differs")[1] == ["Last day", "2026-12-24", "2026-12-01"]
    assert researcher.post(f"{WAVES}/baseline/edit", data=read_fields(late)).status_code == 302
    assert stored(app).last_day == date(2026, 12, 1)


def test_a_wave_is_closed_and_opened_by_hand_and_left_to_its_days_again(app: Flask, researcher: FlaskClient):
    assert "Close the wave now" in page_text(researcher.get(f"{WAVES}/baseline"))
    assert decide(researcher, "closed") == 302
    page = page_text(researcher.get(f"{WAVES}/baseline"))
    assert "Takes no more answers (decided by hand)" in page
    assert decide(researcher, "") == 302
    assert "Takes answers" in page_text(researcher.get(f"{WAVES}/baseline"))
    assert decide(researcher, "open", "endline") == 302
    assert (stored(app).by_hand, stored(app, "endline").by_hand) == ("", "open")


def test_a_press_on_a_stale_page_or_another_word_decides_nothing(app: Flask, researcher: FlaskClient):
    fields = read_fields(researcher.get(f"{WAVES}/baseline"))
    assert decide(researcher, "closed") == 302
    late = researcher.post(f"{WAVES}/baseline/decide", data={**fields, "by_hand": "open"})
    assert late.status_code == 409
    assert "Someone else has changed this wave" in page_text(late)
    assert decide(researcher, "ajar") == 422
    assert stored(app).by_hand == "closed"


def test_fewer_than_ten_answers_are_counted_nowhere(app: Flask, researcher: FlaskClient):
    respond(app, 9)
    pages = [page_text(researcher.get(address)) for address in (f"{WAVES}/baseline", TRUST, TRUST.rpartition("/")[0])]
    assert all("fewer than 10" in page for page in pages)
    assert not any("Answered 9" in page or "answered: 9" in page for page in pages)
    respond(app, 1)
    assert read_table(researcher.get(TRUST), "Waves")[1][4] == "10"
    # A wave that is planned has no answers to be told of.
    assert read_table(researcher.get(TRUST), "Waves")[2][4] == "–"


def test_a_wave_is_removed_only_while_nothing_hangs_on_it(app: Flask, researcher: FlaskClient):
    assert "Its link leads nowhere any more" in page_text(researcher.get(f"{WAVES}/endline/remove"))
    assert send_form(researcher, f"{WAVES}/endline/remove").location == TRUST
    respond(app, 1)
    refused = send_form(researcher, f"{WAVES}/baseline/remove")
    assert refused.status_code == 409
    assert "so it stays" in page_text(refused)
    with app.app_context():
        assert [wave.key for wave in get_study(PROJECT, "trust").waves] == ["baseline"]


def test_the_next_step_follows_the_waves(app: Flask, researcher: FlaskClient):
    assert links_of(researcher.get(TRUST))["Collect answers"] == f"{WAVES}/baseline"
    decide(researcher, "closed")
    assert "Read the results" in links_of(researcher.get(TRUST))
    for wave in ("baseline", "endline"):
        assert send_form(researcher, f"{WAVES}/{wave}/remove").status_code == 302
    assert links_of(researcher.get(TRUST))["Add a wave"] == WAVES


def test_every_change_of_a_wave_is_in_the_audit_and_its_token_is_not(in_app: Flask):
    make_project()
    study_id = make_study()
    wave_id = add_wave(study_id, WaveDraft("middle"), now=NOW)
    decide_wave(wave_id, "open", version=1, now=NOW)
    change_wave(wave_id, WaveDraft("middle", has_open_link=False), version=2, now=NOW)
    change_wave(wave_id, WaveDraft("middle", has_open_link=False), version=3, now=NOW)
    remove_wave(wave_id, version=3, now=NOW)
    entries = [row for row in db.session.query(AuditEntry) if row.action == "wave_changed"]
    assert len(entries) == 4
    token = get_study(PROJECT, "trust").waves[0].token
    assert all(token not in str(vars(row)) for row in entries)


def test_waves_that_cannot_change_say_why(in_app: Flask):
    make_project()
    study_id = make_study(is_published=False)
    wave_id = wave_of(study_id)
    with pytest.raises(Conflict, match="wave-unpublished"):
        decide_wave(wave_id, "open", version=1, now=NOW)
    with pytest.raises(InvalidInput, match="wave-decision"):
        decide_wave(wave_id, "ajar", version=1, now=NOW)
    with pytest.raises(Conflict, match="wave-stale"):
        change_wave(wave_id, WaveDraft("baseline"), version=2, now=NOW)
    with pytest.raises(InvalidInputs, match="duplicate-key"):
        add_wave(study_id, WaveDraft("BASELINE"), now=NOW)
    with pytest.raises(NotFound, match="wave-unknown"):
        remove_wave(99, version=1, now=NOW)
    with pytest.raises(NotFound, match="study-unknown"):
        add_wave(99, WaveDraft("other"), now=NOW)
    move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    with pytest.raises(Conflict, match="project-closed"):
        add_wave(study_id, WaveDraft("other"), now=NOW)
    with pytest.raises(Conflict, match="project-closed"):
        change_wave(wave_id, WaveDraft("baseline"), version=1, now=NOW)
