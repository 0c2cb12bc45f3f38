"""How an event stands towards a measure: whether it counts, and every reason why or why not, as codes."""

from collections.abc import Sequence
from datetime import date

from portal.activities.rules.events import EventStatus, is_joint
from portal.activities.rules.facts import EventFacts, Facts
from portal.projects.rules.measures import Measure

MEETING = "meeting"
# The measures that count events, or the people at them.
OF_EVENTS = ("participations", "persons", "events")


def counts_events(measure: Measure) -> bool:
    """Whether events add to a row with this measure: themselves, their people, or organisers they make active."""
    return measure.kind in OF_EVENTS or (measure.kind == "organisations" and measure.active)


def obstacles(event: EventFacts, measure: Measure, days: tuple[date, date], *, row: str = "") -> list[str]:
    """Codes of every reason why the event does not count towards the measure; empty if it does.

    `row` is the key of the indicator that the measure belongs to: a manager may have excluded the event from it.
    Source: rules of the domain 4; counting agreed for LTPL00388 (held, within the project's days, of the filters).
    """
    found: list[str] = []
    if event.status != EventStatus.HELD:
        # "planned" or "cancelled": the code is the status.
        found.append(event.status)
    if not days[0] <= event.counting_date <= days[1]:
        found.append("outside-days")
    # A held meeting adds neither events nor people, but makes its organisers active.
    if event.kind == MEETING and measure.kind != "organisations":
        found.append("meeting")
    elif measure.event_kinds and event.kind not in measure.event_kinds:
        found.append("other-kind")
    if measure.joint is not None and measure.joint is not is_joint(event.countries):
        found.append("not-joint" if measure.joint else "joint")
    if measure.public is not None and measure.public is not event.is_public:
        found.append("not-public" if measure.public else "public")
    if measure.work_package is not None and event.work_package != measure.work_package:
        found.append("other-work-package")
    if event.excluded_from(row):
        found.append("excluded")
    return found


def reasons(event: EventFacts, measure: Measure) -> list[str]:
    """Codes of the filters that an event passes which counts towards the measure, in the order of `obstacles`."""
    tests = [
        (True, "held"),
        (bool(measure.event_kinds), "kind"),
        (measure.joint is True, "joint"),
        (measure.joint is False, "not-joint"),
        (measure.public is True, "public"),
        (measure.public is False, "not-public"),
        (measure.work_package is not None, "work-package"),
    ]
    return [code for told, code in tests if told]


def counting_events(facts: Facts, measure: Measure, *, row: str = "") -> list[EventFacts]:
    """The events that count towards the measure of the indicator `row`, in order of date."""
    return [event for event in facts.events if not obstacles(event, measure, facts.days, row=row)]


def could_count(event: EventFacts, measure: Measure, days: tuple[date, date]) -> bool:
    """Whether the event, held within the days, is of a kind the measure names (any but meeting if it names none).

    Other filters and exclusions are ignored. Source: rules of the domain 4, "not reported is not zero".
    """
    named = not measure.event_kinds or event.kind in measure.event_kinds
    return held_within(event, days) and event.kind != MEETING and named


def is_reported(events: Sequence[EventFacts], measure: Measure, days: tuple[date, date]) -> bool:
    """Whether anything exists that could count towards the measure."""
    return any(could_count(event, measure, days) for event in events)


def of_group(group: str, measure: Measure) -> bool:
    """Whether people of the group pass the measure's filters."""
    return (not measure.groups or group in measure.groups) and group not in measure.exclude_groups


def held_within(event: EventFacts, days: tuple[date, date]) -> bool:
    """Whether the event was held on one of the days."""
    return event.status == EventStatus.HELD and days[0] <= event.counting_date <= days[1]
