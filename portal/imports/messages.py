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
    "import-option-missing": _l("Say this: files of this kind cannot be read without it."),
    "import-option-choice": _l("“%(value)s” is not offered here. Choose one of: %(allowed)s."),
    "import-option-unknown": _l("Files of this kind take no “%(option)s”. Leave it out."),
    "import-month-unreadable": _l("“%(value)s” is not a month. Write it like 2026-07."),
    # Rows of files, whatever their kind.
    "import-many-errors": _l(
        "The file has more than %(most)s errors, so its rows were not read to the end. Mend what is named, then upload "
        "it again."
    ),
    "import-cell-empty": _l("This cell is empty. Fill it in."),
    "import-row-twice": _l("Row %(first)s is about the same. Keep one of the two rows."),
    "import-stale": _l("What the file was compared with has changed meanwhile. Upload the file again."),
    "import-rows-changed": _l(
        "%(changed)s of the %(written)s rows of this import have been changed or removed by hand since, so it cannot "
        "be undone. Correct the rows themselves, or upload a corrected file."
    ),
    "import-rows-taken-over": _l(
        "%(changed)s of the %(written)s rows of this import have been changed since by later imports. Undo those "
        "first, in this order: %(imports)s."
    ),
}
