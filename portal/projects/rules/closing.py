"""A closed project can be read as before, but changes no more."""

from portal.core.errors import Conflict


def check_open(status: str) -> None:
    """Raise Conflict if a project of this status is closed."""
    if status == "closed":
        raise Conflict("project-closed")
