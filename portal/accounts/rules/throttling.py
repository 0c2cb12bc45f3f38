"""How fast passwords may be tried and links be asked for: slower and slower, but nobody is locked out for good."""

import ipaddress
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import PortalError

# Only attempts of this stretch count, so after it everything is as at first.
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=5)


class TooManyAttempts(PortalError):
    """Someone tries too often; `seconds` says how long to wait."""

    status = 429

    @property
    def seconds(self) -> int:
        """How long to wait."""
        return int(str(self.problem.values["seconds"]))


class Attempt(StrEnum):
    """What is tried; each kind is counted for itself."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    PASSWORD = "password"  # noqa: S105  # the name of what is tried


class Free(NamedTuple):
    """How many attempts of the last 15 minutes cost nothing, for one account and from one address."""

    account: int
    address: int


FREE = {Attempt.SIGN_IN: Free(5, 30), Attempt.RESET: Free(3, 15), Attempt.PASSWORD: Free(5, 30)}


def wait_before_next(attempts: Sequence[datetime], *, free: int, now: datetime) -> timedelta:
    """How long the next attempt has to wait, given those made so far (in order); zero while some are free.

    The wait is counted from the last attempt that was let through, doubles with each further one and stays within
    LONGEST_WAIT, so whoever waits gets a turn.
    Source: OWASP Authentication Cheat Sheet, "Account Lockout"; issue 3, "without lasting lock-out".
    """
    recent = [at for at in attempts if at > now - WINDOW]
    beyond = len(recent) - free
    if beyond < 0:
        return timedelta(0)
    wait = min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT)
    return max(timedelta(0), recent[-1] + wait - now) if recent else timedelta(0)


def refusal(wait: timedelta) -> TooManyAttempts:
    """The answer to an attempt that has to wait."""
    seconds = math.ceil(wait.total_seconds())
    return TooManyAttempts("too-many-attempts", seconds=seconds, minutes=math.ceil(seconds / 60))


def network_of(address: str) -> str:
    """What an address is counted as: itself, or its /64 where it is one of the many that an IPv6 household has."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((int(read) >> 64 << 64, 64)))
    return str(read)
