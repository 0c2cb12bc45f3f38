"""Larger requests for the views that take files: everywhere else a request stays as small as forms are."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user

from portal.core.files.rules import MOST_BODY_BYTES

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Let people who have signed in send files to the view."""
    view.takes_files = True  # type: ignore[attr-defined]  # the mark that _allow_files reads
    return view


def init_uploads(app: Flask) -> None:
    """Set the limit of each request; before anything reads its form, so before the check of its token."""
    app.before_request(_allow_files)


def _allow_files() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    sends_files = getattr(view, "takes_files", False) and request.mimetype == "multipart/form-data"
    if sends_files and current_user.is_authenticated:
        request.max_content_length = MOST_BODY_BYTES
