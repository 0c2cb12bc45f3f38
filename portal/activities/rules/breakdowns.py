"""A row's figure broken down by period, country, partner, group or work package, and how it grew.

Everything is a sum over the row's pieces; what a breakdown cannot tell of a row is None, never 0.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from portal.activities.rules.counting import NO_COUNTRY, NO_PERIOD, Count, Piece
from portal.core.periods import Period, find_period

DIMENSIONS = ("period", "country", "partner", "group", "work_package")
OF_PEOPLE = frozenset({"country", "group"})
# The parts of a row in this breakdown add up to more than the row: a joint event stands under each of its organisers.
REPEATING = frozenset({"partner"})
NO_PACKAGE = "none"
# No key of an organisation is written like this.
NO_PARTNER = "-"


class Selection(NamedTuple):
    """Which pieces of a row are looked at: those with this value in each dimension ('' selects all)."""

    period: str = ""
    country: str = ""
    partner: str = ""
    group: str = ""
    work_package: str = ""


class Point(NamedTuple):
    """How much had been achieved by the end of a day."""

    day: date
    total: int


def break_down(count: Count, dimension: str, periods: Sequence[Period]) -> dict[str, int] | None:
    """Value of the dimension -> how much of the row falls to it; None where the row is not reported or has no such.

    Country and group are facts of people. Under "partner" what several partners organised stands under each of them.
    """
    if count.achieved is None or (dimension in OF_PEOPLE and not count.of_people):
        return None
    if dimension == "period":
        return count.by_period
    figures: Counter[str] = Counter()
    for piece in count.pieces:
        for value in _values(piece, dimension, periods):
            figures[value] += piece.number
    return dict(figures)


def selected(pieces: Iterable[Piece], chosen: Selection, periods: Sequence[Period]) -> list[Piece]:
    """The pieces that have the chosen values."""
    asked = [(dimension, value) for dimension, value in chosen._asdict().items() if value]
    return [piece for piece in pieces if all(value in _values(piece, dimension, periods) for dimension, value in asked)]


def history(pieces: Iterable[Piece]) -> list[Point]:
    """How the figure grew: a point for each day on which something was added, in order."""
    by_day: Counter[date] = Counter()
    for piece in pieces:
        by_day[piece.day] += piece.number
    days = sorted(by_day)
    return [Point(day, total) for day, total in zip(days, accumulate(by_day[day] for day in days), strict=True)]


def _values(piece: Piece, dimension: str, periods: Sequence[Period]) -> tuple[str, ...]:
    return _VALUES[dimension](piece, periods)


def _period(piece: Piece, periods: Sequence[Period]) -> tuple[str, ...]:
    period = find_period(piece.day, periods)
    return (str(period.number) if period else NO_PERIOD,)


def _country(piece: Piece, periods: Sequence[Period]) -> tuple[str, ...]:
    return (piece.country or NO_COUNTRY,)


def _partner(piece: Piece, periods: Sequence[Period]) -> tuple[str, ...]:
    return piece.partners or (NO_PARTNER,)


def _group(piece: Piece, periods: Sequence[Period]) -> tuple[str, ...]:
    return (piece.group,)


def _work_package(piece: Piece, periods: Sequence[Period]) -> tuple[str, ...]:
    return (str(piece.event.work_package) if piece.event else NO_PACKAGE,)


_VALUES: Mapping[str, Callable[[Piece, Sequence[Period]], tuple[str, ...]]] = {
    "period": _period,
    "country": _country,
    "partner": _partner,
    "group": _group,
    "work_package": _work_package,
}
