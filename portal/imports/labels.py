"""The words for what an import is."""

from typing import Any

from flask_babel import lazy_gettext as _l

STATES = {
    "checking": _l("Being checked"),
    "ready": _l("Ready to import"),
    "refused": _l("Refused"),
    "storing": _l("Being imported"),
    "stored": _l("Imported"),
    "discarded": _l("Discarded"),
    "undone": _l("Undone"),
}

ACTIONS = {
    "import_stored": _l("File imported"),
    "import_undone": _l("Import undone"),
}

# What the audit says of imports.
KINDS = {"import": _l("Import")}

FIELDS = {
    "file": _l("File"),
    "rows": _l("Rows"),
    "created": _l("New"),
    "updated": _l("Changed"),
    "organisation": _l("Organisation"),
    "month": _l("Month"),
}
VALUES: dict[str, dict[str, Any]] = {}
