"""How long a sign-in lasts. Instants are aware; nothing is counted in days of a calendar."""

from datetime import datetime, timedelta
from enum import StrEnum

# Without a page opened, and at most altogether.
IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
# How long before its end the page warns, and how often the last page is noted.
WARNING = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)
# Ended sign-ins are kept this long, for whoever asks when an account was used.
KEPT = timedelta(days=30)


class Ending(StrEnum):
    """Why a sign-in has ended."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    ENDED = "ended"


def ending(*, started_at: datetime, seen_at: datetime, ended_at: datetime | None, now: datetime) -> Ending | None:
    """Why the sign-in has ended by `now`; None while it lasts."""
    if ended_at is not None:
        return Ending.ENDED
    if now >= started_at + ABSOLUTE:
        return Ending.ABSOLUTE
    return Ending.IDLE if now >= seen_at + IDLE else None


def seconds_left(*, started_at: datetime, seen_at: datetime, now: datetime) -> int:
    """The whole seconds until the sign-in ends if no further page is opened, at least 0."""
    ends_at = min(started_at + ABSOLUTE, seen_at + IDLE)
    return max(0, int((ends_at - now).total_seconds()))


def is_last_stretch(*, started_at: datetime, now: datetime) -> bool:
    """Whether the sign-in ends within the time of the warning, whatever the person does."""
    return now >= started_at + ABSOLUTE - WARNING
