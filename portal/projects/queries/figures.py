"""Reading the figures that were entered by hand."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.files.models import StoredFile
from portal.projects.models import Indicator, ManualFigure
from portal.projects.rules.figures import why_not_counted


class FigureItem(NamedTuple):
    """A figure, and the code of why it does not count; '' where it does."""

    row: ManualFigure
    why_not: str


class FigureUse(NamedTuple):
    """Which figure a stored file proves."""

    project_code: str
    key: str
    day: date


def list_figures(code: str) -> list[tuple[str, ManualFigure]]:
    """The key of the indicator and the figure, for all of the project's figures, by day."""
    rows = (
        select(Indicator.key, ManualFigure)
        .join(Indicator, ManualFigure.indicator_id == Indicator.id)
        .where(Indicator.project_code == code)
        .order_by(ManualFigure.day, ManualFigure.id)
    )
    return [(key, figure) for key, figure in db.session.execute(rows)]


def get_figure(code: str, key: str, figure_id: int) -> ManualFigure:
    """The figure with this id of the project's indicator `key`; raise NotFound, also for another indicator's."""
    mine = select(ManualFigure).join(Indicator, ManualFigure.indicator_id == Indicator.id)
    found = db.session.scalar(
        mine.where(Indicator.project_code == code, Indicator.key == key, ManualFigure.id == figure_id)
    )
    if found is None:
        raise NotFound("figure-unknown")
    return found


def read_figure(figure: ManualFigure) -> FigureItem:
    """The figure with why it does not count, if so."""
    indicator = figure.indicator
    days = indicator.project.first_day, indicator.project.last_day
    return FigureItem(figure, why_not_counted(figure.day, measure=indicator.measure, days=days))


def list_figures_of(indicator: Indicator) -> list[FigureItem]:
    """All figures of the indicator, by day, also those that do not count."""
    mine = select(ManualFigure).where(ManualFigure.indicator_id == indicator.id)
    return [read_figure(row) for row in db.session.scalars(mine.order_by(ManualFigure.day, ManualFigure.id))]


def get_indicator(code: str, key: str) -> Indicator:
    """The project's indicator with this key; raise NotFound."""
    found = db.session.scalar(select(Indicator).where(Indicator.project_code == code, Indicator.key == key))
    if found is None:
        raise NotFound("unknown-indicator", key=key)
    return found


def get_figure_file(figure: ManualFigure) -> StoredFile:
    """What is stored of the file that proves the figure; raise NotFound where nothing does."""
    found = db.session.get(StoredFile, figure.sha256) if figure.sha256 else None
    if found is None:
        raise NotFound("figure-unknown")
    return found


def list_figure_uses(sha256: str) -> list[FigureUse]:
    """Which figures the stored file proves, by their ids."""
    rows = select(Indicator.project_code, Indicator.key, ManualFigure.day).join(
        ManualFigure, ManualFigure.indicator_id == Indicator.id
    )
    proven = rows.where(ManualFigure.sha256 == sha256).order_by(ManualFigure.id)
    return [FigureUse(*row) for row in db.session.execute(proven)]
