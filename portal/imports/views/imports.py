"""Pages of imports: upload, preview, store, list, undo; and the files that people fill in or take away."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import allows, reach, requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound
from portal.core.files.rules import MEGABYTE, MOST_BYTES
from portal.core.forms import Form
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.paging import page_number, page_size
from portal.core.web.uploads import takes_files
from portal.imports import labels, queries
from portal.imports.forms import store_form, upload_form
from portal.imports.kinds import ImportKind, import_kinds
from portal.imports.options import list_offers
from portal.imports.services import bringing, ending, storing
from portal.imports.views import access
from portal.imports.workbooks import export_workbook, template_workbook
from portal.projects.queries import get_project

bp = Blueprint("imports", __name__, url_prefix="/projects/<code>")
# The navigation offers these pages to whoever may import anything.
bp.add_app_template_global(access.may_import)

REFRESH_SECONDS = "3"


@bp.route("/imports")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List the imports that the person sees, narrowed to what the address says."""
    access.demand_any()
    chosen = queries.ImportFilter(request.args.get("kind", ""), request.args.get("state", ""))
    queries.check_filter(chosen)
    return render_template(
        "imports/index.html",
        project=get_project(code),
        page=queries.list_imports(code, access.own_sight(), chosen, page_number(), page_size()),
        chosen=chosen,
        kinds=_labels(),
        file_name=access.file_name,
        permissions={each.name: each.permission for each in import_kinds()},
        states=labels.STATES,
        own_kinds=access.own_kinds(),
        exports=access.list_exports(code),
    )


@bp.route("/imports/new", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
@takes_files
def create(code: str) -> ResponseReturnValue:
    """Show the kinds of files, or the form for a file of one kind; or take it, and show what it would change."""
    access.demand_any()
    access.check_open(code)
    kind = access.chosen_kind(request.args.get("kind") or request.form.get("kind", ""))
    if kind is None:
        page = render_template("imports/kinds.html", project=get_project(code), kinds=access.own_kinds())
        return page, InvalidInput.status if request.method == "POST" else 200
    form = upload_form(
        kind,
        list_offers(kind, code, reach(kind.permission)),
        request.args,
        lambda stated, file: bringing.keep_and_check(kind, access.ask(code, kind, stated, now=clock.now()), file),
    )
    if form.accepted(lambda: bringing.bring(form.brought, now=clock.now())):
        return redirect(url_for(".show", code=code, import_id=form.result))
    page = render_template(
        "imports/create.html",
        project=get_project(code),
        form=form,
        kind=kind,
        endings=kind.endings,
        has_others=len(access.own_kinds()) > 1,
        templates=access.list_templates(code, kind, request.args),
        limit=MOST_BYTES // MEGABYTE,
    )
    return page, form.answer_status


@bp.route("/imports/<int:import_id>")
@requires(Permission.READ_PROJECT)
def show(code: str, import_id: int) -> ResponseReturnValue:
    """Show what an import would change or has changed; while it is looked at, the page comes again by itself."""
    return _page(access.see(code, import_id), Form(formdata=None))


@bp.route("/imports/<int:import_id>/store", methods=["POST"])
@requires(Permission.READ_PROJECT)
def store(code: str, import_id: int) -> ResponseReturnValue:
    """Store what the file holds; say on its page why not, where it cannot be done."""
    row = access.see(code, import_id)
    asked = access.ask_again(row, now=clock.now())
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
    return _page(access.see(code, import_id), form)


@bp.route("/imports/<int:import_id>/discard", methods=["POST"])
@requires(Permission.READ_PROJECT)
def discard(code: str, import_id: int) -> ResponseReturnValue:
    """Give the import up; say on its page why not, where it has ended."""
    access.see(code, import_id)
    form = Form()
    if form.accepted(lambda: ending.give_up(import_id, now=clock.now())):
        waits = form.result == "ready"
        flash(_("Nothing was imported. The file can be imported later.") if waits else _("The file is discarded."))
        return redirect(url_for(".show", code=code, import_id=import_id))
    return _page(access.see(code, import_id), form)


@bp.route("/imports/<int:import_id>/undo", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
def undo(code: str, import_id: int) -> ResponseReturnValue:
    """Say what undoing the import takes back, or do it."""
    row = access.see(code, import_id)
    form = Form()
    if request.method == "GET" and row.state != "stored":
        return redirect(url_for(".show", code=code, import_id=import_id))
    access.ask_again(row, now=clock.now())
    if form.accepted(lambda: ending.undo(import_id, now=clock.now())):
        flash(_("The import is undone."))
        return redirect(url_for(".show", code=code, import_id=import_id))
    row = access.see(code, import_id)
    page = render_template(
        "imports/undo.html",
        project=get_project(code),
        row=row,
        file_name=access.file_name,
        obstacles=queries.list_obstacles(row) if row.state == "stored" else [],
        kinds=_labels(),
        form=form,
    )
    return page, form.answer_status


@bp.route("/imports/template/<kind>.xlsx")
@requires(Permission.READ_PROJECT)
def template(code: str, kind: str) -> ResponseReturnValue:
    """Hand out the empty workbook of a kind of file."""
    wanted = access.kind_in_address(kind)
    access.demand_kind(wanted)
    name = f"{code}-{kind}-template.xlsx"
    return attachment(template_workbook(wanted, code, request.args), name=name, media_type=XLSX)


@bp.route("/imports/export/<kind>.xlsx")
@requires(Permission.READ_PROJECT)
def export(code: str, kind: str) -> ResponseReturnValue:
    """Hand out what the person may import of a kind, so that it can be changed and imported again."""
    wanted = access.kind_in_address(kind)
    access.demand_kind(wanted)
    return _export(code, wanted, access.narrowed(code, reach(wanted.permission), request.args.get("organisation", "")))


@bp.route("/imports/table/<kind>.xlsx")
@requires(Permission.READ_PROJECT)
def table(code: str, kind: str) -> ResponseReturnValue:
    """Hand out what the person may read of a kind, in the same columns."""
    wanted = access.kind_in_address(kind)
    if wanted.sight is None or not allows(wanted.sight):
        raise NotFound("not-open")
    return _export(code, wanted, access.narrowed(code, reach(wanted.sight), request.args.get("organisation", "")))


def _labels() -> dict[str, str]:
    return {each.name: str(each.label) for each in import_kinds()}


def _export(code: str, kind: ImportKind, reached: frozenset[str] | None) -> Response:
    return attachment(export_workbook(kind, code, reached), name=f"{code}-{kind.name}.xlsx", media_type=XLSX)


def _page(row: queries.ImportRow, form: Form) -> ResponseReturnValue:
    work = queries.work_of(row, now=clock.now())
    page = render_template(
        "imports/show.html",
        project=get_project(row.project_code),
        row=row,
        file_name=access.file_name,
        count=queries.count_of(row),
        faulty=queries.faulty_rows(row),
        errors=queries.list_said(row, "error"),
        warnings=queries.list_said(row, "warning"),
        brought_by=queries.name_of(row),
        options=queries.options_of(row),
        kinds=_labels(),
        may_go_on=access.may_go_on(row),
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
