"""The `portal` command: parse, call a service or a query, print."""

import sys

import click

from portal.cli import (
    budget,
    evidence,
    expenditure,
    imports,
    people,
    project,
    rates,
    report,
    retention,
    running,
    survey,
)
from portal.config import UnsafeConfig


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Run the portal and do what its pages do, from the command line."""


COMMANDS = (
    *running.COMMANDS,
    *project.COMMANDS,
    *budget.COMMANDS,
    *report.COMMANDS,
    *imports.COMMANDS,
    *expenditure.COMMANDS,
    *evidence.COMMANDS,
    *people.COMMANDS,
    *rates.COMMANDS,
    *retention.COMMANDS,
    *survey.COMMANDS,
)

for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command; refused data exits with 1 and lists every problem, wrong usage with 2."""
    try:
        cli(prog_name="portal")
    except UnsafeConfig as error:
        click.echo(str(error), err=True)
        sys.exit(1)
