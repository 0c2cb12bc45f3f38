"""The outcome table: one row computed in one place; page, public page, JSON, CSV and workbook all call it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from portal.activities.queries import count_persons, has_examples, load_facts
from portal.activities.rules.counting import (
    NOT_REPORTED,
    Count,
    Facts,
    count_events,
    count_organisations,
    count_participations,
    count_sum,
)
from portal.core.errors import InvalidInput, NotFound
from portal.core.money import BasisPoints, percentage
from portal.projects.models import Indicator, Project
from portal.projects.queries import get_measure, get_project
from portal.projects.rules.measures import Measure


class OutcomeRow(NamedTuple):
    """A row of the table: what was expected, what was counted, and the share in basis points (None: not reported)."""

    indicator: Indicator
    measure: Measure
    figures: Count
    percent: BasisPoints | None


class OutcomeTable(NamedTuple):
    """The project's rows as of a day; `example_data` says that invented events are among what was counted."""

    project: Project
    as_of: date
    example_data: bool
    rows: list[OutcomeRow]


class _Source(NamedTuple):
    """What a count is made from."""

    facts: Facts
    roles: Mapping[str, str]
    measures: Mapping[str, Measure]


def outcome_table(code: str, as_of: date, *, today: date) -> OutcomeTable:
    """The outcome table from today's facts about events dated `as_of` or earlier.

    Raise InvalidInput for a day still to come, NotFound for an unknown project.
    """
    check_as_of(as_of, today)
    project = get_project(code)
    roles = {organisation.key: organisation.role for organisation in project.organisations}
    rows = count_rows(project, load_facts(project, as_of), roles)
    return OutcomeTable(project, as_of, has_examples(code), rows)


def count_rows(project: Project, facts: Facts, roles: Mapping[str, str]) -> list[OutcomeRow]:
    """The rows of the project's table as counted from these facts; `roles` is organisation key -> role."""
    measures = {indicator.key: get_measure(indicator) for indicator in project.indicators}
    source = _Source(facts, roles, measures)
    return [_row(indicator, source) for indicator in project.indicators]


def check_as_of(as_of: date, today: date) -> None:
    """Raise InvalidInput if the day is still to come."""
    if as_of > today:
        raise InvalidInput("as-of-future", where="as_of", value=as_of, today=today)


def get_row(table: OutcomeTable, key: str) -> OutcomeRow:
    """The table's row with this key; raise NotFound."""
    for row in table.rows:
        if row.indicator.key == key:
            return row
    raise NotFound("indicator-unknown", key=key)


def _row(indicator: Indicator, source: _Source) -> OutcomeRow:
    count = _count(indicator.key, source)
    known = count.achieved is not None and indicator.target is not None
    share = percentage(count.achieved or 0, indicator.target or 0) if known else None
    return OutcomeRow(indicator, source.measures[indicator.key], count, share)


def _count(key: str, source: _Source) -> Count:
    measure = source.measures[key]
    return COUNTED_BY.get(measure.kind, _nothing_kept)(measure, source)


def _participations(measure: Measure, source: _Source) -> Count:
    count = count_participations(source.facts, measure)
    return count if count.achieved is None else count._replace(persons=_persons(measure, count, source.facts))


def _persons(measure: Measure, count: Count, facts: Facts) -> int:
    """Each known participant once; headcounts may repeat people, so the figure is "at most"."""
    return count_persons(facts, measure) + count.unnamed


def _events(measure: Measure, source: _Source) -> Count:
    return count_events(source.facts, measure)


def _organisations(measure: Measure, source: _Source) -> Count:
    return count_organisations(source.facts, measure, source.roles)


def _sum(measure: Measure, source: _Source) -> Count:
    return count_sum([_count(key, source) for key in measure.of])


def _nothing_kept(measure: Measure, source: _Source) -> Count:
    """Not reported: the portal keeps nothing yet from which a measure of this kind could be counted."""
    return NOT_REPORTED


COUNTED_BY: dict[str, Callable[[Measure, _Source], Count]] = {
    "participations": _participations,
    "events": _events,
    "organisations": _organisations,
    "sum": _sum,
}
