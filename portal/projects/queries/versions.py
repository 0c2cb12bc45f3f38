"""Reading what was agreed, and what changed from one version to the next."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import ProjectVersion
from portal.projects.rules.contract import Change, changes_between
from portal.projects.rules.merging import Rows
from portal.projects.rules.plain_rows import read_plain_rows


class VersionPage(NamedTuple):
    """A version, its rows and those of the version before (None: it is the first), and what changed."""

    version: ProjectVersion
    rows: Rows
    earlier: Rows | None
    changes: list[Change]


def list_versions(code: str) -> list[ProjectVersion]:
    """The project's versions, the latest first, without their rows."""
    mine = select(ProjectVersion).where(ProjectVersion.project_code == code).options(defer(ProjectVersion.rows))
    return list(db.session.scalars(mine.order_by(ProjectVersion.number.desc())))


def get_version(code: str, number: int) -> VersionPage:
    """One version beside the one before; raise NotFound."""
    near = ProjectVersion.project_code == code, ProjectVersion.number.in_([number - 1, number])
    found = {each.number: each for each in db.session.scalars(select(ProjectVersion).where(*near))}
    if number not in found:
        raise NotFound("version-unknown", number=number)
    rows = read_plain_rows(found[number].rows)
    earlier = read_plain_rows(found[number - 1].rows) if number - 1 in found else None
    return VersionPage(found[number], rows, earlier, [] if earlier is None else changes_between(earlier, rows))
