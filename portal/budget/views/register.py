"""The register of expenditure: the list with its filters and sums, as a workbook, and changes of many items at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.guard import demand, demand_any, holdings, reach, requires
from portal.accounts.rules import Permission
from portal.budget import labels
from portal.budget.forms.register import Asked, BulkForm, asked_items, asked_register, bulk_form, offered_values
from portal.budget.queries.items import list_contract_choices, list_event_choices
from portal.budget.queries.register import (
    Offered,
    RegisterRow,
    all_rows,
    chosen_rows,
    has_event,
    list_offered,
    list_register,
)
from portal.budget.queries.register_filters import Owner, Sight, sight_of
from portal.budget.rules.items import EDITABLE_STATES
from portal.budget.rules.masking import is_masked, salaries_seen
from portal.budget.rules.register import RegisterFilter, total_of
from portal.budget.services.items import change_items
from portal.budget.wording import said
from portal.budget.wording_register import filter_words
from portal.budget.workbook import register_workbook
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.sentences import sentence
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.paging import page_number, page_size
from portal.projects.queries import get_project, list_organisations, list_periods, list_work_packages
from portal.projects.rules.closing import check_open

bp = Blueprint("expenditure", __name__, url_prefix="/projects/<code>")

# What the address may say besides the filters.
KEPT = (*RegisterFilter._fields, "sort", "per_page")


class Told(NamedTuple):
    """What is wrong with an item, in short: how many findings of each severity, and the title of the worst."""

    blocks: int
    warns: int
    first: str


class Link(NamedTuple):
    """A ready-made choice: what it says, where it leads, and whether it is the one at hand."""

    label: str
    address: str
    is_current: bool


class Room(NamedTuple):
    """A project's register as the person at hand sees it, and as the address asks for it."""

    sight: Sight
    offered: Offered
    asked: Asked


@bp.route("/expenditure")
@requires(Permission.SEE_EXPENDITURE)
def index(code: str) -> ResponseReturnValue:
    """List the items of expenditure that the person may see, as the address filters and sorts them."""
    # Held from here on, so that nothing of it is read twice.
    project = get_project(code)
    room = _room(code)
    chosen, sort, problems = room.asked
    page = list_register(room.sight, chosen, sort=sort, page=page_number(), size=page_size())
    refused = {each.where: sentence(each) for each in problems}
    return render_template(
        "budget/expenditure_index.html",
        project=project,
        page=page,
        total=total_of(page.sums),
        told={row.id: _told(row) for row in page.rows},
        mine=_changeable(room.sight, page.rows),
        room=room,
        words=filter_words(room.sight, room.offered, chosen),
        quick_links=_quick_links(code, room.asked),
        back=request.query_string.decode("ascii", "replace"),
        chosen=chosen,
        ticks=request.args.get("ticked") == "all",
        is_filtered=chosen != RegisterFilter(),
        kept={name: value for name, value in request.args.items() if name in KEPT and name not in refused},
        problems=refused,
        labels=labels,
    ), InvalidInput.status if problems else 200


@bp.route("/expenditure.xlsx")
@requires(Permission.SEE_EXPENDITURE)
def workbook(code: str) -> ResponseReturnValue:
    """The items that the filters leave as a workbook, masked as on the page."""
    room = _room(code)
    if room.asked.problems:
        # The list says what is wrong.
        return redirect(_list_address(code, request.args.items()))
    rows = all_rows(room.sight, room.asked.chosen)
    content = register_workbook(code, rows, room.asked.chosen, as_of=room.sight.today)
    return attachment(content, name=f"{code}-expenditure.xlsx", media_type=XLSX)


@bp.route("/expenditure/change", methods=["GET", "POST"])
@requires(Permission.SEE_EXPENDITURE)
def change(code: str) -> ResponseReturnValue:
    """Show the form that changes the items named in the address, then what it would change, or change them."""
    demand_any(Permission.ENTER_EXPENDITURE)
    if request.method != "POST" and "item" not in request.args:
        flash(_("No item is ticked. Tick the items that shall be changed."), "error")
        return redirect(_back(code))
    rows = _own_rows(code)
    form = _bulk_form(code, rows)
    confirmed = "confirm" in request.form
    if confirmed and form.accepted(lambda: _store(code, form, rows)):
        flash(ngettext("%(num)s item is changed.", "%(num)s items are changed.", form.result))
        return redirect(_back(code))
    is_shown = not confirmed and "again" not in request.form and form.tried(lambda: None)
    if form.answer_status == Conflict.status:
        rows = _own_rows(code)
        form.reopen(rows)
    page = render_template(
        "budget/expenditure_change.html",
        project=get_project(code),
        rows=rows,
        form=form,
        is_shown=is_shown,
        changes=form.said() if is_shown else [],
        back=request.values.get("back", ""),
        back_address=_back(code),
        labels=labels,
    )
    return page, form.answer_status


