"""Forms of projects."""

from portal.projects.forms.members import AnyRoleForm, InviteForm, PressForm, RoleForm
from portal.projects.forms.organisations import ContactForm, DetailsForm, contact_values, details_values

__all__ = [
    "AnyRoleForm",
    "ContactForm",
    "DetailsForm",
    "InviteForm",
    "PressForm",
    "RoleForm",
    "contact_values",
    "details_values",
]
