"""What pages offer: whoever may do something is shown the way to it, as long as the project still takes it."""

from collections.abc import Collection

from portal.accounts.guard import allows, code_in_address
from portal.accounts.rules import SIGHT, Permission
from portal.projects.queries import find_project


def offers(permission: Permission, organisations: Collection[str] | None = None) -> bool:
    """Whether the person may do this, as `allows` says, and the project of the address still takes it.

    A closed project can be read as before; what it takes all the same, pages offer to whomever `allows` says.
    """
    if not allows(permission, organisations):
        return False
    return permission in SIGHT or not _is_closed()


def _is_closed() -> bool:
    project = find_project(code_in_address())
    return project is not None and project.status == "closed"
