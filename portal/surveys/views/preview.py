"""A questionnaire as people will see it, at the width of a phone."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core.web.language import current_language, speaking
from portal.core.web.paging import page_number
from portal.projects.queries import get_project
from portal.surveys.forms.answering import ScreenForm, questions
from portal.surveys.queries.answering import Sat
from portal.surveys.queries.studies import document_of, get_study
from portal.surveys.rules.showing import screens

bp = Blueprint("survey_preview", __name__, url_prefix="/projects/<code>/surveys/<key>/preview")

NOBODY = Sat("preview", {}, {}, [])


@bp.route("")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str) -> ResponseReturnValue:
    """Show a screen of the latest version, in the page's language where it speaks it; nothing answered here is kept."""
    study = get_study(code, key)
    row = study.instruments[-1]
    instrument = document_of(row)
    asked = request.args.get("language") or current_language()
    language = asked if asked in instrument.languages else instrument.languages[0]
    found = screens(instrument, NOBODY.seed)
    number = min(page_number("screen"), len(found) + 1)
    screen = found[number - 2] if number > 1 else None
    with speaking(language):
        shown = questions(screen, NOBODY, ScreenForm(), language) if screen else []
    return render_template(
        "surveys/preview_show.html",
        project=get_project(code),
        study=study,
        row=row,
        instrument=instrument,
        language=language,
        number=number,
        last=len(found) + 1,
        before=number - 1,
        after=number + 1 if number <= len(found) else 0,
        screen=screen,
        questions=shown,
    )
