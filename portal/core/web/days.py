"""Days in addresses."""

from datetime import date

from flask import request

from portal.core.errors import InvalidInput


def asked_day(name: str) -> date | None:
    """The ISO day that `?name=` states, None without one; raise InvalidInput for what is no day."""
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput("day-unreadable", where=name, value=text) from error
