"""What addresses may hold."""

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

LARGEST_ROW = 2**31 - 1


def row_number(text: str) -> int | None:
    """The number of a row that the text says; None where it says none that a row can have."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ROW))
    return int(text) if is_number and 0 < int(text) <= LARGEST_ROW else None


class RowNumber(IntegerConverter):
    """The number of a row; what no row can have is no address of ours, rather than a number the database chokes on."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ROW, **options})


def refuse_nul() -> None:
    """Refuse a NUL character anywhere in the address or the form: no text has one, and PostgreSQL keeps none."""
    texts = [request.path, *request.args, *request.args.values(), *request.form, *request.form.values()]
    if any("\0" in text for text in texts):
        raise BadRequest
