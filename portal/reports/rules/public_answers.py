"""Which numbers of answers everyone may read: small ones are withheld, and with them what would give them away.

A table counts the answers to one question, by column: a level of the first group that enough people are in, and all.
Open answers and numbers are told of nobody. Source: rules of the domain 5 and 6.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from portal.reports.rules.disclosure import Cell, Figure, Group, Name, protect
from portal.surveys.rules.answers import MISSING
from portal.surveys.rules.counting import NO_LEVEL, NONE, NOT_ASKED, TOLD_KINDS, Counted, Counts, names_of
from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, Condition, Instrument, Item

# A column of everyone, and one of those whose level is not told.
ALL: Final = "@all"
REST: Final = "@rest"


class AnswerTable(NamedTuple):
    """What is told of one question: its rows, its columns (ALL, then levels) and the numbers; None is withheld.

    `people`: how many there are of each column.
    """

    item: Item
    rows: Sequence[str]
    columns: Sequence[str]
    numbers: Mapping[tuple[str, str], int | None]
    people: Mapping[str, int]

    def asked(self, row: str, column: str) -> int | None:
        """Of how many people of the column the row is a part: of those who were asked; None where it is no part of any.

        Who was not asked is told by the table, or nobody knows.
        """
        unasked = self.numbers.get((NOT_ASKED, column), 0)
        return None if row == NOT_ASKED or unasked is None else self.people[column] - unasked


def answer_tables(instrument: Instrument, counted: Counted) -> list[AnswerTable]:
    """What everyone may read of the answers to each question with choices or steps, in the order of the questions.

    A question that hangs on another has a table only where all is told of that one: who was asked tells what was
    answered there.
    """
    columns = told_columns(counted.people)
    found: dict[str, AnswerTable] = {}
    for item in instrument.items:
        if item.kind in TOLD_KINDS and (item.show_if is None or _is_known(item.show_if, found)):
            found[item.key] = _table(item, counted, columns)
    return list(found.values())


def left_out_items(instrument: Instrument, tables: Sequence[AnswerTable]) -> list[Item]:
    """The questions with choices or steps that have no table."""
    told = {table.item.key for table in tables}
    return [item for item in instrument.items if item.kind in TOLD_KINDS and item.key not in told]


def left_out_levels(people: Mapping[str, int]) -> list[str]:
    """The levels that people stated and that have no column, where there is more than one to tell apart."""
    there = [level for level, number in people.items() if number]
    columns = told_columns(people)
    return [level for level in there if level not in (NO_LEVEL, *columns)] if len(there) > 1 else []


def told_columns(people: Mapping[str, int]) -> list[str]:
    """The levels of which figures are told: none of them is small, nor do they give away one that is."""
    there = [level for level, number in people.items() if number]
    cells: dict[Cell, int] = {(level,): people[level] for level in there}
    figures: dict[Name, Figure] = {(level,): Figure({(level,): 1}) for level in there}
    figures[ALL,] = Figure(dict.fromkeys(cells, 1), kept=True, total=True)
    withheld = protect(cells, figures, [[{cell: 1} for cell in cells]])
    # Of one level alone all is told by what is told of everyone.
    return [level for level in there if level != NO_LEVEL and (level,) not in withheld] if len(there) > 1 else []


def _is_known(condition: Condition, tables: Mapping[str, AnswerTable]) -> bool:
    """Whether the tables tell how many people the condition holds for."""
    table = tables.get(condition.item)
    if table is None or None in table.numbers.values():
        return False
    # Of several choices it is told how often each was chosen, not how many people chose one of two.
    return table.item.kind != MULTIPLE or len(condition.values) == 1


def _table(item: Item, counted: Counted, columns: Sequence[str]) -> AnswerTable:
    numbers: dict[tuple[str, str], int | None] = {}
    rows: list[str] = []
    for name in names_of(item):
        mine = _answers_of(item, name)
        folded = _folded(counted.items[name], columns)
        withheld = _withheld(item, folded, [*columns, ALL])
        rows += [row for row in mine if row not in rows]
        for row in mine:
            for column in (ALL, *columns):
                number = None if (row, column) in withheld else _sum(folded, row, column)
                # What one choice withholds is told with no other.
                numbers[row, column] = None if numbers.get((row, column), 0) is None else number
    extra = [row for row in (*MISSING, NONE, NOT_ASKED) if row in rows]
    ordered = [row for row in rows if row not in extra] + extra
    told = [row for row in ordered if _is_told(row, item, numbers)]
    people = {ALL: sum(counted.people.values()), **{column: counted.people[column] for column in columns}}
    return AnswerTable(item, told, [ALL, *columns], numbers, people)


def _answers_of(item: Item, name: str) -> list[str]:
    """The rows that are told of the question with this name."""
    ends = [NONE, *([NOT_ASKED] if item.show_if else [])]
    if item.kind == MULTIPLE:
        return [name.removeprefix(f"{item.key} "), *ends]
    steps = [str(step) for step in range(int(item.least or 0), int(item.most or 0) + 1)] if item.kind == LIKERT else []
    return [*steps, *(choice.key for choice in item.choices), *(MISSING if item.may_refuse else ()), *ends]


def _is_told(row: str, item: Item, numbers: Mapping[tuple[str, str], int | None]) -> bool:
    """Rows of answers always; the others unless nobody is in them."""
    return row in _choices(item) or numbers[row, ALL] != 0


def _choices(item: Item) -> set[str]:
    return set(_answers_of(item._replace(kind=SINGLE) if item.kind == MULTIPLE else item, item.key)) - {
        *MISSING,
        NONE,
        NOT_ASKED,
    }


def _folded(counts: Counts, columns: Sequence[str]) -> dict[tuple[str, str], int]:
    """The counts with all levels that have no column of their own as one."""
    found: Counter[tuple[str, str]] = Counter()
    for (row, level), number in counts.items():
        found[row, level if level in columns else REST] += number
    return dict(found)


def _sum(counts: Counts, row: str, column: str) -> int:
    return sum(number for (mine, level), number in counts.items() if mine == row and column in (ALL, level))


def _withheld(item: Item, counts: Counts, columns: Sequence[str]) -> frozenset[Name]:
    """The (row, column) to withhold: whether or not it is known from elsewhere who was not asked at all."""
    withheld = _protected(counts, columns, known=())
    return withheld | _protected(counts, columns, known=(NOT_ASKED,)) if item.show_if else withheld


def _protected(counts: Counts, columns: Sequence[str], known: Sequence[str]) -> frozenset[Name]:
    """What to withhold where the rows `known` are: rather parts than wholes, and with a whole its parts."""
    rows = list(dict.fromkeys(row for row, _level in counts))
    levels = list(dict.fromkeys(level for _row, level in counts))
    cells: dict[Cell, int] = {(row, level): counts.get((row, level), 0) for row in rows for level in levels}

    def group(some_rows: Iterable[str], column: str) -> dict[Cell, int]:
        return {(row, level): 1 for row in some_rows for level in levels if column in (ALL, level)}

    def figures(some_rows: Iterable[str], some_columns: Sequence[str], *, kept: bool) -> dict[Name, Figure]:
        return {(row, column): Figure(group([row], column), kept) for row in some_rows for column in some_columns}

    runs: list[Sequence[Group]] = [[group([row], column) for row in rows] for column in (*levels, ALL)]
    runs += [[group([row], level) for level in levels] for row in rows]
    loose = [row for row in rows if row not in known]
    kept: dict[Name, Figure] = {("", column): Figure(group(rows, column), kept=True) for column in columns}
    kept |= figures([row for row in rows if row in known], columns, kept=True)
    parts = figures(loose, [column for column in columns if column != ALL], kept=False)
    empty = {name: part for name, part in parts.items() if not any(cells[cell] for cell in part.of)}
    first = figures(loose, [ALL], kept=False) | empty
    withheld = protect(cells, kept | first, runs)
    # What is shown by now stays, and of a whole that is not no part is.
    kept |= {name: figure._replace(kept=True) for name, figure in first.items() if name not in withheld}
    hidden = [row for row in loose if (row, ALL) in withheld]
    rest = {name: part for name, part in parts.items() if name not in first and name[0] not in hidden}
    withheld |= {(row, column) for row in hidden for column in columns}
    return withheld | protect(cells, kept | rest, runs)
