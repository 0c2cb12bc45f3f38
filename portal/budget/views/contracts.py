"""Pages of contracts and their files."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.guard import demand, demand_any, demand_sight, holdings, note_acting, reach, requires
from portal.accounts.rules import Permission
from portal.budget import labels
from portal.budget.forms.contracts import (
    ContractFilesForm,
    ContractForm,
    RemoveContractFileForm,
    RemoveContractForm,
    contract_values,
)
from portal.budget.queries import contracts as queries
from portal.budget.rules.masking import is_masked, salaries_seen
from portal.budget.services import contracts as services
from portal.core import clock
from portal.core.choosing import without_refused
from portal.core.errors import InvalidInput, Problem
from portal.core.files.queries import read_file
from portal.core.files.rules import LABELS, MEGABYTE, MOST_BYTES, MOST_FILES
from portal.core.sentences import sentence
from portal.core.web.attachments import attachment
from portal.core.web.language import text_in
from portal.core.web.one_record import one_record
from portal.core.web.paging import cut_page, page_number, page_size
from portal.core.web.uploads import takes_files
from portal.projects.queries import get_project, list_organisations
from portal.projects.rules.closing import check_open

bp = Blueprint("contracts", __name__, url_prefix="/projects/<code>/contracts")


@bp.route("")
@requires(Permission.SEE_EXPENDITURE)
def index(code: str) -> ResponseReturnValue:
    """List the contracts within reach, filtered by what the address says, and how far each is used up."""
    mine = _organisations(code, Permission.SEE_EXPENDITURE)
    keys = [each.key for each in mine]
    asked = queries.ContractFilter(*(request.args.get(name, "") for name in queries.ContractFilter._fields))
    chosen, problems = without_refused(asked, queries.contract_choices(keys))
    if chosen.organisation:
        note_acting(Permission.ENTER_EXPENDITURE, [chosen.organisation])
    project = get_project(code)
    page = render_template(
        "budget/contracts.html",
        project=project,
        page=cut_page(queries.list_contracts(code, keys, chosen, clock.today(project.time_zone))),
        chosen=chosen,
        organisations=mine,
        names=[(each.key, text_in(each.name)) for each in mine],
        problems={each.where: sentence(each) for each in problems},
    )
    return page, InvalidInput.status if problems else 200


@bp.route("/<int:contract_id>")
@requires(Permission.SEE_EXPENDITURE)
def show(code: str, contract_id: int) -> ResponseReturnValue:
    """Show one contract: its facts, how far it is used up, its files and the items that name it."""
    contract, project = _seen_contract(code, contract_id), get_project(code)
    page, seen = queries.list_contract_items(contract_id, page_number(), page_size()), salaries_seen(holdings())
    return render_template(
        "budget/contracts_show.html",
        project=project,
        line=queries.read_contract(contract, clock.today(project.time_zone)),
        page=page,
        files=queries.list_contract_files(contract_id),
        masked={each.id for each in page.rows if is_masked(each.category, contract.organisation.key, seen)},
        words={"categories": labels.COST_CATEGORIES, "states": labels.ITEM_STATES},
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
@one_record
def add(code: str) -> ResponseReturnValue:
    """Show an empty form of a contract, or store it."""
    demand_any(Permission.ENTER_EXPENDITURE)
    _check_open(code)
    mine = _organisations(code, Permission.ENTER_EXPENDITURE)
    form = ContractForm(data={"organisation": request.args.get("organisation", "")})
    form.offer(mine)
    if form.accepted(lambda: _add(code, form)):
        flash(_("The contract is stored. Next: add the signed contract as a file."))
        return redirect(url_for(".show", code=code, contract_id=form.result))
    page = render_template("budget/contracts_add.html", project=get_project(code), form=form, organisations=mine)
    return page, form.answer_status


@bp.route("/<int:contract_id>/edit", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def edit(code: str, contract_id: int) -> ResponseReturnValue:
    """Show the form of a contract, or store what it says; a stale form keeps what was typed."""
    contract = _own_contract(code, contract_id)
    _check_open(code)
    form = ContractForm(data=contract_values(contract))
    form.offer([contract.organisation])
    version = form.version.data or 0
    if form.accepted(
        lambda: services.change_contract(code, contract_id, form.draft(), version=version, now=clock.now())
    ):
        flash(_("The contract is saved."))
        return redirect(url_for(".show", code=code, contract_id=contract_id))
    contract = queries.get_contract(code, contract_id)
    stale = form.stale_over(contract_values(contract), Problem("contract-stale"))
    page = render_template(
        "budget/contracts_edit.html", project=get_project(code), contract=contract, form=form, stale=stale
    )
    return page, form.answer_status


@bp.route("/<int:contract_id>/remove", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def remove(code: str, contract_id: int) -> ResponseReturnValue:
    """Say what is deleted, or delete it; a contract that items name stays."""
    contract = _own_contract(code, contract_id)
    _check_open(code)
    form = RemoveContractForm(data={"version": contract.version})
    version = form.version.data or 0
    if form.accepted(lambda: services.remove_contract(code, contract_id, version=version, now=clock.now())):
        flash(_("The contract is deleted."))
        return redirect(url_for(".index", code=code))
    contract = queries.get_contract(code, contract_id)
    form.version.reopen(contract.version)
    number = queries.count_items(contract_id)
    page = render_template(
        "budget/contracts_remove.html", project=get_project(code), contract=contract, form=form, number=number
    )
    return page, form.answer_status


@bp.route("/<int:contract_id>/files/new", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
@takes_files
def add_files(code: str, contract_id: int) -> ResponseReturnValue:
    """Show the form for files of the contract, or store them; one that is refused keeps all of them out."""
    contract, form = _own_contract(code, contract_id), ContractFilesForm()
    _check_open(code)
    if form.accepted(lambda: services.add_contract_files(code, contract_id, form.kept, now=clock.now())):
        flash(ngettext("%(num)s new file is attached.", "%(num)s new files are attached.", form.result))
        return redirect(url_for(".show", code=code, contract_id=contract_id, _anchor="files"))
    limits = {"types": LABELS, "most": MOST_FILES, "limit": MOST_BYTES // MEGABYTE}
    contract = queries.get_contract(code, contract_id)
    page = render_template(
        "budget/contracts_add_files.html", project=get_project(code), contract=contract, form=form, **limits
    )
    return page, form.answer_status


@bp.route("/<int:contract_id>/files/<int:file_id>")
@requires(Permission.SEE_EXPENDITURE)
def file(code: str, contract_id: int, file_id: int) -> ResponseReturnValue:
    """Hand out the file as it was sent."""
    _seen_contract(code, contract_id)
    found = queries.get_contract_file(contract_id, file_id)
    return attachment(read_file(found.row.sha256), name=found.row.filename, media_type=found.file.media_type)


@bp.route("/<int:contract_id>/files/<int:file_id>/remove", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def remove_file(code: str, contract_id: int, file_id: int) -> ResponseReturnValue:
    """Say what will be taken off the contract, or take it off."""
    contract, form = _own_contract(code, contract_id), RemoveContractFileForm()
    _check_open(code)
    found = queries.get_contract_file(contract_id, file_id)
    if form.accepted(lambda: services.remove_contract_file(code, contract_id, file_id, now=clock.now())):
        flash(_("The file is taken off the contract."))
        return redirect(url_for(".show", code=code, contract_id=contract_id, _anchor="files"))
    page = render_template(
        "budget/contracts_remove_file.html", project=get_project(code), contract=contract, found=found, form=form
    )
    return page, form.answer_status


def _seen_contract(code: str, contract_id: int) -> queries.ContractRow:
    contract = queries.get_contract(code, contract_id)
    demand_sight(Permission.SEE_EXPENDITURE, [contract.organisation.key])
    note_acting(Permission.ENTER_EXPENDITURE, [contract.organisation.key])
    return contract


def _own_contract(code: str, contract_id: int) -> queries.ContractRow:
    """The contract, which the person may change; raise NotFound where it is not even to be seen, NotAllowed."""
    contract = _seen_contract(code, contract_id)
    demand(Permission.ENTER_EXPENDITURE, [contract.organisation.key])
    return contract


def _organisations(code: str, permission: Permission) -> Sequence[queries.OrganisationRow]:
    mine = reach(permission)
    return [each for each in list_organisations(code) if mine is None or each.key in mine]


def _add(code: str, form: ContractForm) -> int:
    note_acting(Permission.ENTER_EXPENDITURE, [form.organisation.data])
    return services.add_contract(code, form.organisation.data, form.draft(), now=clock.now())


def _check_open(code: str) -> None:
    """Show no form that a closed project refuses; one that was open already is answered with what was typed."""
    if request.method != "POST":
        check_open(get_project(code).status)
