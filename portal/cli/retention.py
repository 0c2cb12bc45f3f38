"""The command about how long names are kept."""

from typing import Any

import click

from portal.accounts.rules import Permission
from portal.activities.queries import retention as queries
from portal.activities.services.retention import anonymise_due
from portal.cli.context import acting_over, in_app, print_json, with_actor, with_format
from portal.core import clock
from portal.projects.queries import get_project


@click.command()
@click.argument("code")
@click.option("--dry-run", is_flag=True, help="Only say whose names are due, in numbers.")
@with_format
@in_app
@with_actor
def retention(code: str, dry_run: bool, shape: str) -> None:
    """Take out the names in the project CODE whose time is over by its rule; what is counted stays as it was."""
    project, now = get_project(code), clock.now()
    with acting_over(Permission.EDIT_PROJECT, code, []):
        due = queries.list_due(project, queries.kept_days(code), now)
        people, events = queries.count_people(due), len(due)
        if not dry_run:
            people, events = anonymise_due(code, now=now)
    if shape == "json":
        rows: list[dict[str, Any]] = [
            {"event": each.ref, "unattended": each.unattended, "attended": each.attended} for each in due
        ]
        print_json({"project": code, "dry_run": dry_run, "people": people, "events": rows})
        return
    for each in due:
        click.echo(f"{each.ref}: {each.unattended} did not attend, {each.attended} attended")
    done = "due" if dry_run else "made anonymous"
    click.echo(f"{code}: {_counted(people, 'person', 'people')} at {_counted(events, 'event', 'events')} {done}.")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


COMMANDS = (retention,)
