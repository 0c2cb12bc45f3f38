"""Pages of one item of expenditure: entering, reading, changing, correcting and deleting it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.guard import demand, demand_any, demand_sight, holdings, note_acting, reach, requires
from portal.accounts.rules import Permission
from portal.budget import labels
from portal.budget.forms.items import (
    ItemForm,
    ItemRemoveForm,
    Offered,
    correction_values,
    currencies_of,
    files_of,
    item_values,
    part_values,
)
from portal.budget.queries import items as queries
from portal.budget.queries.evidence import list_item_files
from portal.budget.queries.findings import findings_of
from portal.budget.queries.item_page import read_item
from portal.budget.rules.drafts import check_corrigible, check_editable
from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.masking import is_masked, salaries_seen
from portal.budget.services import items as services
from portal.budget.wording import said
from portal.core import clock
from portal.core.errors import NotAllowed, NotFound, Problem
from portal.core.web.addresses import LARGEST_ROW
from portal.core.web.language import text_in
from portal.core.web.one_record import one_record
from portal.projects.queries import get_organisation, get_project, list_organisations, list_work_packages
from portal.projects.rules.closing import check_open
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

bp = Blueprint("items", __name__, url_prefix="/projects/<code>/expenditure")

# What an address may say beforehand of a new item, by the names of the form's fields.
STATED = ("category", "activity", "event", "contract")


@bp.route("/<int:item_id>")
@requires(Permission.SEE_EXPENDITURE)
def show(code: str, item_id: int) -> ResponseReturnValue:
    """Show one item: its facts, what is wrong with it, its evidence, what belongs to it, and its history."""
    item, project = _seen(code, item_id), get_project(code)
    today = clock.today(project.time_zone)
    return render_template(
        "budget/items_show.html",
        project=project,
        page=read_item(item, zone=project.time_zone, today=today, reader=current_user.id),
        findings=[said(each) for each in findings_of(code, [item_id], today)[item_id]],
        files=list_item_files(item_id),
        is_masked=_is_masked(item),
        labels=labels,
    )


@bp.route("/new/category")
@requires(Permission.SEE_EXPENDITURE)
def choose(code: str) -> ResponseReturnValue:
    """Ask whose cost it is and in which category, so that the form asks for nothing else than it needs."""
    demand_any(Permission.ENTER_EXPENDITURE)
    _check_open(code)
    mine = reach(Permission.ENTER_EXPENDITURE)
    organisations = [each for each in list_organisations(code) if mine is None or each.key in mine]
    return render_template(
        "budget/items_choose.html",
        project=get_project(code),
        chosen=_stated(),
        organisations=organisations,
        names=[(each.key, f"{text_in(each.name)} ({each.country})") for each in organisations],
        flat={each.key: flat_categories(each.flat_rates) for each in organisations},
        categories={each: labels.COST_CATEGORIES[each] for each in REAL_COST_CATEGORIES},
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
@one_record
def add(code: str) -> ResponseReturnValue:
    """Show the form of an item of the category and organisation in the address, or store the item."""
    demand_any(Permission.ENTER_EXPENDITURE)
    _check_open(code)
    source = _source(code)
    key = source.organisation.key if source else _organisation_key(code)
    if not key or not (source or request.args.get("category") in REAL_COST_CATEGORIES):
        return redirect(url_for(".choose", code=code, **_stated()))
    demand(Permission.ENTER_EXPENDITURE, [key])
    form = ItemForm(data=_first_values(code, key, source))
    offered = _offer(form, code, key, *([source.currency] if source else []))
    if not form.is_turned and form.accepted(lambda: services.add_item(code, key, form.draft(), now=clock.now())):
        flash(_("The item %(reference)s is stored.", reference=form.internal_reference.data))
        return redirect(_next_address(code, key, form))
    form.show_fields()
    page = render_template(
        "budget/items_add.html", project=get_project(code), offered=offered, form=form, source=_source(code)
    )
    return page, form.answer_status


@bp.route("/<int:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def edit(code: str, item_id: int) -> ResponseReturnValue:
    """Show the form of an item, or store what it says; a stale form keeps what was typed."""
    item = _own(code, item_id)
    form, key = ItemForm(data=item_values(item)), item.organisation.key
    offered = _offer(form, code, key, item.currency)
    version = form.version.data or 0
    if not form.is_turned and form.accepted(
        lambda: services.change_item(code, item_id, form.draft(), version=version, now=clock.now())
    ):
        flash(_("The item %(reference)s is saved.", reference=form.internal_reference.data))
        return redirect(url_for(".show", code=code, item_id=item_id))
    form.show_fields()
    item = queries.get_item(code, item_id)
    stale = form.stale_over(item_values(item), Problem("item-stale"))
    page = render_template(
        "budget/items_edit.html", project=get_project(code), item=item, offered=offered, form=form, stale=stale
    )
    return page, form.answer_status


@bp.route("/<int:item_id>/remove", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def remove(code: str, item_id: int) -> ResponseReturnValue:
    """Say exactly what goes, or delete the item."""
    item = _own(code, item_id)
    form = ItemRemoveForm(data={"version": item.version, "files": files_of(item)})
    version, files = form.version.data or 0, form.shown_files()
    if form.accepted(lambda: services.remove_item(code, item_id, version=version, files=files, now=clock.now())):
        flash(_("The item is deleted."))
        return redirect(url_for("expenditure.index", code=code))
    item = queries.get_item(code, item_id)
    form.reopen(item)
    page = render_template(
        "budget/items_remove.html",
        project=get_project(code),
        item=item,
        form=form,
        labels=labels,
    )
    return page, form.answer_status


def _seen(code: str, item_id: int) -> queries.ItemRow:
    """The item; raise NotFound, also where the person may not see it."""
    item = queries.get_item(code, item_id)
    demand_sight(Permission.SEE_EXPENDITURE, [item.organisation.key])
    note_acting(Permission.ENTER_EXPENDITURE, [item.organisation.key])
    return item


def _own(code: str, item_id: int) -> queries.ItemRow:
    """The item that the person may change; raise NotFound, NotAllowed.

    Raise Conflict where no form of it is shown at all; one that was open already is answered with what was typed.
    """
    item = _seen(code, item_id)
    demand(Permission.ENTER_EXPENDITURE, [item.organisation.key])
    if _is_masked(item):
        raise NotAllowed("item-salary-hidden")
    _check_open(code)
    if request.method != "POST":
        check_editable(item.state, item.internal_reference)
    return item


def _check_open(code: str) -> None:
    """Show no form that a closed project refuses; one that was open already is answered with what was typed."""
    if request.method != "POST":
        check_open(get_project(code).status)


def _is_masked(item: queries.ItemRow) -> bool:
    return is_masked(item.category, item.organisation.key, salaries_seen(holdings()))


def _organisation_key(code: str) -> str:
    """The organisation that the address names, else the only one that the person enters expenditure for; or ''."""
    mine = reach(Permission.ENTER_EXPENDITURE)
    asked = request.args.get("organisation", "")
    if asked:
        return get_organisation(code, asked).key
    return next(iter(mine)) if mine is not None and len(mine) == 1 else ""


def _source(code: str) -> queries.ItemRow | None:
    """The item that the address names to be corrected, or of whose invoice another part is entered.

    Raise NotFound, NotAllowed where its details are kept from the person: the form would show them, and Conflict before
    the form is shown of a correction of what is not certified.
    """
    text = request.args.get("corrects", "") or request.args.get("part_of", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ROW)) and int(text) <= LARGEST_ROW):
        raise NotFound("item-unknown")
    item = _seen(code, int(text))
    if _is_masked(item):
        raise NotAllowed("item-salary-hidden")
    if request.args.get("corrects", "") and request.method != "POST":
        check_corrigible(item.state, item.internal_reference)
    return item


def _stated() -> dict[str, Any]:
    """What the address says beforehand of a new item."""
    return {name: value for name in ("organisation", *STATED) if (value := request.args.get(name, ""))}


def _first_values(code: str, key: str, source: queries.ItemRow | None) -> Mapping[str, Any]:
    """What the form of a new item shows at first."""
    if source is not None:
        return correction_values(source) if "corrects" in request.args else part_values(source)
    return {**_stated(), "currency": get_organisation(code, key).currency}


def _offer(form: ItemForm, code: str, key: str, *stored: str) -> Offered:
    """Fill the form's lists for an item of the organisation; `stored` is the currency that it is in already."""
    organisation = get_organisation(code, key)
    offered = Offered(
        code=code,
        organisation_key=key,
        work_packages=list_work_packages(code),
        events=queries.list_event_choices(code, organisation.id),
        contracts=queries.list_contract_choices(organisation.id),
        currencies=currencies_of(organisation.currency, *stored),
        flat=flat_categories(organisation.flat_rates),
        corrigible=queries.has_certified(organisation.id),
    )
    form.offer(offered)
    return offered


def _next_address(code: str, key: str, form: ItemForm) -> str:
    """Where to go once a new item is stored: to its page, or to the form of the next one like it."""
    if not form.goes_on:
        return url_for(".show", code=code, item_id=form.result)
    kept: dict[str, Any] = {name: form[name].data for name in STATED if form[name].data}
    return url_for(".add", code=code, organisation=key, **kept)
