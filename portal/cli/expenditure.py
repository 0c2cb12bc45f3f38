"""The command that lists an organisation's expenditure with what is wrong with it."""

from collections.abc import Iterable, Iterator

import click

from portal.budget.queries.expenditure import JudgedItem, list_judged
from portal.budget.shapes import expenditure_shape
from portal.budget.wording import said
from portal.cli.context import in_app, print_json, with_format
from portal.core import clock
from portal.core.money import decimal_text, rate_text
from portal.projects.queries import get_project


@click.command()
@click.argument("code")
@click.option("--organisation", "key", metavar="KEY", required=True, help="Whose items: the organisation's key.")
@with_format
@in_app
def expenditure(code: str, key: str, shape: str) -> None:
    """List the expenditure of an organisation in project CODE, with what is wrong with each item and why."""
    items = list_judged(code, key, clock.today(get_project(code).time_zone))
    if shape == "json":
        print_json(expenditure_shape(key, items))
        return
    for line in _lines(code, key, items):
        click.echo(line)


def _lines(code: str, key: str, items: Iterable[JudgedItem]) -> Iterator[str]:
    yield f"{code}, {key}"
    for item in items:
        facts, rate = item.facts, item.rate
        declared = f"{decimal_text(facts.declared)} {facts.currency}"
        euro = "no rate" if facts.eur is None else f"{decimal_text(facts.eur)} EUR"
        preview = "" if rate.is_final or rate.rate is None else f" at {rate_text(rate.rate)} of {rate.month}, preview"
        yield f"{facts.reference:<20} {facts.category:<15}{declared:>20}{euro:>20}{preview}  {facts.state}"
        for finding in item.findings:
            words = said(finding, plain=True)
            yield f"    {words.severity}: {words.message} [{words.code}; {words.source}]"


COMMANDS = (expenditure,)
