"""A project into which fruits can be imported, a browser in which its manager has signed in."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.imports import kinds
from tests.integration.imports.fruits import fruits
from tests.make import make_project, sign_in_as


@pytest.fixture(autouse=True)
def _fruits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._kinds, "fruits", fruits())


@pytest.fixture
def project(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """LTPL00388, with a store of files of its own."""
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "data")
    with app.app_context():
        make_project()
    return app


@pytest.fixture
def manager(project: Flask) -> FlaskClient:
    return sign_in_as(project, Role.MANAGER)
