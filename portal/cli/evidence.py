"""Commands about evidence."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import click

from portal.accounts.rules import Permission
from portal.activities.queries import get_event_by_ref, is_sensitive
from portal.activities.rules.evidence import EVIDENCE_KINDS, check_evidence
from portal.activities.services.evidence import add_evidence
from portal.budget.queries.items import find_item
from portal.budget.rules.evidence import check_adding, first_kind
from portal.budget.rules.items import ITEM_EVIDENCE_KINDS
from portal.budget.services import evidence as items
from portal.cli.context import acting_over, in_app, print_json, with_actor, with_format
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.files.checking import Upload
from portal.core.files.services import KeptUpload, keep_uploads
from portal.projects.queries import get_organisation, get_project

KINDS = tuple(dict.fromkeys((*EVIDENCE_KINDS, *ITEM_EVIDENCE_KINDS)))


class Asked(NamedTuple):
    """What the options say: the files, the project, the event or the item, whose it is, what the files are."""

    files: Sequence[Path]
    code: str
    ref: str | None
    item: str | None
    organisation: str | None
    kind: str | None
    no_names: bool


@click.group()
def evidence() -> None:
    """The files that prove what happened and what was paid."""


@evidence.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--project", "code", required=True, help="The code of the project.")
@click.option("--event", "ref", help="The reference of the event that the files belong to.")
@click.option("--item", help="The internal reference of the item of expenditure that the files belong to.")
@click.option(
    "--organisation", help="The key of the item's organisation; of an event one that organises it may be named."
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="What the files are. Without it: other evidence of an event; the invoice of an item, of staff the timesheet.",
)
@click.option(
    "--no-names", is_flag=True, help="Nobody's name is legible in the files; said by the kind tally_sheet itself."
)
@with_format
@in_app
@with_actor
def add(
    files: tuple[Path, ...],
    code: str,
    ref: str | None,
    item: str | None,
    organisation: str | None,
    kind: str | None,
    no_names: bool,
    shape: str,
) -> None:
    """Attach FILES to an event or an item of expenditure as evidence: all of them, or none where one is refused.

    With --as the person must be one who may do so on a page.
    """
    if bool(ref) == bool(item):
        raise click.UsageError("Name the event with --event, or the item of expenditure with --item.")
    asked = Asked(files, code, ref, item, organisation, kind, no_names)
    said, attached_as, added = _add_to_item(asked) if item else _add_to_event(asked)
    known = len(files) - added
    if shape == "json":
        print_json({**said, "kind": attached_as, "added": added, "unchanged": known})
    else:
        click.echo(f"{ref or item}: {added} added as {attached_as}, {known} attached already.")


def _add_to_event(asked: Asked) -> tuple[dict[str, str], str, int]:
    """What the files were attached to, as what, and how many are new."""
    ref, kind = asked.ref or "", _checked_kind(asked.kind or "other", EVIDENCE_KINDS)
    event = get_event_by_ref(get_project(asked.code).code, ref)
    if asked.organisation and asked.organisation not in event.organiser_keys:
        raise click.ClickException(f"{ref} is not organised by {asked.organisation}.")
    event_id, no_names = event.id, asked.no_names or kind == "tally_sheet"
    with acting_over(Permission.EDIT_EVENTS, asked.code, event.organiser_keys):
        # Said before anything is kept; asked again in the transaction.
        check_evidence(kind, sensitive=is_sensitive(event_id), no_names=no_names)
        kept = _keep(asked.files, share=kind == "photos")
        return {"event": ref}, kind, add_evidence(event_id, kind, kept, now=clock.now(), no_names=no_names)


def _add_to_item(asked: Asked) -> tuple[dict[str, str], str, int]:
    """What the files were attached to, as what, and how many are new."""
    if not asked.organisation:
        raise click.UsageError("Name the organisation of the item with --organisation.")
    reference = asked.item or ""
    key = get_organisation(get_project(asked.code).code, asked.organisation).key
    with acting_over(Permission.ENTER_EXPENDITURE, asked.code, [key]):
        item = find_item(asked.code, key, reference)
        if item is None:
            raise NotFound("item-unknown", where="--item")
        kind, item_id = _checked_kind(asked.kind or first_kind(item.category), ITEM_EVIDENCE_KINDS), item.id
        check_adding(item.state)
        kept = _keep(asked.files)
        added = items.add_evidence(asked.code, item_id, kind, kept, now=clock.now())
    return {"item": reference, "organisation": key}, kind, added


def _checked_kind(kind: str, kinds: Iterable[str]) -> str:
    if kind not in kinds:
        raise click.UsageError(f"Files of this cannot be {kind}. Choose one of: {', '.join(kinds)}.")
    return kind


def _keep(files: Sequence[Path], *, share: bool = False) -> list[KeptUpload]:
    with ExitStack() as opened:
        uploads = [Upload(path.name, cast(BinaryIO, opened.enter_context(path.open("rb")))) for path in files]
        return keep_uploads(uploads, now=clock.now(), share=share)


COMMANDS = (evidence,)
