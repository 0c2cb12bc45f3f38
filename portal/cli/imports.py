"""Commands about files that bring rows."""

import json
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import click

from portal.cli.context import acting_over, in_app, own_reach, with_actor, with_format
from portal.core import clock
from portal.core.errors import InvalidInput, InvalidInputs, NotAllowed
from portal.imports.kinds import ImportKind, Request
from portal.imports.options import ORGANISATION, names_of, read_options
from portal.imports.queries import get_kind
from portal.imports.services.checking import Checked
from portal.imports.services.storing import import_file
from portal.imports.shapes import result_shape
from portal.imports.workbooks import template_workbook
from portal.projects.queries import get_project, list_organisations

Reach = frozenset[str] | None


@click.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--project", "code", required=True, help="The code of the project.")
@click.option("--organisation", help="Whose rows the file holds, or whose alone are taken: the organisation's key.")
@click.option("--month", metavar="YYYY-MM", help="The month of a file that does not say it itself.")
@click.option("--study", metavar="KEY", help="The survey that a file of responses belongs to.")
@click.option("--wave", metavar="KEY", help="The wave of the survey.")
@click.option("--dry-run", is_flag=True, help="Say what would be stored, and store nothing.")
@with_format
@in_app
@with_actor
def import_command(
    kind: str, file: Path, code: str, organisation: str | None, dry_run: bool, shape: str, **said: str | None
) -> None:
    """Import FILE (XLSX, CSV or what else the KIND takes) into a project: all of its rows, or none if one has an error.

    With --as only what that person may import is taken. The same file again changes nothing.
    """
    wanted = get_kind(kind)
    get_project(code)
    said = {"organisation": organisation, **said}
    stated = {name: value for name, value in said.items() if value is not None}
    reach = own_reach(wanted.permission, code)
    if organisation is not None and ORGANISATION.name not in names_of(wanted):
        reach = _narrowed(code, reach, stated.pop(ORGANISATION.name))
    options = _options(wanted, code, reach, stated)
    owner = options.get(ORGANISATION.name, organisation)
    with acting_over(wanted.permission, code, [owner]) if owner else nullcontext():
        request = Request(code, reach, clock.now(), lambda rows: None, options=options)
        checked = import_file(wanted, request, file, only_try=dry_run)
    _print(kind, checked, shape, only_tried=dry_run)
    if checked.plan.errors:
        raise SystemExit(1)


@click.command()
@click.argument("kind")
@click.option("--project", "code", default="", help="Offer this project's own organisations and activities too.")
@click.option("--study", default="", metavar="KEY", help="Offer the columns of this survey of the project.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@in_app
def template(kind: str, code: str, study: str, output: Path | None) -> None:
    """Write an empty workbook for imports of a KIND: its columns, the values they take, and what they mean."""
    wanted = get_kind(kind)
    if code:
        get_project(code)
    content = template_workbook(wanted, code, _template_options(wanted, code, study))
    if output is not None:
        output.write_bytes(content)
    elif sys.stdout.isatty():
        raise click.UsageError("A workbook is not for the screen: name a file with -o.")
    else:
        sys.stdout.buffer.write(content)


def _template_options(kind: ImportKind, code: str, study: str) -> dict[str, str]:
    """What is said of the columns of a template; raise UsageError for a kind or a project that knows no such survey."""
    if not study:
        return {}
    offered = [
        value for each in kind.options if each.name == "study" and each.choices for value, _ in each.choices(code, None)
    ]
    if study not in offered:
        raise click.UsageError(f"There is no --study {study} for a template of the kind {kind.name}.")
    return {"study": study}


def _options(kind: ImportKind, code: str, reach: Reach, stated: Mapping[str, str]) -> dict[str, str]:
    """What was said beside the file; raise UsageError for an option that the kind lacks or that it needs."""
    for name in stated:
        if name not in names_of(kind):
            raise click.UsageError(f"Files of the kind {kind.name} take no --{name}.")
    try:
        return read_options(kind, code, reach, stated)
    except InvalidInput as error:
        missing = [f"--{each.where}" for each in error.problems if each.code == "import-option-missing"]
        if missing:
            raise click.UsageError(f"Files of the kind {kind.name} need {' and '.join(missing)}.") from error
        raise InvalidInputs([each._replace(where=f"--{each.where}") for each in error.problems]) from error


def _narrowed(code: str, reach: Reach, organisation: str) -> Reach:
    keys = [each.key for each in list_organisations(code)]
    if organisation not in keys:
        raise InvalidInput(
            "import-organisation-unknown", where="--organisation", organisation=organisation, allowed=keys
        )
    if reach is not None and organisation not in reach:
        raise NotAllowed("not-allowed")
    return frozenset({organisation})


def _print(kind: str, checked: Checked, shape: str, *, only_tried: bool) -> None:
    found = result_shape(kind, checked.plan, checked.guessed_encoding)
    if shape == "json":
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for severity, problems in (("error", found["errors"]), ("warning", found["warnings"])):
        for each in problems:
            place = ", ".join(filter(None, (f"row {each['row']}" if each["row"] else "", each["column"])))
            click.echo(f"{severity}: {place + ': ' if place else ''}{each['message']} [{each['code']}]", err=True)
    counts = f"{found['rows']} rows: {found['created']} new, {found['updated']} changed, {found['unchanged']} as stored"
    done = "Refused, nothing is stored." if found["errors"] else "Only tried, nothing is stored." if only_tried else ""
    click.echo(f"{kind}: {counts}, {len(found['errors'])} errors. {done}".rstrip())


COMMANDS = (import_command, template)
