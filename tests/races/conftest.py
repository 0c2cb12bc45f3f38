"""A portal of its own for the races: real processes cannot share a database that is emptied before each test."""

import os
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask

from portal.core.db import db
from tests.benchmarks.databases import build_at
from tests.conftest import SERVER, create_database
from tests.make import make_project
from tests.races.servers import Servers, serving


class Served(NamedTuple):
    """The app, and the processes that serve it."""

    app: Flask
    servers: Servers


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """LTPL00388 served by eight processes."""
    folder = tmp_path_factory.mktemp("races")
    url = create_database(SERVER, f"races_{os.getpid()}") if SERVER else f"sqlite:///{folder / 'portal.sqlite'}"
    app = build_at(url, folder)
    with app.app_context():
        make_project()
    with serving(app, folder) as servers:
        yield Served(app, servers)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
