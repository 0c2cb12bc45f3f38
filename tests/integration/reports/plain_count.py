"""The outcome rows counted once more, in plain Python from the raw rows and by the rules alone.

Nothing here uses the portal's own counting: it is what that is compared with.
"""

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.activities.models import Event, EventEvidence, Exclusion, Headcount, Participation
from portal.core.db import db
from portal.projects.models import Indicator, ManualFigure, Organisation, Project, ReportingPeriod
from tests.make import PROJECT

Figures = dict[str, Any]
NOTHING: Figures = dict.fromkeys(("achieved", "evidenced", "persons", "by_period", "by_country"))


class Bit(NamedTuple):
    """So many of something on a day: proven by a file or not, and for people their country."""

    number: int
    day: date
    proven: bool
    country: str = ""


def count_plainly(as_of: date) -> dict[str, Figures]:
    """Key -> what the row's figures are as of the day."""
    rows = {row.key: row for row in db.session.scalars(select(Indicator).where(Indicator.project_code == PROJECT))}
    figures = {key: count_row(rows, key, as_of) for key in rows}
    return {key: {**each, "percent": share(each["achieved"], rows[key].target)} for key, each in figures.items()}


def share(achieved: int | None, target: int | None) -> str | None:
    """The percentage with two decimals, half-up."""
    if achieved is None or not target:
        return None
    return str((Decimal(100 * achieved) / target).quantize(Decimal("0.01"), ROUND_HALF_UP))


def count_row(rows: dict[str, Indicator], key: str, as_of: date) -> Figures:
    measure = rows[key].measure
    if measure["kind"] == "sum":
        return add_up([count_row(rows, part, as_of) for part in measure["of"]])
    if measure["kind"] == "manual":
        return count_by_hand(rows[key], as_of)
    if measure["kind"] == "organisations":
        return count_organisations(rows[key], as_of)
    return count_events(rows[key], as_of)


def project() -> Project:
    return db.session.scalars(select(Project).where(Project.code == PROJECT)).one()


def held_events(as_of: date) -> list[Event]:
    """Held within the project's days by the day, in order of time."""
    first_day, last_day = project().first_day, project().last_day
    events = db.session.scalars(select(Event).where(Event.project_code == PROJECT)).all()
    inside = [each for each in events if first_day <= each.counting_date <= min(last_day, as_of)]
    held = [each for each in inside if each.status == "held"]
    return sorted(held, key=lambda each: (each.counting_date, each.starts_at, each.id))


def proven_events() -> set[int]:
    files = db.session.scalars(select(EventEvidence)).all()
    return {file.event_id for file in files if file.kind in ("attendance_list", "tally_sheet")}


def excluded_events(row: Indicator) -> set[int]:
    return {each.event_id for each in db.session.scalars(select(Exclusion)) if each.indicator_id == row.id}


def counts(event: Event, measure: dict[str, Any]) -> bool:
    countries = {organiser.country for organiser in event.organisers}
    return (
        measure.get("joint", len(countries) > 1) == (len(countries) > 1)
        and measure.get("public", event.is_public) == event.is_public
        and measure.get("work_package") in (None, event.activity.work_package.number)
    )


def count_events(row: Indicator, as_of: date) -> Figures:
    measure = row.measure
    could = [each for each in held_events(as_of) if each.kind in measure.get("event_kinds", [each.kind])]
    could = [each for each in could if each.kind != "meeting"]
    if not could:
        return NOTHING
    events = [each for each in could if counts(each, measure) and each.id not in excluded_events(row)]
    proven = proven_events()
    if measure["kind"] == "events":
        return added([Bit(1, each.counting_date, each.id in proven) for each in events], as_of)
    bits, seen, unnamed = [], set(), 0
    for event in events:
        fact = (event.counting_date, event.id in proven)
        for person in attended(event, measure):
            if measure["kind"] == "participations" or person.participant not in seen:
                bits.append(Bit(1, *fact, person.country or "unknown"))
            seen.add(person.participant)
        for crowd in crowds(event, measure):
            bits.append(Bit(crowd.number, *fact, crowd.country or "unknown"))
            unnamed += crowd.number
    countries: Counter[str] = Counter()
    for bit in bits:
        countries[bit.country] += bit.number
    return {**added(bits, as_of), "persons": len(seen) + unnamed, "by_country": dict(countries)}


def attended(event: Event, measure: dict[str, Any]) -> list[Participation]:
    rows = db.session.scalars(select(Participation).where(Participation.event_id == event.id))
    return [row for row in rows if row.status == "attended" and wanted(row.group, measure)]


def crowds(event: Event, measure: dict[str, Any]) -> list[Headcount]:
    rows = db.session.scalars(select(Headcount).where(Headcount.event_id == event.id))
    return [row for row in rows if wanted(row.group, measure)]


def wanted(group: str, measure: dict[str, Any]) -> bool:
    return group in measure.get("groups", [group]) and group not in measure.get("exclude_groups", [])


def count_organisations(row: Indicator, as_of: date) -> Figures:
    partners = db.session.scalars(select(Organisation).where(Organisation.project_code == PROJECT)).all()
    roles = {each.key for each in partners if each.role in row.measure["roles"]}
    if not row.measure.get("active"):
        first_day = project().first_day
        return added([Bit(1, first_day, proven=True) for _ in roles], as_of) if as_of >= first_day else NOTHING
    held = held_events(as_of)
    if not held:
        return NOTHING
    first, proven = {}, set()
    for event in held:
        if event.id in excluded_events(row):
            continue
        for organiser in event.organisers:
            first.setdefault(organiser.key, event.counting_date)
            if event.id in proven_events():
                proven.add(organiser.key)
    return added([Bit(1, day, key in proven) for key, day in first.items() if key in roles], as_of)


def count_by_hand(row: Indicator, as_of: date) -> Figures:
    figures = db.session.scalars(select(ManualFigure).where(ManualFigure.indicator_id == row.id)).all()
    inside = [each for each in figures if project().first_day <= each.day <= min(project().last_day, as_of)]
    return added([Bit(each.number, each.day, each.sha256 is not None) for each in inside], as_of) if inside else NOTHING


def added(bits: list[Bit], as_of: date) -> Figures:
    """What the bits add up to, in all and by every period that has begun."""
    periods = db.session.scalars(select(ReportingPeriod).where(ReportingPeriod.project_code == PROJECT)).all()
    by_period = {
        str(each.number): sum(bit.number for bit in bits if each.first_day <= bit.day <= each.last_day)
        for each in periods
        if each.first_day <= as_of
    }
    achieved, inside = sum(bit.number for bit in bits), sum(by_period.values())
    return {
        **NOTHING,
        "achieved": achieved,
        "evidenced": sum(bit.number for bit in bits if bit.proven),
        "by_period": by_period if inside == achieved else {**by_period, "none": achieved - inside},
    }


def add_up(parts: list[Figures]) -> Figures:
    known = [part for part in parts if part["achieved"] is not None]
    if not known:
        return NOTHING
    totals = {name: sum(part[name] for part in known) for name in ("achieved", "evidenced")}
    of_people = all(part["by_country"] is not None for part in known)
    return {
        **NOTHING,
        **totals,
        "by_period": together([part["by_period"] for part in known]),
        "by_country": together([part["by_country"] for part in known]) if of_people else None,
    }


def together(figures: list[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in figures:
        total.update(each)
    return dict(total)
