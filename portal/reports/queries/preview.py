"""What a change of an indicator would do to the outcome table: the rows and the events, before and after.

Nothing is stored: the same facts are counted twice, by the measures as they are and with the one that is stated.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.activities.rules.counting import Count
from portal.activities.rules.facts import EventFacts
from portal.core.errors import Conflict
from portal.core.money import BasisPoints, percentage
from portal.projects.measuring import check_measure
from portal.projects.queries.structure import get_structure
from portal.projects.rules.measures import Measure, read_measure
from portal.projects.rules.merging import Row, Rows
from portal.projects.rules.structure_rows import changed_rows, check_rows
from portal.projects.rules.targets import MONEY, SURVEY, expected_number
from portal.reports.queries.outcomes import Source, count_measures, load_source, survey_says, survey_share
from portal.surveys.queries.surveyed import Surveys

MOST_EVENTS: Final = 50


class RowFigures(NamedTuple):
    """The key figures of a row; `of_money` says that its target is an amount."""

    target: int | Decimal | None
    achieved: int | Decimal | None
    evidenced: int | None
    percent: BasisPoints | None
    of_money: bool


class RowChange(NamedTuple):
    """A row whose figures change; `before` is None where the row is new."""

    key: str
    name: Mapping[str, str]
    before: RowFigures | None
    after: RowFigures


class EventChange(NamedTuple):
    """What an event adds to the row before and after; None where it does not count."""

    event: EventFacts
    before: int | None
    after: int | None


class Preview(NamedTuple):
    """All that would change as of the day; `more` events beside those listed."""

    as_of: date
    rows: list[RowChange]
    events: list[EventChange]
    more: int = 0


class _Counted(NamedTuple):
    """The project's rows, how each of them is counted, and what it counts as of the day."""

    surveys: Surveys
    as_of: date
    rows: Mapping[str, Row]
    measures: Mapping[str, Measure]
    counts: Mapping[str, Count]


def preview_indicator(code: str, stated: Mapping[str, Any], *, version: int, today: date, key: str = "") -> Preview:
    """What saving the indicator would do to the figures as of today; it is stated in a project file's words.

    `key` is what it is stored by, '' for a new one. Raise what saving it would: InvalidInputs for what cannot be
    stored, Conflict if the project is closed or has changed since `version`, NotFound.
    """
    structure = get_structure(code)
    project = structure.project
    if project.status == "closed":
        raise Conflict("project-closed")
    if project.version != version:
        raise Conflict("project-stale")
    found, after = changed_rows(structure.rows, "indicators", stated, key=key)
    check_rows(after, "indicators", found.key)
    check_measure(code, structure.rows, after, found.key)
    source = load_source(project, today)
    old, new = (_counted(rows, source) for rows in (structure.rows, after))
    events = _event_changes(old.counts.get(found.key), new.counts[found.key])
    return Preview(today, list(_row_changes(old, new)), events[:MOST_EVENTS], max(0, len(events) - MOST_EVENTS))


def _counted(rows: Rows, source: Source) -> _Counted:
    measures = _measures(rows)
    return _Counted(source.surveys, source.facts.as_of, rows["indicators"], measures, count_measures(measures, source))


def _measures(rows: Rows) -> dict[str, Measure]:
    read = {key: read_measure(row["measure"], key, []) for key, row in rows["indicators"].items()}
    return {key: measure for key, measure in read.items() if measure is not None}


def _row_changes(old: _Counted, new: _Counted) -> Iterator[RowChange]:
    """The rows whose figures differ, in the order of the table as it would be."""
    for key, row in new.rows.items():
        before = _figures(old.rows[key], old, key) if key in old.rows else None
        after = _figures(row, new, key)
        if before != after:
            name: Any = row["name"]
            yield RowChange(key, name, before, after)


def _figures(row: Row, counted: _Counted, key: str) -> RowFigures:
    """The row's figures; a target in hundredths as a number, but one of money as the amount that it is."""
    stored, measure, count = row["target"], counted.measures.get(key), counted.counts[key]
    target = stored if isinstance(stored, int) else None
    kind = measure.kind if measure else ""
    expected = target if kind == MONEY else expected_number(target, kind)
    if measure and kind == SURVEY:
        found = survey_says(counted.surveys, measure, counted.as_of)
        return RowFigures(expected, found.value if found else None, None, survey_share(found, target), of_money=False)
    known = target is not None and count.achieved is not None
    share = percentage(count.achieved or 0, target or 0) if known else None
    return RowFigures(expected, count.achieved, count.evidenced, share, of_money=kind == MONEY)


def _event_changes(before: Count | None, after: Count) -> list[EventChange]:
    """The events that begin to count, cease to count, or add another number, in order of date."""
    was, becomes = _adds(before) if before else {}, _adds(after)
    changes = [
        EventChange(event, was.get(event), becomes.get(event))
        for event in {**was, **becomes}
        if was.get(event) != becomes.get(event)
    ]
    return sorted(changes, key=lambda change: (change.event.counting_date, change.event.id))


def _adds(count: Count) -> Mapping[EventFacts, int]:
    """What each event adds; those that count and add nothing are there with 0."""
    adds = Counter({share.event: share.counts for share in count.events})
    if not adds:
        for piece in count.pieces:
            if piece.event is not None:
                adds[piece.event] += piece.number
    return adds
