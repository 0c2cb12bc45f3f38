"""The only place that asks what time it is. Domain code receives the date."""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.core.errors import InvalidInput

_frozen: datetime | None = None


def read_instant(text: str) -> datetime:
    """The aware UTC instant an ISO text names; raise InvalidInput if it has no offset or cannot be read."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("instant-unreadable", value=text) from error
    if instant.tzinfo is None:
        raise InvalidInput("instant-unreadable", value=text)
    return instant.astimezone(UTC)


def configure(*, production: bool) -> None:
    """Let `PORTAL_NOW` stand for the present, except in production."""
    global _frozen
    stated = os.environ.get("PORTAL_NOW")
    _frozen = read_instant(stated) if stated and not production else None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today(zone: str) -> date:
    """The present day in the IANA zone `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()
