"""Loading project files over what the portal holds."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInputs
from portal.projects.measuring import check_targets
from portal.projects.models import Project
from portal.projects.queries.structure import rows_of_project
from portal.projects.rules.contract import Reason, changes_between
from portal.projects.rules.merged_rows import merged_problems
from portal.projects.rules.merging import Difference, Merge, Rows, merge_facts
from portal.projects.rules.plain_rows import as_number, flat_rows, plain_rows, read_plain_rows
from portal.projects.rules.project_file import ProjectFacts, rows_of
from portal.projects.rules.structure import completed
from portal.projects.services.rows import store_rows
from portal.projects.services.structure import check_association
from portal.projects.services.versions import FROM_FILE, keep_version


class Loaded(NamedTuple):
    """What a load did: whether the project is new, whether anything changed, where the portal's own values stand."""

    code: str
    created: bool
    changed: bool
    differences: tuple[Difference, ...]


def load_project(facts: ProjectFacts, *, now: datetime) -> Loaded:
    """Create the project that the facts describe, or update it; values changed in the portal since are kept.

    What is agreed and changes while the project runs makes a version. Raise InvalidInputs if what is kept and what the
    file states contradict each other, Conflict if a closed project would change; nothing is stored then.
    """
    stated = rows_of(facts)
    code = str(facts.project["code"])
    with transaction() as session:
        project = session.get(Project, code, with_for_update=True)
        current = rows_of_project(project) if project else {}
        merge = _merge(project, current, stated)
        changed = merge.rows != current or (project is not None and project.loaded != plain_rows(stated))
        if project is not None and project.status == "closed" and merge.rows != current:
            raise Conflict("project-closed")
        _check_rows(code, current, merge.rows)
        if project is not None and project.status == "running":
            _keep_agreed(session, project, current, merge.rows, now)
        stored = project or _made(session, code)
        stored.loaded = plain_rows(stated)
        store_rows(session, stored, merge.rows)
        if changed:
            if project is not None:
                # Forms opened before are stale.
                stored.version += 1
            action = "project_loaded" if project is None else "project_updated"
            subject = Subject("project", 0, code, code)
            record(session, action, subject, now=now, before=flat_rows(current), after=flat_rows(merge.rows))
        differences = tuple(_as_known(each, merge.rows, stated) for each in merge.differences)
        return Loaded(code, project is None, changed, differences)


def _as_known(difference: Difference, kept: Rows, stated: Rows) -> Difference:
    """The difference with targets as people know them."""
    table, key = difference.table, difference.key
    if (table, difference.column) != ("indicators", "target"):
        return difference
    before, after = as_number(difference.kept, kept[table][key]), as_number(difference.stated, stated[table][key])
    return difference._replace(kept=before, stated=after)


def _merge(project: Project | None, current: Rows, stated: Rows) -> Merge:
    """What the file states merged into what the portal holds; raise InvalidInputs if the two contradict each other."""
    base = read_plain_rows(project.loaded) if project and project.loaded else None
    merge = merge_facts(base, current, stated)
    rows = completed(merge.rows)
    problems = merged_problems(rows)
    if problems:
        raise InvalidInputs(problems)
    return Merge(rows, merge.differences)


def _check_rows(code: str, before: Rows, after: Rows) -> None:
    """Raise InvalidInputs for a role or a target that cannot become what it would."""
    for key, row in before.get("organisations", {}).items():
        check_association(code, key, row, after["organisations"].get(key, row), f"organisations.{key}.role")
    check_targets(code, before, after)


def _made(session: Session, code: str) -> Project:
    project = Project(code=code)
    session.add(project)
    return project


def _keep_agreed(session: Session, project: Project, before: Rows, after: Rows, now: datetime) -> None:
    if any(change.is_contractual for change in changes_between(before, after)):
        reason = Reason(FROM_FILE, now.astimezone(ZoneInfo(project.time_zone)).date())
        keep_version(session, project, before=before, after=after, reason=reason, now=now)
