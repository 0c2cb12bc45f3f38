"""The command of the budget and what was spent of it."""

from datetime import datetime
from pathlib import Path

import click

from portal.cli.context import DAY, in_app, json_text, write_out
from portal.core.money import Cents, decimal_text
from portal.core.web.language import LANGUAGES
from portal.reports import shapes
from portal.reports.budget_workbook import budget_csv, budget_workbook
from portal.reports.queries.budget import BudgetRow, BudgetTable, budget_table

COLUMNS = ("budget", "fund", "contribution", "declared", "reported", "certified", "paid", "remaining")


@click.command()
@click.argument("code")
@click.option("--as-of", type=DAY, help="Count items dated this day or earlier; all that were entered without it.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option(
    "--format", "shape", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@in_app
def budget(code: str, as_of: datetime | None, language: str, shape: str, output: Path | None) -> None:
    """Print the partner budget table of project CODE, with what was declared, reported, certified and paid."""
    table = budget_table(code, as_of.date() if as_of else None, places=shape == "xlsx")
    if shape == "xlsx":
        write_out(budget_workbook(table, language, seen=None), output)
    elif shape == "csv":
        write_out(budget_csv(table, language), output)
    elif shape == "json":
        write_out(json_text(shapes.budget_shape(table)), output)
    else:
        write_out(_lines(table), output)


def _lines(table: BudgetTable) -> str:
    lines = [
        f"{table.project.code}, {table.project.currency}, as of {table.as_of.isoformat()}",
        f"{'':<10}" + "".join(f"{name:>16}" for name in COLUMNS),
        *(_line(row.organisation.key, row) for row in table.rows),
        _line("total", table),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, of: BudgetRow | BudgetTable) -> str:
    amounts: tuple[Cents | None, ...] = (of.budget, *of.split, *of.figures.spent, of.paid, of.figures.remaining)
    return f"{name:<10}" + "".join(f"{'-' if each is None else decimal_text(each):>16}" for each in amounts)


COMMANDS = (budget,)
