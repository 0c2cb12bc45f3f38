"""Failures as the log keeps them: where they happened and of which kind, never the values of people's rows."""

import traceback

from sqlalchemy.exc import DBAPIError


def described(error: BaseException) -> str:
    """The failure with the places it came through, on several lines.

    Databases repeat the refused row in their messages, so of their errors only the kind and the constraint are kept.
    """
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{_named(error)}\n{places}".rstrip()


def _named(error: BaseException) -> str:
    if not isinstance(error, DBAPIError):
        return "".join(traceback.format_exception_only(error)).strip()
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return f"{type(error).__name__} ({type(error.orig).__name__}{f', {constraint}' if constraint else ''})"
