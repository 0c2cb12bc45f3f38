"""Who may do what, and when a password, a session, a link or an attempt is good enough: pure."""

from portal.accounts.rules.permissions import (
    MATRIX,
    ORGANISATION_ROLES,
    SIGHT,
    Holding,
    Permission,
    Role,
    Scope,
    acted_for,
    may,
    own_organisations,
)

__all__ = [
    "MATRIX",
    "ORGANISATION_ROLES",
    "SIGHT",
    "Holding",
    "Permission",
    "Role",
    "Scope",
    "acted_for",
    "may",
    "own_organisations",
]
