"""Commands of exchange rates."""

import click

from portal.accounts.rules import Permission
from portal.budget.jobs import fetch_rates
from portal.budget.rules.rates import read_month
from portal.cli.context import in_app, own_reach, print_json, with_actor, with_format
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open


@click.group()
def rates() -> None:
    """Fetch exchange rates."""


@rates.command("fetch")
@click.argument("code")
@click.option("--month", required=True, metavar="YYYY-MM", help="The month of which the rates are fetched.")
@with_format
@in_app
@with_actor
def fetch(code: str, month: str, shape: str) -> None:
    """Fetch the Commission's rates of a month from the address in PORTAL_RATES_URL into project CODE.

    Items that are frozen keep the rates that they are frozen at. With --as the person must be one who enters
    expenditure in the project.
    """
    project = get_project(code)
    own_reach(Permission.ENTER_EXPENDITURE, code)
    check_open(project.status)
    wanted = read_month(month)
    plan = fetch_rates(code, wanted)
    counts = {"created": plan.created, "updated": plan.updated, "unchanged": plan.unchanged}
    if shape == "json":
        print_json({"project": code, "month": wanted, **counts})
        return
    click.echo(f"{wanted}: {plan.created} created, {plan.updated} updated, {plan.unchanged} unchanged.")


COMMANDS = (rates,)
