"""Links that let their holder choose a password once."""

from datetime import datetime, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


LIFETIME = {Purpose.INVITATION: timedelta(days=7), Purpose.RESET: timedelta(hours=2)}


class LinkState(StrEnum):
    """Whether a link still opens the form."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def link_state(*, expires_at: datetime, used_at: datetime | None, now: datetime) -> LinkState:
    """The state of a known link; one that was used stays used."""
    if used_at is not None:
        return LinkState.USED
    return LinkState.EXPIRED if now >= expires_at else LinkState.OPEN
