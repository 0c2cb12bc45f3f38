"""The words of what the project's reports ask for."""

from flask_babel import lazy_gettext as _l

# What an event or a figure needs next before its evidence is complete.
NEEDS = {
    "people": _l("Nobody is recorded"),
    "attendance": _l("The attendance is not proven"),
    "file": _l("A figure entered by hand has no file"),
    "other": _l("Only other evidence is missing"),
}
