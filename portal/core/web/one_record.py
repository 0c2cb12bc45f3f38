"""A form that makes a record carries its key in its address, so that going back to it finds the same form again."""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request, url_for

View = TypeVar("View", bound=Callable[..., Any])

FORM_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
KEY_BYTES = 24


def new_key() -> str:
    """A key that no form has had."""
    return secrets.token_urlsafe(KEY_BYTES)


def key_of_page() -> str:
    """The key that the page's address carries; '' where it carries none."""
    key = request.args.get("form", "")
    return key if FORM_KEY.fullmatch(key) else ""


def one_record(view: View) -> View:
    """Let each opening of the view's form make one record, also when the person comes back to it and sends it again."""

    @wraps(view)
    def keyed(*args: Any, **values: Any) -> Any:
        if request.method == "GET" and not key_of_page():
            asked = {**request.args.to_dict(), **(request.view_args or {}), "form": new_key()}
            return redirect(url_for(str(request.endpoint), **asked))
        return view(*args, **values)

    return keyed  # type: ignore[return-value]  # called like the view it wraps
