"""What was done in the field."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import allows, requires
from portal.accounts.rules import Permission
from portal.audit.services import current_actor
from portal.core import clock
from portal.core.errors import Problem
from portal.core.web.one_record import one_record
from portal.core.web.paging import cut_page
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.surveys.forms.fieldwork import NoteEditForm, NoteForm, NoteRemoveForm, note_values
from portal.surveys.queries.fieldwork import get_note, list_notes, sum_notes
from portal.surveys.queries.studies import get_study, get_wave
from portal.surveys.rules.fieldwork import check_author
from portal.surveys.services import fieldwork as services

bp = Blueprint("survey_fieldwork", __name__, url_prefix="/projects/<code>/surveys/<key>/waves/<wave>/fieldwork")

STALE = Problem("fieldwork-stale")


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Show the log of the wave, and how many forms went out and came back in all."""
    place = _place(code, key, wave)
    return render_template(
        "surveys/survey_fieldwork_index.html",
        **place,
        page=cut_page(list_notes(place["wave"])),
        sums=sum_notes(place["wave"]),
        changes_all=_changes_all(),
        me=current_actor().label,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
@one_record
def add(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Show the form of a note, or keep it."""
    place = _place(code, key, wave)
    form = NoteForm()
    wave_id = place["wave"].id
    if form.accepted(lambda: services.note_fieldwork(wave_id, form.draft(), now=clock.now())):
        flash(_("The note is in the log."))
        return redirect(url_for(".index", code=code, key=key, wave=wave))
    if not form.is_submitted():
        check_open(place["project"].status)
    page = render_template("surveys/survey_fieldwork_add.html", **_place(code, key, wave), form=form)
    return page, form.answer_status


@bp.route("/<int:note_id>/edit", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
def edit(code: str, key: str, wave: str, note_id: int) -> ResponseReturnValue:
    """Show the form of a note, or store it; a stale form keeps what was typed."""
    place = _place(code, key, wave)
    note, changes_all = get_note(place["wave"], note_id), _changes_all()
    form = NoteEditForm(data=note_values(note))
    version = form.version.data or 0
    if form.accepted(
        lambda: services.change_note(note_id, form.draft(), version=version, now=clock.now(), changes_all=changes_all)
    ):
        flash(_("Saved."))
        return redirect(url_for(".index", code=code, key=key, wave=wave))
    if not form.is_submitted():
        _check_changing(place["project"].status, note.actor)
    place = _place(code, key, wave)
    stale = form.stale_over(note_values(get_note(place["wave"], note_id)), STALE)
    page = render_template("surveys/survey_fieldwork_edit.html", **place, note_id=note_id, form=form, stale=stale)
    return page, form.answer_status


@bp.route("/<int:note_id>/remove", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
def remove(code: str, key: str, wave: str, note_id: int) -> ResponseReturnValue:
    """Say which note goes, or let it go."""
    place = _place(code, key, wave)
    note, changes_all = get_note(place["wave"], note_id), _changes_all()
    form = NoteRemoveForm(data={"version": note_values(note)["version"]})
    version = form.version.data or 0
    if form.accepted(lambda: services.remove_note(note_id, version=version, now=clock.now(), changes_all=changes_all)):
        flash(_("The note is removed."))
        return redirect(url_for(".index", code=code, key=key, wave=wave))
    if not form.is_submitted():
        _check_changing(place["project"].status, note.actor)
    place = _place(code, key, wave)
    note = get_note(place["wave"], note_id)
    form.is_late(note_values(note)["version"], STALE)
    page = render_template("surveys/survey_fieldwork_remove.html", **place, note=note, form=form)
    return page, form.answer_status


def _changes_all() -> bool:
    """Whether the person may change also what others noted."""
    return allows(Permission.EDIT_STUDIES)


def _check_changing(project_status: str, author: str) -> None:
    """Raise Conflict where the project is closed, NotAllowed for somebody else's note."""
    check_open(project_status)
    check_author(author, current_actor().label, changes_all=_changes_all())


def _place(code: str, key: str, wave: str) -> dict[str, Any]:
    study = get_study(code, key)
    return {"project": get_project(code), "study": study, "wave": get_wave(study, wave)}
