"""The queue that tells the worker what waits: huey on a file of its own, or in a schema of its own on PostgreSQL.

It holds kinds and numbers only, as JSON; what there is to do stands in the tables. It may be lost at any moment:
the worker's sweep finds what was not told.
"""

import atexit
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import psycopg
from flask import current_app
from huey import Huey, PostgresHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage
from psycopg import sql

from portal.core.db import db

SCHEMA = "portal_queue"
# Any number, the same in every process: who holds it makes the schema.
SCHEMA_LOCK = 7_304_113

# What falls due by the clock first, as thousands of mails may wait; then mails: people wait for them, and they take
# seconds.
PRIORITIES = {"chores": 2, "mail": 1, "job": 0}

logger = logging.getLogger("portal.jobs")


class Work(NamedTuple):
    """A row that waits for the worker: "job" or "mail", and its id."""

    kind: str
    id: int


class PlainSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Messages as JSON: huey's own are pickles, and who could write one into the file could run anything."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps([data.id, data.name, data.args]).encode()

    def _deserialize(self, data: bytes) -> Message:
        number, name, args = json.loads(data)
        return Message(id=number, name=name, args=args, kwargs={}, retries=0, retry_delay=0, retry_backoff=0)


class SwiftStorage(SqliteStorage):  # type: ignore[misc]  # huey has no types
    """huey's file, which survives a crash whole, but perhaps without what came last: the sweep finds that again."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


class _Opened(NamedTuple):
    """A queue, and the connections that were opened for it."""

    queue: Huey
    connections: list[psycopg.Connection]

    def close(self) -> None:
        self.queue.storage.close()
        # Each thread that listens has a connection of its own, which huey leaves open.
        for connection in self.connections:
            connection.close()


@contextmanager
def opened_queue(*, prepare: bool = False) -> Iterator[Huey]:
    """The queue of the current app, closed at the end; only the worker prepares what it is kept in."""
    opened = _open(prepare=prepare)
    try:
        yield opened.queue
    finally:
        opened.close()


def _open(*, prepare: bool = False) -> _Opened:
    url = db.engine.url
    connections: list[psycopg.Connection] = []
    settings = {"serializer": PlainSerializer(), "results": False, "create_tables": prepare}
    if url.get_backend_name() == "postgresql":
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        if prepare:
            _make_schema(address)
        queue = PostgresHuey("portal", connection=lambda: _connect(address, connections), **settings)
    else:
        queue = Huey("portal", storage_class=SwiftStorage, filename=str(_file()), **settings)
    return _Opened(queue, connections)


def _file() -> Path:
    """Where the queue is on SQLite."""
    folder: Path = current_app.config["DATA_DIR"]
    return folder / "queue.sqlite"


def _connect(address: str, connections: list[psycopg.Connection]) -> psycopg.Connection:
    connection = psycopg.connect(address, autocommit=True, options=f"-c search_path={SCHEMA} -c synchronous_commit=off")
    connections.append(connection)
    return connection


def _make_schema(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))


def add_attending(queue: Huey, attend: Callable[[str, int], None]) -> Callable[[Work], None]:
    """Let the queue's worker call `attend` with the kind and the id of each work; return what puts work in."""

    def attend_to(kind: str, number: int) -> None:
        attend(kind, number)

    task = queue.task(name="attend")(attend_to)

    def put(work: Work) -> None:
        task(*work, priority=PRIORITIES[work.kind])

    return put


def announce(works: Sequence[Work]) -> None:
    """Tell the worker of work that has been committed."""
    try:
        put = _kept_put()
        try:
            _put_all(put, works)
        except psycopg.OperationalError:
            # The server has closed the connection since; huey opens another. Who is told twice does it once.
            _put_all(put, works)
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        # No worker has made the queue yet, or it cannot be reached: nothing is lost by that.
        logger.info("the worker was not told, its sweep will find the work: %s", type(error).__name__)


def _put_all(put: Callable[[Work], None], works: Sequence[Work]) -> None:
    for work in works:
        put(work)


class _Keeper:
    """The queue that this process tells of work: opening it each time would take longer than most of the work."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.kept: tuple[tuple[object, ...], _Opened, Callable[[Work], None]] | None = None

    def put_at(self, *place: object) -> Callable[[Work], None]:
        """What puts work into the queue at this place, opened now unless it is open already."""
        # A child that was forked leaves its parent's connections alone.
        place = (os.getpid(), *place)
        with self.lock:
            if self.kept is None or self.kept[0] != place:
                self.close()
                opened = _open()
                self.kept = place, opened, add_attending(opened.queue, _attend_elsewhere)
            return self.kept[2]

    def close(self) -> None:
        """Close what is open in this process."""
        kept, self.kept = self.kept, None
        if kept is not None and kept[0][0] == os.getpid():
            kept[1].close()


_keeper = _Keeper()
atexit.register(_keeper.close)


def _kept_put() -> Callable[[Work], None]:
    """What puts work into the queue of the current app; raise OSError while no worker has made its file."""
    if db.engine.url.get_backend_name() == "postgresql":
        return _keeper.put_at(db.engine.url)
    file = _file()
    # The file may be taken away and made anew beside us.
    return _keeper.put_at(file, file.stat().st_ino)


def _attend_elsewhere(kind: str, number: int) -> None:
    raise NotImplementedError("only the worker attends to its queue")
