"""Changing accounts and memberships; checking a password."""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts import queries
from portal.accounts.models import Membership, User
from portal.accounts.rules import ORGANISATION_ROLES, Role
from portal.core.db import transaction
from portal.core.errors import InvalidInput

# 19 MiB, two passes, one lane: OWASP's first recommendation for argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked where there is no account, so that both answers take the same time.
_NO_ONE = _hasher.hash("no one signs in with this")


def authenticate(email: str, password: str, *, production: bool) -> User | None:
    """The active user whose password this is; None otherwise, after the same time.

    Demo accounts stay out of production.
    """
    user = queries.find_user_by_email(email)
    try:
        _hasher.verify(user.password_hash if user else _NO_ONE, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user and user.is_active and not (user.is_demo and production) else None


def set_account(
    email: str, *, name: str, password: str, now: datetime, language: str = "en", demo: bool = False
) -> int:
    """Create the account of `email`, or give it this name and password; return its id."""
    with transaction() as session:
        user = session.scalar(select(User).where(User.email == email.strip().lower()))
        if user is None:
            user = User(email=email.strip().lower(), created_at=now)
            session.add(user)
        user.name, user.language, user.is_demo = name, language, demo
        user.password_hash = _hasher.hash(password)
        session.flush()
        return user.id


def add_membership(user_id: int, *, project_code: str, role: str, organisation: str = "") -> None:
    """Let the user play `role` in the project, for the organisation with this key where the role needs one.

    Holding it already changes nothing. Raise InvalidInput for an unknown role, project or organisation.
    """
    if role not in list(Role):
        raise InvalidInput("role-unknown", where="role", value=role, allowed=list(Role))
    if (role in ORGANISATION_ROLES) != bool(organisation):
        code = "role-needs-organisation" if role in ORGANISATION_ROLES else "role-without-organisation"
        raise InvalidInput(code, where="organisation", role=role)
    found = Membership(user_id=user_id, project_code=project_code, role=role, organisation_key=organisation or None)
    with transaction() as session:
        held = session.scalars(select(Membership).where(Membership.user_id == user_id)).all()
        if any(
            (row.project_code, row.role, row.organisation_key or "") == (project_code, role, organisation)
            for row in held
        ):
            return
        session.add(found)
        try:
            session.flush()
        except IntegrityError as error:
            raise InvalidInput("membership-unknown", project=project_code, organisation=organisation) from error
