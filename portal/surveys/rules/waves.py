"""When a wave takes answers: on its days, or as somebody has decided by hand."""

from datetime import date
from enum import StrEnum
from typing import Final

OPEN: Final = "open"
CLOSED: Final = "closed"
BY_HAND: Final = ("", OPEN, CLOSED)


class WaveState(StrEnum):
    """Whether a wave takes answers."""

    PLANNED = "planned"
    OPEN = OPEN
    CLOSED = CLOSED


def wave_state(
    *, is_published: bool, is_over: bool, by_hand: str, opens_on: date | None, last_day: date | None, today: date
) -> WaveState:
    """Whether the wave takes answers on this day, in the project's zone; without days it is opened by hand.

    None does once its project is closed: then it `is_over`.
    """
    if is_over:
        return WaveState.CLOSED
    if not is_published:
        return WaveState.PLANNED
    if by_hand:
        return WaveState(by_hand)
    if last_day is not None and today > last_day:
        return WaveState.CLOSED
    return WaveState.OPEN if opens_on is not None and today >= opens_on else WaveState.PLANNED
