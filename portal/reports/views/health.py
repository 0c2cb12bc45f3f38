"""Whether the portal can work: asked by those who watch over it."""

import tempfile

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.guard import public
from portal.core.db import transaction

bp = Blueprint("health", __name__)


@bp.route("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 when the database and the evidence folder can be written to, else 503."""
    try:
        # Takes the write lock on SQLite; a read-only PostgreSQL refuses the statement. Neither leaves a trace.
        with transaction() as session:
            session.execute(text("UPDATE projects SET code = code WHERE 1 = 0"))
        with tempfile.TemporaryFile(dir=current_app.config["DATA_DIR"]) as file:
            file.write(b"ok")
    except (SQLAlchemyError, OSError):
        current_app.logger.exception("the portal cannot write")
        return jsonify(status="unavailable"), 503, {"Retry-After": "5"}
    return jsonify(status="ok")
