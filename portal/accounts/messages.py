"""The sentences of what accounts refuse."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "role-unknown": _l("There is no role “%(value)s”. Use one of: %(allowed)s."),
    "role-needs-organisation": _l("The role “%(role)s” is held for one organisation: name its key."),
    "role-without-organisation": _l("The role “%(role)s” is held for the whole project: leave the organisation out."),
    "membership-unknown": _l("There is no project “%(project)s” with an organisation “%(organisation)s”."),
    "not-a-member": _l("This project is not open to you."),
    "not-open": _l("This is not open to you."),
    "not-allowed": _l("Your role in this project does not include this."),
}
