"""Commands that write the documents of a project."""

from datetime import datetime
from pathlib import Path

import click

from portal.cli.context import in_app
from portal.core import clock
from portal.core.web.language import LANGUAGES
from portal.projects.queries import get_project
from portal.reports.documents.outcomes import outcome_pdf
from portal.reports.queries.outcomes import outcome_table
from portal.reports.workbook import outcome_workbook


@click.group()
def report() -> None:
    """Write a document of a project to a file."""


@report.command("outcomes")
@click.argument("code")
@click.option("--format", "shape", type=click.Choice(["xlsx", "pdf"]), required=True, help="What the file is.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Count events dated this day or earlier; else today.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write to this file."
)
@in_app
def outcomes(code: str, shape: str, as_of: datetime | None, language: str, output: Path) -> None:
    """Write the outcome table of project CODE, with what stands behind it and notes on what was counted."""
    today = clock.today(get_project(code).time_zone)
    table = outcome_table(code, as_of.date() if as_of else today, today=today)
    pdf = shape == "pdf"
    content = outcome_pdf(table, language, now=clock.now()) if pdf else outcome_workbook(table, language)
    output.write_bytes(content)


COMMANDS = (report,)
