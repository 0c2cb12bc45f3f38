"""What a file gives before its cells are looked at: numbered rows of raw cells."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from portal.core.errors import Problem

Raw = Sequence[object]


class Fault(NamedTuple):
    """What is wrong with one cell: its row (from 1) and its column (from 0)."""

    row: int
    column: int
    problem: Problem


class Source(NamedTuple):
    """An opened file, whose rows can be read several times.

    `filled` tells how many rows are not empty, where one with nothing but spaces counts; it is never more than
    `rows_at_most`, which takes no time. `faults` are cells that keep the file from being used.
    """

    rows: Callable[[], Iterator[tuple[int, Raw]]]
    rows_at_most: int
    filled: Callable[[], int]
    guessed_encoding: str = ""
    faults: Sequence[Fault] = ()
