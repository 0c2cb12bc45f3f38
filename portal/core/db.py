"""The database: base class, column types and the one way to write (`transaction`).

SQLite and PostgreSQL behave alike here: the driver leaves BEGIN to us, writers on SQLite take the write lock at once.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from random import uniform
from threading import Lock
from time import monotonic, sleep
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    any_,
    bindparam,
    event,
    func,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from portal.core.money import Cents

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# How long a writer on SQLite waits for the others; so many times as long where giving up would lose what people sent;
# and how long it is until it asks again.
BUSY_MS = 5_000
PATIENCE = 5
ASK_AGAIN_SECONDS = 0.001, 0.003

# Tells someone else what has been committed.
Announce = Callable[[list[Any]], None]


class Base(DeclarativeBase):
    """The base of every model; constraints are named by rule, so both databases know them by the same name."""

    metadata = MetaData(naming_convention=NAMES)


class CentsType(TypeDecorator[Cents]):
    """Integer cents in a 64-bit column; refuses floats, so none ever reaches an amount."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Cents | None, dialect: Dialect) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"an amount is whole cents, not {value!r}")
        return value

    def process_result_value(self, value: int | None, dialect: Dialect) -> Cents | None:
        return None if value is None else Cents(int(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, allowed: Sequence[str], name: str) -> CheckConstraint:
    """A CHECK that `column` holds one of `allowed` (constants of our own, never user input)."""
    words = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f'"{column}" IN ({words})', name=name)


def among(
    column: ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ids: Collection[int]
) -> ColumnElement[bool]:
    """The condition that the column holds one of the ids, which may be more than a statement takes parameters."""
    if db.session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), type_=ARRAY(Integer)))
    return column.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))


db = SQLAlchemy(model_class=Base)
migrate = Migrate()


def init_database(app: Flask) -> None:
    """Attach the database of `app.config["SQLALCHEMY_DATABASE_URI"]` and its migrations to the app."""
    db.init_app(app)
    migrations = app.config["MIGRATIONS_DIR"]
    migrate.init_app(app, db, directory=migrations, render_item=_render_item, compare_type=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        # None: the driver never begins or commits by itself; `begin` below does.
        connection.isolation_level = None
        # What is deleted or written over is gone from the file too, names of people among it.
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            f"busy_timeout={BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    turn = Lock()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", 0)
        if writes:
            _begin_writing(connection, turn, BUSY_MS * writes / 1000)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection, turn: Lock, seconds: float) -> None:
    """Begin with SQLite's write lock, which everybody who waits has the same chance to get.

    SQLite itself lets those who wait sleep ever longer, up to a tenth of a second: whoever comes last is served first,
    and some wait until they give up. Here everybody asks again after a moment of about the same length, one thread of
    each process at a time (`turn`), so nobody is left behind and the lock is not left alone. Raise OperationalError
    after so many `seconds`.
    """
    driver: Any = connection.connection.driver_connection
    until = monotonic() + seconds
    try:
        if not turn.acquire(timeout=seconds):
            raise sqlite3.OperationalError("database is locked")
        try:
            _ask_until(driver, until)
        finally:
            turn.release()
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def _ask_until(driver: Any, until: float) -> None:
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                # What the last byte says is told more closely by the others.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
            # Chance keeps two processes from asking in step.
            sleep(uniform(*ASK_AGAIN_SECONDS))  # noqa: S311  no secret
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def _render_item(kind: str, item: object, context: Any) -> str | bool:
    """Write our column types into migrations as the plain types they are stored as."""
    if kind == "type" and isinstance(item, CentsType):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


@contextmanager
def transaction(*, patient: bool = False) -> Iterator[Session]:
    """Run the block as one transaction: all of it is committed at the end, or nothing is.

    The read snapshot of the request so far ends first, so what is read inside is current. A transaction inside
    another joins it: only the outermost begins and commits. Who is `patient` waits longer for others on SQLite.
    """
    session: Session = db.session()
    if session.info.get("in_transaction"):
        yield session
        return
    session.rollback()
    session.info["in_transaction"] = True
    session.info["after_commit"] = {}
    try:
        session.connection(execution_options={"writes": PATIENCE if patient else 1})
        yield session
        session.commit()
    except BaseException:
        session.info["after_commit"] = {}
        session.rollback()
        raise
    finally:
        session.info.pop("in_transaction", None)
        announcements: dict[Announce, list[Any]] = session.info.pop("after_commit")
    for announce, facts in announcements.items():
        announce(facts)


def after_commit(session: Session, announce: Announce, fact: Any) -> None:
    """Let `announce` be called with the list of all its facts once the outermost transaction has been committed.

    Nothing is announced of a transaction that is undone. What is stored stays stored whatever `announce` does.
    Raise RuntimeError outside a transaction.
    """
    if not session.info.get("in_transaction"):
        raise RuntimeError("there is no transaction whose end could be waited for")
    session.info["after_commit"].setdefault(announce, []).append(fact)


def forget_after_commit(session: Session) -> None:
    """Let what the transaction deletes or writes over be gone from the database's files too, once it is committed."""
    after_commit(session, _clear_up, None)


def empty_log() -> bool:
    """Write SQLite's log into its file and empty it: it keeps what was deleted until then. Return whether it is empty.

    While somebody reads it is not emptied. PostgreSQL has no such log; `scatter_rows` is for its tables.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        is_busy, *_pages = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not is_busy


def _clear_up(facts: list[Any]) -> None:
    # Where somebody reads just now, the worker does it within the hour.
    empty_log()


def scatter_rows(cleared: Collection[str], ordered: Mapping[str, str]) -> None:
    """Let PostgreSQL keep neither what was deleted from the tables `cleared` nor the order in which rows came.

    `ordered` names an index by which each of its tables is written anew. SQLite keeps such tables by their keys. The
    names are constants of our own.
    """
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in cleared:
            connection.execute(text(f'VACUUM "{table}"'))
        for table, index in ordered.items():
            connection.execute(text(f'CLUSTER "{table}" USING "{index}"'))
