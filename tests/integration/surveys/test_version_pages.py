"""Pages of a questionnaire: translating it, its preview, publishing it, and beginning a new version."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.core.db import db
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.queries.studies import document_of, get_study
from portal.surveys.rules.documents import Instrument, content_hash
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_table,
    send_form,
    text_of,
)
from tests.integration.surveys.studies import INSTRUMENT, make_study
from tests.make import PROJECT, make_project, sign_in_as

SURVEYS = f"/projects/{PROJECT}/surveys"
TRUST = f"{SURVEYS}/trust"
ITEMS = f"{TRUST}/questionnaire/items"
PARTS = f"{TRUST}/questionnaire"


@pytest.fixture
def researcher(app: Flask) -> FlaskClient:
    """The browser of the researcher of LTPL00388."""
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.RESEARCHER)


@pytest.fixture
def draft(app: Flask, researcher: FlaskClient) -> FlaskClient:
    """The same, with a survey that is a draft."""
    with app.app_context():
        make_study(is_published=False)
    return researcher


def stored(app: Flask, key: str = "trust") -> Instrument:
    """What the latest version asks."""
    with app.app_context():
        return document_of(get_study(PROJECT, key).instruments[-1])


def fields_by_source(page: TestResponse) -> dict[str, str]:
    """What the label of each text says → the name of its field."""
    labels = find_all(read_page(page), "label", class_="visually-hidden")
    return {text_of(each): each.attributes["for"] for each in labels if each.attributes["for"].startswith("text-")}


def test_texts_are_translated_side_by_side_and_counted(app: Flask, researcher: FlaskClient):
    with app.app_context():
        make_study(INSTRUMENT._replace(consent={"en": "I agree."}), is_published=False)
    page = researcher.get(TRUST)
    assert "2 texts are missing." in page_text(page)
    rows = read_table(page, "Texts in each language")
    total = rows[1][1].split()[2]
    assert [row[0] for row in rows[1:]] == ["English", "Lietuvių", "Polski"]
    assert rows[1][1:] == [f"{total} of {total} texts", "Complete"]
    assert rows[2][1:] == [f"{int(total) - 1} of {total} texts", "Incomplete"]
    address = f"{TRUST}/texts/lt"
    names = fields_by_source(researcher.get(address))
    sent = send_form(researcher, address, **{names["Lietuvių: I agree."]: "Sutinku: ąčęėįšųūž."})
    assert sent.status_code == 302
    assert stored(app).consent == {"en": "I agree.", "lt": "Sutinku: ąčęėįšųūž."}
    assert "1 text is missing." in page_text(researcher.get(TRUST))
    missing = read_table(researcher.get(f"{TRUST}/texts"), "Texts side by side")
    assert ["study.consent", "I agree.", "Sutinku: ąčęėįšųūž.", "Missing"] in missing


def test_long_lists_of_texts_have_pages(app: Flask, draft: FlaskClient):
    page = draft.get(f"{TRUST}/texts/pl?per_page=5")
    assert "Page 1 of" in page_text(page)
    fields = read_fields(page)
    sent = draft.post(f"{TRUST}/texts/pl?per_page=5", data={**fields, "further": "1"})
    assert sent.location.endswith("/texts/pl?page=2")
    assert stored(app) == INSTRUMENT
    assert draft.get(f"{TRUST}/texts/de").status_code == 404


def test_a_text_that_is_too_long_is_refused_and_kept(app: Flask, draft: FlaskClient):
    name = fields_by_source(draft.get(f"{TRUST}/texts/lt"))["Lietuvių: Trust (en)"]
    page = send_form(draft, f"{TRUST}/texts/lt", **{name: "a" * 5001})
    assert (page.status_code, list(read_errors(page))) == (422, [name])
    assert stored(app) == INSTRUMENT


def test_the_preview_shows_each_screen_in_each_language(draft: FlaskClient):
    first = draft.get(f"{TRUST}/preview?language=lt")
    assert "I agree to take part. (lt)" in page_text(first)
    assert "Screen 1 of 5" in page_text(first)
    said = " ".join(page_text(draft.get(f"{TRUST}/preview?language=pl&screen={number}")) for number in range(2, 6))
    for text in ("Where do you live? (pl)", "People deserve a second chance. (pl)", "Have you met anybody? (pl)"):
        assert text in said
    assert page_text(draft.get(f"{TRUST}/preview?screen=99")) == page_text(draft.get(f"{TRUST}/preview?screen=5"))


def test_publishing_says_what_is_missing_and_offers_no_button(app: Flask, researcher: FlaskClient):
    with app.app_context():
        make_study(INSTRUMENT._replace(title={"en": "Trust"}), is_published=False)
    page = researcher.get(f"{TRUST}/versions/publish")
    assert "It can be published once nothing is missing." in page_text(page)
    assert "study.title : Lietuvių" in page_text(page)
    assert links_of(page)["study.title"] == f"{TRUST}/texts/pl"
    sent = researcher.post(f"{TRUST}/versions/publish", data={"version": "1"})
    assert sent.status_code == 422
    assert stored_hash(app) == ""


def stored_hash(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(InstrumentRow.content_hash).order_by(InstrumentRow.id.desc())).first() or ""


def test_publishing_freezes_the_questionnaire_under_its_hash(app: Flask, draft: FlaskClient):
    wanted = content_hash(INSTRUMENT)
    assert wanted in page_text(draft.get(f"{TRUST}/versions/publish"))
    assert send_form(draft, f"{TRUST}/versions/publish").status_code == 302
    assert stored_hash(app) == wanted
    assert wanted in page_text(draft.get(TRUST))
    page = draft.get(f"{TRUST}/questionnaire")
    assert "published and frozen" in page_text(page)
    assert "Add a question" not in links_of(page)
    for address in (f"{ITEMS}/q1/edit", f"{PARTS}/facts", f"{TRUST}/texts/lt", f"{TRUST}/versions/publish"):
        assert draft.get(address).status_code == 409


def test_a_new_version_begins_with_all_that_is_asked_and_says_what_measures_the_same(
    app: Flask, researcher: FlaskClient
):
    with app.app_context():
        make_study()
    assert send_form(researcher, f"{TRUST}/versions/begin").status_code == 302
    assert stored(app) == INSTRUMENT
    assert send_form(researcher, f"{ITEMS}/q1/edit", key="q1b").status_code == 302
    page = researcher.get(f"{TRUST}/versions/mapping")
    assert read_fields(page)["item-q2"] == "q2"
    assert send_form(researcher, f"{TRUST}/versions/mapping", **{"item-q1": "q1b", "item-why": ""}).status_code == 302
    with app.app_context():
        mapping = get_study(PROJECT, "trust").instruments[-1].mapping
    assert (mapping["q1"], mapping["q2"], mapping.get("why", "")) == ("q1b", "q2", "")
    assert send_form(researcher, f"{TRUST}/versions/publish").status_code == 302
    with app.app_context():
        assert [row.content_hash != "" for row in get_study(PROJECT, "trust").instruments] == [True, True]


def test_a_draft_is_discarded_alone_or_with_its_survey(app: Flask, draft: FlaskClient):
    assert "The survey goes with all its questions and waves" in page_text(draft.get(f"{TRUST}/versions/discard"))
    assert send_form(draft, f"{TRUST}/versions/discard").location == SURVEYS
    assert draft.get(TRUST).status_code == 404
    with app.app_context():
        make_study()
    assert send_form(draft, f"{TRUST}/versions/begin").status_code == 302
    assert send_form(draft, f"{TRUST}/versions/discard").location == TRUST
    assert draft.get(TRUST).status_code == 200
