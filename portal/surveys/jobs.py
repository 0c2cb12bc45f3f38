"""The job that analyses a study, with the rights that whoever asked has at that moment."""

from typing import Any

from portal.accounts.queries import find_user, list_holdings
from portal.accounts.rules import Permission, may
from portal.audit.services import Actor, acting_as
from portal.core import clock
from portal.core.errors import NotAllowed
from portal.jobs import registry
from portal.jobs.registry import JobContext
from portal.surveys.queries.analyses import ANALYSE_JOB
from portal.surveys.services.analysing import analyse


def register() -> None:
    """Let the worker analyse studies."""
    registry.register(ANALYSE_JOB, carry_out)


def carry_out(context: JobContext, payload: dict[str, Any]) -> None:
    """Analyse the study, unless what is kept is of its answers as they are."""
    user = find_user(context.asked_by)
    actor = Actor(user.id, user.email) if user else Actor(0, "nobody")
    with acting_as(actor):
        if not may(Permission.EDIT_STUDIES, list_holdings(actor.id, payload["project"])):
            raise NotAllowed("not-allowed")
        despite_few = payload.get("despite_few", False)
        analyse(payload["study"], now=clock.now(), despite_few=despite_few, claim=context.claim)
