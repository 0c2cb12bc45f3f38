"""The versions of a questionnaire: publishing one, beginning the next, what measures the same in both, and files."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.web.attachments import attachment
from portal.projects.queries import get_project
from portal.surveys.forms.drafts import STALE, DraftForm
from portal.surveys.forms.naming import place_names, spoken
from portal.surveys.forms.studies import mapping_form, mapping_values
from portal.surveys.queries.overviews import get_draft, get_overview, get_version, study_file, version_before
from portal.surveys.queries.studies import document_of, find_published, get_study
from portal.surveys.rules.changes import changes
from portal.surveys.rules.checking import check_instrument, publish_problems
from portal.surveys.rules.documents import content_hash
from portal.surveys.rules.instrument_files import tables_of, write_study_file
from portal.surveys.rules.outdated import places_to_check
from portal.surveys.rules.translating import completeness
from portal.surveys.rules.versions import version_problems
from portal.surveys.services import studies as services
from portal.surveys.views.access import load_draft

bp = Blueprint("survey_versions", __name__, url_prefix="/projects/<code>/surveys/<key>/versions")


@bp.route("/publish", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def publish(code: str, key: str) -> ResponseReturnValue:
    """Say what is missing, or what publishing does and with which hash; or publish."""
    edited = load_draft(code, key)
    form = DraftForm(data={"version": edited.row.version})
    version = form.version.data or 0
    # Whoever presses twice is led to where the first press led, as the draft of that form is frozen by then.
    if form.accepted(lambda: services.publish(edited.study.id, version=version, now=clock.now())):
        flash(_("The questionnaire is published, with the fingerprint %(hash)s.", hash=str(form.result)[:12]))
        return redirect(url_for("surveys.show", code=code, key=key))
    edited = load_draft(code, key)
    get_draft(edited.study)
    form.is_late(edited.row.version, STALE)
    before = version_before(edited.study, edited.row)
    against = version_problems(document_of(before), edited.instrument, edited.row.mapping) if before else []
    return render_template(
        "surveys/versions_publish.html",
        project=edited.project,
        overview=get_overview(edited.study, clock.today(edited.project.time_zone)),
        completeness=completeness(edited.instrument),
        problems=spoken([*check_instrument(edited.instrument), *against], tables_of(edited.instrument)),
        changes=changes(document_of(before), edited.instrument, edited.row.mapping) if before else None,
        to_check=places_to_check(edited.instrument, edited.row.outdated),
        names=place_names(edited.instrument),
        is_ready=not (publish_problems(edited.instrument) or against),
        content_hash=content_hash(edited.instrument),
        form=form,
    ), form.answer_status


@bp.route("/begin", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def begin(code: str, key: str) -> ResponseReturnValue:
    """Say what a new version is, or begin one with everything that the published one asks."""
    study, form = get_study(code, key), DraftForm()
    if form.accepted(lambda: services.begin_version(study.id, {}, now=clock.now())):
        flash(_("A new version has begun as a draft."))
        return redirect(url_for("survey_editing.index", code=code, key=key))
    study = get_study(code, key)
    return render_template(
        "surveys/versions_begin.html",
        project=get_project(code),
        study=study,
        published=find_published(study),
        form=form,
    ), form.answer_status


@bp.route("/mapping", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def mapping(code: str, key: str) -> ResponseReturnValue:
    """Show which question measures what one of the version before did, or store it."""
    edited = load_draft(code, key)
    before = version_before(edited.study, edited.row)
    items = document_of(before).items if before else ()
    form = mapping_form(items, edited.instrument, mapping_values(items, edited.row.mapping, edited.row.version))
    version = form.version.data or 0
    if form.accepted(lambda: services.map_items(edited.study.id, form.mapping, version=version, now=clock.now())):
        flash(_("What measures the same is stored."))
        return redirect(url_for("survey_editing.index", code=code, key=key))
    edited = load_draft(code, key)
    stale = form.stale(mapping_values(items, edited.row.mapping, edited.row.version))
    return render_template(
        "surveys/versions_mapping.html",
        project=edited.project,
        study=edited.study,
        items=items,
        form=form,
        stale=stale,
    ), form.answer_status


@bp.route("/discard", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def discard(code: str, key: str) -> ResponseReturnValue:
    """Say what goes with the draft, or discard it."""
    form = DraftForm()
    version = form.version.data or 0
    # Before the survey is looked up, which may have gone with its draft at the first of two presses.
    if form.accepted(lambda: services.remove_draft(get_study(code, key).id, version=version, now=clock.now())):
        flash(_("The draft is discarded."))
        return redirect(
            url_for("surveys.index", code=code) if form.result else url_for("surveys.show", code=code, key=key)
        )
    edited = load_draft(code, key)
    get_draft(edited.study)
    if not form.is_submitted():
        form.version.data = edited.row.version
    form.is_late(edited.row.version, STALE)
    return render_template(
        "surveys/versions_discard.html",
        project=edited.project,
        study=edited.study,
        published=find_published(edited.study),
        form=form,
    ), form.answer_status


@bp.route("/<int:number>/file")
@requires(Permission.READ_PROJECT)
def file(code: str, key: str, number: int) -> ResponseReturnValue:
    """Hand out a version as the file that `portal survey load` reads."""
    study = get_study(code, key)
    text = write_study_file(study_file(study, get_version(study, number)))
    return attachment(text.encode(), name=f"{key}-{number}.toml", media_type="application/toml")
