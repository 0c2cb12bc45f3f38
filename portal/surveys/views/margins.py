"""The known shares of the population that answers are weighted to."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Problem
from portal.projects.queries import get_project
from portal.surveys.forms.margins import margin_values, margins_form
from portal.surveys.naming import Names
from portal.surveys.queries.margins import asked_groups, asked_instrument, known_margins, misfitting_groups
from portal.surveys.queries.studies import StudyRow, get_study, published_documents
from portal.surveys.services.margins import set_margins

bp = Blueprint("survey_margins", __name__, url_prefix="/projects/<code>/surveys/<key>/margins")

STALE = Problem("margins-stale")


@bp.route("")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str) -> ResponseReturnValue:
    """Show the known shares, where they come from, and those that fit no more."""
    study = get_study(code, key)
    return render_template(
        "surveys/margins_show.html",
        project=get_project(code),
        study=study,
        groups=asked_groups(study),
        margins=known_margins(study),
        misfits=misfitting_groups(study),
        names=_names(study),
    )


@bp.route("/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def edit(code: str, key: str) -> ResponseReturnValue:
    """Show the form of the known shares, or store them; a stale form keeps what was typed."""
    study = get_study(code, key)
    groups = asked_groups(study)
    form = margins_form(groups, _names(study), margin_values(groups, known_margins(study), study.version))
    study_id, version = study.id, form.version.data or 0
    if form.accepted(lambda: form.store(lambda found: set_margins(study_id, found, version=version, now=clock.now()))):
        flash(_("Saved. Analyse the answers again: the results say whether they could be weighted so."))
        return redirect(url_for(".show", code=code, key=key))
    study = get_study(code, key)
    page = render_template(
        "surveys/margins_edit.html",
        project=get_project(code),
        study=study,
        names=_names(study),
        form=form,
        stale=form.stale_over(margin_values(groups, known_margins(study), study.version), STALE),
    )
    return page, form.answer_status


def _names(study: StudyRow) -> Names:
    return Names(published_documents(study) or [asked_instrument(study)])
