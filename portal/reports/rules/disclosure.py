"""Which figures are withheld so that nobody can work out how few people there are behind one of them.

Every figure is a sum of cells. What is shown is a system of equations about the cells, and no small group may follow
from it: that is checked by exact elimination over whole numbers. Cells and figures are named by words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import gcd
from typing import Final, NamedTuple

THRESHOLD: Final = 10
# Of more cells than these that hang together nothing is worked out: all that is not kept is withheld.
MOST_CELLS: Final = 160

Name = tuple[str, ...]
Cell = Name
# Cells, and how often each enters.
Group = Mapping[Cell, int]


class Figure(NamedTuple):
    """A figure that could be shown: how often each cell enters it.

    `kept` ones are shown whatever follows from them. A `total` may be small, and is given up before any other figure.
    """

    of: Group
    kept: bool = False
    total: bool = False


class _Known(NamedTuple):
    """What readers know: the facts, each without the cells that stand for those before it.

    Of the `secrets`, which may not follow, and of what is `nobody` (with its cells) there is what the facts leave open.
    """

    facts: Mapping[Cell, Group]
    secrets: Sequence[Group]
    nobody: Sequence[tuple[Group, Group]]


def protect(
    cells: Mapping[Cell, int],
    figures: Mapping[Name, Figure],
    runs: Iterable[Sequence[Group]] = (),
    most_cells: int = MOST_CELLS,
) -> frozenset[Name]:
    """The names of the figures to withhold, so that neither they nor small groups follow from those that are shown.

    Withheld is every figure of 1 to THRESHOLD - 1 people, and of the others what would give a small group away: those
    of each run, alone and together. Zeros are shown before other figures, larger figures before smaller ones, totals
    last; where several groups are known to be nobody together, each of them is. What follows from kept figures alone
    cannot be helped. Of more than `most_cells` cells everything but kept figures is withheld if one of them is small.
    Source: rules of the domain 5.
    """
    loose = {name: figure for name, figure in figures.items() if not figure.kept}
    if not any(map(_is_small, cells.values())):
        return frozenset()
    if len(cells) > most_cells:
        return frozenset(loose)
    runs = list(runs)
    alone = [[figure.of] for figure in figures.values() if not (figure.kept or figure.total)]
    secrets = _groups([*alone, *runs], cells, _is_small)
    nobody = _groups([*([figure.of] for figure in figures.values()), *runs], cells, _is_nobody)
    known = _Known({}, secrets, [(each, each) for each in nobody if len(each) > 1])
    for figure in figures.values():
        if figure.kept:
            known = _learnt(known, figure.of)
    # What they know by now cannot be helped.
    known = known._replace(secrets=[each for each in known.secrets if each])
    return frozenset(_withheld(loose, cells, known))


def _withheld(figures: Mapping[Name, Figure], cells: Mapping[Cell, int], known: _Known) -> Iterator[Name]:
    """The names of those that are not shown: each is shown if no secret follows from it and those before it."""
    numbers = {name: _value(figure.of, cells) for name, figure in figures.items()}

    def place(name: Name) -> tuple[bool, bool, int]:
        return figures[name].total, numbers[name] > 0, -numbers[name]

    for name in sorted(sorted(figures, reverse=True), key=place):
        learnt = _learnt(known, figures[name].of)
        if all(learnt.secrets) and (figures[name].total or not _is_small(numbers[name])):
            known = learnt
        else:
            yield name


def _groups(runs: Iterable[Sequence[Group]], cells: Mapping[Cell, int], chosen: Callable[[int], bool]) -> list[Group]:
    """The groups whose number is chosen; and of each run these together, and all of it, if that is chosen too."""
    found: dict[frozenset[tuple[Cell, int]], Group] = {}
    for run in runs:
        mine = [group for group in run if chosen(_value(group, cells))]
        # Also those of the whole run: there may be few between two days, on whichever of them they came.
        together = (_added([(group, 1) for group in some]) for some in (mine, run))
        for group in (*mine, *together):
            if group and chosen(_value(group, cells)):
                found[frozenset(group.items())] = group
    return list(found.values())


def _learnt(known: _Known, fact: Group) -> _Known:
    """What is known after one more fact; of a secret that follows nothing is left."""
    facts, secrets, nobody, new = dict(known.facts), known.secrets, known.nobody, [fact]
    while new:
        left = new.pop()
        for cell, other in facts.items():
            left = _without(left, cell, other)
        if not left:
            continue
        cell = next(iter(left))
        facts[cell] = left
        secrets = [_without(each, cell, left) for each in secrets]
        nobody = [(_without(each, cell, left), of) for each, of in nobody]
        new += [{one: 1} for each, of in nobody if not each for one in of]
        nobody = [(each, of) for each, of in nobody if each]
    return _Known(facts, secrets, nobody)


def _without(group: Group, cell: Cell, fact: Group) -> Group:
    """The group, some times over, with the cell replaced by what the fact says of it."""
    times = group.get(cell)
    if not times:
        return group
    mixed = _added([(group, fact[cell]), (fact, -times)])
    common = gcd(*mixed.values())
    return mixed if common <= 1 else {name: number // common for name, number in mixed.items()}


def _added(terms: Sequence[tuple[Group, int]]) -> dict[Cell, int]:
    total: dict[Cell, int] = {}
    for term, times in terms:
        for cell, number in term.items():
            total[cell] = total.get(cell, 0) + number * times
    return {cell: number for cell, number in total.items() if number}


def _value(group: Group, cells: Mapping[Cell, int]) -> int:
    """How many people the group counts."""
    return sum(cells[cell] * times for cell, times in group.items())


def _is_small(number: int) -> bool:
    return 0 < number < THRESHOLD


def _is_nobody(number: int) -> bool:
    return number == 0
