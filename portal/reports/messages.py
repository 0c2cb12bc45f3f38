"""The sentences of what tables and documents refuse."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "file-unreadable": _l("The file %(name)s cannot be opened. Check that it is there and that you may read it."),
    "file-too-large": _l("The file %(name)s is larger than a project file ever is. Check that it is the right one."),
    "file-not-toml": _l("The file %(name)s is not TOML in UTF-8: %(reason)s."),
    "as-of-future": _l("%(value)s is still to come. Choose %(today)s or an earlier day."),
    "filter-of-people": _l(
        "This row does not count people, so it has neither countries nor groups. Choose “All”, or another filter."
    ),
    "filter-of-survey": _l("This row is the result of a survey, which has a page of its own. Take this filter away."),
    "as-of-not-published": _l(
        "Figures are not published as of “%(value)s”. Choose the last day of a period that is over: %(allowed)s. Or"
        " leave as_of out, then the figures are those of today."
    ),
    "as-of-none-published": _l(
        "Figures are not published as of “%(value)s”, because no period is over yet. Leave as_of out, then the figures"
        " are those of today."
    ),
    "demo-in-production": _l("Example activity and demo accounts are refused in production."),
    "search-too-long": _l("What you look for is too long. Shorten it to at most %(limit)s characters."),
    "merge-same": _l("An organisation cannot be merged with itself. Choose another one."),
    "merge-stale": _l(
        "What would be merged has changed since this page was shown. Look at it again, then merge if it is still right."
    ),
    "indicator-unknown": _l("The project has no outcome row “%(key)s”."),
    "survey-without-link": _l(
        "This wave has no open link, so a poster would lead nowhere. Switch the open link on, or hand out personal "
        "codes."
    ),
    "paper-languages": _l("Choose at most %(most)s languages."),
}
