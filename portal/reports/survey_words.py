"""The words of the rows and columns of what is told of surveys."""

from flask_babel import gettext as _

from portal.reports.rules.public_answers import ALL
from portal.surveys.labels import MISSING_ANSWERS
from portal.surveys.naming import Names
from portal.surveys.rules.counting import NONE, NOT_ASKED
from portal.surveys.rules.documents import Item


def row_words(names: Names, item: Item, row: str) -> str:
    """What a row counts: an answer, or why there is none."""
    if row in MISSING_ANSWERS:
        return str(MISSING_ANSWERS[row])
    if row == NOT_ASKED:
        return str(_("Not asked, because of an earlier answer"))
    return str(_("No answer")) if row == NONE else names.choice(item.key, row)


def column_words(names: Names, column: str) -> str:
    """Of whom a column tells."""
    if column == ALL:
        return str(_("Everyone"))
    groups = names.instrument.groups
    return names.level(groups[0].key, column) if groups else column
