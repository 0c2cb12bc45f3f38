"""Letting attempts in one after the other, slower the more there are. Only keyed digests of who tried are kept.

A browser in which someone has signed in to an account is counted by itself at that account, so that nobody can keep
its owner out by trying wrong passwords. Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import SignInAttempt
from portal.accounts.rules.people import plain_email
from portal.accounts.rules.throttling import FREE, WINDOW, Attempt, network_of, refusal, wait_before_next
from portal.accounts.rules.tokens import keyed_digest
from portal.core.db import transaction

# The number of PostgreSQL's lock under which attempts are counted and let in, one after the other.
LOCK = 7_301


def admit(kind: Attempt, email: str, address: str, *, now: datetime, browser: str = "") -> None:
    """Let the attempt at the account of `email` from the network `address` in, and count it.

    `browser` is what `browser_token` gave for this account, '' where it gave nothing. Raise TooManyAttempts if the
    attempt comes too soon; such an attempt is not counted, so that waiting is enough.
    """
    if browser:
        account = place = _digest(f"{kind} browser", browser)
    else:
        account, place = _account_digest(kind, email), _digest(f"{kind} address", network_of(address))
    with transaction() as session:
        # Whoever counts, counts what everyone before has written: fifty attempts at one moment are still fifty.
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
        waits = [
            wait_before_next(_attempts(session, column, value), free=free, now=now)
            for column, value, free in (
                (SignInAttempt.account_hash, account, FREE[kind].account),
                (SignInAttempt.address_hash, place, FREE[kind].address),
            )
        ]
        if any(waits):
            raise refusal(max(waits))
        session.add(SignInAttempt(account_hash=account, address_hash=place, at=now))


def forgive(session: Session, kind: Attempt, email: str, browser: str = "") -> None:
    """Forget the attempts at the account of `email`, and those of `browser`, by whoever has shown that it is theirs."""
    theirs = [_account_digest(kind, email), *([_digest(f"{kind} browser", browser)] if browser else [])]
    session.execute(delete(SignInAttempt).where(SignInAttempt.account_hash.in_(theirs)))


def browser_token(email: str) -> str:
    """What a browser is given once someone has signed in to the account of `email` with it; says nothing of it."""
    number = secrets.token_hex(8)
    return f"{number}{_digest(f'browser {number}', plain_email(email))}"


def find_browser(email: str, tokens: Iterable[str]) -> str:
    """The one of the browser's tokens that was given for the account of `email`; '' where none was."""
    return next((each for each in tokens if _was_given(email, each)), "")


def _was_given(email: str, token: str) -> bool:
    number, stated = token[:16], token[16:]
    return hmac.compare_digest(stated.encode(), _digest(f"browser {number}", plain_email(email)).encode())


def _attempts(session: Session, column: InstrumentedAttribute[str], value: str) -> list[datetime]:
    return list(session.scalars(select(SignInAttempt.at).where(column == value).order_by(SignInAttempt.at)))


def _account_digest(kind: Attempt, email: str) -> str:
    return _digest(f"{kind} account", plain_email(email))


def _digest(kind: str, text: str) -> str:
    return keyed_digest(current_app.config["SECRET_KEY"], kind, text)
