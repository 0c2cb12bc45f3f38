"""Keeping what was agreed: all of a project's rows after each contractual change, with its reason."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.services import current_actor
from portal.projects.models import Project, ProjectVersion
from portal.projects.rules.contract import Reason
from portal.projects.rules.merging import Rows
from portal.projects.rules.plain_rows import plain_rows
from portal.projects.rules.vocabulary import AS_AGREED, FROM_FILE

__all__ = ["AS_AGREED", "FROM_FILE", "keep_agreed", "keep_version"]


def keep_agreed(session: Session, project: Project, rows: Rows, *, now: datetime) -> None:
    """Keep the rows as the first version, what was agreed when the project began to run, if there is none yet."""
    if _last_number(session, project.code) == 0:
        agreed_on: date = project.agreement_signed or project.first_day
        _add(session, project.code, 1, rows, Reason(AS_AGREED, agreed_on), now)


def keep_version(
    session: Session, project: Project, *, before: Rows, after: Rows, reason: Reason, now: datetime
) -> int:
    """Keep the rows after a contractual change, and those before it where nothing was kept so far; return the number.

    The project is locked by the caller, so no two versions get the same number.
    """
    keep_agreed(session, project, before, now=now)
    number = _last_number(session, project.code) + 1
    _add(session, project.code, number, after, reason, now)
    return number


def _last_number(session: Session, code: str) -> int:
    return session.scalar(select(func.max(ProjectVersion.number)).where(ProjectVersion.project_code == code)) or 0


def _add(session: Session, code: str, number: int, rows: Rows, reason: Reason, now: datetime) -> None:
    session.add(
        ProjectVersion(
            project_code=code,
            number=number,
            valid_from=reason.valid_from,
            reason=reason.text,
            actor=current_actor().label,
            made_at=now,
            rows=plain_rows(rows),
        )
    )
    session.flush()
