"""Merging two records of one organisation, after a preview."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.labels import ROLES
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.sentences import sentence
from portal.projects.queries import get_organisation, get_project, list_organisations
from portal.reports.forms.merging import MergeForm
from portal.reports.queries.merging import list_moved_figures, preview_merge
from portal.reports.services.merging import merge_organisations

bp = Blueprint("merging", __name__, url_prefix="/projects/<code>/organisations/<organisation_key>/merge")

MOST_SHOWN = 100


@bp.route("")
@requires(Permission.EDIT_PROJECT)
def choose(code: str, organisation_key: str) -> ResponseReturnValue:
    """Ask which other record is the same organisation; the one of the address stays."""
    if request.args.get("other"):
        return redirect(url_for(".preview", code=code, organisation_key=organisation_key, other=request.args["other"]))
    return render_template(
        "reports/merge_choose.html",
        project=get_project(code),
        kept=get_organisation(code, organisation_key),
        others=[each for each in list_organisations(code) if each.key != organisation_key],
    )


@bp.route("/<other>", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def preview(code: str, organisation_key: str, other: str) -> ResponseReturnValue:
    """Show exactly what merging the other record into this one does, or do it."""
    form = MergeForm()
    edit, seen, pair = form.edit(), form.seen.data or "", {"kept": organisation_key, "gone": other}
    if form.accepted(lambda: merge_organisations(code, **pair, seen=seen, edit=edit, now=clock.now())):
        flash(_("The two records are one now."))
        return redirect(url_for("organisation.show", code=code, organisation_key=organisation_key))
    merge = preview_merge(code, organisation_key, other)
    form.reopen(merge)
    return render_template(
        "reports/merge.html",
        project=merge.project,
        merge=merge,
        problems=[sentence(problem) for problem in merge.problems],
        figures=list_moved_figures(merge, clock.today(merge.project.time_zone)),
        roles=ROLES,
        most=MOST_SHOWN,
        form=form,
    ), form.answer_status