def _room(code: str) -> Room:
    packages, sight = list_work_packages(code), _sight(code, Permission.SEE_EXPENDITURE)
    offered = list_offered(sight, packages)
    values = offered_values(
        packages,
        [id_ for id_, *_rest in offered.contracts],
        [each.key for each in sight.owners],
        [each.number for each in sight.periods],
    )
    return Room(sight, offered, asked_register(values, lambda ref: has_event(code, ref)))


def _sight(code: str, permission: Permission) -> Sight:
    owners = sight_of(code, list_organisations(code), reach(permission))
    today = clock.today(get_project(code).time_zone)
    return Sight(code, owners, salaries_seen(holdings()), today, list_periods(code))


def _quick_links(code: str, asked: Asked) -> list[Link]:
    """The choices that are asked for most."""
    choices: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Not yet reported"), {"state": "open"}),
        (_("With blockers"), {"severity": "blocks"}),
        (_("Without evidence"), {"evidence": "missing"}),
        (_("Duplicates"), {"finding": "duplicate-invoice"}),
        (_("By category"), {"sort": "category"}),
    ]
    now = {name: value for name, value in asked.chosen._asdict().items() if value}
    now |= {"sort": asked.sort} if asked.sort != "date" else {}
    return [Link(label, _list_address(code, kept.items()), kept == now) for label, kept in choices]


def _told(row: RegisterRow) -> Told:
    blocks = sum(each.severity == "blocks" for each in row.findings)
    first = said(row.findings[0]).title if row.findings else ""
    return Told(blocks, len(row.findings) - blocks, first)


def _changeable(sight: Sight, rows: Sequence[RegisterRow]) -> set[int]:
    """The ids of the items that the person may change together with others."""
    mine = reach(Permission.ENTER_EXPENDITURE)
    return {
        row.id
        for row in rows
        if row.state in EDITABLE_STATES
        and (mine is None or row.owner.key in mine)
        and not is_masked(row.category, row.owner.key, sight.seen)
    }


def _own_rows(code: str) -> list[RegisterRow]:
    """The items that the address names; raise NotFound, NotAllowed where the person may not change them."""
    if request.method != "POST":
        check_open(get_project(code).status)
    ids, sight = asked_items(), _sight(code, Permission.SEE_EXPENDITURE)
    rows = chosen_rows(sight, ids)
    if len(rows) < len(ids):
        raise NotFound("item-unknown")
    for row in rows:
        demand(Permission.ENTER_EXPENDITURE, [row.owner.key])
        if is_masked(row.category, row.owner.key, sight.seen):
            raise NotAllowed("item-salary-hidden")
    return rows


def _bulk_form(code: str, rows: Sequence[RegisterRow]) -> BulkForm:
    owners: Mapping[int, Owner] = {row.owner.id: row.owner for row in rows}
    first = next(iter(owners))
    contracts = list_contract_choices(first) if len(owners) == 1 else []
    return bulk_form(rows, list_work_packages(code), list_event_choices(code, first), contracts)


def _store(code: str, form: BulkForm, rows: Sequence[RegisterRow]) -> int:
    shown = form.shown_versions()
    # Only what the person may change, whatever else the form names.
    return change_items(code, {row.id: shown.get(row.id, 0) for row in rows}, form.changes(), now=clock.now())


def _back(code: str) -> str:
    """The address of the list as it was filtered."""
    asked = [(name, value) for name, value in parse_qsl(request.values.get("back", "")) if name in (*KEPT, "page")]
    return _list_address(code, asked)


def _list_address(code: str, asked: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(asked))
    return url_for(".index", code=code) + (f"?{query}" if query else "")
