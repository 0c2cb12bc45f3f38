"""Small numbers of people are withheld, and nobody can work them out from all that is shown."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import InvalidInput
from portal.reports.rules.disclosure import Figure, protect
from portal.reports.rules.publishing import PeopleRow, published_days, read_published_day, withheld_figures
from tests.unit.reports.published import (
    COUNTRIES,
    DAYS,
    FIRST_DAY,
    IN_GAP,
    IN_PERIOD,
    PERIODS,
    TODAY,
    Reader,
    World,
    event,
    figures,
    is_shown,
    of_few,
    piece,
    value,
    withheld_of,
)

# The ends of the two periods that are over.
PLACES = ("LT", "PL", "unknown")
FIRST, SECOND = (day.isoformat() for day in DAYS.over)


def by_period(*numbers: int, **sums: dict[str, int]) -> World:
    """One counted row "a" with these numbers in the periods."""
    return World({"a": pieces(*numbers)}, sums)


def pieces(*numbers: int):
    return tuple(piece(number, day) for number, day in zip(numbers, IN_PERIOD.values(), strict=False))


def hidden(world: World, kind: str, row: str = "a") -> list[str]:
    return sorted(name[2] for name in withheld_of(world) if name[:2] == (row, kind))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((20, 25, 30), []),
        ((0, 25, 10), []),
        # The smallest that is left stands beside the small one.
        ((5, 40, 12), ["1", "3"]),
        ((9, 1, 30), ["1", "2"]),
        # 3 + 4 would say that there were seven in the two: a third is withheld.
        ((3, 4, 30), ["1", "2", "3"]),
        # A zero only where nothing else is left.
        ((5, 0, 12), ["1", "3"]),
        # Beside the last one: that five came in the first two together is not told either.
        ((5, 0, 0), ["1", "3"]),
        ((0, 0, 7), ["1", "3"]),
        ((0, 0, 0), []),
    ],
)
def test_a_small_period_is_withheld_with_what_would_give_it_away(numbers, expected):
    assert hidden(by_period(*numbers), "period") == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((20, 25, 30), []),
        # The total as of the first period's end is the period; as of the second's it is all but the third.
        ((5, 40, 12), [FIRST, SECOND]),
        # The second's follows from today's and the third period, and says nothing more.
        ((30, 5, 40), [FIRST]),
        ((0, 12, 5), [SECOND]),
    ],
)
def test_a_total_of_an_earlier_day_that_gives_a_period_away_is_withheld_and_todays_never(numbers, expected):
    world = by_period(*numbers)
    assert hidden(world, "total") == expected
    assert ("a", "total", TODAY.isoformat()) not in withheld_of(world)


def test_a_part_is_not_given_away_by_the_sum_and_the_other_part():
    world = World({"a": pieces(20, 5, 30), "b": pieces(40, 50, 60)}, {"sum": {"a": 1, "b": 1}})
    withheld = withheld_of(world)
    assert {("a", "period", "1"), ("a", "period", "2")} <= withheld
    for column in ("1", "2"):
        # Of b and the sum, one at least is not shown: else their difference were a's.
        assert {("b", "period", column), ("sum", "period", column)} & withheld


def test_a_small_number_of_a_sum_of_sums_is_withheld():
    world = World(
        {"a": pieces(20, 2, 30), "b": pieces(20, 3, 30), "c": pieces(20, 30, 40)},
        {"inner": {"a": 1, "b": 1}, "outer": {"a": 1, "b": 1, "c": 1}},
    )
    withheld = withheld_of(world)
    assert {(key, "period", "2") for key in ("a", "b", "inner")} <= withheld
    assert {("c", "period", "2"), ("outer", "period", "2")} & withheld


def test_few_people_on_days_of_no_period_follow_from_nothing():
    world = World({"a": (*pieces(20, 30, 40), piece(6, IN_GAP["between"]))}, {})
    withheld = withheld_of(world)
    assert ("a", "none", TODAY.isoformat()) in withheld
    assert not reader_of(world).knows({(frozenset("a"), IN_GAP["between"], "LT", False): 1})


def test_a_country_of_a_few_is_withheld_with_the_smallest_other():
    people = (piece(24, TODAY, "LT"), piece(21, TODAY, "PL"), piece(9, TODAY, "DE"))
    assert hidden(World({"a": people}, {}), "country") == ["DE", "PL"]
    assert hidden(World({"a": people[:2]}, {}), "country") == []


def test_who_are_all_from_one_country_could_be_from_the_other_one():
    """The total is shown; that all nine of it are from Poland is not."""
    assert hidden(World({"a": (piece(9, TODAY, "PL"),)}, {}), "country") == ["LT", "PL"]


def test_earlier_days_show_countries_only_where_none_grew_by_a_few():
    slow = World(
        {"a": (piece(20, IN_PERIOD["1"]), piece(9, IN_PERIOD["2"], "PL"), piece(30, IN_PERIOD["3"], "PL"))}, {}
    )
    fast = World({"a": (piece(20, IN_PERIOD["1"]), piece(12, IN_PERIOD["2"], "PL"), piece(30, IN_PERIOD["3"]))}, {})
    assert hidden(slow, "countries") == [FIRST, SECOND]
    assert hidden(slow, "country") == []
    assert hidden(fast, "countries") == []


@pytest.mark.parametrize(
    ("evidenced", "others", "expected"),
    [
        ((20, 0, 0), (0, 25, 0), []),
        ((5, 0, 0), (20, 25, 0), [FIRST, SECOND, TODAY.isoformat()]),
        ((20, 0, 30), (0, 5, 0), [FIRST, SECOND, TODAY.isoformat()]),
        # Five more in the second period: today's number says nothing of them.
        ((20, 5, 30), (0, 25, 30), [FIRST, SECOND]),
        ((45, 30, 0), (0, 0, 0), []),
    ],
)
def test_what_is_evidenced_is_withheld_where_it_or_the_rest_is_small(evidenced, others, expected):
    days = IN_PERIOD.values()
    people = [piece(number, day, evidenced=True) for number, day in zip(evidenced, days, strict=True)]
    people += [piece(number, day) for number, day in zip(others, days, strict=True)]
    assert hidden(World({"a": tuple(people)}, {}), "evidenced") == expected


def test_what_is_evidenced_is_withheld_of_all_rows_that_share_parts():
    people = (piece(40, TODAY), piece(5, TODAY, evidenced=True))
    world = World({"a": people, "b": (piece(40, TODAY),), "c": (piece(40, TODAY),)}, {"sum": {"a": 1, "b": 1}})
    assert {name[0] for name in withheld_of(world) if name[1] == "evidenced" and name[2] == TODAY.isoformat()} == {
        "a",
        "b",
        "sum",
    }


def test_a_total_of_a_day_before_anything_could_count_stays_as_it_is():
    """Nothing could count before the second period, so all five came in it: what is not reported says so."""
    world = World({"a": pieces(0, 5, 0)[1:2]}, {}, since=date(2026, 4, 1))
    assert hidden(world, "total") == [SECOND]
    assert hidden(world, "period") == ["2", "3"]


def nested(*few: int, others: tuple[int, ...] = (40, 45, 50), country: str = "LT") -> World:
    """A row "all", and a row "without" that leaves these few out of it."""
    left_out = tuple(piece(number, day, country) for number, day in zip(few, IN_PERIOD.values(), strict=False))
    return World({"all": left_out, "without": ()}, {}, shared={frozenset(["all", "without"]): pieces(*others)})


def test_rows_that_count_the_same_people_do_not_give_away_who_is_only_in_one():
    """44 and 40 in the first period: the difference is the four whom the narrower row leaves out."""
    world = nested(4, 20, 0)
    withheld = withheld_of(world)
    assert not {("all", "period", "1"), ("without", "period", "1")}.isdisjoint(withheld)
    few = {(frozenset(["all"]), IN_PERIOD["1"], where, proven): 1 for where in PLACES for proven in (True, False)}
    assert not reader_of(world).knows(few)
    assert withheld_of(nested(14, 20, 12)) == frozenset()


def test_rows_that_count_the_same_people_do_not_give_away_their_countries_and_evidence():
    world = nested(20, 4, country="PL")
    world = world._replace(pieces={**world.pieces, "all": (*world.pieces["all"], piece(4, IN_PERIOD["1"], "DE"))})
    withheld = withheld_of(world)
    assert not {("all", "country", "DE"), ("without", "country", "DE")}.isdisjoint(withheld)
    proven = (piece(20, TODAY), piece(4, TODAY, evidenced=True))
    world = World({"all": proven, "without": ()}, {}, shared={frozenset(["all", "without"]): pieces(40, 40, 40)})
    assert hidden(world, "evidenced", "all") == hidden(world, "evidenced", "without") == [FIRST, SECOND, str(TODAY)]


def test_persons_are_among_the_participants_of_the_same_events():
    """Four of the people at the second event had been at the first."""
    came = tuple(piece(30, day)._replace(event=event(n, piece(30, day))) for n, day in enumerate(IN_PERIOD.values()))
    new = (came[0], came[1]._replace(number=26), came[2])
    rows = [PeopleRow(key, {key: 1}, people, FIRST_DAY, True) for key, people in (("visits", came), ("persons", new))]
    assert {("persons", "period", "2"), ("visits", "period", "2")} & withheld_figures(rows, DAYS, COUNTRIES)


def test_of_too_many_rows_that_overlap_every_breakdown_is_withheld_if_a_number_is_small():
    cells = {("x", str(number)): 10 + number for number in range(4)}
    figures_of = {name: Figure({name: 1}) for name in cells} | {("kept",): Figure({("x", "0"): 1}, kept=True)}
    assert protect(cells, figures_of, most_cells=3) == frozenset()
    assert protect({**cells, ("x", "0"): 9}, figures_of, most_cells=3) == set(cells)


def test_kept_figures_alone_cannot_be_helped():
    figures_of = {("cell",): Figure({("x",): 1}), ("total",): Figure({("x",): 1}, kept=True)}
    assert protect({("x",): 7}, figures_of) == {("cell",)}
    assert protect({("x",): 10}, figures_of) == frozenset()


def test_a_row_that_enters_a_sum_twice_is_solved_too():
    cells = {("a",): 6, ("b",): 30}
    named = {
        ("twice",): Figure({("a",): 2, ("b",): 1}),
        ("a",): Figure({("a",): 1}),
        ("b",): Figure({("b",): 1}),
    }
    assert protect(cells, named) == {("a",), ("b",)}


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "2026-05-15", "2026-12-31", TODAY.isoformat(), " 2026-03-31"])
def test_only_the_last_day_of_a_period_that_is_over_can_be_asked_for(text):
    with pytest.raises(InvalidInput) as refused:
        read_published_day(text, DAYS)
    assert refused.value.problem.code == "as-of-not-published"
    assert refused.value.problem.values["allowed"] == [FIRST, SECOND]


def test_the_day_can_be_asked_for_on_that_day_and_none_while_the_first_period_lasts():
    assert read_published_day(FIRST, DAYS) == date(2026, 3, 31)
    assert read_published_day(SECOND, published_days(PERIODS, date(2026, 6, 30))) == date(2026, 6, 30)
    with pytest.raises(InvalidInput) as refused:
        read_published_day(FIRST, published_days(PERIODS, date(2026, 3, 30)))
    assert refused.value.problem.code == "as-of-none-published"


def reader_of(world: World) -> Reader:
    withheld = withheld_of(world)
    return Reader(world, {name: made_of for name, made_of in figures(world) if is_shown(name, withheld)})


NUMBERS = st.sampled_from([0, 0, 1, 2, 5, 9, 10, 12, 20, 30, 47])
PIECES = st.lists(
    st.builds(
        piece,
        NUMBERS,
        st.sampled_from([*IN_PERIOD.values(), *IN_PERIOD.values(), *IN_GAP.values()]),
        st.sampled_from(["LT", "PL", ""]),
        evidenced=st.booleans(),
    ),
    max_size=12,
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """One to three counted rows; their sum, and a sum of sums, which may hold a row twice."""
    since = draw(st.sampled_from([FIRST_DAY, date(2026, 4, 1)]))
    keys = ("a", "b", "c")[: draw(st.integers(1, 3))]
    counted = {key: tuple(each for each in draw(PIECES) if each.day >= since) for key in keys}
    sums = {"inner": {"a": 1, "b": 1}} if len(keys) > 1 else {}
    if len(keys) > 2:
        sums["outer"] = draw(st.sampled_from([{"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 1, "c": 1}, {"a": 1, "c": 1}]))
    shared = {}
    if len(keys) > 1:
        for kind in draw(st.lists(st.sampled_from(["ab", "ac", "bc", "abc"][: 1 if len(keys) < 3 else 4]), max_size=2)):
            shared[frozenset(kind)] = tuple(each for each in draw(PIECES) if each.day >= since)
        # Where one row lies within another one it has no people of its own.
        counted = {key: () if shared and draw(st.booleans()) else mine for key, mine in counted.items()}
    return World(counted, sums, since, shared)


@given(worlds())
@settings(max_examples=150)
def test_no_small_number_and_nothing_withheld_follows_from_what_is_shown(world: World):
    """Checked by the rank of what is shown, with every person told apart by row, day, country and evidence."""
    withheld = withheld_of(world)
    every = dict(figures(world))
    shown = {name: made_of for name, made_of in every.items() if is_shown(name, withheld)}
    kept = {name: made_of for name, made_of in every.items() if is_kept(name, world)}
    assert kept.keys() <= shown.keys()
    reader, known_anyhow = Reader(world, shown), Reader(world, kept)
    asked = [every[name] for name in withheld if name in every and name[1] in ("period", "country")]
    people = world.people()
    asked += [made_of for _, made_of in of_few(world) if 0 < value(people, made_of) < 10]
    assert not any(reader.knows(made_of) and not known_anyhow.knows(made_of) for made_of in asked)


def is_kept(name: tuple[str, ...], world: World) -> bool:
    """Whether it is a total of today, or of a day as of which nothing is reported."""
    return name[1] == "total" and (name[2] == TODAY.isoformat() or date.fromisoformat(name[2]) < world.since)


@given(worlds())
@settings(max_examples=150)
def test_a_zero_is_shown_unless_its_row_has_nothing_else_to_withhold(world: World):
    withheld, every, people = withheld_of(world), dict(figures(world)), world.people()
    for key in world.pieces:
        numbers = {column: value(people, every[key, "period", column]) for column in IN_PERIOD}
        numbers["none"] = value(people, every[key, "none", TODAY.isoformat()])
        if world.shared:
            continue
        if any((key, "period", column) in withheld for column, number in numbers.items() if not number):
            shown = [column for column in IN_PERIOD if numbers[column] and (key, "period", column) not in withheld]
            assert shown == []


SMALL = st.sampled_from([0, 0, 1, 3, 5, 9, 10, 12])
ROWS = st.lists(st.tuples(SMALL, SMALL, SMALL), min_size=1, max_size=2)


@given(ROWS)
@settings(max_examples=100)
def test_whoever_tries_every_table_that_fits_finds_several_numbers_for_each_withheld_period(rows):
    """Counting heads: no table of whole numbers, none of them negative, is the only one that fits what is shown."""
    keys = ("a", "b")[: len(rows)]
    sums = {"sum": {"a": 1, "b": 1}} if len(rows) > 1 else {}
    withheld = withheld_of(World({key: pieces(*row) for key, row in zip(keys, rows, strict=True)}, sums))

    def fits(row: str, true: tuple[int, ...], tried: tuple[int, ...]) -> bool:
        for place, day in enumerate(DAYS.all()):
            period, total = (row, "period", str(place + 1)), (row, "total", day.isoformat())
            if period not in withheld and tried[place] != true[place]:
                return False
            if total not in withheld and sum(tried[: place + 1]) != sum(true[: place + 1]):
                return False
        return True

    def tables(key: str, true: tuple[int, ...]) -> list[tuple[int, ...]]:
        every = range(sum(true) + 1)
        tried = [(one, two, sum(true) - one - two) for one in every for two in every if one + two <= sum(true)]
        return [each for each in tried if fits(key, true, each)]

    found = list(product(*(tables(key, row) for key, row in zip(keys, rows, strict=True))))
    if sums:
        true = added(rows)
        found = [each for each in found if fits("sum", true, added(each))]
    for place, key in enumerate(keys):
        for period in range(3):
            if (key, "period", str(period + 1)) in withheld:
                assert len({each[place][period] for each in found}) > 1


def added(rows) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


def test_a_row_without_countries_has_none_withheld():
    row = PeopleRow("a", {"a": 1}, (piece(5, TODAY, ""),), FIRST_DAY, by_country=False)
    assert {name[1] for name in withheld_figures([row], DAYS, COUNTRIES)} >= {"period"}
    assert not any(name[1] == "country" for name in withheld_figures([row], DAYS, COUNTRIES))
