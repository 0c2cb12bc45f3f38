"""What a change of an indicator would do to the figures, before it is stored."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.activities.queries import event_titles_of
from portal.core import clock
from portal.projects import measure_words, wording
from portal.projects.forms.structure import ChangeForm
from portal.projects.forms.structure_rows import new_row_form, row_form, row_values, shown_kind
from portal.projects.queries.structure import Structure, get_structure
from portal.reports.queries.preview import Preview, preview_indicator

bp = Blueprint("preview", __name__, url_prefix="/projects/<code>/structure/indicators")

TABLE = "indicators"


@bp.route("/preview", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def add(code: str) -> ResponseReturnValue:
    """Show the form of a new indicator again, with what adding it would do; nothing is stored."""
    structure = get_structure(code)
    kind = shown_kind(structure, "", request.args.get("kind", ""))
    if request.method == "GET" or not kind:
        return redirect(url_for("structure.add", code=code, table=TABLE, kind=kind or None))
    form = new_row_form(TABLE, structure, clock.today(structure.project.time_zone), parent="", kind=kind)
    _try(form, structure)
    stored = get_structure(code).project
    return render_template(
        "reports/preview_add.html",
        project=stored,
        acts=wording.ACTS[TABLE],
        form=form,
        stale=form.stale(stored.version, {}),
        preview=form.result,
        titles=event_titles_of(_events(form.result)),
        measure=measure_words.EXPLANATIONS[kind],
    ), form.answer_status


@bp.route("/<key>/preview", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def edit(code: str, key: str) -> ResponseReturnValue:
    """Show the form of an indicator again, with what saving it would do; nothing is stored."""
    structure = get_structure(code)
    asked = request.args.get("kind", "")
    kind = shown_kind(structure, key, asked)
    if request.method == "GET":
        return redirect(url_for("structure.edit", code=code, table=TABLE, key=key, kind=asked or None))
    form = row_form(TABLE, key, structure, clock.today(structure.project.time_zone), kind=kind)
    _try(form, structure, key)
    stored = get_structure(code)
    return render_template(
        "reports/preview_edit.html",
        project=stored.project,
        key=key,
        acts=wording.ACTS[TABLE],
        form=form,
        stale=form.stale(stored.project.version, row_values(TABLE, key, stored)),
        preview=form.result,
        titles=event_titles_of(_events(form.result)),
        measure=measure_words.EXPLANATIONS[kind],
    ), form.answer_status


def _events(preview: Preview | None) -> set[int]:
    """The ids of the events that the preview names; none where the form is refused."""
    return {change.event.id for change in preview.events} if preview else set()


def _try(form: ChangeForm, structure: Structure, key: str = "") -> None:
    project = structure.project
    today, version = clock.today(project.time_zone), form.version.data or 0
    form.tried(lambda: preview_indicator(project.code, form.stated(), key=key, version=version, today=today))
