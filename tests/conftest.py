"""One app on one throwaway database, built by the migrations; every test finds it empty.

PORTAL_TEST_POSTGRESQL names a PostgreSQL server to run on; without it the tests run on SQLite.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.engine import make_url

from portal import create_app
from portal.audit.services import COMMAND_LINE, set_actor
from portal.config import Config
from portal.core import clock
from portal.core.db import db
from portal.core.files.queries import store_folder
from tests.keeping import filled

# Two cores run several things at once: how long an example takes says nothing here.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

SERVER = os.environ.get("PORTAL_TEST_POSTGRESQL")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
# How many times PostgreSQL has been emptied; now and then what was deleted is cleared away.
EMPTIED, TIDIED = count(1), 50


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app with its schema; its clock stands still at NOW."""
    folder = tmp_path_factory.mktemp("portal")
    # For the commands, which read the environment themselves.
    os.environ["PORTAL_NOW"] = NOW.isoformat()
    url = create_database(SERVER, f"portal_{os.getpid()}") if SERVER else f"sqlite:///{folder / 'portal.sqlite'}"
    config = Config(
        mode="development",
        database_url=url,
        data_dir=folder / "data",
        secret_key="for tests only, never for people",
        base_url="http://127.0.0.1:5000",
        trusted_hosts=(),
        testing=True,
        now=NOW,
    )
    app = create_app(config)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade(directory=app.config["MIGRATIONS_DIR"])
        keep_template()
    yield app
    with app.app_context():
        db.engine.dispose()


def create_database(server: str, name: str) -> str:
    """An empty database of this name on the server; return its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def keep_template() -> None:
    """Keep the empty SQLite file aside, to be copied back before each test."""
    if not SERVER:
        db.session.remove()
        db.engine.dispose()
        path = Path(str(db.engine.url.database))
        shutil.copy(path, path.with_suffix(".empty"))


def empty_database() -> None:
    """Take the database of the current app back to how the migrations left it, and its files to none."""
    db.session.remove()
    shutil.rmtree(store_folder(), ignore_errors=True)
    if SERVER:
        empty_tables()
        return
    db.engine.dispose()
    path = Path(str(db.engine.url.database))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(path.with_suffix(".empty"), path)


def empty_tables() -> None:
    """Delete what is in the tables, and let their numbers begin at 1 again: far quicker than truncating every table."""
    with db.engine.begin() as connection:
        # No foreign key is looked after, and the audit's own guard, which refuses even this, is off.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in filled(connection):
            connection.execute(text(f'DELETE FROM "{table.name}"'))
        used = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"
        connection.execute(text(f"{used} WHERE schemaname = current_schema() AND last_value IS NOT NULL"))
    if next(EMPTIED) % TIDIED == 0:
        # All at once, while every table is empty: else rows would lie where others were, in no order.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


@pytest.fixture
def app(built_app: Flask) -> Flask:
    """The app on an empty database, with nobody acting, at NOW."""
    set_actor(COMMAND_LINE)
    clock.stand_still(NOW)
    with built_app.app_context():
        empty_database()
    return built_app


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The app with its context, for tests that call services and queries and open no page."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a sign-in."""
    return app.test_client()
