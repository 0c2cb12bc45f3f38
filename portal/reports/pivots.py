"""The outcome table told apart by one dimension: a column for each of its values, and every number counted by us."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from portal.activities.rules.breakdowns import NO_PACKAGE, REPEATING, break_down
from portal.activities.rules.counting import NO_COUNTRY, NO_PERIOD
from portal.core.periods import begun
from portal.projects.rules.vocabulary import GROUPS
from portal.reports.breakdown_words import tell_values
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable


class Cell(NamedTuple):
    """How much of a row falls to a value of the dimension; None where the breakdown cannot tell of such a row."""

    value: str
    words: str
    number: int | None


class PivotRow(NamedTuple):
    """A row of the outcome table, with a cell for each column."""

    row: OutcomeRow
    cells: list[Cell]


class Pivot(NamedTuple):
    """Every row by one dimension; `adds_up` says that the cells of a row add up to its figure."""

    dimension: str
    columns: list[str]
    rows: list[PivotRow]
    adds_up: bool


def pivot_table(table: OutcomeTable, dimension: str) -> Pivot:
    """The rows of the table by the dimension, its values in words and in their order."""
    figures = {row.indicator.key: break_down(row.figures, dimension, table.periods) for row in table.rows}
    words = _columns(table, dimension, {value for each in figures.values() for value in each or ()})
    shaped = _shape(figures, list(words))
    rows = [
        PivotRow(row, [Cell(value, words[value], shaped[row.indicator.key][value]) for value in words])
        for row in table.rows
    ]
    return Pivot(dimension, list(words.values()), rows, dimension not in REPEATING)


def list_choices(table: OutcomeTable) -> dict[str, dict[str, str]]:
    """Dimension -> the values by which any row may be narrowed, with their words, in order."""
    project = table.project
    counted = {country for row in table.rows for country in row.figures.by_country or ()}
    values: dict[str, Iterable[str]] = {
        "period": (),
        "country": {NO_COUNTRY, *counted, *(each.country for each in project.organisations)},
        "partner": (),
        "group": GROUPS,
        "work_package": [*(str(each.number) for each in project.work_packages), NO_PACKAGE],
    }
    return {dimension: tell_values(dimension, project, values[dimension]) for dimension in values}


def short_words(dimension: str, words: Mapping[str, str]) -> dict[str, str]:
    """The words as they stand over a column: periods by their number alone."""
    if dimension != "period":
        return dict(words)
    return {
        value: text if value == NO_PERIOD else _("Period %(number)s", number=value) for value, text in words.items()
    }


def _columns(table: OutcomeTable, dimension: str, found: set[str]) -> dict[str, str]:
    """The values that are columns, with their words: all that there may be, or those that have come up."""
    project = table.project
    wanted = set(found)
    if dimension == "period":
        wanted |= {str(period.number) for period in begun(table.periods, table.as_of)}
    if dimension == "partner":
        wanted |= {each.key for each in project.organisations}
    if dimension == "work_package":
        wanted |= {str(each.number) for each in project.work_packages}
    words = tell_values(dimension, project, wanted)
    return short_words(dimension, {value: words[value] for value in words if value in wanted})


def _shape(figures: Mapping[str, Mapping[str, int] | None], values: Sequence[str]) -> dict[str, dict[str, int | None]]:
    """Row -> value -> figure: 0 where a row has the breakdown and nothing falls to the value, None where it has not.

    The frame only lays the figures out; none is made or added up by it.
    """
    # Half a second of importing that no other page pays for.
    import pandas as pd

    records = [(key, value, number) for key, each in figures.items() for value, number in (each or {}).items()]
    frame = pd.DataFrame(records, columns=["row", "value", "figure"], dtype=object)
    laid = frame.pivot(index="row", columns="value", values="figure").reindex(index=list(figures), columns=values)
    cells = laid.where(laid.notna(), 0).to_dict(orient="index")
    return {
        key: {value: None if figures[key] is None else int(cells[key][value]) for value in values} for key in figures
    }
