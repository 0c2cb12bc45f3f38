"""Pages of exchange rates."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import reach, requires
from portal.accounts.rules import Permission
from portal.budget.forms.rates import FetchForm, RateChangeForm, RateRemoveForm, fetch_form, rate_form, rate_values
from portal.budget.jobs import rates_address
from portal.budget.labels import RATE_SOURCES
from portal.budget.queries import rates as queries
from portal.budget.services import rates as services
from portal.core import clock
from portal.core.choosing import unknown_value
from portal.core.errors import InvalidInput, Problem
from portal.core.sentences import sentence
from portal.core.web.paging import page_number, page_size
from portal.jobs.labels import JOB_ERRORS
from portal.projects.queries import get_project, list_organisations
from portal.projects.rules.closing import check_open

bp = Blueprint("rates", __name__, url_prefix="/projects/<code>/rates")

# A job keeps of its failure only the code.
FETCH_FAILURES = (
    Problem("rates-fetch-off"),
    Problem("rates-fetch-late"),
    Problem("rates-fetch-refused"),
    Problem("rates-fetch-elsewhere"),
    Problem("rates-fetch-unreachable"),
    Problem("rates-fetch-none"),
    Problem("project-closed"),
)


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List the project's exchange rates, of the currency that the address names."""
    return _page(code, fetch_form(_today(code)))


@bp.route("/fetch", methods=["POST"])
@requires(Permission.ENTER_EXPENDITURE)
def fetch(code: str) -> ResponseReturnValue:
    """Let a job fetch a month's rates; say on the list why not, where that cannot be asked for."""
    form = fetch_form(_today(code))
    if rates_address() is None:
        raise InvalidInput("rates-fetch-off")
    if form.accepted(lambda: services.ask_to_fetch(code, form.month.data, now=clock.now())):
        flash(_("The rates are being fetched. Look at this page again in a minute."))
        return redirect(url_for(".index", code=code))
    return _page(code, form)


@bp.route("/add", methods=["GET", "POST"])
@requires(Permission.ENTER_EXPENDITURE)
def add(code: str) -> ResponseReturnValue:
    """Show an empty form, or store the rate that it states."""
    _check_open(code)
    form = rate_form(sorted({each.currency for each in list_organisations(code)}))
    if form.accepted(lambda: services.add_rate(code, form.draft(), now=clock.now())):
        flash(_("The exchange rate is stored."))
        return redirect(url_for(".index", code=code))
    return render_template("budget/rates_add.html", project=get_project(code), form=form), form.answer_status


@bp.route("/<int:rate_id>/edit", methods=["GET", "POST"])
@requires(Permission.ENTER_EXPENDITURE)
def edit(code: str, rate_id: int) -> ResponseReturnValue:
    """Show the form of a rate, or store what it says; a stale form keeps what was typed."""
    form = RateChangeForm(data=rate_values(queries.get_rate(code, rate_id)))
    _check_open(code)
    version = form.version.data or 0
    if form.accepted(lambda: services.change_rate(code, rate_id, form.stated(), version=version, now=clock.now())):
        flash(_("The exchange rate is saved."))
        return redirect(url_for(".index", code=code))
    row = queries.get_rate(code, rate_id)
    stale = form.stale_over(rate_values(row), Problem("rate-stale"))
    page = render_template(
        "budget/rates_edit.html",
        project=get_project(code),
        row=row,
        frozen=queries.count_frozen_at(row, reach(Permission.SEE_EXPENDITURE)),
        form=form,
        stale=stale,
    )
    return page, form.answer_status


@bp.route("/<int:rate_id>/remove", methods=["GET", "POST"])
@requires(Permission.ENTER_EXPENDITURE)
def remove(code: str, rate_id: int) -> ResponseReturnValue:
    """Say what is removed, or remove it."""
    form = RateRemoveForm(data={"version": queries.get_rate(code, rate_id).version})
    _check_open(code)
    version = form.version.data or 0
    if form.accepted(lambda: services.remove_rate(code, rate_id, version=version, now=clock.now())):
        flash(_("The exchange rate is removed."))
        return redirect(url_for(".index", code=code))
    row = queries.get_rate(code, rate_id)
    form.version.reopen(row.version)
    page = render_template(
        "budget/rates_remove.html",
        project=get_project(code),
        row=row,
        is_latest=queries.is_latest(row, _today(code)),
        frozen=queries.count_frozen_at(row, reach(Permission.SEE_EXPENDITURE)),
        form=form,
    )
    return page, form.answer_status


def _today(code: str) -> date:
    return clock.today(get_project(code).time_zone)


def _check_open(code: str) -> None:
    """Show no form that a closed project refuses; one that was open already is answered with what was typed."""
    if request.method != "POST":
        check_open(get_project(code).status)


def _why_not_fetched(error: str) -> str:
    """Why the rates did not come, from the code that the job has kept."""
    if error in JOB_ERRORS:
        return str(JOB_ERRORS[error])
    found = next((each for each in FETCH_FAILURES if each.code == error), None)
    if found is not None:
        return sentence(found)
    return str(_("What came could not be used (%(code)s). Import a file instead.", code=error))


def _page(code: str, form: FetchForm) -> ResponseReturnValue:
    currencies, chosen, problems = queries.list_rate_currencies(code), request.args.get("currency", ""), {}
    if chosen and chosen not in currencies:
        problems, chosen = {"currency": sentence(unknown_value("currency", chosen, currencies))}, ""
    last, seen = queries.find_fetch(code), reach(Permission.SEE_EXPENDITURE)
    page = render_template(
        "budget/rates.html",
        project=get_project(code),
        page=queries.list_rates(code, chosen, seen=seen, today=_today(code), page=page_number(), size=page_size()),
        currencies=currencies,
        choices=[(each, each) for each in currencies],
        chosen=chosen,
        problems=problems,
        sources=RATE_SOURCES,
        fetches=rates_address() is not None,
        form=form,
        last=last,
        why_not=_why_not_fetched(last.error) if last and last.state == "failed" else "",
    )
    return page, InvalidInput.status if problems else form.answer_status
