"""The words of the rows and columns of what is told of surveys."""

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.core.web.formats import show_number
from portal.core.web.language import text_in
from portal.projects.rules.targets import SURVEY
from portal.reports.queries.outcomes import OutcomeTable
from portal.reports.rules.public_answers import ALL
from portal.surveys.labels import MISSING_ANSWERS
from portal.surveys.measures import tell_asked
from portal.surveys.naming import Names
from portal.surveys.queries.measuring import SurveyFigure
from portal.surveys.rules.counting import NONE, NOT_ASKED
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
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


def sample_words(figure: SurveyFigure) -> str:
    """Of how many people a survey's figure is, and its interval; '' where that is not told."""
    if figure.n is None:
        return ""
    if figure.ci is None:
        return str(_("n = %(n)s", n=show_number(figure.n)))
    low, high = map(show_number, figure.ci)
    return str(_("n = %(n)s, 95 %% interval %(low)s to %(high)s", n=show_number(figure.n), low=low, high=high))


def survey_notes(table: OutcomeTable, *, public: bool = False) -> Iterator[str]:
    """How rows of surveys are to be read, and what each of them asks for; nothing where the table has none.

    A `public` reader is told of those rows that have a figure.
    """
    rows = [row for row in table.rows if row.measure.kind == SURVEY]
    if not rows:
        return
    yield _(
        "Result of a survey: such a row is not counted from events. It is a mean or a share of those who answered in "
        "one wave (n), with an interval of 95 %%. A dash means that nothing is told yet; of fewer than %(least)s "
        "people nothing is.",
        least=MIN_RESPONDENTS,
    )
    if any(row.percent is not None for row in rows):
        yield percent_note()
    for row in rows:
        if row.survey or not public:
            first = row.survey.first if row.survey else ""
            asked = tell_asked(table.surveys, row.measure, first=first, public=public)
            sample = sample_words(row.survey) if row.survey else ""
            yield f"{': '.join(filter(None, [text_in(row.indicator.name), asked, sample]))}."


def percent_note() -> str:
    """What the per cent of a survey's result is of."""
    said = _("The per cent of a survey's result is of the target value itself, not of the way from a baseline.")
    return str(said)
