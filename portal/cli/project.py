"""Commands about a project: its file, its example activity, its tables."""

import json
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from portal.activities.services.events import remove_examples
from portal.cli.context import DAY, in_app, json_text, print_json, with_actor, with_format, write_out
from portal.core import clock
from portal.core.errors import NotAllowed
from portal.core.web.formats import show_number, show_percentage
from portal.core.web.language import LANGUAGES, text_in
from portal.demo import install
from portal.projects.queries import get_project
from portal.projects.rules.merging import Difference, Value
from portal.reports import shapes, workbook
from portal.reports.loading import load_file
from portal.reports.queries.outcomes import OutcomeTable, outcome_table


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_format
@in_app
@with_actor
def load(file: Path, shape: str) -> None:
    """Create or update a project from its TOML FILE; values changed in the portal since are kept and named."""
    loaded = load_file(file, now=clock.now())
    done = "created" if loaded.created else "updated" if loaded.changed else "unchanged"
    if shape == "json":
        differences = [difference._asdict() for difference in loaded.differences]
        print_json({"project": loaded.code, "result": done, "differences": differences})
        return
    click.echo(f"{loaded.code}: {done}.")
    for difference in loaded.differences:
        click.echo(f"  {_difference_line(difference)}")


@click.group()
def demo() -> None:
    """The example activity of LTPL00388."""


@demo.command("load")
@with_format
@in_app
def demo_load(shape: str) -> None:
    """Load LTPL00388 with example activity and demo accounts, once: an existing project is left as it is."""
    if current_app.config["PRODUCTION"]:
        raise NotAllowed("demo-in-production")
    done = install(now=clock.now())
    if shape == "json":
        print_json({"project": "LTPL00388", "result": "created" if done else "unchanged"})
    else:
        click.echo("LTPL00388 is loaded with its example activity." if done else "LTPL00388 is there already.")


@demo.command("remove")
@click.argument("code")
@with_format
@in_app
@with_actor
def demo_remove(code: str, shape: str) -> None:
    """Remove the example activity of project CODE and leave the project."""
    get_project(code)
    removed = remove_examples(code, now=clock.now())
    if shape == "json":
        print_json({"project": code, "removed": removed})
    else:
        click.echo(f"{code}: {removed} example events removed.")


@click.command()
@click.argument("code")
@click.option("--as-of", type=DAY, help="Count events dated this day or earlier; today without it.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option(
    "--format", "shape", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@in_app
def outcomes(code: str, as_of: datetime | None, language: str, shape: str, output: Path | None) -> None:
    """Print the outcome table of project CODE."""
    today = clock.today(get_project(code).time_zone)
    table = outcome_table(code, as_of.date() if as_of else today, today=today)
    if shape == "xlsx":
        write_out(workbook.outcome_workbook(table, language), output)
    elif shape == "csv":
        write_out(workbook.outcome_csv(table, language), output)
    elif shape == "json":
        write_out(json_text(shapes.outcomes_shape(table, language)), output)
    else:
        write_out(_outcome_lines(table, language), output)


def _difference_line(difference: Difference) -> str:
    place = ".".join(filter(None, (difference.table, difference.key, difference.column)))
    if not difference.column and difference.stated is None:
        return f"{place}: stands in the portal and not in the file; it is kept."
    if not difference.column:
        return f"{place}: stands in the file, but was removed in the portal; it stays removed."
    return f"{place}: the portal's {_plain(difference.kept)} is kept; the file says {_plain(difference.stated)}."


def _plain(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _outcome_lines(table: OutcomeTable, language: str) -> str:
    lines = [f"{table.project.code}, as of {table.as_of.isoformat()}"]
    if table.example_data:
        lines.append("Example data: invented events are among what was counted.")
    for row in table.rows:
        figures = f"{show_number(row.achieved)} of {show_number(row.expected)}"
        lines.append(f"{figures:>16} {show_percentage(row.percent):>10}  {text_in(row.indicator.name, language)}")
    return "\n".join(lines) + "\n"


COMMANDS = (load, demo, outcomes)
