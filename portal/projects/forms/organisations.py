"""The forms of what is not agreed of an organisation: other spellings, address, contacts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, TelField

from portal.accounts.rules.people import plain_email
from portal.core.forms import Form, ParagraphsField, TextField, VersionField, at_most, required
from portal.projects.models import Contact, Organisation
from portal.projects.rules.organisations import (
    LONGEST_ADDRESS,
    LONGEST_DUTY,
    LONGEST_PHONE,
    ContactDraft,
    OrganisationDetails,
    plain_aliases,
)


class DetailsForm(Form):
    """Other spellings of an organisation's name, one a line, and its address."""

    aliases = ParagraphsField(_l("Also written"), render_kw={"rows": 4})
    address = ParagraphsField(_l("Address"), [at_most(LONGEST_ADDRESS)], render_kw={"rows": 3, "autocomplete": "off"})
    version = VersionField()

    def details(self) -> OrganisationDetails:
        """What the form says of the organisation."""
        return OrganisationDetails(plain_aliases((self.aliases.data or "").split("\n"), ()), self.address.data or "")


class ContactForm(Form):
    """A person to ask at an organisation."""

    name = TextField(_l("Name"), [required(), at_most(200)], render_kw={"autocomplete": "off"})
    duty = TextField(_l("What they do there"), [at_most(LONGEST_DUTY)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail"), [at_most(254)], render_kw={"autocomplete": "off"})
    phone = TelField(_l("Phone"), [at_most(LONGEST_PHONE)], render_kw={"autocomplete": "off"})
    version = VersionField()

    def draft(self) -> ContactDraft:
        """What the form says of the contact."""
        email, phone = plain_email(self.email.data or ""), " ".join((self.phone.data or "").split())
        return ContactDraft(self.name.data or "", self.duty.data or "", email, phone)


def details_values(organisation: Organisation, version: int) -> dict[str, Any]:
    """What the form of an organisation's details shows at first; `version` is the project's."""
    return {"aliases": "\n".join(organisation.aliases), "address": organisation.address, "version": version}


def contact_values(contact: Contact, version: int) -> dict[str, Any]:
    """What a contact's form shows at first; `version` is the project's."""
    return {**{name: getattr(contact, name) for name in ContactDraft._fields}, "version": version}
