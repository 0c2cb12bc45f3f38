"""Changing a project's structure on its pages: rows are changed, checked as a file's are, stored with their trail."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.queries import list_members
from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound, Problem
from portal.projects.measuring import check_measure
from portal.projects.models import Project
from portal.projects.queries.figures import list_figures
from portal.projects.queries.structure import rows_of_project
from portal.projects.rules.contract import Reason, changes_between, check_reason
from portal.projects.rules.merging import Rows
from portal.projects.rules.plain_rows import flat_rows
from portal.projects.rules.sections import read_section
from portal.projects.rules.structure import StatedRow, completed
from portal.projects.rules.structure_rows import changed_rows, check_rows, obstacles, without_row
from portal.projects.rules.vocabulary import ASSOCIATED
from portal.projects.services.rows import SAME, Renaming, store_rows
from portal.projects.services.versions import keep_version

# Why a row of a project (its code, the table, the row's key) cannot be taken out, for what rooms above this one keep;
# of the table ASSOCIATED: why an organisation cannot become an associated partner.
Holder = Callable[[str, str, str], list[Problem]]

_holders: list[Holder] = []


class Edit(NamedTuple):
    """The version of the project that the page showed, and why what is agreed changes, where it does."""

    version: int
    reason: Reason = Reason()


class _Changed(NamedTuple):
    """The rows after a change, the row it is about (table, key), and what gets another number."""

    rows: Rows
    about: tuple[str, str] = ("", "")
    renaming: Renaming = SAME


def register_holder(holder: Holder) -> None:
    """Let a feature say what of its own holds a row of the structure; it is asked before the row is taken out."""
    if holder not in _holders:
        _holders.append(holder)


def save_section(code: str, section: str, stated: Mapping[str, Any], *, edit: Edit, now: datetime) -> None:
    """Store a section of the project's own facts, stated in a project file's words.

    Raise InvalidInputs for what cannot be stored, and for a contractual change of a running project without a reason;
    Conflict if the project has changed since `edit.version` or is closed.
    """

    def change(rows: Rows) -> _Changed:
        after = completed(rows)
        after["project"][""] |= read_section(section, stated, rows)
        return _Changed(after)

    _change(code, change, edit=edit, now=now)


def save_row(code: str, name: str, stated: Mapping[str, Any], *, edit: Edit, now: datetime, key: str = "") -> str:
    """Store a row of the table `name`, stated in a project file's words, and return its key; `key` '' makes a new one.

    Raise as `save_section` does, and NotFound if there is no row with this key any more.
    """
    found = StatedRow("", {})

    def change(rows: Rows) -> _Changed:
        nonlocal found
        found, after = changed_rows(rows, name, stated, key=key)
        if name == "organisations" and key:
            check_association(code, key, rows[name][key], after[name][found.key])
        return _Changed(after, (name, found.key), Renaming(name, key, found.key) if key else SAME)

    _change(code, change, edit=edit, now=now)
    return found.key


def remove_row(code: str, name: str, key: str, *, edit: Edit, now: datetime) -> None:
    """Take a row out of the project.

    Raise Conflict with all that still refers to it, or as `save_section` does; NotFound if it is gone already.
    """

    def change(rows: Rows) -> _Changed:
        if key not in rows[name]:
            raise NotFound("row-gone")
        found = [*obstacles(rows, name, key), *_held(code, name, key)]
        if found:
            raise _in_the_way(found)
        return _Changed(without_row(rows, name, key))

    try:
        _change(code, change, edit=edit, now=now)
    except IntegrityError as error:
        # What belongs to rooms above this one is known to the database only.
        raise Conflict(_use_of(name)) from error


def check_association(
    code: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any], where: str = "role"
) -> None:
    """Raise InvalidInputs at the field if the organisation would become an associated partner and has a budget."""
    if after["role"] == ASSOCIATED and before["role"] != ASSOCIATED:
        problems = [problem._replace(where=where) for holder in _holders for problem in holder(code, ASSOCIATED, key)]
        if problems:
            raise InvalidInputs(problems)


def lock_structure(session: Session, code: str, version: int) -> Project:
    """The project, held against other writers; raise NotFound, or Conflict if it is closed or changed."""
    project = session.get(Project, code, with_for_update=True)
    if project is None:
        raise NotFound("project-unknown", code=code)
    if project.status == "closed":
        raise Conflict("project-closed")
    if project.version != version:
        raise Conflict("project-stale")
    return project


def _change(code: str, change: Callable[[Rows], _Changed], *, edit: Edit, now: datetime) -> None:
    with transaction() as session:
        project = lock_structure(session, code, edit.version)
        before = rows_of_project(project)
        changed = change(before)
        check_rows(changed.rows, *changed.about)
        table, key = changed.about
        if table == "indicators":
            check_measure(code, before, changed.rows, key)
        if changed.rows == before:
            return
        facts = keep_contractual(session, project, before, changed.rows, edit, now)
        store_rows(session, project, changed.rows, changed.renaming)
        project.version += 1
        subject = Subject("project", 0, code, code)
        after = {**flat_rows(changed.rows), **facts}
        record(session, "project_changed", subject, now=now, before=flat_rows(before), after=after)


def keep_contractual(
    session: Session, project: Project, before: Rows, after: Rows, edit: Edit, now: datetime
) -> dict[str, str | date | int | None]:
    """Keep a version where what is agreed changes while the project runs; return what the audit says of it."""
    contractual = any(change.is_contractual for change in changes_between(before, after))
    if project.status != "running" or not contractual:
        return {}
    check_reason(edit.reason)
    number = keep_version(session, project, before=before, after=after, reason=edit.reason, now=now)
    return {"version": number, "reason": edit.reason.text, "valid_from": edit.reason.valid_from}


def _held(code: str, name: str, key: str) -> list[Problem]:
    """Why the row cannot be taken out: what is kept of it beside the structure."""
    found = []
    if name == "organisations" and any(member.organisation == key for member in list_members(code)):
        found.append(Problem("organisation-with-members"))
    entered = [each for each, _ in list_figures(code)].count(key) if name == "indicators" else 0
    if entered:
        found.append(Problem("indicator-with-figures", "", {"number": entered}))
    return [*found, *(problem for holder in _holders for problem in holder(code, name, key))]


def _use_of(name: str) -> str:
    """The code of what keeps a row of the table from being removed, where only the database knows of it."""
    if name == "organisations":
        return "organisation-with-events"
    return "indicator-with-exclusions" if name == "indicators" else "activity-with-events"


def _in_the_way(problems: list[Problem]) -> Conflict:
    refusal = Conflict(problems[0].code)
    refusal.problems = tuple(problems)
    return refusal
