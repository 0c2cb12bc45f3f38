"""What the answers say, and asking the worker to analyse them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import allows, requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.projects.queries import get_project
from portal.surveys.forms.analysing import AnalyseForm
from portal.surveys.naming import Names
from portal.surveys.queries.analyses import analysis_job
from portal.surveys.queries.standing import find_standing, is_due
from portal.surveys.queries.studies import find_published, get_study, published_documents
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.services.analysing import request_analysis
from portal.surveys.showing.results import result_sections

bp = Blueprint("survey_results", __name__, url_prefix="/projects/<code>/surveys/<key>/results")


@bp.route("")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str) -> ResponseReturnValue:
    """Show the results as they were analysed last, and whether the answers are still the same."""
    return _page(code, key, AnalyseForm())


@bp.route("/analyse", methods=["POST"])
@requires(Permission.EDIT_STUDIES)
def analyse(code: str, key: str) -> ResponseReturnValue:
    """Ask the worker to analyse the answers as they are now."""
    get_study(code, key)
    form = AnalyseForm()
    if form.accepted(lambda: request_analysis(code, key, now=clock.now(), despite_few=bool(form.despite_few.data))):
        flash(_("The answers are being analysed. Look at this page again in a minute."))
        return redirect(url_for(".show", code=code, key=key))
    return _page(code, key, form)


def _page(code: str, key: str, form: AnalyseForm) -> ResponseReturnValue:
    study, project = get_study(code, key), get_project(code)
    today = clock.today(project.time_zone)
    (kept, standing), work = find_standing(study, today), analysis_job(study.id)
    page = render_template(
        "surveys/results_show.html",
        project=project,
        study=study,
        published=find_published(study),
        kept=kept,
        standing=standing,
        sections=result_sections(kept.result, Names(published_documents(study))) if kept else [],
        work=work,
        may_analyse=allows(Permission.EDIT_STUDIES) and (project.status != "closed" or is_due(study, today)),
        is_working=work is not None and work.state in ("waiting", "running"),
        fewest=MIN_RESPONDENTS,
        form=form,
    )
    return page, form.answer_status
