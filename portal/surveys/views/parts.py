"""Sections, scales and groups of a questionnaire; and moving any of its parts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core.errors import NotFound
from portal.core.web.one_record import one_record
from portal.projects.queries import get_project
from portal.surveys.forms.parts import PART_FORMS, PartForm, new_part_values, part_values
from portal.surveys.forms.removing import MovePartForm, RemovePartForm
from portal.surveys.labels import PART_ACTS
from portal.surveys.queries.studies import get_study
from portal.surveys.rules.editing import PARTS, consequences, find_part
from portal.surveys.views.access import Edited, load_draft, save

bp = Blueprint("survey_parts", __name__, url_prefix="/projects/<code>/surveys/<key>/questionnaire")


@bp.route("/move", methods=["POST"])
@requires(Permission.EDIT_STUDIES)
def move(code: str, key: str) -> ResponseReturnValue:
    """Move a part of the questionnaire one place up or down: the arrow that was pressed says which and where."""
    edited = load_draft(code, key)
    name, _colon, rest = request.form.get("move", "").partition(":")
    part_key, _colon, way = rest.partition(":")
    if name not in PARTS or way not in ("up", "down"):
        raise NotFound("part-gone")
    form = MovePartForm().of(name, part_key)
    form.is_up = way == "up"
    if form.accepted(lambda: save(edited, form)):
        return redirect(url_for("survey_editing.index", code=code, key=key, _anchor=f"{name}-{part_key}"))
    return render_template(
        "surveys/parts_move.html", project=get_project(code), study=get_study(code, key), form=form
    ), form.answer_status


@bp.route("/<part>/new", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
@one_record
def add(code: str, key: str, part: str) -> ResponseReturnValue:
    """Show an empty form of a section, a scale or a group, or store it."""
    edited, acts = load_draft(code, key), _acts(part)
    form = _form(edited, part, "", new_part_values(part, edited.row.version))
    if form.accepted(lambda: save(edited, form)):
        flash(_("Added."))
        return redirect(url_for("survey_editing.index", code=code, key=key, _anchor=f"{part}-{form.key.data}"))
    form.stale({"version": load_draft(code, key).row.version})
    return render_template(
        "surveys/parts_add.html", project=edited.project, study=edited.study, form=form, part=part, acts=acts
    ), form.answer_status


@bp.route("/<part>/<part_key>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def edit(code: str, key: str, part: str, part_key: str) -> ResponseReturnValue:
    """Show the form of a section, a scale or a group, or store it; a stale form keeps what was typed."""
    edited, acts = load_draft(code, key), _acts(part)
    stored = find_part(edited.instrument, part, part_key)
    form = _form(edited, part, part_key, part_values(part, stored, edited.instrument, edited.row.version))
    if form.accepted(lambda: save(edited, form)):
        flash(_("Saved."))
        return redirect(url_for("survey_editing.index", code=code, key=key, _anchor=f"{part}-{form.key.data}"))
    now = load_draft(code, key)
    stored = find_part(now.instrument, part, part_key)
    return render_template(
        "surveys/parts_edit.html",
        project=edited.project,
        study=edited.study,
        form=form,
        stale=form.stale(part_values(part, stored, now.instrument, now.row.version)),
        part=part,
        part_key=part_key,
        acts=acts,
    ), form.answer_status


@bp.route("/<part>/<part_key>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def remove(code: str, key: str, part: str, part_key: str) -> ResponseReturnValue:
    """Say what else changes when the part goes, or remove it."""
    edited, acts = load_draft(code, key), _acts(part)
    stored = find_part(edited.instrument, part, part_key)
    form = RemovePartForm(data={"version": edited.row.version}).of(part, part_key)
    if form.accepted(lambda: save(edited, form)):
        flash(_("Removed."))
        return redirect(url_for("survey_editing.index", code=code, key=key, _anchor=part))
    form.stale({"version": load_draft(code, key).row.version})
    return render_template(
        "surveys/parts_remove.html",
        project=edited.project,
        study=edited.study,
        form=form,
        stored=stored,
        consequences=consequences(edited.instrument, part, part_key),
        acts=acts,
    ), form.answer_status


def _acts(part: str) -> dict[str, object]:
    if part not in PART_FORMS:
        raise NotFound("part-gone")
    return PART_ACTS[part]


def _form(edited: Edited, part: str, part_key: str, values: dict[str, object]) -> PartForm:
    form = PART_FORMS[part](data=values)
    form.old_key = part_key
    form.offer(edited.instrument)
    return form
