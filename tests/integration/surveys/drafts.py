"""Surveys that services make and change, and what the audit says of them. Each function needs an app context."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import PortalError
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Study
from portal.surveys.queries.studies import find_draft, get_study
from portal.surveys.rules.documents import Instrument, Item
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.services.studies import (
    create_study,
    publish,
)
from tests.conftest import NOW
from tests.integration.surveys.studies import INSTRUMENT
from tests.make import PROJECT

BASELINE = WaveDraft("baseline", date(2026, 11, 1), date(2026, 12, 31))
ENDLINE = WaveDraft("endline", date(2027, 11, 1), date(2027, 12, 31))
EMPTY = Instrument(("en", "lt"), {"en": "Trust", "lt": "Pasitikėjimas"}, {"en": "I agree."})


def make(instrument: Instrument = INSTRUMENT, *waves: WaveDraft, key: str = "trust", code: str = PROJECT) -> int:
    return create_study(code, key, instrument, waves or (BASELINE, ENDLINE), now=NOW)


def study() -> Study:
    db.session.rollback()
    return get_study(PROJECT, "trust")


def draft() -> InstrumentRow:
    row = find_draft(study())
    assert row is not None
    return row


def publish_now(study_id: int) -> str:
    return publish(study_id, version=draft().version, now=NOW)


def refusal(error: pytest.ExceptionInfo[PortalError]) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in error.value.problems]


def entries(action: str) -> list[dict]:
    found = select(AuditEntry.changes).where(AuditEntry.action == action, AuditEntry.subject_kind == "study")
    return list(db.session.scalars(found.order_by(AuditEntry.id)))


def with_more(*items: Item) -> Instrument:
    return INSTRUMENT._replace(items=(*INSTRUMENT.items, *items))
