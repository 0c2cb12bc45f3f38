"""Reading people and what they hold."""

from sqlalchemy import select

from portal.accounts.models import Membership, User
from portal.accounts.rules import Holding, Role
from portal.core.db import db


def find_user(user_id: int) -> User | None:
    """The active user with this id."""
    user = db.session.get(User, user_id)
    return user if user and user.is_active else None


def find_user_by_email(email: str) -> User | None:
    """The user who signs in with `email`, upper and lower case alike, active or not."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def list_holdings(user_id: int, project_code: str) -> list[Holding]:
    """The roles the user holds in the project, by id; empty for a stranger."""
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.user_id == user_id, Membership.project_code == project_code)
        .order_by(Membership.id)
    )
    return [Holding(Role(row.role), row.organisation_key or "") for row in rows]


def list_project_codes(user_id: int) -> list[str]:
    """The codes of the projects the user is a member of, in order."""
    codes = select(Membership.project_code).where(Membership.user_id == user_id).distinct()
    return list(db.session.scalars(codes.order_by(Membership.project_code)))
