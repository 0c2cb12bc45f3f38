"""What everyone may read of a survey whose waves are over."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import public
from portal.core import clock
from portal.core.web.headers import same_for_all
from portal.projects.queries import get_published_project
from portal.reports.queries.public_surveys import get_public_survey
from portal.reports.rules.disclosure import THRESHOLD
from portal.reports.survey_words import column_words, row_words
from portal.surveys.naming import Names, quoted, show_share, wave_name

bp = Blueprint("public_surveys", __name__, url_prefix="/public/<code>/surveys")


@bp.route("/<key>")
@public
@same_for_all
def show(code: str, key: str) -> ResponseReturnValue:
    """Show how many people gave each answer, in each wave that is over, without numbers of a few."""
    project = get_published_project(code)
    waves = get_public_survey(code, key, clock.today(project.time_zone))
    return render_template(
        "reports/public_survey.html",
        project=project,
        waves=waves,
        # Waves may have asked different versions: each is told in the words of its own.
        names={wave.key: Names([wave.instrument]) for wave in waves},
        instrument=waves[-1].instrument,
        wave_name=wave_name,
        row_words=row_words,
        column_words=column_words,
        share=show_share,
        quoted=quoted,
        # One word for all that is withheld: to say which of it is small would leave too little open.
        withheld=_("Withheld"),
        threshold=THRESHOLD,
    )
