"""The sentences of what tables and documents refuse."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "file-unreadable": _l("The file %(name)s cannot be opened. Check that it is there and that you may read it."),
    "file-too-large": _l("The file %(name)s is larger than a project file ever is. Check that it is the right one."),
    "file-not-toml": _l("The file %(name)s is not TOML in UTF-8: %(reason)s."),
    "as-of-future": _l("%(value)s is still to come. Choose %(today)s or an earlier day."),
    "demo-in-production": _l("Example activity and demo accounts are refused in production."),
    "search-too-long": _l("What you look for is too long. Shorten it to at most %(limit)s characters."),
    "merge-same": _l("An organisation cannot be merged with itself. Choose another one."),
    "merge-stale": _l(
        "What would be merged has changed since this page was shown. Look at it again, then merge if it is still right."
    ),
    "indicator-unknown": _l("The project has no outcome row “%(key)s”."),
}
