"""Pages of imports: upload, preview, store, list, undo; and the files that people fill in or take away."""

from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.guard import allows, reach, requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import NotAllowed, NotFound
from portal.core.files.checking import Upload
from portal.core.files.rules import MEGABYTE, MOST_BYTES
from portal.core.forms import Form
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.paging import page_number
from portal.core.web.uploads import takes_files
from portal.imports import labels, queries
from portal.imports.forms import store_form, upload_form
from portal.imports.kinds import ImportKind, Request, find_kind, import_kinds
from portal.imports.services import bringing, ending, storing
from portal.imports.services.bringing import Brought
from portal.imports.workbooks import export_workbook, template_workbook
from portal.projects.queries import get_project

bp = Blueprint("imports", __name__, url_prefix="/projects/<code>")

REFRESH_SECONDS = "3"


@bp.route("/imports")
@requires(Permission.EDIT_EVENTS)
def index(code: str) -> ResponseReturnValue:
    """List the imports that the person brought, and those of kinds whose every row is open to them."""
    whole = [each.name for each in _own_kinds() if reach(each.permission) is None]
    return render_template(
        "imports/index.html",
        project=get_project(code),
        page=queries.list_imports(code, brought_by=current_user.id, whole_kinds=whole, page=page_number()),
        kinds=_labels(),
        states=labels.STATES,
        own_kinds=_own_kinds(),
    )


