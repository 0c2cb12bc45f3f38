"""The jobs that check and store long files, with the rights that whoever asked has at that moment."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.accounts.queries import find_user, list_holdings
from portal.accounts.rules import Holding, acted_for, may, own_organisations
from portal.audit.services import Actor, acting_as
from portal.core import clock
from portal.imports.kinds import Cancelled, Request
from portal.imports.options import owners_of
from portal.imports.queries import ImportRow, find_import, get_kind
from portal.imports.rules import CHECK_JOB, STORE_JOB
from portal.imports.services.bringing import finish_check
from portal.imports.services.checking import Checked, check_again, right_lost
from portal.imports.services.storing import finish_store
from portal.jobs import registry
from portal.jobs.registry import JobContext

# Of what a job does, checking is nearly all; the rest is one statement after another.
MOST_PERCENT = 99

Finish = Callable[..., None]


def register() -> None:
    """Let the worker carry out the jobs of imports."""
    registry.register(CHECK_JOB, check)
    registry.register(STORE_JOB, store)


def check(context: JobContext, payload: dict[str, Any]) -> None:
    """Check the file of the import, if it still waits for that."""
    _carry_out(context, payload["import"], "checking", finish_check)


def store(context: JobContext, payload: dict[str, Any]) -> None:
    """Plan the import anew and store it, if it still waits for that."""
    _carry_out(context, payload["import"], "storing", finish_store)


def _carry_out(context: JobContext, import_id: int, state: str, finish: Finish) -> None:
    row = find_import(import_id)
    if row is None or row.state != state:
        return
    user = find_user(context.asked_by)
    actor = Actor(user.id, user.email) if user else Actor(0, "nobody")
    holdings = list_holdings(actor.id, row.project_code)
    owner = acted_for(get_kind(row.kind).permission, holdings, owners_of(row.options))
    with acting_as(actor._replace(acting_for=owner)):
        try:
            checked = _check(context, row, holdings, now=clock.now())
        except Cancelled:
            return
        finish(import_id, checked, claim=context.claim, now=clock.now())


def _check(context: JobContext, row: ImportRow, holdings: list[Holding], *, now: datetime) -> Checked:
    permission = get_kind(row.kind).permission
    if not may(permission, holdings, owners_of(row.options) or None):
        return right_lost()
    expect, progress = _progress(context)
    request = Request(
        row.project_code, own_organisations(permission, holdings), now, progress, expect, options=row.options
    )
    return check_again(row, request)


def _progress(context: JobContext) -> tuple[Callable[[int], None], Callable[[int], None]]:
    """What is told how many rows there are, and how many have been checked, which raises Cancelled to end the job."""
    total = 1

    def expect(rows: int) -> None:
        nonlocal total
        total = max(rows, 1)

    def tell(rows: int) -> None:
        context.progress(min(MOST_PERCENT, 100 * rows // total))
        if context.cancelled():
            raise Cancelled

    return expect, tell
