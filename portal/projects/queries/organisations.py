"""Reading one organisation of a project. What belongs to another project is not found."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.searching import fold
from portal.projects.models import Activity, Contact, Organisation


def get_organisation(code: str, key: str) -> Organisation:
    """The project's organisation with this key; raise NotFound."""
    mine = select(Organisation).where(Organisation.project_code == code, Organisation.key == key)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound("organisation-unknown", key=key)
    return found


def get_contact(code: str, key: str, contact_id: int) -> Contact:
    """The contact of the project's organisation with this key; raise NotFound."""
    theirs = select(Contact).join(Organisation).where(Organisation.project_code == code, Organisation.key == key)
    found = db.session.scalar(theirs.where(Contact.id == contact_id))
    if found is None:
        raise NotFound("contact-unknown")
    return found


def find_organisation(code: str, text: str) -> Organisation | None:
    """The one organisation of the project whose key, name or other spelling is `text`; None if none is, or several.

    A key counts as it is written; for names capitals and diacritics make no difference.
    """
    mine = select(Organisation).where(Organisation.project_code == code)
    organisations = list(db.session.scalars(mine.order_by(Organisation.position, Organisation.id)))
    wanted = fold(" ".join(text.split()))
    called = [each for each in organisations if wanted in map(fold, (*each.name.values(), *each.aliases))]
    found = [each for each in organisations if each.key == text] or called
    return found[0] if len(found) == 1 else None


def list_new_contacts(*, gone: Organisation, kept: Organisation) -> list[Contact]:
    """The contacts of `gone` whom `kept` does not name with just the same words."""
    known = {_person(each) for each in kept.contacts}
    return [each for each in gone.contacts if _person(each) not in known]


def _person(contact: Contact) -> tuple[str, ...]:
    return contact.name, contact.duty, contact.email, contact.phone


def list_responsibilities(organisation: Organisation) -> list[Activity]:
    """The activities that the organisation answers for, in the plan's order."""
    mine = select(Activity).where(Activity.responsible_id == organisation.id)
    return list(db.session.scalars(mine.order_by(Activity.position, Activity.id)))
