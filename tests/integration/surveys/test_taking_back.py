"""Taking back what was chosen: at questions about groups, and at those that ask for one of several answers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.surveys.models import Response, Sitting
from tests.integration.pages import Node, find_all, page_text, read_fields, read_page, text_of
from tests.integration.surveys.phones import GROUPS, LINK, VIEWS, YOU, begin, fill, send, stored
from tests.integration.surveys.studies import INSTRUMENT, make_study
from tests.make import PROJECT, make_project

PREVIEW = f"/projects/{PROJECT}/surveys/trust/preview"


@pytest.fixture
def plain(app: Flask) -> int:
    """A published survey whose questions offer neither “don't know” nor “prefer not to say”."""
    with app.app_context():
        make_project()
        return make_study(
            INSTRUMENT._replace(items=tuple(each._replace(may_refuse=False) for each in INSTRUMENT.items))
        )


def choices(page: Node, key: str) -> dict[str, str]:
    """Value -> words of what the question with this key offers."""
    [question] = find_all(page, "fieldset", id=f"a.{key}")
    return {next(find_all(label, "input")).attributes["value"]: text_of(label) for label in find_all(question, "label")}


def test_a_group_is_taken_back_and_kept_as_nothing(app: Flask, client: FlaskClient, study: int):
    begin(client)
    page = client.get(f"{LINK}/parts/{GROUPS}")
    assert list(choices(read_page(page), "country").items())[-1] == ("", "I prefer not to say")
    assert "a.country" not in read_fields(page)
    fill(client, GROUPS, country="LT")
    assert stored(app, Sitting)[0].groups == {"country": "LT"}
    assert fill(client, GROUPS, country="").status_code == 303
    assert stored(app, Sitting)[0].groups == {}
    assert "a.country" not in read_fields(client.get(f"{LINK}/parts/{GROUPS}"))


def test_an_answer_is_taken_back_and_kept_as_nothing(app: Flask, client: FlaskClient, plain: int):
    begin(client)
    page = client.get(f"{LINK}/parts/{VIEWS}")
    assert list(choices(read_page(page), "q1").items())[-1] == ("", "No answer")
    assert "a.q1" not in read_fields(page)
    fill(client, VIEWS, q1="4", q2="5")
    fill(client, VIEWS, q1="", q2="5")
    assert list(choices(read_page(client.get(f"{LINK}/parts/{YOU}")), "met")) == ["yes", "no", ""]
    fill(client, YOU, met="yes", where="work")
    fill(client, YOU, met="", where="work")
    assert stored(app, Sitting)[0].answers == {"q2": 5}
    assert send(client).status_code == 303
    assert [row.answers for row in stored(app, Response)] == [{"q2": 5}]


def test_a_form_that_comes_back_shows_what_was_taken_back(client: FlaskClient, plain: int):
    begin(client)
    fill(client, YOU, met="yes")
    refused = fill(client, YOU, met="", years="many")
    assert refused.status_code == 422
    assert read_fields(refused)["a.met"] == ""


def test_nothing_is_offered_where_an_answer_is_needed_or_another_way_out_is_there(app: Flask, client: FlaskClient):
    changes = {"q1": {"is_required": True, "may_refuse": False}, "q3": {"may_refuse": False}}
    items = tuple(each._replace(**changes.get(each.key, {})) for each in INSTRUMENT.items)
    groups = (INSTRUMENT.groups[0]._replace(is_required=True),)
    with app.app_context():
        make_project()
        make_study(INSTRUMENT._replace(items=items, groups=groups))
    begin(client)
    assert list(choices(read_page(client.get(f"{LINK}/parts/{GROUPS}")), "country")) == ["LT", "PL"]
    fill(client, GROUPS, country="LT")
    page = read_page(client.get(f"{LINK}/parts/{VIEWS}"))
    assert list(choices(page, "q1"))[-1] == "5"
    assert list(choices(page, "q2"))[-2:] == ["@dk", "@no"]
    assert list(choices(page, "q3"))[-1] == ""
    assert fill(client, VIEWS, q1="").status_code == 422


def test_the_preview_offers_it_too(plain: int, researcher: FlaskClient):
    assert "I prefer not to say" in page_text(researcher.get(f"{PREVIEW}?screen=2"))
    assert "No answer" in page_text(researcher.get(f"{PREVIEW}?screen=4"))
