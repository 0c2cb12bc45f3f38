"""Words that come again and again are written and translated once: the steps of scales."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.surveys.forms.texts import name_of
from portal.surveys.rules.documents import Item, Texts
from portal.surveys.rules.texts import text_places
from tests.integration.pages import page_text, read_fields, send_form
from tests.integration.surveys.editing import ITEMS, TRUST, stored
from tests.integration.surveys.studies import INSTRUMENT, make_study, words

ADDRESS = f"{ITEMS}/new?kind=likert&section=views"
SAID = "with the same words"


@pytest.fixture
def scaled(app: Flask, researcher: FlaskClient) -> FlaskClient:
    """The browser of the researcher; q1 and q2 of its draft have the same three steps, q3 before them has no words."""
    steps = ({"en": "No"}, words("Perhaps"), {"en": "Yes"})
    scale = {"least": Decimal(0), "most": Decimal(2), "labels": steps}
    first, second, third, *others = INSTRUMENT.items
    with app.app_context():
        items = (third, first._replace(**scale), second._replace(**scale), *others)
        make_study(INSTRUMENT._replace(items=items, scales=()), is_published=False)
    return researcher


def steps_of(app: Flask, key: str) -> tuple[Texts, ...]:
    item: Item = stored(app).item(key)
    return item.labels


def names(app: Flask) -> dict[str, str]:
    """Place of a text -> the name of its field."""
    return {each.path: name_of(each) for each in text_places(stored(app))}


def test_a_new_scale_is_offered_the_steps_of_the_one_before_it(app: Flask, scaled: FlaskClient):
    fields = read_fields(scaled.get(ADDRESS, follow_redirects=True))
    assert (fields["least"], fields["most"], fields["labels"].splitlines()) == ("0", "2", ["No", "Perhaps (en)", "Yes"])
    assert send_form(scaled, ADDRESS, text="Same?", key="same").status_code == 302
    assert steps_of(app, "same") == ({"en": "No"}, words("Perhaps"), {"en": "Yes"})


def test_a_step_that_is_worded_otherwise_is_translated_anew(app: Flask, scaled: FlaskClient):
    typed = {"least": "1", "most": "3", "labels": "Perhaps (en)\nRarely\nOften"}
    assert send_form(scaled, ADDRESS, text="Other?", key="other", **typed).status_code == 302
    assert steps_of(app, "other") == (words("Perhaps"), {"en": "Rarely"}, {"en": "Often"})


def test_a_scale_without_any_before_it_is_offered_five_steps(scaled: FlaskClient):
    fields = read_fields(scaled.get(f"{ITEMS}/new?kind=likert", follow_redirects=True))
    assert (fields["least"], fields["most"], fields["labels"].strip()) == ("1", "5", "")


def test_a_translation_fills_in_what_says_the_same(app: Flask, scaled: FlaskClient):
    address, name = f"{TRUST}/texts/lt?only=open", names(app)
    one = send_form(scaled, address, **{name["items.q1.labels.#1"]: "Ne"})
    assert one.status_code == 302
    assert "1 more text with the same words was filled in." in page_text(scaled.get(one.location))
    assert send_form(scaled, ADDRESS, text="Same?", key="same").status_code == 302
    assert steps_of(app, "same")[0] == {"en": "No", "lt": "Ne"}
    two = send_form(scaled, address, **{name["items.q1.labels.#3"]: "Taip"})
    assert "2 more texts with the same words were filled in." in page_text(scaled.get(two.location))
    assert [steps_of(app, key)[2] for key in ("q1", "q2", "same")] == [{"en": "Yes", "lt": "Taip"}] * 3


def test_a_translation_that_fell_behind_is_given_to_no_other_text(app: Flask, scaled: FlaskClient):
    address, name = f"{TRUST}/texts/lt", names(app)
    written = {name["items.met.text"]: "No", name["items.q1.labels.#1"]: "Nope"}
    assert send_form(scaled, f"{TRUST}/texts/en", **written).status_code == 302
    saved = send_form(scaled, address)
    assert SAID not in page_text(scaled.get(saved.location))
    assert "lt" not in steps_of(app, "q2")[0]
    right = send_form(scaled, address, **{f"right-{name['items.met.text']}": "y"})
    assert "1 more text with the same words was filled in." in page_text(scaled.get(right.location))
    assert steps_of(app, "q2")[0]["lt"] == "Have you met anybody? (lt)"
