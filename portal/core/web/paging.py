"""Which page of a list an address asks for, and how long its pages are."""

from collections.abc import Container, Sequence
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from flask import request

from portal.core.errors import InvalidInput

FURTHEST = 100_000
PAGE_SIZE, LARGEST_PAGE = 50, 100

Row = TypeVar("Row")


class ListPage(NamedTuple, Generic[Row]):
    """One page of a list; `number` counts from 1, `total` is the length of the whole list, `last` the last page."""

    rows: Sequence[Row]
    number: int
    last: int
    total: int


def refuse_page_size() -> None:
    """Raise InvalidInput if the address asks for longer pages than there are, whether it is that of a list or not."""
    page_size()


def page_number(name: str = "page") -> int:
    """The number in `?page=`, from 1; anything else is the first page."""
    text = request.args.get(name, "")
    return min(max(int(text), 1), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def page_size() -> int:
    """How many rows a page has: the number in `?per_page=`, 50 without one; raise InvalidInput beyond 1 to 100."""
    text = request.args.get("per_page", "")
    if not text:
        return PAGE_SIZE
    # A longer text is no such number, and is not worth reading.
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= size <= LARGEST_PAGE:
        raise InvalidInput("per-page", where="per_page", value=text[:20], most=LARGEST_PAGE)
    return size


def cut_page(rows: Sequence[Row], name: str = "page") -> ListPage[Row]:
    """The page of the list that the address asks for with `name`; the last one if there are fewer."""
    size = page_size()
    last = max(1, -(-len(rows) // size))
    number = min(page_number(name), last)
    return ListPage(rows[(number - 1) * size : number * size], number, last, len(rows))


def page_address(number: int, name: str = "page", refused: Container[str] = (), path: str = "") -> str:
    """The address of another page of this same list, with its filters but for those that were refused.

    `path` is that of the list where it is not that of the request.
    """
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != name and key not in refused]
    return f"{path or request.path}?{urlencode([*kept, (name, number)])}"
