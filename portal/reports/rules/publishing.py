"""What of the outcome table everyone may read: the rows of people with small numbers withheld, at every day asked for.

What is withheld has a name: (row, "total", day), (row, "evidenced", day), (row, "period", number), (row, "none", day)
for what falls into no period, (row, "country", code) for today and (row, "countries", day) for the days before.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from portal.activities.rules.counting import NO_COUNTRY, NO_PERIOD, Piece
from portal.core.errors import InvalidInput
from portal.core.periods import Period, begun, find_period
from portal.reports.rules.disclosure import THRESHOLD, Cell, Figure, Group, Name, protect

# The keys of the counted rows that the same people enter.
Rows = frozenset[str]


class PeopleRow(NamedTuple):
    """A reported row that counts people: how often each counted row enters it, itself once if it is no sum.

    `pieces` are those of a counted row, `since` the first day on which something could count, `by_country` whether
    the row tells the people's countries.
    """

    key: str
    parts: Mapping[str, int]
    pieces: tuple[Piece, ...]
    since: date
    by_country: bool

    def times(self, kinds: Iterable[Rows]) -> dict[Rows, int]:
        """How often those who are counted in the same rows enter this one."""
        times = {kind: sum(self.parts.get(key, 0) for key in kind) for kind in kinds}
        return {kind: number for kind, number in times.items() if number}


class People(NamedTuple):
    """So many people who are counted in the same rows, whichever of these a reader compares."""

    rows: Rows
    number: int
    day: date
    country: str
    evidenced: bool


class Family(NamedTuple):
    """Reported rows that are linked by sums or by the people they count, and these people."""

    rows: Sequence[PeopleRow]
    people: Sequence[People]

    def kinds(self) -> set[Rows]:
        """Which rows the same people are counted in."""
        return {people.rows for people in self.people}

    def groups(self) -> list[Mapping[Rows, int]]:
        """Who can be told apart, and how often they enter: each row, what two share, what only one of them has."""
        kinds = self.kinds()
        counted = {key: frozenset(kind for kind in kinds if key in kind) for kind in kinds for key in kind}
        found = {frozenset([kind]) for kind in kinds}
        for one, other in combinations(counted.values(), 2):
            found |= {one - other, other - one, one & other}
        alone = [dict.fromkeys(group, 1) for group in sorted(found, key=lambda group: sorted(map(sorted, group)))]
        return [*(row.times(kinds) for row in self.rows), *alone]


class Days(NamedTuple):
    """The days as of which figures can be had: the last days of periods that are over, in order, and today."""

    periods: Sequence[Period]
    over: Sequence[date]
    today: date

    def all(self) -> tuple[date, ...]:
        """The days in order, today last."""
        return (*self.over, self.today)

    def first_with(self, day: date) -> int:
        """The place in `all` of the first day as of which that day's events count."""
        return bisect_left(self.over, day)


def published_days(periods: Sequence[Period], today: date) -> Days:
    """The days for a project with these periods."""
    return Days(periods, sorted(period.last_day for period in periods if period.last_day < today), today)


def read_published_day(text: str, days: Days) -> date:
    """The day that was asked for; raise InvalidInput unless it is the last day of a period that is over by today."""
    ends = {period.last_day for period in days.periods}
    allowed = [day.isoformat() for day in days.all() if day in ends]
    if text in allowed:
        return date.fromisoformat(text)
    if not allowed:
        raise InvalidInput("as-of-none-published", where="as_of", value=text[:40])
    raise InvalidInput("as-of-not-published", where="as_of", value=text[:40], allowed=allowed)


def withheld_figures(rows: Sequence[PeopleRow], days: Days, countries: Sequence[str]) -> frozenset[Name]:
    """The names of the figures to withhold; `countries` are the codes of those that the project's partners are from.

    Neither the rows of a day, nor sums of rows, nor rows that partly count the same people, nor the same row at
    several days give away how few there are. Source: rules of the domain 5.
    """
    withheld: frozenset[Name] = frozenset()
    for family in _families(rows):
        withheld |= _by_period(family, days) | _by_country(family, countries)
        withheld |= _over_time(family, days, withheld)
    return withheld


def _by_period(family: Family, days: Days) -> frozenset[Name]:
    """Of the figures by period, and of the totals as of the days before, which add up to those."""
    columns = {str(each.number): days.first_with(each.last_day) for each in begun(days.periods, days.today)}
    columns |= dict(_column(people.day, days) for people in family.people)
    cells = _cells(family, columns, lambda people: _column(people.day, days)[0])
    figures: dict[Name, Figure] = {}
    for row in family.rows:
        figures |= _figures_of(row, family.kinds(), columns, days)
    return protect(cells, figures, _runs(family, columns))


def _column(day: date, days: Days) -> tuple[str, int]:
    """The part of a row that the day falls to, which no figure divides, and the first day as of which it counts."""
    period = find_period(day, days.periods)
    if period is not None:
        return str(period.number), days.first_with(period.last_day)
    place = days.first_with(day)
    return f"{NO_PERIOD} {place}", place


def _figures_of(row: PeopleRow, kinds: Iterable[Rows], columns: Mapping[str, int], days: Days) -> dict[Name, Figure]:
    times = row.times(kinds)
    gaps = [column for column in columns if column.startswith(NO_PERIOD)]
    figures: dict[Name, Figure] = {
        (row.key, "period", column): Figure(_group(times, [column])) for column in columns if column not in gaps
    }
    for place, day in enumerate(days.all()):
        known = [column for column, since in columns.items() if since <= place]
        kept = day == days.today or day < row.since
        figures[row.key, "total", day.isoformat()] = Figure(_group(times, known), kept=kept, total=True)
        none = _group(times, [column for column in known if column in gaps])
        figures[row.key, NO_PERIOD, day.isoformat()] = Figure(none)
    return figures


