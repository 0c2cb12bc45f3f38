"""Pages of a questionnaire: beginning one, and writing and changing its parts."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from portal.surveys.queries.starter import get_starter
from portal.surveys.rules.documents import Condition
from portal.surveys.rules.instrument_files import parse_study_file
from tests.conftest import NOW
from tests.files import as_form
from tests.integration.pages import (
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
    send_form,
)
from tests.integration.surveys.editing import ITEMS, PARTS, SURVEYS, TRUST, stored
from tests.integration.surveys.studies import INSTRUMENT
from tests.make import PROJECT, sign_in_as


def press(browser: FlaskClient, value: str) -> TestResponse:
    """Press an arrow on the page of the questionnaire."""
    fields = read_fields(browser.get(f"{TRUST}/questionnaire"))
    return browser.post(f"{TRUST}/questionnaire/move", data={**fields, "move": value})


def test_an_empty_list_offers_three_ways_to_begin(researcher: FlaskClient):
    page = researcher.get(SURVEYS)
    assert "There is no survey yet." in page_text(page)
    assert {
        "Begin with the starter questionnaire",
        "Begin from a file",
        "Begin with an empty questionnaire",
    } <= links_of(page).keys()


def test_a_survey_begins_with_the_starter_questionnaire(app: Flask, researcher: FlaskClient):
    began = send_form(researcher, f"{SURVEYS}/begin/starter", key="attitudes")
    assert (began.status_code, began.location) == (302, f"{SURVEYS}/attitudes")
    assert stored(app, "attitudes") == get_starter().instrument
    page = page_text(researcher.get(f"{SURVEYS}/attitudes"))
    assert "Draft, not published yet" in page
    assert "Nothing is missing. Next: look at the preview, then publish." in page


def test_a_survey_begins_empty_and_asks_for_its_first_question(app: Flask, researcher: FlaskClient):
    typed = {"title": "Trust", "key": "trust", "first": "lt", "languages": ["lt", "pl"]}
    assert send_form(researcher, f"{SURVEYS}/begin/empty", **typed).status_code == 302
    assert stored(app).languages == ("lt", "pl")
    assert stored(app).title == {"lt": "Trust"}
    page = researcher.get(TRUST)
    assert "The questionnaire is empty." in page_text(page)
    assert links_of(page)["Write the first question"] == f"{ITEMS}/kinds"


def test_a_key_that_is_taken_or_none_is_refused_at_its_field(draft: FlaskClient):
    for key in ("trust", "Two words"):
        page = send_form(draft, f"{SURVEYS}/begin/starter", key=key)
        assert page.status_code == 422
        assert list(read_errors(page)) == ["key"]


def test_a_downloaded_file_begins_the_same_survey_under_another_key(app: Flask, draft: FlaskClient):
    began = draft.get(f"{TRUST}/versions/1/file")
    assert began.headers["Content-Disposition"] == "attachment; filename=trust-1.toml"
    assert parse_study_file(began.data, name="x").instrument == INSTRUMENT
    text = began.data.replace(b'key = "trust"', b'key = "again"', 1)
    page = draft.get(f"{SURVEYS}/begin/file", follow_redirects=True)
    fields = {name: value for name, value in read_fields(page).items() if name != "file"}
    sent = draft.post(page.request.full_path, **as_form(fields, file=[("file.toml", text)]))
    assert (sent.status_code, sent.location) == (302, f"{SURVEYS}/again")
    assert stored(app, "again") == INSTRUMENT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[study\n", "not"),
        (b'[study]\nkey="x"\nproject="LTPL00999"\nlanguages=["en"]\ntitle.en="T"\n', "LTPL00999"),
        (b'[study]\nkey="x"\nproject="LTPL00388"\nlanguages=["en"]\n[[items]]\nkey="a"\ntype="guess"\n', "guess"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_its_reason(researcher: FlaskClient, text: bytes, said: str):
    page = researcher.get(f"{SURVEYS}/begin/file", follow_redirects=True)
    fields = {name: value for name, value in read_fields(page).items() if name != "file"}
    sent = researcher.post(page.request.full_path, **as_form(fields, file=[("file.toml", text)]))
    assert sent.status_code == 422
    assert said in " ".join(read_summary(sent))
    assert "There is no survey yet." in page_text(researcher.get(SURVEYS))


def test_questions_of_every_kind_are_written_with_the_fields_they_need(app: Flask, draft: FlaskClient):
    kinds = links_of(draft.get(f"{ITEMS}/kinds?section=you"))
    assert kinds["Several choices"] == f"{ITEMS}/new?kind=multiple&section=you"
    many: dict[str, dict[str, Any]] = {
        "likert": {"least": "0", "most": "2", "labels": "No\nPerhaps\nYes"},
        "single": {"choices": "a = One way\nb = Another"},
        "multiple": {"choices": "a = This\nb = That", "show_item": "met", "show_values": "yes; no"},
        "number": {"least": "0,5", "most": ""},
        "text": {},
    }
    for kind, typed in many.items():
        sent = send_form(
            draft, f"{ITEMS}/new?kind={kind}", text=f"A {kind}?", key=f"new_{kind}", section="you", **typed
        )
        assert sent.status_code == 302, read_summary(sent)
    items = {each.key: each for each in stored(app).items}
    assert items["new_likert"].labels == ({"en": "No"}, {"en": "Perhaps"}, {"en": "Yes"})
    assert (items["new_likert"].least, items["new_likert"].most) == (Decimal(0), Decimal(2))
    assert [each.key for each in items["new_single"].choices] == ["a", "b"]
    assert items["new_multiple"].show_if == Condition("met", ("yes", "no"))
    assert (items["new_number"].least, items["new_number"].most) == (Decimal("0.5"), None)
    assert items["new_text"].text == {"en": "A text?"}


def test_only_a_scale_is_offered_steps_at_first(draft: FlaskClient):
    for kind, bounds in {"likert": ("1", "5"), "number": ("", "")}.items():
        fields = read_fields(draft.get(f"{ITEMS}/new?kind={kind}", follow_redirects=True))
        assert (fields["least"], fields["most"]) == bounds


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("text", {"text": ""}, "text"),
        ("text", {"key": "q1"}, "key"),
        ("text", {"key": "country"}, "key"),
        ("text", {"key": "two words"}, "key"),
        ("text", {"key": "c1"}, "key"),
        ("single", {"choices": "yes"}, "choices"),
        ("single", {"choices": "a = One\na = Two"}, "choices"),
        ("likert", {"least": "5", "most": "1"}, "most"),
        ("likert", {"labels": "One\nTwo"}, "labels"),
        ("number", {"least": "few"}, "least"),
        ("text", {"show_item": "met", "show_values": " ; "}, "show_values"),
        ("text", {"show_item": "met", "show_values": "perhaps"}, "show_values"),
        ("text", {"show_item": "met", "show_values": "yes", "section": "views"}, "show_item"),
    ],
)
def test_what_a_question_cannot_be_is_said_at_its_field(draft: FlaskClient, app: Flask, kind, typed, field):
    before = stored(app)
    fine = {"text": "What?", "key": "fresh", "choices": "a = One", "section": "you"}
    page = draft.get(f"{ITEMS}/new?kind={kind}", follow_redirects=True)
    fields = read_fields(page)
    given = {name: value for name, value in {**fine, **typed}.items() if name in fields}
    sent = draft.post(page.request.full_path, data={**fields, **given})
    assert sent.status_code == 422
    assert list(read_errors(sent)) == [field], read_summary(sent)
    assert stored(app) == before


def test_a_question_is_edited_and_keeps_its_words_in_other_languages(app: Flask, draft: FlaskClient):
    sent = send_form(
        draft, f"{ITEMS}/met/edit", text="Have you ever met one?", key="known", choices="yes = Yes!\nno = no"
    )
    assert sent.status_code == 302
    item = stored(app).item("known")
    assert item.text == {
        "en": "Have you ever met one?",
        "lt": "Have you met anybody? (lt)",
        "pl": "Have you met anybody? (pl)",
    }
    assert item.choices[0].text == {"en": "Yes!", "lt": "yes (lt)", "pl": "yes (pl)"}
    assert stored(app).item("where").show_if == Condition("known", ("yes",))


def test_a_question_is_asked_in_another_way(app: Flask, draft: FlaskClient):
    page = draft.get(f"{ITEMS}/why/edit")
    address = links_of(page)["Number"]
    assert send_form(draft, address, least="1").status_code == 302
    assert (stored(app).item("why").kind, stored(app).item("why").least) == ("number", Decimal(1))


def test_removing_a_question_says_what_else_changes(app: Flask, draft: FlaskClient):
    page = page_text(draft.get(f"{ITEMS}/q3/remove"))
    assert "These scales go on without it: trust." in page
    assert send_form(draft, f"{ITEMS}/q3/remove").status_code == 302
    assert (stored(app).scales[0].items, stored(app).scales[0].reverse) == (("q1", "q2"), ())
    assert "These questions are then always shown: where." in page_text(draft.get(f"{ITEMS}/met/remove"))
    assert send_form(draft, f"{ITEMS}/met/remove").status_code == 302
    assert stored(app).item("where").show_if is None


def test_arrows_move_questions_in_their_section_and_parts_in_their_list(app: Flask, draft: FlaskClient):
    assert press(draft, "items:q3:up").location.endswith("/questionnaire#items-q3")
    assert 'id="items-q3"' in draft.get(PARTS).text
    assert [each.key for each in stored(app).items][:4] == ["q1", "q3", "q2", "met"]
    assert press(draft, "sections:you:up").status_code == 302
    assert [each.key for each in stored(app).items] == ["met", "where", "years", "why", "q1", "q3", "q2"]
    refused = press(draft, "items:where:up")
    assert refused.status_code == 422
    assert "where" in " ".join(read_summary(refused))
    assert press(draft, "items:nowhere:up").status_code == 404
    assert draft.post(f"{TRUST}/questionnaire/move", data={"move": "up"}).status_code == 404


def test_an_arrow_of_a_page_that_is_stale_moves_nothing(app: Flask, draft: FlaskClient):
    fields = read_fields(draft.get(f"{TRUST}/questionnaire"))
    assert press(draft, "items:q3:up").status_code == 302
    late = draft.post(f"{TRUST}/questionnaire/move", data={**fields, "move": "items:q2:up"})
    assert late.status_code == 409
    assert [each.key for each in stored(app).items][:3] == ["q1", "q3", "q2"]


def test_sections_scales_and_groups_are_added_edited_and_removed(app: Flask, draft: FlaskClient):
    new = {
        "sections": {"text": "More", "key": "more", "is_random": "y"},
        "scales": {"text": "Two", "key": "two", "items": ["q1", "q3"], "reverse": ["q3"], "answered_percent": "50"},
        "groups": {"text": "How old are you?", "key": "age", "levels": "young = Under 30\nold = 30 and over"},
    }
    for part, typed in new.items():
        sent = send_form(draft, f"{PARTS}/{part}/new", **typed)
        assert sent.status_code == 302, read_summary(sent)
    found = stored(app)
    assert found.sections[-1] == ("more", {"en": "More"}, True)
    assert found.scales[-1] == ("two", ("q1", "q3"), {"en": "Two"}, ("q3",), Decimal("0.5"))
    assert [each.key for each in found.groups[-1].levels] == ["young", "old"]
    assert send_form(draft, f"{PARTS}/sections/views/edit", text="Views", key="opinions").status_code == 302
    assert stored(app).item("q1").section == "opinions"
    assert "These questions stay, outside of sections: q1, q2, q3." in page_text(
        draft.get(f"{PARTS}/sections/opinions/remove")
    )
    for part, key in (("sections", "opinions"), ("scales", "trust"), ("groups", "country")):
        assert send_form(draft, f"{PARTS}/{part}/{key}/remove").status_code == 302
    found = stored(app)
    assert (found.item("q1").section, len(found.scales), len(found.groups)) == ("", 1, 1)
    assert draft.get(f"{PARTS}/sections/opinions/edit").status_code == 404
    assert draft.get(f"{PARTS}/colours/new?form={'x' * 32}").status_code == 404


def test_a_reversed_question_outside_of_the_scale_is_refused(draft: FlaskClient):
    page = send_form(draft, f"{PARTS}/scales/new", key="two", items=["q1"], reverse=["q3"])
    assert (page.status_code, list(read_errors(page))) == (422, ["reverse"])


def test_a_code_without_elements_is_refused_at_the_elements_alone(draft: FlaskClient):
    page = send_form(draft, f"{PARTS}/pairing", method="code", elements=[], require="")
    assert (page.status_code, read_errors(page)) == (422, {"elements": "Choose at least one."})


def test_facts_and_pairing_are_changed(app: Flask, draft: FlaskClient):
    typed = {"title": "Pasitikėjimas", "first": "lt", "languages": ["lt", "pl"]}
    assert send_form(draft, f"{PARTS}/facts", **typed).status_code == 302
    found = stored(app)
    assert found.languages == ("lt", "pl")
    assert found.title == {"lt": "Pasitikėjimas", "pl": "Trust (pl)"}
    assert "en" not in found.items[0].text
    assert send_form(draft, f"{PARTS}/pairing", method="code", elements=["c1", "c4"], require="3").status_code == 422
    assert send_form(draft, f"{PARTS}/pairing", method="code", elements=["c1", "c4"], require="2").status_code == 302
    assert stored(app).pairing == ("code", ("c1", "c4"), 2)
    assert send_form(draft, f"{PARTS}/pairing", method="none").status_code == 302
    assert stored(app).pairing == ("none", (), 0)


def test_a_stale_form_keeps_what_was_typed_and_shows_the_difference(app: Flask, draft: FlaskClient):
    page = draft.get(f"{ITEMS}/q1/edit")
    assert send_form(draft, f"{ITEMS}/q1/edit", text="Stored first.").status_code == 302
    late = draft.post(f"{ITEMS}/q1/edit", data={**read_fields(page), "text": "Typed later."})
    assert late.status_code == 409
    assert read_fields(late)["text"] == "Typed later."
    assert read_table(late, "What differs")[1] == ["Question or statement", "Stored first.", "Typed later."]
    again = draft.post(f"{ITEMS}/q1/edit", data=read_fields(late))
    assert again.status_code == 302
    assert stored(app).item("q1").text["en"] == "Typed later."


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PARTNER, Role.AUDITOR])
def test_members_read_and_do_not_edit(app: Flask, draft: FlaskClient, role: Role):
    reader = sign_in_as(app, role, "lps" if role == Role.PARTNER else "")
    for address in (SURVEYS, TRUST, PARTS, f"{TRUST}/texts", f"{TRUST}/preview", f"{TRUST}/waves/baseline"):
        page = reader.get(address)
        assert page.status_code == 200
        assert not [text for text in links_of(page) if re.match("Edit|Add|Remove|Begin|Publish|Discard", text)]
    for address in (f"{ITEMS}/q1/edit", f"{TRUST}/versions/publish", f"{TRUST}/waves", f"{TRUST}/texts/lt"):
        assert reader.get(address).status_code == 403


def test_a_closed_project_offers_and_takes_no_changes(app: Flask, draft: FlaskClient):
    form = read_fields(draft.get(f"{ITEMS}/q1/edit"))
    with app.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    assert "Add a question" not in links_of(draft.get(PARTS))
    late = draft.post(f"{ITEMS}/q1/edit", data={**form, "text": "Too late."})
    assert late.status_code == 409
    assert stored(app) == INSTRUMENT
