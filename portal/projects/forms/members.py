"""The forms of who is a member of a project."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField

from portal.accounts.labels import ROLE_HINTS, ROLES
from portal.accounts.services.accounts import PersonDraft
from portal.accounts.services.memberships import RoleDraft
from portal.core.errors import PortalError
from portal.core.forms import ChoiceField, Choices, Form, TextField, at_most, offer, required
from portal.core.sentences import sentence
from portal.core.web.language import LANGUAGES, text_in
from portal.projects.models import Organisation


def role_choices() -> Choices:
    """Every role with what it is for."""
    return [("", _("Choose a role")), *((role, f"{label}: {ROLE_HINTS[role]}") for role, label in ROLES.items())]


def organisation_choices(organisations: Iterable[Organisation]) -> Choices:
    """The whole project, and each of its organisations."""
    named = [(each.key, f"{text_in(each.name)} ({each.country})") for each in organisations]
    return [("", _("The whole project")), *named]


class RoleForm(Form):
    """A role for someone who is a member already."""

    role = ChoiceField(_l("Role"), [required()])
    organisation = ChoiceField(_l("Organisation"), default="")

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Fill the lists of choices from the project."""
        offer(self.role, role_choices())
        offer(self.organisation, organisation_choices(organisations))

    def draft(self, project_code: str) -> RoleDraft:
        """What the form says of the role."""
        return RoleDraft(project_code, self.role.data or "", self.organisation.data or "")


class InviteForm(RoleForm):
    """Someone who is to be a member, with the first role."""

    email = EmailField(_l("E-mail"), [required(), at_most(254)], render_kw={"autocomplete": "off"})
    name = TextField(_l("Name"), [required(), at_most(200)], render_kw={"autocomplete": "off"})
    language = ChoiceField(_l("Language of the mail"), [required()], choices=LANGUAGES.items())

    def person(self) -> PersonDraft:
        """What the form says of the person."""
        return PersonDraft(self.email.data or "", self.name.data or "", self.language.data)


class AnyRoleForm(Form):
    """A role in whichever project: place and role are one choice each."""

    place = ChoiceField(_l("Project and organisation"), [required()])
    role = ChoiceField(_l("Role"), [required()])

    def show_problems(self, error: PortalError) -> None:
        """Put what is wrong with the organisation at the place, which names it."""
        for problem in error.problems:
            field = self.place if problem.where == "organisation" else self.role
            field.errors = [*field.errors, sentence(problem)]

    def offer(self, projects: Mapping[str, Iterable[Organisation]]) -> None:
        """Fill the lists of choices; `projects` is code -> its organisations."""
        offer(self.role, role_choices())
        places = [
            (f"{code}/{key}", f"{code}: {name}")
            for code, organisations in projects.items()
            for key, name in organisation_choices(organisations)
        ]
        offer(self.place, [("", _("Choose where")), *places])

    def draft(self) -> RoleDraft:
        """What the form says of the role."""
        code, _, organisation = (self.place.data or "").partition("/")
        return RoleDraft(code, self.role.data or "", organisation)


class PressForm(Form):
    """One press of a button that does what its page says."""
