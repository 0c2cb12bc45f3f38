"""The queue that tells the worker what waits: huey on a file of its own, or in a schema of its own on PostgreSQL.

It holds kinds and numbers only, as JSON; what there is to do stands in the tables. It may be lost at any moment:
the worker's sweep finds what was not told.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
from flask import current_app
from huey import Huey, PostgresHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from psycopg import sql

from portal.core.db import db

SCHEMA = "portal_queue"
# Any number, the same in every process: who holds it makes the schema.
SCHEMA_LOCK = 7_304_113

# Mails first: people wait for them, and they take seconds.
PRIORITIES = {"mail": 1, "job": 0}

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


@contextmanager
def opened_queue(*, prepare: bool = False) -> Iterator[Huey]:
    """The queue of the current app, closed at the end; only the worker prepares what it is kept in."""
    url = db.engine.url
    connections: list[psycopg.Connection] = []
    settings = {"serializer": PlainSerializer(), "results": False, "create_tables": prepare}
    if url.get_backend_name() == "postgresql":
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        if prepare:
            _make_schema(address)
        queue = PostgresHuey("portal", connection=lambda: _connect(address, connections), **settings)
    else:
        queue = SqliteHuey("portal", filename=str(current_app.config["DATA_DIR"] / "queue.sqlite"), **settings)
    try:
        yield queue
    finally:
        queue.storage.close()
        # Each thread that listens has a connection of its own, which huey leaves open.
        for connection in connections:
            connection.close()


def _connect(address: str, connections: list[psycopg.Connection]) -> psycopg.Connection:
    connection = psycopg.connect(address, autocommit=True, options=f"-c search_path={SCHEMA}")
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
        with opened_queue() as queue:
            put = add_attending(queue, _attend_elsewhere)
            for work in works:
                put(work)
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        # No worker has made the queue yet, or it cannot be reached: nothing is lost by that.
        logger.info("the worker was not told, its sweep will find the work: %s", type(error).__name__)


def _attend_elsewhere(kind: str, number: int) -> None:
    raise NotImplementedError("only the worker attends to its queue")
