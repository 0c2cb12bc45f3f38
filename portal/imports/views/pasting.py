"""The page on which rows are pasted as text, and mended in place until they can be stored."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from portal.accounts.guard import reach, requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.files.checking import Upload
from portal.core.web.answers import too_large
from portal.imports import wording
from portal.imports.forms import paste_form
from portal.imports.kinds import ImportKind
from portal.imports.options import list_columns, list_offers
from portal.imports.services import bringing
from portal.imports.services.bringing import Brought
from portal.imports.views import access
from portal.projects.queries import get_project

bp = Blueprint("pasting", __name__, url_prefix="/projects/<code>/imports")


@bp.route("/paste", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
def create(code: str) -> ResponseReturnValue:
    """Show the box for rows of one kind; or take them as a file, or show which of them are to be mended."""
    access.demand_any()
    access.check_open(code)
    kind = access.chosen_kind(request.args.get("kind", ""))
    if kind is None:
        return redirect(url_for("imports.create", code=code))
    offers = list_offers(kind, code, reach(kind.permission))
    columns = [each.name for each in list_columns(kind, code, {**request.args, **request.form})]
    form = paste_form(columns, offers, request.args, lambda stated, file: _check(code, kind, stated, file))
    if form.accepted(lambda: bringing.bring(form.brought, now=clock.now())):
        return redirect(url_for("imports.show", code=code, import_id=form.result))
    page = render_template(
        "imports/paste.html",
        project=get_project(code),
        form=form,
        kind=kind,
        found=wording.say_faults(kind, form.problems, form.faulty),
        columns=columns,
    )
    return page, form.answer_status


@bp.errorhandler(413)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say what to do with rows that are more than a form may hold: they are refused before the form is read."""
    return too_large(_("Nothing was taken: these are too many rows to paste. Save them as a file and upload that."))


def _check(code: str, kind: ImportKind, stated: Mapping[str, str], upload: Upload) -> Brought:
    """What was found in the rows; of rows with errors nothing stays in the store."""
    brought = bringing.keep_and_check(kind, access.ask(code, kind, stated, now=clock.now()), upload)
    if brought.checked and brought.checked.plan.errors:
        bringing.let_go(brought)
    return brought
