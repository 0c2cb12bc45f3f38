"""The project's structure: everything a project file states, edited on pages a section and a row at a time."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.sentences import sentence
from portal.core.web.one_record import one_record
from portal.projects import measure_words, measuring, wording
from portal.projects.forms.structure import ChangeForm, section_form, section_values
from portal.projects.forms.structure_rows import new_row_form, row_form, row_values, shown_kind
from portal.projects.labels import ROLES
from portal.projects.queries import structure as queries
from portal.projects.rules.contract import gaps
from portal.projects.rules.sections import SECTIONS
from portal.projects.rules.structure import TABLES
from portal.projects.services import structure as services

bp = Blueprint("structure", __name__, url_prefix="/projects/<code>/structure")


@bp.route("")
@requires(Permission.EDIT_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show the whole structure, each part with its way to change it."""
    structure = queries.get_structure(code)
    return render_template(
        "projects/structure.html",
        project=structure.project,
        rows=structure.rows,
        gaps=[wording.GAPS[gap] for gap in gaps(structure.rows)],
        sections=SECTIONS,
        words=wording,
        roles=ROLES,
        missing=_missing(code, structure),
    )


@bp.route("/project/<section>", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def section(code: str, section: str) -> ResponseReturnValue:
    """Show a section of the project's own facts, or store it; a stale form keeps what was typed."""
    if section not in SECTIONS:
        raise NotFound("row-gone")
    structure = queries.get_structure(code)
    form = section_form(section, structure, clock.today(structure.project.time_zone))
    if form.accepted(lambda: services.save_section(code, section, form.stated(), edit=form.edit(), now=clock.now())):
        flash(_("The project is saved."))
        return redirect(url_for(".index", code=code))
    stored = queries.get_structure(code)
    stale = form.stale(stored.project.version, section_values(section, stored))
    return render_template(
        "projects/structure_section.html",
        project=stored.project,
        section=section,
        heading=wording.SECTIONS[section],
        form=form,
        stale=stale,
    ), form.answer_status


@bp.route("/measures")
@requires(Permission.EDIT_PROJECT)
def measures(code: str) -> ResponseReturnValue:
    """Let people choose what an indicator counts, for a new one or for that of `?key=`."""
    structure = queries.get_structure(code)
    key = request.args.get("key", "")
    if key:
        structure.get_row("indicators", key)
    return render_template("projects/structure_measures.html", project=structure.project, key=key, words=measure_words)


@bp.route("/<table>/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@one_record
def add(code: str, table: str) -> ResponseReturnValue:
    """Show an empty form of a row, or store it."""
    acts, structure, kind = _acts(table), queries.get_structure(code), ""
    if table == "indicators":
        kind = shown_kind(structure, "", request.args.get("kind", ""))
        if not kind:
            return redirect(url_for(".measures", code=code))
    today, parent = clock.today(structure.project.time_zone), request.args.get("in", "")
    form = new_row_form(table, structure, today, parent=parent, kind=kind)
    if form.accepted(lambda: _save(form, code, table)):
        flash(_("Added."))
        return redirect(url_for(".index", code=code, _anchor=table))
    stored = queries.get_structure(code)
    stale = form.stale(stored.project.version, {})
    return render_template(
        "projects/structure_add.html",
        project=stored.project,
        table=table,
        acts=acts,
        form=form,
        stale=stale,
        measure=measure_words.EXPLANATIONS.get(kind, ""),
    ), form.answer_status


@bp.route("/<table>/<key>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def edit(code: str, table: str, key: str) -> ResponseReturnValue:
    """Show the form of a row, or store it; a stale form keeps what was typed."""
    acts, structure = _acts(table), queries.get_structure(code)
    kind = shown_kind(structure, key, request.args.get("kind", "")) if table == "indicators" else ""
    form = row_form(table, key, structure, clock.today(structure.project.time_zone), kind=kind)
    if form.accepted(lambda: _save(form, code, table, key)):
        flash(_("Saved."))
        return redirect(url_for(".index", code=code, _anchor=table))
    stored = queries.get_structure(code)
    stale = form.stale(stored.project.version, row_values(table, key, stored))
    return render_template(
        "projects/structure_edit.html",
        project=stored.project,
        table=table,
        key=key,
        acts=acts,
        form=form,
        stale=stale,
        measure=measure_words.EXPLANATIONS.get(kind, ""),
    ), form.answer_status


@bp.route("/<table>/<key>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def remove(code: str, table: str, key: str) -> ResponseReturnValue:
    """Say what is removed, or remove it; say why not, where something still refers to it."""
    acts, structure = _acts(table), queries.get_structure(code)
    row, project = structure.get_row(table, key), structure.project
    form = ChangeForm(data={"version": project.version, "valid_from": clock.today(project.time_zone)})
    if form.accepted(lambda: services.remove_row(code, table, key, edit=form.edit(), now=clock.now())):
        flash(_("Removed."))
        return redirect(url_for(".index", code=code, _anchor=table))
    project = queries.get_structure(code).project
    form.version.reopen(project.version)
    return render_template(
        "projects/structure_remove.html",
        project=project,
        table=table,
        key=key,
        row=row,
        acts=acts,
        one=wording.ROWS[table],
        form=form,
    ), form.answer_status


def _acts(table: str) -> wording.Words:
    if table not in TABLES:
        raise NotFound("row-gone")
    return wording.ACTS[table]


def _missing(code: str, structure: queries.Structure) -> dict[str, list[str]]:
    """Key of an indicator -> what its measure names that is not there, in words."""
    measures = {key: row["measure"] for key, row in structure.rows["indicators"].items()}
    problems = measuring.problems_by_key(code, measures)
    return {key: [sentence(each) for each in problems.get(key, [])] for key in measures}


def _save(form: ChangeForm, code: str, table: str, key: str = "") -> str:
    return services.save_row(code, table, form.stated(), key=key, edit=form.edit(), now=clock.now())
