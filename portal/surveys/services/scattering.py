"""Taking out of the database's files what would tell in which order answers came, or which code went with which."""

from datetime import datetime
from typing import Final

from flask import current_app

from portal.core.db import scatter_rows
from portal.jobs.registry import register_chore
from portal.surveys.models import Response, Sitting, Token

CHORE: Final = "scatter_survey_rows"


def scatter_daily(now: datetime) -> None:
    """Do it once a day in each process: it may be asked every minute. Whoever sends answers waits meanwhile."""
    if current_app.extensions.get(CHORE) == now.date():
        return
    cleared = (Token.__tablename__, Sitting.__tablename__)
    scatter_rows(cleared, {Response.__tablename__: "pk_survey_responses"})
    current_app.extensions[CHORE] = now.date()


def register() -> None:
    """Let the worker do it."""
    register_chore(CHORE, scatter_daily)
