"""The only place that asks what time it is. Domain code receives the date."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: datetime | None = None


def stand_still(at: datetime | None) -> None:
    """Let `at` stand for the present from now on; None lets the clock run."""
    global _frozen
    _frozen = at


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today(zone: str) -> date:
    """The present day in the IANA zone `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()
