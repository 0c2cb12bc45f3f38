"""What merging two records of one organisation would do, read in one place for the page and for the act itself."""

import hashlib
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts.queries import list_members
from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.rules.duplicates import merge_facts
from portal.activities.rules.events import is_joint
from portal.budget.queries.merging import MovedMoney, find_moved_money
from portal.core.db import db
from portal.core.errors import InvalidInput, Problem
from portal.projects.models import Activity, Contact, Indicator, Organisation, Project
from portal.projects.queries import get_organisation, get_project, list_new_contacts, list_responsibilities
from portal.projects.queries.structure import rows_of_project
from portal.projects.rules.duplicates import merge_problems, taken_spellings, takes_budget
from portal.reports.queries.outcomes import count_rows, load_source


class MovedEvent(NamedTuple):
    """An event whose organiser changes; `both` says that the record that stays organises it already."""

    event: Event
    both: bool
    was_joint: bool
    is_joint: bool


class MovedRole(NamedTuple):
    """A role held for the record that goes; `held` says that the person has it for the one that stays, too."""

    membership_id: int
    name: str
    role: Role
    held: bool


class MovedFigure(NamedTuple):
    """A row of the outcome table that merging changes; None is not reported."""

    indicator: Indicator
    before: int | None
    after: int | None


class Merge(NamedTuple):
    """All that merging `gone` into `kept` does; `problems` says why it cannot be done."""

    project: Project
    kept: Organisation
    gone: Organisation
    problems: list[Problem]
    spellings: tuple[str, ...]
    takes_address: bool
    takes_budget: bool
    contacts: list[Contact]
    activities: list[Activity]
    roles: list[MovedRole]
    events: list[MovedEvent]
    money: MovedMoney

    @property
    def needs_reason(self) -> bool:
        """Whether the project runs, so that what is agreed takes a reason: who its organisations are always is."""
        return self.project.status == "running"

    @property
    def seal(self) -> str:
        """What tells this preview from one of another moment."""
        facts = (
            (self.project.version, self.kept.key, self.gone.key, [each.id for each in self.contacts]),
            [each.membership_id for each in self.roles],
            [(each.event.id, each.event.version) for each in self.events],
            self.money[:-1],
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def preview_merge(code: str, kept_key: str, gone_key: str) -> Merge:
    """What merging the project's organisation `gone_key` into `kept_key` would do now.

    Raise NotFound if the project lacks one of them, InvalidInput if they are the same.
    """
    if kept_key == gone_key:
        raise InvalidInput("merge-same", where="other")
    project = get_project(code)
    kept, gone = get_organisation(code, kept_key), get_organisation(code, gone_key)
    rows = rows_of_project(project)["organisations"]
    stays, goes = rows[kept_key], rows[gone_key]
    money = find_moved_money(kept, gone)
    return Merge(
        project=project,
        kept=kept,
        gone=gone,
        problems=[*_closed(project), *merge_problems(stays, goes), *money.problems],
        spellings=taken_spellings(stays, goes),
        takes_address=bool(gone.address) and not kept.address,
        takes_budget=takes_budget(stays, goes),
        contacts=list_new_contacts(gone=gone, kept=kept),
        activities=list_responsibilities(gone),
        roles=_roles(code, kept_key, gone_key),
        events=_events(kept, gone),
        money=money,
    )


def list_moved_figures(merge: Merge, today: date) -> list[MovedFigure]:
    """The rows of the outcome table that come out differently after the merge, as of today."""
    project, kept, gone = merge.project, merge.kept, merge.gone
    source = load_source(project, today)
    merged = source._replace(
        facts=merge_facts(source.facts, kept=kept.key, country=kept.country, gone=gone.key),
        roles={key: role for key, role in source.roles.items() if key != gone.key},
    )
    before, after = count_rows(project, source), count_rows(project, merged)
    figures = [
        (one.indicator, one.figures.achieved, other.figures.achieved) for one, other in zip(before, after, strict=True)
    ]
    return [MovedFigure(*figure) for figure in figures if figure[1] != figure[2]]


def _closed(project: Project) -> list[Problem]:
    return [Problem("project-closed")] if project.status == "closed" else []


def _roles(code: str, kept_key: str, gone_key: str) -> list[MovedRole]:
    members = list_members(code)
    held = {(each.user_id, each.role) for each in members if each.organisation == kept_key}
    return [
        MovedRole(each.membership_id, each.name, each.role, (each.user_id, each.role) in held)
        for each in members
        if each.organisation == gone_key
    ]


def _events(kept: Organisation, gone: Organisation) -> list[MovedEvent]:
    theirs = select(Event).where(Event.organisers.any(Organisation.id == gone.id))
    ordered = theirs.order_by(Event.starts_at.desc(), Event.id.desc()).options(selectinload(Event.organisers))
    return [_event(event, kept, gone) for event in db.session.scalars(ordered)]


def _event(event: Event, kept: Organisation, gone: Organisation) -> MovedEvent:
    left = [each for each in event.organisers if each.id not in (kept.id, gone.id)]
    both = any(each.id == kept.id for each in event.organisers)
    after = [each.country for each in (*left, kept)]
    return MovedEvent(event, both, is_joint(event.organiser_countries), is_joint(after))
