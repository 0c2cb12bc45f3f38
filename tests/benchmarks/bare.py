"""The least that any registration costs: Flask and one INSERT, without a form, a session, a check or an audit.

BARE_DATABASE names the database as the portal's own setting does. Read by gunicorn.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, redirect, request
from werkzeug.wrappers import Response

TABLE = "CREATE TABLE IF NOT EXISTS bare (id {key}, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE)"
KEYS = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGSERIAL PRIMARY KEY"}

app = Flask(__name__)
local = threading.local()


def connection() -> Any:
    """The thread's own connection."""
    if not hasattr(local, "connection"):
        kind, _, rest = os.environ["BARE_DATABASE"].partition(":")
        if kind == "sqlite":
            local.connection = sqlite3.connect(rest.removeprefix("///"), timeout=30, isolation_level=None)
            local.connection.execute("PRAGMA synchronous=FULL")
            local.mark = "?"
        else:
            local.connection = psycopg.connect(f"postgresql:{rest}", autocommit=True)
            local.mark = "%s"
    return local.connection


@app.get("/")
def form() -> str:
    """A form."""
    return '<form method="post"><input name="name"><input name="email"><button>Register</button></form>'


@app.post("/")
def register() -> Response:
    """Keep the two values."""
    into = connection()
    values = request.form["name"], request.form["email"]
    into.execute(f"INSERT INTO bare (name, email) VALUES ({local.mark}, {local.mark})", values)
    return redirect("/")


def prepare(database_url: str) -> None:
    """Make the table; on SQLite with a log that is written ahead, as the portal's."""
    os.environ["BARE_DATABASE"] = database_url.replace("postgresql+psycopg:", "postgresql:")
    made = connection()
    kind = database_url.partition(":")[0].partition("+")[0]
    if kind == "sqlite":
        made.execute("PRAGMA journal_mode=WAL")
    made.execute(TABLE.format(key=KEYS[kind]))
    made.close()
    del local.connection
