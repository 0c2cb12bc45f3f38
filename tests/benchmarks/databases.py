"""The databases that are measured: SQLite, and a throwaway PostgreSQL where it is installed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from portal import create_app
from portal.config import Config
from portal.core.db import db
from tests.conftest import NOW, create_database
from tests.run import postgresql, program


class Database(NamedTuple):
    """A kind of database, and what makes the app on a new one; the app's files lie in the folder."""

    name: str
    build: Callable[[Path], Flask]


@contextmanager
def open_databases() -> Iterator[list[Database]]:
    """SQLite first, then PostgreSQL as long as the block lasts."""
    if program("initdb") is None:
        print("PostgreSQL is not installed here: only SQLite was measured.\n")
        yield [Database("SQLite", build_sqlite)]
        return
    with postgresql() as server:
        yield [Database("SQLite", build_sqlite), Database("PostgreSQL", partial(build_postgresql, server))]


def build_sqlite(folder: Path) -> Flask:
    """The app on an empty database in the folder."""
    return build_at(f"sqlite:///{folder / 'portal.sqlite'}", folder)


def build_postgresql(server: str, folder: Path) -> Flask:
    """The app on an empty database of the server."""
    return build_at(create_database(server, "benchmark"), folder)


def tidy() -> None:
    """What PostgreSQL does by itself before long: note where rows lie. SQLite has no such thing."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def build_at(url: str, folder: Path) -> Flask:
    """The app on the empty database at this address."""
    secret = "for benchmarks only, never for people"
    app = create_app(Config("development", url, folder, secret, "http://127.0.0.1", (), now=NOW))
    with app.app_context():
        upgrade(directory=app.config["MIGRATIONS_DIR"])
    return app
