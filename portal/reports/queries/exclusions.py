"""What excluding an event from a row, or letting it count again, does to the figures, before it is done."""

from datetime import date
from typing import NamedTuple

from portal.activities.rules.exclusions import with_decision
from portal.projects.models import Indicator, Project
from portal.projects.queries import get_measure
from portal.reports.queries.outcomes import Source, count_measures, load_source


class SumEffect(NamedTuple):
    """A sum that the row is part of, and by how much its figure falls or rises with the row."""

    indicator: Indicator
    by: int


class Effect(NamedTuple):
    """The row's figure now and after a decision on an event (None: not reported), and the sums that change with it."""

    before: int | None
    after: int | None
    sums: list[SumEffect]

    @property
    def by(self) -> int:
        """By how much the figure falls or rises."""
        return _difference(self.before, self.after)


def preview_exclusion(project: Project, event_id: int, key: str, today: date, *, excluded: bool) -> Effect:
    """What excluding the event from the indicator `key`, or taking that back, does to the figures as of today."""
    source = load_source(project, today)
    decided = source._replace(facts=with_decision(source.facts, event_id, key, excluded=excluded))
    before, after = _achieved(project, source), _achieved(project, decided)
    changes = [(each, _difference(before[each.key], after[each.key])) for each in project.indicators]
    # Only the row itself and the sums that it is part of can change.
    sums = [SumEffect(each, by) for each, by in changes if by and each.key != key]
    return Effect(before[key], after[key], sums)


def _achieved(project: Project, source: Source) -> dict[str, int | None]:
    measures = {each.key: get_measure(each) for each in project.indicators}
    return {key: count.achieved for key, count in count_measures(measures, source).items()}


def _difference(before: int | None, after: int | None) -> int:
    return abs((after or 0) - (before or 0))
