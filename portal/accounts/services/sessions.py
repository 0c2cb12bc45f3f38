"""Signing in and out. The browser holds a random token, the database its digest, so a sign-in can be ended here."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import SignIn, User
from portal.accounts.rules.sessions import KEPT, SEEN_EVERY
from portal.accounts.rules.throttling import Attempt
from portal.accounts.rules.tokens import digest
from portal.accounts.services import passwords, throttling
from portal.accounts.services.trail import account_subject
from portal.audit.services import Actor, acting_as, record
from portal.core.db import transaction
from portal.core.errors import InvalidInput

TOKEN_BYTES = 32


class SignedIn(NamedTuple):
    """A sign-in that has just begun: the token for the browser, the language of the account, and what the browser
    is to keep so that it is known at this account.
    """

    token: str
    language: str
    browser: str


def sign_in(
    email: str, password: str, *, address: str, production: bool, now: datetime, tokens: Iterable[str] = ()
) -> SignedIn:
    """Begin a sign-in of the active account whose password this is; `tokens` are those that the browser keeps.

    Demo accounts stay out of production. Raise TooManyAttempts, or InvalidInput with one sentence and after the same
    time for whatever else is wrong.
    """
    browser = throttling.find_browser(email, tokens)
    throttling.admit(Attempt.SIGN_IN, email, address, browser=browser, now=now)
    user = queries.find_user_by_email(email)
    user_id, password_hash = (user.id, user.password_hash) if user else (0, passwords.NO_PASSWORD)
    right = passwords.is_right(password, password_hash)
    with transaction() as session:
        user = session.scalar(select(User).where(User.id == user_id).with_for_update())
        # What was checked must still hold: the account may have been closed, its password changed meanwhile.
        open_to = user is not None and user.is_active and user.password_hash == password_hash
        if user is None or not right or not open_to or (user.is_demo and production):
            raise InvalidInput("sign-in-wrong")
        if passwords.is_outdated(password_hash):
            user.password_hash = passwords.hash_password(password)
        throttling.forgive(session, Attempt.SIGN_IN, email, browser)
        with acting_as(Actor(user.id, user.email)):
            record(session, "signed_in", account_subject(user.id), now=now)
        return SignedIn(begin(session, user.id, now=now), user.language, browser or throttling.browser_token(email))


def begin(session: Session, user_id: int, *, now: datetime) -> str:
    """Store a sign-in of the user and return its token; sign-ins that ended long ago are forgotten."""
    session.execute(delete(SignIn).where(SignIn.started_at < now - KEPT))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(SignIn(user_id=user_id, token_hash=digest(token), started_at=now, seen_at=now))
    return token


def note_seen(sign_in_id: int, *, now: datetime) -> None:
    """Note that the person is there; whoever has noted it within the last minute is enough."""
    with transaction() as session:
        due = SignIn.seen_at <= now - SEEN_EVERY
        session.execute(update(SignIn).where(SignIn.id == sign_in_id, due).values(seen_at=now))


def sign_out(user_id: int, sign_in_id: int, *, now: datetime) -> None:
    """End this sign-in of the user."""
    with transaction() as session:
        mine = SignIn.id == sign_in_id, SignIn.user_id == user_id, SignIn.ended_at.is_(None)
        session.execute(update(SignIn).where(*mine).values(ended_at=now))
        record(session, "signed_out", account_subject(user_id), now=now)


def sign_out_elsewhere(user_id: int, sign_in_id: int, *, now: datetime) -> None:
    """End every sign-in of the user but this one."""
    with transaction() as session:
        end_all(session, user_id, now=now, but=sign_in_id)
        record(session, "signed_out_elsewhere", account_subject(user_id), now=now)


def end_all(session: Session, user_id: int, *, now: datetime, but: int = 0) -> None:
    """End the user's sign-ins, all `but` the one with this id, in the caller's transaction."""
    theirs = SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.id != but
    session.execute(update(SignIn).where(*theirs).values(ended_at=now))
