"""Rules of exclusions: from which rows a manager may exclude an event, with what reason, and what follows from it."""

from collections.abc import Mapping

from portal.activities.rules.facts import ExclusionFact, Facts
from portal.activities.rules.standing import counts_events
from portal.core.errors import Conflict, InvalidInput, InvalidInputs
from portal.projects.rules.measures import Measure
from portal.projects.rules.reasons import reason_problems


def check_reason(text: str) -> str:
    """The reason as it is kept, without space around; raise InvalidInput if it is empty, too long or unprintable."""
    kept = text.strip()
    if not kept:
        raise InvalidInput("exclusion-reason-missing", where="reason")
    if problems := list(reason_problems(kept)):
        raise InvalidInputs(problems)
    return kept


def check_excludable(measure: Measure) -> None:
    """Raise Conflict if no event is counted towards a row with this measure, so that none can be excluded from it."""
    if measure.kind == "sum":
        raise Conflict("exclusion-of-sum")
    if not counts_events(measure):
        raise Conflict("exclusion-without-events")


def with_decision(facts: Facts, event_id: int, row: str, *, excluded: bool) -> Facts:
    """The facts as they are once the event is excluded from the indicator `row`, or no longer is."""

    def decided(exclusions: tuple[ExclusionFact, ...]) -> tuple[ExclusionFact, ...]:
        others = tuple(each for each in exclusions if each.indicator != row)
        return (*others, ExclusionFact(row, "")) if excluded else others

    events = [
        each._replace(exclusions=decided(each.exclusions)) if each.id == event_id else each for each in facts.events
    ]
    return facts._replace(events=events)


def sums_above(measures: Mapping[str, Measure], row: str) -> dict[str, int]:
    """Key of each sum that the indicator `row` is part of, also through other sums -> how often it is added there."""
    times = {key: _times(measures, key, row) for key, measure in measures.items() if measure.kind == "sum"}
    return {key: number for key, number in times.items() if number}


def _times(measures: Mapping[str, Measure], key: str, row: str) -> int:
    parts = measures[key].of if key in measures else ()
    return sum(1 if part == row else _times(measures, part, row) for part in parts)
