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
    "zip-broken": _l(
        "“%(name)s” cannot be unpacked: it is damaged, cut short or no ZIP. Pack the files anew and choose it again."
    ),
    "zip-empty": _l("“%(name)s” holds no file. Pack the files anew and choose it again."),
    "zip-too-large": _l(
        "“%(name)s” is larger than %(limit)s MB. Pack the files into several ZIPs and bring them in turn."
    ),
    "zip-unpacks-too-large": _l(
        "“%(name)s” is larger than %(limit)s MB once unpacked. Pack the files into several ZIPs and bring them in turn."
    ),
    "zip-too-many": _l(
        "“%(name)s” holds more than %(most)s files. Pack them into several ZIPs and bring them in turn."
    ),
    "zip-twice": _l("“%(name)s” holds “%(file)s” twice under the same name. Pack the files anew and choose it again."),
    "zip-locked": _l("“%(name)s” is locked with a password. Pack the files without one and choose it again."),
    "zip-hostile": _l(
        "“%(name)s” was not unpacked: “%(file)s” in it is a link, points outside the ZIP or has a misleading name. "
        "Pack only the files themselves and choose it again."
    ),
    "zip-nested": _l(
        "“%(name)s” holds another archive, “%(file)s”. Unpack that, pack all files into one ZIP and choose it again."
    ),
    "file-gone": _l("The file is no longer in the store. Choose it again and send the form once more."),
    "file-damaged": _l("This file is missing from the store, or damaged. Tell the administrator, who has a backup."),
}
