"""Entering contracts, changing and deleting them, and their files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import Subject, current_actor, record
from portal.budget.models import Contract, ContractFile
from portal.budget.queries.contracts import contract_currencies, contract_draft, count_items, get_contract_file
from portal.budget.rules.contracts import ContractDraft, check_contract_draft
from portal.budget.services.holding import SHARED, hold_open_project
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound
from portal.core.files.rules import HASH_SHOWN
from portal.core.files.services import KeptUpload, add_rows, remove_rows
from portal.core.money import decimal_text
from portal.projects.models import Organisation, Project


def add_contract(code: str, organisation_key: str, draft: ContractDraft, *, now: datetime) -> int:
    """Store a contract of the project's organisation and return its id.

    Raise InvalidInputs with everything that is wrong, Conflict if the project is closed, NotFound.
    """
    with transaction() as session:
        project = hold_open_project(session, code, SHARED)
        organisation = _hold_organisation(session, code, organisation_key)
        _check(session, draft, organisation, project, now)
        row = Contract(organisation=organisation, created_at=now, updated_at=now, **draft._asdict())
        session.add(row)
        session.flush()
        record(session, "contract_added", _subject(row), now=now, after=contract_columns(row))
        return row.id


def change_contract(code: str, contract_id: int, draft: ContractDraft, *, version: int, now: datetime) -> None:
    """Store what is now stated of the contract.

    Raise as `add_contract` does, and Conflict if someone has changed the contract since `version`.
    """
    with transaction() as session:
        project = hold_open_project(session, code, SHARED)
        row = _hold_contract(session, code, contract_id, version)
        _check(session, draft, row.organisation, project, now, but=row.id)
        before = contract_columns(row)
        if contract_draft(row) == draft:
            return
        for name, value in draft._asdict().items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = now
        record(session, "contract_changed", _subject(row), now=now, before=before, after=contract_columns(row))


def remove_contract(code: str, contract_id: int, *, version: int, now: datetime) -> None:
    """Delete the contract and its files; while items name it, it stays.

    Raise Conflict if items name it, the project is closed or someone has changed it since `version`, NotFound.
    """
    with transaction() as session:
        hold_open_project(session, code, SHARED)
        row = _hold_contract(session, code, contract_id, version)
        number = count_items(row.id)
        if number:
            raise Conflict("contract-in-use", number=number)
        record(session, "contract_removed", _subject(row), now=now, before=contract_columns(row))
        hashes = [each.sha256 for each in row.files]
        session.delete(row)
        remove_rows(session, hashes)


def add_contract_files(code: str, contract_id: int, files: Sequence[KeptUpload], *, now: datetime) -> int:
    """Let the kept files belong to the contract; return how many did not before.

    Raise NotFound, Conflict if the project is closed or a file is no longer in the store.
    """
    with transaction() as session:
        hold_open_project(session, code, SHARED)
        row = _hold_contract(session, code, contract_id)
        add_rows(session, files, now=now)
        known = {each.sha256 for each in row.files}
        new = {each.original.sha256: each for each in files if each.original.sha256 not in known}
        for sha256, each in new.items():
            row.files.append(ContractFile(sha256=sha256, filename=each.name, added_by=current_actor().id, added_at=now))
            record(session, "contract_file_added", _subject(row), now=now, after={"file": sha256[:HASH_SHOWN]})
        return len(new)


def remove_contract_file(code: str, contract_id: int, file_id: int, *, now: datetime) -> None:
    """Take the file off the contract; unless something else uses it, the next sweep of the store deletes it.

    Raise NotFound, Conflict if the project is closed.
    """
    with transaction() as session:
        hold_open_project(session, code, SHARED)
        row = _hold_contract(session, code, contract_id)
        file = get_contract_file(row.id, file_id).row
        sha256 = file.sha256
        record(session, "contract_file_removed", _subject(row), now=now, before={"file": sha256[:HASH_SHOWN]})
        session.delete(file)
        remove_rows(session, [sha256])


def contract_columns(row: Contract) -> dict[str, Any]:
    """The contract's facts as the audit compares them; of the persons behind the supplier only that they changed."""
    return {
        "organisation": row.organisation.key,
        "reference": row.reference,
        "name": row.name,
        "signed_on": row.signed_on,
        "amount": decimal_text(row.amount_cents),
        "currency": row.currency,
        "supplier": row.supplier or None,
        "vat_number": row.vat_number or None,
        "beneficial_owners": row.beneficial_owners or None,
        "note": row.note or None,
    }


def _subject(row: Contract) -> Subject:
    label = f"{row.organisation.key} {row.reference}"
    return Subject("contract", row.id, label, row.organisation.project_code)


def _hold_organisation(session: Session, code: str, key: str) -> Organisation:
    """The organisation, under whose lock the references of its contracts are told apart."""
    mine = select(Organisation).where(Organisation.project_code == code, Organisation.key == key)
    organisation = session.scalar(mine.with_for_update(key_share=True))
    if organisation is None:
        raise NotFound("organisation-unknown", key=key)
    return organisation


def _hold_contract(session: Session, code: str, contract_id: int, version: int | None = None) -> Contract:
    """The contract and its organisation, held; raise NotFound, Conflict if `version` is given and no longer its own."""
    theirs = select(Organisation.key).join(Contract).where(Contract.id == contract_id)
    key = session.scalar(theirs.where(Organisation.project_code == code))
    if key is None:
        raise NotFound("contract-unknown")
    _hold_organisation(session, code, key)
    row = session.scalar(select(Contract).where(Contract.id == contract_id).with_for_update())
    if row is None:
        raise NotFound("contract-unknown")
    if version is not None and row.version != version:
        raise Conflict("contract-stale")
    return row


def _check(
    session: Session, draft: ContractDraft, organisation: Organisation, project: Project, now: datetime, but: int = 0
) -> None:
    """Raise InvalidInputs; `but` is the contract's own id. Called under the organisation's lock."""
    same = select(Contract.id).where(
        Contract.organisation_id == organisation.id, Contract.reference == draft.reference, Contract.id != but
    )
    check_contract_draft(
        draft,
        currencies=contract_currencies(organisation),
        today=now.astimezone(ZoneInfo(project.time_zone)).date(),
        is_taken=session.scalar(same) is not None,
    )
