"""Pages of budget lines, contributions and versions of the budget."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import holdings, requires
from portal.accounts.rules import Permission
from portal.budget.forms.lines import (
    contribution_values,
    contributions_form,
    line_values,
    lines_form,
)
from portal.budget.labels import CONTRIBUTION_SOURCES, COST_CATEGORIES, SPREADS
from portal.budget.queries import budget_versions
from portal.budget.queries.budgets import Budget, get_partner_budget, load_budget
from portal.budget.rules.lines import check_spread, fitting_spread, offered_places
from portal.budget.rules.parts import has_part_in_money
from portal.budget.rules.tables import grid_of, lay_out
from portal.budget.services import lines as services
from portal.budget.wording_budgets import organisation_names, tell_budget_reason, tell_flat_rate
from portal.core import clock
from portal.core.errors import NotFound
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open

bp = Blueprint("budget_lines", __name__, url_prefix="/projects/<code>/budget")
# The macros of the lines ask for it.
bp.add_app_template_global(tell_flat_rate)


@bp.route("/lines")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show each partner's lines with what they come to, laid out as `?by=` asks or as they are stated."""
    budget = _budget(code)
    every = [line for partner in budget.partners for line in partner.lines]
    spread = _spread(fitting_spread(every))
    return render_template(
        "budget/budget_lines_index.html",
        project=budget.project,
        budget=budget,
        tables=[(partner, lay_out(partner.lines, spread, partner.flat)) for partner in budget.partners],
        spread=spread,
        spreads=SPREADS,
        categories=COST_CATEGORIES,
        sources=CONTRIBUTION_SOURCES,
    )


@bp.route("/lines/<organisation_key>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def edit(code: str, organisation_key: str) -> ResponseReturnValue:
    """Show a partner's lines as a grid of boxes laid out as `?by=` asks, or store them."""
    budget = _editable(code)
    partner = get_partner_budget(budget, organisation_key)
    spread = _spread(fitting_spread(partner.lines))
    places = offered_places(spread, budget.axes, partner.flat)
    form = lines_form(partner, places, version=budget.version, today=clock.today(budget.project.time_zone))
    form.ask_why(budget.project.status)
    opened, now = form.edit(), clock.now()
    if form.accepted(lambda: services.change_lines(code, organisation_key, form.wanted(), edit=opened, now=now)):
        flash(_("The budget is saved."))
        return redirect(url_for(".index", code=code, _anchor=organisation_key))
    stored = load_budget(code)
    partner = get_partner_budget(stored, organisation_key)
    stale = form.stale(stored.version, line_values(partner, places))
    return render_template(
        "budget/budget_lines_edit.html",
        project=stored.project,
        partner=partner,
        form=form,
        grid=grid_of(places, spread, partner.lines, partner.flat),
        stale=stale,
        spread=spread,
        spreads=SPREADS,
        categories=COST_CATEGORIES,
    ), form.answer_status


@bp.route("/contributions/<organisation_key>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def contributions(code: str, organisation_key: str) -> ResponseReturnValue:
    """Show where a partner's contribution comes from, or store it."""
    budget = _editable(code)
    partner = get_partner_budget(budget, organisation_key)
    form = contributions_form(partner, version=budget.version, today=clock.today(budget.project.time_zone))
    form.ask_why(budget.project.status)
    opened, now = form.edit(), clock.now()
    if form.accepted(
        lambda: services.change_contributions(code, organisation_key, form.wanted(), edit=opened, now=now)
    ):
        flash(_("The contribution is saved."))
        return redirect(url_for(".index", code=code, _anchor=organisation_key))
    stored = load_budget(code)
    partner = get_partner_budget(stored, organisation_key)
    stale = form.stale(stored.version, contribution_values(partner))
    return render_template(
        "budget/budget_lines_contributions.html",
        project=stored.project,
        partner=partner,
        form=form,
        stale=stale,
        sources=CONTRIBUTION_SOURCES,
    ), form.answer_status


@bp.route("/versions")
@requires(Permission.READ_PROJECT)
def versions(code: str) -> ResponseReturnValue:
    """List the versions of the budget, the latest first."""
    return render_template(
        "budget/budget_lines_versions.html",
        project=_budget(code).project,
        versions=budget_versions.list_budget_versions(code),
        tell_reason=tell_budget_reason,
    )


@bp.route("/versions/<int:number>")
@requires(Permission.READ_PROJECT)
def version(code: str, number: int) -> ResponseReturnValue:
    """Show what a version of the budget changed against the one before."""
    project = _budget(code).project
    return render_template(
        "budget/budget_lines_version.html",
        project=project,
        page=budget_versions.get_budget_version(code, number),
        names=organisation_names(project),
        categories=COST_CATEGORIES,
        sources=CONTRIBUTION_SOURCES,
        tell_reason=tell_budget_reason,
    )


def _budget(code: str) -> Budget:
    """The budget; raise NotFound for those who take part without one."""
    budget = load_budget(code)
    if not has_part_in_money(holdings(), [each.organisation.key for each in budget.partners]):
        raise NotFound("not-open")
    return budget


def _editable(code: str) -> Budget:
    """The budget for a form; no form that a closed project refuses, unless it was open already."""
    if request.method != "POST":
        check_open(get_project(code).status)
    return load_budget(code)


def _spread(otherwise: str) -> str:
    """How lines are laid out: as the address asks, which is checked, or else as they are stated."""
    asked = request.args.get("by", "")
    if asked:
        check_spread(asked)
    return asked or otherwise