@bp.route("/imports/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
@takes_files
def create(code: str) -> ResponseReturnValue:
    """Show the form for a file, or take it, and show what it would change."""
    form = upload_form(_own_kinds(), request.args.get("kind", ""), lambda name, file: _check(code, name, file))
    if form.accepted(lambda: bringing.bring(form.brought, now=clock.now())):
        return redirect(url_for(".show", code=code, import_id=form.result))
    page = render_template(
        "imports/create.html", project=get_project(code), form=form, kinds=_own_kinds(), limit=MOST_BYTES // MEGABYTE
    )
    return page, form.answer_status


@bp.route("/imports/<int:import_id>")
@requires(Permission.EDIT_EVENTS)
def show(code: str, import_id: int) -> ResponseReturnValue:
    """Show what an import would change or has changed; while it is looked at, the page comes again by itself."""
    return _page(_seen(code, import_id), Form(formdata=None))


@bp.route("/imports/<int:import_id>/store", methods=["POST"])
@requires(Permission.EDIT_EVENTS)
def store(code: str, import_id: int) -> ResponseReturnValue:
    """Store what the file holds; say on its page why not, where it cannot be done."""
    row = _seen(code, import_id)
    asked = _asked(code, queries.get_kind(row.kind), clock.now())
    form = store_form(lambda: storing.prepare(import_id, asked))
    if form.accepted(lambda: storing.store(import_id, form.checked, now=clock.now())):
        if form.result == "refused":
            flash(
                _("Nothing was imported: what is stored has changed since the check. See what is wrong now."), "error"
            )
        elif form.result == "ready":
            changed = _(
                "Nothing was imported yet: what is stored has changed since the check. Look at the figures anew."
            )
            flash(changed, "error")
        elif form.result == "stored":
            flash(_("The file is imported. If that was a mistake, undo the import here."))
        return redirect(url_for(".show", code=code, import_id=import_id))
    return _page(_seen(code, import_id), form)


@bp.route("/imports/<int:import_id>/discard", methods=["POST"])
@requires(Permission.EDIT_EVENTS)
def discard(code: str, import_id: int) -> ResponseReturnValue:
    """Give the import up; say on its page why not, where it has ended."""
    _seen(code, import_id)
    form = Form()
    if form.accepted(lambda: ending.give_up(import_id, now=clock.now())):
        waits = form.result == "ready"
        flash(_("Nothing was imported. The file can be imported later.") if waits else _("The file is discarded."))
        return redirect(url_for(".show", code=code, import_id=import_id))
    return _page(_seen(code, import_id), form)


@bp.route("/imports/<int:import_id>/undo", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def undo(code: str, import_id: int) -> ResponseReturnValue:
    """Say what undoing the import takes back, or do it."""
    row = _seen(code, import_id)
    form = Form()
    if request.method == "GET" and row.state != "stored":
        return redirect(url_for(".show", code=code, import_id=import_id))
    _asked(code, queries.get_kind(row.kind), clock.now())
    if form.accepted(lambda: ending.undo(import_id, now=clock.now())):
        flash(_("The import is undone."))
        return redirect(url_for(".show", code=code, import_id=import_id))
    row = _seen(code, import_id)
    page = render_template(
        "imports/undo.html",
        project=get_project(code),
        row=row,
        obstacles=queries.list_obstacles(row) if row.state == "stored" else [],
        kinds=_labels(),
        form=form,
    )
    return page, form.answer_status


@bp.route("/imports/template/<kind>.xlsx")
@requires(Permission.EDIT_EVENTS)
def template(code: str, kind: str) -> ResponseReturnValue:
    """Hand out the empty workbook of a kind of file."""
    wanted = _kind_in_address(kind)
    _asked(code, wanted, clock.now())
    name = f"{code}-{kind}-template.xlsx"
    return attachment(template_workbook(wanted, code), name=name, media_type=XLSX)


@bp.route("/imports/export/<kind>.xlsx")
@requires(Permission.EDIT_EVENTS)
def export(code: str, kind: str) -> ResponseReturnValue:
    """Hand out what the person may import of a kind, so that it can be changed and imported again."""
    wanted = _kind_in_address(kind)
    asked = _asked(code, wanted, clock.now())
    return _export(code, wanted, asked.reach)


@bp.route("/imports/table/<kind>.xlsx")
@requires(Permission.READ_PROJECT)
def table(code: str, kind: str) -> ResponseReturnValue:
    """Hand out what the person may read of a kind, in the same columns."""
    wanted = _kind_in_address(kind)
    if wanted.sight is None or not allows(wanted.sight):
        raise NotFound("not-open")
    return _export(code, wanted, reach(wanted.sight))


def _own_kinds() -> list[ImportKind]:
    """The kinds of files that the person may import."""
    return [each for each in import_kinds() if allows(each.permission)]


def _labels() -> dict[str, str]:
    return {each.name: str(each.label) for each in import_kinds()}


def _seen(code: str, import_id: int) -> queries.ImportRow:
    """The import, if it is the person's own or one of a kind whose every row is open to them; raise NotFound."""
    row = queries.get_import(code, import_id)
    kind = queries.get_kind(row.kind)
    whole = allows(kind.permission) and reach(kind.permission) is None
    if not whole and row.added_by != current_user.id:
        raise NotFound("import-unknown")
    return row


def _asked(code: str, kind: ImportKind, now: datetime) -> Request:
    """What the person asks for, with how far their right reaches; raise NotAllowed where they have none."""
    if not allows(kind.permission):
        raise NotAllowed("not-allowed")
    return Request(code, reach(kind.permission), now, lambda rows: None)


def _kind_in_address(name: str) -> ImportKind:
    kind = find_kind(name)
    if kind is None:
        raise NotFound("import-kind-unknown", kind=name, allowed=[each.name for each in import_kinds()])
    return kind


def _export(code: str, kind: ImportKind, reached: frozenset[str] | None) -> Response:
    return attachment(export_workbook(kind, code, reached), name=f"{code}-{kind.name}.xlsx", media_type=XLSX)


def _check(code: str, name: str, upload: Upload) -> Brought:
    kind = queries.get_kind(name)
    return bringing.keep_and_check(kind, _asked(code, kind, clock.now()), upload)


def _page(row: queries.ImportRow, form: Form) -> ResponseReturnValue:
    work = queries.work_of(row, now=clock.now())
    page = render_template(
        "imports/show.html",
        project=get_project(row.project_code),
        row=row,
        count=queries.count_of(row),
        faulty=queries.faulty_rows(row),
        errors=queries.list_said(row, "error"),
        warnings=queries.list_said(row, "warning"),
        brought_by=queries.name_of(row),
        kinds=_labels(),
        states=labels.STATES,
        work=work,
        form=form,
    )
    answer = make_response(page, form.answer_status)
    if work and work.is_alive:
        answer.headers["Refresh"] = (
            f"{REFRESH_SECONDS}; url={url_for('.show', code=row.project_code, import_id=row.id)}"
        )
    return answer