def _runs(family: Family, columns: Mapping[str, int]) -> Iterator[list[Group]]:
    """Of all that can be told apart: what lies between any two of the days, with and without days of no period."""
    places = sorted(set(columns.values()))
    spans = {
        tuple(column for column in some if start <= columns[column] <= end)
        for some in (columns, [column for column in columns if not column.startswith(NO_PERIOD)])
        for start in places
        for end in places
    }
    for times in family.groups():
        made_of = {column: _group(times, [column]) for column in columns}
        yield from ([made_of[column] for column in span] for span in spans if span)


def _by_country(family: Family, countries: Sequence[str]) -> frozenset[Name]:
    """Of the figures by country as of today."""
    columns = list(dict.fromkeys([*countries, *map(_country, family.people)]))
    cells, kinds = _cells(family, columns, _country), family.kinds()
    figures: dict[Name, Figure] = {}
    for row in (row for row in family.rows if row.by_country):
        times = row.times(kinds)
        figures[row.key, "total"] = Figure(_group(times, columns), kept=True, total=True)
        for column in columns:
            figures[row.key, "country", column] = Figure(_group(times, [column]))
    runs = ([_group(times, [column]) for column in columns] for times in family.groups())
    return protect(cells, figures, runs)


def _over_time(family: Family, days: Days, withheld: frozenset[Name]) -> frozenset[Name]:
    """What is evidenced, and the figures by country of the days before.

    They are shown of all the rows of a family or of none: today's where no number of people who can be told apart is
    small, earlier ones where none was added between two days either and every total is shown.
    """
    found: set[Name] = set()
    if _has_small(family, _evidence):
        found |= {(row.key, "evidenced", days.today.isoformat()) for row in family.rows}
    total_withheld = any((row.key, "total", day.isoformat()) in withheld for row in family.rows for day in days.over)
    for what, of in (("evidenced", _evidence), ("countries", _country)):
        if total_withheld or _has_small(family, _since_days(of, days)):
            found |= {(row.key, what, day.isoformat()) for row in family.rows for day in days.over}
    return frozenset(found)


def _evidence(people: People) -> str:
    return "evidenced" if people.evidenced else ""


def _country(people: People) -> str:
    return people.country or NO_COUNTRY


def _since_days(of: Callable[[People], str], days: Days) -> Callable[[People], str]:
    """What `of` says of people, told apart by the first of the days as of which they count."""
    return lambda people: f"{of(people)} {days.first_with(people.day)}"


def _has_small(family: Family, of: Callable[[People], str]) -> bool:
    """Whether few of those who are counted in the same rows are alike in what `of` says of them."""
    numbers: Counter[tuple[Rows, str]] = Counter()
    for people in family.people:
        numbers[people.rows, of(people)] += people.number
    return any(0 < number < THRESHOLD for number in numbers.values())


def _cells(family: Family, columns: Iterable[str], column_of: Callable[[People], str]) -> dict[Cell, int]:
    """How many of those who are counted in the same rows there are in each column."""
    cells = {_cell(kind, column): 0 for kind in family.kinds() for column in columns}
    for people in family.people:
        cells[_cell(people.rows, column_of(people))] += people.number
    return cells


def _cell(kind: Rows, column: str) -> Cell:
    return (*sorted(kind), column)


def _group(times: Mapping[Rows, int], columns: Iterable[str]) -> Group:
    """The cells of these columns, and how often each enters."""
    return {_cell(kind, column): number for column in columns for kind, number in times.items()}


def _families(rows: Sequence[PeopleRow]) -> list[Family]:
    """The rows in groups that share neither a part nor people with each other."""
    everyone = _people(rows)
    linked: list[tuple[set[str], list[PeopleRow]]] = []
    for row in rows:
        # Who knows a part knows all the rows that count the same people.
        keys = {row.key, *row.parts}
        keys |= {key for kind in {each.rows for each in everyone} if kind & keys for key in kind}
        related = [family for family in linked if family[0] & keys]
        linked = [family for family in linked if family not in related]
        linked.append((keys.union(*(each[0] for each in related)), [*(r for each in related for r in each[1]), row]))
    return [Family(mine, [each for each in everyone if each.rows & keys]) for keys, mine in linked]


def _people(rows: Sequence[PeopleRow]) -> list[People]:
    """Everyone who is counted, by the rows they are counted in.

    What is one piece in several rows is taken to be the same people. Where one row counts fewer of them, as a row of
    persons does with those who came before, these are among the others.
    """
    numbers: defaultdict[tuple[date, str, bool, *tuple[object, ...]], Counter[str]] = defaultdict(Counter)
    for row in rows:
        for place, piece in enumerate(row.pieces):
            source = (piece.event and piece.event.id, piece.figure and piece.figure.id)
            own = (row.key, place) if source == (None, None) else ()
            numbers[piece.day, piece.country, piece.evidenced, piece.group, own, *source][row.key] += piece.number
    found = []
    for (day, country, evidenced, *_), by_row in numbers.items():
        counted = 0
        for number in sorted({number for number in by_row.values() if number}):
            kind = frozenset(key for key, mine in by_row.items() if mine >= number)
            found.append(People(kind, number - counted, day, country, evidenced))
            counted = number
    return found
