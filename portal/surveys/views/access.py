"""What the pages of a questionnaire share: loading its draft, and storing what a form makes of it."""

from typing import Any, NamedTuple

from flask import request

from portal.core import clock
from portal.projects.queries import get_project
from portal.surveys.forms.drafts import DraftForm
from portal.surveys.queries.overviews import VersionRow, get_draft
from portal.surveys.queries.studies import StudyRow, document_of, get_study
from portal.surveys.rules.checking import tidied
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.instrument_files import tables_of
from portal.surveys.services.versions import Notes, save_draft


class Edited(NamedTuple):
    """The draft that is being edited, with its survey and project."""

    project: Any
    study: StudyRow
    row: VersionRow
    instrument: Instrument


def load_draft(code: str, key: str) -> Edited:
    """The survey's draft as it is now; raise NotFound, Conflict where all versions are frozen.

    A form that is sent after that is shown again with what was typed: there it is storing that is refused.
    """
    study = get_study(code, key)
    row = study.instruments[-1] if request.method == "POST" else get_draft(study)
    return Edited(get_project(code), study, row, document_of(row))


def save(edited: Edited, form: DraftForm) -> None:
    """Store the draft with what the form says; raise as the form and `save_draft` do."""
    version, notes = form.version.data or 0, Notes(form.renames, form.confirmed)
    form.tables = tables_of(edited.instrument)
    changed = tidied(form.changed(edited.instrument))
    form.tables = tables_of(changed)
    save_draft(edited.study.id, changed, version=version, now=clock.now(), notes=notes)
