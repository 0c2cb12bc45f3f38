"""Security headers, on every answer, errors included; and what may be kept by those who have read it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, request, session
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])

# Views of extensions that hand out stylesheets, scripts and pictures.
FILES: Final = frozenset({"static", "bootstrap.static"})

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # data: because Bootstrap's own stylesheet draws its form marks as data images.
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_headers(app: Flask) -> None:
    """Add the headers to every answer; nothing but files of our own and marked pages may be cached."""
    app.after_request(_add_headers)


def same_for_all(view: View) -> View:
    """Say that the view gives all who have not signed in the same answer, in their language and without a form."""
    view.same_for_all = True  # type: ignore[attr-defined]  # the mark that is_for_all reads
    return view


def is_for_all(response: Response) -> bool:
    """Whether the answer is the same for all and holds nothing of the person's own."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "same_for_all", False) or response.status_code not in (200, 304):
        return False
    # Whatever is written into the session belongs to one person: a language chosen, a message, the token of a form.
    return not current_user.is_authenticated and not session.modified


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if is_for_all(response):
        _let_keep(response)
    if response.status_code >= 400 or request.endpoint not in FILES:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _let_keep(response: Response) -> None:
    """Let the answer be kept, and asked for again each time whether it still stands."""
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Cookie", "Accept-Language", "Accept-Encoding"))
    response.add_etag(weak=True)
    response.make_conditional(request)
