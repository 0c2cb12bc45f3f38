"""What a wave does that somebody decides by hand, which version it asks, and paper forms that wait in it."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.surveys.models import Wave
from portal.surveys.queries.studies import get_study, get_wave
from portal.surveys.services.studies import begin_version, publish
from portal.surveys.services.waves import decide_wave
from tests.conftest import NOW
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_fields,
    read_page,
    read_table,
    send_form,
    text_of,
)
from tests.integration.surveys.papers import make_differing_sheet, make_note, type_once
from tests.integration.surveys.studies import answer, wave_of
from tests.make import PROJECT, sign_in_as

TRUST = f"/projects/{PROJECT}/surveys/trust"
BASELINE = f"{TRUST}/waves/baseline"
AGAIN = "Let the days decide again"
NOW_ASKS = "The wave now asks version 2 of the questionnaire."


def decide(app: Flask, study: int, by_hand: str) -> None:
    with app.app_context():
        wave_id = wave_of(study)
        decide_wave(wave_id, by_hand, version=db.session.get_one(Wave, wave_id).version, now=NOW)


def set_days(app: Flask, study: int, opens_on: date | None, last_day: date | None) -> None:
    with app.app_context():
        wave_id = wave_of(study)
        with transaction() as session:
            wave = session.get_one(Wave, wave_id)
            wave.opens_on, wave.last_day = opens_on, last_day


def presses(browser: FlaskClient) -> list[str]:
    """What the buttons of the wave say, in their order."""
    main = next(find_all(read_page(browser.get(BASELINE)), "main"))
    return [text_of(each) for each in find_all(main, "button")]


def version_of(app: Flask, key: str = "baseline") -> int:
    with app.app_context():
        return get_wave(get_study(PROJECT, "trust"), key).instrument.number


def publish_again(app: Flask, study: int) -> None:
    """Publish version 2 of the survey."""
    with app.app_context():
        begin_version(study, {"why": ""}, now=NOW)
        publish(study, version=1, now=NOW)


@pytest.mark.parametrize(("last_day", "said"), [(date(2026, 11, 2), "was 2"), (date(2099, 12, 31), "is 31")])
def test_a_wave_that_is_opened_by_hand_says_that_its_days_do_not_close_it(app, study, researcher, last_day, said):
    set_days(app, study, date(2026, 11, 1), last_day)
    decide(app, study, "open")
    words = f"It takes answers until somebody closes it, although its last day {said} "
    assert words in page_text(researcher.get(BASELINE))
    late = researcher.post(f"{BASELINE}/decide", data={"by_hand": "closed", "version": "1"})
    assert late.status_code == 409
    assert words in page_text(late)
    assert read_table(researcher.get(TRUST), "Waves")[1][2] == "Takes answers (decided by hand)"
    decide(app, study, "closed")
    assert "although its last day" not in page_text(researcher.get(BASELINE))


def test_what_undoes_a_closing_is_offered_first(app, study, researcher):
    decide(app, study, "closed")
    assert presses(researcher) == [AGAIN, "Open the wave now"]
    assert "takes answers until somebody closes it, also after its last day" in page_text(researcher.get(BASELINE))
    decide(app, study, "open")
    assert presses(researcher) == ["Close the wave now", AGAIN]


def test_days_that_a_wave_does_not_have_decide_nothing(app, study, researcher):
    set_days(app, study, None, None)
    for by_hand in ("open", "closed"):
        decide(app, study, by_hand)
        assert AGAIN not in presses(researcher)


def test_a_wave_without_answers_asks_the_latest_version_once_it_is_moved(app, study, researcher):
    publish_again(app, study)
    assert (version_of(app), version_of(app, "endline")) == (1, 2)
    assert "Version 2 was published later." in page_text(researcher.get(BASELINE))
    send_form(researcher, f"{BASELINE}/edit", last_day="2099-12-31")
    assert version_of(app) == 1, "it was open all the time"
    assert NOW_ASKS not in page_text(researcher.get(BASELINE))
    send_form(researcher, f"{BASELINE}/edit", opens_on="2099-12-01")
    assert version_of(app) == 2
    assert NOW_ASKS in page_text(researcher.get(BASELINE))
    assert "published later" not in page_text(researcher.get(BASELINE))


@pytest.mark.parametrize("has", ["answers", "papers", "a day in the field"])
def test_a_wave_that_people_answer_keeps_its_version(app, study, researcher, has):
    with app.app_context():
        if has == "answers":
            answer(study, "baseline", [{"q1": 3}])
        elif has == "papers":
            type_once(study, 1, "1")
        else:
            make_note(study, 0, 0)
    publish_again(app, study)
    decide(app, study, "closed")
    send_form(researcher, f"{BASELINE}/edit", opens_on="2099-12-01", last_day="2099-12-31")
    assert version_of(app) == 1


def test_a_wave_that_was_closed_without_answers_asks_the_latest_version_when_it_opens(app, study, researcher):
    decide(app, study, "closed")
    publish_again(app, study)
    assert version_of(app) == 1
    for by_hand, is_said in (("", True), ("closed", False)):
        fields = read_fields(researcher.get(BASELINE))
        sent = researcher.post(f"{BASELINE}/decide", data={**fields, "by_hand": by_hand}, follow_redirects=True)
        assert (NOW_ASKS in page_text(sent), version_of(app)) == (is_said, 2)


def test_nobody_has_answered_a_wave_to_come_wherever_it_is_shown(researcher, study):
    assert read_table(researcher.get(TRUST), "Waves")[2][4] == "–"
    said = page_text(researcher.get(f"{TRUST}/waves/endline"))
    assert "fewer than 10" not in said
    assert "Answered –" in said


def test_paper_forms_that_wait_are_told_to_those_who_type_them_in(app, study, researcher):
    with app.app_context():
        make_differing_sheet(study)
        type_once(study, 2, "1")
        type_once(study, 3, "1")
    waits = "2 paper forms are typed in once only. The typings of 1 paper form differ."
    assert waits in page_text(researcher.get(BASELINE))
    assert waits not in page_text(researcher.get(TRUST)), "the wave is open, and they come in"
    decide(app, study, "closed")
    for browser in (researcher, sign_in_as(app, Role.PARTNER, "lps")):
        for page in (BASELINE, TRUST):
            assert waits in page_text(browser.get(page))
            assert links_of(browser.get(page))["Finish the paper forms"] == f"{BASELINE}/paper"
    late = researcher.post(f"{BASELINE}/decide", data={"by_hand": "open", "version": "1"})
    assert waits in page_text(late)
    viewer = sign_in_as(app, Role.VIEWER)
    assert not any("typed in once only" in page_text(viewer.get(page)) for page in (BASELINE, TRUST))


def test_paper_forms_that_wait_are_told_also_while_a_new_version_is_written(app, study):
    with app.app_context():
        type_once(study, 1, "1")
    decide(app, study, "closed")
    with app.app_context():
        begin_version(study, {"why": ""}, now=NOW)
    for role in (Role.PARTNER, Role.RESEARCHER):
        page = page_text(sign_in_as(app, role, "lps" if role == Role.PARTNER else "").get(TRUST))
        assert page.count("1 paper form is typed in once only.") == 1
