"""Making accounts, changing them, and opening or closing them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import mails
from portal.accounts.models import Membership, User
from portal.accounts.rules import Role
from portal.accounts.rules.passwords import password_problems
from portal.accounts.rules.people import email_problems, name_problems, plain_email
from portal.accounts.services import passwords
from portal.accounts.services.links import replace_password, set_password
from portal.accounts.services.sessions import end_all
from portal.accounts.services.trail import account_facts, account_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound, Problem


class PersonDraft(NamedTuple):
    """Someone who is to have an account; `password` None leaves the one there is, or none."""

    email: str
    name: str
    language: str = "en"
    password: str | None = None


def set_account(
    email: str,
    *,
    name: str,
    password: str,
    now: datetime,
    language: str = "en",
    demo: bool = False,
    admin: bool = False,
) -> int:
    """Create the account of `email`, or give it these facts; return its id. Raise InvalidInputs with all problems."""
    draft = PersonDraft(email, name, language, password)
    with transaction() as session:
        if problems := person_problems(draft):
            raise InvalidInputs(problems)
        user = find_for_change(session, draft.email)
        if user is None:
            user = create(session, draft, now=now)
            before = account_facts(user)
        else:
            before = account_facts(user)
            replace_password(session, user, password, now=now)
        user.name, user.language, user.is_demo, user.is_admin = name, language, demo, admin
        record(session, "account_changed", account_subject(user.id), now=now, before=before, after=account_facts(user))
        return user.id


def person_problems(draft: PersonDraft) -> list[Problem]:
    """Everything that is wrong with a draft of a new account."""
    problems = [*email_problems(plain_email(draft.email)), *name_problems(draft.name)]
    if draft.password is not None:
        problems += password_problems(draft.password, name=draft.name, email=draft.email)
    return problems


def find_for_change(session: Session, email: str) -> User | None:
    """The account of this e-mail, held against other writers until the transaction ends."""
    return session.scalar(select(User).where(User.email == plain_email(email)).with_for_update())


def create(session: Session, draft: PersonDraft, *, now: datetime, action: str = "account_added") -> User:
    """Store a new account in the caller's transaction, closed to sign-ins while it has no password.

    Raise Conflict if someone else has made one for this e-mail since it was looked for.
    """
    hashed = passwords.NO_PASSWORD if draft.password is None else passwords.hash_password(draft.password)
    user = User(
        email=plain_email(draft.email),
        name=" ".join(draft.name.split()),
        language=draft.language,
        password_hash=hashed,
        is_active=True,
        is_admin=False,
        is_demo=False,
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("account-just-made", where="email") from error
    record(session, action, account_subject(user.id), now=now, after=account_facts(user))
    return user


def change_details(user_id: int, *, name: str, language: str, version: int, now: datetime) -> None:
    """Give the account this name and language; raise Conflict if it changed since `version`."""
    if problems := name_problems(name):
        raise InvalidInputs(problems)
    with transaction() as session:
        user = lock(session, user_id, version)
        before = account_facts(user)
        user.name, user.language = name, language
        _changed(session, user, "account_changed", before, now)


def change_password(user_id: int, *, current: str, new: str, now: datetime) -> None:
    """Give the account a new password and end all its sign-ins.

    Raise InvalidInput if `current` is not its password, InvalidInputs if `new` is not good enough.
    """
    with transaction() as session:
        user = lock(session, user_id)
        if not passwords.is_right(current, user.password_hash):
            raise InvalidInput("password-wrong", where="current")
        if current == new:
            raise InvalidInput("password-same", where="password")
        set_password(session, user, new, now=now, action="password_changed")
        mails.send_password_changed(session, user, now=now)


def set_active(user_id: int, *, active: bool, version: int, now: datetime) -> None:
    """Open the account to sign-ins, or close it and end those it has.

    Raise Conflict if it changed since `version`, if it is the last administrator's, or if it is that of the last
    manager of a project.
    """
    with transaction() as session:
        if not active:
            _check_admins(session, without=user_id)
            _check_managers(session, without=user_id)
        user = lock(session, user_id, version)
        before = account_facts(user)
        user.is_active = active
        if not active:
            end_all(session, user_id, now=now)
        _changed(session, user, "account_enabled" if active else "account_disabled", before, now)


def set_admin(user_id: int, *, admin: bool, version: int, now: datetime) -> bool:
    """Let the account run the portal, or no longer; return which.

    Raise Conflict if it changed since `version`, or if it is the last administrator's.
    """
    with transaction() as session:
        if not admin:
            _check_admins(session, without=user_id)
        user = lock(session, user_id, version)
        before = account_facts(user)
        user.is_admin = admin
        if not admin:
            end_all(session, user_id, now=now)
        _changed(session, user, "admin_given" if admin else "admin_taken", before, now)
        return admin


def lock(session: Session, user_id: int, version: int | None = None) -> User:
    """The account, held against other writers; raise NotFound, or Conflict if `version` is no longer its own."""
    user = session.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None:
        raise NotFound("account-unknown")
    if version is not None and user.version != version:
        raise Conflict("account-stale")
    return user


def _check_admins(session: Session, *, without: int) -> None:
    """Raise Conflict if no active administrator is left without this one; holds them all, so two cannot go at once."""
    admins = select(User.id).where(User.is_admin, User.is_active).order_by(User.id).with_for_update()
    ids = list(session.scalars(admins))
    if ids == [without]:
        raise Conflict("last-admin")


def _check_managers(session: Session, *, without: int) -> None:
    """Raise Conflict if a project is left without an active manager without this one."""
    managed = select(Membership.project_code).where(Membership.user_id == without, Membership.role == Role.MANAGER)
    managers = lock_managers(session, list(session.scalars(managed)))
    if left := [code for code, ids in managers.items() if ids == {without}]:
        raise Conflict("last-manager", projects=left)


def lock_managers(session: Session, project_codes: Collection[str]) -> dict[str, set[int]]:
    """Project -> the accounts of its active managers, by code; held so that two cannot go at the same moment."""
    theirs = Membership.project_code.in_(project_codes), Membership.role == Role.MANAGER
    rows = session.scalars(select(Membership).where(*theirs).order_by(Membership.id).with_for_update()).all()
    active = set(session.scalars(select(User.id).where(User.id.in_([row.user_id for row in rows]), User.is_active)))
    return {code: {row.user_id for row in rows if row.project_code == code} & active for code in sorted(project_codes)}


def _changed(session: Session, user: User, action: str, before: dict[str, object], now: datetime) -> None:
    user.version += 1
    record(session, action, account_subject(user.id), now=now, before=before, after=account_facts(user))
