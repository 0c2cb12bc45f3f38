"""Commands about files that bring rows."""

import json
import sys
from pathlib import Path

import click

from portal.accounts.queries import list_holdings
from portal.accounts.rules import Permission, acted_for, may, own_organisations
from portal.audit.services import COMMAND_LINE, acting_as, current_actor
from portal.cli.context import in_app, with_actor
from portal.core import clock
from portal.core.errors import InvalidInput, NotAllowed, NotFound
from portal.imports.kinds import Request
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
@click.option("--organisation", help="Take only rows of the organisation with this key.")
@click.option("--dry-run", is_flag=True, help="Say what would be stored, and store nothing.")
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True)
@in_app
@with_actor
def import_command(kind: str, file: Path, code: str, organisation: str | None, dry_run: bool, shape: str) -> None:
    """Import FILE (XLSX or CSV) of a KIND into a project: all of its rows, or none where one has an error.

    With --as only what that person may import is taken. The same file again changes nothing.
    """
    wanted = get_kind(kind)
    get_project(code)
    reach = _reach(wanted.permission, code)
    if organisation is not None:
        reach = _narrowed(code, reach, organisation)
    actor = current_actor()
    owner = _acted_for(wanted.permission, code, organisation)
    with acting_as(actor._replace(acting_for=owner)):
        request = Request(code, reach, clock.now(), lambda rows: None)
        checked = import_file(wanted, request, file, only_try=dry_run)
    _print(kind, checked, shape, only_tried=dry_run)
    if checked.plan.errors:
        raise SystemExit(1)


@click.command()
@click.argument("kind")
@click.option("--project", "code", default="", help="Offer this project's own organisations and activities too.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@in_app
def template(kind: str, code: str, output: Path | None) -> None:
    """Write an empty workbook for imports of a KIND: its columns, the values they take, and what they mean."""
    wanted = get_kind(kind)
    if code:
        get_project(code)
    content = template_workbook(wanted, code)
    if output is not None:
        output.write_bytes(content)
    elif sys.stdout.isatty():
        raise click.UsageError("A workbook is not for the screen: name a file with -o.")
    else:
        sys.stdout.buffer.write(content)


def _reach(permission: Permission, code: str) -> Reach:
    """The keys of the organisations that whoever acts may import for (None: all, as the command line may)."""
    actor = current_actor()
    if actor == COMMAND_LINE:
        return None
    holdings = list_holdings(actor.id, code)
    if not holdings:
        raise NotFound("not-a-member")
    if not may(permission, holdings):
        raise NotAllowed("not-allowed")
    return own_organisations(permission, holdings)


def _narrowed(code: str, reach: Reach, organisation: str) -> Reach:
    keys = [each.key for each in list_organisations(code)]
    if organisation not in keys:
        raise InvalidInput(
            "import-organisation-unknown", where="--organisation", organisation=organisation, allowed=keys
        )
    if reach is not None and organisation not in reach:
        raise NotAllowed("not-allowed")
    return frozenset({organisation})


def _acted_for(permission: Permission, code: str, organisation: str | None) -> str:
    """The organisation whose rows a person brings who may act for it; '' where they are that person's own."""
    actor = current_actor()
    if actor == COMMAND_LINE or organisation is None:
        return ""
    return acted_for(permission, list_holdings(actor.id, code), [organisation])


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
