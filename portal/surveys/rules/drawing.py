"""Where the bars of answers and the intervals of means lie: whole units of drawings that scale."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

# A drawing is so many units wide.
FULL: Final = 1000
MIDDLE: Final = FULL // 2
# More steps of a scale than these are not marked one by one.
MOST_TICKS: Final = 11


class Piece(NamedTuple):
    """The part of a bar that stands for one answer; `tone` is no-2, no-1, mid, yes-1 or yes-2."""

    x: int
    width: int
    tone: str


class LikertBar(NamedTuple):
    """Answers from the lowest step to the highest, the lower half left of `middle`, the higher half right of it."""

    pieces: tuple[Piece, ...]
    middle: int = MIDDLE


class Span(NamedTuple):
    """The place of a mean and of the ends of its interval on an axis; `ticks` are the steps of the scale."""

    low: int
    mean: int
    high: int
    ticks: tuple[int, ...]

    @property
    def width(self) -> int:
        """How long the interval is."""
        return self.high - self.low


class Axis(NamedTuple):
    """What the ends of an axis stand for."""

    least: float
    most: float


def draw_likert(counts: Sequence[int]) -> LikertBar | None:
    """The bar of how often each step was chosen, lowest first; half the width is everybody. None without answers.

    The middle step of an odd number of them lies half on either side, so a bar leans towards what more people chose.
    """
    total = sum(counts)
    if not total:
        return None
    half = len(counts) // 2
    left = 2 * sum(counts[:half]) + (counts[half] if len(counts) % 2 else 0)
    edges = [MIDDLE + _round((2 * before - left) * MIDDLE, 2 * total) for before in accumulate(counts, initial=0)]
    tones = tones_of(len(counts))
    found = zip(pairwise(edges), tones, counts, strict=True)
    return LikertBar(tuple(Piece(start, end - start, tone) for (start, end), tone, count in found if count))


def tones_of(steps: int) -> list[str]:
    """The tone of each step of a scale, lowest first: the ends are strong, the middle of an odd number is neither."""
    half = steps // 2
    low = ["no-2", *["no-1"] * (half - 1)] if half else []
    return [*low, *(["mid"] if steps % 2 else []), *(tone.replace("no", "yes") for tone in reversed(low))]


def draw_span(axis: Axis, mean: float, interval: tuple[float, float]) -> Span:
    """The mean and its interval on the axis; what lies beyond an end is drawn at it."""
    low, high = interval
    return Span(_place(axis, low), _place(axis, mean), _place(axis, high), _ticks(axis))


def widest_axis(intervals: Sequence[tuple[float, float]]) -> Axis:
    """An axis from the lowest to the highest of these ends, for a scale that has no ends of its own."""
    least, most = min(low for low, _high in intervals), max(high for _low, high in intervals)
    return Axis(least, most) if most > least else Axis(least - 1, most + 1)


def _ticks(axis: Axis) -> tuple[int, ...]:
    whole = float(axis.least).is_integer() and float(axis.most).is_integer()
    steps = int(axis.most - axis.least) + 1 if whole else 0
    if not 2 <= steps <= MOST_TICKS:
        return 0, FULL
    return tuple(_place(axis, axis.least + step) for step in range(steps))


def _place(axis: Axis, value: float) -> int:
    share = (value - axis.least) / (axis.most - axis.least)
    return round(min(max(share, 0.0), 1.0) * FULL)


def _round(numerator: int, denominator: int) -> int:
    """The quotient as the nearest whole number, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)
