"""Pages of a questionnaire: translating it, its preview, publishing it, and beginning a new version."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.db import db
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.queries.studies import get_study
from portal.surveys.rules.documents import content_hash
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
from tests.integration.surveys.editing import ITEMS, PARTS, SURVEYS, TRUST, stored
from tests.integration.surveys.studies import INSTRUMENT, make_study, words
from tests.make import PROJECT


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
    assert ["Consent", "I agree.", "Sutinku: ąčęėįšųūž.", "Missing"] in missing


def test_long_lists_of_texts_have_pages(app: Flask, draft: FlaskClient):
    page = draft.get(f"{TRUST}/texts/pl?per_page=5")
    assert "Page 1 of" in page_text(page)
    fields = read_fields(page)
    sent = draft.post(f"{TRUST}/texts/pl?per_page=5", data={**fields, "further": "1"})
    assert sent.location.endswith("/texts/pl?per_page=5&page=2")
    assert stored(app) == INSTRUMENT
    assert draft.get(f"{TRUST}/texts/de").status_code == 404


def test_a_page_with_nothing_to_translate_leads_on(app: Flask, researcher: FlaskClient):
    with app.app_context():
        make_study(INSTRUMENT._replace(consent={"en": "I agree.", "lt": "Sutinku."}), is_published=False)
    page = researcher.get(f"{TRUST}/texts/lt?only=open")
    assert "Nothing waits to be translated here." in page_text(page)
    assert "Save the texts" not in page_text(page)
    assert links_of(page)["Show the missing texts: Polski"] == f"{TRUST}/texts/pl?only=open"
    address = f"{TRUST}/texts/pl?only=open"
    [name] = [each for each in read_fields(researcher.get(address)) if each.startswith("text-")]
    page = researcher.get(send_form(researcher, address, **{name: "Zgadzam się."}).location)
    links = links_of(page)
    assert "Publish the questionnaire" in page_text(researcher.get(links["Go on to publishing"]))
    assert links["Back to the questionnaire"] == f"{TRUST}/questionnaire"


@pytest.fixture
def untranslated(app: Flask, researcher: FlaskClient) -> dict[str, str]:
    """Twelve questions whose texts wait to be translated: each text -> the name of its field, in their order."""
    items = tuple(INSTRUMENT.items[0]._replace(key=f"n{number}", text={"en": f"N{number}"}) for number in range(12))
    with app.app_context():
        make_study(INSTRUMENT._replace(items=items, scales=()), is_published=False)
    fields = fields_by_source(researcher.get(f"{TRUST}/texts/lt?only=open"))
    return {label.removeprefix("Lietuvių: "): name for label, name in fields.items()}


def test_saving_and_going_on_leaves_out_no_text_that_waits(
    app: Flask, researcher: FlaskClient, untranslated: dict[str, str]
):
    address = f"{TRUST}/texts/lt?only=open&per_page=5"

    def go_on(address: str, *texts: str) -> tuple[str, list[str]]:
        filled = {untranslated[text]: f"Lietuviškai {text}" for text in texts}
        sent = send_form(researcher, address, further="1", **filled)
        assert sent.status_code == 302
        assert "only=open" in sent.location
        shown = fields_by_source(researcher.get(sent.location))
        return sent.location, [label.removeprefix("Lietuvių: ") for label in shown]

    address, shown = go_on(address, "N0", "N1", "N2", "N3", "N4")
    assert shown == ["N5", "N6", "N7", "N8", "N9"], "those that are translated wait no more, the others move up"
    address, shown = go_on(address, "N5", "N6", "N7")
    assert shown == ["N8", "N9", "N10", "N11"]
    assert go_on(f"{TRUST}/texts/lt?only=open&per_page=2")[1] == ["N10", "N11"], "what is left empty is passed by"
    assert go_on(f"{TRUST}/texts/lt?only=open&per_page=2&page=2", "N10", "N11")[1] == ["N8", "N9"]
    assert stored(app).item("n7").text["lt"] == "Lietuviškai N7"


def test_texts_are_kept_if_others_were_translated_on_the_page_before(
    app: Flask, researcher: FlaskClient, untranslated: dict[str, str]
):
    address = f"{TRUST}/texts/lt?only=open&per_page=5"
    fields = read_fields(researcher.get(f"{address}&page=2"))
    typed = {name: f"Mano {name}" for name in fields if name.startswith("text-")}
    assert len(typed) == 5
    first = {untranslated[text]: "Kito" for text in ("N0", "N1", "N2")}
    assert send_form(researcher, address, **first).status_code == 302
    stale = researcher.post(f"{address}&page=2", data={**fields, **typed})
    assert stale.status_code == 409
    kept = {name: text for name, text in read_fields(stale).items() if name.startswith("text-")}
    assert kept == typed
    again = researcher.post(f"{address}&page=2", data=read_fields(stale))
    assert again.status_code == 302
    assert [stored(app).item(f"n{number}").text["lt"][:4] for number in (0, 2, 5, 9)] == [
        "Kito",
        "Kito",
        "Mano",
        "Mano",
    ]


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
    assert "I agree to take part. (pl)" in page_text(draft.get(f"{TRUST}/preview?lang=pl"))
    draft.get(f"{TRUST}/preview?lang=en")
    assert page_text(draft.get(f"{TRUST}/preview?screen=99")) == page_text(draft.get(f"{TRUST}/preview?screen=5"))


def test_publishing_says_what_is_missing_and_offers_no_button(app: Flask, researcher: FlaskClient):
    with app.app_context():
        make_study(INSTRUMENT._replace(title={"en": "Trust"}), is_published=False)
    page = researcher.get(f"{TRUST}/versions/publish")
    assert "It can be published once nothing is missing." in page_text(page)
    assert "Title : Lietuvių" in page_text(page)
    assert links_of(page)["Title"] == f"{TRUST}/texts/pl?only=open"
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
    renamed = send_form(researcher, f"{ITEMS}/q1/edit", key="q1b")
    assert renamed.location.endswith("/questionnaire#items-q1b")
    assert "“q1b” still measures what “q1” measured before." in page_text(researcher.get(PARTS))
    page = researcher.get(f"{TRUST}/versions/mapping")
    assert (read_fields(page)["item-q1"], read_fields(page)["item-q2"]) == ("q1b", "q2")
    assert send_form(researcher, f"{TRUST}/versions/mapping", **{"item-why": ""}).status_code == 302
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


@pytest.fixture
def second(app: Flask, researcher: FlaskClient) -> FlaskClient:
    """The browser of the researcher, with a published survey whose second version has begun."""
    with app.app_context():
        make_study()
    assert send_form(researcher, f"{TRUST}/versions/begin").status_code == 302
    return researcher


def test_a_translation_that_fell_behind_is_marked_until_somebody_has_looked_at_it(app: Flask, second: FlaskClient):
    assert send_form(second, f"{ITEMS}/q1/edit", text="Everybody deserves a second chance.").status_code == 302
    page = second.get(f"{TRUST}/versions/publish")
    assert "The text has changed since these were translated." in page_text(page)
    assert "Question 1 (q1) : Lietuvių" in page_text(page)
    assert "“q1” is worded otherwise than “q1” before and still counts as the same." in page_text(page)
    assert "Publish the questionnaire" in page_text(page), "it does not keep it from being published"
    assert page_text(second.get(f"{TRUST}/texts")).count("The text has changed since this was translated") == 2

    address = f"{TRUST}/texts/lt?only=open"
    shown = second.get(address)
    assert "Before: People deserve a second chance. (en)" in page_text(shown)
    main = next(find_all(read_page(shown), "main"))
    named = [field.attributes.get("name", "") for field in find_all(main, "input")]
    (tick,) = [name for name in named if name.startswith("right-")]
    assert send_form(second, address).status_code == 302, "saving another text says nothing of this one"
    assert "Before: People" in page_text(second.get(address))
    assert send_form(second, address, **{tick: "y"}).status_code == 302
    assert "Nothing waits to be translated here." in page_text(second.get(address))

    address = f"{TRUST}/texts/pl?only=open"
    (name,) = fields_by_source(second.get(address)).values()
    assert send_form(second, address, **{name: "Każdy zasługuje na drugą szansę."}).status_code == 302
    assert "since these were translated" not in page_text(second.get(f"{TRUST}/versions/publish"))
    assert stored(app).item("q1").text["pl"] == "Każdy zasługuje na drugą szansę."


def test_before_publishing_a_new_version_it_is_said_what_is_compared_no_more(second: FlaskClient):
    page = page_text(second.get(f"{TRUST}/versions/publish"))
    assert "Every question and every scale is compared with the version before." in page
    assert "This version asks what the published one asks." in page
    assert "It can be published once this is mended." in page

    assert send_form(second, f"{ITEMS}/q2/edit", most="7").status_code == 302
    assert send_form(second, f"{ITEMS}/why/remove").status_code == 302
    assert send_form(second, f"{PARTS}/scales/trust/edit", reverse=[]).status_code == 302
    page = page_text(second.get(f"{TRUST}/versions/publish"))
    assert "Question 2 (q2)" not in page
    assert "“q2” has another lowest or highest answer than “q2” before." in page
    assert "“why” is asked no more: nothing is compared with it." in page
    assert "The scale “trust” reverses other questions than before (q3)." in page
    assert "The answers to “q2” and “q2” cannot be compared" in page
    assert "It can be published once this is mended." in page

    assert send_form(second, f"{TRUST}/versions/mapping", **{"item-q2": ""}).status_code == 302
    page = second.get(f"{TRUST}/versions/publish")
    assert "“q2” has another lowest or highest answer than “q2” before." in page_text(page)
    assert "The scale “trust” averages questions that have no answers to compare with" in page_text(page)
    assert send_form(second, f"{TRUST}/versions/publish").status_code == 302


def test_texts_are_called_by_what_they_are(app: Flask, researcher: FlaskClient):
    first = INSTRUMENT.items[0]._replace(
        labels=tuple(words(each) for each in ("No", "Hardly", "Partly", "Rather", "Yes"))
    )
    with app.app_context():
        make_study(INSTRUMENT._replace(items=(first, *INSTRUMENT.items[1:])), is_published=False)
    called = [row[0] for row in read_table(researcher.get(f"{TRUST}/texts?per_page=100"), "Texts side by side")[1:]]
    assert called[:6] == [
        "Title",
        "Consent",
        "Note for readers of the results",
        "Group 1 (country)",
        "Group 1 (country), answer 1",
        "Group 1 (country), answer 2",
    ]
    assert called[6:11] == [
        "Title of section 1",
        "Title of section 2",
        "Question 1 (q1)",
        "Question 1 (q1), lowest step (1)",
        "Question 1 (q1), step 2",
    ]
    assert {"Question 1 (q1), highest step (5)", "Question 4 (met), answer 2", "Title of scale 1 (trust)"} <= set(
        called
    )
