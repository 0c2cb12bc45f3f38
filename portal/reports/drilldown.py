"""What is behind one figure of the outcome table: the part that the address selects, and what does not count."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.activities.queries import Ignored, list_ignored
from portal.activities.rules.breakdowns import OF_PEOPLE, Point, Selection, history
from portal.activities.rules.counting import Count, EventShare, Piece
from portal.activities.rules.standing import OF_EVENTS, counts_events
from portal.core.errors import Problem
from portal.projects.rules.targets import SURVEY
from portal.reports.pivots import list_choices, short_words
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable, get_row, why_silent
from portal.reports.rules.charts import Chart, GrowthTable, draw_history, growth_table
from portal.reports.rules.narrowing import EVERYTHING, events_within, narrow
from portal.surveys.measures import tell_asked

BREAKDOWNS = ("period", "country")


class Part(NamedTuple):
    """A row that a sum adds up, and what it contributes."""

    row: OutcomeRow
    figures: Count


class Breakdown(NamedTuple):
    """The selected figure told apart by a dimension; `shares` are the value, its words and how much falls to it."""

    dimension: str
    shares: list[tuple[str, str, int]]


class DrillDown(NamedTuple):
    """A row, what is selected of it (`words` says it), and what that is made of; `day` is the one asked for."""

    row: OutcomeRow
    chosen: Selection
    choices: Mapping[str, Mapping[str, str]]
    words: list[str]
    figures: Count
    parts: list[Part]
    breakdowns: list[Breakdown]
    ignored: list[Ignored]
    chart: Chart | None
    growth: GrowthTable
    day: date | None = None
    # What a survey is asked for, in words; '' of rows that are counted.
    asked: str = ""
    # Why a survey says nothing, where it has what the row looks at.
    silence: Problem | None = None

    @property
    def counting(self) -> Sequence[EventShare | Piece]:
        """What the figure is the sum of: events with what each adds; else organisations, or figures by hand."""
        if self.row.measure.kind == "sum":
            return ()
        return self.figures.events if self.row.measure.kind in OF_EVENTS else self.figures.pieces

    @property
    def is_narrowed(self) -> bool:
        """Whether it is only a part of the row."""
        return self.chosen != EVERYTHING

    @property
    def filters(self) -> dict[str, str]:
        """What is selected and of which day, as addresses say it."""
        asked = {"as_of": self.day.isoformat() if self.day else "", **self.chosen._asdict()}
        return {name: value for name, value in asked.items() if value}

    @property
    def named(self) -> int:
        """How many of the people, of whom it is known how many they are at most, have a code or an e-mail."""
        return (self.figures.persons or 0) - self.figures.unnamed

    @property
    def is_through_events(self) -> bool:
        """Whether the row counts events, people at them, or organisations that are active through them."""
        return counts_events(self.row.measure)


def look_behind(
    table: OutcomeTable, key: str, asked: Selection, *, today: date, day: date | None = None
) -> tuple[DrillDown, list[Problem]]:
    """What is behind the row with this key, and what is wrong with what was asked, which is then left out.

    As of today the events still to come are among those that do not count: they have not been held.
    Raise NotFound if the table has no such row.
    """
    row, choices = get_row(table, key), list_choices(table)
    problems = _problems(asked, choices, row)
    chosen = asked._replace(**{problem.where: "" for problem in problems})
    count = narrow(row.figures, chosen, table.periods)
    parts = [get_row(table, part) for part in row.measure.of]
    points = history(count.pieces)
    surveys = table.surveys if row.measure.kind == SURVEY else None
    return DrillDown(
        row=row,
        chosen=chosen,
        choices={name: words for name, words in choices.items() if _is_told(name, row)},
        words=[short_words(name, choices[name])[value] for name, value in chosen._asdict().items() if value],
        figures=count,
        parts=[Part(part, narrow(part.figures, chosen, table.periods)) for part in parts],
        breakdowns=_breakdowns(count, choices),
        ignored=_ignored(table, row, chosen, date.max if table.as_of == today else table.as_of),
        chart=_chart(table, row, count, points, is_whole=chosen == EVERYTHING),
        growth=growth_table(points),
        day=day,
        asked=tell_asked(surveys, row.measure, first=row.survey.first if row.survey else "") if surveys else "",
        silence=why_silent(surveys, row, table.as_of) if surveys and not row.survey and not row.missing else None,
    ), problems


def _is_told(dimension: str, row: OutcomeRow) -> bool:
    """Whether the row can be narrowed by the dimension: what is not people has neither country nor group.

    A survey's result is that of everybody who answered.
    """
    if row.measure.kind == SURVEY:
        return False
    return dimension not in OF_PEOPLE or row.figures.of_people or row.figures.achieved is None


def _problems(asked: Selection, choices: Mapping[str, Mapping[str, str]], row: OutcomeRow) -> list[Problem]:
    problems = []
    for name, value in asked._asdict().items():
        if value and value not in choices[name]:
            problems.append(Problem("unknown-value", name, {"value": value, "allowed": list(choices[name])}))
        elif value and not _is_told(name, row):
            code = "filter-of-survey" if row.measure.kind == SURVEY else "filter-of-people"
            problems.append(Problem(code, name, {}))
    return problems


def _breakdowns(count: Count, choices: Mapping[str, Mapping[str, str]]) -> list[Breakdown]:
    found = []
    for name, figures in zip(BREAKDOWNS, (count.by_period, count.by_country), strict=True):
        words = short_words(name, choices[name])
        shares = [(value, words[value], figures[value]) for value in words if value in figures] if figures else []
        if shares:
            found.append(Breakdown(name, shares))
    return found


def _ignored(table: OutcomeTable, row: OutcomeRow, chosen: Selection, until: date) -> list[Ignored]:
    """The events until that day that do not count, of the chosen period, partner and work package."""
    found = list_ignored(table.project, row.indicator, until)
    shown = {event.id for event in events_within((each.event for each in found), chosen, table.periods)}
    return [each for each in found if each.event.id in shown]


def _chart(
    table: OutcomeTable, row: OutcomeRow, count: Count, points: Sequence[Point], *, is_whole: bool
) -> Chart | None:
    """How the figure grew; what is expected is expected of the whole row, not of a part of it."""
    if count.achieved is None:
        return None
    days = (table.project.first_day, table.project.last_day)
    return draw_history(points, row.indicator.target if is_whole else None, days, table.as_of)
