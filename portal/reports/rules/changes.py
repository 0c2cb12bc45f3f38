"""Latest changes for everyone who reads a project: which acts are told of, and many of one kind told as one."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from portal.audit.rules import Act

# Who was at an event is written person by person; people are told that attendance was recorded, not how often.
ATTENDANCE = "attendance"
ATTENDANCE_ACTIONS = frozenset(
    {
        "participation_added",
        "participation_changed",
        "participation_removed",
        "participations_imported",
        "participations_import_undone",
        "headcounts_recorded",
        "headcounts_imported",
        "headcounts_import_undone",
    }
)

# Of things that every member of the project may read, and whose names in the audit are no person's.
TOLD_ACTIONS = ATTENDANCE_ACTIONS | {
    "event_created",
    "event_changed",
    "event_held",
    "event_cancelled",
    "event_planned",
    "event_imported",
    "event_import_undone",
    "example_removed",
    "evidence_added",
    "evidence_removed",
    "event_excluded",
    "event_included",
    "figure_added",
    "figure_changed",
    "figure_removed",
    "activity_progress",
    "deliverable_progress",
    "project_changed",
    "project_closed",
    "project_copied",
    "project_created",
    "project_loaded",
    "project_reopened",
    "project_started",
    "project_updated",
}


class Told(NamedTuple):
    """A change as people are told of it: what was done is ATTENDANCE or the action.

    `others` says that the same was done to other things at the same moment.
    """

    act: Act
    what: str
    others: bool


def tell(acts: Iterable[Act], most: int) -> list[Told]:
    """At most so many of the changes, which come latest first, in the same order.

    What was done to one thing again and again is told once, as it was done last; so is what was done to many things
    at one moment, as an import does.
    """
    told: list[Told] = []
    things: set[tuple[str, str, int]] = set()
    moments: dict[tuple[str, datetime], int] = {}
    for act in acts:
        what = ATTENDANCE if act.action in ATTENDANCE_ACTIONS else act.action
        thing, moment = (what, act.subject_kind, act.subject_id), (what, act.at)
        if thing in things:
            continue
        things.add(thing)
        if moment in moments:
            told[moments[moment]] = told[moments[moment]]._replace(others=True)
        elif len(told) < most:
            moments[moment] = len(told)
            told.append(Told(act, what, others=False))
    return told
