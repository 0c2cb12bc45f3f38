"""Changing what is not agreed of an organisation: other spellings, address, contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.projects.models import Contact, Organisation, Project
from portal.projects.rules.organisations import (
    ContactDraft,
    OrganisationDetails,
    check_contact,
    check_details,
    plain_aliases,
)
from portal.projects.services.structure import lock_structure


def change_details(code: str, key: str, details: OrganisationDetails, *, version: int, now: datetime) -> None:
    """Store the other spellings and the address of the project's organisation.

    Raise InvalidInputs with everything that is wrong, Conflict if the project is closed or has changed since `version`,
    NotFound.
    """
    check_details(details)
    with transaction() as session:
        project = lock_structure(session, code, version)
        organisation = lock_organisation(session, code, key)
        before = details_facts(organisation)
        organisation.aliases = list(plain_aliases(details.aliases, organisation.name.values()))
        organisation.address = details.address
        after = details_facts(organisation)
        if after != before:
            project.version += 1
        subject = organisation_subject(organisation)
        record(session, "organisation_details_changed", subject, now=now, before=before, after=after)


def add_contact(code: str, key: str, draft: ContactDraft, *, version: int, now: datetime) -> int:
    """Store a contact of the project's organisation and return its id; raise as `change_details` does."""
    check_contact(draft)
    with transaction() as session:
        project = lock_structure(session, code, version)
        organisation = lock_organisation(session, code, key)
        contact = Contact(organisation_id=organisation.id, **draft._asdict())
        session.add(contact)
        session.flush()
        project.version += 1
        subject = organisation_subject(organisation)
        record(session, "contact_added", subject, now=now, after=contact_facts(contact))
        return contact.id


def change_contact(code: str, key: str, contact_id: int, draft: ContactDraft, *, version: int, now: datetime) -> None:
    """Store what the draft says of the contact; raise as `change_details` does."""
    check_contact(draft)
    with transaction() as session:
        project = lock_structure(session, code, version)
        organisation = lock_organisation(session, code, key)
        contact = _get_contact(session, organisation, contact_id)
        before = contact_facts(contact)
        for field, value in draft._asdict().items():
            setattr(contact, field, value)
        after = contact_facts(contact)
        if after != before:
            project.version += 1
        record(session, "contact_changed", organisation_subject(organisation), now=now, before=before, after=after)


def remove_contact(code: str, key: str, contact_id: int, *, now: datetime) -> None:
    """Take the contact away, also from a closed project: nobody is kept longer than needed. Raise NotFound."""
    with transaction() as session:
        project = session.scalar(select(Project).where(Project.code == code).with_for_update())
        organisation = lock_organisation(session, code, key)
        contact = _get_contact(session, organisation, contact_id)
        if project is not None:
            project.version += 1
        subject = organisation_subject(organisation)
        record(session, "contact_removed", subject, now=now, before=contact_facts(contact))
        session.delete(contact)


def lock_organisation(session: Session, code: str, key: str) -> Organisation:
    """The project's organisation with this key, held against other writers; raise NotFound."""
    mine = select(Organisation).where(Organisation.project_code == code, Organisation.key == key)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound("organisation-unknown", key=key)
    return found


def organisation_subject(organisation: Organisation) -> Subject:
    """The organisation as the audit knows it."""
    return Subject("organisation", organisation.id, organisation.key, organisation.project_code)


def details_facts(organisation: Organisation) -> dict[str, Any]:
    """What of an organisation's details is audited."""
    return {"aliases": list(organisation.aliases), "address": organisation.address}


def contact_facts(contact: Contact) -> dict[str, Any]:
    """What of a contact is audited: all but its number is personal, and kept as "changed" only."""
    return {
        "contact": contact.id,
        "person": contact.name,
        "duty": contact.duty,
        "email": contact.email,
        "phone": contact.phone,
    }


def _get_contact(session: Session, organisation: Organisation, contact_id: int) -> Contact:
    contact = session.scalar(
        select(Contact).where(Contact.id == contact_id, Contact.organisation_id == organisation.id)
    )
    if contact is None:
        raise NotFound("contact-unknown")
    return contact
