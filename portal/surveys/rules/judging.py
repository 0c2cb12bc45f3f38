"""The fixed words of an analysis: how two waves were compared, and what a change or a difference lets us say."""

from collections.abc import Sequence
from typing import Final

INDEPENDENT: Final = "independent"
PAIRED: Final = "paired"
OVERLAPPING: Final = "partially_overlapping"

# A p that is not below it tells nothing.
LEVEL: Final = 0.05
UP, DOWN, CANNOT_TELL = "up", "down", "cannot-tell"


def judge(ci: Sequence[float | None] | None, p: float | None) -> str:
    """Whether something rose or fell: only where p (corrected) is below the level and the interval leaves 0 out.

    Source: rules of surveys, "Analysis".
    """
    low, high = ci or (None, None)
    if low is None or high is None or p is None or p >= LEVEL:
        return CANNOT_TELL
    if low > 0:
        return UP
    return DOWN if high < 0 else CANNOT_TELL
