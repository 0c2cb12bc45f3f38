"""What evidence is missing, by reporting period: of held events, and of figures entered by hand."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from portal.activities.queries.gaps import HeldEvent, list_held
from portal.activities.rules.evidence import Need
from portal.core.errors import InvalidInput
from portal.core.periods import Period, begun, find_period
from portal.projects.models import Indicator, ManualFigure, Project
from portal.projects.queries import get_project, list_figures, list_periods, read_figure

# What the address calls the days outside every reporting period, and a figure that no file proves.
NO_PERIOD, FILE = "none", "file"
# In the order in which they are listed: first what keeps figures from being evidenced.
NEEDS = (Need.PEOPLE, Need.ATTENDANCE, FILE, Need.OTHER)


class GapFilter(NamedTuple):
    """Which gaps a list shows; '' selects all. Figures entered by hand are no partner's."""

    period: str = ""
    partner: str = ""
    missing: str = ""


class Entry(NamedTuple):
    """A held event, or a figure entered by hand, and what its evidence needs next ('': it is complete).

    `period` is None for a day outside every period.
    """

    period: Period | None
    day: date
    need: str
    event: HeldEvent | None = None
    figure: ManualFigure | None = None
    indicator: Indicator | None = None


class PeriodState(NamedTuple):
    """How many of the events held in a period (None: in none) are complete, and how many of the figures have a file."""

    period: Period | None
    held: int
    complete: int
    figures: int
    proven: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.held == self.complete and self.figures == self.proven


class Gaps(NamedTuple):
    """How the evidence of each begun period stands, "no period" last, and what is missing in that order.

    The states are of all the partner's events; `found` is what else the filter leaves, by period, attendance first.
    """

    project: Project
    states: list[PeriodState]
    found: list[Entry]

    @property
    def has_figures(self) -> bool:
        """Whether any figure was entered by hand."""
        return any(each.figures for each in self.states)


def list_gaps(code: str, chosen: GapFilter, today: date) -> Gaps:
    """What is missing as of today; raise InvalidInput for a filter value that does not exist, NotFound."""
    project = get_project(code)
    periods = list_periods(code)
    _check_filter(chosen, periods, [each.key for each in project.organisations])
    entries = _entries(project, periods, chosen.partner)
    shown: list[Period | None] = [*begun(periods, max([today, *(each.day for each in entries)])), None]
    states = [_state(period, [each for each in entries if each.period == period]) for period in shown]
    found = [each for each in entries if each.need and _is_chosen(each, chosen)]
    found.sort(key=lambda each: (shown.index(each.period), NEEDS.index(each.need), each.day))
    return Gaps(project, [each for each in states if each.period or each.held or each.figures], found)


def by_period(found: Iterable[Entry]) -> list[tuple[Period | None, list[Entry]]]:
    """The entries, which are in the order of periods, under the period of each."""
    return [(period, list(entries)) for period, entries in groupby(found, lambda each: each.period)]


def _entries(project: Project, periods: Sequence[Period], partner: str) -> list[Entry]:
    """The project's held events and the figures by hand that count; only the partner's events where one is chosen."""
    rows = [] if partner else list_figures(project.code)
    indicators = {each.key: each for each in project.indicators}
    events = [
        Entry(find_period(each.counting_date, periods), each.counting_date, each.need or "", each)
        for each in list_held(project.code, [partner] if partner else None)
    ]
    figures = [
        Entry(find_period(row.day, periods), row.day, "" if row.sha256 else FILE, None, row, indicators[key])
        for key, row in rows
        # A form is not offered for a figure that counts no more.
        if not read_figure(row).why_not
    ]
    return [*events, *figures]


def _state(period: Period | None, entries: Sequence[Entry]) -> PeriodState:
    events = [each for each in entries if each.event]
    figures = [each for each in entries if each.figure]
    complete, proven = (sum(not each.need for each in some) for some in (events, figures))
    return PeriodState(period, len(events), complete, len(figures), proven)


def _is_chosen(entry: Entry, chosen: GapFilter) -> bool:
    period = str(entry.period.number) if entry.period else NO_PERIOD
    return chosen.period in ("", period) and chosen.missing in ("", entry.need)


def _check_filter(chosen: GapFilter, periods: Iterable[Period], partners: Sequence[str]) -> None:
    """Raise InvalidInput for a period or a partner that the project does not have, and for an unknown need."""
    known: dict[str, Sequence[str]] = {
        "period": [*(str(each.number) for each in periods), NO_PERIOD],
        "partner": partners,
        "missing": NEEDS,
    }
    for where, value in chosen._asdict().items():
        if value and value not in known[where]:
            raise InvalidInput("unknown-value", where=where, value=value, allowed=list(known[where]))
