"""The known shares of the population that a survey's answers are weighted to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.core.money import percent_text
from portal.surveys.models import Study
from portal.surveys.queries.margins import asked_groups
from portal.surveys.rules.margins import Margins, margin_problems, margins_from_content, margins_to_content
from portal.surveys.services.rows import hold_study, refuse, subject


def set_margins(study_id: int, margins: Margins, *, version: int, now: datetime) -> None:
    """Store the known shares in place of those there were; without any, nothing is weighted by shares.

    Raise InvalidInputs for shares that do not fit the groups that are asked, Conflict if someone has changed them since
    `version` or the project is closed, NotFound.
    """
    with transaction() as session:
        study = hold_study(session, study_id)
        if study.version != version:
            raise Conflict("margins-stale")
        store_margins(session, study, margins, now=now)


def store_margins(session: Session, study: Study, margins: Margins, *, now: datetime) -> bool:
    """Store the shares of a survey that is held; return whether they are others. Raise InvalidInputs as above."""
    refuse([*margin_problems(asked_groups(study), margins)])
    before, after = study.margins, margins_to_content(margins)
    if [*before.items()] == [*after.items()]:
        return False
    study.margins, study.updated_at = after, now
    study.version += 1
    record(
        session,
        "margins_changed",
        subject(study),
        now=now,
        before={"margins": _said(before)},
        after={"margins": _said(after)},
    )
    return True


def _said(content: Mapping[str, Any]) -> list[str]:
    """The shares as the audit shows them, each group with its source."""
    return [
        f"{group}: {', '.join(f'{level} {percent_text(share)} %' for level, share in margin.shares.items())}"
        f" ({margin.source})"
        for group, margin in margins_from_content(content).items()
    ]
