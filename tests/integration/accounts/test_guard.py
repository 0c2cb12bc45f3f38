"""The guard: a view that does not say who may open it opens to nobody."""

from typing import Any

import pytest
from flask import Flask

from portal import create_app
from portal.accounts.guard import public, requires, signed_in
from portal.accounts.rules import Permission
from portal.config import Config
from tests.conftest import NOW


@pytest.fixture
def own_app(tmp_path) -> Flask:
    """An app of its own, to which views can still be added."""
    config = Config(
        mode="development",
        database_url=f"sqlite:///{tmp_path / 'own.sqlite'}",
        data_dir=tmp_path,
        secret_key="x" * 32,
        base_url="http://x",
        trusted_hosts=(),
        testing=True,
        now=NOW,
    )
    return create_app(config)


def add_view(app: Flask, rule: str, mark: Any) -> None:
    def view(**parts: str) -> str:
        return "open"

    app.add_url_rule(rule, endpoint=rule, view_func=mark(view))


def test_a_view_that_declares_nothing_is_refused_to_everyone(own_app):
    add_view(own_app, "/undeclared", lambda view: view)
    refused = own_app.test_client().get("/undeclared")
    assert refused.status_code == 403
    assert "open" not in refused.text.split()


def test_a_view_for_everyone_opens_to_everyone(own_app):
    add_view(own_app, "/everyone", public)
    assert own_app.test_client().get("/everyone").text == "open"


@pytest.mark.parametrize("mark", [signed_in, requires(Permission.READ_PROJECT)], ids=["signed in", "members"])
def test_any_other_view_leads_to_the_sign_in(own_app, mark):
    add_view(own_app, "/members/<code>", mark)
    response = own_app.test_client().get("/members/X?page=2")
    assert (response.status_code, response.location) == (302, "/login?next=/members/X?page%3D2")
