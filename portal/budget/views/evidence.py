"""Pages of the evidence of expenditure: attached to one item, or many files at once, and what is still missing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from portal.accounts.guard import demand, demand_any, demand_sight, holdings, note_acting, reach, requires
from portal.accounts.rules import Permission
from portal.budget import labels
from portal.budget.forms.evidence import BulkForm, RemoveEvidenceForm, item_evidence_form
from portal.budget.queries import evidence as queries
from portal.budget.queries.items import ItemRow, get_item
from portal.budget.rules.evidence import ATTACHED, MOST_AT_ONCE, check_adding, check_removing
from portal.budget.rules.masking import is_masked, salaries_seen
from portal.budget.services import evidence as services
from portal.core import clock
from portal.core.choosing import without_refused
from portal.core.errors import InvalidInput, NotAllowed, NotFound
from portal.core.files.archives import MOST_ARCHIVE_BYTES
from portal.core.files.queries import read_file
from portal.core.files.rules import LABELS, MEGABYTE, MOST_BYTES, MOST_FILES
from portal.core.sentences import sentence
from portal.core.web.attachments import attachment
from portal.core.web.language import text_in
from portal.core.web.paging import page_number, page_size
from portal.core.web.uploads import takes_files
from portal.projects.queries import get_project, list_organisations
from portal.projects.rules.closing import check_open

bp = Blueprint("item_evidence", __name__, url_prefix="/projects/<code>/expenditure")


@bp.route("/<int:item_id>/evidence/new", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
@takes_files
def add(code: str, item_id: int) -> ResponseReturnValue:
    """Show the form for files, or attach them; one that is refused keeps all of them out."""
    item = _own_item(code, item_id)
    if request.method == "GET":
        check_open(get_project(code).status)
        check_adding(item.state)
    form = item_evidence_form(item.category)
    kind = form.kind.data
    if form.accepted(lambda: services.add_evidence(code, item_id, kind, form.kept, now=clock.now())):
        flash(ngettext("%(num)s new file is attached.", "%(num)s new files are attached.", form.result))
        return redirect(url_for("items.show", code=code, item_id=item_id, _anchor="evidence"))
    limits = {"types": LABELS, "most": MOST_FILES, "limit": MOST_BYTES // MEGABYTE}
    page = render_template(
        "budget/evidence_add.html", project=get_project(code), item=get_item(code, item_id), form=form, **limits
    )
    return page, form.answer_status


@bp.route("/<int:item_id>/evidence/<int:evidence_id>")
@requires(Permission.SEE_EXPENDITURE)
def original(code: str, item_id: int, evidence_id: int) -> ResponseReturnValue:
    """Hand out the file as it was sent; of an item of staff only to those who may read its details."""
    item = get_item(code, item_id)
    demand_sight(Permission.SEE_EXPENDITURE, [item.organisation.key])
    found = queries.get_item_file(item_id, evidence_id)
    if _is_masked(item):
        raise NotFound("item-evidence-unknown")
    return attachment(read_file(found.row.sha256), name=found.row.filename, media_type=found.file.media_type)


@bp.route("/<int:item_id>/evidence/<int:evidence_id>/remove", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def remove(code: str, item_id: int, evidence_id: int) -> ResponseReturnValue:
    """Say what will be taken off the item, or take it off."""
    item, form = _own_item(code, item_id), RemoveEvidenceForm()
    found = queries.get_item_file(item_id, evidence_id)
    if _is_masked(item):
        raise NotAllowed("item-salary-hidden")
    if request.method == "GET":
        check_open(get_project(code).status)
        check_removing(item.state)
    if form.accepted(lambda: services.remove_evidence(code, item_id, evidence_id, now=clock.now())):
        flash(_("The file is taken off the item."))
        return redirect(url_for("items.show", code=code, item_id=item_id, _anchor="evidence"))
    page = render_template(
        "budget/evidence_remove.html",
        project=get_project(code),
        item=get_item(code, item_id),
        found=found,
        kinds=labels.ITEM_EVIDENCE_KINDS,
        form=form,
    )
    return page, form.answer_status


@bp.route("/evidence", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
@takes_files
def bulk(code: str) -> ResponseReturnValue:
    """Show the form for many files, or attach those that are named by a reference, and go on to what became of them."""
    demand_any(Permission.ENTER_EXPENDITURE)
    if request.method == "GET":
        check_open(get_project(code).status)
    form, mine = BulkForm(data={"organisation": request.args.get("organisation", "")}), _own_organisations(code)
    form.offer(code, mine)
    if form.accepted(lambda: _attach(code, form)):
        return redirect(url_for(".batch", code=code, batch_id=form.result))
    limits = {"most": MOST_AT_ONCE, "limit": MOST_BYTES // MEGABYTE, "zip_limit": MOST_ARCHIVE_BYTES // MEGABYTE}
    page = render_template(
        "budget/evidence_bulk.html", project=get_project(code), form=form, organisations=mine, types=LABELS, **limits
    )
    return page, form.answer_status


@bp.route("/evidence/<int:batch_id>")
@requires(Permission.SEE_EXPENDITURE)
def batch(code: str, batch_id: int) -> ResponseReturnValue:
    """Say what became of each of many files: first of those that are not attached, and why."""
    found = queries.get_batch(code, batch_id)
    organisation = found.organisation.key
    demand_sight(Permission.SEE_EXPENDITURE, [organisation])
    demand(Permission.ENTER_EXPENDITURE, [organisation])
    names_seen = organisation in salaries_seen(holdings()) or found.added_by == current_user.id
    return render_template(
        "budget/evidence_batch.html",
        project=get_project(code),
        batch=found,
        files=queries.sort_outcomes(queries.list_batch_files(found, names_seen=names_seen)),
        attached=ATTACHED,
        words=labels.EVIDENCE_OUTCOMES,
    )


@bp.route("/missing")
@requires(Permission.SEE_EXPENDITURE)
def missing(code: str) -> ResponseReturnValue:
    """List the items that nothing proves, filtered by what the address says, with their sums."""
    mine = reach(Permission.SEE_EXPENDITURE)
    organisations = [each for each in list_organisations(code) if mine is None or each.key in mine]
    asked = queries.MissingFilter(*(request.args.get(name, "") for name in queries.MissingFilter._fields))
    chosen, problems = without_refused(asked, queries.missing_choices([each.key for each in organisations]))
    found = queries.list_missing(code, mine, chosen, page_number(), page_size())
    page = render_template(
        "budget/evidence_missing.html",
        project=get_project(code),
        page=found,
        chosen=chosen,
        names=[(each.key, text_in(each.name)) for each in organisations],
        categories=labels.COST_CATEGORIES,
        states=labels.ITEM_STATES,
        masked={each.id for each in found.items if _is_masked(each)},
        problems={each.where: sentence(each) for each in problems},
    )
    return page, InvalidInput.status if problems else 200


def _own_item(code: str, item_id: int) -> ItemRow:
    """The item, which the person may enter; raise NotFound where it is not even to be seen, NotAllowed."""
    item = get_item(code, item_id)
    demand_sight(Permission.SEE_EXPENDITURE, [item.organisation.key])
    demand(Permission.ENTER_EXPENDITURE, [item.organisation.key])
    return item


def _own_organisations(code: str) -> list[queries.OrganisationRow]:
    mine = reach(Permission.ENTER_EXPENDITURE)
    return [each for each in list_organisations(code) if mine is None or each.key in mine]


def _attach(code: str, form: BulkForm) -> int:
    note_acting(Permission.ENTER_EXPENDITURE, [form.organisation.data])
    return services.attach_batch(code, form.organisation.data, form.sorted, now=clock.now())


def _is_masked(item: ItemRow) -> bool:
    return is_masked(item.category, item.organisation.key, salaries_seen(holdings()))
