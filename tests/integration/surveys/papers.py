"""Paper forms and notes of fieldwork, through the services. Each function needs an app context and a survey."""

from datetime import date

from portal.audit.services import Actor, acting_as
from portal.core.db import db
from portal.surveys.models import Wave
from portal.surveys.queries.paper import hash_asked
from portal.surveys.rules.fieldwork import NoteDraft
from portal.surveys.rules.paper import PaperDraft
from portal.surveys.services.fieldwork import note_fieldwork
from portal.surveys.services.paper import type_sheet
from tests.conftest import NOW
from tests.integration.surveys.studies import wave_of


def make_differing_sheet(study_id: int, number: int = 1) -> None:
    """The paper form with this number of the baseline, typed in by two people as 1 and as 2."""
    for person, step in enumerate(("1", "2"), start=901):
        type_once(study_id, number, step, person)


def type_once(study_id: int, number: int, step: str, person: int = 901, **texts: str) -> None:
    """Type in the paper form with this number of the baseline, on which only this step of q1 and these texts stand."""
    with acting_as(Actor(person, "Typist")):
        type_sheet(
            wave_of(study_id),
            number,
            "en",
            PaperDraft({"q1": [step], **{key: [text] for key, text in texts.items()}}, {}, {}),
            content_hash=hash_of(wave_of(study_id)),
            now=NOW,
        )


def hash_of(wave_id: int) -> str:
    """What tells the questionnaire of the wave from any other."""
    return hash_asked(db.session.get_one(Wave, wave_id))


def make_note(study_id: int, handed_out: int = 20, returned: int = 8) -> int:
    """A day in the field, of the baseline."""
    draft = NoteDraft(date(2026, 11, 10), "Library", "", handed_out, returned)
    return note_fieldwork(wave_of(study_id), draft, now=NOW)
