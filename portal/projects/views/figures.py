"""Figures entered by hand towards an indicator that nothing else counts."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Conflict
from portal.core.files.queries import read_file
from portal.core.files.rules import LABELS, MEGABYTE, MOST_BYTES
from portal.core.forms import Difference
from portal.core.web.attachments import attachment
from portal.core.web.one_record import one_record
from portal.core.web.uploads import takes_files
from portal.projects import queries
from portal.projects.forms.figures import FigureForm, FigureRemoveForm, figure_values
from portal.projects.labels import WHY_NOT_COUNTED
from portal.projects.rules.closing import check_open
from portal.projects.rules.figures import check_manual
from portal.projects.services import figures as services

bp = Blueprint("figures", __name__, url_prefix="/projects/<code>/outcomes/<key>/figures")

LIMITS = {"types": LABELS, "limit": MOST_BYTES // MEGABYTE}


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str, key: str) -> ResponseReturnValue:
    """Show every figure of the indicator, and why one does not count."""
    indicator = queries.get_indicator(code, key)
    return render_template(
        "projects/figures_index.html",
        project=queries.get_project(code),
        indicator=indicator,
        rows=queries.list_figures_of(indicator),
        words=WHY_NOT_COUNTED,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@one_record
@takes_files
def add(code: str, key: str) -> ResponseReturnValue:
    """Show an empty form of a figure, or store it; an indicator that is counted from records takes none."""
    indicator = queries.get_indicator(code, key)
    check_manual(indicator.measure)
    _check_open(code)
    form = FigureForm()
    if form.accepted(lambda: services.add_figure(code, key, form.draft(), file=form.kept, now=clock.now())):
        flash(_("The figure is stored."))
        return redirect(url_for("outcomes.show", code=code, key=key))
    page = render_template(
        "projects/figures_add.html",
        project=queries.get_project(code),
        indicator=queries.get_indicator(code, key),
        form=form,
        **LIMITS,
    )
    return page, form.answer_status


@bp.route("/<int:figure_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@takes_files
def edit(code: str, key: str, figure_id: int) -> ResponseReturnValue:
    """Show the form of a figure, or store what it says; a stale form keeps what was typed."""
    place = (code, key, figure_id)
    form = FigureForm(data=figure_values(queries.get_figure(*place)))
    _check_open(code)
    version = form.version.data or 0
    if form.accepted(
        lambda: services.change_figure(place, form.draft(), file=form.kept, version=version, now=clock.now())
    ):
        flash(_("The figure is saved."))
        return redirect(url_for("outcomes.show", code=code, key=key))
    figure = queries.get_figure(*place)
    stale = _stale(form, figure_values(figure))
    page = render_template(
        "projects/figures_edit.html",
        project=queries.get_project(code),
        item=queries.read_figure(figure),
        form=form,
        stale=stale,
        words=WHY_NOT_COUNTED,
        **LIMITS,
    )
    return page, form.answer_status


@bp.route("/<int:figure_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def remove(code: str, key: str, figure_id: int) -> ResponseReturnValue:
    """Say what is removed, or remove it."""
    place = (code, key, figure_id)
    form = FigureRemoveForm(data={"version": queries.get_figure(*place).version})
    _check_open(code)
    version = form.version.data or 0
    if form.accepted(lambda: services.remove_figure(place, version=version, now=clock.now())):
        flash(_("The figure is removed."))
        return redirect(url_for("outcomes.show", code=code, key=key))
    item = queries.read_figure(queries.get_figure(*place))
    form.version.reopen(item.row.version)
    page = render_template(
        "projects/figures_remove.html",
        project=queries.get_project(code),
        item=item,
        form=form,
        words=WHY_NOT_COUNTED,
    )
    return page, form.answer_status


@bp.route("/<int:figure_id>/file")
@requires(Permission.READ_AUDIT)
def file(code: str, key: str, figure_id: int) -> ResponseReturnValue:
    """Hand out the file that proves the figure to those who answer for it or check it."""
    figure = queries.get_figure(code, key, figure_id)
    stored = queries.get_figure_file(figure)
    return attachment(read_file(stored.sha256), name=figure.filename, media_type=stored.media_type)


def _check_open(code: str) -> None:
    """Show no form that a closed project refuses; one that was open already is answered with what was typed."""
    if request.method != "POST":
        check_open(queries.get_project(code).status)


def _stale(form: FigureForm, stored: Mapping[str, Any]) -> list[Difference]:
    """Where a form that came too late differs from what is stored; lets it be sent again."""
    if form.answer_status != Conflict.status or form.version.data == stored["version"]:
        return []
    form.version.reopen(stored["version"])
    return form.differences(stored)
