"""What `portal check` looks at: what the database's own constraints cannot say."""

from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.activities.models import Event, Exclusion, Participation
from portal.activities.queries import list_uses
from portal.activities.rules.events import EventStatus
from portal.activities.rules.participants import SENSITIVE_CODE, SENSITIVE_GROUPS
from portal.budget.queries.budgets import list_partner_keys, load_axes, load_rows
from portal.budget.queries.contracts import list_contract_uses
from portal.budget.queries.evidence import list_item_uses
from portal.core import clock
from portal.core.db import db
from portal.core.errors import PortalError
from portal.core.files.queries import find_fault, list_files, list_unknown
from portal.core.periods import overlaps
from portal.projects.models import Indicator, Project
from portal.projects.queries import (
    get_measure,
    list_figure_uses,
    list_figures,
    list_periods,
    list_projects,
    read_figure,
)
from portal.projects.rules.measures import sum_problems
from portal.projects.rules.vocabulary import ZONES
from portal.reports.money_checks import find_money_faults
from portal.reports.seat_checks import find_seat_faults


class Violation(NamedTuple):
    """An invariant that does not hold, and what breaks it."""

    invariant: str
    subject: str


def list_violations() -> list[Violation]:
    """Every violation in the database, project by project, and in the store of files."""
    found: list[Violation] = []
    for project in list_projects():
        for check in (_leads, _money, _measures, _periods, _events, _exclusions, _sensitive, _budget_lines, _seats):
            found += [Violation(each.invariant, f"{project.code} {each.subject}") for each in check(project)]
    return [*found, *_files()]


def list_notes() -> list[Violation]:
    """What breaks no invariant, but whoever runs the portal may want to know."""
    unknown = [Violation("file-without-row", f"{sha256}: left by a crash or a removal") for sha256 in list_unknown()]
    return [*unknown, *(note for project in list_projects() for note in _figures(project))]


def _figures(project: Project) -> Iterator[Violation]:
    """Figures that no longer count, since the project's days or the indicator's measure have been changed."""
    for key, row in list_figures(project.code):
        item = read_figure(row)
        if item.why_not:
            yield Violation(item.why_not, f"{project.code} {key} {row.day}")


def _files() -> Iterator[Violation]:
    """Every stored file is on the disk with its hash and its size."""
    for file in list_files():
        fault = find_fault(file)
        if fault:
            uses = [f"{use.project_code} {use.ref} {use.kind}" for use in list_uses(file.sha256)]
            uses += [f"{use.project_code} {use.key} {use.day}" for use in list_figure_uses(file.sha256)]
            uses += [" ".join(use) for use in (*list_item_uses(file.sha256), *list_contract_uses(file.sha256))]
            yield Violation(f"file-{fault}", ", ".join([*uses, file.sha256]))


def _leads(project: Project) -> Iterator[Violation]:
    leads = [each.key for each in project.organisations if each.role == "lead"]
    if len(leads) > 1:
        yield Violation("two-leads", ", ".join(leads))


def _money(project: Project) -> Iterator[Violation]:
    """Budget and expenditure add up, and items are what they say."""
    yield from (Violation(*fault) for fault in find_money_faults(project))


def _seats(project: Project) -> Iterator[Violation]:
    """Seats add up where people register, and places are what they say."""
    yield from (Violation(*fault) for fault in find_seat_faults(project))


def _measures(project: Project) -> Iterator[Violation]:
    measures = {}
    for indicator in project.indicators:
        try:
            measures[indicator.key] = get_measure(indicator)
        except PortalError as error:
            yield Violation("measure", f"{indicator.key}: {error.problem.code}")
    yield from (Violation("measure", f"{problem.where}: {problem.code}") for problem in sum_problems(measures))


def _periods(project: Project) -> Iterator[Violation]:
    for first, second in overlaps(list_periods(project.code)):
        yield Violation("periods-overlap", f"{first.number} and {second.number}")


def _events(project: Project) -> Iterator[Violation]:
    now = clock.now()
    for event in db.session.scalars(select(Event).where(Event.project_code == project.code).order_by(Event.id)):
        if event.time_zone not in ZONES:
            yield Violation("time-zone", event.ref)
        elif event.counting_date != event.starts_at.astimezone(ZoneInfo(event.time_zone)).date():
            yield Violation("counting-date", event.ref)
        if event.status == EventStatus.HELD and event.starts_at > now:
            yield Violation("held-in-future", event.ref)
        if not event.organisers:
            yield Violation("event-without-organiser", event.ref)
        parts = [event.activity.project_code, *(organisation.project_code for organisation in event.organisers)]
        if set(parts) != {project.code}:
            yield Violation("foreign-parts", event.ref)


def _exclusions(project: Project) -> Iterator[Violation]:
    """What the project's events are excluded from is its own."""
    pairs = select(Event.ref, Indicator.project_code, Indicator.key).select_from(Exclusion).join(Event).join(Indicator)
    foreign = pairs.where(Event.project_code == project.code, Indicator.project_code != project.code)
    for ref, code, key in db.session.execute(foreign.order_by(Exclusion.id)):
        yield Violation("foreign-exclusion", f"{ref} from {code} {key}")


def _budget_lines(project: Project) -> Iterator[Violation]:
    """Budget lines name work packages and periods of their project, and organisations that have a budget."""
    axes, partners = load_axes(project.code), set(list_partner_keys(project.code))
    for line in load_rows(project.code).lines:
        place = f"{line.organisation} {line.category}"
        if line.work_package not in (0, *axes.work_packages):
            yield Violation("budget-work-package", f"{place} {line.work_package}")
        if line.period not in (0, *axes.periods):
            yield Violation("budget-period", f"{place} {line.period}")
        if line.organisation not in partners:
            yield Violation("budget-associated", place)


def _sensitive(project: Project) -> Iterator[Violation]:
    """Rows of convicted persons and family members: the portal's kind of code, and no name tied to it anywhere."""
    rows = db.session.scalars(select(Participation).join(Event).where(Event.project_code == project.code)).all()
    sensitive = {row.participant for row in rows if row.group in SENSITIVE_GROUPS}
    for row in rows:
        if row.participant in sensitive and (row.name or row.organisation):
            yield Violation("sensitive-name", f"participation {row.id}")
        if row.group in SENSITIVE_GROUPS and not SENSITIVE_CODE.fullmatch(row.participant):
            yield Violation("sensitive-code", f"participation {row.id}")
