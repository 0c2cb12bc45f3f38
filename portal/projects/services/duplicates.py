"""What the project itself does when two of its organisations turn out to be one."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.services import record
from portal.core.errors import InvalidInputs
from portal.projects.models import Organisation, Project
from portal.projects.queries.organisations import list_new_contacts
from portal.projects.queries.structure import rows_of_project
from portal.projects.rules.duplicates import merge_problems, merge_rows
from portal.projects.services.organisations import contact_facts, organisation_subject
from portal.projects.services.rows import store_rows
from portal.projects.services.structure import Edit, keep_contractual


def absorb(
    session: Session, project: Project, *, gone: Organisation, kept: Organisation, edit: Edit, now: datetime
) -> None:
    """Let `kept` take over what `gone` has in the project, and remove `gone`, in the caller's transaction.

    Nothing of other features refers to `gone` any more. Raise InvalidInputs if what is agreed forbids it, or takes a
    reason that is not given.
    """
    before = rows_of_project(project)
    stays, goes = before["organisations"][kept.key], before["organisations"][gone.key]
    problems = merge_problems(stays, goes)
    if problems:
        raise InvalidInputs(problems)
    after = merge_rows(before, kept=kept.key, gone=gone.key)
    version = keep_contractual(session, project, before, after, edit, now)
    was, left = _facts(kept, stays), {**_facts(gone, goes), "contacts": [each.id for each in gone.contacts]}
    _take_over(session, gone, kept, now)
    subject, removed = organisation_subject(kept), organisation_subject(gone)
    store_rows(session, project, after)
    project.version += 1
    becomes = {**_facts(kept, after["organisations"][kept.key]), "merged": gone.key, **version}
    record(session, "organisations_merged", subject, now=now, before=was, after=becomes)
    record(session, "organisation_merged_away", removed, now=now, before=left, after={"merged_into": kept.key})


def _take_over(session: Session, gone: Organisation, kept: Organisation, now: datetime) -> None:
    """Move the contacts, those that both have once, and the address where the other has none."""
    kept.contacts += list_new_contacts(gone=gone, kept=kept)
    kept.address = kept.address or gone.address
    session.flush()
    for contact in gone.contacts:
        record(session, "contact_removed", organisation_subject(gone), now=now, before=contact_facts(contact))


def _facts(organisation: Organisation, row: Any) -> dict[str, Any]:
    """What of the record is audited: its columns in the project's rows, and its address."""
    columns = {name: value for name, value in row.items() if name not in ("position", "role")}
    return {"part": row["role"], **columns, "address": organisation.address}
