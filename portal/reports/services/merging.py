"""Merging two records of one organisation: each feature moves what is its own, all of it or nothing."""

from datetime import datetime

from portal.accounts.services.memberships import move_memberships
from portal.activities.services.duplicates import lock_events_of, replace_organiser
from portal.budget.services.merging import move_money
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInputs
from portal.projects.queries import get_organisation
from portal.projects.services.duplicates import absorb
from portal.projects.services.organisations import lock_organisation
from portal.projects.services.structure import Edit, lock_structure
from portal.reports.queries.merging import preview_merge


def merge_organisations(code: str, *, kept: str, gone: str, seen: str, edit: Edit, now: datetime) -> None:
    """Merge the project's organisation with the key `gone` into the one with the key `kept`, and remove it.

    `seen` is the seal of the preview that was shown. Raise Conflict if anything of it has changed since or the project
    is closed, InvalidInputs if what is agreed forbids it or takes a reason, NotFound if one of them is gone.
    """
    with transaction() as session:
        # Who changes an event holds it before the project: in the same order nobody waits for anybody in a circle.
        lock_events_of(session, [get_organisation(code, key).id for key in (kept, gone)])
        project = lock_structure(session, code, edit.version)
        stays, goes = (lock_organisation(session, code, key) for key in (kept, gone))
        session.expire_all()
        merge = preview_merge(code, kept, gone)
        if merge.problems:
            raise InvalidInputs(merge.problems)
        if merge.seal != seen:
            raise Conflict("merge-stale")
        replace_organiser(session, gone=goes, kept=stays, now=now)
        move_memberships(session, code, gone=gone, kept=kept, now=now)
        move_money(session, project, gone=goes, kept=stays, edit=edit, now=now)
        absorb(session, project, gone=goes, kept=stays, edit=edit, now=now)
