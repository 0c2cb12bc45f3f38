"""The sentences of what the store of files refuses."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "upload-name": _l(
        "The name of “%(name)s” holds a folder above, a line break or hidden characters. Give the file a plain name and"
        " choose it again."
    ),
    "upload-empty": _l("“%(name)s” is empty. Check the file and choose it again."),
    "upload-too-large": _l("“%(name)s” is larger than %(limit)s MB. Make it smaller, or split it into several files."),
    "upload-type": _l("“%(name)s” is of a type that is not accepted. Accepted are: %(allowed)s."),
    "upload-ending": _l(
        "“%(name)s” does not hold what its name says: its content is %(found)s. Name it %(endings)s, or choose the "
        "right file."
    ),
    "upload-not-what-it-says": _l(
        "“%(name)s” does not hold what its name says, and its content is of a type that is not accepted. Accepted "
        "are: %(allowed)s."
    ),
    "upload-macros": _l("“%(name)s” holds macros. Save it without them and choose it again."),
    "upload-broken": _l("“%(name)s” cannot be read: it is damaged or cut short. Open it, save it anew and try again."),
    "upload-unpacks-too-large": _l(
        "“%(name)s” is larger than %(limit)s MB once unpacked. Make it smaller, or split it into several files."
    ),
    "upload-pixels": _l("“%(name)s” has more than %(limit)s million pixels. Save it in a smaller size."),
    "file-gone": _l("The file is no longer in the store. Choose it again and send the form once more."),
    "file-damaged": _l("This file is missing from the store, or damaged. Tell the administrator, who has a backup."),
}
