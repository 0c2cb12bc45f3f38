"""The forms of signing in, of one's own account and of the administrator's pages."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField

from portal.core.forms import ChoiceField, Form, TextField, VersionField, at_most, required
from portal.core.web.language import LANGUAGES


class LoginForm(Form):
    """E-mail and password."""

    email = EmailField(_l("E-mail"), [required()], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), [required()], render_kw={"autocomplete": "current-password"})


class ForgottenForm(Form):
    """Where the link for a new password goes."""

    email = EmailField(_l("E-mail"), [required(), at_most(254)], render_kw={"autocomplete": "username"})


class ChoosePasswordForm(Form):
    """A new password, by a link that says whose."""

    password = PasswordField(_l("New password"), [required()], render_kw={"autocomplete": "new-password"})


class ChangePasswordForm(Form):
    """A new password, by someone who knows the present one."""

    current = PasswordField(_l("Present password"), [required()], render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("New password"), [required()], render_kw={"autocomplete": "new-password"})


class DetailsForm(Form):
    """What a person says of themselves."""

    name = TextField(_l("Name"), [required(), at_most(200)], render_kw={"autocomplete": "name"})
    language = ChoiceField(_l("Language"), [required()], choices=LANGUAGES.items())
    version = VersionField()


class PressForm(Form):
    """One press of a button that does what its page says, to the account as that page showed it."""

    version = VersionField()


class PersonForm(Form):
    """Someone who is to be invited to the portal."""

    email = EmailField(_l("E-mail"), [required(), at_most(254)], render_kw={"autocomplete": "off"})
    name = TextField(_l("Name"), [required(), at_most(200)], render_kw={"autocomplete": "off"})
    language = ChoiceField(_l("Language of the mail"), [required()], choices=LANGUAGES.items())
