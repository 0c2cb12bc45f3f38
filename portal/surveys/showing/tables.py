"""What results consist of, wherever they are shown: sections, tables, and cells with text or a drawing."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from portal.surveys.naming import withheld
from portal.surveys.rules.drawing import LikertBar, Span
from portal.surveys.rules.verdicts import is_withheld


class Column(NamedTuple):
    """A column of a table: its header, its share of the room on paper (0: as it needs), whether it holds numbers."""

    name: str
    width: int = 0
    number: bool = False


class Cell(NamedTuple):
    """What stands in a row: a text, or a drawing that repeats what the texts of its row say."""

    text: str = ""
    bar: LikertBar | None = None
    span: Span | None = None


class Table(NamedTuple):
    """Figures of one kind; the first cell of each row names it. `legend` is tone -> what it stands for.

    `note` is what readers must know of the figures, said beneath them.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    legend: Sequence[tuple[str, str]] = ()
    note: str = ""


class Fold(NamedTuple):
    """What is opened by those who want it; on paper it stands open."""

    title: str
    lines: Sequence[str] = ()
    tables: Sequence[Table] = ()


class Section(NamedTuple):
    """A part of the results; one that `is_folded` is opened by those who want it, as are its `folds`."""

    key: str
    title: str
    sentences: Sequence[str] = ()
    lines: Sequence[str] = ()
    tables: Sequence[Table] = ()
    folds: Sequence[Fold] = ()
    is_folded: bool = False

    @property
    def every_table(self) -> list[Table]:
        """The tables of the section, those in its folds after the others."""
        return [*self.tables, *(table for fold in self.folds for table in fold.tables)]


def texts(values: Iterable[str]) -> list[Cell]:
    """A cell for each of these texts."""
    return [Cell(value) for value in values]


def row(name: Sequence[str], figure: Any, values: Sequence[str], width: int) -> list[Cell]:
    """A row of `width` cells: its names and values; where the figure is of too few, that instead of its values."""
    said = [*name, withheld()] if is_withheld(figure) else [*name, *values]
    return texts([*said, *[""] * (width - len(said))])
