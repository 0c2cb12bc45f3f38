"""Where the bars of the outcome table and the lines of a row's history lie: whole units of drawings that scale."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from portal.activities.rules.breakdowns import Point
from portal.reports.rules.timeline import LABELS, RIGHT, Scale, Tick, Today, ticks

# A bar is so many units wide.
FULL: Final = 1000
NARROWEST: Final = 6

TOP: Final = 44
BOTTOM: Final = 286
CHART_HEIGHT: Final = 330
# Names of months and the word at the line of the day need so much room to be read on a phone, too.
ROOM: Final = 150
MOST_LINES: Final = 5
MOST_ROWS: Final = 50


class Bar(NamedTuple):
    """How long the parts of a bar are: what is evidenced, then what is not; `expected` is the mark's place, if any."""

    evidenced: int
    unproven: int
    expected: int | None


class MoneyBar(NamedTuple):
    """How long the parts of a bar of money are: what is certified, what else is reported, what else is declared.

    `budget` is the place of a mark where more is declared than the budget.
    """

    certified: int
    reported: int
    declared: int
    budget: int | None

    @property
    def starts(self) -> tuple[int, int]:
        """Where the second and the third part begin."""
        return self.certified, self.certified + self.reported


class Line(NamedTuple):
    """A line across the drawing, and the number that it stands for."""

    y: int
    number: int


class Chart(NamedTuple):
    """How a figure grew: `path` is the steps from the first day to the day shown, `expected` the row's target."""

    height: int
    ticks: list[Tick]
    lines: list[Line]
    expected: Line | None
    path: str
    end: Today


class Growth(NamedTuple):
    """What a stretch of days added, and the sum by its end; `last_day` is the last of its days that added something."""

    last_day: date
    added: int
    total: int


class GrowthTable(NamedTuple):
    """How a figure grew, by "day", "month" or "year"."""

    by: str
    rows: list[Growth]


def draw_bar(achieved: int | None, evidenced: int | None, expected: int | None) -> Bar | None:
    """The bar of a row; full at what is expected, and beyond that at what was achieved, with a mark at the expected.

    None where nothing is reported or nothing is expected.
    """
    if achieved is None or not expected:
        return None
    most = max(achieved, expected)
    end, proven = _length(achieved, most), _length(evidenced or 0, most)
    return Bar(proven, end - proven, _length(expected, most) if achieved > expected else None)


def draw_money(budget: int, declared: int, reported: int, certified: int) -> MoneyBar | None:
    """The bar of a budget; full at the budget, and beyond that at what was declared, with a mark at the budget.

    Sums below zero, which credit notes make, are not drawn. None without a budget.
    """
    if budget <= 0:
        return None
    most = max(budget, declared, reported, certified)
    first = _length(max(certified, 0), most)
    second = max(_length(max(reported, 0), most), first)
    third = max(_length(max(declared, 0), most), second)
    return MoneyBar(first, second - first, third - second, _length(budget, most) if most > budget else None)


def draw_history(points: Sequence[Point], expected: int | None, days: tuple[date, date], as_of: date) -> Chart | None:
    """The steps of a figure over the project's days, up to and including `as_of`; None if that lies before them."""
    scale = Scale(*days)
    if as_of < scale.first_day:
        return None
    highest = max(points[-1].total if points else 0, expected or 0, 1)
    step = _step(highest)
    top = -(-highest // step) * step
    end = scale.x(min(as_of, scale.last_day))
    return Chart(
        height=CHART_HEIGHT,
        ticks=ticks(scale, ROOM),
        lines=[Line(_y(number, top), number) for number in range(0, top + 1, step)],
        expected=Line(_y(expected, top), expected) if expected else None,
        path=_path(points, scale, top, end),
        end=Today(end, end > RIGHT - ROOM),
    )


def growth_table(points: Sequence[Point]) -> GrowthTable:
    """The same in figures: by day, or by month or by year where that would be more than 50 rows."""
    rows: list[Growth] = []
    for by, stretch in _STRETCHES:
        rows = list(_growths(points, stretch))
        if len(rows) <= MOST_ROWS:
            return GrowthTable(by, rows)
    return GrowthTable(by, rows)


def _length(number: int, most: int) -> int:
    """So many units of a bar that is full at `most`; what is not nothing is seen."""
    return max(NARROWEST, FULL * number // most) if number else 0


def _step(highest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which five reach the highest number at least."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * MOST_LINES >= highest:
                return step
        power *= 10


def _y(number: int, top: int) -> int:
    return BOTTOM - number * (BOTTOM - TOP) // top


def _path(points: Sequence[Point], scale: Scale, top: int, end: int) -> str:
    steps = "".join(f"H{scale.x(point.day)}V{_y(point.total, top)}" for point in points)
    return f"M{LABELS} {BOTTOM}{steps}H{end}"


def _growths(points: Sequence[Point], stretch: Callable[[date], tuple[int, ...]]) -> Iterator[Growth]:
    """One for each stretch of days in which something was added."""
    before = 0
    for point, following in pairwise([*points, None]):
        if point is not None and (following is None or stretch(following.day) != stretch(point.day)):
            yield Growth(point.day, point.total - before, point.total)
            before = point.total


def _day(day: date) -> tuple[int, ...]:
    return day.year, day.month, day.day


_STRETCHES: Final = (("day", _day), ("month", lambda day: (day.year, day.month)), ("year", lambda day: (day.year,)))
