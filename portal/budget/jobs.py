"""Fetching a month's exchange rates: by a job for whoever asked on a page, or at once for the command."""

from typing import Any

from flask import current_app

from portal.accounts.queries import find_user, list_holdings
from portal.accounts.rules import Permission, may
from portal.audit.services import Actor, acting_as
from portal.budget.fetching import RatesAddress, fetch
from portal.budget.imports.rates import list_of, plan_rates
from portal.budget.queries.rates import FETCH_JOB
from portal.budget.services.rates import store_fetched
from portal.core import clock
from portal.core.errors import InvalidInput, InvalidInputs, NotAllowed
from portal.core.tables.problems import TableRefused
from portal.core.tables.reading import ReadTable
from portal.imports.kinds import Plan, Request
from portal.jobs import registry
from portal.jobs.registry import JobClaim, JobContext


def register() -> None:
    """Let the worker fetch rates."""
    registry.register(FETCH_JOB, carry_out)


def rates_address() -> RatesAddress | None:
    """Where the portal fetches rates; None where it is configured to fetch none."""
    found: RatesAddress | None = current_app.config["RATES_ADDRESS"]
    return found


def carry_out(context: JobContext, payload: dict[str, Any]) -> None:
    """Fetch and store the rates of the month, with the rights that whoever asked has at this moment."""
    user = find_user(context.asked_by)
    actor = Actor(user.id, user.email) if user else Actor(0, "nobody")
    with acting_as(actor):
        if not may(Permission.ENTER_EXPENDITURE, list_holdings(actor.id, payload["project"])):
            raise NotAllowed("not-allowed")
        fetch_rates(payload["project"], payload["month"], claim=context.claim)


def fetch_rates(code: str, month: str, *, claim: JobClaim | None = None) -> Plan:
    """Fetch the month's rates and store them in the project; return what that changed.

    Raise InvalidInput where nothing is configured, nothing comes or what comes are no rates of the month, Conflict if
    the project is closed or its rates have changed at this moment.
    """
    address = rates_address()
    if address is None:
        raise InvalidInput("rates-fetch-off")
    content = fetch(address, month)
    request = Request(code, None, clock.now(), lambda rows: None)
    try:
        plan = plan_rates(request, _of_month(list_of(content, month), month))
    except TableRefused as refusal:
        raise InvalidInputs([each.problem for each in refusal.problems]) from refusal
    if plan.errors:
        raise InvalidInputs([each.problem for each in plan.errors])
    if not plan.rows:
        raise InvalidInput("rates-fetch-none")
    store_fetched(plan.changes, now=request.now, claim=claim)
    return plan


def _of_month(table: ReadTable, month: str) -> ReadTable:
    """The list without other months: a history tells more than was asked for."""
    return table._replace(rows=iter([row for row in table.rows if row.cells[1] in (month, "")]))
