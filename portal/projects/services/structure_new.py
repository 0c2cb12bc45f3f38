"""Making projects on pages: from nothing, or with another one's structure. Who makes one becomes its manager."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.rules import Role
from portal.accounts.services.memberships import RoleDraft, hold
from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import InvalidInput, InvalidInputs, NotFound
from portal.projects.models import Project
from portal.projects.queries.structure import rows_of_project
from portal.projects.rules.copying import copied_rows
from portal.projects.rules.merging import Rows
from portal.projects.rules.plain_rows import flat_rows
from portal.projects.rules.project_file import read_project_file, rows_of
from portal.projects.rules.structure import at_fields, completed
from portal.projects.services.rows import store_rows


class _Making(NamedTuple):
    """Who makes a project, when, and what the audit calls it."""

    user_id: int
    now: datetime
    action: str = "project_created"


def create_project(stated: Mapping[str, Any], *, user_id: int, now: datetime) -> str:
    """Make a project in preparation from what a project file with one organisation states; return its code.

    Raise InvalidInputs with everything that is wrong; the organisation's fields begin with "lead_".
    """
    rows = completed(rows_of(_read(stated)))
    with transaction() as session:
        return _store(session, rows, _Making(user_id, now))


def copy_project(source: str, stated: Mapping[str, Any], *, keep_budgets: bool, user_id: int, now: datetime) -> str:
    """Make a project in preparation with the structure of another one; return its code.

    `stated` is the new project's own table in a project file's words: code, title, start, last_day. Events, people,
    reporting periods and the texts about the project stay behind. Raise InvalidInputs with everything that is wrong.
    """
    with transaction() as session:
        project = session.get(Project, source)
        if project is None:
            raise NotFound("project-unknown", code=source)
        rows = rows_of_project(project)
        kept = {name: rows["project"][""][name] for name in ("programme", "fund", "currency", "time_zone")}
        facts = _read({"project": {**kept, "cofinancing_rate": "0", **stated}})
        copied = copied_rows(rows, facts.project, keep_budgets=keep_budgets)
        return _store(session, copied, _Making(user_id, now, "project_copied"))


def _read(stated: Mapping[str, Any]) -> Any:
    try:
        return read_project_file(stated)
    except InvalidInputs as error:
        key = next((str(row.get("key")) for row in stated.get("organisations", ())), "")
        prefixes = {"project.": "", f"organisations.{key}.": "lead_", "organisations.#1.": "lead_"}
        raise InvalidInputs(at_fields(list(error.problems), prefixes)) from error


def _store(session: Session, rows: Rows, making: _Making) -> str:
    code = str(rows["project"][""]["code"])
    taken = InvalidInput("project-code-taken", where="code", code=code)
    if session.get(Project, code) is not None:
        raise taken
    project = Project(code=code, status="preparation")
    session.add(project)
    try:
        store_rows(session, project, rows)
    except IntegrityError as error:
        # Someone else has made it at this moment.
        raise taken from error
    subject = Subject("project", 0, code, code)
    record(session, making.action, subject, now=making.now, before={}, after=flat_rows(rows))
    hold(session, making.user_id, RoleDraft(code, Role.MANAGER), now=making.now)
    return code
