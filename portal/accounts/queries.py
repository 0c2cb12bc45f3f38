"""Reading people, what they hold, and how they are signed in."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import AccountLink, Membership, SignIn, User
from portal.accounts.rules import Holding, Role
from portal.accounts.rules.links import LinkState, link_state
from portal.accounts.rules.people import account_label, account_number, plain_email
from portal.accounts.rules.sessions import ABSOLUTE, IDLE
from portal.accounts.rules.tokens import digest
from portal.core.db import db
from portal.core.errors import NotFound

PAGE_SIZE = 50


class AccountPage(NamedTuple):
    """One page of accounts by name; `number` counts from 1."""

    accounts: list[User]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


class Member(NamedTuple):
    """A role in a project, and who holds it."""

    membership_id: int
    user_id: int
    name: str
    email: str
    role: Role
    organisation: str
    is_active: bool
    is_invited: bool


def find_user(user_id: int) -> User | None:
    """The active user with this id."""
    user = db.session.get(User, user_id)
    return user if user and user.is_active else None


def get_account(user_id: int) -> User:
    """The account with this id, open or closed; raise NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound("account-unknown")
    return user


def name_accounts(subjects: Iterable[str]) -> dict[str, str]:
    """What the audit calls an account -> its present name and that, for those of `subjects` that are accounts."""
    numbers = {number for each in subjects if (number := account_number(each))}
    named = db.session.execute(select(User.id, User.name).where(User.id.in_(numbers)))
    return {account_label(number): f"{name} ({account_label(number)})" for number, name in named}


def find_user_by_email(email: str) -> User | None:
    """The user who signs in with `email`, upper and lower case alike, active or not."""
    return db.session.scalar(select(User).where(User.email == plain_email(email)))


def find_sign_in(token: str) -> tuple[SignIn, User] | None:
    """The sign-in that this token began, and whose it is, whether or not it still lasts."""
    found = select(SignIn, User).join(User, User.id == SignIn.user_id).where(SignIn.token_hash == digest(token))
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None


def list_sign_ins(user_id: int, *, now: datetime) -> list[SignIn]:
    """The user's sign-ins that last at `now`, the latest first."""
    lasting = SignIn.ended_at.is_(None), SignIn.seen_at > now - IDLE, SignIn.started_at > now - ABSOLUTE
    return list(
        db.session.scalars(select(SignIn).where(SignIn.user_id == user_id, *lasting).order_by(SignIn.id.desc()))
    )


def get_link_state(token: str, *, now: datetime) -> LinkState:
    """Whether the link with this token still opens its form."""
    link = db.session.scalar(select(AccountLink).where(AccountLink.token_hash == digest(token)))
    if link is None:
        return LinkState.UNKNOWN
    return link_state(expires_at=link.expires_at, used_at=link.used_at, now=now)


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


def manages_any_project(user_id: int) -> bool:
    """Whether the user is a manager in some project."""
    held = select(Membership.id).where(Membership.user_id == user_id, Membership.role == Role.MANAGER)
    return db.session.scalar(held.limit(1)) is not None


def list_accounts(search: str, page: int) -> AccountPage:
    """A page of the accounts whose name or e-mail holds `search`, by name and id."""
    chosen = select(User).options(selectinload(User.memberships))
    if search:
        chosen = chosen.where(
            or_(User.name.icontains(search, autoescape=True), User.email.icontains(search, autoescape=True))
        )
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = chosen.order_by(func.lower(User.name), User.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return AccountPage(list(db.session.scalars(rows)), total, page)


def list_members(project_code: str) -> list[Member]:
    """The roles held in the project, by name of who holds them and id."""
    held = _memberships().where(Membership.project_code == project_code)
    rows = db.session.execute(held.order_by(func.lower(User.name), User.id, Membership.id))
    return [_member(membership, user) for membership, user in rows]


def count_members(project_code: str, organisation_key: str) -> int:
    """How many people hold a role in the project for the organisation with this key, each once."""
    held = Membership.project_code == project_code, Membership.organisation_key == organisation_key
    return db.session.scalar(select(func.count(Membership.user_id.distinct())).where(*held)) or 0


def get_member(project_code: str, membership_id: int) -> Member:
    """One role held in the project; raise NotFound."""
    held = _memberships().where(Membership.project_code == project_code, Membership.id == membership_id)
    row = db.session.execute(held).one_or_none()
    if row is None:
        raise NotFound("membership-gone")
    return _member(row[0], row[1])


def _memberships() -> Select[Membership, User]:
    return select(Membership, User).join(User, User.id == Membership.user_id)


def _member(membership: Membership, user: User) -> Member:
    return Member(
        membership_id=membership.id,
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=Role(membership.role),
        organisation=membership.organisation_key or "",
        is_active=user.is_active,
        is_invited=not user.password_hash,
    )


def get_role(user_id: int, membership_id: int) -> Membership:
    """One role of the account; raise NotFound."""
    mine = select(Membership).where(Membership.user_id == user_id, Membership.id == membership_id)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound("membership-gone")
    return found
