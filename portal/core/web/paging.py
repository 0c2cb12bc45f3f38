"""Which page of a list an address asks for."""

from urllib.parse import urlencode

from flask import request

FURTHEST = 100_000


def page_number() -> int:
    """The number in `?page=`, from 1; anything else is the first page."""
    text = request.args.get("page", "")
    return min(max(int(text), 1), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def page_address(number: int) -> str:
    """The address of another page of this same list, with its filters."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    return f"{request.path}?{urlencode([*kept, ('page', number)])}"
