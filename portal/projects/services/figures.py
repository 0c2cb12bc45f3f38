"""Entering figures by hand, mending them and taking them away again, each with its evidence and its trail."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.audit.services import Subject, current_actor, record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound
from portal.core.files.rules import HASH_SHOWN
from portal.core.files.services import KeptUpload, add_rows, remove_rows
from portal.projects.models import Indicator, ManualFigure, Project
from portal.projects.queries.figures import get_figure, get_indicator
from portal.projects.rules.closing import check_open
from portal.projects.rules.figures import FigureDraft, check_figure, check_manual


def add_figure(code: str, key: str, draft: FigureDraft, *, file: KeptUpload | None, now: datetime) -> int:
    """Store the figure of the project's indicator `key` with the kept file that proves it, and return its id.

    Raise InvalidInputs for what cannot be stored, Conflict if the project is closed, the indicator is not entered by
    hand or the file is no longer in the store, NotFound.
    """
    with transaction() as session:
        project = _open_project(session, code)
        indicator = _manual_indicator(project, key)
        _check(draft, project, now)
        row = ManualFigure(indicator=indicator, actor=current_actor().label, entered_at=now, **draft._asdict())
        _attach(session, row, file, now)
        session.add(row)
        session.flush()
        record(session, "figure_added", _subject(row, indicator), now=now, after=_columns(row))
        return row.id


def change_figure(
    place: tuple[str, str, int], draft: FigureDraft, *, file: KeptUpload | None, version: int, now: datetime
) -> None:
    """Store what is now stated of the figure at `place` (project, indicator, id); a `file` replaces the one it had.

    Raise as `add_figure` does, and Conflict if someone has changed the figure since `version`.
    """
    with transaction() as session:
        project = _open_project(session, place[0])
        row = _figure(place, version)
        indicator = _manual_indicator(project, place[1])
        _check(draft, project, now)
        before, stored, replaced = _columns(row), _state(row), row.sha256
        row.day, row.number, row.reason = draft
        _attach(session, row, file, now)
        if _state(row) == stored:
            return
        row.version += 1
        record(session, "figure_changed", _subject(row, indicator), now=now, before=before, after=_columns(row))
        if replaced and replaced != row.sha256:
            remove_rows(session, [replaced])


def remove_figure(place: tuple[str, str, int], *, version: int, now: datetime) -> None:
    """Take away the figure at `place` (project, indicator, id), also one that no longer counts, and its file.

    Raise Conflict if the project is closed or someone has changed the figure since `version`, NotFound.
    """
    with transaction() as session:
        _open_project(session, place[0])
        row = _figure(place, version)
        record(session, "figure_removed", _subject(row, row.indicator), now=now, before=_columns(row))
        sha256 = row.sha256
        session.delete(row)
        if sha256:
            remove_rows(session, [sha256])


def _open_project(session: Session, code: str) -> Project:
    """The project, held so that its days and indicators stay as they are; raise NotFound, Conflict if closed."""
    project = session.get(Project, code, with_for_update=True)
    if project is None:
        raise NotFound("project-unknown", code=code)
    check_open(project.status)
    return project


def _manual_indicator(project: Project, key: str) -> Indicator:
    indicator = get_indicator(project.code, key)
    check_manual(indicator.measure)
    return indicator


def _figure(place: tuple[str, str, int], version: int) -> ManualFigure:
    row = get_figure(*place)
    if row.version != version:
        raise Conflict("figure-stale")
    return row


def _check(draft: FigureDraft, project: Project, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    check_figure(draft, days=(project.first_day, project.last_day), today=today)


def _attach(session: Session, row: ManualFigure, file: KeptUpload | None, now: datetime) -> None:
    if file is not None:
        add_rows(session, [file], now=now)
        row.sha256, row.filename = file.original.sha256, file.name


def _subject(row: ManualFigure, indicator: Indicator) -> Subject:
    return Subject("figure", row.id, indicator.key, indicator.project_code)


def _state(row: ManualFigure) -> tuple[date, int, str, str | None, str]:
    return row.day, row.number, row.reason, row.sha256, row.filename


def _columns(row: ManualFigure) -> dict[str, Any]:
    file = row.sha256[:HASH_SHOWN] if row.sha256 else None
    return {"day": row.day, "number": row.number, "reason": row.reason, "file": file}
