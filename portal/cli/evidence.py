"""Commands about evidence."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

import click

from portal.activities.queries import get_event_by_ref, is_sensitive
from portal.activities.rules.evidence import EVIDENCE_KINDS, check_evidence
from portal.activities.services.evidence import add_evidence
from portal.cli.context import in_app, with_actor
from portal.core import clock
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from portal.projects.queries import get_project


@click.group()
def evidence() -> None:
    """The files that prove what happened."""


@evidence.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--project", "code", required=True, help="The code of the project.")
@click.option("--event", "ref", help="The reference of the event that the files belong to.")
@click.option("--item", help="An item of expenditure; not taken yet.")
@click.option("--organisation", help="The key of an organisation that organises the event.")
@click.option(
    "--kind", type=click.Choice(EVIDENCE_KINDS), default="other", show_default=True, help="What the files are."
)
@click.option(
    "--no-names", is_flag=True, help="Nobody's name is legible in the files; said by the kind tally_sheet itself."
)
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True)
@in_app
@with_actor
def add(
    files: tuple[Path, ...],
    code: str,
    ref: str | None,
    item: str | None,
    organisation: str | None,
    kind: str,
    no_names: bool,
    shape: str,
) -> None:
    """Attach FILES to an event of a project as evidence: all of them, or none where one is refused."""
    if item:
        raise click.UsageError("Evidence of expenditure cannot be added yet. Name an event with --event.")
    if not ref:
        raise click.UsageError("Name the event with --event.")
    event = get_event_by_ref(get_project(code).code, ref)
    if organisation and organisation not in event.organiser_keys:
        raise click.ClickException(f"{ref} is not organised by {organisation}.")
    event_id = event.id
    no_names = no_names or kind == "tally_sheet"
    # Said before anything is kept; asked again in the transaction.
    check_evidence(kind, sensitive=is_sensitive(event_id), no_names=no_names)
    with ExitStack() as opened:
        uploads = [Upload(path.name, cast(BinaryIO, opened.enter_context(path.open("rb")))) for path in files]
        kept = keep_uploads(uploads, now=clock.now(), share=kind == "photos")
    added = add_evidence(event_id, kind, kept, now=clock.now(), no_names=no_names)
    known = len(files) - added
    if shape == "json":
        click.echo(json.dumps({"event": ref, "kind": kind, "added": added, "unchanged": known}))
    else:
        click.echo(f"{ref}: {added} added as {kind}, {known} attached already.")


COMMANDS = (evidence,)
