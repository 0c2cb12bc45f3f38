"""All that readers get to see of a family of rows, computed plainly: what the tests of disclosure check against."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import permutations, product
from typing import NamedTuple

import numpy as np

from portal.activities.rules.counting import Piece
from portal.activities.rules.facts import EventFacts
from portal.core.periods import Period
from portal.reports.rules.publishing import Days, PeopleRow, published_days, withheld_figures

# Three periods that leave days uncovered before, between and after them; today lies in the third.
PERIODS = [
    Period(1, date(2026, 1, 10), date(2026, 3, 31)),
    Period(2, date(2026, 4, 10), date(2026, 6, 30)),
    Period(3, date(2026, 7, 10), date(2026, 12, 31)),
]
TODAY = date(2026, 9, 15)
FIRST_DAY = date(2026, 1, 1)
COUNTRIES = ("LT", "PL")
IN_PERIOD = {"1": date(2026, 2, 1), "2": date(2026, 5, 1), "3": date(2026, 8, 1)}
IN_GAP = {"before": date(2026, 1, 5), "between": date(2026, 4, 5), "after": date(2026, 7, 5)}
DAYS = published_days(PERIODS, TODAY)

# Below this a number is a rounding error.
SMALLEST = 1e-9

# The keys of the rows that people are counted in.
Kind = frozenset[str]
Part = tuple[Kind, date, str, bool]


class World(NamedTuple):
    """Counted rows: key -> the pieces of its own; sums: key -> how often each counted row enters it; since when all
    are reported; and pieces that several counted rows share."""

    pieces: Mapping[str, tuple[Piece, ...]]
    sums: Mapping[str, Mapping[str, int]]
    since: date = FIRST_DAY
    shared: Mapping[Kind, tuple[Piece, ...]] = {}

    def everyone(self) -> list[tuple[Kind, Piece]]:
        """Each piece with the rows that it enters, at an event of its own."""
        found = [(frozenset([key]), each) for key, pieces in self.pieces.items() for each in pieces]
        found += [(kind, each) for kind, pieces in self.shared.items() for each in pieces]
        return [(kind, each._replace(event=event(place, each))) for place, (kind, each) in enumerate(found)]

    def rows(self) -> list[PeopleRow]:
        everyone = self.everyone()
        mine = {key: tuple(each for kind, each in everyone if key in kind) for key in self.pieces}
        counted = [PeopleRow(key, {key: 1}, pieces, self.since, True) for key, pieces in mine.items()]
        return [*counted, *(PeopleRow(key, parts, (), self.since, True) for key, parts in self.sums.items())]

    def parts(self) -> list[Part]:
        """Everything that could be told apart, with or without people in it."""
        days = [*IN_PERIOD.values(), *IN_GAP.values()]
        kinds = sorted({kind for kind, each in self.everyone() if each.number}, key=sorted)
        return list(product(kinds or [frozenset("a")], days, ("LT", "PL", "unknown"), (True, False)))

    def people(self) -> dict[Part, int]:
        found = dict.fromkeys(self.parts(), 0)
        for kind, each in self.everyone():
            if each.number:
                found[kind, each.day, each.country or "unknown", each.evidenced] += each.number
        return found


def of_row(row: PeopleRow, parts: list[Part]) -> dict[Part, int]:
    """How often each part enters the row."""
    times = {part: sum(row.parts.get(key, 0) for key in part[0]) for part in parts}
    return {part: number for part, number in times.items() if number}


def event(number: int, of: Piece) -> EventFacts:
    return EventFacts(number, "", "workshop", "held", False, of.day, 2, (), (), of.evidenced)


def piece(number: int, day: date, country: str = "LT", *, evidenced: bool = False) -> Piece:
    return Piece(number, day, evidenced, country=country)


def figures(world: World, days: Days = DAYS) -> Iterator[tuple[tuple[str, ...], dict[Part, int]]]:
    """Each figure that could be shown: its name and how often each part enters it."""
    parts = world.parts()
    for row in world.rows():
        mine = of_row(row, parts)
        for column, day in IN_PERIOD.items():
            yield (row.key, "period", column), {part: times for part, times in mine.items() if part[1] == day}
        for end in days.all():
            known = {part: times for part, times in mine.items() if part[1] <= end}
            yield (row.key, "total", end.isoformat()), known
            yield (row.key, "evidenced", end.isoformat()), {part: n for part, n in known.items() if part[3]}
            none = {part: n for part, n in known.items() if part[1] in IN_GAP.values()}
            yield (row.key, "none", end.isoformat()), none
            for country in ("LT", "PL", "unknown"):
                name = (row.key, "country" if end == days.today else f"country {end}", country)
                yield name, {part: times for part, times in known.items() if part[2] == country}


def value(people: Mapping[Part, int], made_of: Mapping[Part, int]) -> int:
    return sum(people[part] * times for part, times in made_of.items())


def is_shown(name: tuple[str, ...], withheld: frozenset[tuple[str, ...]]) -> bool:
    if name[1].startswith("country "):
        return (name[0], "countries", name[1].removeprefix("country ")) not in withheld
    return name not in withheld


def withheld_of(world: World) -> frozenset[tuple[str, ...]]:
    return withheld_figures(world.rows(), DAYS, COUNTRIES)


class Reader:
    """Someone who has everything that is published and can solve equations."""

    def __init__(self, world: World, shown: Mapping[tuple[str, ...], Mapping[Part, int]]) -> None:
        self.places = {part: place for place, part in enumerate(world.parts())}
        rows = [self.row(made_of) for made_of in shown.values()]
        # Of what is shown to be nobody, every part is known to be nobody.
        people = world.people()
        nobody = {part for made_of in shown.values() if value(people, made_of) == 0 for part in made_of}
        rows += [self.row({part: 1}) for part in nobody]
        # Along these directions people can be moved about, and everything shown stays as it is.
        _, sizes, directions = np.linalg.svd(np.array(rows))
        self.free = directions[np.count_nonzero(sizes > SMALLEST) :].T

    def row(self, made_of: Mapping[Part, int]) -> list[float]:
        row = [0.0] * len(self.places)
        for part, times in made_of.items():
            row[self.places[part]] = float(times)
        return row

    def knows(self, made_of: Mapping[Part, int]) -> bool:
        return not np.any(np.abs(np.array(self.row(made_of)) @ self.free) > SMALLEST)


def told_apart(world: World) -> Iterator[tuple[str, dict[Part, int]]]:
    """Each row, who are counted in the same rows, what two rows share, and what one has and the other has not."""
    parts = world.parts()
    rows = {row.key: of_row(row, parts) for row in world.rows()}
    yield from rows.items()
    for kind in {part[0] for part in parts}:
        yield "+".join(sorted(kind)), {part: 1 for part in parts if part[0] == kind}
    for one, other in permutations(world.pieces, 2):
        yield f"{one} without {other}", {part: 1 for part in rows[one] if part not in rows[other]}
        yield f"{one} in {other}", {part: 1 for part in rows[one] if part in rows[other]}


def of_few(world: World, days: Days = DAYS) -> Iterator[tuple[tuple[str, ...], dict[Part, int]]]:
    """Every group of 1 to 9 people by when they came, and by their country or what is evidenced since one day."""
    spans = [(start, end) for start in range(len(days.over) + 1) for end in range(start, len(days.over) + 1)]
    for name, mine in told_apart(world):
        for start, end in spans:
            then = {part: n for part, n in mine.items() if start <= days.first_with(part[1]) <= end}
            for day in (*IN_PERIOD.values(), *IN_GAP.values()):
                yield (name, "day", str(day)), {part: n for part, n in then.items() if part[1] == day}
            for country in ("LT", "PL", "unknown"):
                yield (name, country, f"{start}-{end}"), {part: n for part, n in then.items() if part[2] == country}
            for proven in (True, False):
                yield (
                    (name, str(proven), f"{start}-{end}"),
                    {part: n for part, n in then.items() if part[3] is proven},
                )
