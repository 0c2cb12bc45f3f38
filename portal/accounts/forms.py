"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField

from portal.core.forms import Form, required


class LoginForm(Form):
    """E-mail and password."""

    email = EmailField(_l("E-mail"), [required()], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), [required()], render_kw={"autocomplete": "current-password"})
