"""Letting registrations and requests for lost links in from a network, so many in an hour, and one mail with a link.

Only a keyed digest of the network, or of whom the mail goes to, is kept.
"""

import math
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.accounts.rules.throttling import TooManyAttempts, network_of
from portal.accounts.rules.tokens import keyed_digest
from portal.activities.models import RegistrationAttempt
from portal.core.db import db, transaction

WINDOW = timedelta(hours=1)
# So many letters of a digest make a number that PostgreSQL can lock.
LOCK_LETTERS = 15
# How often a network may ask for lost links of one event in an hour, where registrations are limited at all.
LINKS_PER_HOUR = 30


def admit(address: str, *, now: datetime) -> None:
    """Count a registration from the network of `address`, together with what else the caller's transaction stores.

    Raise TooManyAttempts if the last hour has seen as many from there as the portal takes; such a one is not counted.
    """
    most = current_app.config["REGISTRATIONS_PER_HOUR"]
    if most and (seconds := _count("registration address", network_of(address), most, now)):
        raise TooManyAttempts("registrations-too-many", seconds=seconds, minutes=math.ceil(seconds / 60))


def admit_request(address: str, event_id: int, *, now: datetime) -> None:
    """Count a request for a lost link as `admit` counts registrations, but apart from them and for each event."""
    if not current_app.config["REGISTRATIONS_PER_HOUR"]:
        return
    if seconds := _count("link request", f"{event_id} {network_of(address)}", LINKS_PER_HOUR, now):
        raise TooManyAttempts("links-too-many", seconds=seconds, minutes=math.ceil(seconds / 60))


def _count(what: str, about: str, most: int, now: datetime) -> int:
    """Count one more; return 0, or how many seconds to wait: one beyond the `most` of an hour is not counted."""
    network = keyed_digest(current_app.config["SECRET_KEY"], what, about)
    mine = RegistrationAttempt.address_hash == network
    with transaction() as session:
        # Whoever counts, counts what everyone before from there has written.
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(int(network[:LOCK_LETTERS], 16))))
        session.execute(delete(RegistrationAttempt).where(mine, RegistrationAttempt.at <= now - WINDOW))
        latest = select(RegistrationAttempt.at).where(mine).order_by(RegistrationAttempt.at.desc())
        earliest = session.scalar(latest.offset(most - 1).limit(1))
        if earliest is not None:
            return math.ceil((earliest + WINDOW - now).total_seconds())
        session.add(RegistrationAttempt(address_hash=network, at=now))
    return 0


def let_once(session: Session, what: str, about: str, *, now: datetime) -> bool:
    """Whether this has not been done within the last hour, and is counted as done now; who calls it holds the event."""
    digest = keyed_digest(current_app.config["SECRET_KEY"], what, about)
    done = RegistrationAttempt.address_hash == digest, RegistrationAttempt.at > now - WINDOW
    if session.scalar(select(RegistrationAttempt.id).where(*done).limit(1)) is not None:
        return False
    session.add(RegistrationAttempt(address_hash=digest, at=now))
    return True


def forget_attempts(now: datetime) -> None:
    """Delete what tells of registrations more than an hour ago."""
    old = RegistrationAttempt.at <= now - WINDOW
    if db.session.scalar(select(RegistrationAttempt.id).where(old).limit(1)) is None:
        return
    with transaction() as session:
        session.execute(delete(RegistrationAttempt).where(old))
