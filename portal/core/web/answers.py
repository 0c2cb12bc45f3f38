"""How refusals are answered: a page in the frame, in the person's language, with a number to quote and no internals."""

import logging
import secrets
from sqlite3 import OperationalError as SqliteBusy

from flask import Flask, render_template, request, session
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.core import failures
from portal.core.db import db
from portal.core.errors import PortalError
from portal.core.sentences import sentences

Answer = tuple[str, int, dict[str, str]]

logger = logging.getLogger("portal")

RETRY_SECONDS = "5"

HEADINGS = {
    400: _l("This request cannot be read"),
    403: _l("You may not do this"),
    404: _l("Page not found"),
    405: _l("This address does not take that"),
    409: _l("This cannot be done as things are now"),
    413: _l("This is too large"),
    415: _l("This kind of file is not accepted"),
    422: _l("Something in what you entered needs mending"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong on our side"),
    503: _l("The portal is busy"),
}

ADVICE = {
    400: _l("Go back, reload the page and try once more."),
    403: _l("Ask the project's manager if you need it."),
    404: _l("There is nothing at this address, or it is not open to you. Start again from your projects."),
    405: _l("Go back and use the buttons of the page."),
    409: _l("Go back, reload the page to see its present state, and repeat your change if it is still needed."),
    413: _l("Send less at once."),
    415: _l("Use one of the file types that the page names."),
    422: _l("Go back and mend what is named."),
    429: _l("Wait a little and try again."),
    500: _l("Nothing was stored. Try again; if it happens again, tell the administrator the number below."),
    503: _l("Nothing was stored. Wait a few seconds and try again."),
}
# Where details name what happened and leave open what to do; elsewhere they say both.
ADVISED_BESIDE_DETAILS = frozenset({400, 403})


def init_answers(app: Flask) -> None:
    """Answer every refusal and every failure with its status and a page that says what to do."""
    app.register_error_handler(PortalError, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _failed)


def too_large(advice: str) -> Answer:
    """The answer to a request above its limit, with what to do instead: for views that know it."""
    return _page(413, [advice])


def _page(
    status: int, details: list[str], headers: dict[str, str] | None = None, reference: str | None = None
) -> Answer:
    shown = status if status in HEADINGS else 500
    number = reference or _reference()
    logger.warning("answer %s: %s at %s", number, status, request.endpoint or "an unknown address")
    try:
        db.session.rollback()
        page = render_template(
            "error.html",
            heading=HEADINGS[shown],
            advice=ADVICE[shown] if not details or shown in ADVISED_BESIDE_DETAILS else "",
            details=details,
            reference=number,
            status=status,
        )
    except SQLAlchemyError:
        # The frame asks the database who is signed in; without a database the answer is still a plain one.
        logger.warning("the error page %s could not be shown in its frame", number)
        page = f"<!doctype html><title>{status}</title><h1>{HEADINGS[shown]}</h1><p>{ADVICE[shown]}</p>"
    return page, status, headers or {}


def _refused(error: PortalError) -> Answer:
    return _page(error.status, sentences(error))


def _expired(error: CSRFError) -> Answer:
    logger.info("a form without a valid token was refused; signed in: %s", "_user_id" in session)
    return _page(400, [str(_l("The form was open too long, or cookies are switched off. Nothing was stored."))])


def _foreign_host(error: SecurityError) -> Answer:
    # No page: its links would need an address, and this host name is not one of ours.
    return str(_l("The portal does not answer to this host name.")), 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, [])


def _database(error: OperationalError) -> Answer:
    if isinstance(error.orig, SqliteBusy) and "locked" not in str(error.orig):
        return _failed(error)
    logger.warning("the database did not answer in time: %s", type(error.orig).__name__)
    return _page(503, [], {"Retry-After": RETRY_SECONDS})


def _failed(error: Exception) -> Answer:
    reference = _reference()
    logger.error("failure %s: %s", reference, failures.described(error))
    return _page(500, [], reference=reference)


def _reference() -> str:
    return secrets.token_hex(4).upper()
