"""Invitations and resets: links by mail that let their holder choose a password once."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts import mails
from portal.accounts.models import AccountLink, User
from portal.accounts.rules.links import LIFETIME, LinkState, Purpose, link_state
from portal.accounts.rules.passwords import password_problems
from portal.accounts.rules.people import plain_email
from portal.accounts.rules.throttling import Attempt
from portal.accounts.rules.tokens import digest
from portal.accounts.services import passwords, throttling
from portal.accounts.services.sessions import TOKEN_BYTES, end_all
from portal.accounts.services.trail import account_facts, account_subject
from portal.audit.services import Actor, acting_as, record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound


def request_reset(email: str, *, address: str, now: datetime) -> None:
    """Mail a link for a new password to `email`, if an active account has it; nothing says whether one has.

    Raise TooManyAttempts if it is asked for too often.
    """
    with transaction() as session:
        throttling.admit(Attempt.RESET, email, address, now=now)
        user = session.scalar(select(User).where(User.email == plain_email(email)))
        if user is None or not user.is_active:
            return
        path = issue(session, user.id, Purpose.RESET, now=now)
        mails.send_reset(session, user, path=path, now=now)
        record(session, "reset_asked", account_subject(user.id), now=now)


def issue(session: Session, user_id: int, purpose: Purpose, *, now: datetime) -> str:
    """Store a new link for the user in the caller's transaction; return its path, the only place that holds it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        AccountLink(
            token_hash=digest(token),
            user_id=user_id,
            purpose=purpose,
            created_at=now,
            expires_at=now + LIFETIME[purpose],
        )
    )
    return f"/link/{token}"


def use_link(token: str, *, password: str, now: datetime) -> int:
    """Give the link's account this password, use the link up, and sign the account out everywhere; return its id.

    Every other link of the account is used up as well. Raise NotFound for an unknown link, Conflict for one that is
    used or too old, InvalidInputs for a password that is not good enough, which leaves the link as it was.
    """
    with transaction() as session:
        link = _take(session, token, now)
        user = session.scalar(select(User).where(User.id == link.user_id).with_for_update())
        if user is None or not user.is_active:
            raise NotFound("link-unknown")
        purpose = link.purpose
        set_password(session, user, password, now=now, action="password_chosen")
        if purpose == Purpose.RESET:
            mails.send_password_changed(session, user, now=now)
        return user.id


def set_password(session: Session, user: User, password: str, *, now: datetime, action: str) -> None:
    """Store the password the user chose in the caller's transaction; raise InvalidInputs if it is not good enough."""
    if problems := password_problems(password, name=user.name, email=user.email):
        raise InvalidInputs(problems)
    before = account_facts(user)
    replace_password(session, user, password, now=now)
    with acting_as(Actor(user.id, user.email)):
        record(session, action, account_subject(user.id), now=now, before=before, after=account_facts(user))


def replace_password(session: Session, user: User, password: str, *, now: datetime) -> None:
    """Store the password in the caller's transaction; sign-ins, links and counted attempts end with the old one."""
    user.password_hash = passwords.hash_password(password)
    user.version += 1
    end_all(session, user.id, now=now)
    unused = AccountLink.user_id == user.id, AccountLink.used_at.is_(None)
    session.execute(update(AccountLink).where(*unused).values(used_at=now))
    for kind in Attempt:
        throttling.forgive(session, kind, user.email)


def _take(session: Session, token: str, now: datetime) -> AccountLink:
    """The open link with this token, used up now: two people cannot both use it."""
    open_link = AccountLink.token_hash == digest(token), AccountLink.used_at.is_(None), AccountLink.expires_at > now
    taking = update(AccountLink).where(*open_link).values(used_at=now).returning(AccountLink)
    link = session.scalar(taking)
    if link is not None:
        return link
    link = session.scalar(select(AccountLink).where(AccountLink.token_hash == digest(token)))
    if link is None:
        raise NotFound("link-unknown")
    used = link_state(expires_at=link.expires_at, used_at=link.used_at, now=now) is LinkState.USED
    raise Conflict("link-used" if used else "link-expired")
