"""What is said when a file cannot be imported."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "import-unknown": _l("There is no such import."),
    "import-kind-unknown": _l("There are no imports of the kind “%(kind)s”. Kinds are: %(allowed)s."),
    "import-kind-later": _l("Files of the kind “%(kind)s” cannot be imported yet. Kinds are: %(allowed)s."),
    "import-encoding-guessed": _l(
        "The file does not say in which encoding it is written. It was read as %(encoding)s: check letters such as ė, "
        "š, ł and ż."
    ),
    "import-no-rows": _l("The file has no rows below its header. Fill in at least one."),
    "import-not-ready": _l(
        "This import does not wait to be stored: it is stored, refused or discarded already, or still being checked. "
        "Open it to see its present state."
    ),
    "import-not-stored": _l("This import is not stored, or it has been undone already: there is nothing to undo."),
    "import-ended": _l("This import has ended already. Open it to see its present state."),
    "import-right-lost": _l(
        "Whoever asked for this may no longer import into the project. Ask its manager, then upload the file again."
    ),
    "import-organisation-unknown": _l("The project has no organisation “%(organisation)s”. Use one of: %(allowed)s."),
}
