"""The project's surveys, ways to begin one, and one survey with what comes next."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.web.language import current_language
from portal.core.web.one_record import one_record
from portal.core.web.uploads import takes_files
from portal.projects.queries import get_project
from portal.surveys.forms.studies import EmptyForm, FileForm, StarterForm
from portal.surveys.forms.waves import DecideForm
from portal.surveys.labels import NEXT_STEPS, WAVE_STATES
from portal.surveys.queries.overviews import get_overview, list_overviews
from portal.surveys.queries.starter import get_starter
from portal.surveys.queries.studies import get_study, list_studies
from portal.surveys.rules.next_steps import may_take
from portal.surveys.rules.translating import completeness
from portal.surveys.services.studies import create_study

bp = Blueprint("surveys", __name__, url_prefix="/projects/<code>/surveys")


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List the project's surveys, each with what comes next."""
    project = get_project(code)
    today = clock.today(project.time_zone)
    return render_template(
        "surveys/index.html",
        project=project,
        studies=list_overviews(list_studies(code), today),
        may_take=may_take,
        steps=NEXT_STEPS,
        states=WAVE_STATES,
    )


@bp.route("/begin/starter", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
@one_record
def begin_starter(code: str) -> ResponseReturnValue:
    """Show what the starter questionnaire asks, or begin a survey with it."""
    starter, form = get_starter(), StarterForm(data={"key": "attitudes"})
    if form.accepted(
        lambda: create_study(code, form.key.data or "", starter.instrument, starter.waves, now=clock.now())
    ):
        return _begun(code, form.key.data or "")
    return render_template(
        "surveys/begin_starter.html", project=get_project(code), form=form, instrument=starter.instrument
    ), form.answer_status


@bp.route("/begin/empty", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
@one_record
def begin_empty(code: str) -> ResponseReturnValue:
    """Ask for title, key and languages of a survey, or begin it with nothing in it."""
    form = EmptyForm(data={"first": current_language(), "languages": ["en", "lt", "pl"]})
    if form.accepted(lambda: create_study(code, form.key.data or "", form.instrument(), (), now=clock.now())):
        return _begun(code, form.key.data or "")
    return render_template("surveys/begin_empty.html", project=get_project(code), form=form), form.answer_status


@bp.route("/begin/file", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
@one_record
@takes_files
def begin_file(code: str) -> ResponseReturnValue:
    """Ask for the file of a questionnaire, or begin a survey with what it states."""
    form = FileForm()

    def begin() -> str:
        study = form.study(code)
        create_study(code, study.key, study.instrument, study.waves, margins=study.margins, now=clock.now())
        return study.key

    if form.accepted(begin):
        return _begun(code, str(form.result))
    return render_template("surveys/begin_file.html", project=get_project(code), form=form), form.answer_status


@bp.route("/<key>")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str) -> ResponseReturnValue:
    """Show one survey: its versions, its waves, and what comes next."""
    project = get_project(code)
    overview = get_overview(get_study(code, key), clock.today(project.time_zone))
    return render_template(
        "surveys/show.html",
        project=project,
        overview=overview,
        completeness=completeness(overview.draft.instrument) if overview.draft else (),
        form=DecideForm(),
        may_take=may_take,
        steps=NEXT_STEPS,
        states=WAVE_STATES,
    )


def _begun(code: str, key: str) -> ResponseReturnValue:
    flash(_("The survey has begun as a draft: nobody is asked anything before it is published."))
    return redirect(url_for(".show", code=code, key=key))
