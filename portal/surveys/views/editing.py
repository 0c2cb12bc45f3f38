"""Editing a questionnaire: what it asks in its order, what it says of itself, and pairing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.projects.queries import get_project
from portal.surveys.forms.naming import spoken
from portal.surveys.forms.parts import FactsForm, PairingForm, facts_values, pairing_values
from portal.surveys.forms.removing import MovePartForm
from portal.surveys.labels import ITEM_KINDS, PAIRING_METHODS
from portal.surveys.queries.overviews import version_before
from portal.surveys.queries.studies import document_of, find_draft, get_study
from portal.surveys.rules.checking import check_instrument
from portal.surveys.rules.editing import in_sections
from portal.surveys.rules.instrument_files import tables_of
from portal.surveys.views.access import load_draft, save

bp = Blueprint("survey_editing", __name__, url_prefix="/projects/<code>/surveys/<key>/questionnaire")


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str, key: str) -> ResponseReturnValue:
    """Show all that is asked, each part with its way to change it where it is not published."""
    study = get_study(code, key)
    row = find_draft(study) or study.instruments[-1]
    instrument = document_of(row)
    return render_template(
        "surveys/editing_index.html",
        project=get_project(code),
        study=study,
        row=row,
        before=version_before(study, row),
        instrument=instrument,
        sections=in_sections(instrument),
        problems=spoken(check_instrument(instrument), tables_of(instrument)),
        form=MovePartForm(data={"version": row.version}),
        kinds=ITEM_KINDS,
        methods=PAIRING_METHODS,
    )


@bp.route("/facts", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def facts(code: str, key: str) -> ResponseReturnValue:
    """Show title, consent, note and languages, or store them; a stale form keeps what was typed."""
    edited = load_draft(code, key)
    form = FactsForm(data=facts_values(edited.instrument, edited.row.version))
    if form.accepted(lambda: save(edited, form)):
        flash(_("Saved."))
        return redirect(url_for(".index", code=code, key=key))
    edited = load_draft(code, key)
    stale = form.stale(facts_values(edited.instrument, edited.row.version))
    return render_template(
        "surveys/editing_facts.html", project=edited.project, study=edited.study, form=form, stale=stale
    ), form.answer_status


@bp.route("/pairing", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def pairing(code: str, key: str) -> ResponseReturnValue:
    """Show how answers of the same person are found, or store it; a stale form keeps what was typed."""
    edited = load_draft(code, key)
    form = PairingForm(data=pairing_values(edited.instrument, edited.row.version))
    if form.accepted(lambda: save(edited, form)):
        flash(_("Saved."))
        return redirect(url_for(".index", code=code, key=key, _anchor="pairing"))
    edited = load_draft(code, key)
    stale = form.stale(pairing_values(edited.instrument, edited.row.version))
    return render_template(
        "surveys/editing_pairing.html", project=edited.project, study=edited.study, form=form, stale=stale
    ), form.answer_status
