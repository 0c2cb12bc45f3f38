"""The facts that the tests of counting start from: a project of two years, its events and who was there."""

from datetime import date
from typing import Any

from portal.activities.rules.facts import Attendance, EventFacts, Facts, FigureFacts
from portal.core.periods import Period
from portal.projects.rules.measures import Measure

DAYS = (date(2026, 1, 1), date(2027, 12, 31))
PERIODS = [
    Period(1, date(2026, 1, 1), date(2026, 6, 30)),
    Period(2, date(2026, 7, 1), date(2026, 12, 31)),
    Period(3, date(2027, 1, 1), date(2027, 6, 30)),
]
AS_OF = date(2026, 11, 20)

PARTICIPATIONS = Measure("participations")
EVENTS = Measure("events")


def event(number: int = 1, **changes: Any) -> EventFacts:
    """A held, closed, joint workshop of lps and ols on 10 March 2026 in work package 1, with the changes."""
    stated: dict[str, Any] = {
        "ref": f"E{number}",
        "kind": "workshop",
        "status": "held",
        "is_public": False,
        "counting_date": date(2026, 3, 10),
        "work_package": 1,
        "organisers": ("lps", "ols"),
        "countries": ("LT", "PL"),
        "evidenced": False,
    }
    return EventFacts(number, **{**stated, **changes})


def people(
    number: int, group: str = "professional", country: str = "LT", *, named: bool = True, first: int = 1
) -> Attendance:
    """So many people of a group and a country: p1, p2 ... by name (from p`first` on) unless `named` says otherwise."""
    keys = [f"p{each}" for each in range(first, first + number)] if named else []
    return Attendance(0, group, country, number, named, "\n".join(keys))


def figure(number: int, day: date = date(2026, 3, 10), *, evidenced: bool = False, row: int = 1) -> FigureFacts:
    """A figure entered by hand on a day, 10 March 2026 unless another is given."""
    return FigureFacts(row, "by_hand", day, number, "counted at the door", evidenced)


def facts(*events: EventFacts, as_of: date = AS_OF, days: tuple[date, date] = DAYS, **attendance: Any) -> Facts:
    """These events as of the day; `attendance` says who was at which, by the event's reference (E1=[people(3)])."""
    ids = {each.ref: each.id for each in events}
    present = {ids[ref]: [row._replace(event_id=ids[ref]) for row in rows] for ref, rows in attendance.items()}
    return Facts(days, PERIODS, as_of, events, present)
